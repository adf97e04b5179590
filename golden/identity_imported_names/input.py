# The parser interns a module's name and each beginning of it: 'a.b' here is not the constant of the class body.
class a:
    class b:
        import a.b.c

class d:
    class e:
        class f:
            from d.e.f import g
