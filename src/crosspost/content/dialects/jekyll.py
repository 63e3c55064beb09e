"""Jekyll: a blog written for it builds as it is, every post at the address that it has.

`content/` holds what was the root of the Jekyll site. Posts are the dated files of `_posts/`
folders, drafts those of `_drafts/`; any other Markdown file with front matter is a page. Front
matter is read as Jekyll does, and more kindly where Jekyll's reading serves nobody:

- `categories` and `category` make the address; the first is the category, the others become tags.
- `tags: a b c` are three tags; with commas, `tags: Sécurité, communauté`, they are what stands
  between the commas, where Jekyll would keep a comma as part of a tag.
- `description`, else `excerpt`, is the summary, as plain text; the other is kept.
- `layout` does not choose a template; like any key that crosspost does not know it is kept, as
  `params.layout`.
- A date without an offset is in the site's time zone, but a full timestamp that is not in
  quotation marks (`2020-01-31 23:30:00`) is in UTC: so says Jekyll's YAML.

Limits. Collections but posts, layouts, includes, data files and plugins are left out, with a
warning. Of Liquid, links (`{% link %}`, `{% post_url %}`, `relative_url`, `site.baseurl`) and `raw`
are understood; anything else stays in the text, with a warning. Defaults of `_config.yml` are not
read: a `permalink` or `timezone` of it belongs into crosspost.yaml. A draft without a date is shown
under a date of its own, far in the future, since Jekyll's (when its file was changed) is not part
of the site. On a line with a link in Liquid, the column of a message is that of the path which the
Liquid stood for.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crosspost import schema
from crosspost.config import Settings
from crosspost.content.dialects import Place
from crosspost.content.dialects.jekyll_urls import (
    DATED_NAME,
    Post,
    page_address,
    post_address,
)
from crosspost.content.dialects.keys import (
    Keys,
    code_free,
    field,
    is_markdown,
    people,
    texts,
    unique,
)
from crosspost.content.document import Document, Kind, Parts, yaml_parts
from crosspost.errors import Problem, Severity
from crosspost.schema import MappingNode, Node, ScalarNode, Source

_MARKDOWN = ("markdown", "mkdown", "mkdn", "mkd", "md")
_MACHINERY = {"_layouts", "_includes", "_sass", "_data", "_plugins", "_config.yml", "_site"}
_RUBY = {"Gemfile", "Gemfile.lock", "node_modules", "vendor", "gemfiles"}
_TIMESTAMP = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?\s*(Z|[-+]\d{1,2}(?::?\d{2})?)?"
)
_UNDATED_DRAFT = "2099-12-31"
_NEVER = datetime(2099, 12, 31, tzinfo=UTC)
_LIQUID = re.compile(r"\{%-?.*?-?%\}|\{\{.*?\}\}")
_LINKS = (
    (re.compile(r"\{%-?\s*post_url\s+/?(\S+?)\s*-?%\}"), r"/_posts/\1.md"),
    (re.compile(r"\{%-?\s*link\s+/?(\S+?)\s*-?%\}"), r"/\1"),
    (
        re.compile(r"\{\{-?\s*(['\"])/?([^'\"]*)\1\s*\|\s*(?:relative_url|absolute_url)\s*-?\}\}"),
        r"/\2",
    ),
    (re.compile(r"\{\{-?\s*site\.(?:baseurl|url)\s*-?\}\}"), ""),
    (re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}"), ""),
)


class Jekyll:
    """Jekyll's way of writing."""

    def __init__(self, settings: Settings) -> None:
        self._permalink = settings.permalink
        self._zone = settings.zone
        self._flavour = settings.markdown.flavour

    def place(self, path: str, location: Path) -> Place:
        """A dated file of _posts/ is a post, Markdown with front matter elsewhere a page."""
        folders, name = posixpath.split(path)
        parts = path.split("/")
        if "_posts" in parts[:-1]:
            return _post_place(name, location)
        if "_drafts" in parts[:-1] and is_markdown(name, _MARKDOWN):
            return Place(Kind.POST)
        if parts[0] in _RUBY:
            return Place(left_out=f"{parts[0]} belongs to Ruby: it is left out.")
        for depth, part in enumerate(parts, start=1):
            if part.startswith(("_", "#", "~")):
                return Place(left_out=_why_left_out("/".join(parts[:depth]), path))
        if not _has_front_matter(location):
            return Place()
        if not is_markdown(name, _MARKDOWN):
            suffix = posixpath.splitext(name)[1] or name
            return Place(
                left_out=f"{suffix} files with front matter are templates for Jekyll: they are "
                "left out; feeds, the sitemap and lists are made by crosspost."
            )
        if not folders and name.rpartition(".")[0] == "index":
            return Place(left_out=f"{name} was the home page: crosspost's theme makes it.")
        return Place(Kind.PAGE)

    def parts(self, text: str, source: Source) -> Parts | None:
        """Take the file apart: YAML between two `---` lines."""
        return yaml_parts(text, source)

    def body(self, text: str) -> str:
        """Turn Liquid's ways to write a link into paths below content/."""
        if "{" in text:
            for pattern, replacement in _LINKS:
                text = pattern.sub(replacement, text)
        return text

    def remarks(self, document: Document, body: str) -> Iterator[Problem]:
        """Warn of Liquid that is left in the text."""
        if "{%" not in body and "{{" not in body:
            return
        for line, text in code_free(body):
            match = _LIQUID.search(text)
            if match:
                yield document.body_problem(
                    line,
                    match.start() + 1,
                    "liquid",
                    f"'{match[0][:60]}' is Liquid, which is not carried out: it is shown as it is. "
                    "Write the text that it stood for.",
                    Severity.WARNING,
                )

    def translate(self, node: MappingNode, path: str, source: Source) -> MappingNode:
        """Return front matter in crosspost's keys, the address of Jekyll among them."""
        keys = Keys(node, source, self._flavour)
        is_post = "_posts/" in f"/{path}" or "_drafts/" in f"/{path}"
        dated = DATED_NAME.fullmatch(posixpath.basename(path))
        stem = posixpath.basename(path).rpartition(".")[0]
        file_slug = (dated[4] if dated and is_post else stem).rstrip(".")
        if file_slug == "index":
            file_slug = posixpath.basename(posixpath.dirname(path))
        keys.put("title", keys.take("title") or _title_of(file_slug))
        date = self._date(keys, path, source) if is_post or keys.has("date") else None
        keys.put("updated", _moment_node(keys.take("last_modified_at", "updated")))
        categories = _categories(keys, path)
        tags = unique([*categories[1:], *_tags(keys)])
        keys.put("category", categories[0].strip(",") if categories and is_post else None)
        keys.put("tags", tags or None)
        keys.put_summary("summary", "description", "excerpt")
        _put_image(keys)
        keys.put("author", people(keys.take("authors", "author")))
        _put_aliases(keys)
        _put_language(keys)
        hidden = keys.is_true("published") is False
        if keys.is_true("draft") is True or hidden or "_drafts/" in f"/{path}":
            keys.put("draft", "true")
        if keys.is_true("sitemap") is False:
            keys.put("noindex", "true")
        keys.put("menu", keys.take_whole("menu"))
        keys.put_own()
        own = keys.take("permalink")
        slug = keys.words("slug") or file_slug
        pattern = " ".join(texts(own))
        if not is_post:
            address = page_address(self._permalink, path, pattern)
        else:
            post = Post(path, slug, date or _NEVER, tuple(categories))
            address = post_address(pattern or self._permalink, post)
        keys.put("permalink", keys.scalar(address, own))
        return keys.result()

    def _date(self, keys: Keys, path: str, source: Source) -> datetime | None:
        """Write the date, from the front matter or the file's name; return it where it is one."""
        value = _moment_node(keys.take("date"))
        if value is None:
            value = keys.scalar(_date_of_name(path, keys, source))
        keys.put("date", value)
        try:
            return schema.moment(schema.text(value), source.zone).astimezone(self._zone)
        except (schema.Invalid, OverflowError):
            return None  # the check of the front matter says why


