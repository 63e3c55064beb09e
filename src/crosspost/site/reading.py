"""Reading one document: from a file's bytes to its entry and its rendered body.

What comes out depends on the bytes, the path, the settings and the versions of what reads them,
and on nothing else: no other file, no clock. That is why it can be kept (`crosspost.build.memory`).
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from crosspost.config import Settings
from crosspost.content.body import Body, MarkdownError
from crosspost.content.dialects import dialect_of
from crosspost.content.document import Document, Kind, Written, parse_document
from crosspost.content.excerpt import beginning, excerpt
from crosspost.content.reading import DocumentFile
from crosspost.content.slugs import slugify
from crosspost.errors import Problem
from crosspost.site.entry import Entry
from crosspost.site.urls import expand, file_slug, output_path, url_of
from crosspost.site.written import pack_document

if TYPE_CHECKING:
    from crosspost.content.markdown import MarkdownEngine

_pack = msgspec.msgpack.Encoder().encode
SUMMARY_LENGTH = 300
"""Characters of a summary that is made from a document's first sentences."""


class Record(msgspec.Struct, frozen=True, array_like=True):
    """What a file became: its entry, None where it could not be read, and what is wrong with it."""

    digest: str
    entry: Entry | None
    problems: tuple[Problem, ...] = ()


class Reader:
    """Reads documents one after the other; the Markdown engine is loaded for the first."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._zone, self._base_path = settings.zone, settings.base_path
        self._dialect = dialect_of(settings)

    @cached_property
    def _engine(self) -> MarkdownEngine:
        from crosspost.content.markdown import engine_of

        return engine_of(self._settings.markdown)

    def load(self) -> Reader:
        """Load what the first document would load: workers share it."""
        self._engine.load()
        return self

    def read(self, found: DocumentFile, data: bytes, digest: str = "") -> tuple[Record, str]:
        """Return what a file became, and the Markdown of its body.

        `digest` is that of its bytes, where it is known.
        """
        problems: list[Problem] = []
        written = parse_document(
            data, found.path, found.kind, self._zone, problems, self._dialect, digest
        )
        if written is None:
            return Record("", None, tuple(problems)), ""
        if self._dialect:
            problems.extend(self._dialect.remarks(written.document, written.body))
        entry = self._entry(written)
        return Record(written.document.digest, entry, tuple(problems)), written.body

    def render(self, record: Record, body: str) -> tuple[Record, Body | None]:
        """Render the body of a document that was read; one that cannot be is a problem."""
        entry = record.entry
        if entry is None:
            return record, None
        try:
            rendered = self._engine.open_body(body, lang=entry.lang, places=False)
        except MarkdownError as error:
            line = error.line or 1
            problem = entry.document.body_problem(line, 1, "too-deep", f"{error}.")
            problems = (*record.problems, problem)
            return msgspec.structs.replace(record, problems=problems), None
        return record, rendered

    def _entry(self, written: Written) -> Entry:
        document, settings = written.document, self._settings
        front = document.front_matter
        date = front.date.astimezone(self._zone) if front.date else None
        output = output_path(front.permalink or self._permalink(document, date))
        url = url_of(self._base_path, output)
        lang = front.lang or settings.site.language
        summary = front.summary or self._summary(written.body)
        moment = front.date
        if front.updated and (moment is None or front.updated > moment):
            moment = front.updated
        date_at = _seconds(front.date)
        changed_at = date_at if moment is front.date else _seconds(moment)
        changed = moment.isoformat(timespec="seconds") if moment else ""
        expires_at = _seconds(front.expires)
        packed = pack_document(document)
        zone = settings.site.timezone
        return Entry(
            path=document.path,
            kind=document.kind,
            uid=document.uid,
            title=front.title,
            url=url,
            absolute_url=settings.absolute(url),
            output=output,
            lang=lang,
            summary=summary,
            year=str(date.year) if date else "",
            category=front.category,
            tags=front.tags,
            aliases=front.aliases,
            image_src=front.image.src if front.image else None,
            menu=front.menu,
            noindex=front.noindex,
            draft=front.draft,
            gone=front.gone,
            date_at=date_at,
            expires_at=expires_at,
            changed_at=changed_at,
            changed=changed,
            digest=document.digest,
            stamp=_stamp(
                document.path, document.kind, zone, url, lang, summary, shown=packed.shown
            ),
            map_stamp=_stamp(output, changed, front.noindex),
            zone=zone,
            written=packed.written,
            channel_images=tuple(
                image.src for variant in front.channels.values() for image in variant.all_images
            ),
            named={name: variant.enabled for name, variant in front.channels.items()},
        )

    def _summary(self, body: str) -> str:
        """Return the first whole sentences of a body; nothing for one that cannot be read."""
        try:
            text = self._engine.prose(beginning(body, 4 * SUMMARY_LENGTH))
        except MarkdownError:
            return ""
        return excerpt(text, SUMMARY_LENGTH)

    def _permalink(self, document: Document, date: datetime | None) -> str:
        front = document.front_matter
        slug = front.slug or file_slug(document.path)
        folder = document.path.removesuffix(".md").removesuffix("/index").partition("/")[2]
        if document.kind == Kind.PAGE:
            return "/404.html" if folder == "404" else f"/{front.slug or folder}/"
        if document.kind == Kind.EDITION:
            return f"/newsletter/{slug}/"
        return expand(
            self._settings.permalink,
            slug=slug,
            date=date,
            category=slugify(front.category) if front.category else "",
            path=folder,
        )


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _stamp(*parts: object, shown: bytes = b"") -> str:
    return hashlib.blake2b(_pack(parts) + shown, digest_size=16).hexdigest()
