"""Reading the texts of a theme: i18n/<language>.yaml, one layer over the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter

import msgspec

from crosspost import schema
from crosspost.errors import Problem
from crosspost.render.i18n import Texts
from crosspost.schema import Invalid
from crosspost.text_files import read_text
from crosspost.yaml_nodes import MappingNode, Source, compose

Text = str | Mapping[str, str]


class TextFile(msgspec.Struct, frozen=True):
    """A file of texts: its language, its name for messages, and where it is."""

    lang: str
    file: str
    location: Path


class Catalogue(msgspec.Struct, frozen=True):
    """The texts of each language, and what is wrong in their files."""

    texts: Mapping[str, Texts]
    problems: tuple[Problem, ...]


def read_catalogue(layers: Iterable[Iterable[TextFile]]) -> Catalogue:
    """Read the files of each layer, the lowest first; a text stands for the one below it.

    A text that is wrong is a problem, and the one below it stays.
    """
    problems: list[Problem] = []
    texts: dict[str, dict[str, Text]] = {}
    given: dict[str, set[str]] = {}
    for layer in layers:
        asked: dict[str, set[str]] = {}
        for one in layer:
            found = _read(one, given, problems)
            texts.setdefault(one.lang, {}).update(found)
            for name, value in found.items():
                asked.setdefault(name, set()).update(_fields(value) or ())
        for name, fields in asked.items():
            given.setdefault(name, fields)
    return Catalogue(texts, tuple(problems))


def _read(one: TextFile, given: Mapping[str, set[str]], problems: list[Problem]) -> dict[str, Text]:
    """Read one file; `given` are the values that each text gets, as far as they are known."""
    source = Source(one.file, problems)
    node = compose(read_text(one.location, one.file, problems) or "", source)
    if node is None:
        return {}
    try:
        found = dict(schema.read(Mapping[str, Text], node, source))
    except Invalid as error:
        source.report(node, "wrong-type", str(error))
        return {}
    for key, value in node.value if isinstance(node, MappingNode) else ():
        trouble = _trouble(found.get(key.value, ""), given.get(key.value, set()))
        if trouble:
            source.report(value, "wrong-value", f"{key.value}: {trouble}")
            del found[key.value]
    return found


def _trouble(value: Text, given: set[str]) -> str:
    """Say what is wrong with a text that gets these values; without any, braces are only braces."""
    if isinstance(value, Mapping) and "other" not in value:
        return "'other' is missing among its plural forms. Write {one: …, other: …}."
    fields = _fields(value) if given else set()
    if fields is None:
        return "a brace is not closed. Write {{ for a brace that is meant."
    unknown = sorted(fields - given)
    known = ", ".join(f"{{{name}}}" for name in sorted(given))
    return f"it is not given {{{unknown[0]}}}. Known here: {known}." if unknown else ""


def _fields(value: Text) -> set[str] | None:
    """Return the names in braces, of all plural forms; None where a brace is not closed."""
    forms = [value] if isinstance(value, str) else value.values()
    try:
        parts = [part for form in forms for part in Formatter().parse(form)]
    except ValueError:
        return None
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in parts if name is not None}
