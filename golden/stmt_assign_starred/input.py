first, *rest = seq
*init, last = seq
a, *b, c = seq
[*a] = seq
