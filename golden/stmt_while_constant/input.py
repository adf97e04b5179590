while True:
    if a:
        break
while 0:
    b
while 1:
    c