def _post_place(name: str, location: Path) -> Place:
    if not DATED_NAME.fullmatch(name):
        return Place(
            left_out="files in _posts/ whose names do not begin with a date, as "
            "2026-12-01-market.md, are no posts: they are left out."
        )
    if not is_markdown(name, _MARKDOWN) or not _has_front_matter(location):
        return Place(left_out="posts that are not Markdown with front matter are left out.")
    return Place(Kind.POST)


def _why_left_out(folder: str, path: str) -> str:
    if folder in _MACHINERY:
        return f"Jekyll's {folder} is left out: crosspost has its own settings and themes."
    if folder == path:
        return "files whose names begin with _, # or ~ are left out, as by Jekyll."
    return f"the collection {folder}/ is left out: of collections, posts alone are read."


def _has_front_matter(location: Path) -> bool:
    try:
        with location.open("rb") as file:
            begin = file.read(8)
    except OSError:
        return False  # whoever reads it says why it cannot be read
    return re.match(rb"(?:\xef\xbb\xbf)?---[ \t]*[\r\n]", begin) is not None


def _title_of(slug: str) -> str:
    """Make a title of a file's name, as Jekyll does: each word with a capital."""
    return " ".join(word.capitalize() for word in slug.split("-")).strip() or slug


def _date_of_name(path: str, keys: Keys, source: Source) -> str:
    dated = DATED_NAME.fullmatch(posixpath.basename(path))
    if dated is None:
        return _UNDATED_DRAFT
    year = dated[1] if len(dated[1]) == 4 else f"{19 if int(dated[1]) > 68 else 20}{dated[1][-2:]}"
    written = f"{year}-{dated[2]}-{dated[3]}"
    try:
        schema.moment(written, source.zone)
    except schema.Invalid:
        message = (
            f"the file's name begins with {written}, a date that does not exist: rename the file, "
            "or write date: in its front matter."
        )
        source.report(keys.scalar(""), "wrong-value", message)
        return _UNDATED_DRAFT
    return written


