class C:
    def a(self):
        return __class__
    def b(self):
        return super().b()
