# Rule 4: a literal is not the identifier of the same text, if nothing interns it.
été = 'été'
def größe():
    return 'größe', 'été'
