async def f(x):
    try:
        await x
    except E:
        await y
    finally:
        await z
