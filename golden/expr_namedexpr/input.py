(a := 1)
if (b := f()) and b:
    c
[y := 1, y**2]
def f():
    while chunk := read():
        yield chunk
