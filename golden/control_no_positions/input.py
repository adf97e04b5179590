def f(x):
    while x:
        try:
            x()
        except A:
            pass
        else:
            continue
        if x:
            with x:
                pass
    for _ in x: pass


def g(x):
    if x:
        yield
    elif x: pass
    else:
        try: pass
        finally: pass


def h(x):
    with x:
        for y in x:
            if y: break
        else: return
