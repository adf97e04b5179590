x = [*a, *b]
f(*a, *b)
x = *a, *b
x[*a, b]
for x in *a, b:
    pass
