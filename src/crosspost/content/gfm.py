"""GitHub's Markdown behind one small class: the second engine.

cmark reads the text; what it writes differently from Python-Markdown (addresses, notes, alerts,
cells, pictures) is brought into the same shape here.
"""

from __future__ import annotations

import re
from functools import cached_property, partial
from html import escape
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from crosspost.content.cmark import Cmark
from crosspost.content.gfm_shapes import is_foreign, shaped
from crosspost.content.html_tree import html_tree
from crosspost.content.marks import START, unmark
from crosspost.content.prose import KEPT_ASIDE, count_words
from crosspost.content.word_count import count_words_of_html

# Characters that cmark takes for punctuation, as it does `(` and `%`, and nobody writes: signs of
# editions of the New Testament. Two that a text does not hold stand in for other things.
_SPARE = "\u2e00\u2e01\u2e02\u2e03\u2e04\u2e05\u2e06\u2e07\u2e08\u2e09"
_MARK = re.compile("\x86[\x87-\x96]++")
# Raw HTML, but also what only looks like it; not an address between angle brackets.
_RAW = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.\-]*:)[A-Za-z/!?]")
_END_OF_AUTOLINK = re.compile(r"[^\s<>]*>")
_MEANS_MORE_AFTER_A_SPACE = re.compile(r"[*_~|`]|#+[ \t]*$|\Z", re.MULTILINE)
_ENCODED = re.compile(r"(?<!\\)%(?=[0-9A-Fa-f]{2})")
_OURS = re.compile(r"(?:%C2%8[6-9A-F]|%C2%9[0-6]|%E2%B8%8[0-9])+")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_ADDRESS = re.compile(r"=\"(?:(?<= href=\")|(?<= src=\"))([^\"%]*%[^\"]*)\"")
# What most addresses are: a mark, perhaps with the sign after it, and then nothing encoded.
_MARKED_ADDRESS = re.compile(
    r"(=\"(?:(?<= href=\")|(?<= src=\"))(?:https?://)?)"
    r"%C2%86((?:%C2%(?:8[7-9A-F]|9[0-6]))+(?:%E2%B8%8[0-9])?)(?=[^\"%]*\")"
)


class Gfm:
    """cmark with the extensions that GitHub's pages have; not for use from several threads."""

    def __init__(self) -> None:
        self._cmark = Cmark()

    def parse(self, text: str) -> Page:
        """Return `text` (Markdown, lines ended by `\\n`) as HTML and, when asked, as a tree."""
        html, labelled = self._html(text)
        raw = "<" in text and _RAW.search(text) is not None
        return Page(html.strip("\n"), raw=raw, labelled=labelled or raw)

    def parse_inline(self, line: str) -> str:
        """Return one line of Markdown as HTML, with no block around it.

        `# `, `- ` or `1. ` at the start are words here, as they are in a title.
        """
        # After a word, nothing can be the start of a block.
        html = self._html(f"{_SPARE[-1]} {line}")[0].strip()
        return html.removeprefix(f"<p>{_SPARE[-1]} ").removesuffix("</p>").strip()

    def _html(self, text: str) -> tuple[str, bool]:
        """Return cmark's HTML in our shape, and whether it was in another.

        Its addresses are as their author wrote them.

        cmark encodes what is not ASCII in an address, spaces too, but leaves `%20` as it is: so
        that all that comes out encoded is cmark's doing, each `%` goes through as another sign.
        And a mark is no punctuation, where the bracket before it is: so another follows it.
        """
        percent = after_mark = ""
        if START in text or "%" in text:
            spare = [sign for sign in _SPARE[:-1] if sign not in text]
            if len(spare) > 1:
                percent, after_mark = spare[:2]
                text = _ENCODED.sub(percent, text) if "%" in text else text
                text = _MARK.sub(partial(_unseen, after_mark), text)
        html = self._cmark.html(text)
        foreign = is_foreign(html)
        if foreign:
            html = shaped(html, as_written)
        if "%" in html:
            html = _ADDRESS.sub(_as_written, _MARKED_ADDRESS.sub(_marked, html))
        if percent:
            html = html.replace(after_mark, "").replace(percent, "%")
        return html, foreign


class Page:
    """What cmark made of a text: the tree is only built for who asks for it."""

    stash: tuple[str | Element, ...] = ()

    def __init__(self, html: str, *, raw: bool, labelled: bool) -> None:
        self.html = html
        self.labelled = labelled
        self._raw = raw
        """Whether there may be HTML in it that cmark did not write."""

    @cached_property
    def tree(self) -> Element:
        """The HTML as elements, raw HTML included."""
        return html_tree(self.html)

    def count_words(self) -> int:
        """Return how many words its running prose has; a tree is three times as dear."""
        if self._raw or KEPT_ASIDE in self.html:  # `&#2;` may stand in for it
            return count_words(self.tree, self.stash)
        return count_words_of_html(self.html)


def _unseen(after_mark: str, match: re.Match[str]) -> str:
    """Return a mark in a form that does not change how cmark reads what stands around it."""
    text, (start, end) = match.string, match.span()
    before = text[start - 1]
    if before == "/":
        # Elsewhere than in `<https://…>`, it would be a part of a host's name.
        escaped = text[text.rfind("<", 0, start) - 1 : start].startswith("\\")
        return match[0] if _END_OF_AUTOLINK.match(text, end) and not escaped else ""
    if before in " \t" and _MEANS_MORE_AFTER_A_SPACE.match(text, end):
        return ""
    # Nor is `www.` a link, but after a space or a bracket.
    return "" if text.startswith("www.", end) else match[0] + after_mark


def _marked(match: re.Match[str]) -> str:
    return f"{match[1]}{START}{bytes.fromhex(match[2].replace('%', '')).decode()}"


def _as_written(match: re.Match[str]) -> str:
    return f'="{as_written(match[1])}"'


def as_written(value: str) -> str:
    """Return an attribute that cmark encoded as its author wrote it, escaped for HTML."""
    try:
        decoded = unquote(value, errors="strict")
    except UnicodeDecodeError:
        decoded = "\0"
    if _FORBIDDEN.search(unmark(decoded)):
        # Only an escaped `\%00` comes to this: no page may hold what it says.
        return _OURS.sub(lambda match: unquote(match[0]), value)
    # cmark has escaped ampersands and apostrophes.
    return escape(decoded).replace("&amp;", "&") if decoded != value else value
