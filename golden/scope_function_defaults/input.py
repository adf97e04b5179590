def f(a=x, b=(1, 2), *, c=y, d=None):
    return a, b, c, d
def g(*, a, b=1):
    return a
