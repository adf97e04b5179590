import a
import a.b
import a as b
import a.b as c
import a.b.c as d, e, f.g
