# Runs one test module and prints how each of its tests ended: "name<TAB>ending", sorted.
import importlib, io, os, pkgutil, sys, tempfile, unittest

real_stdout = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogateescape")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
os.dup2(1, 2)


class Endings(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.endings = []

    def note(self, test, ending):
        self.endings.append((test.id(), ending))

    def addSuccess(self, test):
        self.note(test, "ok")

    def addError(self, test, err):
        self.note(test, f"error {err[0].__name__}")

    def addFailure(self, test, err):
        self.note(test, f"failure {err[0].__name__}")

    def addSkip(self, test, reason):
        self.note(test, "skipped")

    def addExpectedFailure(self, test, err):
        self.note(test, "expected failure")

    def addUnexpectedSuccess(self, test):
        self.note(test, "unexpected success")


def load(name):
    """The tests of a module, or of the modules of a package: discovery sees only modules with a source."""
    try:
        module = importlib.import_module(name)
    except unittest.SkipTest:  # a module for another system
        return unittest.TestSuite()
    if not hasattr(module, "__path__"):
        return unittest.defaultTestLoader.loadTestsFromModule(module)
    vars(module).pop("load_tests", None)
    own = unittest.defaultTestLoader.loadTestsFromModule(module)
    names = sorted(found.name for found in pkgutil.iter_modules(module.__path__, f"{name}."))
    parts = [load(name) for name in names if name.rpartition(".")[2].startswith("test")]
    return unittest.TestSuite([own, *parts])


import test.support

assert not os.path.exists(os.path.join(os.path.dirname(unittest.__file__), "__init__.py")), "a source"
name = sys.argv[1]
os.chdir(tempfile.mkdtemp())
test.support.verbose = 0
suite = load(f"test.{name}")
result = Endings()
sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
suite.run(result)
for test_id, ending in sorted(result.endings):
    print(test_id.replace("\n", " "), ending, sep="\t", file=real_stdout)
real_stdout.flush()
os._exit(0)
