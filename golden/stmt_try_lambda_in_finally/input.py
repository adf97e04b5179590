def f():
    try:
        a()
    finally:
        b(lambda: 1)
