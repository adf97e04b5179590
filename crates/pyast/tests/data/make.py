"""Writes the expectations beside this file. Run it with CPython 3.14.10."""

import ast
import dis
import os
import warnings

os.chdir(os.path.dirname(os.path.abspath(__file__)))
FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_OPTIMIZED_AST


def write(name, lines):
    with open(name, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)


def warnings_of(source):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source, "f", "exec", dont_inherit=True)
        except SyntaxError:
            pass
    found = [w for w in caught if "'finally' block" in str(w.message)]
    return "|".join(f"{w.lineno}:{w.message}" for w in found)


def annotation(expression):
    """What the compiler makes of an annotation that is kept as text."""
    body = [
        ast.ImportFrom("__future__", [ast.alias("annotations")], 0),
        ast.AnnAssign(ast.Name("x", ast.Store()), expression, None, 1),
    ]
    code = compile(ast.fix_missing_locations(ast.Module(body, [])), "f", "exec")
    before = None
    for instruction in dis.get_instructions(code):
        if instruction.opname == "LOAD_NAME" and instruction.argval == "__annotations__":
            return before.argval
        before = instruction


def trees():
    """For each program a block of lines: what, a space, value."""
    with open("cases.py", encoding="utf-8") as file:
        sources = file.read().split("#---\n")[1:]
    for source in sources:
        tree = ast.parse(source)
        yield "tree " + ast.dump(tree, include_attributes=True)
        yield "unparse " + repr(ast.unparse(tree))
        yield "repr " + repr(tree)
        for level in range(3):
            optimized = compile(source, "f", "exec", FLAGS, dont_inherit=True, optimize=level)
            yield f"preprocessed{level} " + ast.dump(optimized, include_attributes=True)
            yield f"unparse{level} " + repr(ast.unparse(optimized))
        yield "warnings " + warnings_of(source)
        for statement in tree.body:
            if isinstance(statement, ast.Expr):
                try:
                    text = annotation(statement.value)
                except SyntaxError:
                    continue
                yield "expression " + ast.dump(statement.value)
                yield "annotation " + repr(text)
        yield "end"


def dumps():
    """All ways to print one tree."""
    source = "@d\ndef f(a, *, b=(), **c) -> {}:\n    x: 'é' = [lambda: 0]\n    import m\n    return\n"
    tree = ast.parse(source)
    for annotate in (True, False):
        for attributes in (True, False):
            for indent in (None, 2, ""):
                for empty in (True, False):
                    text = ast.dump(tree, annotate, attributes, indent=indent, show_empty=empty)
                    yield f"{annotate:d} {attributes:d} {empty:d} {indent!r} {text!r}"


def literals():
    cases = """1; -1; +1.5; -1j; 1 + 2j; -1 - 2j; 0 - 0j; 'a'; b'b'; None; True; ...; (); (1,); [1, [2]]; {1}; set();
        {'a': 1, (2, 3): [4]}; 99999999999999999999; -9223372036854775808; 1 + 1; True + 1j; 1j + 1j; -True;
        --1; ~1; not 1; {**a}; f(); a; -'a'; 1 * 2j; a + 1j; 1 + a; [1, *a]; f'{a}'; a.b.c.d.e; {1: f(a, b, c)};
        f(a=1); f(g(h(i(j)))); [a for a in b]; lambda a: 0; {[]}; {([],)}; {(1, ([],))}; {[]: 1}; {({},): 1};
        {1: [], {2}: 3}; {[], x}; {x, []}; {[]: x}; {1, 1.0, True}; {1: 2, 1.0: 3}; {1: 2, 2: 3, True: 4};
        {0-0j, 0, 0.0, -0.0}; {(1, 2), (1.0, 2+0j)}; {'a': 1, b'a': 2, 'a': 3}; {set()}; {(set(),): 1};
        {1e400: 1, 1e500: 2, -1e400: 3}; {1+0j, 1}; {**{}}; {1+2j: 1, 1+2j: 2, 1-2j: 3}; {None: 1, ...: 2, None: 3};
        {9007199254740993: 1, 9007199254740992.0: 2, 9007199254740992: 3}; {0.5: 1, 0.5+0j: 2}; {-(1+2j): 1};
        1e400 + 1j; 1 + 1e400j; {True: 1, 'a': [], False: 2}; {(): 1, (1,): 2, (): 3}"""
    for case in cases.split(";"):
        tree = ast.parse(case.strip(), mode="eval").body
        try:
            result = repr(ast.literal_eval(tree))
        except (ValueError, TypeError) as error:
            result = f"{type(error).__name__}: {error}"
        yield ast.dump(tree, include_attributes=True) + "\t" + result


def check(tree):
    try:
        compile(tree, "f", "exec" if isinstance(tree, ast.Module) else "eval", FLAGS)
    except (ValueError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    return "ok"


def invalid():
    """Trees with mistakes, as dumps, and what is said of them."""
    with open("invalid.py", encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                node = eval(line, vars(ast))
                tree = ast.Expression(node) if isinstance(node, ast.expr) else ast.Module([node], [])
                ast.fix_missing_locations(tree)
                yield check(tree) + "\t" + ast.dump(tree, include_attributes=True)


write("trees.txt", trees())
write("dumps.txt", dumps())
write("literals.tsv", literals())
write("invalid.tsv", invalid())
