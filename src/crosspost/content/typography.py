"""Typography: the spaces, quotes and apostrophes that a keyboard does not have.

French (any `fr` tag): a narrow no-break space (U+202F) before `; ! ?` and inside guillemets; a
no-break space (U+00A0) before `:`, between a number and its unit, after `n°`, `art.` and `M.`;
digits in groups; « » for straight quotes, ’ for apostrophes, … for three dots. English: “ ” ‘ ’,
… and dashes for `--`. Other languages are left alone.

Only spaces, quotes, apostrophes, dots and (in English) double hyphens change, a second pass
changes nothing, and code, addresses, smileys, backslashes and tags are spared. Where it is not
certain what was meant the text stays as it is: quotes that do not pair up stay straight.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crosspost.content.markup import ATTRIBUTES
from crosspost.content.quotes import INLINE, Quotes, following

NBSP = "\u00a0"
NNBSP = "\u202f"
_SPACES = f" {NBSP}{NNBSP}"

# Elements whose text is not prose.
_CODE = frozenset(
    {
        *("code", "pre", "kbd", "samp", "var", "tt", "script", "style", "textarea", "math", "svg"),
        *("template", "noscript", "iframe"),
    }
)
_VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
        *("track", "wbr"),
    }
)

# What most tags are: a block with no attribute. Known at a glance, they need no further look.
_PLAIN_BLOCKS = frozenset(
    slash + name + ">"
    for name in ("p", "li", "ul", "ol", "h2", "h3", "div", "td", "tr", "th", "blockquote")
    for slash in ("", "/")
)

_UNITS = (
    "[%‰€£]|°C?|[kM]€|Md€|km/h|m/s|[kcdm]?m[²³23]?|[km]?g|[hcmk]?[lL]|ha|[kMGT]?Wh?|[kMGT]o"
    "|[kM]?Hz|dB|min|h|s|t"
)

# What stands behind a high mark (`! ? ; :`) that ends something: the end of the text or of an
# element, a space, or a mark that closes. `page?id=1`, `a:b` and `!important` have none.
_AFTER = rf"(?=[\s<»\"”’)\]!?…,.{NBSP}{NNBSP}]|&quot;|&\#|&nbsp;|\Z)"

# Every alternative looks back at the one character that the set in front has taken: thanks to that
# set the expression engine jumps from place to place instead of trying each rule everywhere.
_PLACES = re.compile(
    rf"""
    [<&"'.:;!?«»°\\$`\-0-9MDP]
    (?:
      (?<=<) (?: (?P<comment>!--) | (?P<tag>[/!?]?[a-zA-Z]{ATTRIBUTES}>) )
    | (?<=&) (?P<entity>(?:\#\w{{1,8}}|[a-zA-Z]\w{{0,30}});)
    | (?<=["']) (?P<quote>)
    | (?<=:) (?: (?P<address>//(?:(?!&quot;)[^\s<>"«»])*+)
               | (?P<emoji>(?<!\w:)[a-z0-9_+\-]++:(?!\w)) )
    | (?<=[:;]) (?P<smiley>(?<![\w:;].)['’]?-?[()DPpOo/](?![\w/(]))
    | (?<=[!?]) (?P<high>[!?]*+{_AFTER})
    | (?<=[;:]) (?P<mark>(?<!::)(?!:){_AFTER})
    | (?<=«) (?P<open>[{_SPACES}]*+»?)
    | (?<=») (?P<close>)
    | (?<=\.) (?: (?P<dots>(?<!\.\.)\.\.(?!\.))
                | (?P<short>(?:(?<=\bp\.)|(?<=\bpp\.)|(?<=\bart\.)|(?<=\bvol\.)|(?<=\bchap\.))
                    [ ](?=\d)) )
    | (?<=\d) (?P<number>(?P<digits>\d*+)
          (?P<groups>(?:[ ]\d{{3}})++(?!\d))?+
          (?: (?P<gap>[ ]?)(?P<unit>{_UNITS})(?![\w'’]) (?P<minutes>(?<=h)[ ](?=\d\d\b))?+ )?+ )
    | (?<=°) (?P<degree>(?<=[nN]°)[ ]?(?=\d))
    | (?<=[MDP]) (?P<title>(?<!\w.)(?:(?<=M)(?:M?\.|mes?|lles?|gr|e)|(?<=[DP])r)[ ](?=[A-ZÀ-ÖØ-Þ]))
    | (?<=-) (?P<dash>(?<!--)--?(?!-))
    | (?<=\\) (?P<backslash>[^\s<]*+)
    | (?<=\$) (?P<math>\$)
    | (?<=`) (?P<code>[^`<\n]*+`)
    )
    """,
    re.VERBOSE,
)
_TAG_NAME = re.compile(r"[/!?]?([a-zA-Z][\w:-]*)")
_LANG = re.compile(r"\slang=[\"']?([\w-]*)", re.IGNORECASE)
_BLANK_LINE = re.compile(r"(\n[ \t]*\n\s*)")
_QUOTE_ENTITIES = {"quot;": '"', "#34;": '"', "#39;": "'", "#x27;": "'", "apos;": "'"}


def typeset(text: str, lang: str) -> str:
    """Return a plain string (a title, a summary, a message) with the typography of `lang`.

    Quotes pair up within a paragraph. Code between backquotes is spared.
    """
    family = _family(lang)
    if not family or not text:
        return text
    if "\n" not in text:
        return _Setter(text, family).run()
    return "".join(_Setter(part, family).run() for part in _BLANK_LINE.split(text))


def typeset_html(html: str, lang: str) -> str:
    """Return an HTML string with the typography of `lang` in its text.

    A `lang` attribute inside changes the language of its element. Quotes may hold tags, and pair
    up within a block (a paragraph, an item, a cell).
    """
    family = _family(lang)
    if not family and "lang=" not in html:
        return html
    return _Setter(html, family).run()


def _family(lang: str) -> str:
    """Return `fr`, `en`, or nothing for a language whose habits are not known here."""
    primary = lang[:3].lower().rstrip("-_")
    return primary if primary in {"fr", "en"} else ""


class _Setter:
    """Sets one string; made anew for each."""

    def __init__(self, text: str, family: str) -> None:
        self._text = text
        self._family = family
        self._out: list[str] = []
        self._copied = 0
        self._quotes = Quotes(text, self._out)
        self._code = ""
        self._code_depth = 0
        self._languages: list[tuple[str, str]] | None = [] if "lang=" in text else None

    def run(self) -> str:
        text, out, quotes = self._text, self._out, self._quotes
        plain = self._languages is None
        skip_to = 0
        for match in _PLACES.finditer(text):
            start, end = match.span()
            if start < skip_to:
                continue
            kind = match.lastgroup
            if kind == "tag":
                if plain and not self._code and match["tag"] in _PLAIN_BLOCKS:
                    quotes.end_block(end)
                else:
                    self._tag(match, start, end)
                continue
            if kind == "comment":
                closed = text.find("-->", end)
                skip_to = len(text) if closed < 0 else closed
                continue
            if self._code or not self._family:
                continue
            if kind in {"math", "backslash"}:
                skip_to = self._end_of_formula(match)
                continue
            rule = _RULES[self._family].get(kind or "")
            by = rule(self, match) if rule else None
            if by is not None:
                out.append(by)
                self._copied = end
        quotes.end_block(len(text))
        out.append(text[self._copied :])
        return "".join(out)

    def _copy(self, until: int) -> None:
        self._out.append(self._text[self._copied : until])
        self._copied = until

    def _before_spaces(self, start: int) -> int:
        """Return where the spaces in front of a mark begin, at least after the last place."""
        first = start
        while first > self._copied and self._text[first - 1] in _SPACES:
            first -= 1
        return first

    def _tag(self, match: re.Match[str], start: int, end: int) -> None:
        found = match["tag"]
        named = _TAG_NAME.match(found)
        name = named[1].lower() if named else ""
        closes = found[0] == "/"
        if self._code:
            if name == self._code:
                self._code_depth += -1 if closes else 1
                if not self._code_depth:
                    self._code = ""
        elif name in _CODE and not closes and found[-2:] != "/>":
            self._code, self._code_depth = name, 1
        if name in INLINE:
            self._quotes.tag(start, end)
        elif name == "br":
            self._quotes.line_break(end)
        else:
            self._quotes.end_block(end)
        if self._languages is not None:
            self._language(found, name, closes=closes)

    def _language(self, found: str, name: str, *, closes: bool) -> None:
        """Follow the elements, each with the language outside it, so that its end restores it."""
        open_elements = self._languages or []
        if not closes:
            if name in _VOID or found.endswith("/>") or found[0] in "!?":
                return
            open_elements.append((name, self._family))
            if lang := _LANG.search(found):
                self._family = _family(lang[1])
        elif any(opened == name for opened, _ in open_elements):
            opened = ""
            while opened != name:
                opened, self._family = open_elements.pop()
        self._languages = open_elements

    def _end_of_formula(self, match: re.Match[str]) -> int:
        """Return where a formula (`$$ … $$`, `\\( … \\)`) ends, or the place itself ends."""
        start, end = match.span()
        close = {"$$": "$$", "\\(": "\\)", "\\[": "\\]"}.get(self._text[start : start + 2])
        if close is None:
            return end
        closed = self._text.find(close, start + 2, start + 2000)
        if closed < 0 or "<" in self._text[start:closed]:
            return end
        return closed + 2

    def _high(self, match: re.Match[str]) -> str | None:
        mark, start = match[0], match.start()
        first = self._before_spaces(start)
        before = self._quotes.before(first)
        if first < start:
            meant = before and not before.isspace() and before not in "([{"
        else:
            # A word that lacks its space. One letter before `:` or `;` may be anything.
            meant = before.isalpha()
            if meant and mark in ":;" and self._text[start - 1] != ">":
                meant = start > 1 and self._text[start - 2].isalpha()
        if not meant:
            return None
        self._copy(first)
        return (NBSP if mark == ":" else NNBSP) + mark

    def _number(self, match: re.Match[str]) -> str | None:
        start = match.start()
        groups, unit = match["groups"] or "", match["unit"]
        before = self._text[start - 1] if start else ""
        if not (groups or unit) or before.isalnum() or before in {"_", "#", "@"}:
            return None
        head = self._text[start] + match["digits"]
        if len(head) <= 3 and before not in {".", ",", "/", "-", ":"}:
            groups = groups.replace(" ", NNBSP)
        tail = ""
        if unit:
            gap = NBSP if match["gap"] or unit in {"%", "‰", "€"} else ""
            tail = gap + unit + (NBSP if match["minutes"] else "")
        self._copy(start)
        return head + groups + tail

    def _open(self, match: re.Match[str]) -> str | None:
        start, end = match.span()
        self._quotes.guillemet(1)
        if match["open"].endswith("»"):
            self._quotes.guillemet(-1)
            self._copy(start)
            return f"«{NNBSP}»"
        if end == len(self._text) or self._text[end] == "\n":
            return None
        self._copy(start)
        return "«" + NNBSP

    def _close(self, match: re.Match[str]) -> str | None:
        self._quotes.guillemet(-1)
        first = self._before_spaces(match.start())
        before = self._quotes.before(first)
        if not before or before.isspace():
            return None
        self._copy(first)
        return NNBSP + "»"

    def _tied(self, match: re.Match[str]) -> str:
        self._copy(match.start())
        return match[0].rstrip(" ") + NBSP

    def _quote(self, match: re.Match[str]) -> str | None:
        start, end = match.span()
        char = _QUOTE_ENTITIES.get(match["entity"]) if match["entity"] else self._text[start]
        if char is None:
            return None
        self._copy(start)
        by = self._quotes.quote(char, start, end, self._family)
        return self._text[start:end] if by is None else by

    def _dots(self, match: re.Match[str]) -> str | None:
        start, end = match.span()
        before, after = self._text[start - 1 : start], following(self._text, end)
        if {before, after} & {"/", "\\"} or (_word(before) and _word(after)):
            return None
        self._copy(start)
        return "…"

    def _dash(self, match: re.Match[str]) -> str | None:
        start, end = match.span()
        before, after = self._text[start - 1 : start], self._text[end : end + 1]
        if before == " " and after == " ":
            dash = "–"
        elif _word(before) and _word(after):
            dash = "—"
        else:
            return None
        self._copy(start)
        return dash


def _word(char: str) -> bool:
    return char.isalnum() or char == "_"


_Rules = dict[str, Callable[[_Setter, re.Match[str]], str | None]]
_BOTH: _Rules = {"quote": _Setter._quote, "entity": _Setter._quote, "dots": _Setter._dots}
_RULES: dict[str, _Rules] = {
    "": {},
    "en": {**_BOTH, "dash": _Setter._dash},
    "fr": {
        **_BOTH,
        "high": _Setter._high,
        "mark": _Setter._high,
        "number": _Setter._number,
        "open": _Setter._open,
        "close": _Setter._close,
        "short": _Setter._tied,
        "title": _Setter._tied,
        "degree": _Setter._tied,
    },
}
