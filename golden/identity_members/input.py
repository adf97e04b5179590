# Rule 7: members of a tuple from the tree are merged, those of one that is folded later are not.
def f(x, y=(1.5, 'a b')):
    return 1.5, 'a b', (1.5, ('a b', 2.5)), x in (1000.5, 2.5), x in {1000.5, 2.5}, x[1.5:2.5]
def g(x):
    return x[1.5:2.5], (1.5 + 1, 'a b'), ('a b', 1.5 + 1), {'k': 1000.5, 'a b': 1.5}
