"""Writes the facts of the running CPython under the folder given as the first argument.

Run by `cargo xtask snapshot --python PATH`, never by hand. One file a subject; every file is
deterministic, so that a diff of `data/` shows what changed between two versions of CPython.
"""

import __future__
import ast
import codecs
import encodings
import encodings.aliases
import importlib.util
import json
import keyword
import marshal
import os
import pkgutil
import platform
import re
import stringprep
import subprocess
import sys
import sysconfig
import token
import types
import unicodedata
import zlib

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
for s in sys.stdin.read().split("\\n"):
    if sys.intern(s) is not s:
        sys.stdout.write(s + "\\n")
"""


def words(path):
    with open(path, "rb") as f:
        return {w.decode() for w in re.findall(rb"[A-Za-z0-9_]{2,80}", f.read())}


def qualified_names(code):
    names = {code.co_qualname}
    return names.union(*(qualified_names(c) for c in code.co_consts if isinstance(c, types.CodeType)))


def binaries():
    """The interpreter and its shared library, which this process has mapped."""
    with open("/proc/self/maps", encoding="utf-8") as f:
        return {line.split()[-1] for line in f if "python" in line.split()[-1]}


def candidates():
    """Every word of the standard library and of the interpreter's binaries, and the qualified names of
    all functions and classes of the library."""
    found = set().union(*(words(path) for path in binaries()))
    for folder, _, names in os.walk(os.path.dirname(os.__file__)):
        for path in (os.path.join(folder, name) for name in names if name.endswith((".py", ".so"))):
            if os.path.exists(path):
                found |= words(path)
                if path.endswith(".py") and "/test/" not in path:
                    with open(path, "rb") as f:
                        found |= qualified_names(compile(f.read(), path, "exec"))
    return found


def interned():
    """Strings that look like names or qualified names and are interned in a fresh process that is about
    to compile."""
    result = subprocess.run([sys.executable, "-c", PROBE], input="\n".join(sorted(candidates())),
                            capture_output=True, text=True, check=True)
    write_json("interned.json", sorted(result.stdout.split("\n")[:-1]))


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


# -- encodings of source files -------------------------------------------------------------------

def codec_names():
    """From each normalized name that `codecs.lookup` knows to its module of `encodings`."""
    modules = [m.name for m in pkgutil.iter_modules(encodings.__path__) if not m.name.startswith("_")]
    names = {name: name for name in modules if name != "aliases"}
    names.update(encodings.aliases.aliases)
    known = {}
    for name, module in sorted(names.items()):
        try:
            codecs.lookup(name)
        except LookupError:
            continue
        known[name] = module
    return known


def single_byte_table(module):
    """The character of each byte, U+FFFE where there is none; `None` for other kinds of codecs."""
    table = ""
    for byte in range(256):
        try:
            text = bytes([byte]).decode(module)
        except UnicodeDecodeError:
            text = "\ufffe"
        if len(text) != 1:
            return None
        table += text
    defined = sum(character != "\ufffe" for character in table)
    return table if defined >= 128 and all_pairs_agree(module, table) else None


def all_pairs_agree(module, table):
    """Whether the codec decodes bytes independently of each other."""
    for first in range(256):
        for second in range(256):
            expected = table[first] + table[second]
            try:
                text = bytes([first, second]).decode(module)
            except UnicodeDecodeError:
                if "\ufffe" not in expected:
                    return False
            else:
                if text != expected:
                    return False
    return True


def decode_error(module, byte):
    """What a `UnicodeDecodeError` for that byte says."""
    try:
        bytes([byte]).decode(module)
    except UnicodeDecodeError as e:
        return [e.encoding, e.reason]


# The codecs without shift states whose characters have several bytes. Most extend another: its row is as in that one where
# they agree. "shift_jis": the rows and cells of the other one, in the order of Shift_JIS.
MULTI_BYTE = {
    "big5": None,
    "big5hkscs": ("same", "big5"),
    "cp950": ("same", "big5"),
    "gb2312": None,
    "gbk": ("same", "gb2312"),
    "gb18030": ("same", "gbk"),
    "euc_kr": None,
    "cp949": ("same", "euc_kr"),
    "euc_jp": None,
    "euc_jis_2004": ("same", "euc_jp"),
    "euc_jisx0213": ("same", "euc_jis_2004"),
    "shift_jis": ("shift_jis", "euc_jp"),
    "cp932": ("shift_jis", "euc_jp"),
    "shift_jis_2004": ("shift_jis", "euc_jis_2004"),
    "shift_jisx0213": ("shift_jis", "euc_jisx0213"),
}

# What single bytes are that are no character.
BEGINS, ILLEGAL = "\ufffe", "\uffff"

# What a row has besides characters: as in the base; nothing; nothing, and all bytes are at fault, not the first; a pair.
AS_IN_BASE, NOTHING, NOT_YET, PAIR = " \0\1\uffff"

# Bytes that begin a syllable that is spelled out; the letter that they are elsewhere is only in cp949.
HANGUL_FILLER = bytes([0xA4, 0xD4])


def decode_or_none(module, data):
    """The text that is the whole of `data`."""
    if data == HANGUL_FILLER:
        module = module.replace("euc_kr", "cp949")
    try:
        return data.decode(module)
    except UnicodeDecodeError:
        return None


def single_bytes(module):
    """The character of each byte, or why there is none."""
    out = ""
    for byte in range(256):
        try:
            out += bytes([byte]).decode(module)
        except UnicodeDecodeError as e:
            out += BEGINS if e.reason.startswith("incomplete") else ILLEGAL
    return out


def sequences(module, single):
    """The text of each sequence of two bytes, and of three in EUC-JP."""
    leads = [bytes([byte]) for byte in range(256) if single[byte] == BEGINS]
    if module.startswith("euc_j"):
        leads += [bytes([0x8F, byte]) for byte in range(0xA1, 0xFF)]
    data = (lead + bytes([last]) for lead in leads for last in range(256))
    return {each: text for each in data if (text := decode_or_none(module, each))}


def place_in_euc(data):
    """Where EUC-JP has what Shift_JIS has there (`shift_jis_2004` in Modules/cjkcodecs/_codecs_jp.c)."""
    lead, last = data
    if lead < 0x81 or lead in range(0xA0, 0xE0) or last < 0x40 or last == 0x7F or last > 0xFC:
        return None
    row = 2 * (lead - (0x81 if lead < 0xE0 else 0xC1))
    cell = last - (0x40 if last < 0x80 else 0x41)
    if cell >= 94:
        row, cell = row + 1, cell - 94
    if row < 94:
        return bytes([0xA1 + row, 0xA1 + cell])
    if row >= 103:
        row += 7
    elif row >= 99 or row == 95:
        row -= 55
    else:
        row -= 61
    return bytes([0x8F, 0x80 + row, 0xA1 + cell])


def no_character(module, data):
    """How it is that `data` means nothing."""
    try:
        data.decode(module)
    except UnicodeDecodeError as e:
        if e.reason.startswith("illegal") and e.end - e.start == len(data):
            return NOT_YET
    return NOTHING


def rows_and_pairs(module, found, base):
    """[lead, first last byte, characters] for each row that is not as in the base, and the texts of two characters."""
    rows, pairs = [], []
    leads = {data[:-1] for data in found} | {data[:-1] for data in base}
    for lead in sorted(leads, key=lambda lead: (len(lead), lead)):
        characters = ""
        for data in (lead + bytes([last]) for last in range(256)):
            text = found.get(data)
            assert not text or text not in (AS_IN_BASE, NOTHING, NOT_YET, PAIR)
            if text == base.get(data):
                text = AS_IN_BASE
            elif text and len(text) == 2:
                pairs.append([data.hex(), text])
            characters += PAIR if text and len(text) == 2 else text or no_character(module, data)
        if stripped := characters.strip(AS_IN_BASE):
            rows.append([lead.hex(), characters.index(stripped[0]), stripped])
    return rows, pairs


def four_byte_ranges(module):
    """[first linear index, first code point, number] for each run of GB 18030's four-byte sequences."""
    out = []
    for index in range(126 * 10 * 126 * 10):
        rest, d = divmod(index, 10)
        rest, c = divmod(rest, 126)
        a, b = divmod(rest, 10)
        text = decode_or_none(module, bytes([0x81 + a, 0x30 + b, 0x81 + c, 0x30 + d]))
        if text is None:
            continue
        if out and index == out[-1][0] + out[-1][2] and ord(text) == out[-1][1] + out[-1][2]:
            out[-1][2] += 1
        else:
            out.append([index, ord(text), 1])
    return out


