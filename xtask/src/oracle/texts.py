"""What CPython's command-line modules say about a file: the texts that tools print.

Request, a line:  `ITEM PATH`, where ITEM is a key of ITEMS
Answer:           `ok LENGTH` or `error LENGTH`, newline, then as many bytes: the text or the exception
"""

import ast
import contextlib
import dis
import io
import re
import symtable
import sys
import tokenize
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(200_000)
sys.set_int_max_str_digits(0)


def tree(path):
    with open(path, "rb") as f:
        return compile(f.read(), path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)


def unparsed(path):
    return ast.unparse(tree(path))


def dump(**options):
    return lambda path: ast.dump(tree(path), **options)


def symbols(path):
    """`python -m symtable FILE`. Names that a scope only passes on to those within it come from a set: they are
    last in their table, and here sorted."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        symtable.main([path])
    tables = (table.split("\n") for table in out.getvalue().split("\n\n"))
    return "\n\n".join("\n".join(sorted(lines, key=order_of_line)) for lines in tables)


def order_of_line(line):
    return (1, line) if line.endswith(": ") else (0, "")


def tokens(path):
    """`python -m tokenize FILE`, then the same with `-e`."""
    with open(path, "rb") as f:
        found = list(tokenize.tokenize(f.readline))
    plain = [(token.type, token) for token in found]
    exact = [(token.exact_type, token) for token in found]
    return "".join(map(line_of_token, plain + exact))


def line_of_token(kind_and_token):
    kind, token = kind_and_token
    place = "%d,%d-%d,%d:" % (token.start + token.end)
    return "%-20s%-15s%-15r\n" % (place, tokenize.tok_name[kind], token.string)


def listing(**options):
    """`python -m dis` with an option, without what changes from process to process: the addresses of objects and
    the order of sets."""
    def text(path):
        with open(path, "rb") as f:
            code = compile(f.read(), path, "exec", dont_inherit=True, optimize=0)
        out = io.StringIO()
        dis.dis(code, file=out, **options)
        text = re.sub(r" at 0x[0-9a-f]+, file ", ", file ", out.getvalue())
        return re.sub(r"frozenset\(\{(.*?)\}\)", sort_members, text)
    return text


def sort_members(match):
    return "frozenset({" + ", ".join(sorted(match[1].split(", "))) + "})"


ITEMS = {
    "unparse": unparsed,
    "dump-positional": dump(annotate_fields=False),
    "dump-indented": dump(include_attributes=True, indent=2),
    "dump-empty": dump(annotate_fields=False, include_attributes=True, indent="", show_empty=True),
    "symtable-listing": symbols,
    "tokenize": tokens,
    "dis-C": listing(show_caches=True),
    "dis-O": listing(show_offsets=True),
    "dis-P": listing(show_positions=True),
    "dis-S": listing(adaptive=True),
}


def attempt(item, path):
    """The answer: header and bytes."""
    try:
        kind, data = b"ok", ITEMS[item](path).encode("utf-8", "surrogatepass")
    except Exception as e:
        kind, data = b"error", f"{type(e).__name__}: {e}".encode("utf-8", "surrogatepass")
    return b"%s %d\n%s" % (kind, len(data), data)


for line in sys.stdin:
    sys.stdout.buffer.write(attempt(*line.rstrip("\n").split(" ", 1)))
    sys.stdout.buffer.flush()
