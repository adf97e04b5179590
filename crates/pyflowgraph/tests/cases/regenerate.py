"""Writes cases.txt into the folder where it runs: sequences made by hand, and what CPython's optimizer makes of them.

`cargo xtask cases` runs it. A case is a name, the number of locals,
the constants and the instructions: a string is a label, a tuple an opcode, its argument or label, and the
line (0 for no line).
"""

import _testinternalcapi
import opcode
import pathlib
import platform

NUMBERS = opcode.opmap
NAMES = {number: name for name, number in NUMBERS.items()}
TARGETED = {"SETUP_FINALLY", "SETUP_WITH", "SETUP_CLEANUP"}
BINARY = {name: number for number, (name, _) in enumerate(opcode._nb_ops)}
LIST_TO_TUPLE, UNARY_POSITIVE = 6, 5

CASES = []


def case(name, *instructions, consts=(), nlocals=0):
    CASES.append((name, nlocals, list(consts), instructions))


def has_target(name):
    return name in TARGETED or NUMBERS[name] in opcode.hasjrel or NUMBERS[name] in opcode.hasjabs \
        or "JUMP" in name


def load(*indices, line=1):
    return [("LOAD_CONST", index, line) for index in indices]


RETURN = ("RETURN_VALUE", None, 9)

# -- constants: conditions --------------------------------------------------------------------------

for value in (0, 1, None, "", "a", (), 2.5):
    for jump in ("POP_JUMP_IF_TRUE", "POP_JUMP_IF_FALSE"):
        case(f"{jump} on the constant {value!r}",
             *load(0), ("TO_BOOL", None, 1), (jump, "end", 1), *load(1, line=2), ("RETURN_VALUE", None, 2),
             "end", *load(2, line=3), ("RETURN_VALUE", None, 3), consts=(value, "no jump", "jump"))
case("a jump that keeps a constant",
     *load(0), ("JUMP_IF_TRUE", "end", 1), ("POP_TOP", None, 1), *load(1, line=2), "end", RETURN, consts=("a", "b"))
case("a copy of a constant is a constant",
     *load(0), ("COPY", 1, 1), ("TO_BOOL", None, 1), ("POP_JUMP_IF_FALSE", "end", 1), RETURN,
     "end", RETURN, consts=("a",))
for invert in (0, 1):
    for jump in ("POP_JUMP_IF_TRUE", "POP_JUMP_IF_FALSE"):
        case(f"IS_OP {invert} None, {jump}",
             ("LOAD_NAME", 0, 1), *load(0), ("IS_OP", invert, 1), ("TO_BOOL", None, 1), (jump, "end", 1),
             *load(1, line=2), ("RETURN_VALUE", None, 2), "end", *load(2, line=3), ("RETURN_VALUE", None, 3),
             consts=(None, 1, 2))
case("IS_OP with None that no jump follows",
     ("LOAD_NAME", 0, 1), *load(0), ("IS_OP", 0, 1), ("TO_BOOL", None, 1), RETURN, consts=(None,))

# -- constants: operations --------------------------------------------------------------------------

case("an operation on constants keeps its line",
     ("LOAD_CONST", 0, 1), ("LOAD_CONST", 1, 2), ("BINARY_OP", BINARY["NB_ADD"], 3), RETURN, consts=(1000, 2000))
case("nested operations fold from the inside",
     *load(0, 1), ("BINARY_OP", BINARY["NB_ADD"], 1), *load(2), ("BINARY_OP", BINARY["NB_MULTIPLY"], 1), RETURN,
     consts=(1000, 2000, 3))
case("an operation that raises stays",
     *load(0, 1), ("BINARY_OP", BINARY["NB_TRUE_DIVIDE"], 1), RETURN, consts=(1, 0))
case("a result that is a small int needs no constant",
     *load(0, 1), ("BINARY_OP", BINARY["NB_SUBSCR"], 1), RETURN, consts=((7, 8), 1))
case("NOPs between operands do not matter",
     *load(0), ("NOP", None, 1), *load(1), ("NOP", None, 1), ("BINARY_OP", BINARY["NB_ADD"], 1), RETURN,
     consts=("a", "b"))
