"""What a rendered Markdown text is, and what its caller must answer: values, no behaviour."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

HoleKind = Literal["link", "media", "picture", "size", "candidates"]


class Heading(msgspec.Struct, frozen=True, array_like=True):
    """A heading: its level (1 to 6), its id on the page, its words without markup."""

    level: int
    id: str
    text: str


class Link(msgspec.Struct, frozen=True, array_like=True):
    """An address of the source, as written, before it is resolved.

    `line` and `column` say where the address itself begins, from 1, in the text that was
    rendered; a reference (`[text][ref]`) has the place of its definition, once, however often it
    is used. 0 where the place is not known. `text` is what a reader sees of the first use.
    """

    target: str
    line: int
    column: int
    text: str


class Picture(msgspec.Struct, frozen=True, array_like=True):
    """A picture of the source, as written; `alt` is None where raw HTML has no such attribute."""

    src: str
    alt: str | None
    line: int
    column: int


class Hole(msgspec.Struct, frozen=True, array_like=True):
    """What is to be asked: how, for which attribute, about which address as written.

    A `link` that leads nowhere loses its attribute, `media` and a `picture` keep what was written;
    `size` is for width and height; `candidates` is a srcset, each address with its size behind it.
    """

    kind: HoleKind
    attribute: str
    target: str


class Body(msgspec.Struct, frozen=True, array_like=True):
    """A rendered text.

    `html` has a hole for each address of the site, described in `holes` (none where the addresses
    are resolved already; see `crosspost.content.holes`). `links` and `pictures` are in the order
    of the source; there are none where their places were not asked for. `words` counts those of its
    running prose. `nameless` says whether a picture has no alternative text.
    """

    html: str
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    words: int
    holes: tuple[Hole, ...] = ()
    nameless: bool = False


class Resolver(Protocol):
    """Turns addresses as written in one document into addresses of the site.

    It is asked about every address that may be one of the site, and must answer; what is wrong with
    one is reported from `Body.links` and `Body.pictures`, which say where it stands.
    """

    def link(self, target: str) -> str | None:
        """Return what goes into `href` (and into `src` of video, audio and frames).

        None where there is nothing to lead to: the words stay, without a link.
        """

    def picture(self, src: str) -> str:
        """Return what goes into the `src` of a picture."""

    def size(self, src: str) -> tuple[int, int] | None:
        """Return a picture's width and height in pixels, if it is a file whose size is known."""


class MarkdownError(ValueError):
    """A text that cannot be rendered: `line` counts from 1, 0 where it is not known."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line
