from typing import Any
x: "str" = 1
y: (lambda yield_=5: yield_)
class C[T]:
    x: T
    __y: "C"
    z: lambda: T = None
    w: [i for i in (T, x)]
    def m(self, a: T, /, b: x = 1, *c: int, d: __class__ = 2, **e: C) -> T:
        v: T = a
        self.u: b
        u[0]: c = 1
        def n(p: T, q: a) -> v: ...
        return lambda p: p
    async def o[U](self, r: U) -> __y: s: U
def f(a: int, b: Any = x) -> None:
    class D:
        x: a
        def g(self, y: x) -> a: nonlocal b
    return D
