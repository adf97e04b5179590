async def f(xs):
    a = [x async for x in xs]
    b = {x: await x async for x in xs if await x}
    c = [await x for x in xs]
    d = (x async for x in xs)
    return a, b, c, d
