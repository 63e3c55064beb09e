"""What an importer found in its source: documents, media, and what cannot be carried over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crosspost.content.document import Kind
from crosspost.content.frontmatter import FrontMatter
from crosspost.errors import UsageError


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that was not carried over, and where it stands in the source.

    `line` counts from 1; 0 means that there is no such place. `code` names its kind.
    """

    code: str
    message: str
    file: str
    line: int = 0

    @property
    def order(self) -> tuple[str, int, str, str]:
        """By file and line, as a person works through them."""
        return self.file, self.line, self.code, self.message

    @property
    def place(self) -> str:
        """The place, as file:line."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Found:
    """A document that was read, in crosspost's own words.

    `name` is the slug for its new file; `folder` is where that file is to be, below content/.
    `identity` is what the source knows it by for ever: its uid is made from it. `origin` is the
    path by which texts of the source link to it, if there is one. `source` and `line` say where its
    text begins; `same_lines` whether each line of `body` is one of the source.
    """

    kind: Kind
    identity: str
    folder: str
    name: str
    front_matter: FrontMatter
    body: str
    source: str
    line: int = 0
    origin: str = ""
    same_lines: bool = False

    @property
    def uid(self) -> str:
        """Its uid, empty until it has one."""
        return self.front_matter.uid or ""

    def loss(self, code: str, message: str, line: int = 1) -> Loss:
        """Make a loss at a line of the body."""
        at = self.line + line - 1 if self.line and self.same_lines else self.line
        return Loss(code, message, self.source, at)


@dataclass(frozen=True, slots=True)
class Media:
    """A file to be copied to `path` below content/, which is its address too.

    `always` is false for what is only copied where a text links to it.
    """

    path: str
    source: str
    open: Callable[[], IO[bytes]]
    always: bool = True


@dataclass(frozen=True, slots=True)
class OldSite:
    """What the source says of the site as a whole; empty where it says nothing."""

    title: str = ""
    url: str = ""
    language: str = ""
    timezone: str = ""
    description: str = ""


@dataclass(slots=True)
class Harvest:
    """All that was read. An importer fills it; `counts` is what was left out on purpose."""

    generator: str
    site: OldSite
    documents: list[Found] = field(default_factory=list)
    media: dict[str, Media] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def lose(self, code: str, message: str, file: str, line: int = 0) -> None:
        """Note a loss."""
        self.losses.append(Loss(code, message, file, line))

    def lose_feed(self, old: str, new: str) -> None:
        """Note that the feed has another address: a page cannot redirect a program."""
        message = f"readers of the feed {old} need a redirect to {new}, on your server."
        self.losses.append(Loss("feed", message, old))

    def leave_out(self, what: str, count: int = 1) -> None:
        """Count what is left out on purpose, as "reply" or "comment"."""
        self.counts[what] = self.counts.get(what, 0) + count

    def add_media(self, path: str, source: str, location: Path, *, always: bool = True) -> None:
        """Offer a file of this machine, which is opened when it is copied."""
        self.media[path] = Media(path, source, lambda: location.open("rb"), always)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person says of an import beyond its source.

    `fallback` is what the new site says where neither does; `channels` are those that it has.
    """

    site: OldSite = OldSite()
    permalink: str | None = None
    uploads: Path | None = None
    replies: bool = False
    channels: tuple[str, ...] = ()
    fallback: OldSite = OldSite(timezone="Europe/Paris", language="fr")


def merged(*said: OldSite) -> OldSite:
    """Return what is said of a site: of each thing, by the first who says anything."""
    names = ("title", "url", "language", "timezone", "description")
    found = {name: next(filter(None, (getattr(one, name) for one in said)), "") for name in names}
    return OldSite(**found)


def require(path: Path, what: str, *, folder: bool = False) -> None:
    """Raise `UsageError` where a source does not exist, or is a file and must be a folder."""
    if not path.exists():
        raise UsageError(f"there is no {path}: give {what}.")
    if folder and not path.is_dir():
        raise UsageError(f"{path} is a file: give {what}.")


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone. Raises `UsageError` where there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"'{name}' is not a time zone. Give --timezone Europe/Paris.") from None
