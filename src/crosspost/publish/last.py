"""The last plan, for one that would say the same: told apart before anything is loaded.

A plan that found nothing to do leaves what it said, the state of all files that it read (content,
settings, ledger, limits), and until when time alone changes nothing of it. Where the state is the
same still, by the signatures of the files, the plan is too. A plan that would change something is
made anew each time. Nothing of this module may import what takes time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from crosspost.build.blob import read_blob, write_blob
from crosspost.build.states import State, is_installed, sources

_READ = (
    *(".crosspost/limits", ".crosspost/ledger-kept"),
    *(".git/config", ".git/packed-refs", ".git/refs"),
)
"""What a plan reads besides what a build reads; git's references say where the ledger is."""
_ELSEWHERE = ("CI", "GITHUB_ACTIONS")
"""Variables by which a ledger is looked for elsewhere."""


class Receipt(NamedTuple):
    """What a plan leaves for the next one. Moments are in seconds since 1970.

    `more` are the settings' further folders of content.
    """

    installed: str
    installed_looks: str
    more: list[str]
    state: str
    since: float
    until: float | None
    said: str

    def write(self, path: Path) -> None:
        """Keep it. What cannot be written is not kept."""
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_blob(path, json.dumps(self._asdict(), ensure_ascii=False).encode())


def state_of_site(root: Path, more: Iterable[str]) -> State:
    """Return the state of all files that a plan is made from. Take it before they are read."""
    return sources(root, (*more, *_READ))


def said_again(
    path: Path, root: Path, now: float
) -> tuple[str | None, tuple[list[str], State] | None]:
    """Return what the last plan said, if one that is made at this moment says the same.

    Beside it, the state of the files, and with which further folders, where it was looked at.
    """
    data = read_blob(path)
    if data is None:
        return None, None
    try:
        receipt = Receipt(**json.loads(data))
    except (ValueError, TypeError):
        return None, None
    if receipt.since > now or (receipt.until is not None and receipt.until <= now):
        return None, None
    state = state_of_site(root, receipt.more)
    if receipt.state != state.digest or not is_installed(
        receipt.installed, receipt.installed_looks
    ):
        return None, (receipt.more, state)
    return receipt.said, (receipt.more, state)


def receipt_file(root: Path, *asked: object) -> Path:
    """Return where the receipt of a plan is kept; `asked` is all that its words depend on."""
    where = [os.environ.get(name, "") for name in _ELSEWHERE]
    name = hashlib.blake2b(repr((asked, where)).encode("utf-8", "surrogatepass"), digest_size=6)
    return root / ".crosspost/cache" / f"plan-{name.hexdigest()}"
