"""HTML as elements, for prose and plain text, from an engine that makes no tree itself.

Most of what an engine writes is also XML, which the parser written in C reads at once. What is
not (raw HTML with its `<br>` and whatever its author left open) is read as a browser would, nearly:
an end tag closes what is open inside, or nothing.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError, SubElement, XMLParser

_VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr"),
    }
)
# What XML reads otherwise than HTML does, or not at all.
_NOT_XML = re.compile(r"<(?:[!?]|/?\w*[A-Z]|(?!(?:br|hr|img|input)\b)[^<>]*/>)")


def html_tree(html: str) -> Element:
    """Return a `div` that holds `html`; the text of code, and addresses, are escaped in it.

    That is how Python-Markdown has them in its tree.
    """
    root = None if _NOT_XML.search(html) else _from_xml(html)
    if root is None:
        builder = _Builder()
        builder.feed(html)
        builder.close()
        root = builder.root
    for name in ("pre", "code"):
        for element in list(root.iter(name)):
            text, tail = escape("".join(element.itertext()), quote=False), element.tail
            attributes = dict(element.attrib)
            element.clear()
            element.attrib.update(attributes)
            element.text, element.tail = text, tail
    for link in root.iter("a"):
        if "&" in (href := link.get("href", "")):
            link.set("href", escape(href, quote=False))
    return root


def _from_xml(html: str) -> Element | None:
    parser = XMLParser()  # noqa: S314 # without a DOCTYPE, which is refused, XML has no entities
    try:
        parser.feed(f"<div>{html}</div>")
        root: Element = parser.close()
    except ParseError:
        return None
    return root


class _Builder(HTMLParser):
    """Makes elements of tags as they come."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        self._open = [self.root]
        self._last: Element | None = None
        """The element that was closed last, within the one that is open: text is its tail."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; one that holds nothing is closed at once."""
        values = {name: value or "" for name, value in attrs}
        element = SubElement(self._open[-1], tag, values)
        if tag in _VOID:
            self._last = element
        else:
            self._open.append(element)
            self._last = None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read `<b/>` as browsers do: as `<b>`."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open, up to the element of that name, if there is one."""
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                self._last = self._open[depth]
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        """Add text where we are."""
        if self._last is not None:
            self._last.tail = (self._last.tail or "") + data
        else:
            self._open[-1].text = (self._open[-1].text or "") + data
