# Rule 5: equal constants of the whole module are one; type, sign of zeros and members count, NaN equals itself only.
def f():
    return 1.5, 1000, 'a b', b'ab', 2j, 0.0, True, 1 << 100
def g():
    return [1.5, 1000, 'a b', b'ab', 2j, -0.0, 1.0, 1 << 100]
def h(x):
    return 1000.0, -0j, 0j, 1e999 - 1e999, 1e999 - 1e999, x in {1.5, 'a b', 2.5}, x in {2.5, 1.5, 'a b'}
