def outer():
    x = 1
    def inner():
        nonlocal x
        del x
    del x
    return inner
