x = [[b for b in a] for a in c]
x = [a for a in [b for b in c]]
x = {a: [b for b in a] for a in c}
