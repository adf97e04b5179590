try:
    a
except A as e:
    b
else:
    c
finally:
    d
