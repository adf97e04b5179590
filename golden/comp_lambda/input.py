f = lambda xs: [x for x in xs if x]
g = lambda xs: [lambda: x for x in xs]
