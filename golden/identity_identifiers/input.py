# Rule 3: an identifier is one object wherever it stands, normalised.
été = 1
ﬁn = 2
def été(ﬁn, *, größe):
    größe.été = fin.ﬁn
    return größe