for name, extra in (("UNARY_NEGATIVE", None), ("UNARY_INVERT", None), ("UNARY_NOT", None),
                    ("CALL_INTRINSIC_1", UNARY_POSITIVE)):
    for value in (5, -300, True, 2.5, "a", None):
        case(f"{name} of {value!r}", *load(0), (name, extra, 1), RETURN, consts=(value,))
case("not of a test inverts it", ("LOAD_NAME", 0, 1), ("LOAD_NAME", 1, 1), ("CONTAINS_OP", 0, 1),
     ("UNARY_NOT", None, 1), RETURN)
case("not not is nothing if a bool is wanted",
     ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1), ("UNARY_NOT", None, 1), ("UNARY_NOT", None, 1), RETURN)
case("conversions to bool are done once",
     ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1), ("TO_BOOL", None, 1), ("TO_BOOL", None, 1), RETURN)
case("a comparison converts itself",
     ("LOAD_NAME", 0, 1), ("LOAD_NAME", 1, 1), ("COMPARE_OP", 72, 1), ("TO_BOOL", None, 1), RETURN)

# Whether a result is one of the operands or only equal to it shows where another instruction loads the operand too:
# the constants that are handed in have not been merged.
ALL, BUT_FIRST = slice(0, 9), slice(1, None)
for operator, left, right in [
        ("ADD", "abc", ""), ("ADD", "", "abc"), ("ADD", "ab", "c"), ("ADD", b"abc", b""), ("ADD", b"", b"abc"),
        ("ADD", (7, 8), ()), ("ADD", (), (7, 8)), ("MULTIPLY", "abc", 1), ("MULTIPLY", True, b"abc"),
        ("MULTIPLY", (7, 8), 1), ("MULTIPLY", "abc", 2), ("SUBSCR", "abc", ALL), ("SUBSCR", b"abc", ALL),
        ("SUBSCR", (7, 8), ALL), ("SUBSCR", "abc", BUT_FIRST), ("SUBSCR", "\xe9\u20ac", ALL),
        ("REMAINDER", 1000, 2**30), ("REMAINDER", 1000, 1001), ("REMAINDER", -2**30, -2**31), ("REMAINDER", -2**30, 2**31),
        ("REMAINDER", 2**31, 2**31 + 1), ("REMAINDER", 2**31, 2**32), ("RSHIFT", -2**30, 0), ("RSHIFT", -2**30 + 1, 0),
        ("RSHIFT", 2**30, 0), ("ADD", 1000, 0), ("MULTIPLY", 2.5, 1), ("POWER", 1000, 1)]:
    case(f"{left!r} {operator} {right!r}: the operand itself or an equal object", *load(0), ("STORE_NAME", 0, 1),
         *load(1), ("STORE_NAME", 0, 1), *load(0, 1), ("BINARY_OP", BINARY[f"NB_{operator}"], 2), RETURN,
         consts=(left, right))

# -- constants: displays ----------------------------------------------------------------------------

case("a tuple of constants", *load(0, 1, 2), ("BUILD_TUPLE", 3, 1), RETURN, consts=(1, "a", None))
case("a tuple of tuples", *load(0, 1), ("BUILD_TUPLE", 2, 1), *load(2), ("BUILD_TUPLE", 2, 1), RETURN,
     consts=(1, 2, 3))
case("an empty tuple", ("BUILD_TUPLE", 0, 1), RETURN)
case("a tuple that is not constant", *load(0), ("LOAD_NAME", 0, 1), ("BUILD_TUPLE", 2, 1), RETURN, consts=(1,))
case("a tuple of 31", *load(*[0] * 31), ("BUILD_TUPLE", 31, 1), RETURN, consts=(1,))
for build in ("BUILD_LIST", "BUILD_SET"):
    for size in (0, 2, 3):
        loads = load(*range(size))
        consts = ("a", "b", "c")
        case(f"{build} {size}", *loads, (build, size, 1), RETURN, consts=consts)
        case(f"{build} {size} to iterate over", *loads, (build, size, 1), ("GET_ITER", None, 1), RETURN,
             consts=consts)
        case(f"{build} {size} to search", ("LOAD_NAME", 0, 1), *loads, (build, size, 1), ("CONTAINS_OP", 0, 1),
             RETURN, consts=consts)
