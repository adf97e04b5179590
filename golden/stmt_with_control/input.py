def f(x):
    for y in x:
        with y as z:
            if z:
                break
            if y:
                continue
            return z
    with x:
        raise x
