def f(a, b, c):
    a, b = b, a
    a, b, c = b, c, a
    a[0], b.x = c, a
    x, x = a, b
    return a, b, c
