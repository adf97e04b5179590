# The value of a return out of a block has no place in the source; it is a literal all the same.
def f():
    with x:
        return '%'


def g(a):
    try:
        return '%'
    finally:
        '%s%%%s' % (a, a)
