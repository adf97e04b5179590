class C:
    x = 1
    y = x
    def m(self):
        return x
    @property
    def p(self):
        return self.x
    z = m
    class D:
        x = 2
