x = -a
x = +a
x = ~a
x = not a
x = not not a
