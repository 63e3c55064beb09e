"""Typed reading of YAML: a frozen class is the schema, a node tree is the input.

Front matter and settings are both read here, so that both report the same way: every unknown key,
wrong type and impossible date of a file, each with its line and column. Values are taken from the
text of a scalar and the type that the class asks for, never from YAML 1.1's guess: `title: no`
is the title "no", and `12:30` is not seven hundred and fifty.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache, partial
from typing import Any, Literal, NamedTuple, TypeGuard, TypeVar, Union, get_args, get_origin

import msgspec

from crosspost.errors import did_you_mean
from crosspost.yaml_nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    compose,
)
from crosspost.yaml_scalars import (
    DURATION,
    MOMENT,
    READERS,
    Invalid,
    Reported,
    choice,
    describe,
    duration,
    moment,
    plain,
    text,
)

__all__ = [
    "DURATION",
    "MOMENT",
    "Invalid",
    "MappingNode",
    "Node",
    "Reported",
    "ScalarNode",
    "Schema",
    "SequenceNode",
    "Source",
    "compose",
    "decode",
    "duration",
    "is_schema",
    "key",
    "keys_of",
    "moment",
    "plain",
    "read",
    "reader_of",
    "text",
]

T = TypeVar("T")


class Key(NamedTuple):
    """A key of a schema: its default, `msgspec.NODEFAULT` where it must be written, and how it is
    read where its type does not say enough."""

    default: Any = msgspec.NODEFAULT
    parse: Callable[[Node, Source], Any] | None = None
    schema: Mapping[str, Any] | None = None
    hidden: bool = False


def key(
    default: Any = msgspec.NODEFAULT,
    *,
    parse: Callable[[Node, Source], Any] | None = None,
    schema: Mapping[str, Any] | None = None,
    hidden: bool = False,
) -> Any:
    """Declare a key of a schema, with a parser of its own where a type does not say enough.

    `parse(node, source)` returns the value or raises `Invalid`; `schema` is its JSON Schema.
    `hidden` marks what a file cannot write: the reader fills it in.
    """
    return Key(default, parse, schema, hidden)


@typing.dataclass_transform(frozen_default=True, field_specifiers=(key,))
class _SchemaMeta(msgspec.StructMeta):
    """Takes what `key` says out of a class: what is left is a struct, made in no time."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any
    ) -> _SchemaMeta:
        declared = {one: said for one, said in namespace.items() if isinstance(said, Key)}
        for attribute, said in declared.items():
            namespace[attribute] = said.default
            if said.default is msgspec.NODEFAULT:
                del namespace[attribute]
        made = super().__new__(cls, name, bases, namespace, frozen=True, **config)
        made.declared = declared
        return made

    declared: dict[str, Key]


class Schema(msgspec.Struct, metaclass=_SchemaMeta):
    """What a mapping in a file is read as: each attribute is a key, or what `key` declares."""


def is_schema(kind: Any) -> TypeGuard[type[Schema]]:
    """Say whether a type is a schema."""
    return isinstance(kind, _SchemaMeta)


def keys_of(cls: type[Schema]) -> Iterator[tuple[str, Key]]:
    """Yield each attribute of a schema that a file can write, in the order of the code."""
    names, defaults = cls.__struct_fields__, cls.__struct_defaults__
    first = len(names) - len(defaults)
    for number, name in enumerate(names):
        default = defaults[number - first] if number >= first else msgspec.NODEFAULT
        said = cls.declared.get(name, Key())._replace(default=default)
        if not said.hidden:
            yield name, said


def decode(cls: type[T], node: Node | None, source: Source) -> T | None:
    """Read a mapping node into the schema `cls`, reporting every problem in it.

    Returns None where a key that the schema requires is missing or unreadable.
    """
    if node is None or (isinstance(node, ScalarNode) and node.tag.endswith(":null")):
        node = MappingNode("tag:yaml.org,2002:map", [], *_no_marks(node))
    if not isinstance(node, MappingNode):
        source.report(node, "wrong-type", f"expected keys and values, found {describe(node)}.")
        return None
    keys = _keys(typing.cast("Any", cls))
    values: dict[str, Any] = {}
    complete = True
    seen: set[str] = set()
    for key_node, value_node in node.value:
        name = key_node.value if isinstance(key_node, ScalarNode) else None
        if name is None:
            source.report(key_node, "wrong-type", "a key must be a plain word.")
        elif name in seen:
            source.report(key_node, "duplicate-key", f"'{name}' is written twice: keep one.")
        elif name not in keys:
            message = f"unknown key '{name}'.{did_you_mean(name, keys)}"
            source.report(key_node, "unknown-key", f"{message} Known here: {', '.join(keys)}.")
        else:
            seen.add(name)
            known = keys[name]
            try:
                values[known.attribute] = known.read(value_node, source)
            except Invalid as error:
                if not isinstance(error, Reported):
                    source.report(value_node, "wrong-value", f"{name}: {error}")
                complete = complete and known.optional
    for name, known in keys.items():
        if not known.optional and name not in seen:
            source.report_missing(node, f"'{name}' is missing: write {name}: …")
            complete = False
    return cls(**values) if complete else None


