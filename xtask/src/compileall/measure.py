"""Runs a command and says what it took: `WALL CPU PEAK WORKER STATUS` on one line of stderr.

WALL and CPU are seconds; CPU is the time on the processor of the command and all below it, in user and kernel mode.
PEAK is the most memory that the command itself had at any time, WORKER the most that a process below it had, in KiB.

A pool of CPython's has its workers below a server that nobody waits for: whoever is left behind is handed to
this process, so that no time is lost. Memory is looked at while the command runs, if SAMPLE is 1.

    measure.py SAMPLE COMMAND...
"""

import ctypes
import os
import resource
import sys
import time

PR_SET_CHILD_SUBREAPER = 36


def peak(pid):
    """`VmHWM` of a process, 0 where there is none any more."""
    try:
        with open(f"/proc/{pid}/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def below(pid):
    """The processes that a process has started, and those that they have."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as children:
                for child in children.read().split():
                    found.append(child)
                    found.extend(below(child))
    except OSError:
        pass
    return found


def sampled(command):
    """Waits for a command; gives its peak and that of the largest process below it."""
    own = worker = 0
    while True:
        own = max(own, peak(command))
        worker = max([worker, *map(peak, below(command))])
        pid, status = os.waitpid(command, os.WNOHANG)
        if pid:
            return own, worker, status
        time.sleep(0.02)


def main():
    sample, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ)
    if sample == "1":
        own, worker, status = sampled(pid)
    else:
        own = worker = 0
        _, status = os.waitpid(pid, 0)
    wall = time.perf_counter() - start
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = usage.ru_utime + usage.ru_stime
    print(wall, cpu, own, worker, os.waitstatus_to_exitcode(status), file=sys.stderr)


main()
