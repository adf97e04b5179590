try:
    a
except A:
    b
else:
    c
