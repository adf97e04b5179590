class A(B): pass
class C(B, D, metaclass=M): pass
class E(*bases, **kwargs): pass
class F(B, x=1, *more): pass
