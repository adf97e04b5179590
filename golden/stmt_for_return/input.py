def f(xs):
    for x in xs:
        if x:
            return x
        for y in x:
            return y
    else:
        return 0
