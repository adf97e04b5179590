def f(x):
    try:
        a(x)
    except A:
        b(x)
        return c(x)
    with d(x) as e:
        g(e)
    return h(x)