case("a list of names to iterate over is a tuple",
     ("LOAD_NAME", 0, 1), ("LOAD_NAME", 1, 1), ("BUILD_LIST", 2, 1), ("GET_ITER", None, 1), RETURN)
case("a set of equal constants", ("LOAD_NAME", 0, 1), *load(0, 1, 2), ("BUILD_SET", 3, 1), ("CONTAINS_OP", 0, 1),
     RETURN, consts=(1, True, 1.0))
for build, append in (("BUILD_LIST", "LIST_APPEND"), ("BUILD_SET", "SET_ADD")):
    appended = [(build, 0, 1)]
    for index in range(3):
        appended += [*load(index, line=2 + index), (append, 1, 1)]
    for after in ("GET_ITER", "CONTAINS_OP", "STORE_NAME"):
        arg = None if after == "GET_ITER" else 0
        tail = [] if after != "STORE_NAME" else [("LOAD_NAME", 0, 1)]
        case(f"constants appended one by one with {append}, then {after}",
             ("LOAD_NAME", 0, 1), *appended, (after, arg, 1), *tail, RETURN, consts=("a", "b", "c"))
    if append == "LIST_APPEND":
        case("constants appended one by one, then made a tuple", *appended,
             ("CALL_INTRINSIC_1", LIST_TO_TUPLE, 1), RETURN, consts=("a", "b", "c"))
        case("names appended one by one, then made a tuple to iterate over",
             ("BUILD_LIST", 0, 1), ("LOAD_NAME", 0, 1), ("LIST_APPEND", 1, 1),
             ("CALL_INTRINSIC_1", LIST_TO_TUPLE, 1), ("GET_ITER", None, 1), RETURN)
case("a tuple that is unpacked at once: one", ("LOAD_NAME", 0, 1), ("BUILD_TUPLE", 1, 1),
     ("UNPACK_SEQUENCE", 1, 1), RETURN)
for size in (2, 3, 4):
    case(f"a tuple that is unpacked at once: {size}", *[("LOAD_NAME", i, 1) for i in range(size)],
         ("BUILD_TUPLE", size, 1), ("UNPACK_SEQUENCE", size, 1), *[("STORE_NAME", i, 1) for i in range(size)],
         *load(0), RETURN, consts=(None,))
case("unused constants go, but not the first", *load(2), RETURN, consts=("doc", "a", "b", "c"))
case("loads that are popped at once go", *load(0), ("POP_TOP", None, 1), ("LOAD_NAME", 0, 1), ("COPY", 1, 1),
     ("POP_TOP", None, 1), RETURN, consts=(1000,))

# -- jumps ------------------------------------------------------------------------------------------

for jump in ("POP_JUMP_IF_TRUE", "POP_JUMP_IF_FALSE", "POP_JUMP_IF_NONE", "POP_JUMP_IF_NOT_NONE"):
    case(f"{jump} to a jump", ("LOAD_NAME", 0, 1), (jump, "middle", 2), *load(0, line=3),
         ("RETURN_VALUE", None, 3), "middle", ("JUMP", "end", 4), *load(1, line=5), ("RETURN_VALUE", None, 5),
         "end", *load(2, line=6), ("POP_TOP", None, 6), ("LOAD_NAME", 1, 7), ("LOAD_NAME", 1, 7),
         ("BUILD_TUPLE", 2, 7), RETURN, consts=("a", "b", "c"))
for first in ("JUMP_IF_TRUE", "JUMP_IF_FALSE"):
    for second in ("JUMP_IF_TRUE", "JUMP_IF_FALSE"):
        case(f"{first} to {second}", ("LOAD_NAME", 0, 1), (first, "middle", 2), ("POP_TOP", None, 2),
             ("LOAD_NAME", 1, 3), "middle", (second, "end", 4), ("POP_TOP", None, 4), ("LOAD_NAME", 2, 5),
             "end", ("LOAD_NAME", 3, 6), ("BUILD_TUPLE", 2, 6), RETURN)
