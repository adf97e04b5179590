async def f(x):
    yield
    yield await x
    async for y in x:
        yield y
