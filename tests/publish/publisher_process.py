"""A process that publishes on request, and dies where it is told to.

Python and crosspost are imported once; each request is served by a forked child, a publishing
process of its own that ends with `kill -9` at the boundary whose number it was given. A boundary is
whatever is done to the world: before and after each write and fsync of a file, each rename and
removal, each call of git, each HTTP request, and between a request and its answer. They are counted
as they are met, below crosspost's own code, so that no list of them has to be kept.

Each line of standard input is a request, a JSON object:

    {"publish": root, "now": ISO, "ahead": seconds, "kill": n, "pause": n, "faults": [...]}
    {"command": ["ledger", ...], "ahead": seconds}
    {"resume": pid}

The answer is a line: `status` (what the process ended with; -9 is the kill), `met` (the boundaries
by name), `results` and `blocked` of a publish, `complaint`, or `paused` with the pid of a child
that waits at its boundary, holding its locks, until it is resumed.
"""

from __future__ import annotations

import errno
import gc
import http.client
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

LONGEST = 120
_NETWORK = ("push", "fetch", "ls-remote")
_UNDER = ("crosspost.", "pathlib")
_write = os.write


class Boundaries:
    """Counts what is done to the world; ends or stops the process before the one it was given."""

    def __init__(self, tell, kill, pause):
        self.tell, self.kill, self.pause = tell, kill, pause
        self.count = 0

    def meet(self, name):
        """Be at a boundary."""
        self.count += 1
        _write(self.tell, f"met {name}\n".encode())
        if self.count == self.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.count == self.pause:
            _write(self.tell, b"paused\n")
            os.kill(os.getpid(), signal.SIGSTOP)

    def around(self, owner, attribute, name_of, wrapped=None):
        """Put a boundary before and after each call of a function that crosspost makes."""
        plain = getattr(owner, attribute)
        function = wrapped or plain

        def watched(*arguments, **options):
            if not sys._getframe(1).f_globals["__name__"].startswith(_UNDER):
                return plain(*arguments, **options)
            name = name_of(*arguments)
            self.meet(f"before {name}")
            answer = function(*arguments, **options)
            self.meet(f"after {name}")
            return answer

        setattr(owner, attribute, watched)


class LocalFaults:
    """What goes wrong on this machine: a disk that is full, a remote that takes no push.

    Each is `{"kind", "skip", "times"}`, as the sandbox's own are.
    """

    def __init__(self, given):
        self.armed = [{"skip": 0, "times": 1, **one} for one in given]

    def take(self, *kinds):
        """Return the fault that this call meets, and use it up by one."""
        for fault in self.armed:
            if fault["kind"] in kinds and fault["times"]:
                if fault["skip"]:
                    fault["skip"] -= 1
                    continue
                fault["times"] -= 1
                return fault["kind"]
        return None