def multi_byte_tables():
    tables, known = {}, {}
    for module, base in MULTI_BYTE.items():
        single = single_bytes(module)
        found = known[module] = sequences(module, single)
        expected = {}
        if base and base[0] == "same":
            expected = known[base[1]]
        elif base:
            places = {bytes([a, b]): place_in_euc([a, b]) for a in range(256) for b in range(256) if single[a] == BEGINS}
            expected = {data: known[base[1]][place] for data, place in places.items() if place in known[base[1]]}
        rows, pairs = rows_and_pairs(module, found, expected)
        ranges = four_byte_ranges(module) if module == "gb18030" else []
        tables[module] = {"single": single, "base": base, "rows": rows, "pairs": pairs, "four_byte_ranges": ranges}
    return tables


# What selects a set of characters in ISO 2022 and HZ: bytes to begin with.
DESIGNATIONS = {
    "hz": ["~{"],
    "iso2022_jp": ["\x1b$B", "\x1b$@", "\x1b(J"],
    "iso2022_jp_1": ["\x1b$B", "\x1b$(D", "\x1b(J"],
    "iso2022_jp_2": ["\x1b$B", "\x1b$(D", "\x1b$(C", "\x1b$A", "\x1b(J", "\x1b(A", "\x1b(F"],
    "iso2022_jp_2004": ["\x1b$B", "\x1b$(Q", "\x1b$(P"],
    "iso2022_jp_3": ["\x1b$B", "\x1b$(O", "\x1b$(P"],
    "iso2022_jp_ext": ["\x1b$B", "\x1b$(D", "\x1b(I", "\x1b(J"],
    "iso2022_kr": ["\x1b$)C\x0e"],
}


