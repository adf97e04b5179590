match x:
    case y if y > 1:
        a
    case [y, z] if y and z or not y:
        b
    case _ if c:
        d
