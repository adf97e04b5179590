x = [a for a in [1, 2, 3]]
x = [a for a in (b, c)]
x = [a for b in [c] for a in [d]]
