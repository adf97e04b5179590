def f(a):
    class C:
        b = 1
        c = [x + y for x in b for y in (x, a)]
        d = {lambda: (x, __class__) for x in b}
        e = lambda: [b for b in a if (z := b)]
        g = (lambda x: [x for x in x] + [(lambda: x) for y in x])(b)
        h = {k: [v for v in k if v is not a] for k in [b for _ in c]}
        i = (j for j in b if [j for j in (lambda: j)()])
        def m(self): return [super().m for _ in self], {x: y for x, y in (lambda: __class__)()}
    return [C for C in [lambda: C]], lambda: {a for a in a}, [[a := b for b in c] for c in a]
class D:
    x = [x for x in [y for y in z]]
    z = [z for x in z]
