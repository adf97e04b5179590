x = a < b
x = a <= b
x = a > b
x = a >= b
x = a == b
x = a != b
x = a is b
x = a is not b
x = a in b
x = a not in b
