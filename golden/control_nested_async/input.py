async def f(xs):
    async with a() as b, c():
        async for x in xs:
            try:
                async with x:
                    if x:
                        continue
                    if await x:
                        break
                    return
            except* A as e:
                await e
            finally:
                await x.z()
        else:
            [y async for y in b if await y]
    while await a():
        try:
            yield
        except B:
            return
        finally:
            async for _ in b:
                break
