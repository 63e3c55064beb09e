"""Texts of other programs as Markdown: plain text, and HTML.

markdownify does the work on HTML; what it would lose without a word (frames, forms, players) is
turned into a link or named.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from markdownify import ATX, MarkdownConverter

from crosspost.content.excerpt import sentences

_MARKS = re.compile(r"([\\`*_\[\]{}])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(
    r"^([ \t]*)(?:(#{1,6}|[+-](?=[\s:|-]|$)|!(?=!!))|(\d{1,9})([.)])(?=\s|$)"
    r"|([>:=|])|(-{2,}|\+{2,})(?=\s*$))",
    re.MULTILINE,
)
_ENTITIES = {">": "&gt;", ":": "&#58;", "=": "&#61;", "|": "&#124;"}
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?…)\]»’']")
_SAFE_SCHEME = re.compile(
    r"(?:https?|mailto|tel|ftp|geo|xmpp|matrix):|(?![a-z][a-z0-9+.-]*:)", re.IGNORECASE
)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^>]*>", re.DOTALL)
_END = re.compile(r"<br|</(?:p|div|li|h\d|td|th)\b", re.IGNORECASE)
_PLAYERS = {"iframe": "src", "embed": "src", "object": "data", "audio": "src", "video": "src"}
_LONGEST_TITLE = 80


def escaped(text: str) -> str:
    """Return plain text as Markdown that shows it as it is."""
    text = _MARKS.sub(r"\\\1", _ENTITY.sub("&amp;", text))
    text = text.replace("<", "&lt;").replace("~", "&#126;")
    return _LINE_START.sub(_escaped_start, text)


def _escaped_start(match: re.Match[str]) -> str:
    indent, mark, number, dot, odd, rule = match.groups()
    if number:
        return f"{indent}{number}\\{dot}"
    if odd:
        return f"{indent}{_ENTITIES[odd]}"
    return f"{indent}\\{mark or rule}"


def plain_to_markdown(text: str) -> str:
    """Return plain text as Markdown: its lines are kept, its addresses are links."""
    parts, at = [], 0
    for match in _ADDRESS.finditer(text):
        parts += [escaped(text[at : match.start()]), f"<{match[0]}>"]
        at = match.end()
    parts.append(escaped(text[at:]))
    return re.sub(r"(?<=\S)[ \t]*\n(?=[^\n])", "  \n", "".join(parts).strip())


def html_to_markdown(html: str, lost: list[tuple[str, str]]) -> str:
    """Return HTML as Markdown; what it cannot say is added to `lost`, as a code and a message."""
    text = _Converter(lost).convert(f"<div>{html}</div>")
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def html_to_text(html: str) -> str:
    """Return the words of HTML, on one line."""
    return " ".join(unescape(_TAG.sub("", _END.sub(r" \g<0>", html))).split())


def title_of(text: str) -> str:
    """Return a title for a text without one: its first sentence, or as much of it as is short."""
    line = next(sentences(_ADDRESS.sub("", text)), "").strip()
    line = " ".join(line.split())
    if len(line) > _LONGEST_TITLE:
        line = line[:_LONGEST_TITLE].rpartition(" ")[0].rstrip(" ,;:–—-«(") + "…"
    return escaped_title(line)


def escaped_title(line: str) -> str:
    """Return plain words as a title, in which emphasis and code are understood."""
    return re.sub(r"([\\`*_])", r"\\\1", line)


class _Converter(MarkdownConverter):
    """Writes Markdown that crosspost's engines read as the HTML was meant."""

    def __init__(self, lost: list[tuple[str, str]]) -> None:
        super().__init__(
            heading_style=ATX,
            bullets="-",
            sub_symbol="<sub>",
            sup_symbol="<sup>",
            table_infer_header=True,
            keep_inline_images_in=["td", "th", "h2", "h3", "h4", "h5", "h6", "a", "p", "figure"],
        )
        self._lost = lost

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Escape what Markdown would read as a mark."""
        found = escaped(text)
        return found.replace("|", "&#124;") if parent_tags & {"td", "th"} else found

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: N802
        """Keep the first level for the title of the page."""
        words = " ".join(text.split())
        return words if "_inline" in parent_tags else f"\n\n{'#' * min(max(2, n), 6)} {words}\n\n"

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Write a link, in angle brackets where its address needs them."""
        href = (el.get("href") or "").strip()
        words = text.strip()
        if not words or not href or "_noformat" in parent_tags:
            return text
        if not _SAFE_SCHEME.match(href):
            self._lost.append(("link", f"the link to {href[:60]} is not carried over."))
            return text
        if words.replace("\\", "") == href and "://" in href:
            return f"<{href}>"
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}[{words}]({_target(href)}){after}"

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Write a picture."""
        src = (el.get("src") or "").strip()
        alt = " ".join(_MARKS.sub(r"\\\1", el.get("alt") or "").split())
        return f"![{alt}]({_target(src)})" if src and not src.startswith("data:") else alt

    def convert_figcaption(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Write a caption below its picture."""
        words = text.strip()
        return f"\n\n*{words}*\n\n" if words and "*" not in words else f"\n\n{words}\n\n"

    def convert_li(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Write an item whose other lines are four spaces in, as every engine reads them."""
        words = (text or "").strip()
        if not words:
            return "\n"
        ordered = el.parent is not None and el.parent.name == "ol"
        mark = f"{len(el.find_previous_siblings('li')) + 1}." if ordered else "-"
        lines = words.split("\n")
        rest = [f"    {line}" if line.strip() else "" for line in lines[1:]]
        return "\n".join([f"{mark} {lines[0]}", *rest]) + "\n"

    def convert_form(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Leave a form out."""
        self._lost.append(("form", "a form is not carried over."))
        return ""

    def _player(self, el: Any, text: str, parent_tags: set[str]) -> str:
        source = el.get(_PLAYERS[el.name]) or ""
        inner = el.find("source", attrs={"src": True})
        source = source or (inner.get("src") if inner else "")
        if not source:
            return text
        if source.startswith("//"):
            source = f"https:{source}"
        what = {"iframe": "a frame", "embed": "an embedded object", "object": "an embedded object"}
        self._lost.append(("embed", f"{what.get(el.name, 'a player')} of {source} is a link now."))
        words = " ".join((el.get("title") or "").split())
        if not words and "://" in source:
            return f"\n\n<{source}>\n\n"
        return f"\n\n[{escaped(words or source.rpartition('/')[2])}]({_target(source)})\n\n"

    convert_iframe = convert_embed = convert_object = convert_audio = convert_video = _player


def _target(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) else address
