# Rule 13: where a member was interned before, each code object gets a frozenset of its own.
def f(x):
    return x in {'first', 'x y'}
def g(x):
    return x in {'x y', 'first'}
def h(x):
    return x in {'identifier', 'x y'}
def i(x, identifier):
    return x in {'x y', 'identifier'}
def j(x):
    return x in {'append', 'x y'}
def k(x):
    return x in {'x y', 'append'}
