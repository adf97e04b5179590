if a:
    x: int
else:
    y: str = 1
for i in b:
    z: i
