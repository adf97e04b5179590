# Rule 6: a string that is interned and one that is not are one constant if their texts are equal.
def f():
    return 'é b', 'été'
g(été=1)
class A:
    class B:
        pass
    x = 'A.B'
