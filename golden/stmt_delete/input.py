del a
del a.b, a[b], a[1:2]
del (c, d), [e]
