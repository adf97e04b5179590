def f(a, b):
    c = a
    d = b
    a = b; b = a
    g(a, b, c, d)
    return a + b
