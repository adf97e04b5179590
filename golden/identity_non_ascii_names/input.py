# Rule 15: a tuple of keyword names holds the literal or the name, whichever came first.
f(é1='é1', größe=2)
'größe'.f(größe=1)
def g():
    return 'später'
def h():
    k(später=1, früher=2)
def i():
    return 'früher'
