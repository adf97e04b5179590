"""The docstring
   of a module."""
x = 1
