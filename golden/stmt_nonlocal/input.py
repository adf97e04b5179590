def f():
    a = b = 0
    def g():
        nonlocal a, b
        a += 1
        b = a
        return b
    return g
