x = a is None
if a is None:
    b
if a is not None:
    c
if not (a is None):
    d
