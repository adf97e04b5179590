def f(x):
    match x:
        case [a, *b] if a and (c := b): return lambda: (a, c)
        case {"k": (1 | 2) as d, **e} if d in e: return [d for _ in e]
        case C(f=g, h=[i, j]) | C(h=[i, j], f=g) if g is i: nonlocal_ = i, j
        case (str() | int()) as k if not k: pass
        case -1.5 | 2 - 3j | "a" "b" | b"c" | None | True: return 1
        case m.n.o if m: return 2
        case [[p, _], *_, (q,)] if p < q < p: return p
        case {} | [] | (): return 3
        case r if r: return r
        case _: return 4
class D:
    match x:
        case a, *b: c = lambda: (a, b)
while x:
    match x, y:
        case a, b if a: continue
        case a, _: break
        case *_, a: a()
