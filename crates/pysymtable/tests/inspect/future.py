from __future__ import annotations
def f(é: "é") -> ünicode:
    v: é
    import f.g.h as z, f.y
    del z
class _(f):
    __x: __x