for first in ("JUMP", "JUMP_NO_INTERRUPT"):
    for second in ("JUMP", "JUMP_NO_INTERRUPT"):
        case(f"{first} to {second}", ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1), ("POP_JUMP_IF_FALSE", "other", 1),
             (first, "middle", 2), "other", ("LOAD_NAME", 1, 3), ("POP_TOP", None, 3),
             "middle", (second, "end", 4), ("NOP", None, 5), "end", ("LOAD_NAME", 2, 6), RETURN)
case("a jump to a jump to itself", ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1), ("POP_JUMP_IF_FALSE", "loop", 1),
     *load(0, line=2), ("RETURN_VALUE", None, 2), "loop", ("JUMP", "loop", 3), consts=(None,))
case("a jump to a small exit copies it", ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1), ("POP_JUMP_IF_FALSE", "no", 1),
     ("JUMP", "exit", 2), "no", ("LOAD_NAME", 1, 3), ("POP_TOP", None, 3), "exit", *load(0, line=4),
     ("RETURN_VALUE", None, 4), consts=("a",))
case("a jump to code without line copies it", ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1),
     ("POP_JUMP_IF_FALSE", "no", 1), ("JUMP", "tail", 2), "no", ("LOAD_NAME", 1, 3), ("POP_TOP", None, 3),
     "tail", ("LOAD_NAME", 2, 0), ("POP_TOP", None, 0), ("LOAD_NAME", 2, 0), ("POP_TOP", None, 0),
     ("LOAD_NAME", 2, 0), ("RETURN_VALUE", None, 0))
case("exits without line take that of each way in", ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1),
     ("POP_JUMP_IF_FALSE", "exit", 1), ("LOAD_NAME", 0, 2), ("TO_BOOL", None, 2), ("POP_JUMP_IF_FALSE", "exit", 2),
     ("LOAD_NAME", 1, 3), ("POP_TOP", None, 3), "exit", *load(0, line=0), ("RETURN_VALUE", None, 0), consts=(None,))
case("code after a return goes", *load(0), ("RETURN_VALUE", None, 1), *load(1, line=2), ("RETURN_VALUE", None, 2),
     consts=("a", "b"))
case("a jump to what follows goes, its line stays", ("LOAD_NAME", 0, 1), ("POP_TOP", None, 1), ("JUMP", "next", 2),
     "next", ("LOAD_NAME", 1, 3), RETURN)
case("a loop", "top", ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1), ("POP_JUMP_IF_FALSE", "end", 1),
     ("LOAD_NAME", 1, 2), ("POP_TOP", None, 2), ("JUMP", "top", 0), "end", *load(0, line=0),
     ("RETURN_VALUE", None, 0), consts=(None,))

# -- locals -----------------------------------------------------------------------------------------

case("a load of an unbound local is checked once", ("LOAD_FAST", 0, 1), ("POP_TOP", None, 1), ("LOAD_FAST", 0, 2),
     RETURN, nlocals=1)
case("a local that is bound on one way only", ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1),
     ("POP_JUMP_IF_FALSE", "no", 1), *load(0, line=2), ("STORE_FAST", 0, 2), "no", ("LOAD_FAST", 0, 3), RETURN,
     consts=(1000,), nlocals=1)
case("a local that is bound on both ways", ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1),
     ("POP_JUMP_IF_FALSE", "no", 1), *load(0, line=2), ("STORE_FAST", 0, 2), ("JUMP", "end", 2),
     "no", *load(0, line=3), ("STORE_FAST", 0, 3), "end", ("LOAD_FAST", 0, 4), RETURN, consts=(1000,), nlocals=1)
case("a local that is deleted in a loop", *load(0), ("STORE_FAST", 0, 1), "top", ("LOAD_FAST", 0, 2),
     ("POP_TOP", None, 2), ("DELETE_FAST", 0, 3), ("JUMP", "top", 4), consts=(1000,), nlocals=1)
case("a local beyond the 64th is followed in its block only", *load(0), ("STORE_FAST", 70, 1), ("LOAD_FAST", 70, 2),
     ("TO_BOOL", None, 2), ("POP_JUMP_IF_FALSE", "end", 2), "end", ("LOAD_FAST", 70, 3), RETURN, consts=(1000,),
     nlocals=80)
