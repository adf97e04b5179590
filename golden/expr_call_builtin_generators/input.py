x = all(y for y in z)
x = any(y for y in z)
x = tuple(y for y in z)
x = list(y for y in z)
