async def f(x):
    await x
    return await x.y()
