def f(a):
    if a:
        x = 1
    print(x)
    del x
    return x
