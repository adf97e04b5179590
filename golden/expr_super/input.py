class C(B):
    def m(self):
        super().m()
        super().attr
        super(C, self).m(1)
        super().m(x=1)
        return super()
    @classmethod
    def n(cls):
        return super().n(*cls.args)
