"""Pelican: its content folder, its metadata, its addresses.

Markdown in `pages/` is a page, Markdown elsewhere an article, the rest is copied. Metadata is what
stands before the first empty line (`Title: The fair opens`), with or without `---` around it; the
names' case does not matter, and indented lines go on with the value above them.

- The category is `Category`, else the folder that the file is in.
- `Tags` and `Authors` are split at commas (or at semicolons, where there are any).
- `Status: draft` is a draft, `hidden` a page that search engines do not see.
- `Date` is in the site's time zone; without one it comes from the file's name, as 2026-12-01-fair.
- The address is `{slug}.html`, for pages `pages/{slug}.html`; `permalink` in the settings takes
  Pelican's ARTICLE_URL, as `{date:%Y}/{slug}/`. A slug is made from the title.
- `{filename}`, `{static}` and `{attach}` in links are understood.

Limits. reStructuredText is left out, with a warning. Hidden articles are listed. Translations
(`lang` with the same slug), `{category}`, `{tag}` and `{author}` links, and `pelicanconf.py` are
not read. Keys that crosspost does not know are kept in `params`.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import yaml

from crosspost import schema
from crosspost.config import Settings
from crosspost.content.dialects import Place
from crosspost.content.dialects.keys import Keys, texts, unique
from crosspost.content.document import Document, Kind, Parts, yaml_parts
from crosspost.errors import Problem
from crosspost.schema import MappingNode, Node, ScalarNode, Source

_MARKDOWN = (".md", ".markdown", ".mkd", ".mdown")
_META = re.compile(r"[ ]{0,3}([A-Za-z0-9_-]+):[ \t]*(.*)")
_MORE = re.compile(r"[ ]{4,}(.*)")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2}).*")
_LINK = re.compile(r"(?:\{|\|)(?:filename|static|attach)(?:\}|\|)")
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "Œ": "OE", "Æ": "AE", "ß": "ss", "ø": "o", "ł": "l", "–": "-", "—": "-"}
)
_SAFE = "/!$&'()*+,;=:@~"
_MISC = "misc"


class Pelican:
    """Pelican's way of writing."""

    def __init__(self, settings: Settings) -> None:
        self._permalink = settings.permalink
        self._zone = settings.zone
        self._flavour = settings.markdown.flavour

    def place(self, path: str, location: Path) -> Place:
        """Markdown in pages/ is a page, elsewhere an article; the rest is copied."""
        del location
        if path.lower().endswith(".rst"):
            return Place(left_out="reStructuredText is left out: only Markdown is read.")
        if not path.lower().endswith(_MARKDOWN):
            return Place()
        return Place(Kind.PAGE if path.startswith("pages/") else Kind.POST)

    def parts(self, text: str, source: Source) -> Parts | None:
        """Take the file apart: `Key: value` lines until an empty one, or YAML between `---`."""
        lines = text.split("\n")
        if lines[0].rstrip() == "---":
            return yaml_parts(text, source)
        pairs: list[tuple[Node, Node]] = []
        number = 0
        for number, line in enumerate(lines):
            match, more = _META.match(line), _MORE.match(line)
            if more and pairs:
                value = pairs[-1][1]
                value.value = f"{value.value}\n{more[1].strip()}"
            elif match:
                pairs.append((_scalar(match[1].lower(), number), _value(match, number)))
            else:
                break
        if not pairs:
            message = "there is no metadata. Begin the file with Title: … and Date: …"
            source.problems.append(Problem(source.file, 1, 1, "no-front-matter", message))
            return None
        begin = number + 1 if not lines[number].strip() else number
        mark = pairs[0][0].start_mark
        node = MappingNode("tag:yaml.org,2002:map", pairs, mark, mark)
        return Parts(node, "\n".join(lines[begin:]), begin + 1)

    def body(self, text: str) -> str:
        """Turn Pelican's marks of files of the site into paths."""
        return _LINK.sub("", text)

    def remarks(self, document: Document, body: str) -> Iterable[Problem]:
        """Find nothing: Pelican has no language of its own in texts."""
        del document, body
        return ()

    def translate(self, node: MappingNode, path: str, source: Source) -> MappingNode:
        """Return metadata in crosspost's keys, the address of Pelican among them."""
        named = MappingNode(
            node.tag, [(_lower(key), value) for key, value in node.value], *_marks(node)
        )
        keys = Keys(named, source, self._flavour)
        stem = posixpath.splitext(posixpath.basename(path))[0]
        dated = _DATED.fullmatch(stem)
        title = keys.take("title")
        keys.put("title", title or stem)
        written = keys.take("date") or (keys.scalar(dated[1]) if dated else None)
        keys.put("date", written)
        keys.put("updated", keys.take("modified"))
        folder = posixpath.basename(posixpath.dirname(path))
        is_page = path.startswith("pages/")
        category = keys.words("category") or folder
        keys.put("category", None if is_page else category)
        keys.put("tags", _listed(keys.take("tags")) or None)
        keys.drop("tags")
        keys.put_summary("summary", "description")
        authors = _listed(keys.take("authors", "author"))
        keys.put("author", ", ".join(authors))
        keys.put("lang", keys.take("lang"))
        _put_image(keys)
        status = keys.words("status").lower()
        if status in ("draft", "skip"):
            keys.put("draft", "true")
        elif status == "hidden":
            keys.put("noindex", "true")
        keys.put_own()
        own = keys.take("url", "save_as")
        slug = keys.words("slug") or pelican_slug(" ".join(texts(title)) or stem)
        if own is not None:
            address = " ".join(texts(own))
        elif is_page:
            address = f"pages/{slug}.html"
        else:
            values = {
                "slug": slug,
                "category": pelican_slug(category or _MISC),
                "author": pelican_slug(authors[0]) if authors else "",
                "lang": " ".join(texts(keys.made("lang"))),
            }
            address = _expand(self._permalink, values, self._day(written, source))
        keys.put("permalink", keys.scalar(quote(f"/{address.lstrip('/')}", safe=_SAFE), own))
        return keys.result()

    def _day(self, node: Node | None, source: Source) -> datetime | None:
        try:
            moment = schema.moment(" ".join(texts(node)), source.zone)
        except schema.Invalid:
            return None  # the check of the front matter says why
        return moment.astimezone(self._zone)


