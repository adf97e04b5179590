x = {a}
x = {a, b, c}
x = {1, 2, 3}
x = {*a, b}
x = {*a, *b}
