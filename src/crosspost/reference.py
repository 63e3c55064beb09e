"""What the settings and the front matter are, told from the code that reads them.

The classes of `config` and `frontmatter` are the schema; the texts below their attributes are
its documentation. Both the JSON Schema for editors and the reference pages are made here, so that
neither can say what the reader does not do.
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from crosspost import schema
from crosspost.schema import DURATION, MOMENT
from crosspost.setting_values import TEXT, written

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The newest that the language servers of editors take whole."""
_SCALARS: Mapping[Any, tuple[dict[str, Any], str]] = {
    str: (dict(TEXT), "text"),
    bool: ({"type": "boolean"}, "true or false"),
    int: ({"type": "integer"}, "whole number"),
    float: ({"type": "number"}, "number"),
    datetime: (written(MOMENT), "date, or date and time"),
    timedelta: (written(DURATION), "length of time"),
    Any: ({}, "anything"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key that a file may hold. `type` is in words, `default` as it would be written."""

    name: str
    type: str
    default: str | None
    required: bool
    description: str
    kind: Any
    schema: Mapping[str, Any] | None


@cache
def _classes_in(module: str) -> Mapping[str, ast.ClassDef]:
    """Return the classes of a module as they are written. It is read once for all of them."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def attribute_docstrings(cls: type) -> dict[str, str]:
    """Return the text written below each attribute of a class, on one line each."""
    found = {}
    for node, following in pairwise(_classes_in(cls.__module__)[cls.__name__].body):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
            and isinstance(following.value.value, str)
        ):
            found[node.target.id] = " ".join(following.value.value.split())
    return found


def keys_of(cls: type) -> tuple[Key, ...]:
    """Return the keys that a mapping read as `cls` may hold, in the order of the code."""
    hints = typing.get_type_hints(cls)
    texts = attribute_docstrings(cls)
    keys = []
    for name, said in schema.keys_of(cls):
        kind = hints[name]
        required = said.default is msgspec.NODEFAULT
        keys.append(
            Key(
                name=name.rstrip("_"),
                type=in_words(kind),
                default=None if required else as_written(said.default),
                required=required,
                description=texts.get(name, ""),
                kind=kind,
                schema=said.schema,
            )
        )
    return tuple(keys)


def classes_of(cls: type) -> Iterator[type]:
    """Yield `cls` and every schema below it, each once, in the order they are met."""
    seen: dict[type, None] = {}

    def visit(kind: Any) -> None:
        if schema.is_schema(kind) and kind not in seen:
            seen[kind] = None
            for key in keys_of(kind):
                visit(key.kind)
        for argument in get_args(kind):
            visit(argument)

    visit(cls)
    yield from seen


def json_schema(cls: type, title: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 7) of a file that is read as `cls`."""
    root, *others = classes_of(cls)
    result = {"$schema": DIALECT, "title": title, **_object(root)}
    if others:
        result["definitions"] = {other.__name__: _object(other) for other in others}
    return result


def _object(cls: type) -> dict[str, Any]:
    keys = keys_of(cls)
    properties = {}
    for key in keys:
        found = dict(key.schema) if key.schema is not None else _schema_of(key.kind)
        found["description"] = key.description
        properties[key.name] = found
    result: dict[str, Any] = {
        "type": "object",
        "description": inspect.cleandoc(cls.__doc__ or ""),
        "properties": properties,
        "additionalProperties": False,
    }
    required = [key.name for key in keys if key.required]
    if required:
        result["required"] = required
    return result


def _schema_of(kind: Any) -> dict[str, Any]:
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema_of(arg) for arg in args]}
    if kind is types.NoneType:
        return {"type": "null"}
    if origin is Literal:
        return {"enum": list(args)}
    if origin is tuple:
        return {"type": "array", "items": _schema_of(args[0])}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema_of(args[1])}
    if schema.is_schema(kind):
        return {"$ref": f"#/definitions/{kind.__name__}"}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    return dict(_SCALARS[kind][0])


def in_words(kind: Any) -> str:
    """Say what a type is, for people."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return " or ".join(in_words(arg) for arg in args if arg is not types.NoneType)
    if origin is Literal:
        return ", ".join(f"`{arg}`" for arg in args)
    if origin is tuple:
        return f"list of {in_words(args[0])}"
    if origin is not None and issubclass(origin, Mapping):
        return f"names and {in_words(args[1])}"
    if schema.is_schema(kind):
        return f"[{kind.__name__}](#{_anchor(kind)})"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(f"`{member.value}`" for member in kind)
    return _SCALARS[kind][1]


def as_written(value: Any) -> str | None:
    """Return a default as a person would write it in YAML; None where there is none to show."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
            if seconds % size == 0 and seconds >= size:
                return f"{seconds // size} {unit}{'s' * (seconds // size != 1)}"
    if isinstance(value, tuple):
        return f"[{', '.join(str(item) for item in value)}]"
    if value is None or value == "" or isinstance(value, Mapping | schema.Schema):
        return None
    return str(value)


def tables(cls: type, names: Mapping[str, str]) -> str:
    """Return one Markdown table for `cls` and for each schema below it.

    `names` maps a class's name to its heading.
    """
    parts = []
    for one in classes_of(cls):
        lines = [
            f'<a id="{_anchor(one)}"></a>',
            "",
            f"## {names.get(one.__name__, one.__name__)}",
            "",
            inspect.cleandoc(one.__doc__ or ""),
            "",
            "| Key | What it is | Kind | Default |",
            "|---|---|---|---|",
        ]
        for key in keys_of(one):
            default = "**required**" if key.required else ""
            if key.default is not None:
                default = f"`{key.default}`"
            cells = (f"`{key.name}`", key.description, key.type, default)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        parts.append("\n".join(lines))
    text = "\n\n".join(parts)
    for one in classes_of(cls):
        name = names.get(one.__name__, one.__name__)
        text = text.replace(f"[{one.__name__}](#", f"[{name}](#")
    return text


def _anchor(kind: Any) -> str:
    return str(kind.__name__).lower()
