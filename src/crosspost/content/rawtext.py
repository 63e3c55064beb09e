"""Raw HTML inside Markdown, as text: blocks become paragraphs, frames and films their address."""

from __future__ import annotations

import re
from html import unescape

from crosspost.content.markup import ATTRIBUTES, attributes

_TAG = re.compile(rf"<!--.*?-->|<(/?)([a-zA-Z][\w:-]*)({ATTRIBUTES})>", re.DOTALL)
SILENT = frozenset({"script", "style", "svg", "template", "textarea"})
"""Elements whose text is not read."""
_SILENT = re.compile(
    rf"<({'|'.join(sorted(SILENT))})\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_LINE = {"br", "tr", "li", "dt", "dd", "option"}
_PARAGRAPH = {
    *("p", "div", "ul", "ol", "dl", "table", "blockquote", "section", "article", "figure"),
    *("figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "details", "summary"),
}
FRAMES = frozenset({"iframe", "video", "audio", "source", "embed"})
"""Elements of which their address is read."""
# A fenced block, as Python-Markdown keeps it aside.
_CODE = re.compile(r"<pre\b[^>]*><code[^>]*>(.*)</code></pre>\s*", re.DOTALL)


def raw_text(html: str) -> str:
    """Return the text of a piece of raw HTML; paragraphs have an empty line between them.

    Lines of a code block begin with four spaces.
    """
    code = _CODE.fullmatch(html)
    if code:
        lines = unescape(code[1]).rstrip("\n").split("\n")
        return "\n\n" + "\n".join(f"    {line}" for line in lines) + "\n\n"
    if "<" not in html:
        return unescape(html)
    text = _TAG.sub(_tag, _SILENT.sub("", html))
    return unescape(text)


def _tag(match: re.Match[str]) -> str:
    name = (match[2] or "").lower()
    if name in FRAMES and not match[1]:
        source = attributes(match[0]).get("src")
        return f" <{source}> ".replace("<", "&lt;").replace(">", "&gt;") if source else ""
    if name in _PARAGRAPH:
        return "\n\n"
    if name in _LINE:
        return "\n\n" if match[1] or name == "br" else ""
    if name in {"td", "th"}:
        return " " if match[1] else ""
    if name == "img":
        return attributes(match[0]).get("alt") or ""
    return ""
