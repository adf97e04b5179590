def f():
    for x in range(3):
        yield x
    try:
        yield 1
    finally:
        yield 2
