"""CPython's side of `cargo xtask bench`: source in memory to marshalled bytes, one thread.

Arguments: the files. Prints which of them compile, as a line of indices. Then answers each line of the
standard input with the seconds of one round over those files, and at the end with the peak of its
memory in KiB.
"""

import gc
import marshal
import sys
import time
import warnings

warnings.simplefilter("ignore")

paths = sys.stdin.readline().rstrip("\n").split("\t")
sources = []
for path in paths:
    with open(path, "rb") as f:
        sources.append((path, f.read()))


def compiles(path, source):
    try:
        compile(source, path, "exec", dont_inherit=True, optimize=0)
    except Exception:
        return False
    return True


accepted = [index for index, (path, source) in enumerate(sources) if compiles(path, source)]
print(*accepted, flush=True)
sources = [sources[index] for index in accepted]
gc.collect()

for line in sys.stdin:
    start = time.thread_time()
    for path, source in sources:
        marshal.dumps(compile(source, path, "exec", dont_inherit=True, optimize=0))
    print(time.thread_time() - start, flush=True)

with open("/proc/self/status") as f:
    print(next(line.split()[1] for line in f if line.startswith("VmHWM")))
