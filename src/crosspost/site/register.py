"""The register: of every document the few things that a plan asks of all of them, as columns.

A plan leaves nearly all posts of a town alone, and says so of each. For that it need not unpack
forty thousand entries: whose a document is, when it shows and what a channel may choose it by are
enough, in plain lists that are read in one go. Entries are unpacked of those few posts that
something may be said of. What a register answers is what a `SiteIndex` of the same files would.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from crosspost.config import Settings
from crosspost.content.assets import Asset
from crosspost.content.document import Kind
from crosspost.site.entry import Entry, Hidden
from crosspost.site.index import hidden_because, names_of_assets
from crosspost.site.redirects import check_moved, redirects_of
from crosspost.site.urls import output_path

KINDS = tuple(Kind)
_POST = KINDS.index(Kind.POST)


class Traits(msgspec.Struct, frozen=True, array_like=True):
    """What a channel chooses a post by.

    Posts that have it in common share one, without tags: these are nearly always others.
    """

    category: str | None
    lang: str
    named: dict[str, bool]
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> tuple[object, ...]:
        """What two that are the same have in common."""
        return (self.category, self.lang, *self.named.items())


class Rare(msgspec.Struct, frozen=True, array_like=True):
    """What few documents say: when they hide, and older addresses."""

    draft: bool = False
    gone: bool = False
    expires_at: float | None = None
    aliases: tuple[str, ...] = ()


class Columns(msgspec.Struct, array_like=True):
    """A list for each thing that is known of all documents, in the order of their paths.

    `traits` are numbers in `kinds_of_traits`, `tags` are packed; moments are seconds since 1970.
    """

    paths: list[str]
    kinds: list[int]
    uids: list[str]
    outputs: list[str]
    dates: list[float | None]
    traits: list[int]
    tags: list[bytes]
    rare: list[Rare | None]
    kinds_of_traits: list[Traits]

    @classmethod
    def none(cls) -> Columns:
        """Return the columns of no document."""
        return cls([], [], [], [], [], [], [], [], [])

    @property
    def fits(self) -> bool:
        """Whether all columns are of the same documents."""
        sizes = {*map(len, self._lists())}
        numbers = range(len(self.kinds_of_traits))
        return len(sizes) == 1 and {*self.traits} <= {*numbers} and {*self.kinds} <= {0, 1, 2}

    def _lists(self) -> tuple[list[Any], ...]:
        return (
            *(self.paths, self.kinds, self.uids, self.outputs, self.dates, self.traits),
            *(self.tags, self.rare),
        )

    def arranged(self, places: Sequence[int]) -> Columns:
        """Return columns whose rows are those at `places`; below 0 for one that is to be `put`."""
        empty: tuple[Any, ...] = ("", 0, "", "", None, 0, b"", None)
        columns: list[list[Any]] = [
            [column[place] if place >= 0 else nothing for place in places]
            for column, nothing in zip(self._lists(), empty, strict=True)
        ]
        return Columns(*(*columns, self.kinds_of_traits))

    def put(self, place: int, entry: Entry, numbers: dict[object, int]) -> None:
        """Write what an entry says; `numbers` are those of traits by their names."""
        traits = Traits(entry.category, entry.lang, entry.named)
        number = numbers.setdefault(traits.name, len(self.kinds_of_traits))
        if number == len(self.kinds_of_traits):
            self.kinds_of_traits.append(traits)
        rare = Rare(entry.draft, entry.gone, entry.expires_at, entry.aliases)
        self.paths[place] = entry.path
        self.kinds[place] = KINDS.index(entry.kind)
        self.uids[place] = entry.uid
        self.outputs[place] = entry.output
        self.dates[place] = entry.date_at
        self.traits[place] = number
        self.tags[place] = _encode(entry.tags)
        self.rare[place] = None if rare == _NOTHING_RARE else rare


_NOTHING_RARE = Rare()
_encode = msgspec.msgpack.Encoder().encode
_decode_tags = msgspec.msgpack.Decoder(tuple[str, ...]).decode


class _Address(NamedTuple):
    """As much of an entry as tells whose address it has."""

    output: str
    file: str


class Register:
    """What a plan knows of all documents at one moment.

    `entry_of` unpacks or reads the entry of a path. It has what `crosspost.site.links` asks of an
    index, so that the pictures of a message are found by the same rules.
    """

    unread: frozenset[str] = frozenset()
    """Documents that cannot be read: of a site that has such, there is no register."""

    def __init__(
        self,
        settings: Settings,
        now: datetime,
        columns: Columns,
        assets: Mapping[str, Asset],
        entry_of: Callable[[str], Entry],
    ) -> None:
        self.settings = settings
        self.now = now
        self.columns = columns
        self.assets = assets
        self._entry_of = entry_of
        self._entries: dict[str, Entry] = {}
        self.destinations: dict[frozenset[str], dict[str | tuple[str, str], Any]] = {}
        self.by_path = _Visible(self)
        self.hidden_by_path = _Hiding(self)

    def entry(self, place: int) -> Entry:
        """Return a document's entry, by its place in the columns."""
        path = self.columns.paths[place]
        found = self._entries.get(path)
        if found is None:
            found = self._entries[path] = self._entry_of(path)
        return found

    @property
    def asked(self) -> Iterable[str]:
        """The paths of documents whose entries were asked for."""
        return self._entries

    @cached_property
    def hidden(self) -> list[str]:
        """Why each document hides; empty where it does not."""
        now, columns = self.now.timestamp(), self.columns
        hidden = ["future" if date is not None and date > now else "" for date in columns.dates]
        for place, rare in enumerate(columns.rare):
            if rare is not None:
                hidden[place] = hidden_because(
                    rare.draft, rare.gone, columns.dates[place], rare.expires_at, now
                )
        return hidden

    @cached_property
    def posts(self) -> list[int]:
        """The places of all posts, visible and hidden, oldest first."""
        dates = [math.inf if date is None else date for date in self.columns.dates]
        posts = [place for place, kind in enumerate(self.columns.kinds) if kind == _POST]
        return sorted(posts, key=dates.__getitem__)

    @property
    def visible_dates(self) -> Iterable[float]:
        """When each visible post appeared, in seconds since 1970."""
        columns, hidden = self.columns, self.hidden
        return (
            date
            for place in self.posts
            if (date := columns.dates[place]) is not None and not hidden[place]
        )

    @property
    def kinds_of_posts(self) -> list[Traits]:
        """What any post has of all that a channel may choose by, but for tags."""
        kinds = zip(self.columns.kinds, self.columns.traits, strict=True)
        numbers = {number for kind, number in kinds if kind == _POST}
        return [self.columns.kinds_of_traits[number] for number in sorted(numbers)]

    def traits_of_posts(self) -> list[Traits]:
        """Return what each post has of all that a channel may choose by, oldest first."""
        columns = self.columns
        kinds, unpack = columns.kinds_of_traits, _decode_tags
        return [
            Traits(one.category, one.lang, one.named, unpack(columns.tags[place]))
            for place in self.posts
            for one in (kinds[columns.traits[place]],)
        ]

    def posts_with(self, wanted: Callable[[Traits], bool]) -> list[Entry]:
        """Return posts by what they have: visible ones newest first, then those that hide."""
        kinds = self.columns.kinds_of_traits
        numbers = {number for number, traits in enumerate(kinds) if wanted(traits)}
        places = sorted(place for place in self.posts if self.columns.traits[place] in numbers)
        dates, hidden = self.columns.dates, self.hidden
        shown = [place for place in places if not hidden[place]]
        shown.sort(key=lambda place: -(dates[place] or 0.0))
        hiding = [place for place in places if hidden[place]]
        return [self.entry(place) for place in (*shown, *hiding)]

    @cached_property
    def next_change(self) -> datetime | None:
        """When a document next appears or expires by itself."""
        now, columns = self.now.timestamp(), self.columns
        moments = [
            (date, columns.paths[place], "date", place)
            for place, date in enumerate(columns.dates)
            if date is not None and date > now and not _is_withheld(columns.rare[place])
        ]
        moments += [
            (rare.expires_at, columns.paths[place], "expires", place)
            for place, rare in enumerate(columns.rare)
            if rare and rare.expires_at is not None and rare.expires_at > now
            if not _is_withheld(rare)
        ]
        if not moments:
            return None
        _, _, name, place = min(moments)
        found: datetime = getattr(self.entry(place).front_matter, name)
        return found

    @property
    def is_sound(self) -> bool:
        """Whether an index of these documents would have nothing to report.

        Where it is not, an index is made, which says what is wrong and where.
        """
        columns, settings = self.columns, self.settings
        if len({*columns.uids}) < len(columns.uids):
            return False
        if settings.categories and not settings.compat:
            used = {columns.kinds_of_traits[number].category for number in {*columns.traits}}
            if not used <= {None, *settings.categories}:
                return False
        reachable = self._reachable
        outputs = {columns.outputs[place] for place in reachable}
        if len(outputs) < len(reachable):
            return False
        aliased = [
            output
            for place in reachable
            if (rare := columns.rare[place])
            for output in {*map(output_path, rare.aliases)}
        ]
        if len({*aliased}) < len(aliased) or not outputs.isdisjoint(aliased):
            return False
        if not (settings.redirects.moved or settings.redirects.gone):
            return True
        addresses = [
            _Address(columns.outputs[place], f"content/{columns.paths[place]}")
            for place in reachable
        ]
        return not any(check_moved(settings, addresses))

    @cached_property
    def _reachable(self) -> list[int]:
        """The places of documents that have an address, withdrawn ones included."""
        return [place for place, why in enumerate(self.hidden) if not why or why == "gone"]

    @cached_property
    def outputs(self) -> frozenset[str]:
        """The output paths of all visible documents."""
        outputs = self.columns.outputs
        return frozenset(outputs[place] for place, why in enumerate(self.hidden) if not why)

    @cached_property
    def redirects(self) -> Mapping[str, str]:
        """The URL that each older output path leads to."""
        rare = self.columns.rare
        named = (place for place in self._reachable if (one := rare[place]) and one.aliases)
        return redirects_of(self.settings, map(self.entry, named))

    @cached_property
    def assets_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """The paths of assets by their file's name, in lower case."""
        return names_of_assets(self.assets)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each document in the columns, by its path."""
        return {path: place for place, path in enumerate(self.columns.paths)}


class _Visible:
    """The visible entries of a register, by their paths."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def get(self, path: str, /) -> Entry | None:
        """Return the entry of a path below content/."""
        place = self._register.places.get(path)
        if place is None or self._register.hidden[place]:
            return None
        return self._register.entry(place)


class _Hiding:
    """The documents of a register that hide, by their paths."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def get(self, path: str, /) -> Hidden | None:
        """Return the document of a path below content/, and why it hides."""
        place = self._register.places.get(path)
        if place is None or not self._register.hidden[place]:
            return None
        return Hidden(self._register.entry(place), self._register.hidden[place])


def _is_withheld(rare: Rare | None) -> bool:
    return rare is not None and (rare.draft or rare.gone)
