"""What `py_compile` makes of small programs, many at a time.

Run by `cargo xtask difftest --mode valid`, never by hand. A request is a line with a number of programs, and for each a
line `LEVEL LENGTH` and the bytes of the source. The answer for each program is a line `KIND LENGTH` and as many bytes:
`ok` and the `.pyc`, `error` and the exception as text, or `crashed`.

The programs of a request are compiled one after the other in a child, forked from this process, which has compiled
nothing itself. What one program leaves behind can, rarely, be seen in the bytes of the next; a request for a single
program is the way to be sure. When a child dies, each of its programs is tried in a child of its own.
"""

import os
import py_compile  # so that as much is interned as in a process of its own
import signal
import sys
import warnings
from importlib._bootstrap_external import _code_to_timestamp_pyc

FILENAME = "f.py"
# Seconds for a request; what takes longer counts as a crash.
PATIENCE = 60


def compiled(source, level):
    # `py_compile.compile` refers to the code object twice, and marshal counts.
    code = counted = compile(source, FILENAME, "exec", dont_inherit=True, optimize=level)
    return _code_to_timestamp_pyc(code, 0, len(source))


def answer(source, level):
    try:
        kind, data = b"ok", compiled(source, level)
    except BaseException as e:
        kind, data = b"error", f"{type(e).__name__}: {e}".encode("utf-8", "surrogatepass")
    return b"%s %d\n%s" % (kind, len(data), data)


def in_child(programs):
    """The answers to all programs, or None if the child dies."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(PATIENCE)
        os.close(read)
        with open(write, "wb") as f:
            for source, level in programs:
                f.write(answer(source, level))
        os._exit(0)
    os.close(write)
    with open(read, "rb") as f:
        answers = f.read()
    _, status = os.waitpid(pid, 0)
    return answers if status == 0 else None


def answers_to(programs):
    answers = in_child(programs)
    if answers is None and len(programs) > 1:
        return b"".join(answers_to([program]) for program in programs)
    return b"crashed 0\n" if answers is None else answers


def main():
    requests, out = sys.stdin.buffer, sys.stdout.buffer
    warnings.simplefilter("ignore")
    while header := requests.readline():
        programs = []
        for _ in range(int(header)):
            level, length = requests.readline().split()
            programs.append((requests.read(int(length)), int(level)))
        out.write(answers_to(programs))
        out.flush()


main()
