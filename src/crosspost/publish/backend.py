"""Which of the two places holds a site's ledger, and opening it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from crosspost.config import Settings
from crosspost.errors import BlockedError
from crosspost.publish.accounts import STATE, Place
from crosspost.publish.branch import BranchStore
from crosspost.publish.git import Git, GitError
from crosspost.publish.ledger import Ledger
from crosspost.publish.store import NONE_KNOWN, DirectoryStore, LedgerFile, Looks, Store

_YES = ("true", "1", "yes")
_RUNS = 50


def read_ledger(
    settings: Settings, place: Place, clock: Callable[[], datetime], environment: Mapping[str, str]
) -> tuple[Ledger, str]:
    """Open the ledger to read it, without a network if need be; say in words what it then lacks."""
    stale = ""
    try:
        kind = ledger_kind(settings, place, environment, ask=False)
    except BlockedError as error:
        kind, stale = "directory", str(error)
    store = _store(settings, place, kind, online=False, pause=time.sleep)
    kept = None if place.rehearsing else settings.root / STATE / "cache/ledger"
    return Ledger(store, clock, kept=kept), stale or getattr(store, "stale", "")


def known_ledger(settings: Settings, place: Place, clock: Callable[[], datetime]) -> Ledger:
    """Open the ledger as this machine last saw it, to read it: no remote is asked, nor git.

    Of a ledger on a branch that is what the latest `plan` or `publish` here has fetched.
    """
    stores = [DirectoryStore(place.ledger, place.ledger_name)]
    if settings.publish.ledger != "directory":
        stores += [DirectoryStore(place.copy), DirectoryStore(place.kept)]
    return Ledger(_Several(stores), clock)


class _Several(DirectoryStore):
    """What several folders hold; the first of them is where one would write."""

    def __init__(self, stores: Sequence[DirectoryStore]) -> None:
        super().__init__(stores[0].directory, stores[0].name)
        self._others = stores[1:]

    def read(self, known: Looks = NONE_KNOWN) -> Sequence[LedgerFile]:
        """Return every file of every folder."""
        others = (one for store in self._others for one in store.read(known))
        return [*super().read(known), *others]


def open_ledger(
    settings: Settings,
    place: Place,
    clock: Callable[[], datetime],
    environment: Mapping[str, str],
    *,
    pause: Callable[[float], object] = time.sleep,
    tell: Callable[[str], None] = lambda _: None,
) -> Ledger:
    """Open the ledger to add to it; what waited for the branch is brought there first.

    To be called with the checkout's lock held: earlier runs of this machine are then known to be
    over. Raises `BlockedError` where it cannot be opened: nothing may then be sent.
    """
    kind = ledger_kind(settings, place, environment, ask=True)
    store = _store(settings, place, kind, online=True, pause=pause)
    if isinstance(store, BranchStore):
        count = store.take_over()
        if count:
            tell(f"{count} events that were here alone are on {store.name} now")
    ledger = Ledger(store, clock)
    if store.shared:
        ledger.ended = _runs_before(place.runs, ledger.run)
    return ledger


def _runs_before(path: Path, run: str) -> frozenset[str]:
    """Return the latest runs of this checkout, and add one; without them, claims are waited for."""
    before: list[str] = []
    with suppress(OSError, UnicodeDecodeError):
        before = path.read_text(encoding="utf-8").split() if path.exists() else []
        path.write_text("\n".join([*before[-_RUNS:], run]), encoding="utf-8")
    return frozenset(before)


def ledger_kind(
    settings: Settings, place: Place, environment: Mapping[str, str], *, ask: bool
) -> Literal["directory", "branch"]:
    """Return where the ledger is: as the settings say, else by where we are.

    In CI it is the branch. Elsewhere it is the branch wherever the remote has one, so that a
    laptop does not keep a record of its own beside CI's. Where nothing here knows, the remote is
    asked: if `ask`, and in a clone of one branch, which never hears of another. Raises
    `BlockedError` where the answer matters and cannot be had.
    """
    wanted = settings.publish.ledger
    if place.rehearsing:
        return "directory"
    if wanted != "auto":
        return wanted
    if any(environment.get(name, "").lower() in _YES for name in ("CI", "GITHUB_ACTIONS")):
        return "branch"
    git = _git(settings)
    try:
        git.check()
    except GitError:
        return "directory"  # no git, no repository, no remote: there is no branch to be had
    if git.known():
        return "branch"
    if not ask and git.follows():
        return "directory"
    try:
        return "branch" if git.remote_tip() else "directory"
    except GitError as error:
        raise BlockedError(
            f"nobody can tell if the record of what was said is on {git.name}: {error}. Nothing "
            "was sent. If it is in the tree, write publish.ledger: directory."
        ) from error


def _store(
    settings: Settings,
    place: Place,
    kind: str,
    *,
    online: bool,
    pause: Callable[[float], object],
) -> Store:
    if kind == "directory":
        return DirectoryStore(place.ledger, place.ledger_name)
    return BranchStore(
        _git(settings), place.kept, place.ledger, place.copy, online=online, pause=pause
    )


def _git(settings: Settings) -> Git:
    publish = settings.publish
    return Git(settings.root, publish.ledger_remote, publish.ledger_branch)
