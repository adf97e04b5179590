def f(a):
    b = 1
    def g(c):
        def h():
            return a, b, c
        return h
    return g
