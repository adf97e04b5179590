def f(xs):
    for x in xs:
        match x:
            case 1:
                continue
            case 2:
                break
            case [y]:
                return y
