"""Every kind of argument, and nested code."""

import os.path as path
from math import pi, tau as full


def conditions(a, b=1, *args, c, **kwargs):
    while a < b and not c:
        a += args[0]
        if a is None or b is not None:
            continue
        if a in kwargs or b not in "abc":
            break
    else:
        return f"{a!r} {b:>10} {c!s}"
    return a if a >= b else -b


def closures(x, y):
    x, y = y, x
    with open(x) as f, y:
        for line in f:
            yield lambda: (x, line, super)
    del y
    assert all(x), "no"
    return any(i for i in x)


class Class[T: int](list[T], metaclass=type):
    """Docstring."""

    attribute: T = {1: 2.5, "three": 4j, **{}}

    def method(self, value: T) -> None:
        super().append(value)
        self.attribute[value:None] = b"bytes", 10**20, ..., frozenset
        return value in {1, 2, 3}


async def asynchronous(it):
    try:
        async with it as x:
            async for y in it:
                await y
    except* (ValueError, KeyError) as group:
        raise group from None
    finally:
        print(x, *it, sep="", **{"end": x})
    return [z async for z in it if z]


def matching(command):
    match command:
        case [1, "two", *rest] if rest:
            return rest
        case {"x": x, **others} | path.Path(x=x, name=others):
            return x, others
        case _:
            global pi
            pi = template = t"{command!a:{full}}"
            return template


type Alias[*Ts, **P] = dict[*Ts]
