"""Documents as bytes: whatever front matter parses comes back as it was."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from crosspost.content.document import Document, Kind, parse_document
from crosspost.errors import Problem
from crosspost.site.written import decode_document, encode_document, pack_document

PARIS = ZoneInfo("Europe/Paris")


def document_of(front: str, kind: Kind = Kind.POST) -> Document | None:
    """Read a document from the lines of its front matter, as a build does."""
    problems: list[Problem] = []
    data = f"---\n{front}\n---\nText.\n".encode()
    written = parse_document(data, "posts/a.md", kind, PARIS, problems)
    return written.document if written else None


def again(front: str, zone: str = "Europe/Paris") -> Document:
    document = document_of(front)
    assert document is not None
    return decode_document(encode_document(document), zone)


def meaning(value: Any) -> Any:
    """Put a value so that two of one meaning are equal: lists and tuples, mappings, zones."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = tuple(field.name for field in dataclasses.fields(value))
    else:
        names = getattr(value, "__struct_fields__", ())
    if names:
        return type(value).__name__, {name: meaning(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {key: meaning(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [meaning(one) for one in value]
    if isinstance(value, datetime):
        assert value.tzinfo is not None
        named = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else value.utcoffset()
        return value.replace(tzinfo=None), named
    return value


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)
LINE = WORDS.filter(lambda text: bool(text.strip()))
DAYS = st.dates(datetime(1000, 1, 1).date(), datetime(9998, 12, 31).date()).map(str)
OFFSETS = st.sampled_from(
    ["", "Z", " UTC", "+00:00", "-00:00", "+02:00", " -0330", "+05:45", "-12"]
)
MOMENTS = st.one_of(
    DAYS,
    st.builds(
        lambda day, time, offset: f"{day} {time}{offset}",
        DAYS,
        st.times().map(lambda time: f"{time:%H:%M}"),
        OFFSETS,
    ),
    st.builds("{}T{:%H:%M:%S}{}".format, DAYS, st.times(), OFFSETS),
)
PARAMS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | WORDS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LINE, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
VARIANTS = st.one_of(
    st.booleans(),
    st.fixed_dictionaries(
        {},
        optional={
            "text": LINE,
            "visibility": st.sampled_from(["public", "unlisted", "private", "direct"]),
            "tags": st.lists(LINE, max_size=2),
        },
    ),
)
FRONT = st.fixed_dictionaries(
    {"title": LINE, "date": MOMENTS},
    optional={
        "updated": MOMENTS,
        "expires": MOMENTS,
        "draft": st.booleans(),
        "category": LINE,
        "tags": st.lists(LINE, max_size=3),
        "summary": LINE,
        "image": st.fixed_dictionaries(
            {"src": LINE},
            optional={
                "alt": LINE,
                "caption": LINE,
                "focus": st.lists(st.floats(-1, 1), min_size=2, max_size=2),
            },
        ),
        "lang": st.sampled_from(["fr", "en", "fr-CA"]),
        "author": LINE,
        "aliases": st.just(["/old/", "/older.html"]),
        "channels": st.fixed_dictionaries({"mastodon": VARIANTS}),
        "event": st.fixed_dictionaries(
            {"start": MOMENTS}, optional={"end": MOMENTS, "place": LINE}
        ),
        "menu": st.integers(),
        "noindex": st.booleans(),
        "period": st.fixed_dictionaries({"from": MOMENTS, "to": MOMENTS}),
        "params": st.dictionaries(LINE, PARAMS, max_size=3),
    },
)


@settings(max_examples=150)
@example(front={"title": "a", "date": "2026-10-25 02:30"})  # twice that night in Paris
@example(front={"title": "a", "date": "2026-03-29 02:30"})  # and never that one
@example(front={"title": "a", "date": "2026-01-01 00:00-12"})
@example(front={"title": "a", "date": "2026-01-01", "params": {"n": 2**60, "x": [[], {}]}})
@given(front=FRONT)
def test_what_parses_comes_back_from_its_bytes(front: dict[str, Any]) -> None:
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in front.items()]
    text = "\n".join(lines)
    document = document_of(text)
    assume(document is not None)
    back = again(text)
    assert meaning(back) == meaning(document)
    data = encode_document(back)
    assert meaning(decode_document(data, "Europe/Paris")) == meaning(document)


def test_most_of_those_parse() -> None:
    """The promise above would be empty if what it tries were refused."""
    front = 'title: "a"\ndate: 2026-10-01\nevent: {start: 2026-10-02 10:00, end: 2026-10-03 11:00Z}'
    assert document_of(front + "\nchannels: {mastodon: {text: Hello}}\nparams: {a: [1, {b: c}]}")


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("2026-12-01", PARIS),
        ("2026-07-01 09:30", PARIS),
        ("2026-07-01 09:30Z", UTC),
        ("2026-07-01 09:30 UTC", UTC),
        ("2026-07-01 09:30+02:00", timedelta(hours=2)),
        ("2026-07-01 09:30-03:30", timedelta(hours=-3.5)),
    ],
)
@pytest.mark.parametrize("key", ["date", "updated", "expires", "event", "period"])
def test_a_moment_keeps_the_zone_it_had(written: str, zone: Any, key: str) -> None:
    lines = {
        "event": f"event: {{start: '{written}', end: '{written}', place: Hall}}",
        "period": f"period: {{from: '{written}', to: '{written}'}}",
    }
    line = lines.get(key, f"{key}: {written}")
    document = again(f"title: a\n{'' if key == 'date' else 'date: 2026-01-01'}\n{line}")
    value = getattr(document.front_matter, key)
    moments = {
        "event": lambda: (value.start, value.end),
        "period": lambda: (value.from_, value.to),
    }.get(key, lambda: (value,))()
    for moment in moments:
        if isinstance(zone, ZoneInfo):
            assert moment.tzinfo is zone
        else:
            assert not isinstance(moment.tzinfo, ZoneInfo)
            assert moment.utcoffset() == (zone if isinstance(zone, timedelta) else timedelta(0))


