f = lambda: 0
f = lambda a: a
f = lambda a, /, b=1, *c, d, e=2, **f: (a, b, c, d, e, f)
f = lambda: (yield)
f = lambda x: lambda y: x + y
