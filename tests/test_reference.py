"""The schema that editors get says what the reader does."""

from __future__ import annotations

import re
from datetime import UTC
from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from crosspost import schema
from crosspost.config import Settings
from crosspost.content.frontmatter import FrontMatter
from crosspost.reference import classes_of, json_schema, keys_of

ROOT = Path(__file__).resolve().parent.parent


class Loader(yaml.SafeLoader):
    """YAML 1.2's core types, as editors read them: a date is a text, and so is `no`."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":timestamp", ":bool"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


@cache
def validator(cls):
    schema = json_schema(cls, "test")
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def mistakes(cls, text):
    data = yaml.load(text, Loader=Loader)
    return [error.message for error in validator(cls).iter_errors(data)]


def front_matter(path):
    return path.read_text(encoding="utf-8").split("---\n")[1]


def test_the_example_sites_settings_are_valid():
    assert mistakes(Settings, (ROOT / "crosspost.yaml").read_text(encoding="utf-8")) == []


def test_every_front_matter_of_the_example_site_is_valid():
    paths = sorted((ROOT / "content").rglob("*.md"))
    assert len(paths) > 50
    found = {path.name: mistakes(FrontMatter, front_matter(path)) for path in paths}
    assert {name: errors for name, errors in found.items() if errors} == {}


@pytest.mark.parametrize("cls", [Settings, FrontMatter])
def test_every_key_is_documented(cls):
    for one in classes_of(cls):
        assert one.__doc__
        assert [key.name for key in keys_of(one) if not key.description] == [], one


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: A\nsumary: x", "'sumary' was unexpected"),
        ("summary: x", "'title' is a required property"),
        ("title: A\ndraft: perhaps", "'perhaps' is not of type 'boolean'"),
        ("title: A\nimage: {src: a.jpg, focus: [1]}", "is not valid under any"),
        ("title: A\nchannels: {mastodon: {texte: x}}", "is not valid under any"),
        ("title: A\nperiod: {from: 2026-11-01}", "'to' is a required property"),
    ],
)
def test_it_catches_what_the_reader_refuses(text, said):
    assert any(said in message for message in mistakes(FrontMatter, text))


@pytest.mark.parametrize(
    "text",
    [
        "title: A\nauthor: 2026",
        "title: A\ndate: 2026-12-01 09:00\ntags: [noel, 2026]",
        "title: A\nchannels: {mastodon: false, newsletter: featured, other: {text: x}}",
        "title: A\nperiod: {from: 2026-11-01, to: 2026-11-15}",
        "title: A\nimage: null",
    ],
)
def test_it_lets_through_what_the_reader_takes(text):
    assert mistakes(FrontMatter, text) == []


def test_hidden_keys_are_not_offered():
    names = {key.name for one in classes_of(Settings) for key in keys_of(one)}
    assert "root" not in names
    assert "window" in names


MINIMAL = {FrontMatter: "title: A", Settings: "site: {title: A, url: 'https://a.example'}"}
INSIDE = {
    "Image": "image: {src: a.jpg, #}",
    "Event": "event: {start: 2026-12-01, #}",
    "Period": "period: {from: 2026-12-01, to: 2026-12-02, #}",
    "Variant": "channels: {mastodon: {text: x, #}}",
    "Part": "channels:\n  mastodon:\n    text:\n      - {text: x, #}",
    "Poll": "channels: {mastodon: {poll: {options: [a, b], #}}}",
    "SiteSettings": "site: {title: A, url: 'https://a.example', #}",
    "TermSettings": "categories: {culture: {label: A, #}}",
    "ChannelSettings": "channels: {a: {type: x, #}}",
    "Choice": "channels: {a: {type: x, only: {tags: [a], #}}}",
}
"""How a mapping read as each schema is written, with a place for one key more.

One that stands at the top and needs no key is found without a word here.
"""
VALUES = (
    *("words", "2026", "1.5", "true", "null", "[]", "[a]", "[1]", "{}", "{a: b}", "2026-12-01"),
    *("français", "/a/", "14 days", "[[a]]", "", "public", "https://a.example", "'${A_B}'", "rss"),
)


def places():
    """Each mapping of both files: the file's class, its own class, and how a key is put there."""
    for root, minimal in MINIMAL.items():
        for cls in classes_of(root):
            if cls is root:
                yield root, cls, f"{minimal}\n#"
            else:
                names = [key.name for key in keys_of(root) if key.kind is cls]
                inside = INSIDE.get(cls.__name__) or f"{names[0]}: {{#}}"
                separate = root is FrontMatter or not inside.startswith("site")
                yield root, cls, f"{minimal}\n{inside}" if separate else inside


def one_name(one):
    return one.__name__ if isinstance(one, type) else ""


def with_key(cls, text, name, value):
    """The text with one key more; a key that stands there already is written anew."""
    written = re.compile(rf"(?<![\w-]){name}: (?:\{{[^}}]*\}}|\[[^\]]*\]|'[^']*'|[^,\n}}]+)(?:, )?")
    return written.sub("", text).replace("#", f"{name}: {value}")


def refused(root, text):
    problems = []
    source = schema.Source("x", problems, zone=UTC)
    schema.decode(root, schema.compose(text, source), source)
    return bool(problems)


@pytest.mark.parametrize(("root", "cls", "text"), [*places()], ids=one_name)
def test_an_unknown_key_is_refused_by_both_wherever_it_stands(root, cls, text):
    known = [key.name for key in keys_of(cls)]
    assert not refused(root, text.replace("#", ""))
    assert mistakes(root, text.replace("#", "")) == []
    for name in ("nonsense", f"{known[0]}s", known[-1].upper(), *ELSEWHERE - set(known)):
        assert refused(root, with_key(cls, text, name, "x")), name
        assert mistakes(root, with_key(cls, text, name, "x")), name


ELSEWHERE = {"draft", "per_page", "label", "focus"}
"""Keys that are right in one mapping, and in no other."""


@pytest.mark.parametrize(("root", "cls", "text"), [*places()], ids=one_name)
def test_a_value_is_refused_by_both_or_by_none(root, cls, text):
    """But for the names of time zones, of which the schema has no list."""
    for key in keys_of(cls):
        for value in VALUES:
            one = with_key(cls, text, key.name, value)
            if (key.name, root) == ("timezone", Settings) and refused(root, one):
                continue
            assert refused(root, one) == bool(mistakes(root, one)), one
