match x:
    case {}:
        a
    case {"k": v}:
        b
    case {"k": 1, A.B: w, **rest}:
        c
    case {-1: _, 1j: y}:
        d
