a: int
b: int = 1
c.d: int = 2
e[f]: int = 3
(g): int = 4
