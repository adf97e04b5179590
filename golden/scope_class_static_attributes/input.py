class C:
    def __init__(self, a):
        self.a = a
        self.b, self.c = a
        other.d = a
    def m(self):
        self.e: int = 1
        self.a += 1
        def n(self):
            self.f = 1
