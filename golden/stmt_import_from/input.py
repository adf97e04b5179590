from a import b
from a import b as c, d
from .a import b
from . import b
from ...a.b import (c, d as e,)
from a import *
