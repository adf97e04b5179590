"""Says what CPython makes of calls of `compile()`, and which texts its program holds.

Run by `cargo xtask messages`, never by hand. The input is a sequence of requests, each a line and so many bytes as its
last word says: `text LENGTH` or `mode flags feature_version is_text warnings_are_errors LENGTH`. Replies end with NUL.
"""

import ast
import re
import sys
import warnings

MODES = {ast.Module: "exec", ast.Expression: "eval", ast.Interactive: "single", ast.FunctionType: "func_type"}


def program():
    """The bytes of the program and of the libraries of Python's that it has loaded."""
    with open("/proc/self/maps") as maps:
        paths = {line.split(maxsplit=5)[5].strip() for line in maps if "/" in line}
    images = []
    for path in paths:
        if "python" in path.rsplit("/", 1)[1]:
            with open(path, "rb") as image:
                images.append(image.read())
    return b"".join(images)


def holds(image, text):
    return text + b"\0" in image


def shown(text):
    def escaped(text):
        def one(match):
            c = match[0]
            return {"\\": "\\\\", "\n": "\\n"}.get(c) or f"\\x{ord(c):02x}"
        return re.sub(r"[\x00-\x1f\x7f\\]", one, text)

    if len(text) <= 400:
        return escaped(text)
    return f"{escaped(text[:60])}[{len(text) - 120} more]{escaped(text[-60:])}"


def tree(text):
    """A tree without positions where the text gives none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root = eval(text, vars(ast).copy())
    for node in ast.walk(root):
        for name in node._attributes:
            if getattr(node, name, None) is None:
                setattr(node, name, -1)
    return root


def raised(source, mode, flags, feature_version):
    try:
        compile(source, "<source>", mode, flags, True, 0, _feature_version=feature_version)
    except SyntaxError as e:
        place = ["-" if n is None else n for n in (e.lineno, e.offset, e.end_lineno, e.end_offset)]
        yield "=> {} {}:{}-{}:{} {}\n".format(type(e).__name__, *place, shown(e.msg))
        if e.text is not None:
            yield f"=> | {shown(e.text)}\n"
    except Exception as e:
        # How much depends on the machine.
        message = re.sub(r"used \d+ kB", "used N kB", str(e))
        yield f"=> {type(e).__name__} {shown(message)}\n"
    else:
        yield "=> valid\n"


def answer(mode, flags, feature_version, is_text, errors, source):
    if mode == "tree":
        source = tree(source.decode())
        mode = MODES[type(source)]
    elif is_text == "1":
        source = source.decode("utf-8", "surrogatepass")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("error" if errors == "1" else "always")
        error = "".join(raised(source, mode, int(flags), int(feature_version)))
    issued = [f"=> {w.category.__name__} {w.lineno} {shown(str(w.message))}\n" for w in caught]
    return "".join(issued) + error


def main():
    requests, replies = sys.stdin.buffer, []
    image = program()
    while header := requests.readline():
        *words, length = header.decode().split()
        body = requests.read(int(length))
        if words == ["text"]:
            replies.append("yes" if holds(image, body) else "no")
        else:
            replies.append(answer(*words, body))
    for reply in replies:
        sys.stdout.buffer.write(reply.encode("utf-8", "replace") + b"\0")


main()
