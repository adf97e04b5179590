"""What CPython's flow graph and its assembler make of code units that are handed in, as text.

Request:  `ITEM LENGTH`, newline, as many bytes: a marshalled tuple of units (see `xtask/src/units/mod.rs`)
Answer:   `ok LENGTH` or `error LENGTH`, newline, then as many bytes: the text or the exception

For each unit: the sequence after `optimize_cfg` and its constants, then the code object that
`assemble_code_object` makes of that. (`sequences.py` stands before this.)
"""

import marshal
import struct
import sys

import _testinternalcapi
import opcode

sys.set_int_max_str_digits(0)
INSTRUCTION = struct.Struct("<6i")
# CO_MAXBLOCKS
MAX_BLOCKS = 21
FIELDS = ["name", "qualname", "names", "varnames", "cellvars", "freevars", "fasthidden", "argcount",
          "posonlyargcount", "kwonlyargcount", "firstlineno"]


def text_of_units(payload):
    out = []
    for packed, consts, *metadata in marshal.loads(payload):
        out.append("== unit\n")
        metadata, consts = dict(zip(FIELDS, metadata)), list(consts)
        sequence = relabelled(list(INSTRUCTION.iter_unpack(packed)))
        try:
            optimized = _testinternalcapi.optimize_cfg(sequence, consts, len(metadata["varnames"]))
            write_instructions(out, optimized)
            write_consts(out, consts, {})
            if block_pushes(optimized) > MAX_BLOCKS:
                out.append("code too nested\n")
            else:
                write_code(out, assembled(optimized, consts, metadata))
        except Exception as e:
            out.append(f"{type(e).__name__}: {e}\n")
    return "".join(out).encode("utf-8", "surrogatepass")


def block_pushes(sequence):
    """How many blocks are entered. `optimize_cfg` takes out where they are left, and of nested ones CPython's
    stack of handlers has room for no more than MAX_BLOCKS."""
    return sum(instr[0] in opcode.hasexc for instr in sequence.get_instructions())


def assembled(optimized, consts, metadata):
    for field in FIELDS:
        if isinstance(metadata[field], tuple):
            # Free variables are counted on from the cells.
            first = len(metadata["cellvars"]) if field == "freevars" else 0
            metadata[field] = {name: first + index for index, name in enumerate(metadata[field])}
    # Equal constants are several keys; of a tuple the second item is taken.
    metadata["consts"] = {(index, const): index for index, const in enumerate(consts)}
    sequence = relabelled(optimized.get_instructions())
    return _testinternalcapi.assemble_code_object("units.py", sequence, metadata)


def write_code(out, code):
    out.append(f"code {code.co_name} {code.co_qualname} line {code.co_firstlineno} stack {code.co_stacksize} "
               f"arguments {code.co_argcount} {code.co_posonlyargcount} {code.co_kwonlyargcount}\n"
               f"names {' '.join(code.co_names)}\nlocals {' '.join(code.co_varnames)}\n"
               f"cells {' '.join(code.co_cellvars)}\nfree {' '.join(code.co_freevars)}\n"
               f"bytecode {code.co_code.hex()}\nlines {code.co_linetable.hex()}\n"
               f"handlers {code.co_exceptiontable.hex()}\n")


for line in sys.stdin.buffer:
    _, length = line.split(None, 1)
    if length.strip().isdigit():
        answer = in_child(text_of_units, sys.stdin.buffer.read(int(length)))
        sys.stdout.buffer.write(b"ok %d\n%s" % (len(answer), answer))
    else:
        # A path: there is nothing to hand in.
        sys.stdout.buffer.write(b"error 0\n")
    sys.stdout.buffer.flush()
