"""WordPress's export file (WXR), read item by item: it may be larger than the memory.

XML from elsewhere is read without a document type, so that it can declare no entity and name no
other file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from crosspost.errors import UsageError

_CHUNK = 1 << 16
_DEPTH = 50
_LARGEST = 50_000_000
"""Characters in one item."""


@dataclass(slots=True)
class Item:
    """One item of the file: a post, a page, an attachment or something else.

    `texts` has the fields by their names, as `title`, `content`, `wp:status`; `terms` the
    categories and tags as (domain, nicename, label); `meta` the custom fields.
    """

    line: int
    texts: dict[str, str] = field(default_factory=dict)
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: int = 0

    def get(self, name: str) -> str:
        """Return a field, empty where it is not there."""
        return self.texts.get(name, "")


@dataclass(slots=True)
class Head:
    """What the file says of the blog, and its authors' names by their logins."""

    texts: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)


def head_of(path: Path) -> Head:
    """Read what stands before the items. Raises `UsageError`."""
    head = Head()
    for element in _elements(path):
        name = element.name
        if name == "item":
            break
        if name == "wp:author":
            fields = {one.name: one.text for one in element.children}
            login = fields.get("wp:author_login", "")
            head.authors[login] = fields.get("wp:author_display_name", "") or login
        else:
            head.texts.setdefault(name, element.text)
    return head


def items_of(path: Path) -> Iterator[Item]:
    """Yield the items of the file. Raises `UsageError` where it is none."""
    for element in _elements(path):
        if element.name == "item":
            yield _item(element)


def _elements(path: Path) -> Iterator[_Node]:
    """Yield each child of the channel when it ends."""
    reader = _Reader(path.name)
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                reader.parser.Parse(chunk, False)
                yield from reader.taken()
            reader.parser.Parse(b"", True)
            yield from reader.taken()
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise UsageError(f"{path.name}:{error.lineno}: this is not whole XML: {said}.") from None
    except (LookupError, ValueError) as error:
        raise UsageError(f"{path.name} is in an encoding that is not known: {error}.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None


@dataclass(slots=True)
class _Node:
    """An element, and those in it."""

    name: str
    line: int
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text."""
        return "".join(self.parts)


class _Reader:
    """Builds the children of the channel one by one, from what the parser meets."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._stack: list[_Node] = []
        self._ready: list[_Node] = []
        self._size = 0
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._say
        self.parser.StartDoctypeDeclHandler = self._refuse

    def taken(self) -> Iterator[_Node]:
        """Yield what is complete, and forget it."""
        ready, self._ready = self._ready, []
        yield from ready

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        node = _Node(_name(tag), self.parser.CurrentLineNumber, attributes)
        if len(self._stack) > _DEPTH:
            raise UsageError(f"{self._file}:{node.line}: this is nested too deeply for an export.")
        if len(self._stack) == 2:
            self._size = 0
        if len(self._stack) > 2:
            self._stack[-1].children.append(node)
        self._stack.append(node)

    def _end(self, tag: str) -> None:
        del tag
        node = self._stack.pop()
        if len(self._stack) == 2 and self._stack[1].name == "channel":
            self._ready.append(node)

    def _say(self, text: str) -> None:
        self._size += len(text)
        if self._size > _LARGEST:
            line = self.parser.CurrentLineNumber
            raise UsageError(f"{self._file}:{line}: this text is larger than any that is meant.")
        if len(self._stack) > 2:
            self._stack[-1].parts.append(text)

    def _refuse(self, *declared: object) -> None:
        del declared
        raise UsageError(f"{self._file} declares a document type, which no export does.")


def _item(element: _Node) -> Item:
    item = Item(element.line)
    for child in element.children:
        name = child.name
        if name == "category":
            given = child.attributes
            item.terms.append((given.get("domain", ""), given.get("nicename", ""), child.text))
        elif name == "wp:postmeta":
            pair = {one.name: one.text for one in child.children}
            item.meta[pair.get("wp:meta_key", "")] = pair.get("wp:meta_value", "")
        elif name == "wp:comment":
            item.comments += 1
        else:
            item.texts.setdefault(name, child.text)
    return item


def _name(tag: str) -> str:
    """Return a tag's name with a short prefix, whatever the version of the format."""
    namespace, _, local = tag.rpartition("}")
    if local == "encoded":
        return "excerpt" if "excerpt" in namespace else "content"
    return f"wp:{local}" if "wordpress.org/export" in namespace else local
