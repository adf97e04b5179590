# a comment
x = 1  # another
# type: ignore
if x:  # third
    # fourth
    y = 2
# last
