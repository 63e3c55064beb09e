"""An edit: a few posts or pages say something else, and nothing of the site has moved.

Most builds are for one: for a text, a title, a picture. No address, date, category or tag is
another one then, so what follows from all documents together (which are shown, in which order, in
which lists) is taken as the last build has left it, instead of being made anew from ten thousand
entries. It stands beside the receipt of that build, and is good for the very files that this tells
of. Whatever is not sure makes it no edit: the whole site is indexed then, which is right in any
case.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from crosspost.build.blob import read_blob, write_blob
from crosspost.build.last import Receipt
from crosspost.build.memory import Kept, Memory
from crosspost.build.reading import ReadAhead, read_again
from crosspost.build.states import State
from crosspost.config import Settings
from crosspost.content.assets import Asset
from crosspost.content.document import Kind
from crosspost.content.frontmatter import Variant
from crosspost.errors import Problem, Severity
from crosspost.site.editions import CHANNEL as NEWSLETTER
from crosspost.site.entry import Entry
from crosspost.site.links import assets_of
from crosspost.site.reading import Record
from crosspost.site.recalled import RecalledIndex, Shape, recalled_index

_LOOK = 4
"""Numbers of a signature."""
_STEP = 128 * _LOOK
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Record).decode


class Outlook(msgspec.Struct, frozen=True, array_like=True):
    """What holds for all documents of a site together: an edit leaves it as it was.

    `withheld` are the assets that documents refer to which hide; `shape` is a packed `Shape`.
    """

    withheld: frozenset[str]
    shape: bytes

    @classmethod
    def of(cls, shape: Shape, withheld: frozenset[str]) -> Outlook:
        """Pack it."""
        return cls(withheld, _encode(shape))


class LastSite(msgspec.Struct, frozen=True, array_like=True):
    """The site as the last build has read it: what its receipt says, but file by file.

    `receipt` is the name of that; `names` is that of the files' names, and `looks` and `digests`
    are the signature and the hash of each.
    """

    receipt: str
    names: str
    looks: bytes
    digests: list[str]
    problems: list[Problem]
    outlook: Outlook

    @classmethod
    def read(cls, path: Path, receipt: Receipt) -> LastSite | None:
        """Return what was kept beside a receipt."""
        data = read_blob(path)
        if data is None:
            return None
        with suppress(msgspec.MsgspecError):
            found = msgspec.msgpack.decode(data, type=cls)
            if found.receipt == receipt.name:
                return found
        return None

    def write(self, path: Path) -> None:
        """Keep it. What cannot be written is not kept."""
        with suppress(OSError):
            write_blob(path, _encode(self))

    def changed(self, state: State) -> list[str]:
        """Return the files that do not look as they did; none where there are others than then."""
        before, after = array("q", self.looks), state.looks
        if state.names != self.names or len(before) != len(after):
            return []
        return [
            state.files[place // _LOOK]
            for start in range(0, len(after), _STEP)
            if before[start : start + _STEP] != after[start : start + _STEP]
            for place in range(start, min(start + _STEP, len(after)), _LOOK)
            if before[place : place + _LOOK] != after[place : place + _LOOK]
        ]


class Edit(msgspec.Struct, frozen=True):
    """An edit of a site.

    `records` are those of the documents that were touched, by path, and `read` is what was read of
    those that hold what is new; `recarded` show something else of themselves on other pages too.
    `index` is that of the whole site, `known` are the outputs that are no document.
    """

    last: LastSite
    index: RecalledIndex
    known: frozenset[str]
    recarded: frozenset[str]
    records: Mapping[str, Kept]
    read: Mapping[str, ReadAhead]

    @property
    def touched(self) -> frozenset[str]:
        """The paths of the documents of which something may have changed."""
        return frozenset(self.records)

    @property
    def digests(self) -> dict[str, str]:
        """The hash of each file that was touched."""
        return {f"content/{path}": digest for path, (digest, _) in self.records.items()}

    @property
    def seconds(self) -> dict[str, float]:
        """How long each file took that was read."""
        return {f"content/{path}": one.seconds for path, one in self.read.items()}

    def problems(self) -> Iterator[Problem]:
        """Yield what is known to be wrong with the site, but for where touched links lead."""
        digests = self.digests
        yield from (one for one in self.last.problems if one.file not in digests)
        for _, packed in self.records.values():
            yield from _decode(packed).problems


def find_edit(
    last: LastSite,
    state: State,
    read: Mapping[str, ReadAhead],
    memory: Memory,
    settings: Settings,
    now: datetime,
    next_change: datetime | None,
) -> Edit | None:
    """Return the edit that has made a site what it is, if that is all that happened to it.

    `last` is the site before, `state` that of its files now, `read` what was read of those that are
    younger. The same documents must be on the site at `now` as before.
    """
    paths = [file.removeprefix("content/") for file in last.changed(state)]
    if not paths or not read.keys() >= {*paths}:
        return None
    if any(one.code == "not-a-picture" for one in last.problems):
        return None  # who tells of it, the picture or who shows it, follows from all of them
    digests = dict(zip(state.files, last.digests, strict=True))
    records: dict[str, Kept] = {}
    new: dict[str, ReadAhead] = {}
    before: list[Entry] = []
    after: dict[str, Entry] = {}
    for path in paths:
        digest = read[path].digest
        kept = memory.look_up(path, digests[f"content/{path}"])
        packed = memory.look_up(path, digest)
        if packed is None:
            new[path], packed = read[path], read[path].record
        old, now_there = _decode(kept) if kept else None, _decode(packed)
        if not (old and old.entry and now_there.entry and _stays(old.entry, now_there)):
            return None
        records[path] = (digest, packed)
        before.append(old.entry)
        after[path] = now_there.entry
    shape = msgspec.msgpack.decode(last.outlook.shape, type=Shape)
    if not {*shape.posts, *shape.pages} >= records.keys():
        return None
    entries = _Entries(settings, memory, digests, after)
    assets = _Assets(settings, memory, digests)
    index = recalled_index(shape, settings, now, next_change, entries, assets)
    known = frozenset(shape.known)
    if withheld := last.outlook.withheld:
        for one in before:
            shown = {*assets_of(index, one, known)} ^ {*assets_of(index, after[one.path], known)}
            if not withheld.isdisjoint(shown):
                return None  # a file appears, or goes
    recarded = frozenset(one.path for one in before if one.stamp != after[one.path].stamp)
    return Edit(last, index, known, recarded, records, new)


def _stays(before: Entry, record: Record) -> bool:
    """Say whether a document can be read, and stands where it stood."""
    after = record.entry
    return (
        after is not None
        and after.kind != Kind.EDITION
        and _place(before) == _place(after)
        and _in_newsletter(before) == _in_newsletter(after)
        and all(problem.severity != Severity.ERROR for problem in record.problems)
    )


def _in_newsletter(entry: Entry) -> Variant | None:
    """Return what a document says of its place in the newsletter, which no card shows."""
    return entry.front_matter.channels.get(NEWSLETTER)


def _place(entry: Entry) -> Entry:
    """Return an entry without what says nothing of where a document stands."""
    bytes_and_text = replace(entry, digest="", written=b"", body="", holes=())
    return replace(bytes_and_text, title="", summary="", stamp="", image_src=None)


class _Entries:
    """Gives the entry at each path: as it was read now, or as it is kept, else read again."""

    def __init__(
        self,
        settings: Settings,
        memory: Memory,
        digests: Mapping[str, str],
        found: Mapping[str, Entry],
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._digests = digests
        self._found = dict(found)

    def __call__(self, path: str) -> Entry:
        """Return the entry of a path below content/. Raises `SiteError` where it is not there."""
        found = self._found.get(path)
        if found is None:
            digest = self._digests[f"content/{path}"]
            kept = self._memory.look_up(path, digest)
            entry = _decode(kept).entry if kept is not None else None
            found = entry or read_again(self._settings, path, digest)
            self._found[path] = found
        return found


class _Assets:
    """Gives each asset, with its facts as far as they are kept."""

    def __init__(self, settings: Settings, memory: Memory, digests: Mapping[str, str]) -> None:
        self._root = settings.root
        self._memory = memory
        self._digests = digests

    def __call__(self, path: str, file: str) -> Asset:
        """Return the asset at a path of output/, which is this file of the site."""
        location = self._root / file
        asset = Asset(path, file, location, location.stat())
        facts = self._memory.facts_with(file, self._digests[file])
        if facts is not None:
            asset.remember(facts)
        return asset
