def f():
    global a, b
    a = 1
    return b
