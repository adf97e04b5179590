a; b; c = 1;
if a: b; c;
while a: b;
