def f(x):
    return lambda y: lambda z: (x, y, z)
