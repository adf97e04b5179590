"""Instruction sequences and constants of CPython's as text: what stands before the scripts that use them."""

import os
import re
import struct

import _opcode
import _testinternalcapi
import opcode

OPNAMES = {number: name for name, number in opcode.opmap.items()}
HAS_TARGET = {*opcode.hasjump, *opcode.hasjrel, *opcode.hasexc}
HAS_ARG = {number for number in OPNAMES if _opcode.has_arg(number)}


def in_child(function, *arguments):
    """The bytes that `function(*arguments)` gives, made in a child that ends at once.

    What `_testinternalcapi` gives away is counted wrongly here and there; a process that goes on after
    a call crashes sooner or later."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        with open(write, "wb") as f:
            f.write(function(*arguments))
        os._exit(0)
    os.close(write)
    with open(read, "rb") as f:
        answer = f.read()
    _, status = os.waitpid(pid, 0)
    if status != 0:
        os._exit(1)
    return answer


def relabelled(instructions):
    """A new sequence of the same instructions: the targets of one that codegen has finished are plain
    numbers, on which `optimize_cfg` crashes."""
    sequence = _testinternalcapi.new_instruction_sequence()
    labels = {arg: sequence.new_label() for op, arg, *_ in instructions if op in HAS_TARGET}
    for index, (op, arg, *location) in enumerate(instructions):
        if index in labels:
            sequence.use_label(labels[index])
        sequence.addop(op, labels[arg] if op in HAS_TARGET else arg or 0, *location)
    return sequence


def write_sequences(out, sequence):
    """The sequence of each unit, children before parents."""
    for nested in sequence.get_nested():
        write_sequences(out, nested)
    out.append("unit\n")
    write_instructions(out, sequence)


def write_instructions(out, sequence):
    for index, (op, arg, line, end_line, col, end_col) in enumerate(sequence.get_instructions()):
        if op in HAS_TARGET:
            argument = f" -> {arg}"
        else:
            argument = f" {arg or 0}" if arg or op in HAS_ARG else ""
        location = f"{line}:{col}-{end_line}:{end_col}" if min(line, col, end_line, end_col) >= 0 \
            else partial_location(line, col, end_line, end_col)
        out.append(f"{index}: {OPNAMES[op]}{argument} @{location}\n")


def partial_location(*numbers):
    if set(numbers) == {-1}:
        return "none"
    if set(numbers) == {-2}:
        return "next"
    return "{}:{}-{}:{}".format(*("?" if number == -1 else number for number in numbers))


def write_consts(out, consts, numbers):
    """Constants one a line; code objects by number, in the order in which they first came."""
    out.append("consts\n")
    for const in consts:
        text = f"unit{numbers.setdefault(id(const), len(numbers))}" if hasattr(const, "co_code") else constant(const)
        out.append(f"{text}\n")


def constant(value):
    match value:
        case str():
            inner = (c if " " <= c <= "~" and c not in '"\\' else "\\" + c if c in '"\\' else f"\\u{{{ord(c):x}}}"
                     for c in value)
            return '"' + "".join(inner) + '"'
        case bytes():
            inner = (chr(c) if 32 <= c < 127 and c not in b'"\\' else f"\\{c:c}" if c in b'"\\' else f"\\x{c:02x}"
                     for c in value)
            return 'b"' + "".join(inner) + '"'
        case float():
            return "nan:" + struct.pack(">d", value).hex() if value != value \
                else re.sub(r"e\+?(-?)0*", r"e\1", repr(value))
        case complex():
            return f"complex({constant(value.real)}, {constant(value.imag)})"
        case tuple():
            return f"({', '.join(map(constant, value))})"
        case frozenset():
            return f"frozenset({', '.join(sorted(map(constant, value)))})"
        case slice():
            return f"slice({constant(value.start)}, {constant(value.stop)}, {constant(value.step)})"
        case _:
            return repr(value)


