"""Whole sentences within a limit: what a summary or a message says of a longer text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# What ends a sentence, with what may close after it, and where a new one may begin behind: before
# a lower-case letter the full stop was an abbreviation's, or the ellipsis a hesitation.
_END = re.compile(r"[.!?…]++(?:[ \u00a0\u202f]?[»”\")\]])*+(?=\s++[^\sa-zà-ÿ]|\s*+$)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«“\"'’\u00a0\u202f-])"
    r"(?:M|MM|Mgr|Dr|Pr|St|Ste|art|al|av|bd|boul|chap|cf|env|ex|fig|hab|max|min|no|nos|p|pp|réf"
    r"|s|suiv|tél|vol|vs|[ap]\. ?ex|c\.-à-d|i\.e|e\.g|Mr|Mrs|Ms|Jr|Sr|Inc|No|approx|dept|est"
    r"|[A-ZÀ-Ý](?:\.[A-ZÀ-Ý])*)\.$",
)
_PARAGRAPHS = re.compile(r"\n\s*\n")
_DEFINITION = re.compile(r"^ {0,3}\*?\[[^\]\n]+\]:.*", re.MULTILINE)
_CUT = " \t\n\u00a0\u202f,;:–—-«“\"(['’"


def beginning(markdown: str, characters: int) -> str:
    """Cut a long body after the paragraph that holds this character.

    What its links, notes and abbreviations need from further below is kept.
    """
    cut = markdown.find("\n\n", characters)
    if cut < 0:
        return markdown
    return "\n".join([markdown[:cut], "", *_DEFINITION.findall(markdown, cut)])


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of `text`, each on one line; a blank line always ends one.

    French and English abbreviations (`M.`, `art.`, `p. ex.`, initials) do not.
    """
    for paragraph in _PARAGRAPHS.split(text):
        line = " ".join(paragraph.split(" ")).replace("\n", " ")
        start = 0
        for match in _END.finditer(line):
            head = line[start : match.end()]
            # Only the last words can be an abbreviation: a long line is not read again each time.
            if _ABBREVIATION.search(head[-12:]) and line[match.end() :].strip():
                continue
            yield from _stripped(head)
            start = match.end()
        yield from _stripped(line[start:])


def _stripped(sentence: str) -> Iterator[str]:
    sentence = re.sub(r"[ \t\r\f\v]+", " ", sentence).strip()
    if sentence:
        yield sentence


def excerpt(text: str, limit: int, *, length: Callable[[str], int] = len) -> str:
    """Return the first whole sentences of `text` that fit in `limit`, on one line.

    `length` measures a text, in characters unless told otherwise. A line that is no sentence (a
    list's item, a line ending with a colon) is only taken where nothing came before it. Where
    the first sentence alone is too long it is cut after a word and ends with `…`; the answer is
    empty only for an empty text or a limit below 2.
    """
    taken = ""
    for sentence in sentences(text):
        if taken and not re.search(r"[.!?…][\s\u00a0\u202f]?[»”\")\]]*$", sentence):
            break
        longer = f"{taken} {sentence}" if taken else sentence
        if length(longer) > limit:
            return taken or _cut(sentence, limit, length)
        taken = longer
    return taken


def _cut(sentence: str, limit: int, length: Callable[[str], int]) -> str:
    """Return the start of a sentence, cut after a word, with an ellipsis, within the limit."""
    low, high = 0, len(sentence)
    while low < high:
        middle = (low + high + 1) // 2
        if length(sentence[:middle] + "…") <= limit:
            low = middle
        else:
            high = middle - 1
    if not low:
        return ""
    head = sentence[:low]
    if not sentence[low].isspace() and (space := max(head.rfind(" "), head.rfind("\u00a0"))) > 0:
        head = head[:space]
    head = head.rstrip(_CUT).rstrip(".")
    return f"{head or sentence[:low]}…"
