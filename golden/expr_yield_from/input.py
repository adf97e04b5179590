def f(x):
    yield from x
    y = yield from g(x)
    return y
