# What is folded and not used is still the first of its kind: the exception table is that object.
b'a' * 0
