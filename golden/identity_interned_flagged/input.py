# Rule 17: an interned string is flagged even if nothing else refers to it; another is not.
only_once = 'only_a_constant', 'not interned'
