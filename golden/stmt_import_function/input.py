def f():
    import os, os.path as p
    from sys import argv, path as q
    return os, p, argv, q
