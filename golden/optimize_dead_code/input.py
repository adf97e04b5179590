def f():
    return 1
    a
    while b:
        c
def g():
    while True:
        pass
    d
def h(x):
    raise x
    return 1
