"""What runs inside a block: emphasis, links, code, pictures.

Python-Markdown's tree processor for this applies every pattern to every run of text. This one
asks a gate before each pattern (the patterns are Python-Markdown's own), and gives the same tree.

What a pattern finds is put away under a number, and a placeholder stands for it in the text. When
all patterns are through, the placeholders become elements. Since numbers are given in the order
of the walk, this one walks as Python-Markdown does, also where that is peculiar: what has become
an element is looked through once more when its turn comes.
"""

from __future__ import annotations

from collections import deque
from xml.etree.ElementTree import Element

import markdown
from markdown.inlinepatterns import InlineProcessor, Pattern
from markdown.treeprocessors import Treeprocessor
from markdown.util import (
    INLINE_PLACEHOLDER,
    INLINE_PLACEHOLDER_PREFIX,
    INLINE_PLACEHOLDER_RE,
    AtomicString,
)

from crosspost.content.markdown_gates import PATTERNS, REFERENCES, with_needs
from crosspost.content.markdown_patterns import Handle, emphasis

_Needing = list[tuple[tuple[str] | tuple[str, str] | None, Pattern]]


class Inline(Treeprocessor):
    """Applies the inline patterns; made when all of them are registered, to replace "inline"."""

    stashed_nodes: dict[str, Element | str]
    """What placeholders stand for; patterns look here, too."""

    def __init__(self, md: markdown.Markdown) -> None:
        super().__init__(md)
        self._references = md.references
        found = with_needs(md.inlinePatterns, PATTERNS)
        useless = {id(md.inlinePatterns[name]) for name in REFERENCES & set(PATTERNS)}
        self._all = _numbered(found, md)
        useful = [one for one in found if id(one[1]) not in useless]
        self._without_references = _numbered(useful, md)
        self._patterns = self._all
        self.stashed_nodes = {}

    @staticmethod
    def suits(md: markdown.Markdown) -> bool:
        """Tell whether all patterns are such as this class can apply, and as it applies them.

        Before 3.11, a pattern that had found something began again at the start of the text.
        """
        return markdown.__version_info__ >= (3, 11) and all(
            isinstance(pattern, InlineProcessor) and not pattern.ANCESTOR_EXCLUDES
            for pattern in md.inlinePatterns
        )

    def run(self, root: Element) -> Element:
        """Make elements of what patterns find in the texts below `root`, which is returned."""
        self.stashed_nodes = {}
        self._patterns = self._all if self._references else self._without_references
        waiting = deque([root])
        while waiting:
            parent = waiting.popleft()
            inside: list[tuple[Element, list[Element]]] = []
            # What is put in behind a child is looked through as the next child.
            for position, child in enumerate(parent):
                text, tail = child.text, child.tail
                if text and not isinstance(text, AtomicString):
                    applied = self._apply(text)
                    if INLINE_PLACEHOLDER_PREFIX in applied:
                        child.text = None
                        made = self._resolve(applied, child, tail=False)
                        waiting += made
                        inside.append((child, made))
                    else:
                        child.text = applied
                if tail:
                    applied = self._apply(tail)
                    if INLINE_PLACEHOLDER_PREFIX in applied:
                        child.tail = None
                        parent[position + 1 : position + 1] = self._resolve(
                            applied, child, tail=True
                        )
                    else:
                        child.tail = applied
                if len(child):
                    waiting.append(child)
            for child, made in inside:
                child[0:0] = made
        return root

    def _apply(self, text: str, first: int = 0) -> str:
        """Return a text with placeholders for what the patterns find, from number `first` on."""
        if isinstance(text, AtomicString):
            return text
        patterns = self._patterns
        for gated in patterns[first:] if first else patterns:
            if gated.needed in text or (gated.other and gated.other in text):
                text = self._apply_one(gated, text)
        return text

    def _apply_one(self, gated: _Gated, text: str) -> str:
        start = 0
        while True:
            for match in gated.finditer(text, start):
                node, begin, end = gated.handle(match, text)
                if begin is not None and end is not None:
                    break
            else:
                return text
            if node is None:
                # The pattern wants this stretch to be left as it is.
                start = end
                continue
            if not isinstance(node, str) and not isinstance(node.text, AtomicString):
                for element in (node, *node):
                    if element.text:
                        element.text = self._apply(element.text, gated.number + 1)
                    if element.tail:
                        element.tail = self._apply(element.tail, gated.number)
            key = f"{len(self.stashed_nodes):04}"
            self.stashed_nodes[key] = node
            placeholder = INLINE_PLACEHOLDER % key
            text = f"{text[:begin]}{placeholder}{text[end:]}"
            start = begin + len(placeholder)

    def _resolve(self, text: str, owner: Element, *, tail: bool) -> list[Element]:
        """Return the elements for the placeholders in a text; the words between go around them.

        Those before the first element become the text of `owner`, or its tail.
        """
        made: list[Element] = []

        def add(words: str) -> None:
            if not words:
                return
            if made:
                made[-1].tail = made[-1].tail + words if made[-1].tail else words
            elif tail:
                owner.tail = owner.tail + words if owner.tail else words
            else:
                owner.text = owner.text + words if owner.text else words

        start = 0
        while (at := text.find(INLINE_PLACEHOLDER_PREFIX, start)) >= 0:
            match = INLINE_PLACEHOLDER_RE.search(text, at)
            node = self.stashed_nodes.get(match[1]) if match else None
            if match is None or node is None:
                end = at + len(INLINE_PLACEHOLDER_PREFIX)
                add(text[start:end])
                start = end
                continue
            add(text[start:at])
            start = match.end()
            if isinstance(node, str):
                add(node)
            else:
                self._resolve_within(node)
                made.append(node)
        rest = text[start:]
        add(AtomicString(rest) if isinstance(text, AtomicString) else rest)
        return made

    def _resolve_within(self, node: Element) -> None:
        for element in (node, *node):
            text, tail = element.text, element.tail
            if tail and INLINE_PLACEHOLDER_PREFIX in tail:
                element.tail = None
                made = self._resolve(tail, element, tail=True)
                at = 0 if element is node else list(node).index(element) + 1
                node[at:at] = made
            if text and INLINE_PLACEHOLDER_PREFIX in text:
                element.text = None
                element[0:0] = self._resolve(text, element, tail=False)


class _Gated:
    """An inline pattern with its number, and what one of must be in a text."""

    __slots__ = ("finditer", "handle", "needed", "number", "other")

    def __init__(
        self, number: int, pattern: Pattern, handle: Handle, needed: str, other: str = ""
    ) -> None:
        self.number = number
        self.finditer = pattern.getCompiledRegExp().finditer
        self.handle = handle
        self.needed = needed
        self.other = other


def _numbered(patterns: _Needing, md: markdown.Markdown) -> list[_Gated]:
    gated = []
    for number, (needs, pattern) in enumerate(patterns):
        handle: Handle = pattern.handleMatch  # type: ignore[assignment]
        if md.delimiters is not None and pattern is md.delimiters:
            handle = emphasis(md.delimiters)
        # Every text holds the empty one, which stands for a need that is not known.
        gated.append(_Gated(number, pattern, handle, *(needs or ("",))))
    return gated
