class _Private:
    __attr = 1
    def __method(self, __arg):
        self.__attr = __arg
        __local = self._Private__attr
        def inner():
            return __local
        return inner
    __dunder__ = 2