case("loads and stores on a line are joined", *load(0, 0), ("STORE_FAST", 0, 1), ("STORE_FAST", 1, 1),
     ("LOAD_FAST", 0, 2), ("LOAD_FAST", 1, 2), ("BUILD_TUPLE", 2, 2), ("STORE_FAST", 2, 3), ("LOAD_FAST", 2, 3),
     RETURN, consts=(1000,), nlocals=3)
case("loads on two lines or of high locals are not", *load(0), ("STORE_FAST", 0, 1), *load(0), ("STORE_FAST", 20, 1),
     ("LOAD_FAST", 0, 2), ("LOAD_FAST", 0, 3), ("LOAD_FAST", 20, 3), ("BUILD_TUPLE", 3, 3), RETURN, consts=(1000,),
     nlocals=30)
case("a reference that is stored is not borrowed", *load(0), ("STORE_FAST", 0, 1), ("LOAD_FAST", 0, 2),
     ("NOP", None, 2), ("STORE_FAST", 1, 3), ("LOAD_FAST", 0, 4), RETURN, consts=(1000,), nlocals=2)
case("a reference whose local is overwritten is not borrowed", *load(0), ("STORE_FAST", 0, 1), ("LOAD_FAST", 0, 2),
     *load(0, line=3), ("STORE_FAST", 0, 3), RETURN, consts=(1000,), nlocals=1)
case("a reference that outlives its block is not borrowed", *load(0), ("STORE_FAST", 0, 1), ("LOAD_FAST", 0, 2),
     ("LOAD_NAME", 0, 2), ("TO_BOOL", None, 2), ("POP_JUMP_IF_FALSE", "end", 2), "end", RETURN, consts=(1000,),
     nlocals=1)
case("a copy is as good as its original", *load(0), ("STORE_FAST", 0, 1), ("LOAD_FAST", 0, 2), ("COPY", 1, 2),
     ("STORE_FAST", 1, 2), RETURN, consts=(1000,), nlocals=2)
case("a method call may leave the object on the stack", *load(0), ("STORE_FAST", 0, 1), ("LOAD_FAST", 0, 2),
     ("LOAD_ATTR", 1, 2), ("STORE_FAST", 1, 2), ("STORE_FAST", 2, 3), *load(0, line=4), RETURN, consts=(1000,),
     nlocals=3)
case("what GET_LEN pushes counts as made by the first instruction", *load(0), ("STORE_FAST", 0, 1),
     ("LOAD_NAME", 0, 2), ("TO_BOOL", None, 2), ("POP_JUMP_IF_FALSE", "next", 2), "next", ("LOAD_FAST", 0, 3),
     ("GET_LEN", None, 3), ("STORE_FAST", 1, 4), RETURN, consts=(1000,), nlocals=2)
for opcode_name, arg in (("LOAD_FAST_BORROW", 0), ("LOAD_FAST_BORROW_LOAD_FAST_BORROW", 1)):
    case(f"a load that borrowed before goes on doing so: {opcode_name}, GET_LEN", *load(0), ("STORE_FAST", 0, 1), *load(0),
         ("STORE_FAST", 1, 1), ("LOAD_NAME", 0, 2), ("TO_BOOL", None, 2), ("POP_JUMP_IF_FALSE", "next", 2), "next",
         (opcode_name, arg, 3), ("GET_LEN", None, 3), ("STORE_FAST", 1, 4), RETURN, consts=(1000,), nlocals=2)
case("a store that is overwritten at once", *load(0, 0), ("STORE_FAST", 0, 1), ("STORE_FAST", 0, 1),
     ("LOAD_FAST", 0, 2), RETURN, consts=(1000,), nlocals=1)
case("the same on two lines", *load(0, 0), ("STORE_FAST", 0, 1), ("STORE_FAST", 0, 2), ("LOAD_FAST", 0, 3), RETURN,
     consts=(1000,), nlocals=1)

# -- swaps ------------------------------------------------------------------------------------------

