"""Writes folding.txt into the folder where it runs: operations on constants, and what CPython's optimizer folds them
to, if it does.

`cargo xtask cases` runs it. Each line is an operator, the operands
and the result, separated by tabs; `-` stands for "not folded". NaNs are no operands here: the sign of what
an operation makes of one depends on how the C compiler orders the operands.
"""

import _testinternalcapi
import math
import opcode
import pathlib
import platform
import random
import struct
import warnings

warnings.simplefilter("ignore")
random.seed(314)
NUMBERS = opcode.opmap
BINARY = {"+": 0, "&": 1, "//": 2, "<<": 3, "@": 4, "*": 5, "%": 6, "|": 7, "**": 8, ">>": 9, "-": 10, "/": 11,
          "^": 12, "[]": 26}
UNARY = {"neg": ("UNARY_NEGATIVE", 0), "invert": ("UNARY_INVERT", 0), "not": ("UNARY_NOT", 0),
         "pos": ("CALL_INTRINSIC_1", 5)}
INF = math.inf

FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, 3.0, -3.0, 2.5, -2.5, 0.1, 7.1, -7.1, 1e308, -1e308, 5e-324, 1e-300,
          9007199254740993.0, INF, -INF, 100.0, 101.0]
INTS = [0, 1, -1, 2, -2, 3, -3, 7, -7, 12, 13, 40, 41, 63, 64, 127, 128, 129, 255, 256, 2**31, 2**53 + 1, -2**53 - 1, 2**63,
        -2**63, 2**64 - 1, 2**100, -2**100, 2**127, 2**128, 2**1023, 2**1024 - 2**970 - 1, 2**1024 - 2**970, 2**1024,
        10**25, 3**200, -3**200]
COMPLEX = [complex(a, b) for a in (0.0, -0.0, 1.0, -1.5, INF, 1e308) for b in (0.0, -0.0, 2.0, -1.0, INF)]
SEQUENCES = ["", "a", "abc", "\xe9\u20ac\U0001f600", "\ud800x", "x" * 100, b"", b"a", b"abc\xff",
             (), (1,), (1, (2, 3), "a"), tuple(range(20)), ((1, 2),) * 10]
INDICES = [0, 1, -1, 2, -4, 100, 2**70, True, slice(None, None, None), slice(1, None, None), slice(None, -1, None),
           slice(None, None, -1), slice(2, 0, -1), slice(0, 2**70, 2), slice(-2**70, None, 3), slice(None, None, 0),
           slice("a", None, None)]
OTHERS = [None, ..., True, False]


def fold(operation, operands):
    sequence = _testinternalcapi.new_instruction_sequence()
    for index in range(len(operands)):
        sequence.addop(NUMBERS["LOAD_CONST"], index, 1, 1, 0, 0)
    sequence.addop(*operation, 1, 1, 0, 0)
    sequence.addop(NUMBERS["RETURN_VALUE"], 0, 1, 1, 0, 0)
    consts = list(operands)
    first, *rest = _testinternalcapi.optimize_cfg(sequence, consts, 0).get_instructions()
    if len(rest) != 1:
        return "-"
    return constant(consts[first[1]] if first[0] == NUMBERS["LOAD_CONST"] else first[1])


def constant(value):
    match value:
        case str():
            return '"' + "".join(c if " " <= c <= "~" else f"\\u{{{ord(c):x}}}" for c in value) + '"'
        case bytes():
            return 'b"' + "".join(chr(c) if 32 <= c < 127 else f"\\x{c:02x}" for c in value) + '"'
        case float() if value != value:
            return "nan:" + struct.pack(">d", value).hex()
        case complex():
            return f"complex({constant(value.real)}, {constant(value.imag)})"
        case tuple():
            return f"({', '.join(map(constant, value))})"
        case slice():
            return f"slice({constant(value.start)}, {constant(value.stop)}, {constant(value.step)})"
        case _:
            return repr(value)


def pairs():
    for operator in BINARY:
        groups = [(INTS, INTS), (FLOATS, FLOATS), (COMPLEX, COMPLEX), (INTS, FLOATS), (FLOATS, COMPLEX),
                  (INTS, COMPLEX), (SEQUENCES, SEQUENCES), (SEQUENCES, INTS), (OTHERS, OTHERS + INTS)]
        for left, right in groups:
            every = [(a, b) for a in left for b in right] + [(b, a) for a in left for b in right]
            for a, b in random.sample(every, 12):
                yield operator, a, b
    for container in SEQUENCES:
        for index in INDICES:
            yield "[]", container, index
    for _ in range(300):
        digits = random.choice([64, 200, 1100])
        yield "/", random.getrandbits(digits), -random.getrandbits(random.choice([10, 64, 200, 1100])) or 1
        a, b = (random.uniform(-50, 50) for _ in range(2))
        yield random.choice(["//", "%", "**"]), a, b
        yield random.choice(["*", "/", "**"]), complex(a, b), complex(b, -a)


lines = [f"# Written by `cargo xtask cases` from regenerate.py, with CPython {platform.python_version()}."]
for name, (instruction, arg) in UNARY.items():
    for value in INTS + FLOATS + COMPLEX[:6] + SEQUENCES + OTHERS:
        lines.append("\t".join([name, constant(value), fold((NUMBERS[instruction], arg), [value])]))
for operator, a, b in pairs():
    result = fold((NUMBERS["BINARY_OP"], BINARY[operator]), [a, b])
    if len(result) < 300:
        lines.append("\t".join([operator, constant(a), constant(b), result]))
pathlib.Path("folding.txt").write_text("\n".join(lines) + "\n")
