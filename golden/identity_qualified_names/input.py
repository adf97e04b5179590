# Rule 14: a qualified name with a dot is a new string, which is interned where it is a constant, unless it was one.
class A:
    class B:
        def f(self): pass
    class B:
        def f(self): pass
before = 'C.D'
class C:
    class D:
        class E: pass
class Flag:
    class __dunder: pass
