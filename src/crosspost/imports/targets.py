"""Where Markdown leads to: every address of a text, given to somebody who may change it.

Markdown's links and pictures, definitions (`[1]: /there`) and the attributes of HTML are seen;
what stands in code is not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

Decide = Callable[[str, int], str | None]
"""Answers what to write for an address at a line of the text: another, or None for no link."""

_CODE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^(?P=fence)[`~]*[ ]*$|\Z)"
    r"|(?P<ticks>`+)(?!`)(?:[^`\n]|(?!(?P=ticks)(?!`))`|\n(?![ \t]*\n))+?(?P=ticks)(?!`)"
    r"|<!--.*?-->|<(?P<raw>pre|code|script|style)\b.*?</(?P=raw)\s*>",
    re.MULTILINE | re.DOTALL,
)
_DEFINITION = re.compile(r"^([ ]{0,3}\[(?!\^)[^\]\n]+\]:[ \t]*)(<[^>\n]*>|\S+)", re.MULTILINE)
_TAG = re.compile(r"<[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?>")
_ATTRIBUTE = re.compile(r"""\s(href|src|poster)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_SIZES = re.compile(r"""\s(?:srcset|sizes)\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
_TITLE = re.compile(r"""^(.*?)(\s+(?:"[^"]*"|'[^']*'))?\s*$""", re.DOTALL)
_ALT = re.compile(r"""\salt\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_LONGEST = 3000


def change_targets(text: str, decide: Decide) -> str:
    """Return Markdown with each address as `decide(address, line)` wants it.

    Where it answers None, a link is its words and a picture its alternative text.
    """
    done, line = [], 1
    for piece, is_code in _pieces(text):
        done.append(piece if is_code else _changed(piece, line, decide))
        line += piece.count("\n")
    return "".join(done)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it is code."""
    at = 0
    for match in _CODE.finditer(text):
        begin = match.start()
        if match["raw"]:
            begin += match[0].index(">") + 1  # the tag itself may lead somewhere
        if begin > at:
            yield text[at:begin], False
        yield text[begin : match.end()], True
        at = match.end()
    yield text[at:], False


def _changed(text: str, line: int, decide: Decide) -> str:
    def at(position: int) -> int:
        return line + text.count("\n", 0, position)

    edits: list[tuple[int, int, str]] = []
    for match in _DEFINITION.finditer(text):
        target = match[2].strip("<>")
        wanted = decide(target, at(match.start(2)))
        if wanted != target:
            edits.append((match.start(2), match.end(2), _bracketed(wanted or "#")))
    for match in _TAG.finditer(text):
        changed = _tag(match[0], at(match.start()), decide)
        if changed != match[0]:
            edits.append((match.start(), match.end(), changed))
    edits += _links(text, at, decide)
    return _applied(text, edits)


def _applied(text: str, edits: list[tuple[int, int, str]]) -> str:
    """Carry out edits; of two that overlap (a picture in a link) the inner ones go first."""
    for begin, end, new in sorted(edits, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def _tag(tag: str, line: int, decide: Decide) -> str:
    """Return an HTML tag whose addresses were decided."""
    lost = False

    def attribute(match: re.Match[str]) -> str:
        nonlocal lost
        mark = match[2][0] if match[2][0] in "\"'" else ""
        target = html.unescape(match[2].strip(mark) if mark else match[2])
        wanted = decide(target, line)
        if wanted == target:
            return match[0]
        if wanted is None:
            lost = True
            return ""
        return f' {match[1]}="{html.escape(wanted)}"'

    changed = _ATTRIBUTE.sub(attribute, tag)
    if changed == tag:
        return tag
    if lost and tag[1:4].lower() == "img":
        alt = _ALT.search(tag)
        return alt[1][1:-1] if alt else ""
    return _SIZES.sub("", changed)


def _links(text: str, at: Callable[[int], int], decide: Decide) -> Iterator[tuple[int, int, str]]:
    """Yield the edits of `[words](address "title")` and `![alt](address)`.

    A link that is lost is edited at both its ends, so that a picture in it can be edited too.
    """
    start = text.find("](")
    while start >= 0:
        end = _closing(text, start + 2)
        opening = _opening(text, start)
        if end and opening is not None:
            inside = text[start + 2 : end]
            target, title = _taken_apart(inside)
            wanted = decide(target, at(start)) if target else target
            picture = opening > 0 and text[opening - 1] == "!"
            if wanted is None:
                yield opening - picture, opening + 1, ""
                yield start, end + 1, ""
            elif wanted != target:
                yield start + 2, end, _bracketed(wanted) + title
        start = text.find("](", start + 2)


def _taken_apart(inside: str) -> tuple[str, str]:
    """Return the address and the title (with the space before it) of what stands in ( )."""
    stripped = inside.strip()
    if stripped.startswith("<") and ">" in stripped:
        target, _, title = stripped[1:].partition(">")
        return target, title
    match = _TITLE.match(stripped)
    return (match[1], match[2] or "") if match else (stripped, "")


def _bracketed(target: str) -> str:
    return f"<{target}>" if re.search(r"[\s()]", target) else target


def _closing(text: str, begin: int) -> int:
    """Return where the parenthesis closes that was opened before `begin`; 0 where it does not.

    Where another is opened and never closed, the first that closes will do.
    """
    end = text.find("\n", begin)
    line = text[begin : end if end >= 0 else len(text)]
    depth = 1
    for position, char in enumerate(line):
        depth += (char == "(") - (char == ")")
        if not depth:
            return begin + position
    return begin + line.index(")") if ")" in line else 0


def _opening(text: str, end: int) -> int | None:
    """Return where the bracket opens that closes at `end`."""
    depth = 0
    for position in range(end, max(-1, end - _LONGEST), -1):
        char = text[position]
        if position and text[position - 1] == "\\":
            continue
        depth += (char == "]") - (char == "[")
        if not depth:
            return position
    return None
