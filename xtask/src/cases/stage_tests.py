"""Writes codegen.txt, flowgraph.txt and assemble.txt into the folder where it runs: what CPython's own tests hand to
each stage of its compiler, and what the stage makes of that.

The tests run with the entry points of the stages (`_testinternalcapi`) wrapped. What they expect does not matter here:
the outcome is what the stage answers. (`sequences.py` stands before this.)
"""

import ast
import pathlib
import platform
import sys
import unittest

from test import test_compiler_assemble, test_compiler_codegen, test_peepholer
from test.support import bytecode_helper

# The entry points, and the tests that call them.
ENTRIES = {"codegen": "compiler_codegen", "flowgraph": "optimize_cfg", "assemble": "assemble_code_object"}
TESTS = [test_compiler_codegen.IsolatedCodeGenTests, test_peepholer.DirectCfgOptimizerTests,
         test_peepholer.OptimizeLoadFastTestCase, test_compiler_assemble.IsolatedAssembleTests]
NAME_LISTS = ["names", "varnames", "cellvars", "freevars", "fasthidden"]
CASES, MODULES = {stage: [] for stage in ENTRIES}, {stage: set() for stage in ENTRIES}
INPUTS = {}
CURRENT = []

compiler_codegen = _testinternalcapi.compiler_codegen
optimize_cfg = _testinternalcapi.optimize_cfg
assemble_code_object = _testinternalcapi.assemble_code_object
seq_from_insts = bytecode_helper.CompilationStepTestCase.seq_from_insts


class Given:
    """A sequence as a test writes it, labels resolved."""

    def __init__(self, insts):
        places, self.instructions = {}, []
        for item in insts:
            if isinstance(item, tuple):
                self.instructions.append(item)
            else:
                places[item] = len(self.instructions)
        self.instructions = [self.resolved(places, *item) for item in self.instructions]

    def resolved(self, places, op, arg=None, *location):
        op = opcode.opmap[op] if isinstance(op, str) else op
        return op, places.get(arg, arg) if arg is not None else None, *location, *[-1] * (4 - len(location))

    def get_instructions(self):
        return self.instructions


def remembering(self, insts):
    sequence = seq_from_insts(self, insts)
    INPUTS[id(sequence)] = sequence, Given(insts)
    return sequence


def given(sequence):
    """What a test wrote; else the sequence itself, which code generation made."""
    _, instructions = INPUTS.get(id(sequence), (None, sequence))
    return instructions


def add_case(stage, *lines):
    *_, module, _, name = CURRENT[-1].id().split(".")
    MODULES[stage].add(module)
    CASES[stage].append(f"== {name} {len(CASES[stage])}\n" + "".join(lines))


def codegen(tree, filename, optimize, *rest):
    """In: the tree; out: as in `golden/*/codegen.txt`."""
    dump, out = ast.dump(tree, include_attributes=True), []
    try:
        answer = compiler_codegen(tree, filename, optimize, *rest)
    except SyntaxError as e:
        place = f"{e.lineno}:{e.offset}-{e.end_lineno}:{e.end_offset}"
        add_case("codegen", f"in\n{dump}\nerror {place} {e.msg}\n")
        raise
    write_sequences(out, answer[0])
    write_consts(out, answer[1]["consts"], {})
    add_case("codegen", f"in\n{dump}\nout\n", *out)
    return answer


def flow_graph(sequence, consts, nlocals):
    """In: number of locals, constants, instructions; out: instructions and constants."""
    out = [f"nlocals {nlocals}\n", *[f"const {constant(const)}\n" for const in consts], "in\n"]
    write_instructions(out, given(sequence))
    out.append("out\n")
    optimized = optimize_cfg(sequence, consts, nlocals)
    write_instructions(out, optimized)
    add_case("flowgraph", *out, *[f"const {constant(const)}\n" for const in consts])
    return optimized


def assemble(filename, sequence, metadata):
    """In: a unit, as `pyinstrseq::text` writes it; out: the fields of the code object."""
    counts = [metadata[key] for key in ("argcount", "posonlyargcount", "kwonlyargcount")]
    out = [f"unit0 {constant(metadata['name'])} {constant(metadata['qualname'])}\n",
           f"args {' '.join(map(str, counts))}\nfirstlineno {metadata['firstlineno']}\n"]
    for key in NAME_LISTS:
        # The tests number the names in order.
        assert list(metadata[key].values()) == list(range(len(metadata[key])))
        if metadata[key]:
            out.append(f"{key} {' '.join(map(constant, metadata[key]))}\n")
    out += [f"const {stand_in(const)}\n" for const in metadata["consts"]]
    out.append("code {\n")
    write_instructions(out, given(sequence))
    code = assemble_code_object(filename, sequence, metadata)
    out.append("}\nout\n")
    write_fields(out, code)
    add_case("assemble", *out)
    return code


def stand_in(const):
    """A code object is any constant to the assembler."""
    return constant(f"<code {const.co_name}>" if hasattr(const, "co_code") else const)


def write_fields(out, code):
    """The fields that the assembler makes of its input, the tables in the end."""
    for field in ("name", "qualname"):
        out.append(f"{field} {constant(getattr(code, 'co_' + field))}\n")
    for field in ("argcount", "posonlyargcount", "kwonlyargcount", "firstlineno", "stacksize", "nlocals"):
        out.append(f"{field} {getattr(code, 'co_' + field)}\n")
    for field in ("names", "varnames", "cellvars", "freevars", "consts"):
        out.append(" ".join([field, *map(stand_in, getattr(code, "co_" + field))]) + "\n")
    for field in ("code", "linetable", "exceptiontable"):
        out.append(f"{field} {getattr(code, 'co_' + field).hex()}\n")


def run(case):
    # Not what it inherits from another class of these.
    names = [name for name in unittest.defaultTestLoader.getTestCaseNames(case) if name in vars(case)]
    for test in map(case, names):
        CURRENT.append(test)
        test.run(result := unittest.TestResult())
        if not result.wasSuccessful():
            sys.exit(f"{test.id()} fails: {result.errors or result.failures}")


bytecode_helper.CompilationStepTestCase.seq_from_insts = remembering
_testinternalcapi.compiler_codegen = codegen
_testinternalcapi.optimize_cfg = flow_graph
_testinternalcapi.assemble_code_object = assemble
for case in TESTS:
    run(case)
for stage, entry in ENTRIES.items():
    modules = ", ".join(f"Lib/test/{module}.py" for module in sorted(MODULES[stage]))
    header = (f"# Written by `cargo xtask cases` with CPython {platform.python_version()}: what {modules} hand to\n"
              f"# `_testinternalcapi.{entry}`, under the names of the tests, and the answer.\n")
    pathlib.Path(f"{stage}.txt").write_text(header + "".join(CASES[stage]), encoding="utf-8", newline="\n")
