"""A document: one Markdown file, its front matter read; its body stays text, beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec
import yaml

from crosspost import schema
from crosspost.content.frontmatter import FrontMatter
from crosspost.content.plain_front import plain_front
from crosspost.digests import digest_of
from crosspost.errors import Problem, Severity
from crosspost.schema import Node, Source
from crosspost.text_files import decode_text

if TYPE_CHECKING:
    from crosspost.content.dialects import Dialect


class Kind(StrEnum):
    """What a document becomes."""

    POST = "post"
    PAGE = "page"
    EDITION = "edition"


class Document(msgspec.Struct, frozen=True):
    """One Markdown file below content/.

    `path` is relative to content/, with forward slashes; `file` is relative to the site, for
    messages. `body_line` is the line of the file on which the body begins. `places` gives the line
    and column of each key (`image.src` for keys of keys). `digest` is of the file's bytes.
    """

    path: str
    kind: Kind
    front_matter: FrontMatter
    body_line: int
    places: Mapping[str, tuple[int, int]]
    digest: str

    @property
    def file(self) -> str:
        """The file, relative to the site."""
        return f"content/{self.path}"

    @property
    def uid(self) -> str:
        """The identity: written in the front matter, else taken from the path."""
        return self.front_matter.uid or self.path.removesuffix(".md")

    def problem(
        self, name: str, code: str, message: str, severity: Severity = Severity.ERROR
    ) -> Problem:
        """Make a problem at the key `name`, or at the file where it is not written."""
        line, column = self.places.get(name, (1, 1))
        return Problem(self.file, line, column, code, message, severity)

    def body_problem(
        self, line: int, column: int, code: str, message: str, severity: Severity = Severity.ERROR
    ) -> Problem:
        """Make a problem at a place of the body, whose lines count from 1."""
        return Problem(self.file, line + self.body_line - 1, column, code, message, severity)


class Written(msgspec.Struct, frozen=True):
    """A file that was read: the document, and the Markdown of its body."""

    document: Document
    body: str


class Parts(msgspec.Struct, frozen=True):
    """A file taken apart: its front matter as a tree (None where it is empty), and its body.

    `body_line` is the line of the file on which the body begins.
    """

    node: Node | None
    body: str
    body_line: int


def parse_document(
    data: bytes,
    path: str,
    kind: Kind,
    zone: tzinfo,
    problems: list[Problem],
    dialect: Dialect | None = None,
    digest: str = "",
) -> Written | None:
    """Read one file, or report all that is wrong with it and return None.

    `dialect` is how another generator would write it; `digest` that of `data`, where it is known.
    """
    file = f"content/{path}"
    text = decode_text(data, file, problems)
    if text is None:
        return None
    plain = plain_front(text, zone) if dialect is None and kind != Kind.EDITION else None
    if plain is not None and (kind == Kind.PAGE or "date" in plain.places):
        front, places, body, body_line = plain
        return Written(
            Document(path, kind, front, body_line, places, digest or digest_of(data)), body
        )
    source = Source(file, problems, line_offset=1, zone=zone)
    before = len(problems)
    parts = (dialect.parts if dialect else yaml_parts)(text, source)
    if parts is None or len(problems) > before:
        return None
    node, body, body_line = parts.node, parts.body, parts.body_line
    if dialect is not None:
        if not isinstance(node, schema.MappingNode | None):
            schema.decode(FrontMatter, node, source)  # it says why this is not front matter
            return None
        node = dialect.translate(node or no_keys(), path, source)
        body = dialect.body(body)
    front_matter = schema.decode(FrontMatter, node, source)
    _require(node, kind, source)
    if front_matter is None or any(p.severity == Severity.ERROR for p in problems[before:]):
        return None
    document = Document(
        path, kind, front_matter, body_line, _places(node), digest or digest_of(data)
    )
    return Written(document, body)


def _require(node: Node | None, kind: Kind, source: Source) -> None:
    """Report the keys that a kind of document cannot do without."""
    if node is not None and not isinstance(node, schema.MappingNode):
        return  # there is no key at all, and that has been said
    pairs = node.value if node is not None else []
    written = {key.value for key, value in pairs if value.value and key.tag.endswith(":str")}
    if kind != Kind.PAGE and "date" not in written:
        source.report_missing(node, "'date' is missing: write date: 2026-12-01 09:00.")
    if kind == Kind.EDITION and not written & {"period", "posts"}:
        message = "an edition needs 'period' or 'posts': write "
        source.report_missing(node, f"{message}period: {{from: 2026-11-01, to: 2026-11-15}}.")


def yaml_parts(text: str, source: Source) -> Parts | None:
    """Take a file apart whose front matter is YAML between two `---` lines, or say what is wrong.

    Lines of the node count from the file's second line.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        message = "there is no front matter. Begin the file with ---, title: …, and --- again."
        if lines[0].rstrip() == "+++":
            message = "TOML front matter is not read. Write YAML between two --- lines."
        source.problems.append(Problem(source.file, 1, 1, "no-front-matter", message))
        return None
    cut = cut_front_matter(lines, ("---", "..."), source)
    if cut is None:
        return None
    front, body, body_line = cut
    return Parts(schema.compose(front, source), body, body_line)


def cut_front_matter(
    lines: list[str], fences: tuple[str, ...], source: Source
) -> tuple[str, str, int] | None:
    """Return the text between the first line and a closing fence, the body, and its first line."""
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in fences:
            front = "\n".join(lines[1:number]) + "\n"
            return front, "\n".join(lines[number + 1 :]), number + 2
    source.problems.append(
        Problem(
            source.file,
            1,
            1,
            "unclosed-front-matter",
            f"the front matter is not closed. Put a line with {fences[0]} after its last key.",
        )
    )
    return None


def no_keys() -> schema.MappingNode:
    """Return front matter without a key, for files that have an empty one."""
    mark = yaml.Mark("", 0, 0, 0, None, 0)
    return schema.MappingNode("tag:yaml.org,2002:map", [], mark, mark)


def _places(node: Node | None) -> Mapping[str, tuple[int, int]]:
    """Give the place of each key, of the keys one level below, and of all below `channels`."""
    places: dict[str, tuple[int, int]] = {}
    if isinstance(node, schema.MappingNode):
        for name, value in node.value:
            if isinstance(name, schema.ScalarNode):
                places[name.value] = _place(name)
                if name.value == "channels":
                    _add_places(value, "channels", places)
            if isinstance(value, schema.MappingNode):
                for inner, _ in value.value:
                    if isinstance(inner, schema.ScalarNode):
                        places[f"{name.value}.{inner.value}"] = _place(inner)
    return MappingProxyType(places)


def _add_places(node: Node, above: str, places: dict[str, tuple[int, int]]) -> None:
    """Add the place of each key and item below a node; items are numbered from 0."""
    if isinstance(node, schema.MappingNode):
        for key, value in node.value:
            if isinstance(key, schema.ScalarNode):
                places[f"{above}.{key.value}"] = _place(key)
                _add_places(value, f"{above}.{key.value}", places)
    elif isinstance(node, schema.SequenceNode):
        for number, item in enumerate(node.value):
            places[f"{above}.{number}"] = _place(item)
            _add_places(item, f"{above}.{number}", places)


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 2, node.start_mark.column + 1
