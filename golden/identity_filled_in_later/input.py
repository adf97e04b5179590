# Rule 2: kinds of one local (here b'&'), the % of an f-string, what a slice with a step picks, and no bytes at all
# are objects of their own, though there are others of the same contents.
def one_local(a):
    return b'&', '%', 'x', b'x', b''
def percent(a, b):
    return '%s%%%s' % (a, b)
def picked():
    return 'xyz'[::3], b'xyz'[::3], b'xyz' * 0
