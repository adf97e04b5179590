pass
if a:
    pass
else:
    pass
for _ in a:
    pass
