# Rule 21: the module's code object is flagged, a function's is not, unless it is shared.
def f(): pass
