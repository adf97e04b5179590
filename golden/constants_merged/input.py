def f():
    return "shared value", (1, "a b"), 1.0, b"x y"
def g():
    return "shared value", (1, "a b"), 1, b"x y"
x = "shared value"
