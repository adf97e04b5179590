# Programs whose trees the tests of pyast are about, one after each `#---` line.
#---
"""Module docstring."""
from __future__ import annotations
import os.path as path, sys
from .. import a
from .b import *
from . import (c as d)
global g
x: int = 1
(y): "str"
z.w: list[int, ...]
x = y = (1, *z)
x += -1 ** 2
del x, (y, z[0:1, ::2])
assert x, "message"
raise E from None
#---
def f(a, b: int = 1, /, c=2, *args: str, d, e=3, **kwargs) -> None:
    '''Doc of f.

        Indented.
    '''
    nonlocal n
    return
async def g():
    async with a as b, c: await d
    async for x in y: pass
    else: ...
    [x async for x in y if z if w]
def h[T: int = str, *Ts = (), **P = []](): yield; yield from x; y = yield 1
@decorator
class C[T](A, *B, metaclass=M, **kw):
    "Doc of C."
    @property
    def p(self): return lambda: (yield)
type X[T] = T
#---
if a: pass
elif b: pass
elif c: pass
else:
    if d: pass
    while e: break
    else: continue
for x, in y: pass
for (x, y) in z: pass
else: pass
with (a): pass
with a as (b, c), d as e[0]: pass
try: pass
except: pass
try: pass
except (A, B) as c: pass
else: pass
finally: pass
try: pass
except* A: pass
try: pass
finally:
    try: pass
    except* B: pass
#---
a or b and not c
(a or b) and (not c)
a < b <= c != d is e is not f in g not in h == i
(a < b) < c
a if b else c if d else e
(a if b else c) if d else e
lambda: a if b else c
(lambda x: x)(1)
lambda x, /, y=1, *, z=2: 0
lambda *a, **k: (a, k)
-a ** -b
(-a) ** b
(a ** b) ** c
a - (b - c) - d
a + b * c // d % e @ f / g
a | b ^ c & d << e >> f
~(not a)
not -a
(a := 1)
f(a := 1, b=(c := 2))
f(*a, **b, c=d)
f(x for x in y)
f((x for x in y), 1)
a.b.c[d](e).f
1 .real
1.0.real
True.real
(1).real
(a, b)[0]
a[b, c]
a[b,]
a[()]
a[*b, c]
a[b:c:d, ::e]
#---
()
(a,)
[a, *b]
{a, *b}
{a: b, **c}
{}
{x for x in y}
{x: y for x, y in z for w in v}
[x for x in (a if b else c) if (lambda: d)]
[(yield) for x in y]
(x async for x in y)
...
None, True, False
0, 10**20, 123456789012345678901234567890, 0xff, 1_000
1.5, 1e100, 1e-5, 1e16, 1e999, -1e999, 5e-324
1j, 1e999j, 0j
b'', b'a\xff\'"\n\\'
'', 'a' "b", u'c', 'it\'s', '"', '\'"', 'tab\t', 'new\nline', 'back\\slash', '\x00\x7f\xa0é\u2028\U0001f600'
'\ud800', "\udfff'"
'''multi
line'''
#---
f'{a}'
f'{a!r:>{b}}{{}}{c:%Y-%m-%d}{d=}'
f'{ {a: b}[c] }'
f'{(lambda: a)}'
f"{a['b']}"
f'''{a['b']}{c["d"]}'''
f'\'{a}"'
f'{a:{b:{c}}}'
f'{a!s:\n}'
f"\n{a}\t"
f'{a!a}' 'b' f'{{c'
f'\ud800{a}'
f"{'''
'''}"
f'{f"{a}"}'
t'{a + b!r:>{c}} { {d} }'
t'{(e)}'
rf'\d{a}'
f'''{a
}'''
#---
match a:
    case 1 | -2 | 3.5 | -4j | 1 + 2j | -1 - 2j: pass
    case "a" "b" | b"c": pass
    case None | True | False: pass
    case a.b | a.b.c: pass
    case [a, *b, _]: pass
    case (a, *_): pass
    case []: pass
    case {}: pass
    case {"a": 1, -1: x, 1+1j: y, None: z, a.b: w, **rest}: pass
    case {**rest}: pass
    case C(): pass
    case a.C(1, x, y=2, z=(3 | 4)): pass
    case (1 | 2) as x if x > 1: pass
    case [(1 as a) | 2, (b)]: pass
    case x: pass
match (a, b):
    case _: pass
match *a, b:
    case c, d: pass
#---
"Doc"
"Not a doc"
class A:
    "Doc"
    class B:
        "Doc"
        "Not a doc"
async def f():
    """Doc
    of f"""
def g():
    "Doc"
    return __debug__
def h():
    "'''No quotes but the others stand around this\""
#---
x = __debug__, __debug__.y
def f(a: __debug__ = __debug__) -> __debug__: __debug__()
x: __debug__ = '%s' % (__debug__,)
#---
from __future__ import annotations
x: '%s' % (__debug__,) = '%s' % (__debug__,)
def f(a: __debug__, *b: __debug__, **c: __debug__) -> __debug__: pass
async def f(a: __debug__ = __debug__) -> __debug__: pass
#---
'%s' % (a,)
'%%' % ()
'' % ()
'%5s%-5r%.3a%-3.s%05s%+s' % (a, b, c, d, e, f)
'a%sb%%c%sd' % ('%r' % (a,), b)
'%99.99s' % (a,)
'é%sü' % (a,)
'\ud800%s' % (a,)
'%s' % ()
'%s' % (a, b)
'%d' % (a,)
'%100s' % (a,)
'%.100s' % (a,)
'%(x)s' % (a,)
'%s' % (*a,)
'%s' % a
'%' % (a,)
'%5' % (a,)
'%é' % (a,)
'%. s' % (a,)
b'%s' % (a,)
#---
match x:
    case __debug__.x: pass
    case __debug__.X(-1, a=-2): pass
    case [-1, *_, (-2 as z)] if __debug__: pass
    case -9223372036854775808 | -9223372036854775809 | 9223372036854775808: pass
    case 0 - 0j | -0 + 0j | -0.0 - 0j | 1 - 1e999j | -0 | -0.0 | -1j: pass
    case 123456789012345678901234567890 + 2j | 9007199254740993 - 3j: pass
#---
def f():
    try: pass
    finally:
        return
    for x in y:
        try: pass
        finally:
            break
    while 1:
        try: pass
        finally:
            continue
            for z in w: break
            else: break
    try: return
    except: return
    else: return
    finally:
        def g(): return
        class A:
            pass
        for x in y:
            return
            continue
        with a: return
        if b: return
        else:
            match c:
                case 1: return
        try: return
        except a: return
        else: return
        finally: return
        return
def h():
    try: pass
    except* a: pass
    finally: return 1
    return (lambda: 1)
