assert a
assert a, b
assert a and b, f"{a}"
assert True
assert 0, "never"
