def f(a, b):
    c = a
    a.x = b
    b = a
    del a
    return [c, b, f(b)]
