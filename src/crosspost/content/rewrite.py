"""What is ours in a rendered body, done once on the HTML that any engine made.

Heading ids, links and pictures (found, placed, a hole left for each), figures, tables that scroll,
code in colour, the words of notes and admonitions. One pass over the tags that matter; everything
else is copied as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from html import unescape

from crosspost.content.body import Heading, Hole, HoleKind, Link, Picture
from crosspost.content.highlight import Highlighter
from crosspost.content.holes import ELSEWHERE, candidates, hole
from crosspost.content.labels import Labels
from crosspost.content.marks import Marks, unmark
from crosspost.content.markup import ATTRIBUTES, HOLE, attribute, attributes, words, write_tag
from crosspost.content.slugs import Names, slugify

# Most tags are of no interest: a look at those in lower case spares them all alternatives.
_OF_NO_INTEREST = (
    r"/(?:p|li|ul|em|strong|a|code|h[1-6]|td|tr|th|ol|blockquote|tbody)>"
    r"|(?:p|li|ul|em|strong|code|td|tr|ol|blockquote|tbody)>"
)
# A link that leads elsewhere, and would be written as it is: of ASCII, which is looked through much
# sooner than what is no space in any script.
_PLAIN = r"[!#-%(-;=?-~]*+"
_PLAIN_ADDRESS = rf"{_PLAIN}(?:&amp;{_PLAIN})*+"
_LEFT_ALONE = (
    rf"a href=\"(?:https?:{_PLAIN_ADDRESS}\"(?: title=\"[^\"<\x86]*\")?"
    rf"|mailto:{_PLAIN_ADDRESS}\")>"
)
_OF_INTEREST = (
    # Most links are plain.
    r"(?:a href=\"(?P<href>[^\"]*)\">(?P<words>[^<&]*)</a>"
    r"|(?i:(?P<name>a|img|h[1-6]|table|th|pre|video|audio|source|track|iframe|embed|object|area"
    rf"|script|style|textarea)\b{ATTRIBUTES}>|(?P<comment>!--)|/(?P<end>table|thead)>|thead\b))"
)
_TAGS = re.compile(f"<(?!{_OF_NO_INTEREST}){_OF_INTEREST}")
_TAGS_WITHOUT_PLACES = re.compile(f"<(?!{_OF_NO_INTEREST}|{_LEFT_ALONE}){_OF_INTEREST}")
_ID = re.compile(r"id=(?<=\sid=)[\"']?([^\s\"'>]+)")
_CODE = re.compile(r"<pre\b[^>]*><code(?P<attributes>[^>]*)>(?P<code>.*?)</code></pre>", re.DOTALL)
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.DOTALL)
_RAW_TEXT = {"script", "style", "textarea"}
_MEDIA = {"video", "audio", "source", "track", "iframe", "embed", "object"}


class Rewriter:
    """Rewrites one body; made anew for each. Without marks, places are not looked for."""

    def __init__(
        self,
        html: str,
        marks: Marks | None,
        labels: Labels,
        highlighter: Highlighter,
    ) -> None:
        self._highlighter = highlighter
        self._html = html
        self._marks = marks
        self._labels = labels
        self._out: list[str] = []
        self._copied = 0
        """Everything before this offset is in `_out`, or dropped."""
        self._skip_to = 0
        self._in_head = False
        self._table_depth = 0
        self._tables = 0
        self._ids = Names(_ID.findall(html) if "id=" in html else ())
        self._links: dict[tuple[int, str], Link] = {}
        self._pictures: dict[tuple[int, str, str | None], Picture] = {}
        self._holes: dict[Hole, int] = {}
        self.headings: list[Heading] = []
        self.nameless = False
        """Whether a picture has no alternative text."""

    @cached_property
    def _wrap_tables(self) -> bool:
        # A division around a table that is not closed would swallow the rest of the page.
        return self._html.count("<table") == self._html.count("</table>")

    @property
    def holes(self) -> tuple[Hole, ...]:
        """What each numbered hole of the HTML is to hold."""
        return tuple(self._holes)

    @property
    def links(self) -> tuple[Link, ...]:
        """Every address that is not a picture's, in the order of the source."""
        return tuple(link for _, link in sorted(self._links.items()))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every picture, in the order of the source."""
        order = sorted(self._pictures.items(), key=lambda item: item[0][:2])
        return tuple(picture for _, picture in order)

    def run(self) -> str:
        """Return the rewritten HTML; afterwards the collections are whole."""
        tags = _TAGS if self._marks is not None else _TAGS_WITHOUT_PLACES
        for match in tags.finditer(self._html):
            if match.start() < self._skip_to:
                continue
            if match["href"] is not None:
                self._plain_link(match)
                continue
            name = (match["name"] or "").lower()
            if handler := _HANDLERS.get(name):
                handler(self, match)
            elif name in _MEDIA:
                self._media(match)
            elif name:
                self._heading(match)
            elif match["comment"]:
                self._skip(match, "-->")
            elif match["end"]:
                self._close(match)
            else:
                self._in_head = True
        self._out.append(self._html[self._copied :])
        return unmark("".join(self._out))

    def _replace(self, start: int, end: int, by: str) -> None:
        self._out.append(self._html[self._copied : start])
        self._out.append(by)
        self._copied = end

    def _skip(self, match: re.Match[str], until: str) -> None:
        end = self._html.find(until, match.end())
        self._skip_to = len(self._html) if end < 0 else end

    def _raw_text(self, match: re.Match[str]) -> None:
        if "src=" in match[0]:
            self._media(match)
        self._skip(match, f"</{match['name']}")

    def _address(self, written: str) -> tuple[str, int]:
        """Return an attribute's value as the author wrote it, and its offset in the source."""
        value = unescape(written) if "&" in written else written
        if self._marks is None:
            return unmark(value).strip(), -1
        target, number = self._marks.taken_out(value)
        target = target.strip()
        return target, self._marks.offset(number, target.removeprefix("mailto:"))

    def _collect_link(self, target: str, offset: int, html: str) -> None:
        if self._marks is not None and (offset, target) not in self._links:
            self._links[offset, target] = Link(target, *self._marks.place(offset), words(html))

    def _plain_link(self, match: re.Match[str]) -> None:
        target, offset = self._address(match["href"])
        self._collect_link(target, offset, match["words"])
        by = self._left("link", "href", target)
        start, end = match.span("href")  # for one attribute, there is no need of `write_tag`
        if by.startswith(HOLE):
            self._replace(start - len('href="'), end + 1, by)
        else:
            self._replace(start, end, by)

    def _link(self, match: re.Match[str]) -> None:
        values = attributes(match[0])
        href = values.get("href")
        if href is None or (values.get("class") or "").startswith("footnote-"):
            return
        target, offset = self._address(href)
        close = self._html.find("</a>", match.end())
        inner = self._html[match.end() : close] if close >= 0 else ""
        self._collect_link(target, offset, inner)
        self._leave(values, "link", "href", target)
        self._replace(match.start(), match.end(), write_tag(match["name"].lower(), values))
        if "&#" in inner and target.startswith("mailto:"):
            # Python-Markdown writes addresses of mail as entities; nobody is helped by that.
            self._replace(match.end(), close, attribute(unescape(inner)))

    def _media(self, match: re.Match[str]) -> None:
        values = attributes(match[0])
        for name in ("src", "href", "poster", "data", "srcset"):
            written = values.get(name)
            if written is None:
                continue
            address, offset = self._address(written)
            if name == "srcset":
                self._srcset(values, address, offset)
            else:
                self._collect_link(address, offset, "")
                self._leave(values, "picture" if name == "poster" else "media", name, address)
        self._replace(match.start(), match.end(), write_tag(match["name"].lower(), values))

    def _leave(self, values: dict[str, str | None], kind: HoleKind, name: str, target: str) -> None:
        values[name] = self._left(kind, name, target)

    def _left(self, kind: HoleKind, name: str, target: str) -> str:
        """Return a hole for an attribute, or its value if the address is that of another site."""
        if ELSEWHERE.match(target) and kind != "candidates":
            return attribute(target)
        return hole(self._holes.setdefault(Hole(kind, name, target), len(self._holes)))

    def _srcset(self, values: dict[str, str | None], written: str, offset: int) -> None:
        for address, _, _ in candidates(written):
            self._collect_link(address, offset, "")
        self._leave(values, "candidates", "srcset", written)

    def _image(self, match: re.Match[str]) -> None:
        values = attributes(match[0])
        written = values.get("src")
        if written is None:
            return
        src, offset = self._address(written)
        alt = unmark(unescape(values["alt"] or "")) if "alt" in values else None
        self.nameless = self.nameless or not (alt or "").strip()
        if self._marks is not None and (offset, src, alt) not in self._pictures:
            self._pictures[offset, src, alt] = Picture(src, alt, *self._marks.place(offset))
        self._leave(values, "picture", "src", src)
        if not ELSEWHERE.match(src) and not {"width", "height"} & values.keys():
            self._leave(values, "size", "width", src)
        if srcset := values.get("srcset"):
            self._srcset(values, *self._address(srcset))
        values.setdefault("loading", "lazy")
        values.setdefault("decoding", "async")
        start, end = match.span()
        alone = self._html.startswith("<p>", start - 3) and self._html.startswith("</p>", end)
        if alone and start >= 3 and values.get("title"):
            caption = unmark(unescape(values.pop("title") or ""))
            figure = write_tag("img", values)
            caption = caption.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            figure = f"<figure>{figure}<figcaption>{caption}</figcaption></figure>"
            self._replace(start - 3, end + 4, figure)
        else:
            self._replace(start, end, write_tag("img", values))

    def _heading(self, match: re.Match[str]) -> None:
        name = match["name"].lower()
        close = self._html.find(f"</{name}>", match.end())
        if close < 0:
            return
        text = words(self._html[match.end() : close])
        start, end = match.span()
        if end - start == len("<h1>"):  # for one attribute, there is no need of `write_tag`
            identifier = self._ids.new(slugify(text))
            self._replace(start, end, f'<{name} id="{identifier}">')
        else:
            values = attributes(match[0])
            identifier = unmark(values.get("id") or "")
            if not identifier:
                identifier = self._ids.new(slugify(text))
                values["id"] = identifier
                self._replace(start, end, write_tag(name, values))
        self.headings.append(Heading(int(name[1]), identifier, text))

    def _table(self, match: re.Match[str]) -> None:
        self._table_depth += 1
        if self._table_depth > 1 or not self._wrap_tables:
            return
        self._tables += 1
        end = self._html.find("</table>", match.end())
        caption = _CAPTION.search(self._html, match.end(), end)
        if caption:
            label = words(caption[1])
        else:
            several = self._html.count("<table") > 1
            label = f"{self._labels.table} {self._tables}" if several else self._labels.table
            if self.headings:
                colon = " : " if self._labels.table == "Tableau" else ": "
                label += colon + self.headings[-1].text
        division = f'<div class="table-scroll" role="region" aria-label="{attribute(label)}"'
        self._replace(match.start(), match.start(), f'{division} tabindex="0">')

    def _header_cell(self, match: re.Match[str]) -> None:
        values = attributes(match[0])
        if not self._in_head or "scope" in values:
            return
        if self._html.startswith("</th>", match.end()):
            # A header that says nothing is announced as one all the same: a plain cell is not.
            self._replace(match.start(), match.end() + 5, write_tag("td", values) + "</td>")
            return
        values["scope"] = "col"
        self._replace(match.start(), match.end(), write_tag("th", values))

    def _close(self, match: re.Match[str]) -> None:
        self._in_head = False
        if match["end"].lower() == "table" and self._table_depth:
            self._table_depth -= 1
            if not self._table_depth and self._wrap_tables:
                self._replace(match.end(), match.end(), "</div>")

    def _preformatted(self, match: re.Match[str]) -> None:
        values = attributes(match[0])
        # A wide listing scrolls: the keyboard must be able to reach it.
        values.setdefault("tabindex", "0")
        block = _CODE.match(self._html, match.start())
        if block:
            self._skip_to = block.end()
            named = attributes(block["attributes"])
            coloured = self._highlighter.highlight(unmark(block["code"]), named)
            if coloured is not None:
                inner = write_tag("pre", values) + coloured + "</pre>"
                by = f'<div class="highlight">{inner}</div>'
                self._replace(match.start(), block.end(), by)
                return
        self._replace(match.start(), match.end(), write_tag("pre", values))


_HANDLERS: dict[str, Callable[[Rewriter, re.Match[str]], None]] = {
    "a": Rewriter._link,
    "area": Rewriter._link,
    "img": Rewriter._image,
    "table": Rewriter._table,
    "th": Rewriter._header_cell,
    "pre": Rewriter._preformatted,
    **dict.fromkeys(_RAW_TEXT, Rewriter._raw_text),
}
