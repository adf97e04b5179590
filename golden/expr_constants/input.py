None
True
False
...
1
1.5
1e300
2j
"s"
b"b"
x = (1, -1, 256, 257, 1.0, -0.0, 1j, "s", b"b", None, True, ...)
