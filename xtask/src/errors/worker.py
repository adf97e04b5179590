"""Compiles sources and tells what CPython says about them.

Run by `cargo xtask difftest` and `cargo xtask replay`, never by hand. Requests come in batches: a line with their
number; for each a line `mode flags feature_version is_text length` and the bytes of the source. A line of JSON
answers each request: the error, null or the exception's type, message, four positions and text, and the warnings
issued. With the argument `show`, the error has what `traceback` makes of it, without and with colours.
"""

import json
import sys
import traceback
import warnings

SHOW = sys.argv[1:] == ["show"]


def shown(e):
    if not SHOW:
        return None
    report = lambda: traceback.TracebackException(type(e), e, None)
    return ["".join(report().format_exception_only(colorize=colorize)) for colorize in (False, True)]


def verdict(source, mode, flags, feature_version):
    try:
        compile(source, "<source>", mode, flags, True, 0, _feature_version=feature_version)
    except SyntaxError as e:
        return {
            "type": type(e).__name__, "message": e.msg, "text": e.text, "shown": shown(e),
            "lineno": e.lineno, "offset": e.offset, "end_lineno": e.end_lineno, "end_offset": e.end_offset,
        }
    except BaseException as e:
        return {"type": type(e).__name__, "message": str(e), "shown": shown(e)}
    return None


def answer(source, mode, flags, feature_version):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = verdict(source, mode, flags, feature_version)
    issued = [[w.category.__name__, str(w.message), w.lineno] for w in caught]
    return json.dumps({"error": found, "warnings": issued})


def main():
    requests, answers = sys.stdin.buffer, sys.stdout
    while header := requests.readline():
        batch = []
        for _ in range(int(header)):
            mode, flags, feature_version, is_text, length = requests.readline().decode().split()
            source = requests.read(int(length))
            if is_text == "1":
                source = source.decode("utf-8", "surrogatepass")
            batch.append((source, mode, int(flags), int(feature_version)))
        for request in batch:
            answers.write(answer(*request) + "\n")
        answers.flush()


main()
