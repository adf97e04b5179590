"""Writes the facts of the running CPython under the folder given as the first argument.

Run by `cargo xtask snapshot --python PATH`, never by hand. One file a subject; every file is
deterministic, so that a diff of `data/` shows what changed between two versions of CPython.
"""

import __future__
import ast
import importlib.util
import json
import keyword
import marshal
import os
import platform
import re
import subprocess
import sys
import sysconfig
import token
import unicodedata

import _opcode
import _opcode_metadata
import opcode

OUT = sys.argv[1]


def write(name, text):
    with open(os.path.join(OUT, name), "w", encoding="utf-8", newline="\n") as f:
        f.write(text)


def write_json(name, value):
    write(name, json.dumps(value, indent=1, ensure_ascii=True) + "\n")


def header(name):
    path = os.path.join(sysconfig.get_paths()["include"], "internal", name)
    with open(path, encoding="utf-8") as f:
        return f.read()


def version():
    write_json("version.json", {
        "version": platform.python_version(),
        "hexversion": sys.hexversion,
        "magic": int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little"),
        "cache_tag": sys.implementation.cache_tag,
        "marshal_version": marshal.version,
        "unicode": unicodedata.unidata_version,
    })


# -- the abstract grammar ------------------------------------------------------------------------

def asdl_types():
    """The classes that stand for ASDL types, in the order of the `ast` module, without the
    deprecated ones."""
    for cls in vars(ast).values():
        if (isinstance(cls, type) and cls.__base__ is ast.AST and cls.__doc__
                and not cls.__doc__.startswith("Deprecated")):
            yield cls


def asdl():
    out = [f"-- The abstract grammar of CPython {platform.python_version()}, as its `ast` module states it.",
           "-- Written by `cargo xtask snapshot`; never edited by hand.", "", "module Python", "{"]
    for cls in asdl_types():
        lines = cls.__doc__.split("\n")
        if not re.match(r"\w+ = ", lines[0]):
            lines[0] = re.sub(r"^(\w+)\(", r"\1 = (", lines[0])
        check_fields(cls)
        out += ["    " + line for line in lines]
        if cls._attributes:
            types = {"lineno": "int", "col_offset": "int", "end_lineno": "int?", "end_col_offset": "int?"}
            attrs = ", ".join(f"{types[a]} {a}" for a in cls._attributes)
            out.append(f"           attributes ({attrs})")
        out.append("")
    out.append("}")
    write("Python.asdl", "\n".join(out) + "\n")


def check_fields(cls):
    """Holds the docstring against `_fields` and `_field_types`, which say the same in another way."""
    for sub in [cls, *cls.__subclasses__()]:
        if sub.__doc__.startswith("Deprecated") or (sub is cls and "= " in cls.__doc__.split("(")[0]):
            continue
        inner = re.search(r"\((.*)\)", sub.__doc__, re.S)
        fields = [f.split() for f in inner[1].split(",")] if inner else []
        assert tuple(f[1] for f in fields) == sub._fields, sub
        for kind, name in fields:
            text = str(sub._field_types[name])
            assert ("list" in text) == (kind.endswith("*")), (sub, name)
            assert ("None" in text) == (kind.endswith("?")), (sub, name)


# -- opcodes -------------------------------------------------------------------------------------

def stack_functions(text):
    """`{"popped": {opcode: C expression}, "pushed": {...}}` from the metadata header."""
    result = {}
    for what in ("popped", "pushed"):
        body = re.search(r"int _PyOpcode_num_%s\(int opcode, int oparg\)\s*\{(.*?)\n\}" % what, text, re.S)[1]
        result[what] = dict(re.findall(r"case (\w+):\s*return ([^;]+);", body))
    return result


def opcodes():
    text = header("pycore_opcode_metadata.h")
    table = text[text.index("_PyOpcode_opcode_metadata[267]"):] if "_PyOpcode_opcode_metadata[267]" in text \
        else text[text.rindex("_PyOpcode_opcode_metadata["):]
    flags = {name: re.findall(r"HAS_(\w+)_FLAG", line)
             for name, line in re.findall(r"\[(\w+)\] = \{ true, [-\w]+, ([^}]*)\}", table)}
    stack = stack_functions(text)
    pseudo = {name: re.findall(r"[A-Z]\w+", targets)
              for name, targets in re.findall(r"\[(\w+)-256\] = \{ \d, \{ ([^}]*) \}", text)}
    numbers = {**opcode.opmap, **_opcode_metadata._specialized_opmap}
    specialized = {s: base for base, group in _opcode_metadata._specializations.items() for s in group}
    rows = []
    for name, number in sorted(numbers.items(), key=lambda item: item[1]):
        rows.append({
            "name": name,
            "number": number,
            "flags": flags.get(name, []),
            "caches": opcode._inline_cache_entries.get(name, 0),
            "popped": stack["popped"].get(name),
            "pushed": stack["pushed"].get(name),
            "specializes": specialized.get(name),
            "pseudo_targets": pseudo.get(name),
        })
    check_stack_effects(rows)
    check_flags(rows)
    write_json("opcodes.json", {
        "have_argument": opcode.HAVE_ARGUMENT,
        "min_instrumented": opcode.MIN_INSTRUMENTED_OPCODE,
        "cache_format": opcode._cache_format,
        "opcodes": rows,
    })
    write_json("operands.json", {
        "binary_ops": [list(pair) for pair in opcode._nb_ops],
        "compare_ops": list(opcode.cmp_op),
        "intrinsics_1": opcode._intrinsic_1_descs,
        "intrinsics_2": opcode._intrinsic_2_descs,
        "special_methods": opcode._special_method_names,
        "common_constants": [c.__name__ for c in opcode._common_constants],
    })


