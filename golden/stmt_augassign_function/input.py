def f(x):
    global g
    x += 1
    g += x
    x.y -= g
    x[0] *= 2
    return x
