a.b
a.b.c
a.b = c
del a.b
x = a.b.c.d
