if 1:
    a
if 0:
    b
else:
    c
if "":
    d
if not __debug__:
    e
