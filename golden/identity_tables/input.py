# Rule 8: tables and the tuples of names, locals and constants are one with equal ones, and with constants.
def f(a, b): return a.c, b.d
def g(a, b): return a.c, b.d
h = ('a', 'b')
i = ('c', 'd')
def j(): return b'', b'\x80\x00'
def k(): pass
def l(): pass
