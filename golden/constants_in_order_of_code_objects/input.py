# The code object of `f` is made before the call is compiled: the string that is folded in it comes
# first, and becomes the keyword's name, which is then not interned.
def f():
    return 'é' + 'é'


g(éé=1)
