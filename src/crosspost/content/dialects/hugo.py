"""Hugo: its content folder, its front matter, its addresses.

What stands in `posts/`, `post/`, `blog/`, `news/` or `articles/` are posts, other Markdown files
pages, at Hugo's address: the path in lower case, or `url`, or `slug` as its last part; `permalink`
in the settings takes a pattern for posts (`/:year/:month/:slug/`). Front matter is YAML (`---`),
TOML (`+++`) or an object of JSON. A leaf bundle (`posts/fair/index.md`) keeps its pictures beside
it.

- `date` and `publishDate`: the later one is when a post appears; the address is made with `date`.
- The first of `categories` is the category, the others become tags.
- `description`, else `summary`, is the summary; `images`, `cover` or `featured_image` the picture.
- Keys that crosspost does not know (`weight`, `layout`, Hugo's own `menu`) are kept in `params`.

Limits. `_index.md` is left out with a message. Of shortcodes, `ref`, `relref` and a `figure` on one
line are understood; any other stays in the text, with a warning. Translations by file name
(`about.en.md`), `cascade`, page resources' front matter and `hugo.toml` are not read.
"""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import yaml

from crosspost import permalinks, schema
from crosspost.config import Settings
from crosspost.content.dialects import Place
from crosspost.content.dialects.keys import Keys, code_free, field, people, texts, unique
from crosspost.content.document import Document, Kind, Parts, cut_front_matter, yaml_parts
from crosspost.errors import Problem, Severity
from crosspost.schema import MappingNode, Node, ScalarNode, SequenceNode, Source

