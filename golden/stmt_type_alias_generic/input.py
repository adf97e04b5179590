type A[T] = list[T]
type B[T: int, *Ts, **P] = Callable[P, tuple[T, *Ts]]
type C[T = int, *Ts = *tuple[int], **P = [int]] = T
