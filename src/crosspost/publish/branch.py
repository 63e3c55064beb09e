"""The ledger on a branch of the site's own remote: the pushed claim is the lock.

Nothing counts before it is pushed. The remote takes a push only on top of what it has, so of two
runs one is refused, reads what the other wrote, and decides anew. What has happened already (a
receipt) is first kept on this machine, then pushed: where that fails, the next run here pushes it,
and any other run finds a claim without a receipt, which says to look first.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from crosspost.errors import BlockedError
from crosspost.publish.git import Git
from crosspost.publish.rows import Event
from crosspost.publish.store import NONE_KNOWN, DirectoryStore, LedgerFile, Lines, Looks

FOLDER = "ledger"
_REFUSALS = 3
_PUSHES = 6
_LONGEST_PAUSE = 8.0


class BranchStore:
    """The branch's files; with them, until they are on it, lines of this machine and of the tree.

    `kept` holds what could not be pushed yet, `tree` a ledger that the site had before: the branch
    takes over what it does not have. `copy` is where a build finds the branch's files. Opened with
    `online` false it only reads, from what was last fetched; `stale` then says so. Raises
    `BlockedError` where it cannot be read and has to be.
    """

    shared = True

    def __init__(
        self,
        git: Git,
        kept: Path,
        tree: Path,
        copy: Path,
        *,
        online: bool = True,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self.name = git.branch
        self.stale = ""
        self._git = git
        self._kept = DirectoryStore(kept, ".crosspost/ledger-kept")
        self._tree = DirectoryStore(tree, FOLDER)
        self._copy = copy
        self._pause = pause
        self._blobs: dict[str, bytes] = {}
        self._files: dict[str, bytes] = {}
        self._tips: tuple[str, ...] = ()
        self._next: dict[str, bytes] = {}
        self._unread = False
        self._refused = 0
        git.check()
        if online:
            self._look()
        else:
            self._look_without_network()

    def read(self, known: Looks = NONE_KNOWN) -> Sequence[LedgerFile]:
        """Return the files of the branch, then those that wait for it."""
        self._unread = False
        files = [
            LedgerFile(f"{self.name}:{FOLDER}/{path}", data)
            for path, data in sorted(self._files.items())
        ]
        return [*files, *self._tree.read(known), *self._kept.read(known)]

    def add(self, lines: Lines, subject: str) -> bool:
        """Commit and push, if all that is on the branch was read. Where it has moved on, say no."""
        return not self._unread and self._attempt(lines, subject)

    def keep(self, lines: Lines, subject: str) -> None:
        """Keep lines on this disk, then push them; a push that fails is tried again later."""
        trouble: BlockedError | None = None
        try:
            self._kept.add(lines)
        except BlockedError as error:
            trouble = error  # the branch may still take them
        try:
            if self._pushed(_merged(self._waiting(), lines), subject, _REFUSALS):
                return
        except BlockedError:
            pass
        if trouble is not None:
            raise trouble

    def settle(self) -> str:
        """Push what waits on this machine, with patience; say in words where it stays here."""
        self._write_copy()
        waiting = self._waiting()
        if not waiting:
            return ""
        words = "others write to it all the time"
        try:
            if self._pushed(waiting, "what could not be pushed before", _PUSHES):
                return ""
        except BlockedError as error:
            words = str(error)
        count = sum(map(len, waiting.values()))
        return (
            f"{count} events of the ledger could not be pushed ({words}). They are kept in "
            f"{self._kept.name}, and the next publish on this machine pushes them. Elsewhere it "
            "looks at the account before it says anything again."
        )

    def take_over(self) -> int:
        """Push what this machine or the tree holds and the branch does not; return how much."""
        waiting = _merged(self._missing(self._tree), self._waiting())
        if waiting and not self._pushed(waiting, "taken over", _PUSHES):
            raise BlockedError(f"{self._git.name} is being written by others all the time.")
        return sum(map(len, waiting.values()))

    def _attempt(self, lines: Lines, subject: str) -> bool:
        """Commit and push once. What others wrote meanwhile is read, and nothing is added."""
        base = self._tips[0] if self._tips else None
        commit = self._commit(base, lines, subject)
        words = self._git.push(commit)
        if not words:
            self._now_at(commit)
            return True
        tip = self._git.remote_tip()
        if tip == commit:
            self._git.remember(commit)
            self._now_at(commit)
            return True
        if tip == base:  # nobody was first: it is refused, or was while another push went on
            self._refused += 1
            if self._refused >= _REFUSALS:
                raise BlockedError(f"{words}. Nothing was sent that is not on record.")
        else:
            self._look(tip)
        return False

    def _waiting(self) -> dict[str, list[str]]:
        return self._missing(self._kept)

    def _missing(self, store: DirectoryStore) -> dict[str, list[str]]:
        """Return the whole lines of a folder that the branch does not have."""
        found: dict[str, list[str]] = {}
        for file in store.read():
            path = file.name.removeprefix(f"{store.name}/")
            there = set(self._files.get(path, b"").splitlines())
            lines = [line.strip() for line in file.data.splitlines()]
            new = [line.decode() for line in lines if line not in there and _is_event(line)]
            if new:
                found[path] = list(dict.fromkeys(new))
        return found

    def _pushed(self, lines: Lines, subject: str, attempts: int) -> bool:
        """Push lines on top of whatever is there, with jitter; whether that worked in time."""
        for attempt in range(attempts):
            if self._attempt(lines, subject):
                self._kept.clear()
                return True
            self._pause(random.uniform(0, min(_LONGEST_PAUSE, 0.1 * 2**attempt)))  # noqa: S311
        return False

    def _commit(self, base: str | None, lines: Lines, subject: str) -> str:
        files = {}
        for path, new in lines.items():
            before = self._files.get(path, b"")
            glue = b"\n" if before and not before.endswith(b"\n") else b""
            there = set(before.splitlines())
            added = [line.encode() for line in new if line.encode() not in there]
            files[path] = before + glue + b"".join(b"%s\n" % line for line in added)
        named = {f"{FOLDER}/{path}": data for path, data in files.items()}
        self._next = files
        return self._git.commit(base, named, f"{subject} [skip ci]", int(time.time()))

    def _now_at(self, commit: str) -> None:
        self._tips, self._refused = (commit,), 0
        self._files |= self._next

    def _look(self, tip: str | None = None) -> None:
        """Read the branch as it is on the remote now."""
        tip = tip or self._git.remote_tip()
        known = self._git.known()
        if tip is None and known:
            raise BlockedError(
                f"{self._git.name} is gone, and with it the record of what was said. Put it back: "
                f"git push {self._git.remote} {known[0]}:refs/heads/{self._git.branch}"
            )
        if tip is not None and tip in known:
            self._git.remember(tip)
        elif tip is not None:
            tip = self._git.fetch()
        self._show((tip,) if tip else ())

    def _look_without_network(self) -> None:
        """Read the branch, or what was last seen of it where the remote cannot be asked."""
        try:
            self._look()
        except BlockedError as error:
            self.stale = f"the ledger is as it was last fetched: {error}"
            self._show(self._git.known())

    def _show(self, tips: tuple[str, ...]) -> None:
        """Take the files of commits as those of the branch; of several, every line."""
        self._tips, self._files, self._unread = tips, {}, True
        for tip in tips:
            names = self._git.files(tip, FOLDER)
            self._blobs |= self._git.blobs(
                [one for one in names.values() if one not in self._blobs]
            )
            for path, blob in names.items():
                before = self._files.get(path, b"")
                self._files[path] = before + self._blobs[blob]
        self._write_copy()

    def _write_copy(self) -> None:
        """Put the files where a build finds them. A copy that cannot be written is done without."""
        for path, data in self._files.items():
            place = self._copy / path
            with suppress(OSError):
                if place.exists() and place.read_bytes() == data:
                    continue
                place.parent.mkdir(parents=True, exist_ok=True)
                scratch = place.with_suffix(f".{os.getpid()}.tmp")
                scratch.write_bytes(data)
                scratch.replace(place)


def _merged(first: Lines, second: Lines) -> dict[str, list[str]]:
    """Return the lines of both, each once."""
    paths = dict.fromkeys((*first, *second))
    return {
        path: list(dict.fromkeys((*first.get(path, ()), *second.get(path, ())))) for path in paths
    }


def _is_event(line: bytes) -> bool:
    """Whether a line is whole: one that a crash has cut was never acknowledged."""
    try:
        Event.from_line(line.decode())
    except ValueError:
        return False
    return True
