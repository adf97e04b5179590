class C:
    x: int
    y: "C" = None
    def m(self, z: x) -> y: ...
