"""Front matter of another generator, taken key by key; what nobody takes is kept as `params`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import yaml

from crosspost.content.engine import Flavour
from crosspost.content.excerpt import excerpt
from crosspost.errors import Severity
from crosspost.schema import MappingNode, Node, ScalarNode, SequenceNode, Source

LONGEST_SUMMARY = 2000
_OWN = ("uid", "channels", "expires", "noindex", "preheader", "focus")
_MARKS = re.compile(r"[*_`\[\]<>#~\\{}&]|^\s*(?:[-+]|\d+\.)\s", re.MULTILINE)
_RULES = re.compile(r"^[-=~]{2,}$", re.MULTILINE)
_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


class Keys:
    """The keys of one file, and those of crosspost that they are turned into.

    Nodes keep their places, so that a message about a value points at what the author wrote. Of a
    key that is written twice the last counts, as in other generators, and a warning says so.
    """

    def __init__(self, node: MappingNode, source: Source, flavour: Flavour = "markdown") -> None:
        self._flavour = flavour
        self._node = node
        self._source = source
        self._left: dict[str, tuple[Node, Node]] = {}
        self._made: dict[str, tuple[Node, Node]] = {}
        self._places: dict[str, Node] = {}
        for name, value in node.value:
            if not isinstance(name, ScalarNode):
                source.report(name, "wrong-type", "a key must be a plain word.")
                continue
            if name.value in self._left:
                self.warn(
                    name, "duplicate-key", f"'{name.value}' is written twice: the last counts."
                )
            self._left[name.value] = (name, value)

    def warn(self, node: Node | None, code: str, message: str) -> None:
        """Record a warning at a node."""
        self._source.report(node, code, message, Severity.WARNING)

    def take(self, *names: str) -> Node | None:
        """Return the value of the first of `names` that says something; others stay."""
        for name in names:
            found = self._left.get(name)
            if found is not None and not is_empty(found[1]):
                del self._left[name]
                self._places[name] = found[0]
                return found[1]
        return None

    def words(self, *names: str) -> str:
        """Take a key as one line of text, empty where it is not there."""
        return " ".join(" ".join(texts(self.take(*names))).split())

    def has(self, name: str) -> bool:
        """Say whether a key says something."""
        return name in self._left and not is_empty(self._left[name][1])

    def made(self, name: str) -> Node | None:
        """Return what was put under one of crosspost's own keys."""
        return self._made.get(name, (None, None))[1]

    def drop(self, *names: str) -> None:
        """Forget keys that mean nothing here, or that say nothing."""
        for name in names:
            self._left.pop(name, None)

    def take_whole(self, name: str) -> Node | None:
        """Take a key whose value is a whole number; of any other kind it stays."""
        value = self._left[name][1] if name in self._left else None
        if isinstance(value, ScalarNode) and value.tag.endswith(":int"):
            return self.take(name)
        return None

    def is_true(self, name: str) -> bool | None:
        """Take a yes or no; None where it is neither, and then the key stays."""
        word = " ".join(texts(self._left[name][1])).lower() if name in self._left else ""
        if word not in _TRUE + _FALSE:
            return None
        del self._left[name]
        return word in _TRUE

    def put(self, name: str, value: Node | str | Iterable[str] | None) -> None:
        """Write one of crosspost's own keys; nothing where the value is None or empty."""
        if value is None or value == "":
            return
        key = self._places.get(name) or self.scalar(name, value)
        if isinstance(value, str):
            value = self.scalar(value)
        elif not isinstance(value, Node):
            items = [self.scalar(text) for text in value]
            value = SequenceNode("tag:yaml.org,2002:seq", items, *_place(self._node))
        self._made[name] = (ScalarNode(key.tag, name, key.start_mark, key.end_mark), value)

    def put_mapping(self, name: str, values: Iterable[tuple[str, Node]]) -> None:
        """Write a key that holds keys of its own."""
        pairs = [(self.scalar(inner, value), value) for inner, value in values]
        if pairs:
            mapping = MappingNode("tag:yaml.org,2002:map", pairs, *_place(pairs[0][1]))
            self.put(name, mapping)

    def scalar(self, text: str, like: object = None) -> ScalarNode:
        """Make a text that stands where `like` stands, else where the front matter begins."""
        place = _place(like if isinstance(like, Node) else self._node)
        return ScalarNode("tag:yaml.org,2002:str", text, *place)

    def put_own(self) -> None:
        """Pass on the keys that only crosspost has: an old post may get a variant, too."""
        for name in _OWN:
            self.put(name, self.take(name))

    def put_summary(self, *names: str) -> None:
        """Write the summary from the first of `names`, as plain text of a bearable length."""
        value = self.take(*names)
        if value is not None:
            text = plain_summary("\n".join(texts(value)), self._flavour)
            self.put("summary", self.scalar(text, value) if text else None)

    def result(self) -> MappingNode:
        """Return front matter as crosspost reads it, unknown keys below `params`."""
        free = dict(self._left)
        params = free.pop("params", None)
        if params is not None and isinstance(params[1], MappingNode):
            free |= {str(name.value): (name, value) for name, value in params[1].value}
        pairs = list(self._made.values())
        if free:
            kept = MappingNode("tag:yaml.org,2002:map", list(free.values()), *_place(self._node))
            pairs.append((self.scalar("params", kept), kept))
        return MappingNode(self._node.tag, pairs, *_place(self._node))


