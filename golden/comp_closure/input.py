def f(xs):
    fs = [lambda: x for x in xs]
    return [g() for g in fs]
