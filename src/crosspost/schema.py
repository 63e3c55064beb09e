"""Typed reading of YAML: a frozen dataclass is the schema, a node tree is the input.

Front matter and settings are both read here, so that both report the same way: every unknown key,
wrong type and impossible date of a file, each with its line and column. Values are taken from the
text of a scalar and the type that the dataclass asks for, never from YAML 1.1's guess: `title: no`
is the title "no", and `12:30` is not seven hundred and fifty.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import yaml

from crosspost.errors import Problem, Severity, did_you_mean

T = TypeVar("T")
MappingNode = yaml.nodes.MappingNode
ScalarNode = yaml.nodes.ScalarNode
SequenceNode = yaml.nodes.SequenceNode
Node = yaml.nodes.Node

_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d*)?)?"
    r"\s*(Z|z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{1,2})?)?"
)
_DURATION = re.compile(r"(\d+)\s*(second|minute|hour|day|week)s?")
MOST_NODES = 10_000
"""Values in one file, once its aliases are followed."""
DEEPEST = 100
"""Levels of nesting in one file."""
SAFE_LENGTH = 2_000
"""Characters that cannot nest deeply enough to overflow the stack."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Invalid(ValueError):
    """A value that its parser refuses; the message says what to write instead."""


class Reported(Invalid):
    """A value that is unreadable because of what was already reported inside it."""


@dataclass(slots=True)
class Source:
    """A file being read: where its problems are collected.

    `line_offset` is added to every line, for YAML that does not begin at the file's first line.
    `zone` is given to dates written without one.
    """

    file: str
    problems: list[Problem]
    line_offset: int = 0
    zone: tzinfo | None = None

    def report(
        self, node: Node | None, code: str, message: str, severity: Severity = Severity.ERROR
    ) -> None:
        """Record a problem at `node`, or at the file where there is none."""
        line, column = (0, 0)
        if node is not None:
            line = node.start_mark.line + 1 + self.line_offset
            column = node.start_mark.column + 1
        self.problems.append(Problem(self.file, line, column, code, message, severity))

    def report_missing(self, node: Node | None, message: str) -> None:
        """Record that a key is missing from a mapping; where there is none, from the file."""
        if node is not None and node.start_mark is not None:
            self.report(node, "missing-key", message)
        else:
            self.problems.append(Problem(self.file, 1, 1, "missing-key", message))


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


def compose(text: str, source: Source) -> Node | None:
    """Parse YAML into nodes, or report why it is not YAML and return None."""
    try:
        if len(text) > SAFE_LENGTH:
            _check_depth(text)
        node = yaml.compose(text, Loader=_LOADER)
        trouble = _oversize(node) if node is not None and "*" in text else ""
    except (yaml.MarkedYAMLError, yaml.reader.ReaderError, RecursionError) as error:
        source.problems.append(_syntax_problem(error, text, source))
        return None
    if trouble:
        source.report(node, "yaml-too-large", trouble)
        return None
    return node


def _check_depth(text: str) -> None:
    """Raise `RecursionError` where libyaml's composer would overflow the stack of the process."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise RecursionError


def _oversize(root: Node) -> str:
    """Say why a tree with aliases (`*name`) cannot be walked: a few lines of them hold billions.

    Shared nodes are measured once, so the answer takes no longer than the file is long.
    """
    sizes: dict[int, int | None] = {}

    def size(node: Node) -> int | None:
        if isinstance(node, ScalarNode):
            return 1
        if id(node) in sizes:
            return sizes[id(node)]
        sizes[id(node)] = None  # being measured: met again, it holds itself
        total = 1
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                inner = size(part)
                if inner is None:
                    return None
                total += inner
        sizes[id(node)] = total
        return total

    total = size(root)
    if total is None:
        return "an alias (*name) stands inside what it names: write the value instead."
    if total > MOST_NODES:
        return f"its aliases (*name) make {total:,} values: write at most {MOST_NODES:,}."
    return ""


def _syntax_problem(error: Exception, text: str, source: Source) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        if re.search(r"quoted scalar|flow (mapping|sequence)", error.context or ""):
            mark = error.context_mark or mark  # what is not closed is where it was opened
        line, column = (mark.line, mark.column) if mark else (0, 0)
        said = " ".join(filter(None, [error.context, error.problem]))
    elif isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        said = "it holds a control character"
    else:
        line, column, said = 0, 0, "it is nested too deeply"
    lines = text.splitlines()
    excerpt = lines[line] if line < len(lines) else ""
    return Problem(
        source.file,
        line + 1 + source.line_offset,
        column + 1,
        "yaml-syntax",
        f"this is not valid YAML: {said}. {_syntax_advice(excerpt, said)}",
    )


def _syntax_advice(line: str, said: str) -> str:
    if "too deeply" in said:
        return f"Write at most {DEEPEST} levels."
    if "quoted scalar" in said and "escape" not in said:
        return "A quotation mark is not closed. Where a text holds \", put it between '."
    if "flow" in said:
        return "A bracket or a brace is not closed, or a comma is missing inside it."
    if "\t" in line[: len(line) - len(line.lstrip())] or "\\t" in said or "\t" in line:
        return "YAML is indented with spaces: replace the tab."
    if "duplicate anchor" in said:
        return "Give each anchor (&name) a name of its own."
    if "undefined alias" in said:
        return "A value that begins with * must be in quotes."
    if line.count(": ") > 1 or "mapping values" in said:
        return 'A text that holds ": " must be in quotes, as in title: "Travaux : la rue rouvre".'
    if line.count('"') % 2 or line.count("'") % 2:
        return "A quotation mark is not closed."
    return 'Put a text that holds special characters in quotes: key: "text".'


def decode(cls: type[T], node: Node | None, source: Source) -> T | None:
    """Read a mapping node into the dataclass `cls`, reporting every problem in it.

    Returns None where a key that the schema requires is missing or unreadable.
    """
    if node is None or (isinstance(node, ScalarNode) and node.tag.endswith(":null")):
        node = MappingNode("tag:yaml.org,2002:map", [], *_no_marks(node))
    if not isinstance(node, MappingNode):
        source.report(node, "wrong-type", f"expected keys and values, found {_describe(node)}.")
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
        return _choice([str(arg) for arg in args], node)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return _read_sequence(args[0], node, source)
    if origin is not None and issubclass(origin, Mapping):
        return _read_mapping(args[1], node, source)
    if dataclasses.is_dataclass(kind):
        if not isinstance(node, MappingNode):
            raise Invalid(f"expected keys and values, found {_describe(node)}.")
        value = decode(typing.cast("type[Any]", kind), node, source)
        if value is None:
            raise Reported("it is not complete.")
        return value
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(_choice([str(member.value) for member in kind], node))
    return _READERS[kind](node, source)


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
        raise Invalid(f"expected a list, found {_describe(node)}. Write [one, two].")
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
        raise Invalid(f"expected keys and values, found {_describe(node)}.")
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


def text(node: Node) -> str:
    """Return a scalar as it was written, whatever YAML 1.1 makes of it."""
    if not isinstance(node, ScalarNode):
        raise Invalid(f"expected a text, found {_describe(node)}.")
    if node.tag.endswith(":null"):
        raise Invalid("it is empty: write a text, or remove the key.")
    return typing.cast("str", node.value)


def plain(node: Node, depth: int = 0) -> Any:
    """Return a node as plain YAML data, for the keys that belong to a site's own theme."""
    if depth > 20:
        raise Invalid("it is nested more than 20 deep.")
    if isinstance(node, MappingNode):
        return {text(name): plain(value, depth + 1) for name, value in node.value}
    if isinstance(node, SequenceNode):
        return tuple(plain(item, depth + 1) for item in node.value)
    if node.tag.endswith((":int", ":float", ":bool", ":null")):
        return yaml.safe_load(node.value)
    return node.value


