((a).b): int
(a()).b: int
((a().b).c): int
(a,b).c: int
(a): int
((a)): int
(a+b).c: int
(a).b += 1
(*a,).c: int
