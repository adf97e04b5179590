x = a < b < c
x = a < b <= c == d
if a < b < c:
    d
while a is not b in c:
    d
assert 0 < x < 10
