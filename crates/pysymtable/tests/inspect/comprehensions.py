for i in [j for j in range(3)]:
    if (n := i) and any((m := k) for k in i): pass
