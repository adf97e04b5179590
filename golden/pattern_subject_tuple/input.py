match a, b:
    case 1, 2:
        c
    case *d,:
        e
match (yield_ := f()):
    case _:
        g
