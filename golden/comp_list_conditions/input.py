x = [a for a in b if c if d]
x = [a for a in b for c in a if c]
x = [(a, b) for a, b in c]
