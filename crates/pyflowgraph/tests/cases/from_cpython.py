"""Writes cpython.txt: what CPython's own tests of its flow graph hand to the optimizer, and what it makes of that.

Run it with the reference interpreter, tests included: `python3.14 from_cpython.py`. The cases are those of
`DirectCfgOptimizerTests` and `OptimizeLoadFastTestCase` in `Lib/test/test_peepholer.py`, under the names of the tests.
"""

import pathlib
import sys
import unittest

from test import test_peepholer
from test.support import bytecode_helper

FOLDER = pathlib.Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[3] / "xtask/src/oracle"))
import sequences

CASES, INPUTS = [], {}
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
        op = sequences.opcode.opmap[op] if isinstance(op, str) else op
        return op, places.get(arg, arg) if arg is not None else None, *location, *[-1] * (4 - len(location))

    def get_instructions(self):
        return self.instructions


def remembering(self, insts):
    sequence = seq_from_insts(self, insts)
    INPUTS[id(sequence)] = sequence, Given(insts)
    return sequence


def recording(self, sequence, consts, nlocals=0):
    given = [f"const {sequences.constant(const)}\n" for const in consts]
    optimized = sequences._testinternalcapi.optimize_cfg(sequence, consts, nlocals)
    name = self.id().split(".")[-1]
    out = [f"== {name} {len(CASES)}\nnlocals {nlocals}\n", *given, "in\n"]
    sequences.write_instructions(out, INPUTS[id(sequence)][1])
    out.append("out\n")
    sequences.write_instructions(out, optimized)
    out += [f"const {sequences.constant(const)}\n" for const in consts]
    CASES.append("".join(out))
    return optimized, consts


bytecode_helper.CompilationStepTestCase.seq_from_insts = remembering
bytecode_helper.CfgOptimizationTestCase.get_optimized = recording
loader, suite = unittest.defaultTestLoader, unittest.TestSuite()
for case in (test_peepholer.DirectCfgOptimizerTests, test_peepholer.OptimizeLoadFastTestCase):
    names = [name for name in loader.getTestCaseNames(case) if name in vars(case)]
    suite.addTests(case(name) for name in names)
unittest.TextTestRunner(stream=sys.stderr).run(suite)
(FOLDER / "cpython.txt").write_text("".join(CASES))
