"""What is written is read back as it was meant, whatever it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspost.content.document import Kind, parse_document
from crosspost.content.frontmatter import (
    Event,
    FrontMatter,
    Image,
    Part,
    Period,
    Poll,
    Variant,
)
from crosspost.content.markdown import MarkdownEngine
from crosspost.imports.front import document_text, uid_of
from crosspost.imports.targets import change_targets
from crosspost.imports.words import plain_to_markdown

ENGINES = {
    flavour: MarkdownEngine(typography=False, flavour=flavour) for flavour in ("markdown", "gfm")
}
PARIS = ZoneInfo("Europe/Paris")
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60).filter(
    lambda text: " ".join(text.split()) == text
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
FREE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple) | st.dictionaries(WORDS, inner, max_size=3)
    ),
    max_leaves=6,
)
VARIANT = Variant(
    text=("a: b", Part("c", images=(Image("d.png", "e, f", (0.1, -1.0)),))),
    poll=Poll(("Oui", "Non, [rien]"), timedelta(hours=3), multiple=True),
    images=(Image("g.png"),),
    tags=("x, y",),
    quotes="nobody",
)
FRONTS = st.builds(
    FrontMatter,
    title=WORDS,
    uid=st.none() | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,30}", fullmatch=True),
    date=MOMENTS,
    updated=st.none() | MOMENTS,
    draft=st.booleans(),
    noindex=st.booleans(),
    category=st.none() | WORDS,
    tags=st.lists(WORDS, max_size=3).map(tuple),
    summary=st.none() | WORDS,
    author=st.none() | WORDS,
    permalink=st.none() | st.from_regex(r"/[a-z0-9é%. _~-]{0,20}[a-z0-9]/", fullmatch=True),
    image=st.none()
    | st.builds(
        Image, src=WORDS, alt=st.none() | WORDS, focus=st.sampled_from([None, (0.5, -1.0)])
    ),
    event=st.none() | st.builds(Event, start=MOMENTS, place=st.none() | WORDS),
    period=st.sampled_from(
        [None, Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))]
    ),
    channels=st.dictionaries(
        WORDS,
        st.sampled_from([Variant(enabled=False), VARIANT]),
        max_size=2,
    ),
    menu=st.none() | st.integers(-9, 9),
    params=st.dictionaries(WORDS, FREE, max_size=3),
)


@given(FRONTS)
@example(FrontMatter(title="Heure double", date=datetime(2026, 10, 25, 1, 30, tzinfo=UTC)))
def test_a_document_is_read_as_it_was_meant(front):
    problems = []
    data = document_text(front, "Texte.", PARIS).encode()
    written = parse_document(data, "posts/a.md", Kind.POST, PARIS, problems)
    assert problems == []
    found = written.document.front_matter
    for name in FrontMatter.__struct_fields__:
        assert getattr(found, name) == getattr(front, name), name
    assert written.body == "\nTexte.\n"


def shown(markdown, flavour):
    """The words of a rendered text, its line breaks kept."""
    html = ENGINES[flavour].render(markdown).html
    text = re.sub(r"<br ?/?>\n?|</p>\n?", "\n", html)
    return [line for line in unescape(re.sub(r"<[^>]+>", "", text)).split("\n") if line.strip()]


@pytest.mark.parametrize("flavour", ["markdown", "gfm"])
@given(st.text(st.sampled_from('ab1 .\n#*_-+>[]()!`~|:=\\<&;{}"é'), max_size=40))
@example("1. un\n2) deux")
@example("&amp; &lt;b>")
@example("# titre\n- liste\n> dit\n===\n---\n!!! note")
@example("Terme\n: définition")
def test_plain_words_are_shown_as_they_are(flavour, text):
    wanted = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    found = [" ".join(line.split()) for line in shown(plain_to_markdown(text), flavour)]
    assert found == wanted


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[a](x.md)", "[a](NEW)"),
        ("![a](x.png 'T') b", "![a](NEW 'T') b"),
        ('![a](x "T \\\\"U\\\\"")', '![a](NEW "T \\\\"U\\\\"")'),
        ("[![a](x)](y)", "[![a](NEW)](NEW)"),
        ("[a](<x y>) [b](x (1).pdf)", "[a](NEW) [b](NEW)"),
        ("[a]: x\n[^1]: note", "[a]: NEW\n[^1]: note"),
        (
            '<a href="x&amp;y">z</a> <img src=x>',
            '<a href="NEW">z</a> <img src="NEW">',
        ),
        ("`[a](x)` ``[`a](x)``", "`[a](x)` ``[`a](x)``"),
        ("```\n[a](x)\n```\n[a](x)", "```\n[a](x)\n```\n[a](NEW)"),
        ("<pre>[a](x)</pre> <!-- [a](x) -->", "<pre>[a](x)</pre> <!-- [a](x) -->"),
        ("<script src='x'>a[b](c)</script>", '<script src="NEW">a[b](c)</script>'),
        ("[`a`](x) [a `b` c](x)", "[`a`](NEW) [a `b` c](NEW)"),
        ("[a](\nx)", "[a](NEW)"),
        ("<pre><a href='x'>[a](x)</a></pre>", '<pre><a href="NEW">[a](x)</a></pre>'),
        ("<img srcset='x 1x, y 2x' src='z'>", '<img srcset="NEW 1x, NEW 2x" src="NEW">'),
        ("\\\\[a](x) \\[a](x)", "\\\\[a](NEW) \\[a](x)"),
        ("[a]((x) b", "[a](NEW) b"),
        ("a](x) [b]\n(c)", "a](x) [b]\n(c)"),
    ],
)
def test_every_address_is_asked_about_but_not_in_code(written, expected):
    assert change_targets(written, lambda target, line: "NEW") == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[a *b*](x 'T') c", "a *b* c"),
        ("![a](x) c", "a c"),
        ("[![a](x)](x)", "a"),
        ('<img alt="a" src="x"> <a href="x">b</a>', "a <a>b</a>"),
    ],
)
def test_a_lost_address_leaves_its_words(written, expected):
    assert change_targets(written, lambda target, line: None) == expected


def test_lines_are_those_of_the_text():
    seen = []

    def note(target, line):
        seen.append((target, line))
        return target

    text = "a\n[b](x)\n```\n\n```\n[c]: y\n\n<img\n src='z'>\n"
    assert change_targets(text, note) == text
    assert sorted(seen) == [("x", 2), ("y", 6), ("z", 8)]


@given(st.text(st.sampled_from("[]()!<>`\"'= \nahrefsrc:/~"), max_size=60))
def test_a_text_whose_addresses_are_kept_is_kept(text):
    assert change_targets(text, lambda target, line: target) == text


def test_an_identity_is_for_ever():
    """A change here would make every imported document another one: do not."""
    assert uid_of("jekyll", "_posts/2024-03-05-bal.md") == "4DRFQ2Y98MMSFHH9XSHKJKCVRK"
