# Bytes that are repeated no time are a new object; strings and tuples are not.
f(0 * b'p', b'', 'p' * 0, (1,) * 0, b'' * 3)


def g():
    return b'b' * 0
