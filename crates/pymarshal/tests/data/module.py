"""A module with a constant of every kind, sharing, and nested code."""

from __future__ import annotations

import os.path as path

BIG = 123456789012345678901234567890
NEGATIVE = -987654321987654321
FLOATS = (0.0, -0.0, 1.5, 1e308 * 10, 2j, -0.5j)
TEXTS = ("name_like", "not name like", "é", "été", "日本", "\U0001f40d", "\ud800", "")
BYTES = (b"", b"&", b"bytes")
SAME = ("not name like", 100000, 100000.0)
LONG = "long " * 60


def shares(x, y=100000, *args, key="not name like", **kwargs):
    """A docstring."""
    return x in {"spam", "eggs and spam", 100000} or x[1000:2000], x["a b":...]


def shares_again(x):
    return x in {"spam", "eggs and spam", 100000}


class Outer[T](object):
    field: int = 1

    class Inner:
        slot = "Outer.Inner"

        def method(self, été=1):
            def closure():
                return self, été, __class__, (1, 2, (3, "four"))

            return closure

    def percent(self, a, b):
        assert a, "message"
        return "%s%%%s" % (a, b), lambda: (yield a)


try:
    raise StopIteration
except* (ValueError, KeyError) as group:
    print(group, path)
