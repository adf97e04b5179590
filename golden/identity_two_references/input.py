# Rule 22: the rest is flagged if two references lead to it.
def f():
    return 1000, 'a b', (1.5, 'once'), 2000
def g():
    return 1000.0, 'a b', 2.5, 2000