_POSTS = {"posts", "post", "blog", "news", "articles"}
_MARKDOWN = (".md", ".markdown", ".mdown")
_SHORTCODE = re.compile(r"\{\{[<%](?!\s*/[^*]).*?[%>]\}\}")
"""The closing one of a pair (`{{% /notice %}}`) goes with its opening one."""
_REFERENCE = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+\"?/?([^\s\"]+)\"?\s*[%>]\}\}")
_FIGURE = re.compile(r"\{\{<\s*figure\s+([^>]*?)/?\s*>\}\}")
_SAFE = "/!$&'()*+,;=:@~"
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Hugo:
    """Hugo's way of writing."""

    def __init__(self, settings: Settings) -> None:
        self._permalink = settings.permalink
        self._zone = settings.zone
        self._flavour = settings.markdown.flavour

    def place(self, path: str, location: Path) -> Place:
        """Markdown in a folder of posts is a post, elsewhere a page; the rest is copied."""
        del location
        if not path.lower().endswith(_MARKDOWN):
            return Place()
        if posixpath.basename(path).startswith("_index."):
            return Place(
                left_out="_index.md files are left out: crosspost makes its own lists of posts."
            )
        if path in ("index.md", "index.markdown"):
            return Place(left_out="index.md was the home page: crosspost's theme makes it.")
        return Place(Kind.POST if path.partition("/")[0] in _POSTS else Kind.PAGE)

    def parts(self, text: str, source: Source) -> Parts | None:
        """Take the file apart: YAML between `---` lines, or TOML between `+++` lines."""
        lines = text.split("\n")
        if lines[0].rstrip() != "+++":
            if lines[0].startswith("{"):
                return _json_parts(text, source)
            return yaml_parts(text, source)
        cut = cut_front_matter(lines, ("+++",), source)
        if cut is None:
            return None
        front, body, body_line = cut
        try:
            values = tomllib.loads(front)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
            line, column = (int(place[1]) + 1, int(place[2])) if place else (1, 1)
            said = str(error).partition(" (at ")[0]
            message = f'this is not valid TOML: {said}. Put texts in quotes: key = "text".'
            source.problems.append(Problem(source.file, line, column, "toml-syntax", message))
            return None
        except RecursionError:
            message = "this is not valid TOML: it is nested too deeply."
            source.problems.append(Problem(source.file, 1, 1, "toml-syntax", message))
            return None
        return Parts(_plain_node(values, front.split("\n")), body, body_line)

    def body(self, text: str) -> str:
        """Turn references and figures into Markdown."""
        if "{{" not in text:
            return text
        return _FIGURE.sub(_figure, _REFERENCE.sub(r"/\1", text))

    def remarks(self, document: Document, body: str) -> Iterator[Problem]:
        """Warn of shortcodes that are left in the text."""
        if "{{" not in body:
            return
        for line, text in code_free(body):
            for match in _SHORTCODE.finditer(text):
                yield document.body_problem(
                    line,
                    match.start() + 1,
                    "shortcode",
                    f"'{match[0][:60]}' is a shortcode of Hugo, which is not carried out: it is "
                    "shown as it is. Write the text or the HTML that it stood for.",
                    Severity.WARNING,
                )

    def translate(self, node: MappingNode, path: str, source: Source) -> MappingNode:
        """Return front matter in crosspost's keys, the address of Hugo among them."""
        keys = Keys(node, source, self._flavour)
        name = _name_of(path)
        title = keys.take("title", "linkTitle")
        keys.put("title", title or name.replace("-", " ").replace("_", " ").capitalize())
        written = keys.take("date")
        appears = _later(written, keys.take("publishDate", "publishdate", "pubdate"), source)
        keys.put("date", appears)
        keys.put("updated", keys.take("lastmod", "updated"))
        keys.put("expires", keys.take("expiryDate", "expirydate", "unpublishdate"))
        categories = unique([*texts(keys.take("categories")), *texts(keys.take("category"))])
        keys.drop("categories", "category")
        keys.put("category", categories[0] if categories else None)
        keys.put("tags", unique([*categories[1:], *texts(keys.take("tags", "tag"))]) or None)
        keys.drop("tags")
        keys.put_summary("description", "summary")
        _put_image(keys)
        keys.put("author", people(keys.take("authors", "author")))
        keys.put("lang", keys.take("lang"))
        if keys.is_true("draft"):
            keys.put("draft", "true")
        keys.put("menu", keys.take_whole("menu"))
        keys.put_own()
        day = _moment(written or appears, source)
        self._put_addresses(keys, path, day.astimezone(self._zone) if day else None)
        return keys.result()

    def _put_addresses(self, keys: Keys, path: str, day: datetime | None) -> None:
        """Write the address and the older ones; those without a slash are beside the document."""
        url = keys.take("url")
        slug = keys.words("slug")
        title = " ".join(texts(keys.made("title")))
        if url is not None:
            address = "/" + urlsplit(" ".join(texts(url))).path.lstrip("/")
        elif path.partition("/")[0] in _POSTS:
            address = _expand(self._permalink, path, slug, title, day)
        else:
            folder = posixpath.dirname(_bundle(path))
            address = f"/{_urlize(folder)}/{_urlize(slug or _name_of(path))}/"
        address = re.sub(r"/{2,}", "/", address)
        keys.put("permalink", keys.scalar(quote(address, safe=_SAFE + "%"), url))
        beside = posixpath.dirname(address.rstrip("/"))
        aliases = (_joined(beside, one.strip()) for one in texts(keys.take("aliases")))
        keys.drop("aliases")
        keys.put("aliases", unique(aliases) or None)


def _joined(folder: str, path: str) -> str:
    """Join an older address that may be relative, and keep its last slash."""
    joined = posixpath.normpath(posixpath.join(folder, path))
    return f"{joined.rstrip('/')}/" if path.endswith("/") else joined


def _bundle(path: str) -> str:
    """Return the path without its ending; of a leaf bundle, its folder."""
    stem = posixpath.splitext(path)[0]
    return posixpath.dirname(stem) if posixpath.basename(stem) == "index" else stem


def _name_of(path: str) -> str:
    return posixpath.basename(_bundle(path))


def _urlize(text: str) -> str:
    """Make a part of an address: lower case, spaces are hyphens, other marks go."""
    kept = re.sub(r"[^\w\s./~+-]", "", text.strip().lower())
    return re.sub(r"\s+", "-", kept)


def _expand(pattern: str, path: str, slug: str, title: str, day: datetime | None) -> str:
    name, folder = _urlize(_name_of(path)), posixpath.dirname(_bundle(path))
    last = _urlize(slug) or name
    if slug and pattern == permalinks.DEFAULTS["hugo"]:
        pattern = "/:section/:slug/"
    values = {
        "section": path.partition("/")[0],
        "sections": _urlize(folder),
        "title": _urlize(title),
        "slug": _urlize(slug or title),
        "filename": name,
        "contentbasename": name,
        "slugorfilename": last,
        "slugorcontentbasename": last,
    }
    if pattern.startswith("/:section/") and "/" in folder and "filename" in pattern:
        values["section"] = _urlize(folder)  # without a pattern Hugo keeps every folder
    if day is not None:
        values |= {
            "year": f"{day.year:04}",
            "month": f"{day.month:02}",
            "monthname": _MONTHS[day.month - 1],
            "day": f"{day.day:02}",
            "weekday": str(day.isoweekday() % 7),
            "weekdayname": _DAYS[day.weekday()],
            "yearday": str(day.timetuple().tm_yday),
        }
    return permalinks.fill(pattern, values, "hugo")


