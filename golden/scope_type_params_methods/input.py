class A[T: (int, str) = int]:
    def m[U: T = T, *Us = *tuple[T, ...], **P = [T, A]](self: A[T], u: U, *us: *Us) -> T:
        return T, U, Us, P, __class__
    async def n[U: list[T]](self, x=T, *, y: U = T): yield x
    @property
    def o[__V: __class__](self) -> __V: ...
    type X[W: T = A] = dict[T, W, U]
    class B[T](A[T]):
        x: T = T
        def m[S](self, s: S) -> T: return super().m(s)
def f(a):
    class C[T: a = a]:
        type Y[*Ts = *a] = (T, a, Ts)
        def m[U = lambda: (a, T)](self): return a, U
    return C
