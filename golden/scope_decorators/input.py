@a
def f(): pass
@a.b(c)
@d
def g(): pass
@a
class C: pass
@(lambda f: f)
async def h(): pass
