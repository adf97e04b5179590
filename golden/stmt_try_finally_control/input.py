def f(xs):
    for x in xs:
        try:
            if x:
                continue
            if not x.y:
                break
            return x
        finally:
            x.close()
    return None
