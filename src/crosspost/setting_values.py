"""The values of settings that a type does not say enough of: addresses, languages, secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crosspost import schema
from crosspost.schema import Invalid, Node, Source

TEXT: Mapping[str, Any] = {"type": ["string", "number", "boolean"]}
"""The JSON Schema of a text: what YAML makes a number or a boolean of is one, too."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ENVIRONMENT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_GIT_NAME = re.compile(r"[A-Za-z0-9]\w*(?:[-./]\w+)*", re.ASCII)
_HANDLE = re.compile(r"@?([\w.-]+)@([\w.-]+(?::\d+)?)")


def written(pattern: str) -> dict[str, Any]:
    """Return the JSON Schema of a text that is all of `pattern`, a regular expression."""
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def line(limit: int) -> dict[str, Any]:
    """Return the JSON Schema of what `one_line` reads."""
    return {**TEXT, "minLength": 1, "maxLength": limit}


DURATION = written(schema.DURATION)
LANGUAGE = written(_LANGUAGE.pattern)
GIT_NAME: Mapping[str, Any] = {**TEXT, "pattern": "^[A-Za-z0-9][A-Za-z0-9_]*([-./][A-Za-z0-9_]+)*$"}
SECRET = written(_ENVIRONMENT.pattern)
HANDLE = written(_HANDLE.pattern)
WEB_ADDRESS = written("https?://[^?#/][^?#]*") | {"format": "uri"}
CREATOR: Mapping[str, Any] = {"anyOf": [{"enum": ["channel", False]}, HANDLE]}


def _one_or_more(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


SOME = _one_or_more(line(100))
LANGUAGES = _one_or_more(LANGUAGE)
_FOLDER = {**TEXT, "pattern": "^[^/]"}
FOLDERS: Mapping[str, Any] = {"anyOf": [_FOLDER, {"type": "array", "items": _FOLDER}]}


def web_address(node: Node, _: Source) -> str:
    """Read an http(s) address and return it without its last slash."""
    value = schema.text(node).strip()
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Invalid(f"'{value}' is not a web address. Write https://www.example.org.")
    if parts.query or parts.fragment:
        raise Invalid(f"'{value}' must end before its ? or #.")
    return value.rstrip("/")


def language(node: Node, _: Source) -> str:
    """Read a BCP 47 language tag such as fr or en-GB."""
    value = schema.text(node).strip()
    if not _LANGUAGE.fullmatch(value):
        raise Invalid(f"'{value}' is not a language code. Write fr, en or pt-BR.")
    return value


def time_zone(node: Node, _: Source) -> str:
    """Read a time zone by its name in the IANA database."""
    value = schema.text(node).strip()
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"'{value}' is not a time zone. Write Europe/Paris.") from None
    return value


def environment_reference(node: Node, _: Source) -> str:
    """Read ${NAME}: secrets come from the environment. The value is never repeated in an error."""
    value = schema.text(node).strip()
    if re.fullmatch(r"\$[A-Za-z_]\w*|\$?\{[A-Za-z_]\w*\}", value) and not value.startswith("${"):
        raise Invalid("an environment variable is written as ${MASTODON_TOKEN}, with $ and { }.")
    if not _ENVIRONMENT.fullmatch(value):
        raise Invalid(
            "a secret is written here in clear. Revoke it, put the new one into an environment "
            "variable, and write ${MASTODON_TOKEN} here."
        )
    return value


def handle(node: Node, _: Source) -> str:
    """Read an account, with or without its first @, and return it with it."""
    value = schema.text(node).strip()
    match = _HANDLE.fullmatch(value)
    if match is None:
        raise Invalid(f"'{value}' is not an account. Write \"@town@mastodon.example\".")
    return f"@{match[1]}@{match[2]}"


def git_name(node: Node, _: Source) -> str:
    """Read the name of a branch or of a remote."""
    value = schema.text(node).strip()
    if not _GIT_NAME.fullmatch(value) or ".." in value or value.endswith((".lock", ".", "/")):
        raise Invalid(f"'{value}' is no name for git. Write letters, digits, - and / alone.")
    return value


def creator(node: Node, source: Source) -> str:
    """Read whose byline pages have: `channel`, an account, or nobody's (false), which is empty."""
    value = schema.text(node).strip()
    if value.lower() in ("false", "no", "off"):
        return ""
    if value == "channel":
        return value
    if "@" not in value:
        raise Invalid(
            f"'{value}' is neither channel, nor false, nor as \"@town@mastodon.example\"."
        )
    return handle(node, source)


def some(node: Node, source: Source) -> tuple[str, ...]:
    """Read a list of names that is not empty; one name alone is a list of one."""
    return _each(node, source, lambda item, _: " ".join(schema.text(item).split()))


def languages(node: Node, source: Source) -> tuple[str, ...]:
    """Read a list of BCP 47 language tags that is not empty."""
    return _each(node, source, language)


def _each(node: Node, source: Source, read: Callable[[Node, Source], str]) -> tuple[str, ...]:
    items = node.value if isinstance(node, schema.SequenceNode) else [node]
    values = []
    for item in items:
        try:
            values.append(read(item, source))
        except Invalid as error:
            source.report(item, "wrong-value", str(error))
    if not items or not all(values):
        raise Invalid("it is empty: name one or more, or leave the key out.")
    return tuple(values)


def at_least(low: int) -> Any:
    """Return a parser of whole numbers from `low` on."""

    def parse(node: Node, source: Source) -> int:
        value = int(schema.read(int, node, source))
        if value < low:
            raise Invalid(f"{value} is too small: write {low} or more.")
        return value

    return parse


def one_line(limit: int) -> Any:
    """Return a parser of texts that are not empty, their spaces and line breaks made one."""

    def parse(node: Node, _: Source) -> str:
        value = " ".join(schema.text(node).split())
        if not value:
            raise Invalid("it is empty: write a text.")
        if len(value) > limit:
            raise Invalid(f"it has {len(value):,} characters: write at most {limit}.")
        return value

    return parse


def wait(node: Node, source: Source) -> timedelta | None:
    """Read a length of time; `false` is None."""
    if schema.text(node).lower() in ("false", "no", "off"):
        return None
    return schema.duration(node, source)


def folder_list(node: Node, _: Source) -> tuple[str, ...]:
    """Read one folder or a list of them, each inside the site."""
    items = node.value if isinstance(node, schema.SequenceNode) else [node]
    folders = []
    for item in items:
        path = PurePosixPath(schema.text(item))
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise Invalid(f"'{path}' must be a folder inside the site, as img or files/maps.")
        folders.append(str(path))
    return tuple(folders)
