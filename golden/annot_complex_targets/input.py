def f(a):
    a.b: int = 1
    a[c]: str = 2
    (d): float = 3
    e: bytes
    return a
