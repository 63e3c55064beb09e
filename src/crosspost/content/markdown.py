"""Markdown to a body: one engine, then what is ours.

    text ─ marks ─▶ engine ─ HTML, tree ─▶ notes, links, ids … ─▶ typography ─▶ Body ─ fill ─▶ page

Only `PythonMarkdown` and `Gfm` know their libraries; everything after them works on HTML, so that
both flavours get the same ids, links, figures and typography.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from crosspost.content.body import (
    Body,
    Heading,
    Link,
    MarkdownError,
    Picture,
    Resolver,
)
from crosspost.content.engine import Engine, Flavour, Parsed, engine_for
from crosspost.content.highlight import Highlighter
from crosspost.content.holes import AsWritten, fill
from crosspost.content.labels import labels_for
from crosspost.content.limits import nested_too_deeply, refuse_unreasonable
from crosspost.content.marks import Marks, without_tabs
from crosspost.content.notes import label_admonitions, label_notes, label_tasks
from crosspost.content.phrase import phrase
from crosspost.content.prose import prose
from crosspost.content.rewrite import Rewriter
from crosspost.content.typography import typeset, typeset_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from crosspost.config import MarkdownSettings

__all__ = [
    "Body",
    "Heading",
    "Link",
    "MarkdownEngine",
    "MarkdownError",
    "Picture",
    "Resolver",
    "clean",
    "parse",
]

# HTML has no place for control characters and noncharacters; XML (feeds) refuses most of them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_FORBIDDEN_BYTES = bytes(code for code in range(256) if _FORBIDDEN.match(chr(code)))
_BLANKED = bytes(32 if code in _FORBIDDEN_BYTES else code for code in range(256))
_Answer = TypeVar("_Answer")
_PLAIN_LINE = re.compile(r"[^*_`\[\]<>&\\!{}\n\"]*")


class MarkdownEngine:
    """Renders one text after the other, each as if it were the first.

    Make one per worker and keep it: building it costs more than rendering a post. It is not for
    use from several threads at once. With `typography` false the text keeps its spaces and
    quotes as they were typed. `flavour` says whose Markdown it is.
    """

    def __init__(self, *, typography: bool = True, flavour: Flavour = "markdown") -> None:
        self._flavour = flavour
        self._highlighter = Highlighter()
        self._typography = typography

    @cached_property
    def _engine(self) -> Engine:
        # Loaded for the first text: titles and summaries that are plain words need none.
        return engine_for(self._flavour)

    def load(self) -> None:
        """Load what the first text would load."""
        _ = self._engine

    def render(
        self,
        text: str,
        *,
        lang: str = "fr",
        resolve: Resolver | None = None,
        footnote_prefix: str = "",
    ) -> Body:
        """Return the body of `text`, its addresses answered by `resolve`, else as written.

        The other arguments and what is raised are those of `open_body`.
        """
        body = self.open_body(text, lang=lang, footnote_prefix=footnote_prefix)
        html = fill(body.html, body.holes, resolve or AsWritten())
        return replace(body, html=html, holes=())

    def open_body(
        self, text: str, *, lang: str = "fr", footnote_prefix: str = "", places: bool = True
    ) -> Body:
        """Return the body of `text` with a hole for each address that may be one of the site.

        `lang` is a language tag; it chooses the typography and the few words that are added.
        `footnote_prefix` (letters, digits, hyphens) goes before the ids of notes where several
        bodies share a page. Without `places`, it has no links and pictures, whose places nobody
        asks for then; all else is the same, sooner. Raises MarkdownError for a text that is nested
        beyond reason.
        """
        source = clean(text)
        marks = Marks(source) if places else None
        parsed = self._parse(source, marks.marked if marks else without_tabs(source))
        labels, html = labels_for(lang), parsed.html
        if parsed.labelled:
            html = label_admonitions(label_notes(html, labels, footnote_prefix), labels)
            html = label_tasks(html, labels)
        rewriter = Rewriter(html, marks, labels, self._highlighter)
        html = rewriter.run()
        headings = tuple(rewriter.headings)
        if self._typography:
            html = typeset_html(html, lang)
            headings = tuple(Heading(h.level, h.id, typeset(h.text, lang)) for h in headings)
        words = _guarded(parsed.count_words)
        links, pictures = (rewriter.links, rewriter.pictures) if places else ((), ())
        return Body(html, headings, links, pictures, words, rewriter.holes, rewriter.nameless)

    def prose(self, text: str) -> str:
        """Return the running prose of `text`, one paragraph or list item after the other.

        There is a blank line between them, and there are no headings, tables, code, pictures or
        notes. It is what summaries and messages are cut from (see `crosspost.content.excerpt`);
        typography is left to whoever cuts it. Raises MarkdownError.
        """
        source = clean(text)
        parsed = self._parse(source, source)
        return _guarded(lambda: prose(parsed.tree, parsed.stash))

    def inline(self, text: str, *, lang: str) -> str:
        """Return one line of Markdown (a title, a summary) as HTML that may stand in a link.

        It has no block around it and no link or picture in it.
        """
        # What can be printed needs no cleaning, and has no line ends.
        line = text if text.isprintable() else " ".join(clean(text).split("\n"))
        line = html = line.strip()
        if not _PLAIN_LINE.fullmatch(line):  # else there is nothing in it to escape
            try:
                html = phrase(self._engine.parse_inline(line))
            except RecursionError:
                raise MarkdownError(nested_too_deeply()) from None
        return typeset_html(html, lang) if self._typography else html

    def typeset(self, text: str, lang: str) -> str:
        """Return a plain string with the typography of `lang`, where the engine does any."""
        return typeset(text, lang) if self._typography else text

    def _parse(self, source: str, marked: str) -> Parsed:
        refuse_unreasonable(source)
        try:
            return self._engine.parse(marked)
        except RecursionError:
            raise MarkdownError(nested_too_deeply()) from None


def _guarded(ask: Callable[[], _Answer]) -> _Answer:
    """Ask about a parsed text. Raises MarkdownError where that is nested beyond reason."""
    try:
        return ask()
    except RecursionError:
        raise MarkdownError(nested_too_deeply()) from None


def engine_of(settings: MarkdownSettings) -> MarkdownEngine:
    """Return an engine that reads Markdown as a site's settings say."""
    return MarkdownEngine(typography=settings.typography, flavour=settings.flavour)


def parse(text: str, flavour: Flavour = "markdown") -> Parsed:
    """Return `text` as a tree, for whoever does not need a page of it.

    Raises MarkdownError for a text that is nested beyond reason.
    """
    source = clean(text)
    refuse_unreasonable(source)
    try:
        return engine_for(flavour).parse(source)
    except RecursionError:
        raise MarkdownError(nested_too_deeply()) from None


def clean(text: str) -> str:
    """Return `text` with lines ended by `\\n` and without characters that no page may hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        # Bytes are looked through three times as soon, and most texts are Latin-1.
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return text if text.replace("\n", "").isprintable() else _FORBIDDEN.sub("", text)
    if data.translate(_BLANKED) == data:
        return text
    return data.translate(None, _FORBIDDEN_BYTES).decode("latin-1")
