"""A process that runs command lines on request: Python and crosspost are imported once, and forked.

Each line of standard input is a request, `{"number": …, "arguments": […], "cwd": …, "seed": …,
"user": …, "variables": …}`; the answer is a line, `[number, {"status": …, "out": …, "err": …}]`. A
command runs in a child of its own, in a session of its own, so that what it leaves behind cannot
reach the next one. But for one thing: what Jinja made of a template's text is kept, for all
commands of this process.

With a seed, folders are listed in an order of its own, as another file system would. With a user,
that one builds: what crosspost is made of may then be unreadable, and has been read already. With
variables, they are the child's environment, as far as it is read that late.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from compiled import Compiled

LONGEST = 120
"""Seconds after which a command that does not end is ended; none here takes a hundredth of it."""
_seed: list[object] = [None]
_listdir, _scandir = os.listdir, os.scandir


def listdir(path="."):
    """List a folder in the order of the seed."""
    return _shuffled(_listdir(path), path)


class scandir:  # noqa: N801 - it stands for os.scandir
    """Scan a folder in the order of the seed."""

    def __init__(self, path="."):
        with _scandir(path) as entries:
            self._entries = iter(_shuffled(list(entries), path))

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._entries = iter(())


def _shuffled(entries, path):
    if _seed[0] is not None:
        entries.sort(key=lambda entry: getattr(entry, "name", entry))
        random.Random(f"{_seed[0]}:{Path(str(path)).name}").shuffle(entries)
    return entries


def run(arguments):
    """Run the command line in this process and return its exit status."""
    from crosspost.cli import main

    try:
        main(arguments, prog_name="crosspost")
    except SystemExit as ended:
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def in_a_child(request, folder):
    """Run the command line in a forked child; return what it answered."""
    user, variables = request["user"], request["variables"]
    said = [Path(folder, name) for name in ("out", "err")]
    child = os.fork()
    if child == 0:
        status = 70
        try:
            os.setsid()
            signal.alarm(LONGEST)
            for number, path in enumerate(said, start=1):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            if request["cwd"] is not None:
                os.chdir(request["cwd"])
            if variables is not None:
                os.environ.clear()
                os.environ.update(variables)
            if user is not None:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            status = run(request["arguments"])
        except BaseException:  # noqa: BLE001 - a traceback is an answer, and the test's to judge
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    out, err = (path.read_text("utf-8", "backslashreplace") for path in said)
    return {"status": os.waitstatus_to_exitcode(ended), "out": out, "err": err}


def main():
    """Answer until standard input ends."""
    given = json.loads(sys.argv[1])
    os.listdir, os.scandir = listdir, scandir
    os.umask(given["umask"])
    os.chdir(given["cwd"])
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder, "compiled")
        compiled.mkdir()
        Compiled(compiled).use()
        if os.fork() == 0:  # what is imported only once a build runs is found out in a child …
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            for arguments in given["warm"]:
                run(arguments)
            loaded = [name for name in sys.modules if name != "__main__"]
            Path(folder, "modules").write_text("\n".join(loaded), "utf-8")
            os._exit(0)
        os.wait()
        for name in Path(folder, "modules").read_text("utf-8").split("\n"):
            with suppress(ImportError):
                __import__(name)  # … and imported here: no state of a build stays behind
        gc.freeze()
        gc.disable()  # a build has ended before there is much to collect
        for line in sys.stdin:
            request = json.loads(line)
            _seed[0] = request["seed"]
            answer = in_a_child(request, folder)
            print(json.dumps([request["number"], answer]), file=answers, flush=True)


if __name__ == "__main__":
    main()
