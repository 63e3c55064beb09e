"""Python-Markdown behind one small class: the default engine.

Its state is the risk (footnotes, references and abbreviations live on the instance), so nobody
else sees the instance: `parse` resets it and hands out values.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown.treeprocessors import Treeprocessor

from crosspost.content.lists import ListsAfterParagraphs

EXTENSIONS = (
    "tables",
    "footnotes",
    "fenced_code",
    "def_list",
    "admonition",
    "attr_list",
    "abbr",
    "md_in_html",
    "sane_lists",
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What an engine makes of a text.

    `html` is the page's body before anything of ours. `tree` is the same as elements; in its
    texts, raw HTML stands as a placeholder that `stash` (by number) resolves.
    """

    html: str
    tree: Element | None
    stash: tuple[str | Element, ...]


class _KeepTree(Treeprocessor):
    """Remembers the finished tree: the plain text is made from it, not from the HTML."""

    root: Element | None = None

    def run(self, root: Element) -> None:
        self.root = root


class PythonMarkdown:
    """One Python-Markdown instance, reset for every text; not for use from several threads."""

    def __init__(self) -> None:
        self._markdown = markdown.Markdown(extensions=list(EXTENSIONS), output_format="html")
        # As in CommonMark: `\<script>` is a word, where the bare tag would swallow the page.
        self._markdown.ESCAPED_CHARS = [*self._markdown.ESCAPED_CHARS, "<"]
        # After fenced code (25) and raw HTML (20) are taken out of the text.
        self._markdown.preprocessors.register(ListsAfterParagraphs(), "crosspost_lists", 15)
        self._tree = _KeepTree(self._markdown)
        # After every other tree processor: the last one of Python-Markdown has priority 0.
        self._markdown.treeprocessors.register(self._tree, "crosspost_tree", -10)

    def parse(self, text: str) -> Parsed:
        """Return `text` (Markdown, lines ended by `\\n`) as HTML and as a tree.

        Raises RecursionError where a text is nested beyond what Python-Markdown can follow.
        """
        self._reset()
        html = self._markdown.convert(text)
        return Parsed(html, self._tree.root, tuple(self._markdown.htmlStash.rawHtmlBlocks))

    def parse_inline(self, line: str) -> str:
        """Return one line of Markdown as HTML, with no block around it.

        `# `, `- ` or `1. ` at the start are words here, as they are in a title.
        """
        self._reset()
        root = Element("div")
        SubElement(root, "p").text = line
        for treeprocessor in self._markdown.treeprocessors:
            replaced = treeprocessor.run(root)
            root = root if replaced is None else replaced
        html = self._markdown.serializer(root).strip()
        html = html.removeprefix("<div>").removesuffix("</div>").strip()
        html = html.removeprefix("<p>").removesuffix("</p>").strip()
        for postprocessor in self._markdown.postprocessors:
            html = postprocessor.run(html)
        return html.strip()

    def _reset(self) -> None:
        self._tree.root = None
        self._markdown.reset()
        # Not part of its reset: what the block parser was in the middle of when a text raised.
        self._markdown.parser.state.clear()
