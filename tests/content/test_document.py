"""A Markdown file is cut into front matter and body, and each part keeps its lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.content.document import Document, Kind, Written, parse_document
from crosspost.content.frontmatter import Part, Poll
from crosspost.errors import Problem

HEAD = "---\ntitle: A\ndate: 2026-11-02\n"


def parse(text: str | bytes, kind: Kind = Kind.POST) -> tuple[Written | None, list[Problem]]:
    problems: list[Problem] = []
    data = text if isinstance(text, bytes) else text.encode()
    return parse_document(data, "posts/a.md", kind, UTC, problems), problems


def written(text: str, kind: Kind = Kind.POST) -> Written:
    found, problems = parse(text, kind)
    assert [str(p) for p in problems] == []
    assert found is not None
    return found


def read(text: str, kind: Kind = Kind.POST) -> Document:
    return written(text, kind).document


def test_the_body_and_its_first_line() -> None:
    found = written(f"{HEAD}---\n\nText.\n---\nMore.\n")
    document = found.document
    assert found.body == "\nText.\n---\nMore.\n"
    assert document.body_line == 5
    problem = document.body_problem(2, 3, "code", "Message.")
    assert str(problem) == "content/posts/a.md:6:3: error: Message. [code]"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_any_end_of_line_and_a_bom(end: str, bom: str) -> None:
    found = written(bom + f"{HEAD}---\nText.\n".replace("\n", end))
    assert (found.document.front_matter.title, found.body) == ("A", "Text.\n")


def test_places_of_keys_and_of_keys_of_keys() -> None:
    document = read(f"{HEAD}image:\n  src: a.jpg\n  alt: A fair\n---\n")
    assert document.places["title"] == (2, 1)
    assert document.places["image.alt"] == (6, 3)
    assert document.problem("image.alt", "c", "M.").line == 6
    assert document.problem("nothing", "c", "M.").line == 1


def test_places_of_all_that_a_channel_is_to_say() -> None:
    text = "channels:\n  m:\n    text:\n      - Un\n      - {text: Deux, poll: {options: [a, b]}}\n"
    document = read(f"{HEAD}{text}---\n")
    assert document.places["channels.m.text.0"] == (7, 9)
    assert document.places["channels.m.text.1.poll.options"] == (8, 29)


def test_a_thread_a_poll_and_pictures_are_read() -> None:
    part = "{text: Deux, images: [{src: a.png, alt: A}], poll: {options: [oui, non]}}"
    document = read(f"{HEAD}channels: {{m: {{text: [Un, {part}], quotes: nobody}}}}\n---\n")
    variant = document.front_matter.channels["m"]
    assert (variant.parts, variant.quotes) == (2, "nobody")
    assert variant.text is not None
    assert variant.text[0] == "Un"
    assert isinstance(variant.text[1], Part)
    assert variant.text[1].poll == Poll(("oui", "non"), timedelta(days=1))
    assert [image.src for image in variant.all_images] == ["a.png"]


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        ("{text: [{images: []}]}", "'text' is missing"),
        ("{poll: {expires_in: 1 day}}", "'options' is missing"),
        ("{poll: {options: [a, b], expires_in: soon}}", "expires_in: 'soon'"),
        ("{images: a.png}", "images: expected a list"),
        ("{quotes: some}", "quotes: 'some'"),
    ],
)
def test_what_a_channel_cannot_say_is_refused_in_words(variant: str, message: str) -> None:
    _, problems = parse(f"{HEAD}channels: {{m: {variant}}}\n---\n")
    assert message in str(problems[0])


def test_the_uid_comes_from_the_path_where_there_is_none() -> None:
    assert read(f"{HEAD}---\n").uid == "posts/a"
    assert read(f"{HEAD}uid: 01JD8Z\n---\n").uid == "01JD8Z"


def test_the_digest_is_of_the_bytes() -> None:
    assert read(f"{HEAD}---\na").digest == read(f"{HEAD}---\na").digest
    assert read(f"{HEAD}---\na").digest != read(f"{HEAD}---\nb").digest


def test_words_that_yaml_would_guess_at() -> None:
    front = read("---\ntitle: no\ndate: 2026-11-02\ntags: [12:30, 1.10, on]\n---\n", Kind.PAGE)
    assert front.front_matter.title == "no"
    assert front.front_matter.tags == ("12:30", "1.10", "on")


def test_a_page_needs_no_date() -> None:
    assert read("---\ntitle: A\n---\n", Kind.PAGE).front_matter.date is None


@pytest.mark.parametrize(
    ("kind", "front", "messages"),
    [
        (Kind.POST, "title: A", ["'date' is missing: write date: 2026-12-01 09:00."]),
        (
            Kind.POST,
            "date:",
            ["'date' is missing: write date: 2026-12-01 09:00.", "'title' is mis"],
        ),
        (
            Kind.EDITION,
            "title: A\ndate: 2026-11-02",
            ["an edition needs 'period' or 'posts': write period: {from: 2026-11-01, to: 2026-11"],
        ),
        (Kind.EDITION, "title: A\nperiod: {from: 2026-11-02, to: 2026-11-01}\ndate: x", ["", ""]),
    ],
)
def test_what_a_kind_needs(kind: Kind, front: str, messages: list[str]) -> None:
    document, problems = parse(f"---\n{front}\n---\n", kind)
    assert document is None
    assert len(problems) == len(messages)
    for problem, message in zip(sorted(problems, key=lambda p: p.message), messages, strict=True):
        assert problem.message.startswith(message)


def test_a_date_is_in_the_sites_zone() -> None:
    assert read(f"{HEAD}---\n").front_matter.date == datetime(2026, 11, 2, tzinfo=UTC)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    document, problems = parse(data)
    assert (document is None) == bool(problems)


@given(st.text(max_size=300))
def test_any_front_matter_is_read_or_refused_in_words(text: str) -> None:
    document, problems = parse(f"---\n{text}\n---\nText.".encode("utf-8", "replace"))
    assert (document is None) == bool(problems)
