match x:
    case A():
        a
    case A(1):
        b
    case A(y, z=w):
        c
    case a.B(C(), d=[e, *f]):
        d
