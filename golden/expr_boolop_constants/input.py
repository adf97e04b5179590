x = 1 and a
x = 0 and a
x = a and 1 and b
x = a or 0 or b
x = 1 or a
