# Rule 9: equal code objects are one constant, whatever their qualified names; the line counts.
def f():
    try:
        g()
    finally:
        h(lambda: 1.5)
class A:
    try:
        pass
    finally:
        x = [(lambda x: y) for y in z]
a = lambda: 1.5
b = lambda: 1.5
