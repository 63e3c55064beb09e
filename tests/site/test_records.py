"""Records: what a file became is kept as bytes, and comes back the same."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import msgspec
import pytest

from crosspost.content.document import Kind
from crosspost.content.reading import DocumentFile
from crosspost.settings_file import load_settings
from crosspost.site.reading import Reader, Record

FULL = """\
title: Fair
date: 2026-07-01 09:30
updated: 2026-07-02 10:00Z
expires: 2027-01-01
category: Town
tags: [a, b]
lang: en
aliases: [/old/]
image: {src: x.png, alt: X, focus: [0.5, -0.5]}
event: {start: 2026-07-02, place: Hall}
params: {a: 1, b: {c: null}}
channels: {mastodon: {text: Hello}}"""


@cache
def reader() -> Reader:
    """A reader for a site in Paris: its settings need a file, its documents need none."""
    with tempfile.TemporaryDirectory() as folder:
        site = "site: {title: Valbourg, url: https://valbourg.example, timezone: Europe/Paris}\n"
        Path(folder, "crosspost.yaml").write_text(site)
        return Reader(load_settings(Path(folder)))


def record_of(front: str, body: str = "A [link](x.md).", kind: Kind = Kind.POST) -> Record:
    """Read a document from the lines of its front matter, as a build does."""
    place = DocumentFile("posts/a.md", "content/posts/a.md", kind, "", Path().stat())
    record, text = reader().read(place, f"---\n{front}\n---\n{body}\n".encode())
    return reader().render(record, text)[0]


def again(record: Record) -> Record:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=Record)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("front", [FULL, "title: a\ndate: 2026-07-01"], ids=["full", "bare"])
def test_what_a_file_became_comes_back(front: str, kind: Kind) -> None:
    record = record_of(f"{front}\nposts: [posts/b.md]", kind=kind)
    assert record.entry is not None, record.problems
    back = again(record)
    assert back == record
    assert back.entry is not None
    assert back.entry.kind is kind
    assert back.entry.document == record.entry.document
    assert back.entry.date == record.entry.date


def test_a_document_that_could_not_be_read_keeps_its_problems() -> None:
    record = record_of("title: [")
    assert record.entry is None
    assert record.problems
    assert again(record) == record


def test_problems_beside_an_entry_come_back() -> None:
    record = record_of("title: a\ndate: 2026-07-01", body="> " * 400 + "deep")
    assert record.entry is not None
    assert record.problems
    assert again(record) == record


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x90", b"\xc0", b"\x92\xa1a\x03", b"\xff"])
def test_bytes_that_are_no_record_are_refused(data: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        msgspec.msgpack.decode(data, type=Record)


@pytest.mark.parametrize(
    ("front", "same"),
    [
        (f"# a note\n{FULL}", True),
        ("tags: [a, b]\n" + FULL.replace("tags: [a, b]\n", ""), True),
        (FULL.replace("Fair", "Market"), False),
        (FULL.replace("c: null", "c: 0"), False),
        (FULL.replace("Hall", "Square"), False),
        (FULL.replace("0.5, -0.5", "0.5, 0.5"), False),
    ],
)
def test_a_card_has_another_stamp_where_it_may_show_something_else(front: str, same: bool) -> None:
    before, after = record_of(FULL).entry, record_of(front).entry
    assert before is not None
    assert after is not None
    assert (before.stamp == after.stamp) == same
    assert before.digest != after.digest
