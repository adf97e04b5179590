"""Module."""
def f():
    """Function."""
class C:
    """Class."""
    def m(self):
        """Method."""
        return 1
async def g():
    """Coroutine."""
