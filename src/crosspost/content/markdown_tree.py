"""From a tree to HTML: the line ends between blocks, then the writing itself."""

from __future__ import annotations

import re
from xml.etree.ElementTree import HTML_EMPTY, Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

# An ampersand that is part of an entity stays.
_AMPERSAND = re.compile(r"&(?!#[0-9]+;|#[xX][0-9a-fA-F]+;|[0-9a-zA-Z]+;)")
_VERBATIM = {"script", "style"}


class LineEnds(Treeprocessor):
    """Puts each block on lines of its own, to replace "prettify"."""

    def run(self, root: Element) -> None:
        """Change texts and tails between elements; what a reader sees stays as it is."""
        is_block = self.md.is_block_level
        waiting = [root]
        while waiting:
            element = waiting.pop()
            if not element.tail or element.tail.isspace():
                element.tail = "\n"
            if len(element) and element.tag not in {"code", "pre"}:
                if is_block(element[0].tag) and (not element.text or element.text.isspace()):
                    element.text = "\n"
                waiting += [child for child in element if is_block(child.tag)]
        for line_break in root.iter("br"):
            tail = line_break.tail
            line_break.tail = f"\n{tail}" if tail and not tail.isspace() else "\n"
        for block in root.iter("pre"):
            if len(block) and block[0].tag == "code":
                code = block[0]
                if not len(code) and code.text is not None:
                    code.text = AtomicString(code.text.rstrip() + "\n")


def to_html(root: Element) -> str | None:
    """Return a tree as Python-Markdown's serializer writes it.

    None for a tree with anything out of the ordinary, which is better left to that.
    """
    written: list[str] = []
    write = written.append
    waiting: list[Element | str] = [root]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            write(element)
            continue
        tag, attributes, text = element.tag, "", element.text or ""
        if items := element.items():
            for name, value in sorted(items):
                if value is None or value == name:
                    return None
                attributes += f' {name}="{_escaped(value, quotes=True)}"'
        if text and tag.lower() not in _VERBATIM:
            text = _escaped(text)
        after = _escaped(element.tail) if element.tail else ""
        if tag.lower() not in HTML_EMPTY:
            after = f"</{tag}>{after}"
        if len(element):
            write(f"<{tag}{attributes}>{text}")
            waiting.append(after)
            waiting += reversed(element)
        else:
            write(f"<{tag}{attributes}>{text}{after}")
    return "".join(written)


def _escaped(text: str, *, quotes: bool = False) -> str:
    if "&" in text:
        text = _AMPERSAND.sub("&amp;", text)
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if quotes and '"' in text:
        text = text.replace('"', "&quot;")
    return text
