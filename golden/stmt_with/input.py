with a:
    b
with a as b:
    c
with a as b, c as (d, e):
    f
