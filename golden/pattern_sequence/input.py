match x:
    case []:
        a
    case [y]:
        b
    case (y, z):
        c
    case [1, y, *_]:
        d
    case 1, *rest:
        e
    case *init, last:
        f
    case [_, *mid, _]:
        g
