"""Plain front matter is what the general way reads in it, or is left to that."""

from __future__ import annotations

from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.content.document import Kind, parse_document
from crosspost.content.frontmatter import FrontMatter
from crosspost.content.plain_front import plain_front
from crosspost.schema import reader_of

ZONE = ZoneInfo("Europe/Paris")
PLAIN = [
    'title: "L\'été : oui"',
    'title: Deux:trois est 12:30, c\'est "dit" [ici] & là',
    "title: no",
    "title:   12  ",
    "date: 2026-12-01 09:00",
    "date: '2026-12-01'",
    "date: 2026-12-01T09:00:00+02:00",
    "tags: [noel, centre-ville, no, 12, 1.5, été]",
    "tags: [ a ,b ]",
    "tags: []",
    "draft: yes",
    "menu: 12",
    "summary: 'deux  mots'",
    "uid: 01JD8Z6Q0W3M5K7T9B1C2D4E6F",
    "slug: a-b",
    "lang: en",
    "category: été 🎄",
    "author: null",
    "updated: null",
    "layout: wide",
]
ODD = [
    *("title:", "title: ", "- a", "title: a: b", "title: a # b", "title: a#b", "  title: a", ""),
    *("title: |\n  b", "title: >", "  suite", "image: {src: c.jpg}", "title: &b c", "title: *b"),
    *("title: !!str 1", 'title: "b\\n"', 'title: "b" c', "title: 'it''s'", "tags: [b, [c]]"),
    *("tags: [b c, d]", "# a", "title: b\t", "title:\tb", "title: b\x85c", "title: b\u2028c"),
    *("title: \ufeffb", "title: b:", "? a", "---", "...", "--- ", "tags: [b,]", "tags: [,b]"),
    *("tags: [null, a]", "tags: a", "title: [a]", 'title: ""', "title: ' '", "date: demain"),
    *("date: 2026-02-30", "draft: peut-être", "titel: a", "channels: x", "params: x", "on: a"),
    *("aliases: [/a/]", "aliases: [a]", "image: x.jpg", "slug: a/b", "lang: xx yy", "title: null"),
    *(
        "event: a",
        "posts: [a]",
        "title: b\x07",
        "title: é\xa0b",
        "title: b\ufffe",
        "permalink: /a/",
    ),
]
WORDS = st.text(" abno01-_.,:#[]{}'\"&*!|>%@`?~=<\\/é\t\x85\xa0\u2028🎄", max_size=10)
VALUES = WORDS | WORDS.map('"{}"'.format) | WORDS.map("'{}'".format) | WORDS.map("[{}]".format)
KEYS = st.sampled_from(["title", "date", "tags", "summary", "category", "draft", "slug", "no"])
LINES = st.sampled_from(PLAIN + ODD) | st.builds("{}: {}".format, KEYS | WORDS, VALUES)


def read(text: str, kind: Kind) -> tuple[object, ...]:
    problems: list[object] = []
    path = f"{kind}s/a.md"
    return parse_document(text.encode(), path, kind, ZONE, problems), problems


def read_generally(text: str, kind: Kind) -> tuple[object, ...]:
    with patch("crosspost.content.document.plain_front", return_value=None):
        return read(text, kind)


@pytest.mark.parametrize("line", PLAIN)
def test_what_is_plain_is_what_it_is_to_the_general_way(line):
    title = "" if line.startswith("title") else "title: a\n"
    date = "" if line.startswith("date") else "date: 2026-01-01\n"
    text = f"---\n{title}{date}{line}\n---\n\nbody\n---\n"
    assert plain_front(text, ZONE) is not None
    assert read(text, Kind.POST) == read_generally(text, Kind.POST)
    assert read(text, Kind.POST)[0] is not None


@settings(max_examples=max(300, settings.default.max_examples))
@given(
    st.lists(LINES, max_size=4).map("\n".join),
    st.sampled_from(["---\n{}\n---\nbody", "---\ntitle: a\ndate: 2026-01-01\n{}\n---\n", "{}"]),
    st.sampled_from([Kind.POST, Kind.PAGE, Kind.EDITION]),
)
def test_any_front_matter_is_what_it_is_to_the_general_way(lines, frame, kind):
    text = frame.format(lines).encode("utf-8", "replace").decode()
    assert read(text, kind) == read_generally(text, kind)


def test_a_key_of_another_name_than_its_attribute_is_left_to_the_general_way():
    assert reader_of(FrontMatter, "title")
    assert reader_of(FrontMatter, "from_") is None
