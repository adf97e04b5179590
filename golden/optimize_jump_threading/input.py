def f(a, b, c):
    while a:
        if b:
            if c:
                continue
        else:
            break
    return (a and b) and c or (b or c) and a
