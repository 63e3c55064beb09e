"""The schema that editors get says what the reader does."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from crosspost.config import Settings
from crosspost.content.frontmatter import FrontMatter
from crosspost.reference import classes_of, json_schema, keys_of

ROOT = Path(__file__).resolve().parent.parent


class Loader(yaml.SafeLoader):
    """YAML 1.2's core types, as editors read them: a date is a text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def validator(cls):
    schema = json_schema(cls, "test")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


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
