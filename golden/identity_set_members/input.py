# Rule 20: members of a set are flagged, in whatever order; those of a tuple are not.
def f(x):
    return x in {1.5, 'a b', (2.5, 'c d')}, x in (3.5, 'e f')
def g(x):
    return x in {(3.25, 4.25)}
