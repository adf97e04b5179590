def f(x):
    type A = x
    return A
class K:
    y = int
    type B[T: y] = dict[y, T]
