if a and b or c and not d:
    x
if not (a or b) and (c or not (d and e)):
    y
