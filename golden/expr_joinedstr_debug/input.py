x = f"{a=}{a =}{a= }{ a = }{a = !r}{a=!s:>{w}}{a=:{w=}}"
x = f"{a + b=}{f(x)=!a}{(lambda: 1)()=}{a == b = }{a!=b}{a[':']=}"
x = f"""{
    a
      +  b = }{a  # comment
=}"""
x = f"{a:{b:{c!r}}}{d:%Y-%m-{e:02}}{g:{{}}}{h!r:^{i}.{j}}" f"{k=}" "l" rf"{m=:\d}"
x = f"{a:}{b:=}{c!r:}{'d' 'e'}{'f'!r}{1!s}{1:>5}{None=}"
