"""The last build, for one that has nothing to do: told apart before anything is loaded.

A receipt says which state of the site's files was built and which state of output/ came of it.
Where both are the same still, by their signatures or by what they hold, and no post has appeared or
expired since, there is nothing to do. Nothing of this module may import what takes time.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from crosspost.build.blob import read_blob, write_blob
from crosspost.build.signatures import all_settled, looks_in, name_of_looks
from crosspost.build.states import (
    State,
    content_of_sources,
    holds_its_manifest,
    is_installed,
    sources,
)

_BETWEEN = "//"


class Receipt(NamedTuple):
    """What a build leaves for the next one. Moments are in seconds since 1970.

    Its `name` is nobody else's: what is kept beside it says so.
    """

    name: str
    installed: str
    installed_looks: str
    more: list[str]
    sources: str
    shape: str
    content: str
    newest: int
    """When the youngest of the sources was last changed, in nanoseconds since 1970."""
    paths: str
    """The files of output/, as `joined` writes them."""
    outputs: str
    manifest: str
    since: float
    until: float | None
    strict: bool
    report: dict[str, Any]
    warnings: list[str]

    def is_of(self, now: float) -> bool:
        """Say whether the same documents are on the site at a moment as when it was built."""
        return self.since <= now and (self.until is None or now < self.until)

    def all_paths(self) -> list[str]:
        """Return the paths of the files of output/."""
        return self.paths.split(_BETWEEN) if self.paths else []

    def unchanged(self, seconds: float) -> dict[str, Any]:
        """Return what a build tells programs that found nothing to do, in so many seconds."""
        files = self.report["written"] + self.report["unchanged"]
        done = {"read": 0, "made": 0, "written": 0, "unchanged": files, "removed": 0}
        return {**self.report, **done, "seconds": round(seconds, 3)}

    def write(self, path: Path) -> None:
        """Keep it. What cannot be written is not kept."""
        with suppress(OSError):
            write_blob(path, json.dumps(self._asdict(), ensure_ascii=False).encode())


def joined(paths: Iterable[str]) -> str:
    """Return paths as one text: what stands between them is in no path, and plain in JSON."""
    return _BETWEEN.join(paths)


def read_receipt(path: Path) -> Receipt | None:
    """Return the receipt of the last build, if there is one that can be read."""
    data = read_blob(path)
    if data is None:
        return None
    try:
        return Receipt(**json.loads(data))
    except (ValueError, TypeError):
        return None


class LastBuild(NamedTuple):
    """What is known of the last build: nothing, until it was looked for.

    Where it `holds`, a build would do nothing else. `state` is that of the sources, if it was
    looked at.
    """

    receipt: Receipt | None = None
    state: State | None = None
    holds: bool = False


def last_build(root: Path, output: Path, drafts: bool, strict: bool) -> LastBuild:
    """Return what is known of the last build at this moment."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = float(epoch) if epoch.isdigit() else time.time()
    file = receipt_file(root, output, drafts=drafts)
    return look_back(file, root, output, moment, strict=strict)


def look_back(path: Path, root: Path, output: Path, now: float, *, strict: bool) -> LastBuild:
    """Look whether the last build, whose receipt is at `path`, is what a build would do still."""
    receipt = read_receipt(path)
    if receipt is None:
        return LastBuild()
    state = sources(root, receipt.more)
    return LastBuild(receipt, state, _holds(receipt, path, state, root, output, now, strict=strict))


def _holds(
    receipt: Receipt,
    path: Path,
    state: State,
    root: Path,
    output: Path,
    now: float,
    *,
    strict: bool,
) -> bool:
    if not (
        receipt.shape == state.shape
        and receipt.is_of(now)
        and (receipt.strict or not strict or not receipt.warnings)
        and not os.path.lexists(output / ".crosspost-unfinished")
        and is_installed(receipt.installed, receipt.installed_looks)
    ):
        return False
    if receipt.sources != state.digest and (
        state.is_edited_since(receipt.newest) or content_of_sources(root, state) != receipt.content
    ):
        return False
    looks = looks_in(str(output), receipt.all_paths())
    made = name_of_looks(looks)
    if receipt.outputs != made and not holds_its_manifest(output, receipt.manifest):
        return False
    known = receipt.sources == state.digest and receipt.outputs == made
    if not known and state.is_settled and all_settled(looks, time.time_ns()):
        # A copy of what was built: from now on it is known by its own signatures.
        receipt._replace(sources=state.digest, outputs=made).write(path)
    return True


def receipt_file(root: Path, output: Path, *, drafts: bool) -> Path:
    """Return where the receipt of a site's output folder is kept."""
    return root / ".crosspost/cache" / f"last-{place_name(root, output, drafts=drafts)}"


def place_name(root: Path, output: Path, *, drafts: bool) -> str:
    """Return a name for what is known of an output folder; no path is written anywhere."""
    where = os.path.relpath(output, root)
    name = f"{where}\0{drafts}".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(name, digest_size=6).hexdigest()
