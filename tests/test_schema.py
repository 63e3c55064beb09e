"""Typed YAML: what a class asks for is what comes out, or a message at its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost import schema
from crosspost.errors import Problem
from crosspost.schema import Invalid, Schema, Source, key

PARIS = ZoneInfo("Europe/Paris")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(Schema):
    src: str
    alt: str | None = None


class Outer(Schema):
    title: str
    count: int = 0
    ratio: float = 0.0
    draft: bool = False
    when: datetime | None = None
    wait: timedelta | None = key(None, parse=schema.duration)
    tags: tuple[str, ...] = ()
    mood: Literal["good", "bad"] = "good"
    colour: Colour = Colour.RED
    image: Inner | None = None
    others: Mapping[str, Inner] = {}
    free: Any = None
    from_: str = ""
    secret: str = key("", hidden=True)


def decode(text: str) -> tuple[Outer | None, list[str]]:
    problems: list[Problem] = []
    source = Source("f.yaml", problems, zone=PARIS)
    node = schema.compose(text, source)
    value = None if problems else schema.decode(Outer, node, source)
    return value, [f"{p.line}:{p.column}: {p.message}" for p in problems]


def test_every_type() -> None:
    value, problems = decode("""\
title: no
count: 3
ratio: 1e1
draft: yes
when: 2026-12-01 09:00
wait: 2 weeks
tags: [a, 12:30, 1.10, true]
mood: bad
colour: blue
image: {src: a.jpg, alt: null}
others: {one: {src: b.jpg}}
free: {a: [1, 2.5, true, null, text, 2026-01-01]}
from: here
""")
    assert problems == []
    assert value == Outer(
        title="no",
        count=3,
        ratio=10.0,
        draft=True,
        when=datetime(2026, 12, 1, 9, tzinfo=PARIS),
        wait=timedelta(days=14),
        tags=("a", "12:30", "1.10", "true"),
        mood="bad",
        colour=Colour.BLUE,
        image=Inner("a.jpg"),
        others={"one": Inner("b.jpg")},
        free={"a": (1, 2.5, True, None, "text", "2026-01-01")},
        from_="here",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: A\ncuont: 1", "2:1: unknown key 'cuont'. Did you mean 'count'? Known here: "),
        ("title: A\nsecret: x", "2:1: unknown key 'secret'. Known here: "),
        ("title: A\ntitle: B", "2:1: 'title' is written twice: keep one."),
        ("count: 1", "1:1: 'title' is missing: write title: …"),
        ("", "1:1: 'title' is missing: write title: …"),
        ("title: [a]", "1:8: title: expected a text, found a list."),
        ("title:", "1:7: title: it is empty: write a text, or remove the key."),
        ("title: A\ncount: 1.5", "2:8: count: '1.5' is not a whole number."),
        ("title: A\nratio: x", "2:8: ratio: 'x' is not a number."),
        ("title: A\ndraft: maybe", "2:8: draft: 'maybe' is neither true nor false."),
        ("title: A\nwait: soon", "2:7: wait: 'soon' is not a length of time. Write 14 days or"),
        ("title: A\nwait: 99999999999 weeks", "2:7: wait: '99999999999 weeks' is longer than"),
        ("title: A\ntags: a", "2:7: tags: expected a list, found 'a'. Write [one, two]."),
        ("title: A\ntags: [{a: b}]", "2:8: expected a text, found keys and values."),
        ("title: A\nmood: god", "2:7: mood: 'god' is not one of good, bad. Did you mean 'good'?"),
        ("title: A\ncolour: green", "2:9: colour: 'green' is not one of red, blue."),
        ("title: A\nimage: a.jpg", "2:8: image: expected keys and values, found 'a.jpg'."),
        ("title: A\nimage: {alt: x}", "2:8: 'src' is missing: write src: …"),
        ("title: A\nimage: {src: a, srcc: b}", "2:17: unknown key 'srcc'. Did you mean 'src'?"),
        ("title: A\nothers: [a]", "2:9: others: expected keys and values, found a list."),
        ("title: A\n? [a]\n: b", "2:3: a key must be a plain word."),
        ("- a", "1:1: expected keys and values, found a list."),
        ("title: A\nwhen: 2026-13-01", "2:7: when: '2026-13-01' is a date that does not exist."),
    ],
)
def test_what_is_wrong_is_said_once_at_its_place(text: str, message: str) -> None:
    _, problems = decode(text)
    assert len(problems) == 1
    assert problems[0].startswith(message)


def test_all_problems_of_a_file_are_found() -> None:
    value, problems = decode("count: x\ndraft: y\nwhat: z\nimage: {}")
    assert value is None
    assert [problem.partition(": ")[0] for problem in problems] == [
        "1:8",
        "2:8",
        "3:1",
        "4:8",
        "1:1",
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=PARIS)),
        ("2026-1-2 9:05", datetime(2026, 1, 2, 9, 5, tzinfo=PARIS)),
        ("2026-12-01T09:00:07", datetime(2026, 12, 1, 9, 0, 7, tzinfo=PARIS)),
        ("2026-12-01 09:00 +0530", datetime(2026, 12, 1, 3, 30, tzinfo=UTC)),
        ("2026-12-01 09:00 -03:00", datetime(2026, 12, 1, 12, tzinfo=UTC)),
        ("2026-12-01 09:00 +2", datetime(2026, 12, 1, 7, tzinfo=UTC)),
        ("2026-12-01T09:00:00.123Z", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        (" 2026-12-01 09:00 UTC ", datetime(2026, 12, 1, 9, tzinfo=UTC)),
    ],
)
def test_moments(written: str, expected: datetime) -> None:
    assert schema.moment(written, PARIS) == expected


@pytest.mark.parametrize(
    "written",
    [
        *("", "today", "2026", "2026-02-29", "2026-12-01 24:00", "2026-12-01 09:60", "01/12/2026"),
        *("0999-01-01", "9999-01-01", "2026-12-01 09:00 +2500", "2026-12-01T", "2026-12-01 9h"),
    ],
)
def test_no_moments(written: str) -> None:
    with pytest.raises(Invalid):
        schema.moment(written, PARIS)


@given(st.datetimes(datetime(1000, 1, 1), datetime(9998, 12, 31)), st.integers(-1439, 1439))
def test_a_moment_written_is_read_again(when: datetime, minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    when = when.replace(microsecond=0, tzinfo=zone)
    assert schema.moment(when.isoformat(sep=" "), PARIS) == when


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    _, problems = decode(text)
    assert all(problem for problem in problems)


def test_aliases_that_are_bearable_are_followed() -> None:
    value, problems = decode("title: &t A\nfrom: *t\nfree: [*t, *t]")
    assert problems == []
    assert value is not None
    assert (value.from_, value.free) == ("A", ("A", "A"))
