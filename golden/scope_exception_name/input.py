def f():
    try:
        a()
    except E as e:
        def g():
            return e
        raise g() from e
