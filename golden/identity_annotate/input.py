# Rule 10: the locals of an __annotate__ function are a tuple of its own.
x: int = 1
def f(format: int): return format
def g(format): return format
class A:
    y: str
    def h(self, format: str): pass
