"""Where Markdown leads to: every address of a text, given to somebody who may change it.

Markdown's links and pictures, definitions (`[1]: /there`) and the attributes of HTML are seen;
what stands in code is not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from crosspost.content.holes import candidates

Decide = Callable[[str, int], str | None]
"""Answers what to write for an address at a line of the text: another, or None for no link."""

_CODE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[^\n`]*\n(?:.*?\n)??(?P=fence)[`~]*[ ]*$"
    r"|(?<![\\`])(?P<ticks>`+)(?!`)[^\n]+?(?<!`)(?P=ticks)(?!`)"
    r"|<!--.*?-->|^[ ]{0,3}<(?P<raw>pre|script|style)\b.*?</(?P=raw)\s*>",
    re.MULTILINE | re.DOTALL,
)
_DEFINITION = re.compile(r"^([ ]{0,3}\[(?!\^)[^\]\n]+\]:[ \t]*)(<[^>\n]*>|\S+)", re.MULTILINE)
_TAG = re.compile(r"<[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?>")
_ATTRIBUTE = re.compile(r"""\s(href|src|poster)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_SEVERAL = re.compile(r"""\ssrcset\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_TITLE = re.compile(r"""^(.*?)(\s+(?:".*"|'.*'))?\s*$""", re.DOTALL)
_ALT = re.compile(r"""\salt\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_LONGEST = 3000


def change_targets(text: str, decide: Decide) -> str:
    """Return Markdown with each address as `decide(address, line)` wants it.

    Where it answers None, a link is its words and a picture its alternative text.
    """
    words, tags = _without_code(text)

    def line_at(position: int) -> int:
        return 1 + text.count("\n", 0, position)

    edits: list[tuple[int, int, str]] = []
    for match in _DEFINITION.finditer(words):
        target = match[2].strip("<>")
        wanted = decide(target, line_at(match.start(2)))
        if wanted != target:
            edits.append((match.start(2), match.end(2), _bracketed(wanted or "#")))
    for match in _TAG.finditer(tags):
        changed = _tag(match[0], line_at(match.start()), decide)
        if changed != match[0]:
            edits.append((match.start(), match.end(), changed))
    edits += _links(words, line_at, decide)
    for begin, end, new in sorted(edits, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def _without_code(text: str) -> tuple[str, str]:
    """Return the text in which Markdown's links stand, and the one with HTML's tags.

    What is code has blanks in its place. In preformatted HTML there are tags, and no Markdown.
    """
    words, tags = list(text), list(text)
    for match in _CODE.finditer(text):
        begin = match.start()
        if match["raw"]:
            begin += match[0].index(">") + 1  # the tag itself may lead somewhere
        blank = re.sub(r"[^\n]", "\0", text[begin : match.end()])
        words[begin : match.end()] = blank
        if match["raw"] != "pre":
            tags[begin : match.end()] = blank
    return "".join(words), "".join(tags)


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

    def several(match: re.Match[str]) -> str:
        written = candidates(html.unescape(match[1][1:-1]))
        wanted = [decide(address, line) for address, _, _ in written]
        if all(new == old for new, (old, _, _) in zip(wanted, written, strict=True)):
            return match[0]
        if None in wanted:
            return ""  # the plain address says enough
        parts = (f"{new}{one[1]}{one[2]}" for new, one in zip(wanted, written, strict=True))
        return f' srcset="{html.escape(", ".join(parts))}"'

    changed = _SEVERAL.sub(several, _ATTRIBUTE.sub(attribute, tag))
    if changed == tag:
        return tag
    if lost and tag[1:4].lower() == "img":
        alt = _ALT.search(tag)
        return alt[1][1:-1] if alt else ""
    return changed


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

    It is looked for in the line, then in the paragraph. Where another is opened in the line and
    never closed, the first that closes will do.
    """
    for end in (text.find("\n", begin), text.find("\n\n", begin)):
        inside = text[begin : end if end >= 0 else len(text)]
        depth = 1
        for position, char in enumerate(inside):
            depth += (char == "(") - (char == ")")
            if not depth:
                return begin + position
        if ")" in inside:
            return begin + inside.index(")")
    return 0


def _opening(text: str, end: int) -> int | None:
    """Return where the bracket opens that closes at `end`."""
    depth = 0
    for position in range(end, max(-1, end - _LONGEST), -1):
        char = text[position]
        before = text[max(0, position - 20) : position]
        if (len(before) - len(before.rstrip("\\"))) % 2:
            continue
        depth += (char == "]") - (char == "[")
        if not depth:
            return position
    return None
