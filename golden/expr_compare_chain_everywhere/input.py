def f(a, b, c, d):
    if a < b < c and not d == a is not b: return 1
    while a in b not in c or d: a = b > c >= d
    x = a < b < c if a == b == c else not a < b < c
    assert a < (y := b) < c, d
    return [a for a in b if c < a < d if not c != a != d], a < b < c < d, lambda: 1 < a < 2, 1 < 2 < 3, (a < b) < c, a < (b < c)