def is_empty(node: Node) -> bool:
    """Say whether a value says nothing: null, blank, or a list or mapping without items."""
    if isinstance(node, ScalarNode):
        return node.tag.endswith(":null") or not node.value.strip()
    return not node.value


def texts(node: Node | None) -> list[str]:
    """Return the texts of a scalar, or of a list and the lists in it, without empty ones."""
    if node is None or isinstance(node, MappingNode):
        return []
    if isinstance(node, SequenceNode):
        return [text for item in node.value for text in texts(item)]
    return [] if is_empty(node) else [str(node.value)]


def unique(words: Iterable[str]) -> list[str]:
    """Return words without their commas and spaces, each once, empty ones not."""
    stripped = (word.strip().strip(",;").strip() for word in words)
    return list(dict.fromkeys(word for word in stripped if word))


def field(node: Node | None, *names: str) -> Node | None:
    """Return the value of the first of `names` in a mapping that says something."""
    if isinstance(node, MappingNode):
        for name in names:
            found: list[Node] = [value for key, value in node.value if key.value == name]
            if found and not is_empty(found[-1]):
                return found[-1]
    return None


def plain_summary(markdown: str, flavour: Flavour = "markdown") -> str:
    """Return Markdown of any length as a summary: plain text, whole sentences, one line."""
    text = markdown
    if _MARKS.search(markdown):
        from crosspost.content.plaintext import LinkStyle, plain_text

        text = plain_text(markdown, links=LinkStyle.NONE, typography=False, flavour=flavour)
    line = " ".join(_RULES.sub("", text).split())  # a rule underlined a heading
    return line if len(line) <= LONGEST_SUMMARY else excerpt(line, LONGEST_SUMMARY)


def people(node: Node | None) -> str:
    """Return who signs: a name, a list of names, or mappings that have a name."""
    if isinstance(node, SequenceNode):
        return ", ".join(filter(None, map(people, node.value)))
    if isinstance(node, MappingNode):
        return " ".join(texts(field(node, "name", "display_name", "login")))
    return " ".join(" ".join(texts(node)).split())


def is_markdown(path: str, suffixes: Iterable[str]) -> bool:
    """Say whether a file's name ends as Markdown does."""
    return path.lower().endswith(tuple(f".{suffix}" for suffix in suffixes))


def code_free(body: str) -> Iterator[tuple[int, str]]:
    """Yield each line of Markdown with its number from 1, without what stands in code."""
    fence, indented, blank = "", False, True
    for number, line in enumerate(body.split("\n"), start=1):
        mark = re.match(r"\s{0,3}(`{3,}|~{3,})", line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
        elif not line.strip():
            blank = True
        else:
            indented = line.startswith(("    ", "\t")) and (indented or blank)
            blank = False
            if not indented:
                yield number, re.sub(r"(`+).+?\1", lambda code: " " * len(code[0]), line)


def _place(node: Node) -> tuple[yaml.Mark | None, yaml.Mark | None]:
    return node.start_mark, node.end_mark
