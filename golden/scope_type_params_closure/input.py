def f(x):
    def g[T: x](y: T):
        return x, y, T
    class C[T]:
        z = x
        def m(self) -> T:
            return T, x, __class__
    return g, C
