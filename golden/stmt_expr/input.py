a
a.b
f()
"not a docstring"
1
...
