"""Typed reading of YAML: a frozen dataclass is the schema, a node tree is the input.

Front matter and settings are both read here, so that both report the same way: every unknown key,
wrong type and impossible date of a file, each with its line and column. Values are taken from the
text of a scalar and the type that the dataclass asks for, never from YAML 1.1's guess: `title: no`
is the title "no", and `12:30` is not seven hundred and fifty.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import field
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

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
    "Invalid",
    "MappingNode",
    "Node",
    "Reported",
    "ScalarNode",
    "SequenceNode",
    "Source",
    "compose",
    "decode",
    "duration",
    "key",
    "moment",
    "plain",
    "read",
    "text",
]

T = TypeVar("T")


def key(
    default: Any = dataclasses.MISSING,
    *,
    parse: Callable[[Node, Source], Any] | None = None,
    schema: Mapping[str, Any] | None = None,
    default_factory: Any = dataclasses.MISSING,
    hidden: bool = False,
) -> Any:
    """Declare a key of a schema, with a parser of its own where a type does not say enough.

    `parse(node, source)` returns the value or raises `Invalid`; `schema` is its JSON Schema.
    `hidden` marks what a file cannot write: the reader fills it in.
    """
    metadata = {"parse": parse, "schema": schema, "hidden": hidden}
    if default_factory is not dataclasses.MISSING:
        return field(default_factory=default_factory, metadata=metadata)
    if default is not dataclasses.MISSING:
        return field(default=default, metadata=metadata)
    return field(metadata=metadata)


def decode(cls: type[T], node: Node | None, source: Source) -> T | None:
    """Read a mapping node into the dataclass `cls`, reporting every problem in it.

    Returns None where a key that the schema requires is missing or unreadable.
    """
    if node is None or (isinstance(node, ScalarNode) and node.tag.endswith(":null")):
        node = MappingNode("tag:yaml.org,2002:map", [], *_no_marks(node))
    if not isinstance(node, MappingNode):
        source.report(node, "wrong-type", f"expected keys and values, found {describe(node)}.")
        return None
    fields = _fields(typing.cast("Any", cls))
    values: dict[str, Any] = {}
    complete = True
    seen: set[str] = set()
    for key_node, value_node in node.value:
        name = key_node.value if isinstance(key_node, ScalarNode) else None
        if name is None:
            source.report(key_node, "wrong-type", "a key must be a plain word.")
        elif name in seen:
            source.report(key_node, "duplicate-key", f"'{name}' is written twice: keep one.")
        elif name not in fields:
            message = f"unknown key '{name}'.{did_you_mean(name, fields)}"
            source.report(key_node, "unknown-key", f"{message} Known here: {', '.join(fields)}.")
        else:
            seen.add(name)
            kind, spec = fields[name]
            try:
                values[spec.name] = _value(kind, spec, value_node, source)
            except Invalid as error:
                if not isinstance(error, Reported):
                    source.report(value_node, "wrong-value", f"{name}: {error}")
                complete = complete and _optional(spec)
    for name, (_, spec) in fields.items():
        if name not in seen and not _optional(spec):
            source.report_missing(node, f"'{name}' is missing: write {name}: …")
            complete = False
    return cls(**values) if complete else None


def _no_marks(node: Node | None) -> tuple[Any, Any]:
    return (node.start_mark, node.end_mark) if node is not None else (None, None)


def _optional(spec: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return spec.default is not missing or spec.default_factory is not missing


@cache
def _fields(cls: Any) -> dict[str, tuple[Any, dataclasses.Field[Any]]]:
    """Map each key as written in YAML to its resolved type and its dataclass field."""
    hints = typing.get_type_hints(cls)
    return {
        spec.name.rstrip("_"): (hints[spec.name], spec)
        for spec in dataclasses.fields(cls)
        if not spec.metadata.get("hidden")
    }


def _value(kind: Any, spec: dataclasses.Field[Any], node: Node, source: Source) -> Any:
    parse = spec.metadata.get("parse")
    return parse(node, source) if parse else read(kind, node, source)


def read(kind: Any, node: Node, source: Source) -> Any:
    """Read one node as the type `kind`; raises `Invalid` with what to write instead."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _read_union(args, node, source)
    if kind is Any:
        return plain(node)
    if origin is Literal:
        return choice([str(arg) for arg in args], node)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return _read_sequence(args[0], node, source)
    if origin is not None and issubclass(origin, Mapping):
        return _read_mapping(args[1], node, source)
    if dataclasses.is_dataclass(kind):
        if not isinstance(node, MappingNode):
            raise Invalid(f"expected keys and values, found {describe(node)}.")
        value = decode(typing.cast("type[Any]", kind), node, source)
        if value is None:
            raise Reported("it is not complete.")
        return value
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(choice([str(member.value) for member in kind], node))
    return READERS[kind](node, source)


def _read_union(args: tuple[Any, ...], node: Node, source: Source) -> Any:
    if types.NoneType in args and isinstance(node, ScalarNode) and node.tag.endswith(":null"):
        return None
    kinds = [arg for arg in args if arg is not types.NoneType]
    if bool in kinds and isinstance(node, ScalarNode) and node.tag.endswith(":bool"):
        return read(bool, node, source)
    kinds = [arg for arg in kinds if arg is not bool] or kinds
    fitting = [arg for arg in kinds if _shape(arg) is type(node)] or kinds
    return read(fitting[0], node, source)


def _shape(kind: Any) -> type[Node]:
    origin = get_origin(kind)
    if origin is tuple:
        return SequenceNode
    if dataclasses.is_dataclass(kind) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return MappingNode
    return ScalarNode


def _read_sequence(kind: Any, node: Node, source: Source) -> tuple[Any, ...]:
    if not isinstance(node, SequenceNode):
        raise Invalid(f"expected a list, found {describe(node)}. Write [one, two].")
    values = []
    for item in node.value:
        try:
            values.append(read(kind, item, source))
        except Reported:
            continue
        except Invalid as error:
            source.report(item, "wrong-value", str(error))
    return tuple(values)


def _read_mapping(kind: Any, node: Node, source: Source) -> Mapping[str, Any]:
    if not isinstance(node, MappingNode):
        raise Invalid(f"expected keys and values, found {describe(node)}.")
    values: dict[str, Any] = {}
    for key_node, item in node.value:
        name = text(key_node)
        if name in values:
            source.report(key_node, "duplicate-key", f"'{name}' is written twice: keep one.")
        try:
            values[name] = read(kind, item, source)
        except Reported:
            continue
        except Invalid as error:
            source.report(item, "wrong-value", f"{name}: {error}")
    return types.MappingProxyType(values)
