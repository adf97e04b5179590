x = "%s" % a
x = "%s %r %a" % (a, b, c)
x = "%s and %%" % (a,)
x = "%d" % (a,)
x = "%10s" % (a,)
