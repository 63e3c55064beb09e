"""Single values of YAML, read from the text that a person wrote.

YAML 1.1 makes a number of `12:30` and false of `no`; here the wanted type decides.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import yaml

from crosspost.errors import did_you_mean
from crosspost.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, Source

_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
MOMENT = (
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d*)?)?"
    r"\s*(Z|z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{1,2})?)?"
)
DURATION = r"(\d+)\s*(second|minute|hour|day|week)s?"
_DATE, _DURATION = re.compile(MOMENT), re.compile(DURATION)


class Invalid(ValueError):
    """A value that its parser refuses; the message says what to write instead."""


class Reported(Invalid):
    """A value that is unreadable because of what was already reported inside it."""


def text(node: Node) -> str:
    """Return a scalar as it was written, whatever YAML 1.1 makes of it."""
    if not isinstance(node, ScalarNode):
        raise Invalid(f"expected a text, found {describe(node)}.")
    if node.tag.endswith(":null"):
        raise Invalid("it is empty: write a text, or remove the key.")
    value: str = node.value
    return value


def plain(node: Node, depth: int = 0) -> Any:
    """Return a node as plain YAML data, for the keys that belong to a site's own theme."""
    if depth > 20:
        raise Invalid("it is nested more than 20 deep.")
    if isinstance(node, MappingNode):
        return {text(name): plain(value, depth + 1) for name, value in node.value}
    if isinstance(node, SequenceNode):
        return tuple(plain(item, depth + 1) for item in node.value)
    if node.tag.endswith((":int", ":float", ":bool", ":null")):
        return _keepable(yaml.safe_load(node.value))
    return node.value


def _keepable(value: Any) -> Any:
    """Return a value that JSON can hold. Raises `Invalid`."""
    if isinstance(value, float) and not math.isfinite(value):
        raise Invalid(f"{value} is no number that a page can show: write a text.")
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        raise Invalid("this number is too large: put it in quotes.")
    return value


def choice(allowed: list[str], node: Node) -> str:
    """Return a text that must be one of `allowed`."""
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
            value = kind(text(node))
        except ValueError:
            wanted = "a whole number" if kind is int else "a number"
            raise Invalid(f"'{text(node)}' is not {wanted}.") from None
        if isinstance(value, int) and abs(value) >= 2**63:
            raise Invalid(f"'{text(node)[:40]}' is larger than any number that is meant here.")
        return value

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
        if offset and offset.upper() not in ("Z", "UTC"):
            hours, minutes = offset[1:].replace(":", "").ljust(4, "0")[:4], 0
            if len(offset) <= 3:
                hours = offset[1:].zfill(2) + "00"
            minutes = int(hours[:2]) * 60 + int(hours[2:])
            delta = timedelta(minutes=minutes if offset[0] == "+" else -minutes)
            zone = timezone(delta)
        elif offset:
            zone = UTC
        year, month, day, hour, minute, second = [int(number or 0) for number in numbers]
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise Invalid(
            f"'{value}' is a date that does not exist. Write year-month-day, as 2026-12-01."
        ) from None


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


def describe(node: Node) -> str:
    """Say what a node is, for a message."""
    if isinstance(node, MappingNode):
        return "keys and values"
    if isinstance(node, SequenceNode):
        return "a list"
    value = str(node.value)
    shown = value if len(value) <= 40 else value[:40] + "…"
    return f"'{shown}'" if shown else "nothing"


READERS: dict[Any, Callable[[Node, Source], Any]] = {
    str: lambda node, _: text(node),
    bool: _boolean,
    int: _number(int),
    float: _number(float),
    datetime: _moment,
    timedelta: duration,
}
