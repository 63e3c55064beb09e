"""Texts that are refused: nested so deeply, or left open so often, that no engine gets through.

Python-Markdown recurses on nested blocks until Python stops it, at a depth that depends on who
called it, and takes quadratic time over brackets that never close. Nobody writes such a text on
purpose, so it gets an error that names its line instead of a build that hangs.
"""

from __future__ import annotations

import re

from crosspost.content.body import MarkdownError

DEEPEST = 60
"""Levels of quotations and lists within each other."""
MOST_OPEN = 500
"""Brackets or tags, in one paragraph, that are opened and not closed."""

# In a text with a line end before it: lines that begin with a word, as most do, are passed over.
_TOO_DEEP = re.compile(
    r"\n(?=[ \t>*+\-\d])(?:"
    rf"(?:[ ]{{0,3}}>){{{DEEPEST}}}|(?:[ ]{{4}}|\t){{{DEEPEST}}}[ ]*(?:[-+*:]|\d+\.|!!!)[ ]"
    rf"|(?:[ \t]*+(?:[-+*]|\d{{1,9}}\.)[ ]++){{{DEEPEST}}})"
)
_SPACES, _TABS = "    " * DEEPEST, "\t" * DEEPEST
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[ ]*$", re.MULTILINE | re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")


def refuse_unreasonable(source: str) -> None:
    """Raise MarkdownError, with its line, for a text that would hang or overflow an engine."""
    if (deep := _TOO_DEEP.search(f"\n{source}")) and _is_monotonous(source):
        raise MarkdownError(nested_too_deeply(), _line(source, deep.start()))
    # To see that there is none of a sign is cheaper than to count them.
    if ("[" in source and source.count("[") > MOST_OPEN) or (
        "<" in source and source.count("<") > MOST_OPEN
    ):
        _refuse_open(source)


def nested_too_deeply() -> str:
    """Return the message for a text that made an engine recurse too far."""
    return (
        f"quotations, lists or tags are nested more than {DEEPEST} levels deep, or a list has "
        "hundreds of definitions with no blank line between them: make it flatter"
    )


def _is_monotonous(source: str) -> bool:
    """Say whether the same sign stands again and again: engines get through a mixture of them."""
    return (
        source.count(">") >= DEEPEST
        or _SPACES in source
        or _TABS in source
        or any(signs in source for signs in ("- - - ", "* * * ", "+ + + ", ". 1. 1. "))
    )


def _refuse_open(source: str) -> None:
    # What stands in a fenced block is not looked at by an engine; lines keep their numbers.
    text = _FENCE.sub(lambda match: "\n" * match[0].count("\n"), source)
    if text.count("<![") - text.count("]]>") > MOST_OPEN // 10:
        raise MarkdownError(_left_open("<!["), _line(text, text.find("<![")))
    tags = len(_TAG_START.findall(text))
    if tags - text.count(">") > MOST_OPEN:
        raise MarkdownError(_left_open("<"), _line(text, text.find("<")))
    start = 0
    for block in _BLANK_LINE.split(text):
        if block.count("[") > MOST_OPEN:
            surplus = block.count("](") - block.count(")")
            if surplus > MOST_OPEN or _depth(block) > MOST_OPEN:
                first = text.find(block, start)
                raise MarkdownError(_left_open("["), _line(text, first + block.find("[")))
        start += len(block)


def _depth(block: str) -> int:
    """Return how many square brackets are open at once, at most."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]]", block):
        depth = depth + 1 if bracket == "[" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _left_open(what: str) -> str:
    return (
        f"more than {MOST_OPEN} '{what}' are opened and not closed: "
        f"close them, or write '\\{what[0]}' where a plain '{what[0]}' is meant"
    )


def _line(source: str, offset: int) -> int:
    return source.count("\n", 0, max(0, offset)) + 1
