"""The last build, for one that has nothing to do: told apart before anything is loaded.

A receipt says which state of the site's files was built and which state of output/ came of it.
Where both are the same still, by their signatures or by what they hold, and no post has appeared or
expired since, there is nothing to do. Nothing of this module may import what takes time.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crosspost.build.blob import read_blob, write_blob
from crosspost.build.states import (
    State,
    content_of_sources,
    holds_its_manifest,
    installation,
    outputs,
    sources,
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a build leaves for the next one. Moments are in seconds since 1970."""

    installed: str
    more: list[str]
    sources: str
    shape: str
    content: str
    newest: int
    """When the youngest of the sources was last changed, in nanoseconds since 1970."""
    paths: str
    outputs: str
    manifest: str
    since: float
    until: float | None
    strict: bool
    report: dict[str, Any]
    warnings: list[str]

    def write(self, path: Path) -> None:
        """Keep it. What cannot be written is not kept."""
        values = {name: getattr(self, name) for name in Receipt.__slots__}
        with suppress(OSError):
            write_blob(path, json.dumps(values, ensure_ascii=False).encode())


def unchanged(
    receipt_file: Path, root: Path, output: Path, now: float, *, strict: bool
) -> tuple[Receipt | None, State | None]:
    """Return the receipt of the last build if it is still what a build would do, else None.

    Beside it, the state of the sources, where it was looked at.
    """
    data = read_blob(receipt_file)
    if data is None:
        return None, None
    try:
        receipt = Receipt(**json.loads(data))
    except (ValueError, TypeError):
        return None, None
    state = sources(root, receipt.more)
    if not (
        receipt.shape == state.shape
        and receipt.since <= now
        and (receipt.until is None or now < receipt.until)
        and (receipt.strict or not strict or not receipt.warnings)
        and not os.path.lexists(output / ".crosspost-unfinished")
        and receipt.installed == installation()
    ):
        return None, state
    if receipt.sources != state.digest and (
        state.is_edited_since(receipt.newest)
        or content_of_sources(root, state, {}) != receipt.content
    ):
        return None, state
    made = outputs(output, receipt.paths.split("\n"))
    if receipt.outputs != made.digest and not holds_its_manifest(output, receipt.manifest):
        return None, state
    known = receipt.sources == state.digest and receipt.outputs == made.digest
    if not known and state.is_settled and made.is_settled:
        # A copy of what was built: from now on it is known by its own signatures.
        replace(receipt, sources=state.digest, outputs=made.digest).write(receipt_file)
    return receipt, state


def receipt_file(root: Path, output: Path, *, drafts: bool) -> Path:
    """Return where the receipt of a site's output folder is kept."""
    return root / ".crosspost/cache" / f"last-{place_name(root, output, drafts=drafts)}"


def place_name(root: Path, output: Path, *, drafts: bool) -> str:
    """Return a name for what is known of an output folder; no path is written anywhere."""
    where = os.path.relpath(output, root)
    name = f"{where}\0{drafts}".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(name, digest_size=6).hexdigest()