def checksum(module, designation):
    """CRC-32 of what any two bytes mean, each pair on a line of its own, so that an implementation can be compared."""
    crc = 0
    for first in range(256):
        lines = (designation + bytes([first, second]) + b"\n" for second in range(256))
        text = b"".join(lines).decode(module, "replace")
        crc = zlib.crc32(text.encode("utf-8", "surrogatepass"), crc)
    return crc


def checksums(modules):
    """[codec, bytes to begin each line with, CRC-32]"""
    out = []
    for module in modules:
        for designation in ["", *DESIGNATIONS.get(module, [])]:
            out.append([module, designation, checksum(module, designation.encode())])
    return out


def nameprep():
    """What `encodings.idna` knows of characters (RFC 3454), which is the state of Unicode 3.2."""
    mapped = {}
    for code_point in range(sys.maxunicode + 1):
        character = chr(code_point)
        text = "" if stringprep.in_table_b1(character) else stringprep.map_table_b2(character)
        if text != character:
            mapped[code_point] = text
    tables = ("c12", "c22", "c3", "c4", "c5", "c6", "c7", "c8", "c9")
    tests = [getattr(stringprep, "in_table_" + table) for table in tables]
    old, new = unicodedata.ucd_3_2_0, unicodedata
    corrected = {}
    for character in map(chr, range(sys.maxunicode + 1)):
        text = old.normalize("NFKD", character)
        if text not in (character, new.normalize("NFKD", character)):
            corrected[ord(character)] = text
    facts = {
        "mapped": list(mapped.items()),
        "prohibited": ranges(lambda cp: any(test(chr(cp)) for test in tests)),
        "right_to_left": ranges(lambda cp: stringprep.in_table_d1(chr(cp))),
        "left_to_right": ranges(lambda cp: stringprep.in_table_d2(chr(cp))),
        "unassigned": ranges(lambda cp: old.category(chr(cp)) == "Cn"),
        "corrected": list(corrected.items()),
    }
    write("nameprep.json", json.dumps(facts, indent=None, ensure_ascii=True) + "\n")


def codecs_of_source():
    names = codec_names()
    single_byte = {}
    not_text = []
    for module in sorted(set(names.values())):
        if not codecs.lookup(module)._is_text_encoding:
            not_text.append(module)
            continue
        try:
            table = single_byte_table(module)
        except UnicodeError:
            continue
        if table and module != "idna":
            undefined = table.find("\ufffe")
            single_byte[module] = {
                "table": table,
                "error": decode_error(module, undefined) if undefined >= 0 else None,
            }
    checked = sorted(set(names.values()) - set(not_text) - {"idna", "punycode", "undefined"})
    facts = {"names": names, "not_text": not_text, "single_byte": single_byte, "checksums": checksums(checked)}
    write_json("codecs.json", facts)
    write("multi_byte_codecs.json", json.dumps(multi_byte_tables(), indent=0, ensure_ascii=False) + "\n")


for collect in (version, asdl, opcodes, tokens, future, static_strings, interned, unicode, codecs_of_source, nameprep):
    collect()
