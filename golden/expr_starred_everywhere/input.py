def f(*a, **b):
    yield *a, 1
    x = yield *a,
    *c, d = *a, *b
    [e, *g], (*h,) = a
    for i, *j in *a, b: pass
    k[*a] = k[1, *a] = k[*a, 1:2]
    del k[*a, *b]
    f(*a, 1, *b, x=1, **b, y=2, **{**b, "z": 3})
    f(*a)(**b)(*a, **b)(1, *a)(x=1, **b)
    [*a, *[1, 2, 3], *(), *{*a}], {**b, **{}}, {1: 2, **b, 3: 4}, (*a,), {*a, 1}
    class C(*a, m=1, **b): pass
    lambda *a, **b: (*a, *b)
    with a as (*l, m): pass
    print(*(x for x in a), *[*a], sep="")
    return *a, *b