def _moment(node: Node | None, source: Source) -> datetime | None:
    try:
        return schema.moment(" ".join(texts(node)), source.zone) if node is not None else None
    except schema.Invalid:
        return None  # the check of the front matter says why


def _later(one: Node | None, other: Node | None, source: Source) -> Node | None:
    """Return the later of two dates: a post must not appear before either."""
    if one is None or other is None:
        return one or other
    first, second = _moment(one, source), _moment(other, source)
    if first is None or second is None:
        return one if first is None else other
    return other if second > first else one


def _put_image(keys: Keys) -> None:
    value = keys.take("image", "featured_image", "featureImage", "cover", "images", "thumbnail")
    if isinstance(value, SequenceNode):
        value = value.value[0]
    src = field(value, "src", "image", "url") if isinstance(value, MappingNode) else value
    written = " ".join(texts(src))
    if not written:
        return
    pairs: list[tuple[str, Node]] = [("src", keys.scalar(written, src))]
    for name in ("alt", "caption"):
        text = " ".join(" ".join(texts(field(value, name))).split())
        if text:
            pairs.append((name, keys.scalar(text, field(value, name))))
    keys.put_mapping("image", pairs)


def _figure(match: re.Match[str]) -> str:
    given = dict(re.findall(r"(\w+)=\"([^\"]*)\"", match[1]))
    if "src" not in given:
        return match[0]
    caption = given.get("caption") or given.get("title") or ""
    alt = given.get("alt") or caption
    label = f' "{caption}"' if caption else ""
    return f"![{alt.replace(']', '')}](<{given['src']}>{label})"


def _json_parts(text: str, source: Source) -> Parts | None:
    """Take a file apart that begins with an object of JSON."""
    try:
        values, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        said = getattr(error, "msg", "it is nested too deeply")
        message = f"this is not valid JSON: {said}."
        source.problems.append(Problem(source.file, line, column, "json-syntax", message))
        return None
    front, body = text[:end], text[end:]
    rest, _, body = body.partition("\n")
    begin = front.count("\n") + 2
    if rest.strip():
        body, begin = rest + "\n" + body, begin - 1
    return Parts(_plain_node(values, front.split("\n")[1:], -1), body, begin)


def _plain_node(value: Any, lines: list[str], line: int = 0) -> Node:
    """Turn the values of TOML or JSON into nodes; a key's line is where it is first written."""
    place = yaml.Mark("", 0, line, 0, None, 0)
    if isinstance(value, dict):
        pairs = []
        for name, inner in value.items():
            at = _line_of(name, lines, line)
            mark = yaml.Mark("", 0, at, 0, None, 0)
            key = ScalarNode("tag:yaml.org,2002:str", name, mark, mark)
            pairs.append((key, _plain_node(inner, lines, at)))
        return MappingNode("tag:yaml.org,2002:map", pairs, place, place)
    if isinstance(value, list):
        items = [_plain_node(item, lines, line) for item in value]
        return SequenceNode("tag:yaml.org,2002:seq", items, place, place)
    kinds: dict[type, str] = {bool: "bool", int: "int", float: "float"}
    text = json.dumps(value) if type(value) in kinds else str(value)
    if value is None:
        return ScalarNode("tag:yaml.org,2002:null", "", place, place)
    if isinstance(value, datetime):
        text = value.isoformat(sep=" ")
    elif isinstance(value, date | time):
        text = value.isoformat()
    tag = f"tag:yaml.org,2002:{kinds.get(type(value), 'str')}"
    return ScalarNode(tag, text, place, place)


def _line_of(name: str, lines: list[str], begin: int) -> int:
    pattern = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(name)}[\"']?\s*[=.:\]]")
    for number in range(max(begin, 0), len(lines)):
        if pattern.match(lines[number]):
            return number
    return begin
