x = "identifier"
y = "not an identifier"
z = ("identifier", "a b")
w = a.identifier
v = "x" * 20
u = "é"
