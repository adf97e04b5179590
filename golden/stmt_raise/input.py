def f():
    raise
def g(x):
    raise x
def h(x, y):
    raise x from y
def i(x):
    raise x from None
