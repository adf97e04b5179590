x = 1, 1.0, True, 1 + 0j
y = 0.0, -0.0, 0j
z = {"a", "b"}
w = a in {1, 1.0, True}
v = a in {0.0, -0.0}
