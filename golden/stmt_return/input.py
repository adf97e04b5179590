def f(x):
    if x:
        return
    if not x:
        return None
    return x, 1