def swaps(name, *args, tail):
    names = [("LOAD_NAME", index, 1) for index in range(4)]
    case(name, *names, *[("SWAP", arg, 1) if arg else ("NOP", None, 1) for arg in args], *tail,
         ("BUILD_TUPLE", 4 - sum(op != "NOP" for op, *_ in tail), 2), RETURN, nlocals=3)


swaps("one swap stays", 2, tail=[])
swaps("a swap with itself goes", 1, tail=[])
swaps("two equal swaps undo each other", 3, 3, tail=[])
swaps("a rotation of three", 2, 3, tail=[])
swaps("four swaps that are two", 2, 3, 2, 3, tail=[])
swaps("swaps with NOPs between them", 2, 0, 3, 0, 2, tail=[])
swaps("a reversal of four", 4, 3, 4, 2, 3, 2, tail=[])
swaps("a swap of two stores", 2, tail=[("STORE_FAST", 0, 1), ("STORE_FAST", 1, 1)])
swaps("a swap of a store and a pop", 2, tail=[("STORE_FAST", 0, 1), ("POP_TOP", None, 1)])
swaps("a swap of three stores", 3, tail=[("STORE_FAST", 0, 1), ("STORE_FAST", 1, 1), ("STORE_FAST", 2, 1)])
swaps("two swaps of three stores", 3, 2, tail=[("STORE_FAST", 0, 1), ("STORE_FAST", 1, 1), ("STORE_FAST", 2, 1)])
swaps("a swap of stores to one local", 2, tail=[("STORE_FAST", 0, 1), ("STORE_FAST", 0, 1)])
swaps("a swap over a store to one of the locals", 3,
      tail=[("STORE_FAST", 0, 1), ("STORE_FAST", 1, 1), ("STORE_FAST", 0, 1)])
swaps("a swap of stores on two lines", 2, tail=[("STORE_FAST", 0, 1), ("STORE_FAST", 1, 2)])
swaps("a swap over another store to the first of the locals", 4,
      tail=[("STORE_FAST", 0, 1), ("STORE_FAST", 1, 1), ("STORE_FAST", 0, 1), ("STORE_FAST", 2, 1)])
case("a swap of stores of which the first has no line", ("LOAD_NAME", 0, 0), ("LOAD_NAME", 1, 0), ("SWAP", 2, 0),
     ("STORE_FAST", 0, 0), ("STORE_FAST", 1, 2), ("LOAD_FAST", 0, 2), RETURN, nlocals=2)

# -- exceptions -------------------------------------------------------------------------------------

TRY = [("SETUP_FINALLY", "handler", 1), ("LOAD_NAME", 0, 2), ("POP_TOP", None, 2), ("POP_BLOCK", None, 0),
       ("JUMP", "end", 0), "handler", ("SETUP_CLEANUP", "cleanup", 0), ("PUSH_EXC_INFO", None, 0)]
CLEANUP = ["cleanup", ("COPY", 3, 0), ("POP_EXCEPT", None, 0), ("RERAISE", 1, 0)]
case("handlers go to the end", *TRY, ("POP_TOP", None, 3), ("LOAD_NAME", 1, 4), ("POP_TOP", None, 4),
     ("POP_BLOCK", None, 0), ("POP_EXCEPT", None, 0), ("JUMP", "end", 0), ("RERAISE", 0, 0), *CLEANUP,
     "end", ("LOAD_NAME", 2, 5), RETURN)
case("a local that a handler sees unbound", *TRY, ("POP_TOP", None, 3), ("LOAD_FAST", 0, 4), ("POP_TOP", None, 4),
     ("POP_BLOCK", None, 0), ("POP_EXCEPT", None, 0), ("JUMP", "end", 0), *CLEANUP,
     "end", ("LOAD_NAME", 2, 5), ("STORE_FAST", 0, 5), ("LOAD_FAST", 0, 6), RETURN, nlocals=1)

# -- lines ------------------------------------------------------------------------------------------

