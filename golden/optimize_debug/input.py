if __debug__:
    a
else:
    b
assert c, d
x = __debug__
