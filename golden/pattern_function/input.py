def f(x):
    match x:
        case {"op": op, "args": [a, *rest]} if rest:
            return op, a
        case str() | bytes():
            return x
        case Point(x=0, y=yy):
            return yy
        case _:
            return None
