"""Code in colour: Pygments classes, never inline styles, only where the author named a language."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer

_PREFIX = "language-"


class Highlighter:
    """Keeps what is dear to make: Pygments is only imported when there is code to colour."""

    def __init__(self) -> None:
        self._formatter: HtmlFormatter[str] | None = None
        self._lexers: dict[str, type[Lexer] | None] = {}

    def highlight(self, code: str, values: dict[str, str | None]) -> str | None:
        """Return `<code …>` with the spans of Pygments, or None where the code is to stay plain.

        `code` is escaped HTML; `values` are the attributes of its `<code>`: a class
        `language-NAME` names the language and `hl_lines` (numbers from 1) the lines to set off.
        A language that Pygments does not know leaves the code plain.
        """
        classes = (values.get("class") or "").split()
        language = next((c.removeprefix(_PREFIX) for c in classes if c.startswith(_PREFIX)), "")
        if not language:
            return None
        lexer = self._lexer(unescape(language))
        if lexer is None:
            return None
        import pygments

        numbers = "".join(c if c.isdecimal() else " " for c in values.get("hl_lines") or "")
        formatter = self._for([int(number) for number in numbers.split()])
        coloured = pygments.highlight(unescape(code), lexer, formatter)
        return f'<code class="{_PREFIX}{language}">{coloured}</code>'

    def _lexer(self, language: str) -> Lexer | None:
        """Return a new lexer of a language: Pygments looks through all of them for its name."""
        if language not in self._lexers:
            from pygments.lexers import get_lexer_by_name
            from pygments.util import ClassNotFound

            try:
                self._lexers[language] = type(get_lexer_by_name(language, stripnl=False))
            except ClassNotFound:
                self._lexers[language] = None
        found = self._lexers[language]
        return found(stripnl=False) if found else None

    def _for(self, lines: list[int]) -> HtmlFormatter[str]:
        from pygments.formatters import HtmlFormatter

        if lines:
            return HtmlFormatter(nowrap=True, hl_lines=lines)
        if self._formatter is None:
            self._formatter = HtmlFormatter(nowrap=True)
        return self._formatter