def test_free_data_is_what_it_is_when_a_file_is_read() -> None:
    front = "title: a\ndate: 2026-07-01\nparams: {a: [1, [x, {b: [2]}]], c: {d: null}}"
    document = document_of(front)
    assert document is not None
    assert again(front).front_matter.params == dict(document.front_matter.params)


@pytest.mark.parametrize("written", [".inf", "-.inf", ".nan", str(2**64)])
def test_numbers_that_json_cannot_hold_are_refused_in_params(written: str) -> None:
    assert document_of(f"title: a\ndate: 2026-07-01\nparams: {{x: {written}}}") is None


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_document_comes_back(kind: Kind) -> None:
    document = document_of("title: a\ndate: 2026-07-01\nposts: [posts/b.md]", kind)
    assert document is not None
    assert decode_document(encode_document(document), "Europe/Paris").kind is kind


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b'{"path": 3}', b"\xff"])
def test_bytes_that_are_no_document_are_refused(data: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode_document(data, "Europe/Paris")


def shown(front: str) -> bytes:
    """Return what pages may show of front matter."""
    text = f"---\n{front}\n---\nTexte\n".encode()
    written = parse_document(text, "posts/a.md", Kind.POST, ZoneInfo("Europe/Paris"), [])
    assert written is not None
    return pack_document(written.document).shown


def test_what_pages_show_is_neither_where_keys_stand_nor_what_channels_say() -> None:
    plain = shown("title: A\ndate: 2026-12-01")
    assert shown("date: 2026-12-01\n\ntitle: A") == plain
    assert shown("title: A\ndate: 2026-12-01\nchannels: {mastodon: {text: B}}") == plain
    assert shown("title: B\ndate: 2026-12-01") != plain
    assert shown("title: A\ndate: 2026-12-01 00:00+01:00") != plain
