# Rule 11: names are interned before constants, constants before locals. A mangled name is a new string.
class A:
    def names_first(self):
        return self.__a, '_A__a'
    def constants_first(self, __b):
        return '_A__b', __b
def f():
    return '_A__a', '_A__b', 'f'
