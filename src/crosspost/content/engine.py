"""What a Markdown engine is, and which one a flavour names.

An engine reads Markdown; all that is ours (ids, links, pictures, notes, typography) is done once,
after either, so that nothing further on can tell them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Flavour = Literal["markdown", "gfm"]


class Parsed(Protocol):
    """What an engine makes of a text."""

    @property
    def html(self) -> str:
        """The page's body before anything of ours."""

    @property
    def tree(self) -> Element | None:
        """The same as elements; in code and addresses, characters are escaped as in HTML.

        In its texts, raw HTML may stand as a placeholder that `stash` (by number) resolves.
        """

    @property
    def stash(self) -> tuple[str | Element, ...]:
        """The raw HTML that the tree does not hold itself."""

    @property
    def labelled(self) -> bool:
        """Whether there may be notes, admonitions or tasks in it, whose labels are ours."""

    def count_words(self) -> int:
        """Return how many words the running prose has. Raises RecursionError."""


class Engine(Protocol):
    """Reads one text after the other, each as if it were the first."""

    def parse(self, text: str) -> Parsed:
        """Return `text`, which may hold marks, with lines ended by `\\n`.

        Addresses are as their author wrote them. Raises RecursionError where a text is nested
        beyond what the engine can follow.
        """

    def parse_inline(self, line: str) -> str:
        """Return one line as HTML with no block around it: `# ` and `- ` are words in a title."""


def engine_for(flavour: Flavour) -> Engine:
    """Return a new engine; only its own library is loaded."""
    if flavour == "gfm":
        from crosspost.content.gfm import Gfm

        return Gfm()
    from crosspost.content.python_markdown import PythonMarkdown

    return PythonMarkdown()
