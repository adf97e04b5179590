# Rule 19: equal bytecode is written anew for each code object, and flagged.
def f(a): return a
def g(b): return b
def h(c): return c