def _moment_node(node: Node | None) -> Node | None:
    """Say of a plain timestamp without an offset that it is in UTC."""
    if node is not None and node.tag.endswith(":timestamp"):
        match = _TIMESTAMP.fullmatch(node.value)
        if match and not match[1]:
            return ScalarNode(node.tag, f"{node.value.strip()}Z", node.start_mark, node.end_mark)
    return node


def _categories(keys: Keys, path: str) -> list[str]:
    """Return the categories: folders above _posts/, then `categories`, then `category`."""
    above = re.match(r"(?:(.*)/)?_(?:posts|drafts)/", path)
    folders = above[1].split("/") if above and above[1] else []
    plural = keys.take("categories")
    several = texts(plural)
    if isinstance(plural, ScalarNode):
        several = [word for text in several for word in text.split()]
    keys.drop("categories")
    single = texts(keys.take("category"))
    keys.drop("category")
    return list(dict.fromkeys([*folders, *several, *single]))


def _tags(keys: Keys) -> list[str]:
    """Return the tags: a text is split at its commas, where it has none at its spaces."""
    value = keys.take("tags", "tag")
    keys.drop("tags", "tag")
    if isinstance(value, ScalarNode):
        return [tag for text in texts(value) for tag in text.split("," if "," in text else None)]
    return texts(value)


def _put_image(keys: Keys) -> None:
    """Write the picture: a path, or a mapping with one, or a theme's `header`."""
    value = keys.take("image") or keys.take("header")
    keys.drop("image")
    src: Node | None = value if isinstance(value, ScalarNode) else None
    if isinstance(value, MappingNode):
        src = field(value, "path", "src", "url", "feature", "image", "teaser", "overlay_image")
    written = " ".join(texts(src))
    if not written:
        return
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", written):
        written = f"/{written}"  # from the site's root, wherever the post is
    pairs: list[tuple[str, Node]] = [("src", keys.scalar(written, src))]
    for name, names in (("alt", ("alt",)), ("caption", ("caption", "credit"))):
        text = " ".join(" ".join(texts(field(value, *names))).split())
        if text:
            pairs.append((name, keys.scalar(text, field(value, *names))))
    keys.put_mapping("image", pairs)


def _put_aliases(keys: Keys) -> None:
    """Write the older addresses; those of jekyll-redirect-from begin with a slash or not."""
    written = [*texts(keys.take("redirect_from")), *texts(keys.take("aliases"))]
    keys.drop("redirect_from", "aliases")
    paths = (urlsplit(one.strip()).path if "://" in one else one.strip() for one in written)
    keys.put("aliases", unique(f"/{path.lstrip('/')}" for path in paths) or None)
    target = keys.take("redirect_to")
    if target is not None:
        keys.warn(
            target,
            "redirect-to",
            "'redirect_to' is not carried out: the text is published at its address.",
        )


def _put_language(keys: Keys) -> None:
    value = keys.take("lang", "locale", "language")
    code = " ".join(texts(value)).replace("_", "-")
    keys.put("lang", keys.scalar(code, value) if code else None)
