def f(x):
    class C:
        y = x
        x = 1
        z = x
        def m(self):
            return x
    return C
