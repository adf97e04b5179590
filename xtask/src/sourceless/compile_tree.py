# Compiles "source<TAB>pyc" pairs read from stdin, a line each; prints the sources that are refused.
import py_compile, sys

for line in sys.stdin:
    source, pyc = line.rstrip("\n").split("\t")
    try:
        py_compile.compile(source, cfile=pyc, dfile=pyc[:-1], doraise=True, quiet=1)
    except py_compile.PyCompileError:
        print(source)
