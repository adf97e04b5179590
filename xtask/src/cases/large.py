"""Writes large.txt into the folder where it runs: programs of very many parts, and what CPython makes of them.

A line is a program: its name, what stands before the parts, the part (`#` is its number), how often, what stands
behind them, then the size and the hash (`_imp.source_hash`) of what a fresh `python -m py_compile` writes behind
the header. Fields are separated by tabs, `\\n` is a line break.
"""

import importlib.util
import os
import pathlib
import platform
import subprocess
import sys

# Arguments of each size: of one byte, of two, and of three.
SIZES = [250, 260, 65_540]

PROGRAMS = []


def program(name, part, count, before="", after=""):
    PROGRAMS.append((name, before, part, count, after))


for size in SIZES:
    program(f"{size} constants", "x = #.5\n", size, after="x = 0.25; y = 'a', 7.5\n")
    program(f"{size} names", "x# = y\n", size, after="z.a = b(c=x0)\ndel d\n")
    program(f"{size} attributes", "x.y#; ", size, "import m\n", "x.z(1)\n")
    program(f"{size} locals", "  x# = a\n", size, "def f(a):\n", "  b = x0, x3\n  del b\n  return a, b\n")
    program(f"{size} cells", " a#,", size, "def f(", "):\n def g(): return a0, a200\n def h(): nonlocal a0; a0 = a249\n")
    program(f"{size} members", " a#,", size, "x = (", ")\n")
    program(f"{size} constant members", " #,", size, "x = [", "]\n")
    program(f"{size} keys", " 'k#': #,", size, "x = {", "}\n")
    program(f"{size} arguments", " a#,", size, "f(", ")\n")
    program(f"{size} imported names", ", a#", size, "from m import b", "\n")
    program(f"{size} targets", "a#, ", size, "", "= b\n")
    program(f"{size} lines between", "\n", size, "f(a,\n", "b)\nc\n")
    program(f"{size} columns between", " ", size, "a; b.c(d", "  ); e\n")
    program(f"{size} characters", "a", size, "x = '", "', b'b'\n")
    program(f"{size} wide characters", "\u20ac", size, "def f():\n  '''", "'''\n")
# Jumps forward and backward over about as much as an argument of a size can tell, in steps of two code units.
for middle in (126, 32_766):
    for count in range(middle - 3, middle + 5):
        program(f"a loop of {count} statements", "  a\n", count, "while b:\n")
        program(f"a condition of {count} statements", "  a\n", count, "if b:\n", "else: c\n")
program("a try of 40000 statements", "  a\n", 40_000, "try:\n", "except b as c: d\nfinally: e\n")
program("a with of 40000 statements", "   a\n", 40_000, "async def f():\n for x in y:\n  async with b:\n", "   continue\n")
program("a million lines between", "\n", 1_000_000, "a\n", "b\n")
program("a million columns between", " ", 1_000_000, "a; b.c(d", "  ); e\n")


def made(before, part, count, after):
    text = before + "".join(part.replace("#", str(index)) for index in range(count)) + after
    pathlib.Path("x.py").write_text(text, encoding="utf-8", newline="\n")
    subprocess.run([sys.executable, "-I", "-m", "py_compile", "x.py"], check=True)
    return pathlib.Path(importlib.util.cache_from_source("x.py")).read_bytes()[16:]


lines = [f"# Written by `cargo xtask cases` from large.py, with CPython {platform.python_version()}.\n"]
for name, before, part, count, after in PROGRAMS:
    pyc = made(before, part, count, after)
    fields = name, before, part, str(count), after, str(len(pyc)), importlib.util.source_hash(pyc).hex()
    lines.append("\t".join(fields).replace("\n", "\\n") + "\n")
os.unlink("x.py")
pathlib.Path("large.txt").write_text("".join(lines), encoding="utf-8", newline="\n")
