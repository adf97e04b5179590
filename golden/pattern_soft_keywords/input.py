match = 1
case = match
type = case
_ = type
match[case](_)
match (case):
    case type:
        pass
