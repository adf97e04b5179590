# A slice with a step makes a new object, also of a single character or byte.
'%d'[::10]
f('a%'[1::2], '%-'[::-1], '%')
'é+'[::2]
g(b'xy'[::2], b'x', b'z', b'zy'[::2])
'%d'[0:1]
'ab'[::2]
'-+'[5::2]
(1, 2)[::2]
'ab'[5::2]
f(f'')
