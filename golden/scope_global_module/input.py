x = 1
def f():
    return x
def g():
    global x
    x = 2
    def h():
        return x
    return h