def pelican_slug(text: str) -> str:
    """Make a slug as Pelican does: ASCII, apostrophes and marks gone, spaces are hyphens."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    plain = plain.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip())


def _expand(pattern: str, values: dict[str, str], day: datetime | None) -> str:
    def replace(match: re.Match[str]) -> str:
        if match[1] == "date":
            return f"{day:{match[2] or '%Y-%m-%d'}}" if day else ""
        return values.get(match[1], "")

    filled = re.sub(r"\{([a-z]+)(?::([^{}]*))?\}", replace, pattern)
    return re.sub(r"/{2,}", "/", filled)


def _listed(node: Node | None) -> list[str]:
    """Split a text at its semicolons, where it has none at its commas."""
    if isinstance(node, ScalarNode):
        text = str(node.value)
        return unique(text.replace("\n", " ").split(";" if ";" in text else ","))
    return unique(texts(node))


def _put_image(keys: Keys) -> None:
    value = keys.take("image", "cover", "featured_image")
    if isinstance(value, ScalarNode):
        keys.put_mapping("image", [("src", keys.scalar(_LINK.sub("", str(value.value)), value))])


def _value(match: re.Match[str], line: int) -> ScalarNode:
    return _scalar(match[2].strip(), line, match.start(2))


def _scalar(text: str, line: int, column: int = 0) -> ScalarNode:
    """Make a node; lines are counted from the file's second one, as everywhere."""
    mark = yaml.Mark("", 0, line - 1, column, None, 0)
    return ScalarNode("tag:yaml.org,2002:str", text, mark, mark)


def _lower(key: Node) -> Node:
    if isinstance(key, ScalarNode):
        return ScalarNode(key.tag, str(key.value).lower(), key.start_mark, key.end_mark)
    return key


def _marks(node: Node) -> tuple[yaml.Mark | None, yaml.Mark | None]:
    return node.start_mark, node.end_mark
