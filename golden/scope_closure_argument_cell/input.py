def f(a, *args, k=1, **kwargs):
    def g():
        return a, args, k, kwargs
    a = 2
    return g
