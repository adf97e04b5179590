"""What CPython says about a file at every stage, as text.

Request, a line:  `ITEM PATH`, where ITEM is a key of ITEMS
Answer:           `ok LENGTH` or `error LENGTH`, newline, then as many bytes: the text or the exception

The texts are what the files under `golden/` hold, and what `cargo xtask conformance` compares.
"""

import __future__
import ast
import dis
import functools
import io
import operator
import re
import sys
import token
import tokenize
import warnings

import _symtable
import _testinternalcapi
import _tokenize
import opcode

warnings.simplefilter("ignore")
sys.setrecursionlimit(200_000)
sys.set_int_max_str_digits(0)


# -- tokens --------------------------------------------------------------------------------------

def tokens(source, path):
    """The tokens as the parser takes them, one a line: kind, lines, columns in characters, text."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    text = source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    found = _tokenize.TokenizerIter(io.StringIO(text, newline="\n").readline, extra_tokens=False)
    return "".join([f"{token.tok_name[kind]} {start[0]}:{start[1]}-{end[0]}:{end[1]} {text}\n"
                    for kind, text, start, end, _ in found])


# -- future statements ---------------------------------------------------------------------------

FUTURE_FLAGS = functools.reduce(operator.or_, (getattr(__future__, name).compiler_flag for name in
                                               __future__.all_feature_names)) & ~0x10


def future_flags(source, path):
    """The flags that the future statements of the module switch on."""
    return f"{compile(source, path, 'exec', dont_inherit=True).co_flags & FUTURE_FLAGS:#x}\n"


# -- syntax tree ---------------------------------------------------------------------------------

def tree(source, path):
    """The tree as the parser makes it: `ast.dump` with positions, on one line."""
    return dump(compile(source, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True))


def preprocessed(level):
    """The tree after the preprocessing that precedes the compiler's own stages."""
    flags = ast.PyCF_OPTIMIZED_AST
    return lambda source, path: dump(compile(source, path, "exec", flags, dont_inherit=True, optimize=level))


def dump(node):
    return ast.dump(node, include_attributes=True) + "\n"


# -- symbol table --------------------------------------------------------------------------------

SCOPE_TYPES = {value: name.removeprefix("TYPE_").lower()
               for name, value in vars(_symtable).items() if name.startswith("TYPE_")}
SCOPES = {getattr(_symtable, name): name for name in ("LOCAL", "GLOBAL_EXPLICIT", "GLOBAL_IMPLICIT", "FREE", "CELL")}
FLAGS = [(getattr(_symtable, name), name)
         for name in ("DEF_GLOBAL", "DEF_LOCAL", "DEF_PARAM", "DEF_NONLOCAL", "USE", "DEF_FREE_CLASS", "DEF_IMPORT",
                      "DEF_ANNOT", "DEF_COMP_ITER", "DEF_TYPE_PARAM", "DEF_COMP_CELL")]


def symbol_table(source, path):
    """Scopes in pre-order, indented by depth; below each its parameters, then its names in the order in
    which the table holds them, each with its scope and flags. Names that a scope only passes on to those
    within it come from a set: they are last, and here sorted."""
    out = []
    write_scope(out, _symtable.symtable(source, path, "exec"), "")
    return "".join(out)


def order_of_symbol(symbol):
    name, bits = symbol
    return (1, name) if bits == _symtable.FREE << _symtable.SCOPE_OFF else (0, "")


def write_scope(out, scope, indent):
    nested = " nested" if scope.nested else ""
    out.append(f"{indent}{SCOPE_TYPES[scope.type]} {scope.name} line {scope.lineno}{nested}\n")
    if scope.varnames:
        out.append(f"{indent}  parameters {' '.join(scope.varnames)}\n")
    for name, bits in sorted(scope.symbols.items(), key=order_of_symbol):
        kind = SCOPES.get(bits >> _symtable.SCOPE_OFF & _symtable.SCOPE_MASK, "NONE")
        flags = "|".join(text for flag, text in FLAGS if bits & flag)
        out.append(f"{indent}  - {name}: {kind} {flags}\n")
    for child in scope.children:
        write_scope(out, child, indent + "  ")


# -- instruction sequences -----------------------------------------------------------------------

def codegen(level):
    """The sequences before the flow graph: children before parents, the module last, and the constants of
    the module. (CPython gives away no others.)"""
    def text(source, path):
        module = compile(source, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        sequence, metadata = _testinternalcapi.compiler_codegen(module, path, level)
        out = []
        write_sequences(out, sequence)
        write_consts(out, metadata["consts"], {})
        return "".join(out)
    return text


def flow_graph(source, path):
    """The module's own sequence after the passes of the flow graph, and the constants that remain.

    Pseudo-instructions that the assembler's side lowers are still there. (Sequences of nested scopes come
    without their constants, so the passes cannot be asked about them.)"""
    module = compile(source, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    sequence, metadata = _testinternalcapi.compiler_codegen(module, path, 0)
    consts, numbers = list(metadata["consts"]), {}
    write_consts([], consts, numbers)
    instructions = sequence.get_instructions()
    nlocals = max((arg + 1 for op, arg, *_ in instructions if op in opcode.haslocal), default=0)
    optimized = _testinternalcapi.optimize_cfg(relabelled(instructions), consts, nlocals)
    out = []
    write_instructions(out, optimized)
    write_consts(out, consts, numbers)
    return "".join(out)


# -- disassembly ---------------------------------------------------------------------------------

def disassembly(source, path):
    """`dis.dis` of the module and of everything in it, without what changes from process to process: the
    addresses of objects and the order of sets."""
    out = io.StringIO()
    dis.dis(compile(source, path, "exec", dont_inherit=True, optimize=0), file=out)
    text = re.sub(r" at 0x[0-9a-f]+, file ", ", file ", out.getvalue())
    return re.sub(r"frozenset\(\{(.*?)\}\)", sort_members, text)


def sort_members(match):
    return "frozenset({" + ", ".join(sorted(match[1].split(", "))) + "})"


# -- answering -----------------------------------------------------------------------------------

ITEMS = {
    "tokens": tokens,
    "future": future_flags,
    "ast": tree,
    "preprocessed0": preprocessed(0),
    "preprocessed1": preprocessed(1),
    "preprocessed2": preprocessed(2),
    "symtable": symbol_table,
    "codegen0": codegen(0),
    "codegen1": codegen(1),
    "codegen2": codegen(2),
    "flowgraph": flow_graph,
    "dis": disassembly,
}


IN_CHILD = {"codegen0", "codegen1", "codegen2", "flowgraph"}


def exception_text(e):
    text = f"{type(e).__name__}: {e.args[0] if e.args else ''}"
    if isinstance(e, SyntaxError):
        text += f"\n{e.lineno}:{e.offset}-{e.end_lineno}:{e.end_offset}\n"
    return text


def attempt(function, source, path):
    """The answer: header and bytes."""
    try:
        kind, data = b"ok", function(source, path).encode("utf-8", "surrogatepass")
    except Exception as e:
        kind, data = b"error", exception_text(e).encode("utf-8", "surrogatepass")
    return b"%s %d\n%s" % (kind, len(data), data)


def answer(request):
    item, path = request.split(" ", 1)
    with open(path, "rb") as f:
        source = f.read()
    if item in IN_CHILD:
        return in_child(attempt, ITEMS[item], source, path)
    return attempt(ITEMS[item], source, path)


for line in sys.stdin:
    sys.stdout.buffer.write(answer(line.rstrip("\n")))
    sys.stdout.buffer.flush()
