def f(xs):
    try:
        return [g(x) for x in xs]
    except E:
        return []
