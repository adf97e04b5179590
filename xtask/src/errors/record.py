"""Runs CPython's own tests and records every source that they compile.

Run by `cargo xtask record --python PATH`, never by hand: with a file to append to and the name of one test module. A
line of JSON for each call of `compile()` and of what compiles by the way: `exec`, `eval`, `-c` of a child process.
What the tests themselves report does not matter.
"""

import __future__
import builtins
import json
import sys
import unittest

OUT = open(sys.argv[1], "a", encoding="ascii")
MODULE = sys.argv[2]

INHERITED = 0
for name in __future__.all_feature_names:
    INHERITED |= getattr(__future__, name).compiler_flag

real_compile, real_exec, real_eval = builtins.compile, builtins.exec, builtins.eval


def note(source, mode, flags, feature_version=-1):
    if isinstance(source, str):
        data, is_text = source.encode("utf-8", "surrogatepass"), True
    elif isinstance(source, (bytes, bytearray, memoryview)):
        data, is_text = bytes(source), False
    else:
        return
    call = {
        "mode": mode, "flags": flags, "feature_version": feature_version, "is_text": is_text,
        "source": data.hex(),
    }
    OUT.write(json.dumps(call) + "\n")
    OUT.flush()


def inherited(frame):
    return frame.f_code.co_flags & INHERITED


def compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1):
    if not dont_inherit:
        flags |= inherited(sys._getframe(1))
    note(source, mode, flags, _feature_version)
    return real_compile(source, filename, mode, flags, True, optimize, _feature_version=_feature_version)


def scopes(frame, globals, locals):
    if globals is None:
        return frame.f_globals, frame.f_locals if locals is None else locals
    return globals, globals if locals is None else locals


def exec(source, /, globals=None, locals=None, *, closure=None):
    frame = sys._getframe(1)
    note(source, "exec", inherited(frame))
    globals, locals = scopes(frame, globals, locals)
    if isinstance(source, (str, bytes)):
        source = real_compile(source, "<string>", "exec", inherited(frame), True)
    real_exec(source, globals, locals, closure=closure)


def eval(source, /, globals=None, locals=None):
    frame = sys._getframe(1)
    if isinstance(source, (str, bytes)):
        source = source.lstrip(" \t" if isinstance(source, str) else b" \t")
    note(source, "eval", inherited(frame))
    globals, locals = scopes(frame, globals, locals)
    if isinstance(source, (str, bytes)):
        source = real_compile(source, "<string>", "eval", inherited(frame), True)
    return real_eval(source, globals, locals)


def record_child_processes():
    from test.support import script_helper
    real = script_helper.run_python_until_end

    def run_python_until_end(*args, **env_vars):
        for option, code in zip(args, args[1:]):
            if option == "-c":
                note(code, "exec", 0)
        return real(*args, **env_vars)

    script_helper.run_python_until_end = run_python_until_end


def main():
    import test.support
    test.support.use_resources = []
    record_child_processes()
    builtins.compile, builtins.exec, builtins.eval = compile, exec, eval
    suite = unittest.defaultTestLoader.loadTestsFromName("test." + MODULE)
    unittest.TextTestRunner(stream=sys.stderr, verbosity=0).run(suite)


main()
