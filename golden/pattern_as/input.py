match x:
    case 1 as y:
        a
    case [1, 2 as z] as w:
        b
    case (A() | B()) as v:
        c
