x = a in [1, 2, 3]
x = a in {1, 2, 3}
x = a not in (1, 2, 3)
x = a in [b, c]
x = a in {b, 1}
