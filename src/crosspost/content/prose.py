"""The running text of a parsed document: what its summary and its messages are cut from."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from crosspost.content.marks import unmark
from crosspost.content.markup import words

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    Stash = tuple[str | Element, ...]

# Python-Markdown's placeholders: raw HTML kept aside, and an ampersand that is not to be escaped.
KEPT_ASIDE = "\x02"
STASHED = re.compile("\x02wzxhzdk:([0-9]+)\x03")
AMPERSAND = "\x02amp\x03"
PLACEHOLDER = re.compile("\x02[^\x03]*\x03")
_NOT_PROSE = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "pre", "hr", "script", "style", "svg"),
    *("iframe", "video", "audio", "figure", "textarea"),
}
_NOT_PROSE_CLASSES = {"footnote", "admonition-title"}
_BLOCKS = {"p", "ul", "ol", "li", "dl", "dt", "dd", "div", "blockquote", "section", "article"}
_DROPPED = re.compile(
    r"<(script|style|table|pre|svg|iframe|video|audio|figure|textarea|h[1-6])\b.*?(?:</\1>|$)",
    re.DOTALL | re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"</?(?:p|div|li|ul|ol|dd|dt|dl|blockquote|section|article|br)\b[^>]*>")


def prose(tree: Element | None, stash: Stash) -> str:
    """Return the paragraphs and items of a document, a blank line between one and the next."""
    return "\n\n".join(line for run in _runs(tree) for line in _lines(run, stash))


def count_words(tree: Element | None, stash: Stash) -> int:
    """Return how many words `prose` has."""
    text = "\n\n".join(_runs(tree))
    return len((prose(tree, stash) if KEPT_ASIDE in text else unmark(text)).split())


def _runs(tree: Element | None) -> list[str]:
    runs: list[str] = []
    if tree is not None:
        _paragraphs(tree, runs)
    return runs


def _paragraphs(element: Element, runs: list[str]) -> None:
    """Add what runs inside a block, then what its inner blocks hold, in reading order."""
    run = element.text or ""
    for child in element:
        tag = child.tag
        if tag in _BLOCKS or tag in _NOT_PROSE:
            if run and not run.isspace():
                runs.append(run)
            run = child.tail or ""
            if tag in _NOT_PROSE or child.get("class") in _NOT_PROSE_CLASSES:
                continue
            _paragraphs(child, runs)
        else:
            run += _inline(child) + (child.tail or "")
    if run and not run.isspace():
        runs.append(run)


def _inline(element: Element) -> str:
    # Emphasis may be nested deeper than Python's own calls.
    words: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            words.append(one)
            continue
        tag = one.tag
        if tag == "img" or (tag == "sup" and one.get("id", "").startswith("fnref")):
            continue
        if tag == "br":
            words.append(" ")
        elif tag == "code":
            words.append(unescape(one.text or ""))
        else:
            words.append(one.text or "")
            for child in reversed(one):
                waiting += (child.tail or "", child)
    return "".join(words)


def _lines(run: str, stash: Stash) -> list[str]:
    if KEPT_ASIDE not in run:
        # No-break spaces are the author's.
        run = run.replace("\t", " ").replace("\n", " ").strip(" ")
        while "  " in run:
            run = run.replace("  ", " ")
        return [unmark(run)]
    # What is not raw HTML is text, and may hold a `<title>` of its own.
    run = escape(run, quote=False).replace(AMPERSAND, "&")
    run = STASHED.sub(lambda match: stashed(match, stash), run)
    run = _DROPPED.sub("", PLACEHOLDER.sub("", run))
    return [line for part in _BLOCK_TAG.split(run) if (line := words(part))]


def stashed(match: re.Match[str], stash: Stash) -> str:
    """Return the raw HTML that a placeholder stands for, as text; nothing for anything else."""
    number = int(match[1])
    raw = stash[number] if number < len(stash) else ""
    return raw if isinstance(raw, str) else ""
