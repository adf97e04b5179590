x = a + \
    b
if a and \
   b:
    c
