def f(a, b):
    c = a + b
    d = c
    e = d, c
    x = y = z = e
    a, b = b, a
    a, b, c = c, b, a
    return x, y, z
