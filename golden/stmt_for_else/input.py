for i, (j, *k) in y:
    if i:
        continue
    if j:
        break
    i
else:
    done
