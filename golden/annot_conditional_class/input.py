class C:
    if a:
        x: int
    y: str
    for z in w:
        v: z
