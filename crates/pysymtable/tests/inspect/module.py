import os, sys as system
from a.b import c
x: int = 1
del y
def f(a, /, b: str = x, *args, k=2, **kw) -> None:
    global g, x
    nonsense = a
    def inner():
        nonlocal nonsense
        nonsense += b
        return lambda q: q + k
    return [z for z in args if z], (w for w in kw)
class A(Base, metaclass=M):
    attribute = f
    __private = 1
    def method(self):
        return super().method(self.__private, __private)
    def generic[T: int = str](self, x: T) -> T:
        return x
    def method(self): pass
    not_a_method = lambda self: __class__
    gen = (attribute for _ in x)
    async def coroutine(self): await self
