match x:
    case y:
        a
