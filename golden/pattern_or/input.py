match x:
    case 1 | 2 | 3:
        a
    case [y, 1] | [1, y]:
        b
    case {"a": z} | {"b": z}:
        c
    case A(b=c, d=e) | B(d=e, b=c):
        d
