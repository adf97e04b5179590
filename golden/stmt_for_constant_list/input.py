for x in [1, 2, 3]:
    a
for y in {1, 2, 3}:
    b
for z in (1, 2, 3):
    c
