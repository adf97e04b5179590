def top():
    bound = 1
    global declared
    def bound(): return free_one
    class bound: pass
    free_one = [lambda: cell for cell in declared]
    return top
