def f(x):
    def g(y: x) -> x:
        z: x = y
        return z
    return g
