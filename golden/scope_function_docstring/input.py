def f():
    """A docstring.

      Indented.
    """
def g():
    """Another."""
    return 1
def h():
    f"not a docstring"
