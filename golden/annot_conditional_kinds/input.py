a: int
if a:
    b: str
elif a:
    c: str
    d: int = 1
while a:
    e: list
    break
with a as x:
    f: x
try:
    g: a
except A:
    h: b
finally:
    i: c
for y in a:
    (j): d
    k.l: e
match a:
    case 1:
        m: f
class C:
    n: a
    with a:
        o: n
    try:
        p: o
    except* A:
        q: p
    def g(self):
        if a:
            r: q
            s: int = 1
    if a:
        class D:
            t: n
            if a:
                u: t