def check_stack_effects(rows):
    """Holds the header's expressions against `_opcode.stack_effect`."""
    for row in rows:
        if row["specializes"] or row["name"].startswith("INSTRUMENTED") or row["popped"] in (None, "-1"):
            continue
        for oparg in (2, 3, 7, 0x102):
            arg = oparg if _opcode.has_arg(row["number"]) else None
            try:
                expected = _opcode.stack_effect(row["number"], arg, jump=False)
            except ValueError:
                continue
            popped, pushed = (eval(row[k], {"oparg": oparg}) for k in ("popped", "pushed"))
            if row["name"] not in ("SETUP_FINALLY", "SETUP_CLEANUP", "SETUP_WITH"):
                assert pushed - popped == expected, (row, oparg, expected)


def check_flags(rows):
    for row in rows:
        for flag in ("arg", "const", "name", "jump", "free", "local"):
            has = getattr(_opcode, "has_" + flag)(row["number"])
            assert has == (flag.upper() in row["flags"]), (row, flag)


# -- tokens, future flags, strings ---------------------------------------------------------------

def tokens():
    exact = {number: text for text, number in token.EXACT_TOKEN_TYPES.items()}
    rows = [{"name": name, "number": number, "text": exact.get(number)}
            for number, name in sorted(token.tok_name.items()) if number < token.N_TOKENS]
    write_json("tokens.json", {
        "tokens": rows,
        "keywords": sorted(keyword.kwlist),
        "soft_keywords": sorted(keyword.softkwlist),
    })


def future():
    write_json("future.json", [
        {"name": name, "flag": getattr(__future__, name).compiler_flag,
         "optional": list(getattr(__future__, name).optional),
         "mandatory": getattr(__future__, name).mandatory and list(getattr(__future__, name).mandatory)}
        for name in __future__.all_feature_names])


def static_strings():
    text = header("pycore_global_strings.h")
    write_json("static_strings.json", {
        "literals": sorted(json.loads(f'"{s}"') for s in re.findall(r'STRUCT_FOR_STR\(\w+, "(.*)"\)', text)),
        "identifiers": sorted(re.findall(r"^ +STRUCT_FOR_ID\((\w+)\)", text, re.M)),
    })


# -- what a process has interned when it begins to compile -----------------------------------------

# Uses no name that the interpreter does not know already: those would show up as interned.
PROBE = """
import sys, py_compile
for s in sys.stdin.read().split():
    if sys.intern(s) is not s:
        sys.stdout.write(s + " ")
"""


def words(path):
    with open(path, "rb") as f:
        return {w.decode() for w in re.findall(rb"[A-Za-z0-9_]{2,80}", f.read())}


def candidates():
    """Every word of the standard library and of the interpreter's binaries."""
    files = [os.path.realpath(sys.executable)]
    for folder, _, names in os.walk(os.path.dirname(os.__file__)):
        files += [os.path.join(folder, n) for n in names if n.endswith((".py", ".so"))]
    return set().union(*(words(f) for f in files if os.path.exists(f)))


def interned():
    """Strings that look like names and are interned in a fresh process that is about to compile."""
    result = subprocess.run([sys.executable, "-c", PROBE], input=" ".join(sorted(candidates())),
                            capture_output=True, text=True, check=True)
    write_json("interned.json", sorted(result.stdout.split()))


# -- Unicode -------------------------------------------------------------------------------------

def ranges(predicate):
    """The code points that satisfy the predicate, as [first, last] pairs."""
    out = []
    for cp in range(sys.maxunicode + 1):
        if predicate(cp):
            if out and out[-1][1] == cp - 1:
                out[-1][1] = cp
            else:
                out.append([cp, cp])
    return out


def unicode():
    write_json("unicode.json", {
        "xid_start": ranges(lambda cp: chr(cp).isidentifier()),
        "xid_continue": ranges(lambda cp: ("a" + chr(cp)).isidentifier()),
        "printable": ranges(lambda cp: chr(cp).isprintable()),
    })


for collect in (version, asdl, opcodes, tokens, future, static_strings, interned, unicode):
    collect()
