type Alias[T, *Ts, **P] = dict[T, Callable[P, tuple[*Ts]]]
class G[T: (int, str), U = T](list[T]):
    T = T
    items: list[U]
    def T(self): return self.items
    if x:
        conditional: T
