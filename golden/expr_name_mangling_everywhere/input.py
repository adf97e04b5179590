class _A__:
    import __a, __b.c as __d
    from e import __f, g as __g
    __slots__ = __h, __i__, __
    def __m(self, __x, *, __k=__v, **__w):
        global __n
        __n = self.__o.__p = __x
        del self.__q, __x
        try: pass
        except __E as __e: return __e
        with __r as __s: f(__t=__u)
        for __y in [__z for __z in __y]: pass
        match __a:
            case __B(__c=__d, e=__f) | {"k": __d, **__f}: pass
            case [__d, *__f]: return lambda __l: __l
        def __g[__T: __U](__v: __T) -> __T: nonlocal __k; __k = __class__
        return f"{__h=}", t"{__i}", (__j := 1)
    type __Alias[__T] = __T
    class __B(__C):
        __x: __T = __y
