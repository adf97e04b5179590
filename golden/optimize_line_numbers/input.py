def f(x):
    if x: return 1
    for y in x:
        if y: z = 1; continue
        elif x: pass
        w = (y
             if x else
             z)
    return w
