"""Markdown as text to be read as it is: the plain part of a mail, a terminal, a message.

Made from the parsed document's elements, so that a list stays a list and a table a table; never
from the HTML of the page.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from enum import StrEnum
from html import unescape
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from crosspost.content.body import MarkdownError
from crosspost.content.excerpt import excerpt
from crosspost.content.labels import Labels, labels_for
from crosspost.content.limits import nested_too_deeply
from crosspost.content.prose import AMPERSAND, PLACEHOLDER, STASHED, stashed
from crosspost.content.rawtext import FRAMES, SILENT, raw_text
from crosspost.content.texttable import table_lines
from crosspost.content.typography import NBSP, typeset

if TYPE_CHECKING:
    from crosspost.content.body import Resolver
    from crosspost.content.engine import Flavour

__all__ = ["LinkStyle", "excerpt", "plain_text"]


class LinkStyle(StrEnum):
    """How an address is written beside its words."""

    INLINE = "inline"
    """`words <address>`, where they are."""
    FOOTNOTES = "footnotes"
    """`words [1]`, and a numbered list at the end."""
    NONE = "none"
    """Words only."""


_UNDERLINES = {"h1": "=", "h2": "-", "h3": "~"}
_BLOCKS = frozenset(
    {
        *("p", "ul", "ol", "li", "dl", "dt", "dd", "div", "blockquote", "pre", "table", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "aside", "figure"),
        *("figcaption", "header", "details", "summary"),
    }
)
# A line's end that the author wants: it outlives the joining of lines.
_BREAK = "\x1e"
_NOTE = "fnref"
_ENTITY = re.compile(f"{AMPERSAND}(#?\\w+;)")


def plain_text(
    markdown: str,
    *,
    width: int | None = None,
    links: LinkStyle | str = LinkStyle.INLINE,
    resolve: Resolver | None = None,
    lang: str = "fr",
    typography: bool = True,
    flavour: Flavour = "markdown",
) -> str:
    """Return Markdown as readable text, its lines at most `width` characters where words allow.

    Headings are underlined, lists keep their marks, quotations begin with `> `, tables are
    aligned (or one line a cell where they are wider than `width`), pictures become
    `[Image : alt]` and notes stand at the end. `resolve` makes the addresses absolute; without it
    they stay as written. Addresses inside the document (`#part`) are left out. No newline at
    the end. Raises MarkdownError for a text that is nested beyond reason.
    """
    from crosspost.content.markdown import parse

    parsed = parse(markdown, flavour)
    if parsed.tree is None:
        return ""
    link: Callable[[str], str | None] = str if resolve is None else resolve.link
    writer = _Writer(parsed.stash, labels_for(lang), LinkStyle(links), link)
    writer.lang = lang if typography else ""
    try:
        lines = writer.document(parsed.tree, width)
    except RecursionError:
        raise MarkdownError(nested_too_deeply()) from None
    return "\n".join(line.rstrip() for line in lines).strip("\n")


class _Writer:
    """Writes one document's elements as lines."""

    def __init__(
        self,
        stash: tuple[str | Element, ...],
        labels: Labels,
        links: LinkStyle,
        link: Callable[[str], str | None],
    ) -> None:
        self._stash = stash
        self._labels = labels
        self._links = links
        self._link = link
        self._addresses: dict[str, int] = {}
        self.lang = ""

    def document(self, tree: Element, width: int | None) -> list[str]:
        lines = self._children(tree, width)
        if self._addresses:
            lines += ["", *(f"[{n}] {address}" for address, n in self._addresses.items())]
        return lines

    def _children(self, element: Element, width: int | None, *, tight: bool = False) -> list[str]:
        """Return the lines of an element's content: runs of text and blocks, in order."""
        lines: list[str] = []
        run = element.text or ""

        def add(block: Iterable[str]) -> None:
            found = list(block)
            if found:
                lines.extend([""] if lines and not tight else [])
                lines.extend(found)

        for child in element:
            if child.tag in _BLOCKS:
                add(self._paragraph(run, width))
                run = ""
                add(self._block(child, width))
            else:
                run += self._inline(child)
            run += child.tail or ""
        add(self._paragraph(run, width))
        return lines

    def _block(self, element: Element, width: int | None) -> list[str]:
        tag = str(element.tag)
        if tag in {"ul", "ol"}:
            return self._list(element, width)
        if tag == "blockquote":
            return [f"> {line}" for line in self._children(element, _less(width, 2))]
        if tag == "pre":
            code = unescape("".join(element.itertext())).rstrip("\n")
            return [f"    {line}" for line in code.split("\n")]
        if tag == "table":
            return self._table(element, width)
        if tag == "hr":
            return ["-" * min(width or 40, 40)]
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            return self._heading(element, width)
        if tag == "dl":
            return self._definitions(element, width)
        if element.get("class") == "footnote":
            return self._notes(element, width)
        classes = element.get("class", "").split()
        if classes[:1] == ["admonition"]:
            return [f"| {line}".rstrip() for line in self._children(element, _less(width, 2))]
        if classes == ["admonition-title"]:
            title = element.text or ""
            return self._paragraph(self._labels.admonitions.get(title.lower(), title), width)
        return self._children(element, width)

    def _heading(self, element: Element, width: int | None) -> list[str]:
        lines = self._children(element, width)
        underline = _UNDERLINES.get(str(element.tag))
        if underline and lines:
            lines.append(underline * max(map(len, lines)))
        return lines

    def _list(self, element: Element, width: int | None) -> list[str]:
        number = int(element.get("start") or 1) if element.tag == "ol" else 0
        loose = any(item.find("p") is not None for item in element)
        lines: list[str] = []
        for item in element:
            mark = f"{number}. " if number else "- "
            number += 1 if number else 0
            inner = self._children(item, _less(width, len(mark)), tight=not loose)
            if loose and lines:
                lines.append("")
            lines += _hang(mark, inner or [""])
        return lines

    def _definitions(self, element: Element, width: int | None) -> list[str]:
        lines: list[str] = []
        for child in element:
            if child.tag == "dt":
                lines += ([""] if lines else []) + self._children(child, width)
            else:
                inner = self._children(child, _less(width, 4))
                lines += [f"    {line}" for line in inner]
        return lines

    def _notes(self, element: Element, width: int | None) -> list[str]:
        items = element.iter("li")
        lines = [self._labels.notes, "-" * len(self._labels.notes)]
        for number, item in enumerate((i for i in items if ":" in i.get("id", "")), start=1):
            mark = f"({number}) "
            lines += _hang(mark, self._children(item, _less(width, len(mark))))
        return lines

    def _table(self, element: Element, width: int | None) -> list[str]:
        rows, right = [], set()
        for row in element.iter("tr"):
            cells = []
            for column, cell in enumerate(row):
                cells.append(" ".join(self._children(cell, None)))
                if "right" in cell.get("style", ""):
                    right.add(column)
            rows.append(cells)
        headed = element.find("thead") is not None
        return table_lines(rows, headed=headed, right=right, width=width, colon=self._colon())

    def _inline(self, element: Element) -> str:
        tag = element.tag
        if tag == "br":
            return _BREAK
        if tag in SILENT:
            return ""
        if tag in FRAMES:
            return f" <{source}> " if (source := element.get("src")) else ""
        if tag == "input" and element.get("type") == "checkbox":
            return "[x]" if "checked" in element.attrib else "[ ]"
        if tag == "img":
            alt = " ".join(element.get("alt", "").split())
            return f"[{self._labels.picture}{self._colon()}{alt}]" if alt else ""
        if tag == "sup" and element.get("id", "").startswith(_NOTE):
            return f" ({''.join(element.itertext())})"
        if element.get("class") == "footnote-backref":
            return ""
        if tag == "code":
            return f"`{unescape(element.text or '')}`"
        text = element.text or ""
        for child in element:
            text += self._inline(child) + (child.tail or "")
        if tag == "a":
            return self._anchor(text, element.get("href", ""))
        return text

    def _colon(self) -> str:
        return f"{NBSP}: " if self.lang.lower().startswith("fr") else ": "

    def _anchor(self, text: str, href: str) -> str:
        target = unescape(self._readable(href)).strip()
        shown = unescape(self._readable(text)).strip()
        if self._links == LinkStyle.NONE or not target or target.startswith("#"):
            return text
        address = (self._link(target) or "").removeprefix("mailto:")
        if not address:
            return text
        bare = target.removeprefix("mailto:").removeprefix("http://")
        if shown in {target, address, bare}:
            return address
        if self._links == LinkStyle.INLINE:
            return f"{text} <{address}>"
        number = self._addresses.setdefault(address, len(self._addresses) + 1)
        return f"{text} [{number}]"

    def _readable(self, text: str) -> str:
        """Return text with its raw HTML made readable."""
        if "\x02" not in text:
            return text
        text = _ENTITY.sub(lambda match: unescape(f"&{match[1]}"), text)
        text = STASHED.sub(lambda match: raw_text(stashed(match, self._stash)), text)
        return PLACEHOLDER.sub("", text)

    def _paragraph(self, run: str, width: int | None) -> list[str]:
        lines: list[str] = []
        for block in re.split(r"\n{2,}", self._readable(run)):
            if block.startswith("    "):
                lines += ([""] if lines else []) + block.rstrip().split("\n")
                continue
            for part in block.split(_BREAK):
                line = " ".join(part.split(" ")).replace("\n", " ")
                line = re.sub(r"[ \t]+", " ", line).strip()
                if not line:
                    continue
                line = typeset(line, self.lang) if self.lang else line
                lines += _wrap(line, width)
        return lines


def _less(width: int | None, by: int) -> int | None:
    return None if width is None else max(20, width - by)


def _hang(mark: str, lines: list[str]) -> list[str]:
    """Return lines with a mark before the first and as many spaces before the others."""
    indent = " " * len(mark)
    return [(mark if n == 0 else indent) + line for n, line in enumerate(lines)]


def _wrap(line: str, width: int | None) -> list[str]:
    if width is None or len(line) <= width:
        return [line]
    # An address that is cut is no address any more.
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