case("an exit without line is copied for all that jump to it but the last",
     ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1), ("POP_JUMP_IF_FALSE", "end", 1),
     ("LOAD_NAME", 1, 2), ("TO_BOOL", None, 2), ("POP_JUMP_IF_FALSE", "end", 2),
     ("LOAD_NAME", 2, 3), ("RETURN_VALUE", None, 3), "end", *load(0, line=0), ("RETURN_VALUE", None, 0), consts=("a",))

# -- unbound locals ---------------------------------------------------------------------------------

for clears in ("LOAD_FAST_AND_CLEAR", "DELETE_FAST"):
    for local in (1, 66):
        pushed = clears == "LOAD_FAST_AND_CLEAR"
        case(f"{clears} of local {local} of 70",
             ("LOAD_NAME", 0, 1), ("STORE_FAST", local, 1), ("LOAD_FAST", local, 2), (clears, local, 2),
             ("LOAD_FAST", local, 3), ("BUILD_TUPLE", 2 + pushed, 3), RETURN, nlocals=70)

# -- what makes no sense ----------------------------------------------------------------------------

case("too little on the stack", ("POP_TOP", None, 3), *load(0), RETURN, consts=(None,))
case("two depths", ("LOAD_NAME", 0, 1), ("LOAD_NAME", 0, 1), ("TO_BOOL", None, 1), ("POP_JUMP_IF_FALSE", "end", 1),
     ("POP_TOP", None, 2), "end", ("LOAD_NAME", 0, 3), ("LOAD_NAME", 0, 3), RETURN)


# -- writing ----------------------------------------------------------------------------------------

def sequence_of(instructions):
    sequence = _testinternalcapi.new_instruction_sequence()
    labels = {name: sequence.new_label() for name in instructions if isinstance(name, str)}
    for instruction in instructions:
        if isinstance(instruction, str):
            sequence.use_label(labels[instruction])
            continue
        name, arg, line = instruction
        location = (line, line, 0, 1) if line else (-1, -1, -1, -1)
        sequence.addop(NUMBERS[name], labels[arg] if isinstance(arg, str) else arg or 0, *location)
    return sequence


def written_input(instructions):
    places, lines = {}, []
    for instruction in instructions:
        if isinstance(instruction, str):
            places[instruction] = len(lines)
        else:
            lines.append(instruction)
    for index, (name, arg, line) in enumerate(lines):
        location = f"{line}:0-{line}:1" if line else "none"
        text = f" -> {places[arg]}" if isinstance(arg, str) else "" if arg is None else f" {arg}"
        yield f"{index}: {name}{text} @{location}"


def written_output(sequence):
    for index, (number, arg, *location) in enumerate(sequence.get_instructions()):
        name = NAMES[number]
        line, end_line, column, end_column = ("?" if n == -1 else n for n in location)
        location = "none" if line == "?" else f"{line}:{column}-{end_line}:{end_column}"
        text = "" if arg is None else f" -> {arg}" if has_target(name) else f" {arg}"
        yield f"{index}: {name}{text} @{location}"


def constant(value):
    match value:
        case str():
            return '"' + "".join(c if " " <= c <= "~" else f"\\u{{{ord(c):x}}}" for c in value) + '"'
        case bytes():
            return f'b"{value.decode("ascii")}"'
        case slice():
            return f"slice({value.start}, {value.stop}, {value.step})"
        case tuple():
            return f"({', '.join(map(constant, value))})"
        case frozenset():
            return f"frozenset({', '.join(sorted(map(constant, value)))})"
        case _:
            return repr(value)


def written(name, nlocals, consts, instructions):
    yield f"== {name}"
    yield f"nlocals {nlocals}"
    yield from (f"const {constant(value)}" for value in consts)
    yield "in"
    yield from written_input(instructions)
    try:
        optimized = _testinternalcapi.optimize_cfg(sequence_of(instructions), consts, nlocals)
    except ValueError as error:
        yield f"error {error}"
    else:
        yield "out"
        yield from written_output(optimized)
        yield from (f"const {constant(value)}" for value in consts)
    yield ""


text = "\n".join(line for one in CASES for line in written(*one))
header = f"# Written by `cargo xtask cases` from regenerate.py, with CPython {platform.python_version()}.\n\n"
pathlib.Path("cases.txt").write_text(header + text)