def _no_marks(node: Node | None) -> tuple[Any, Any]:
    return (node.start_mark, node.end_mark) if node is not None else (None, None)


_Read = Callable[[Node, Source], Any]


class _Known(NamedTuple):
    attribute: str
    read: _Read
    optional: bool


@cache
def _keys(cls: type[Schema]) -> dict[str, _Known]:
    """Return each key as it is written in YAML, and how it is read."""
    hints = typing.get_type_hints(cls)
    return {
        name.rstrip("_"): _Known(
            name, said.parse or _reader(hints[name]), said.default is not msgspec.NODEFAULT
        )
        for name, said in keys_of(cls)
    }


def reader_of(cls: Any, name: str) -> _Read | None:
    """Return what reads the value of a key, or raises `Invalid`; None where it is not known.

    The key must be one whose attribute has its name.
    """
    known = _keys(cls).get(name)
    return known.read if known is not None and known.attribute == name else None


def read(kind: Any, node: Node, source: Source) -> Any:
    """Read one node as the type `kind`; raises `Invalid` with what to write instead."""
    return _reader(kind)(node, source)


def _reader(kind: Any) -> _Read:
    """Return what reads nodes as the type `kind`, which is taken apart once and not for each."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union_reader(args)
    if kind is Any:
        return lambda node, _: plain(node)
    if origin is Literal:
        words = [str(arg) for arg in args]
        return lambda node, _: choice(words, node)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return partial(_read_sequence, _reader(args[0]))
    if origin is not None and issubclass(origin, Mapping):
        return partial(_read_mapping, _reader(args[1]))
    if is_schema(kind):
        return partial(_read_schema, kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        members = [str(member.value) for member in kind]
        return lambda node, _: kind(choice(members, node))
    return READERS[kind]


def _union_reader(args: tuple[Any, ...]) -> _Read:
    """Return what reads `null` and `true` as such, where they may be, else goes by the shape."""
    empty = types.NoneType in args
    boolean = _reader(bool) if bool in args else None
    kinds = [arg for arg in args if arg not in (types.NoneType, bool)] or [bool]
    by_shape: dict[type[Node], _Read] = {
        shape: _reader(next((kind for kind in kinds if _shape(kind) is shape), kinds[0]))
        for shape in (ScalarNode, SequenceNode, MappingNode)
    }

    def read_union(node: Node, source: Source) -> Any:
        if isinstance(node, ScalarNode):
            if empty and node.tag.endswith(":null"):
                return None
            if boolean is not None and node.tag.endswith(":bool"):
                return boolean(node, source)
        return by_shape[type(node)](node, source)

    return read_union


def _shape(kind: Any) -> type[Node]:
    origin = get_origin(kind)
    if origin is tuple:
        return SequenceNode
    if is_schema(kind) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return MappingNode
    return ScalarNode


def _read_schema(kind: type[Schema], node: Node, source: Source) -> Any:
    if not isinstance(node, MappingNode):
        raise Invalid(f"expected keys and values, found {describe(node)}.")
    value = decode(kind, node, source)
    if value is None:
        raise Reported("it is not complete.")
    return value


def _read_sequence(read_item: _Read, node: Node, source: Source) -> tuple[Any, ...]:
    if not isinstance(node, SequenceNode):
        raise Invalid(f"expected a list, found {describe(node)}. Write [one, two].")
    values = []
    for item in node.value:
        try:
            values.append(read_item(item, source))
        except Reported:
            continue
        except Invalid as error:
            source.report(item, "wrong-value", str(error))
    return tuple(values)


def _read_mapping(read_item: _Read, node: Node, source: Source) -> Mapping[str, Any]:
    if not isinstance(node, MappingNode):
        raise Invalid(f"expected keys and values, found {describe(node)}.")
    values: dict[str, Any] = {}
    for key_node, item in node.value:
        name = text(key_node)
        if name in values:
            source.report(key_node, "duplicate-key", f"'{name}' is written twice: keep one.")
        try:
            values[name] = read_item(item, source)
        except Reported:
            continue
        except Invalid as error:
            source.report(item, "wrong-value", f"{name}: {error}")
    return types.MappingProxyType(values)
