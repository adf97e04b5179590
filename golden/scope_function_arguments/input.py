def f(a, b=1, /, c=2, *d, e, g=3, **h):
    return a, b, c, d, e, g, h
