"""Front matter as most people write it, read without a tree of YAML.

Nearly all of it is `key: value`, one a line: words, a text between quotation marks, or a short list
in brackets. Such front matter is read here at a glance. Whatever is not quite so, or would not be
right, is left to the general way (`crosspost.content.document`), which gives the same values and
places, and has the words for what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from crosspost import schema
from crosspost.content.frontmatter import LONGEST, FrontMatter
from crosspost.schema import Invalid, Source

# Line ends of other kinds, characters that YAML refuses, and tabs.
_ODD = "\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff"
_ITEM = rf"[A-Za-z0-9À-ÿ][^\s,:#\[\]{{}}\"'&*!|>%@`?{_ODD}]*"
_LINE = re.compile(
    rf"(?P<key>[a-z_]+): +"
    rf"(?:\"(?P<double>[^\"\\{_ODD}]*)\""
    rf"|'(?P<single>[^'{_ODD}]*)'"
    rf"|\[ *(?P<items>(?:{_ITEM}(?: *, *{_ITEM})*)?) *\]"
    # A colon before a space would begin another value, a number sign a comment.
    rf"|(?P<words>[A-Za-z0-9À-ÿ](?:[^:#{_ODD}]|:(?=[^ {_ODD}]))*)"
    r") *\n"
)
_WORD = re.compile(_ITEM)
_FENCE = "---\n"
_STRING = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_RESOLVERS: Any = yaml.SafeLoader.yaml_implicit_resolvers
_NOWHERE: Any = yaml.Mark("", 0, 0, 0, None, 0)  # what would be said of it is not said here
_MOMENTS = frozenset({"date", "updated", "expires"})


class Plain(NamedTuple):
    """Front matter, the place of each key, the body behind it, and the line where that begins."""

    front_matter: FrontMatter
    places: Mapping[str, tuple[int, int]]
    body: str
    body_line: int


def plain_front(text: str, zone: tzinfo) -> Plain | None:
    """Return what a file says whose front matter is plain and right; None for any other."""
    if not text.startswith(_FENCE):
        return None
    values: dict[str, Any] = {}
    places: dict[str, tuple[int, int]] = {}
    at, line = len(_FENCE), 2
    while not text.startswith(_FENCE, at):
        match = _LINE.match(text, at)
        if match is None or match["key"] in places:
            return None
        key = match["key"]
        try:
            values[key] = _value(key, match, zone)
        except Invalid:
            return None
        places[key] = (line, 1)
        at, line = match.end(), line + 1
    if "title" not in values:
        return None
    body = text[at + len(_FENCE) :]
    return Plain(FrontMatter(**values), MappingProxyType(places), body, line + 1)


def _value(key: str, match: re.Match[str], zone: tzinfo) -> Any:
    """Return the value of a key. Raises `Invalid` where it takes a closer look to tell."""
    kind = match.lastgroup or ""
    if kind == "items":
        items = tuple(_WORD.findall(match["items"]))
        if key != "tags" or any(_tag(item) == _NULL for item in items):
            raise Invalid
        return items
    value = match[kind]
    tag = _STRING
    if kind == "words":
        value = value.rstrip(" ")
        if key in _MOMENTS and "0" <= value[0] <= "9":  # whatever YAML takes it for
            return schema.moment(value, zone)
        tag = _tag(value)
    longest = LONGEST.get(key)
    if longest is not None and tag != _NULL:
        value = " ".join(value.split())
        if 0 < len(value) <= longest:
            return value
        raise Invalid
    if key in _MOMENTS and tag != _NULL:
        return schema.moment(value, zone)
    return _of_node(key, schema.ScalarNode(tag, value, _NOWHERE, _NOWHERE), zone)


def _of_node(key: str, node: schema.Node, zone: tzinfo) -> Any:
    """Read a value as the schema says. Raises `Invalid` also where there would be a remark."""
    read = _reader(key)
    source = Source("", [], zone=zone)
    if read is None:
        raise Invalid
    value = read(node, source)
    if source.problems:
        raise Invalid
    return value


@lru_cache(maxsize=100)
def _reader(key: str) -> Callable[[schema.Node, Source], Any] | None:
    return schema.reader_of(FrontMatter, key)


@lru_cache(maxsize=4096)
def _tag(value: str) -> str:
    """Return what YAML takes a word for: `no` is a boolean to it, `2026-12-01` a date."""
    for tag, expression in (*_RESOLVERS.get(value[0], ()), *_RESOLVERS.get(None, ())):
        if expression.match(value):
            return str(tag)
    return _STRING
