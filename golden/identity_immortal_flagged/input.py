# Rule 18: what is immortal is flagged even if nothing else refers to it; another is not.
a = [256 + x]
b = [257 + x]
c = [b'x' + x, b'xy' + x, 'é' + x, 'é ' + x]
