a = 0
def f():
    global b
    a = b = c = 1
    def g():
        nonlocal a, c
        global d
        a = b
        def h():
            global a
            nonlocal c
            a = c = d
            class C:
                nonlocal c
                global a
                a = c
                b = b
                def m(self):
                    nonlocal c
                    return a, b, c, d
            return C
        return h
    class D:
        a = a
        global b
        b = a
        def m(self):
            nonlocal a
            a = b
    return g, D
