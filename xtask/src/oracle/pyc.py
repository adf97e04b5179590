"""What a fresh `python -m py_compile FILE` writes, for many files.

The bytes of a `.pyc` depend, rarely, on what the same process compiled before. So every file and level
is compiled in a child, forked from this process, which has imported nothing but what `py_compile` needs
and has compiled nothing itself.

Request, a line:  `LEVEL PATH`
Answer:           `ok LENGTH` or `error LENGTH`, newline, then as many bytes: the file or the exception
"""

import os
import py_compile
import sys

TEMPORARY = os.path.join(sys.argv[1], f"{os.getpid()}.pyc")


def compile_in_child(path, level):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        sys.stderr = None
        try:
            py_compile.compile(path, cfile=TEMPORARY, doraise=True, optimize=level)
        except py_compile.PyCompileError as e:
            message = f"{e.exc_type_name}: {e.exc_value}"
            os.write(write, message.encode("utf-8", "surrogatepass")[:4000])
        except BaseException as e:
            os.write(write, f"{type(e).__name__}: {e}".encode("utf-8", "surrogatepass")[:4000])
        os._exit(0)
    os.close(write)
    with open(read, "rb") as f:
        message = f.read()
    os.waitpid(pid, 0)
    return message


def answer(request):
    level, path = request.split(" ", 1)
    message = compile_in_child(path, int(level))
    if message:
        return b"error", message
    with open(TEMPORARY, "rb") as f:
        data = f.read()
    os.unlink(TEMPORARY)
    return b"ok", data


out = sys.stdout.buffer
for line in sys.stdin:
    kind, data = answer(line.rstrip("\n"))
    out.write(b"%s %d\n" % (kind, len(data)))
    out.write(data)
    out.flush()
