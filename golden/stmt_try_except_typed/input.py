try:
    a
except A:
    b
except (B, C) as e:
    e
except D as e:
    raise