def _choice(allowed: list[str], node: Node) -> str:
    value = text(node)
    if value not in allowed:
        hint = did_you_mean(value, allowed)
        raise Invalid(f"'{value}' is not one of {', '.join(allowed)}.{hint}")
    return value


def _boolean(node: Node, _: Source) -> bool:
    value = _BOOLEANS.get(text(node).lower())
    if value is None:
        raise Invalid(f"'{text(node)}' is neither true nor false.")
    return value


def _number(kind: type[int] | type[float]) -> Callable[[Node, Source], int | float]:
    def parse(node: Node, _: Source) -> int | float:
        try:
            return kind(text(node))
        except ValueError:
            wanted = "a whole number" if kind is int else "a number"
            raise Invalid(f"'{text(node)}' is not {wanted}.") from None

    return parse


def moment(value: str, zone: tzinfo | None) -> datetime:
    """Read a date or a date and time; without an offset it is in `zone`. Raises `Invalid`."""
    match = _DATE.fullmatch(value.strip())
    if match is None:
        raise Invalid(f"'{value}' is not a date. Write 2026-12-01 or 2026-12-01 09:00.")
    *numbers, offset = match.groups()
    if numbers[0] < "1000" or numbers[0] > "9998":  # room for every zone around them
        raise Invalid(f"'{value}' is not of our time: write a year from 1000 to 9998.")
    try:
        found = datetime(*(int(number or 0) for number in numbers))  # type: ignore[arg-type] # noqa: DTZ001
        if offset and offset.upper() not in ("Z", "UTC"):
            hours, minutes = offset[1:].replace(":", "").ljust(4, "0")[:4], 0
            if len(offset) <= 3:
                hours = offset[1:].zfill(2) + "00"
            minutes = int(hours[:2]) * 60 + int(hours[2:])
            delta = timedelta(minutes=minutes if offset[0] == "+" else -minutes)
            return found.replace(tzinfo=_fixed(delta))
    except ValueError:
        raise Invalid(
            f"'{value}' is a date that does not exist. Write year-month-day, as 2026-12-01."
        ) from None
    return found.replace(tzinfo=_fixed(timedelta()) if offset else zone)


def _fixed(delta: timedelta) -> tzinfo:
    from datetime import timezone

    return timezone(delta)


def _moment(node: Node, source: Source) -> datetime:
    return moment(text(node), source.zone)


def duration(node: Node, _: Source) -> timedelta:
    """Read `14 days`, `10 minutes` and the like."""
    match = _DURATION.fullmatch(text(node).strip())
    if match is None:
        raise Invalid(f"'{text(node)}' is not a length of time. Write 14 days or 10 minutes.")
    try:
        return timedelta(**{f"{match[2]}s": int(match[1])})
    except OverflowError:
        raise Invalid(f"'{text(node)}' is longer than any calendar.") from None


def _describe(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "keys and values"
    if isinstance(node, SequenceNode):
        return "a list"
    value = str(node.value)
    shown = value if len(value) <= 40 else value[:40] + "…"
    return f"'{shown}'" if shown else "nothing"


_READERS: dict[Any, Callable[[Node, Source], Any]] = {
    str: lambda node, _: text(node),
    bool: _boolean,
    int: _number(int),
    float: _number(float),
    datetime: _moment,
    timedelta: duration,
}
