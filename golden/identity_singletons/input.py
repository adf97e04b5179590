# Rule 1: ints from -5 to 256, one byte or latin-1 character and the empty ones exist once; their neighbours do not.
a = (256, 257, -5, -6, b'x', b'xy', 'é', 'Ā', 'a b', '', b'', ())
def f():
    return [256, -5, b'x', 'é', b'', ()] == (256, -5, b'x', 'é', b'', ())
