from __future__ import division, generator_stop, annotations
x = 1
