"""What the site offers to channels: each post, and what would be said of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from msgspec import structs

from crosspost.channels.compose import Source
from crosspost.channels.message import PICTURE_TYPES, Media
from crosspost.channels.pictures import is_moving, picture_type
from crosspost.content.document import Document, Kind
from crosspost.content.engine import Flavour
from crosspost.content.excerpt import beginning, sentences
from crosspost.content.frontmatter import Image, Part, Variant
from crosspost.content.markdown import MarkdownEngine, MarkdownError
from crosspost.content.reading import read_body
from crosspost.errors import Problem
from crosspost.site.entry import Entry
from crosspost.site.index import SiteIndex
from crosspost.site.links import Addresses, Links

SUMMARY_LENGTH = 300
"""Characters at which a summary made from whole sentences stops; its first is always whole."""

_IS_SENTENCE = re.compile(r"[.!?…][\s\u00a0\u202f]?[»”\")\]]*$")
_NO_VARIANT = Variant()


class Prose:
    """Markdown as plain text. The engine is made when it is first needed, once a run."""

    def __init__(self, flavour: Flavour) -> None:
        self._flavour = flavour

    @cached_property
    def _engine(self) -> MarkdownEngine:
        return MarkdownEngine(typography=False, flavour=self._flavour)

    def line(self, markdown: str) -> str:
        """Return one line of Markdown as plain text."""
        html = self._engine.inline(markdown, lang="")
        return unescape(re.sub(r"<[^>]*>", "", html)).strip()

    def running(self, markdown: str) -> str:
        """Return the running text of a body; empty where it is nested beyond reason."""
        try:
            return self._engine.prose(markdown)
        except MarkdownError:
            return ""


@dataclass(frozen=True, slots=True)
class Post:
    """A post as the plan sees it: visible, or `hidden` for a reason.

    The document itself is unpacked only where something of it is said.
    """

    about: Entry
    hidden: str
    index: Addresses
    prose: Prose

    @property
    def document(self) -> Document:
        """What a person wrote."""
        return self.about.document

    @property
    def entry(self) -> Entry | None:
        """The post with its address; None for a hidden one, which has none."""
        return None if self.hidden else self.about

    @property
    def uid(self) -> str:
        """The identity."""
        return self.about.uid

    @property
    def file(self) -> str:
        """The file, relative to the site."""
        return self.about.file

    @property
    def date_at(self) -> float | None:
        """When it appears, in seconds since 1970."""
        return self.about.date_at

    def variant(self, channel: str) -> Variant:
        """Return what the post says for one channel, or an empty variant."""
        return self.document.front_matter.channels.get(channel, _NO_VARIANT)

    def source(self, channel: str) -> tuple[Source, tuple[Problem, ...]]:
        """Return what the post offers to a channel, and what is wrong with its pictures.

        Reads the pictures' bytes. Raises `ValueError` for a hidden post: it has no address.
        """
        if self.entry is None:
            raise ValueError(f"{self.file} is hidden")
        front = self.document.front_matter
        variant = self.variant(channel)
        media, problems = self._media(variant, channel)
        chosen = any(isinstance(one, Part) and one.images for one in _first(variant))
        source = Source(
            uid=self.uid,
            file=self.file,
            url=self.entry.absolute_url,
            title=self.prose.line(front.title),
            summary=self._summary(),
            language=self.entry.lang,
            typography=self.index.settings.markdown.typography,
            tags=tuple(self._tag_name(tag) for tag in front.tags),
            media=media.get(1, ()),
            later_media=media,
            chosen=chosen or variant.images is not None,
            variant=variant,
            places=self.document.places,
        )
        return source, tuple(problems)

    def _tag_name(self, tag: str) -> str:
        """Return a tag as readers see it where the settings say so: Noël for noel."""
        term = self.index.settings.tags.get(tag)
        if term is None or self.entry is None:
            return tag
        return term.labels.get(self.entry.lang.partition("-")[0], term.label)

    def _summary(self) -> str:
        """Return the written summary, else the first whole sentences of the text."""
        written = self.document.front_matter.summary
        if written:
            return self.prose.line(written)
        body = beginning(read_body(self.index.settings, self.document), 4 * SUMMARY_LENGTH)
        taken: list[str] = []
        for sentence in sentences(self.prose.running(body)):
            full = sum(map(len, taken)) + len(sentence) > SUMMARY_LENGTH
            if taken and (full or not _IS_SENTENCE.search(sentence)):
                break
            taken.append(sentence)
        return " ".join(taken)

    def _media(
        self, variant: Variant, channel: str
    ) -> tuple[Mapping[int, tuple[Media, ...]], list[Problem]]:
        """Return the pictures of each message of a thread, by its number, from 1."""
        own = self.document.front_matter.image
        wanted: dict[int, list[tuple[Image, str]]] = {}
        if variant.images is not None:
            name = f"channels.{channel}.images"
            wanted[1] = [(one, f"{name}.{n}") for n, one in enumerate(variant.images)]
        elif own is not None:
            wanted[1] = [(own, "image")]
        parts = variant.text if isinstance(variant.text, tuple) else ()
        for number, part in enumerate(parts, start=1):
            if isinstance(part, Part) and part.images:
                name = f"channels.{channel}.text.{number - 1}.images"
                wanted[number] = [(one, f"{name}.{n}") for n, one in enumerate(part.images)]
        problems: list[Problem] = []
        found: dict[int, tuple[Media, ...]] = {}
        for number, images in wanted.items():
            seen = (self._picture(_like(own, image), name, problems) for image, name in images)
            found[number] = tuple(one for one in seen if one is not None)
        return found, problems

    def _picture(self, image: Image, name: str, problems: list[Problem]) -> Media | None:
        """Read one picture; `name` is its key. Only the post's own may be one that stays out."""
        found = Links(self.index, self.document.path, frozenset()).destination(image.src)
        asset = self.index.assets.get(found.asset or "")
        drawn = asset is not None and asset.path.lower().endswith(".svg")
        if name == "image" and (drawn or (asset is None and not found.trouble)):
            return None  # drawn, or on another site: the link's card shows it
        code, trouble, data = found.code, found.trouble, b""
        if asset is not None:
            try:
                data = asset.location.read_bytes()
            except OSError as error:
                code, trouble = "unreadable", f"{asset.file} cannot be read: {error.strerror}."
        mime = picture_type(data[:16])
        if asset is not None and mime is not None:
            return Media(
                path=asset.file,
                digest=hashlib.sha256(data).hexdigest(),
                mime=mime,
                alt=(image.alt or "").strip(),
                focus=image.focus,
                file=asset.location,
                moving=is_moving(data),
            )
        if not trouble:
            code = "not-a-picture"
            trouble = f"'{image.src}' is no picture: channels take {', '.join(PICTURE_TYPES)}."
        place = f"{name}.src" if f"{name}.src" in self.document.places else name
        problems.append(self.document.problem(place, code, trouble))
        return None


def _first(variant: Variant) -> tuple[str | Part, ...]:
    """Return the first message of a thread, where there is one."""
    return variant.text[:1] if isinstance(variant.text, tuple) else ()


def _like(own: Image | None, image: Image) -> Image:
    """Return a picture with the alternative text and the focus of the post's own, if it is it."""
    if own is None or own.src != image.src:
        return image
    focus = own.focus if image.focus is None else image.focus
    return structs.replace(image, alt=image.alt or own.alt, focus=focus)


def posts_of(index: SiteIndex) -> Iterator[Post]:
    """Yield the posts of a site, visible and hidden; pages and editions are not announced."""
    prose = Prose(index.settings.markdown.flavour)
    for entry in index.posts:
        yield Post(entry, "", index, prose)
    for hidden in index.hidden:
        if hidden.entry.kind == Kind.POST:
            yield Post(hidden.entry, hidden.reason, index, prose)
