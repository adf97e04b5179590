x = a if b else c
x = a if b else c if d else e
x = (a if 1 else b)
x = (a if b and c else d)
