# A text of an f-string that is only a backslash and a line end is no constant: what follows begins where it stands.
a = f"\
{a=}"
b = f"\
" "b" f"{a=}"
c = '' f'\
' '' f'{a=}'
d = f"{a:\
{b=}}"
e = t"\
{a=}"
f = t"\
" t"x{a}"
