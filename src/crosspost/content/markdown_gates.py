r"""What a text must hold before a processor of Python-Markdown can do anything with it.

Python-Markdown asks each of its processors about each piece of text, and nearly always the
answer is no. A *gate* is a cheap question asked first: where it says no, the processor would have
left the piece as it was, so it is not asked at all. A gate looks at the very text that its
processor would get, not at the document around it, so it is right whatever put that text there:
a note, a cell, a quotation. It may say yes in vain.

A processor without a gate is always asked: one that a later version of Python-Markdown brings is
slower than the others, but not lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from markdown.util import Registry

Gate = Callable[[str], object]
"""Answers true where a text may be a processor's."""

_Processor = TypeVar("_Processor")
_Need = TypeVar("_Need")


def _holds(*words: str) -> Gate:
    return lambda text: any(word in text for word in words)


def _finds(expression: str) -> Gate:
    return re.compile(expression).search


# To the reader of HTML an address in angle brackets is a tag, though none that it takes out.
_TAG = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.\-]*://)[A-Za-z/!?]")


def _may_be_html(text: str) -> object:
    # What is not HTML is written back as it was, but for `&#65`, which becomes `&#65;`.
    return "&#" in text or _TAG.search(text)


PREPROCESSORS: Mapping[str, Gate] = {
    "fenced_code_block": _holds("```", "~~~"),
    "html_block": _may_be_html,
    "crosspost_lists": _finds(r"\n(?:[ ]{0,3}>[ ]?)*[ ]{0,3}(?:[-*+]|1\.)[ \t]"),
}
"""Asked about the whole text, as it is when the turn of the preprocessor comes."""

LINES: Mapping[str, str] = {
    "admonition": r"!!!|[ ]{4}",
    "markdown_block": "\x02",
    "empty": r"\n|\Z",
    "indent": r"[ ]{4}",
    "defindent": r"[ ]{4}",
    "code": r"[ ]{4}",
    # That of the row below the head.
    "table": r"[ ]*[|:\-]",
    "hashheader": r"\#",
    "setextheader": r"[=\-]",
    "hr": r"[ ]{0,3}[-_*]",
    "olist": r"[ ]{0,3}\d",
    "ulist": r"[ ]{0,3}[-+*]",
    "deflist": r"[ ]{0,3}:[ ]",
    "quote": r"[ ]{0,3}>",
    "footnote": r"[ ]{0,3}\[\^",
    "abbr": r"\*\[",
    "reference": r"[ ]{0,3}\[",
}
"""How one line of a block must begin for a block processor: see `line_gate`."""

PATTERNS: Mapping[str, tuple[str] | tuple[str, str]] = {
    "backtick": ("`",),
    "escape": ("\\",),
    "footnote": ("^",),
    "reference": ("[",),
    "link": ("[",),
    "image_link": ("[",),
    "image_reference": ("[",),
    "short_reference": ("[",),
    "short_image_ref": ("[",),
    "autolink": ("<",),
    "automail": ("<",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "entity": ("&",),
    "em_strong": ("*", "_"),
}
"""What a run of text must hold, one of one or two, for an inline pattern.

One character is looked for many times faster than a pair.
"""

REFERENCES = frozenset({"reference", "image_reference", "short_reference", "short_image_ref"})
"""Inline patterns that can do nothing in a document which defines no reference."""

TREE_PROCESSORS: Mapping[str, Gate] = {
    "attr_list": _holds("{"),
    # What it puts back was put away between \x02 and \x03 for a backslash.
    "unescape": _holds("\\", "\x02"),
}
"""Asked about the source: all that stands in the tree came from there."""


def line_gate(expression: str) -> Gate:
    """Return a gate for blocks that are given with a line end before them."""
    return re.compile(rf"\n(?:{expression})").search


def with_needs(
    registry: Registry[_Processor], needs: Mapping[str, _Need]
) -> list[tuple[_Need | None, _Processor]]:
    """Return each processor, in its order, with what it needs; None where that is not known."""
    known = {id(registry[name]): need for name, need in needs.items() if name in registry}
    return [(known.get(id(processor)), processor) for processor in registry]
