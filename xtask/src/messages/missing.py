"""Prints the messages of CPython's C sources that the list does not have.

Run by `cargo xtask messages --sources`, never by hand: `missing.py SOURCES LISTINGS`. `SOURCES` is a checkout of CPython,
of a version near that of the interpreter; what the interpreter's program does not hold is of another version.
"""

import glob
import os
import re
import sys

FILES = """
    Grammar/python.gram Parser/*.c Parser/*.h Parser/lexer/*.[ch] Parser/tokenizer/*.[ch]
    Python/Python-ast.c Python/assemble.c Python/ast.c Python/ast_preprocess.c Python/ast_unparse.c Python/codegen.c
    Python/compile.c Python/flowgraph.c Python/future.c Python/instruction_sequence.c Python/symtable.c
    Python/bltinmodule.c Python/pythonrun.c
""".split()

# Calls whose strings are messages, or parts of messages, even without a space.
RAISING = re.compile(
    r"\b(RAISE_\w+|PyErr_(?:SetString|Format|Warn\w*)|_PyPegen_raise\w*|_PyCompile_(?:Error|Warn)|_?validate_\w+"
    r"|\w*syntaxerror\w*|\w*_warn\w*|verify_end_of_number|RETURN_IF_ERROR\(control_flow\w*|\w*EnterRecursiveCall"
    r"|invalid_\w+|return_prefix_error)\s*\(")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
ADJACENT = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:(?:\s|\\\n)+"(?:[^"\\\n]|\\.)*")+')

# What is no message, by file.
IGNORED = {
    "bltinmodule.c": r"(?!compile\(\)).*",
    "pythonrun.c": r"(?!%s\(\) arg 1|source code|Bad ).*",
    "Python-ast.c": r"%s\(.*|\w+\(.*\)|__replace__.*|\w+ = .*| \||\.\.\.|.*\|.*|_\w+|\w+|, .*|\[.*",
    "ast_unparse.c": r"\W.{0,6}\W|\w+ |\(yield .*| (async )?for | if | else ",
    "codegen.c": r"<generic parameters of %U>|except handler|__\w+__|class|\.\w+",
    "compile.c": r"compile\.c compiler unit|__\w+__",
    "symtable.c": r"<symtable entry .*|symtable entry| (nested|generator|coroutine)",
    "ast.c": r"(targets|body|items|cases|names|[A-Z]\w+|match_case|Load|Store|Del)",
    "lexer.c": r"# type: |ignore|' prefixes are incompatible",
    "helpers.c": r"utf-8|replace",
    "pegen.c": r"NFKC|<stdin>|None|True|False|utf-8",
    "flowgraph.c": r"line: .*|\s.*|jump |return |arg: .*|target: .*|>>> ",
    "pegen_errors.c": r"%c",
}


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/|(\"(?:[^\"\\\n]|\\.)*\")", lambda m: m[1] or " ", text, flags=re.S)


def call(text, start):
    """The arguments of the call whose bracket is at `start`."""
    depth, position = 0, start
    for match in re.finditer(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:\\.|[^\\'])'|[()]", text[start:]):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0:
            return text[start:start + match.end()]
    return text[start:]


def messages(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = text if path.endswith(".gram") else without_comments(text)
    text = re.sub(r"^\s*#\s*include.*$", "", text, flags=re.M)
    text = ADJACENT.sub(lambda match: '"' + "".join(LITERAL.findall(match[0])) + '"', text)
    found = set(filter(lambda literal: " " in literal, LITERAL.findall(text)))
    for match in RAISING.finditer(text):
        found.update(LITERAL.findall(call(text, match.end() - 1)))
    return {literal.encode().decode("unicode_escape").encode("latin-1") for literal in found}


def program():
    with open("/proc/self/maps") as maps:
        paths = {line.split(maxsplit=5)[5].strip() for line in maps if "/" in line}
    images = [open(path, "rb").read() for path in sorted(paths) if "python" in os.path.basename(path)]
    return b"\0".join(images)


def main():
    sources, listings = sys.argv[1:]
    image, known, missing, looked_at = program(), set(), [], 0
    for listing in glob.glob(f"{listings}/*.txt"):
        with open(listing, encoding="utf-8") as file:
            known.update(line[3:].rstrip("\n").encode() for line in file if line.startswith("== "))
    for path in sorted(path for pattern in FILES for path in glob.glob(f"{sources}/{pattern}")):
        ignored = IGNORED.get(os.path.basename(path), r"(?!)")
        for text in sorted(messages(path)):
            if len(text) < 3 or text + b"\0" not in image or re.fullmatch(ignored, text.decode("latin-1"), re.S):
                continue
            looked_at += 1
            if text not in known:
                missing.append(f"{os.path.relpath(path, sources)}: {text.decode('latin-1')!r}")
    print(*missing, f"{looked_at} texts, {len(missing)} missing", sep="\n")
    sys.exit(bool(missing))


main()
