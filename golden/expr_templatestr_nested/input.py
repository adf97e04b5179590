x = t"{a!r:{b}{c=}}{t'{d}'}{f'{e}'}"
x = t"{ a  +  b !s}{ c = }{d = !r}{e = :>{f}}" rt"\d{g}" t""
x = t"""{
    a  # comment
}{b:{c:{d}}}{(lambda: {1: 2})()}{e['k']}"""
x = t"{{}}{a}{{" t"{b}}}" t"tail"
def f(): return t"{(yield)}{[x for x in y]}{__debug__}"
x = lambda: t"{x:=5}{(y := 1)}{z!a:}"
