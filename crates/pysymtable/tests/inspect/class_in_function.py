def outer():
    x = 1
    class C:
        x = 2
        def m(self): return x
        y: lambda: x
        [x for i in x]
        def genexpr(self): pass
        g = (i for i in x)
