x = {a: b for a, b in c}
x = {k: v for k in a for v in b if k if v}
