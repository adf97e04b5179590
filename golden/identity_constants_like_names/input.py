# Rule 12: constants of letters, digits and underscores are interned, in tuples and frozensets, not in slices.
a = 'letters_1', 'a b', 'naïve', '1a', ('inner', ('innermost', 'x y'))
b = a in {'member', ('of', 'member')}
c = a['start':'stop']
def f():
    return 'letters_1', 'a b', 'naïve', 'inner', 'member', 'start', 'stop', 'innermost'
