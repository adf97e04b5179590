def f(x):
    yield
    yield x
    y = yield x, 1
    return y
