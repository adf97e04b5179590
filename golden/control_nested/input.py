def f(xs):
    for x in xs:
        with x as y:
            try:
                while y:
                    try:
                        if y.a:
                            continue
                        if y.b:
                            break
                        if y.c:
                            return y
                        with y.d, y.e as z:
                            if z:
                                break
                            return z, y
                    except A:
                        continue
                    except (B, C) as e:
                        if e:
                            break
                        raise
                    finally:
                        for w in y:
                            if w:
                                break
                        else:
                            y.f()
                else:
                    continue
            finally:
                x.g()
    else:
        return None


def g():
    while True:
        try:
            try:
                return a()
            finally:
                try:
                    b()
                finally:
                    c()
        except:
            continue
        finally:
            if d:
                break
