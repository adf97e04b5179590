def f(xs, y):
    a = [x for x in xs]
    b = [x + y for x in xs if x]
    c = {x: y for x in xs}
    return a, b, c, (x for x in xs)
