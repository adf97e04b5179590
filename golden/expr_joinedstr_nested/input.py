x = f"{f'{a}'}"
x = f'{a["b"]}{'c'}'
x = f"{a:{b:{c}}}"
x = f"""{
    a
    + b  # comment
}"""
x = rf"\{a}\n"
x = f"\N{BULLET}{a}\x41"
