x = (a for a in b)
f(a for a in b)
x = (a for b in c for a in b if a)