def watch(boundaries, faults):
    """Put boundaries and faults into this process, for good."""

    def write(descriptor, data):
        fault = faults.take("disk-full", "disk-full-half")
        if fault == "disk-full-half":
            return _write(descriptor, data[: len(data) // 2])
        if fault:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        half = len(data) // 2
        _write(descriptor, data[:half])
        boundaries.meet("in the middle of write")
        return half + _write(descriptor, data[half:])

    boundaries.around(os, "write", lambda *_: "write", write)
    for name in ("fsync", "ftruncate", "replace", "rename", "unlink", "mkdir"):
        boundaries.around(os, name, lambda *_, name=name: name)
    for name in ("write_text", "write_bytes"):
        boundaries.around(Path, name, lambda *_, name=name: name)
    watch_git(boundaries, faults)
    watch_calls(boundaries)


def watch_git(boundaries, faults):
    """Put boundaries around each process that is started, and let git's network fail."""
    start, communicate = subprocess.Popen.__init__, subprocess.Popen.communicate

    def starting(self, command, **options):
        self.words = words_of(command)
        self.lost = False
        boundaries.meet(f"before git {self.words}")
        fault = None
        if self.words in _NETWORK:
            fault = faults.take("remote-away")
        if self.words == "push":
            fault = fault or faults.take("push-lost", "push-rejected")
        if self.words == "fast-import":
            fault = faults.take("git-disk-full")
        self.lost = fault == "push-lost"
        if fault and not self.lost:
            script = f"cat >/dev/null; echo 'fatal: {fault}' >&2; exit 128"
            command = ["/bin/sh", "-c", script]
        start(self, command, **options)
        boundaries.meet(f"during git {self.words}")

    def communicating(self, *arguments, **options):
        answer = communicate(self, *arguments, **options)
        if self.lost:
            self.returncode = 128
        boundaries.meet(f"after git {self.words}")
        return answer

    subprocess.Popen.__init__ = starting
    subprocess.Popen.communicate = communicating


def words_of(command):
    """Return which command of git a process is."""
    words = iter(command[1:])
    for word in words:
        if word in ("-C", "-c"):
            next(words)
        else:
            return word
    return "nothing"


def watch_calls(boundaries):
    """Put boundaries before each request, between it and its answer, and after the answer."""
    from requests.adapters import HTTPAdapter

    send, answer = HTTPAdapter.send, http.client.HTTPConnection.getresponse

    def sending(self, request, **options):
        path = re.sub(r"/(?!v\d/)\w*\d\w*", "/:id", request.path_url.partition("?")[0])
        name = f"{request.method} {path}"
        boundaries.meet(f"before {name}")
        response = send(self, request, **options)
        boundaries.meet(f"after {name}")
        return response

    def answering(self):
        boundaries.meet("before the answer")
        return answer(self)

    HTTPAdapter.send = sending
    http.client.HTTPConnection.getresponse = answering


def move_clock(seconds):
    """Let this process live in the future: every clock on the wall, none that measures."""

    class Instances(type):
        def __instancecheck__(cls, one):
            return isinstance(one, datetime)

    class Moved(datetime, metaclass=Instances):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(seconds=seconds)

    here = time.time
    time.time = lambda: here() + seconds
    for name, module in list(sys.modules.items()):
        ours = name.startswith(("crosspost.publish", "crosspost.channels"))
        if ours and vars(module).get("datetime") is datetime:
            module.datetime = Moved


def publish(request, tell):
    """Publish a site, and say what became of it."""
    from crosspost.channels import mastodon_connection
    from crosspost.errors import BlockedError
    from crosspost.publish.run import publish_site
    from crosspost.publish.stop import Stop
    from crosspost.settings_file import load_settings
    from crosspost.site.loading import load_index

    def say(**told):
        _write(tell, f"said {json.dumps(told)}\n".encode())

    waits = request.get("settle_seconds", 0)
    Stop.wait = lambda _, seconds: time.sleep(seconds if seconds <= waits else 0.01)
    mastodon_connection.CALL_SECONDS = request.get("call_seconds", 30)
    site, problems = load_index(
        load_settings(Path(request["publish"])), datetime.fromisoformat(request["now"])
    )
    if problems:
        say(blocked="; ".join(map(str, problems)))
        return 1
    watch(
        Boundaries(tell, request.get("kill"), request.get("pause")),
        LocalFaults(request.get("faults", ())),
    )
    try:
        outcome = publish_site(site, settle_seconds=request.get("settle_seconds", 0))
    except BlockedError as error:
        say(blocked=str(error))
        return 4
    say(
        results=[
            [
                one.action.key.uid,
                one.action.key.part,
                str(one.action.kind),
                str(one.status),
                one.words,
            ]
            for one in outcome.results
        ],
        planned=len(outcome.plan.changes),
    )
    return outcome.exit_status


def command(arguments):
    """Run the command line and return its exit status."""
    from crosspost.cli import main

    try:
        main(arguments, prog_name="crosspost")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def in_a_child(request, complaints):
    """Serve a request in a child; return its pid and where it tells of itself."""
    read, tell = os.pipe()
    child = os.fork()
    if child:
        os.close(tell)
        return child, read
    status, known = 70, set(sys.modules)
    try:
        signal.alarm(LONGEST)
        os.close(read)
        os.dup2(os.open(complaints, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
        os.dup2(2, 1)
        os.environ.update(request.get("environment", {}))
        move_clock(request.get("ahead", 0))
        status = publish(request, tell) if "publish" in request else command(request["command"])
    except BaseException:  # noqa: BLE001 - a traceback is an answer, and the test's to judge
        sys.excepthook(*sys.exc_info())
        status = 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        _write(tell, f"loaded {' '.join(sys.modules.keys() - known)}\n".encode())
        os._exit(status)


def answer_of(child, read, complaints):
    """Wait until a child ends or stops, and return what became of it."""
    _, ended = os.waitpid(child, os.WUNTRACED)
    if os.WIFSTOPPED(ended):
        return {"paused": child}
    told = b""
    while piece := os.read(read, 1 << 16):
        told += piece
    os.close(read)
    lines = told.decode().splitlines()
    answer = {"status": os.waitstatus_to_exitcode(ended), "met": []}
    for line in lines:
        kind, _, words = line.partition(" ")
        if kind == "met":
            answer["met"].append(words)
        elif kind == "loaded":  # … is imported here, once, for all children to come
            load(words.split())
        elif kind == "said":
            answer |= json.loads(words)
    answer["complaint"] = Path(complaints).read_text("utf-8", "backslashreplace")
    return answer


def load(modules):
    """Import what may be imported."""
    for name in modules:
        with suppress(ImportError):
            importlib.import_module(name)


def main():
    """Answer until standard input ends."""
    folder = sys.argv[1]
    for name in (
        *("channels.mastodon", "channels.pictures", "cli.ledger", "publish.run", "site.loading"),
        *("publish.backend", "publish.report", "cli"),
    ):
        importlib.import_module(f"crosspost.{name}")
    import mastodon  # noqa: F401 - imported once, for all children
    import PIL.Image  # noqa: F401

    gc.freeze()
    gc.disable()
    waiting = {}
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for number, line in enumerate(sys.stdin):
        request = json.loads(line)
        if "resume" in request:
            child = request["resume"]
            read, complaints = waiting.pop(child)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL if request.get("kill") else signal.SIGCONT)
        else:
            complaints = f"{folder}/{number}"
            child, read = in_a_child(request, complaints)
        answer = answer_of(child, read, complaints)
        if "paused" in answer:
            waiting[child] = read, complaints
        else:
            Path(complaints).unlink()
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
