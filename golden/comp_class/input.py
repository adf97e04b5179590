class C:
    xs = [1, 2]
    ys = [x for x in xs]
    zs = [x for _ in xs for x in ys]
    gs = (x for x in xs)
