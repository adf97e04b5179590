async def f(xs):
    async for x in xs:
        if x:
            break
        if not x:
            continue
        await x
    else:
        return 1
