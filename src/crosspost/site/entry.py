"""An entry: a document together with its address and what lists show of it."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

import msgspec

from crosspost.content.body import Hole
from crosspost.content.document import Document, Kind
from crosspost.content.frontmatter import FrontMatter, Image
from crosspost.site.written import decode_document


class Entry(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """A document and what follows from it and the settings alone, whatever other files say.

    What the index needs stands beside the document itself (`written`, as bytes), which is only
    unpacked where it is shown: of ten thousand posts a build may show three. `url` is root-relative
    with the base path, `absolute_url` the whole address, `output` the file below output/. `summary`
    is plain text: the front matter's, else the first whole sentences. `year` is that of its date in
    the site's time zone, empty without a date. Moments with `_at` are seconds since 1970.
    """

    path: str
    kind: Kind
    uid: str
    title: str
    url: str
    absolute_url: str
    output: str
    lang: str
    summary: str
    year: str
    category: str | None
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    image_src: str | None
    menu: int | None
    noindex: bool
    draft: bool
    gone: bool
    date_at: float | None
    expires_at: float | None
    changed_at: float | None
    changed: str
    """When it last changed, as a sitemap writes it; empty where that is not known."""
    digest: str
    """The hash of the file's bytes."""
    stamp: str
    """The digest of all that a card may show of it."""
    map_stamp: str
    """The digest of what a sitemap says of it."""
    zone: str
    written: bytes
    body: str = ""
    """The name of its rendered body in the store; empty where it was not rendered."""
    holes: tuple[Hole, ...] = ()
    """The addresses of the site that its body asks for."""
    channel_images: tuple[str, ...] = ()
    """The pictures that only its messages show, as they are written."""
    named: dict[str, bool] = {}
    """The channels that its front matter names, and whether they may say it."""

    @cached_property
    def document(self) -> Document:
        """The document itself."""
        return decode_document(self.written, self.zone)

    @property
    def file(self) -> str:
        """The file, relative to the site."""
        return f"content/{self.path}"

    @property
    def front_matter(self) -> FrontMatter:
        """What the document says of itself."""
        return self.document.front_matter

    @property
    def date(self) -> datetime | None:
        """When it appeared; None for pages that do not say."""
        return self.document.front_matter.date

    @property
    def image(self) -> Image | None:
        """The picture that stands for it."""
        return self.document.front_matter.image


class Hidden(msgspec.Struct, frozen=True):
    """A document that is not on the site now, and why: draft, future or expired."""

    entry: Entry
    reason: str

    @property
    def document(self) -> Document:
        """The document itself."""
        return self.entry.document

    @property
    def path(self) -> str:
        """Its path below content/."""
        return self.entry.path


class Term(msgspec.Struct, frozen=True, array_like=True):
    """A category, a tag or a year: what a list page is about.

    `uids` are the posts that carry it, newest first.
    """

    kind: str
    name: str
    slug: str
    label: str
    labels: tuple[tuple[str, str], ...]
    description: str
    url: str
    output: str
    uids: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many posts carry it."""
        return len(self.uids)

    def label_in(self, lang: str) -> str:
        """Return the label in a language, else the site's own."""
        return dict(self.labels).get(lang.partition("-")[0], self.label)
