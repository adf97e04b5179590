async def f(x):
    async with x as y, y.z as w:
        return await w
