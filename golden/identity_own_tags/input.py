# Rule 16: None, True, False and ... have tags of their own and are never referred to.
a = (None, True, False, ..., None, True, False, ...)
def f():
    return [None, ..., (None, True), (False, ...)]
