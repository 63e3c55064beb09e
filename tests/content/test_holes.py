"""Holes: a body is rendered once, and its addresses are filled in as often as the site changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspost.content.body import Hole
from crosspost.content.holes import AsWritten, candidates, fill, hole
from crosspost.content.markdown import MarkdownEngine

CONTROLS = re.compile("[\x0e\x0f]")


@dataclass
class Town:
    """Answers from tables, and remembers what it was asked."""

    links: dict[str, str | None] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def link(self, target: str) -> str | None:
        self.asked.append(("link", target))
        return self.links.get(target, f"/l/{target}")

    def picture(self, src: str) -> str:
        self.asked.append(("picture", src))
        return self.links.get(src) or f"/p/{src}"

    def size(self, src: str) -> tuple[int, int] | None:
        self.asked.append(("size", src))
        return self.sizes.get(src)


@pytest.fixture(scope="module")
def engine() -> MarkdownEngine:
    return MarkdownEngine()


def one(kind: str, target: str, town: Town, attribute: str = "href") -> str:
    """Fill one hole of a tag."""
    return fill(f"<a {hole(0)} id='x'>", [Hole(kind, attribute, target)], town)  # type: ignore[arg-type]


def test_a_text_without_addresses_has_no_holes(engine: MarkdownEngine) -> None:
    body = engine.open_body(
        "Plain *words*, <https://elsewhere.example> and [mail](mailto:a@b.example)."
    )
    assert body.holes == ()
    assert not CONTROLS.search(body.html)
    assert fill(body.html, (), Town()) is body.html


@pytest.mark.parametrize(
    ("kind", "answers", "filled"),
    [
        ("link", {"a.md": "/a/"}, " href=\"/a/\""),
        ("link", {"a.md": None}, ""),
        ("link", {"a.md": '/?a="b"&c=<d>'}, ' href="/?a=&quot;b&quot;&amp;c=&lt;d&gt;"'),
        ("link", {"a.md": ""}, ' href=""'),
        ("media", {"a.md": "/a.mp4"}, ' href="/a.mp4"'),
        ("media", {"a.md": None}, ' href="a.md"'),
        ("picture", {}, ' href="/p/a.md"'),
        ("size", {}, ""),
    ],
)  # fmt: skip
def test_each_kind_of_hole(kind: str, answers: dict[str, str | None], filled: str) -> None:
    assert one(kind, "a.md", Town(answers)) == f"<a{filled} id='x'>"


def test_a_picture_has_the_size_of_its_file() -> None:
    assert one("size", "a.png", Town(sizes={"a.png": (40, 30)})) == (
        '<a width="40" height="30" id=\'x\'>'
    )


def test_candidates_are_asked_one_by_one_and_those_elsewhere_are_not() -> None:
    town = Town()
    written = "a.png 1x, https://elsewhere.example/b.png 2x, c,d.png"
    assert one("candidates", written, town, "srcset") == (
        "<a srcset=\"/p/a.png 1x, https://elsewhere.example/b.png 2x, /p/c,d.png\" id='x'>"
    )
    assert town.asked == [("picture", "a.png"), ("picture", "c,d.png")]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("", []),
        ("a.png", [("a.png", "", "")]),
        ("a.png 2x", [("a.png", " ", "2x")]),
        (" a.png 300w,  b.png 600w ,", [("a.png", " ", "300w"), ("b.png", " ", "600w ,")]),
    ],
)
def test_a_srcset_is_taken_apart(written: str, parts: list[tuple[str, str, str]]) -> None:
    assert candidates(written) == parts


TEXT = """\
A [link](a.md), [another](/b/ "Title"), ![Castle](c.png), a [reference][ref], <https://x.example>.

<video src="v.mp4" poster="p.png"></video> <img src="d.png" srcset="d.png 1x, e.png 2x" alt="D">
<a href="raw.html">raw</a> <iframe src="f.html"></iframe>

[ref]: z.md
"""


def test_every_address_of_the_site_is_asked_when_it_is_filled(engine: MarkdownEngine) -> None:
    body = engine.open_body(TEXT)
    town = Town(sizes={"c.png": (4, 3), "d.png": (8, 6)})
    html = fill(body.html, body.holes, town)
    assert not CONTROLS.search(html)
    for target in ("a.md", "/b/", "z.md", "raw.html"):
        assert ("link", target) in town.asked
        assert f'href="/l/{target}"' in html
    for target in ("c.png", "d.png", "e.png", "p.png"):
        assert ("picture", target) in town.asked
    for target in ("v.mp4", "f.html"):
        assert ("link", target) in town.asked
    assert 'width="4" height="3"' in html
    assert 'href="https://x.example"' in html


def test_a_body_is_filled_anew_as_often_as_the_site_changes(engine: MarkdownEngine) -> None:
    body = engine.open_body("[a](a.md) ![b](b.png)")
    first = Town({"a.md": "/here/"})
    assert fill(body.html, body.holes, first) == fill(body.html, body.holes, first)
    gone = fill(body.html, body.holes, Town({"a.md": None}))
    assert "<a>a</a>" in gone
    there = fill(body.html, body.holes, Town({"a.md": "/there/"}, {"b.png": (1, 2)}))
    assert 'href="/there/"' in there
    assert 'width="1" height="2"' in there


def test_rendering_at_once_and_filling_later_are_the_same(engine: MarkdownEngine) -> None:
    town = Town(sizes={"c.png": (4, 3)})
    body = engine.open_body(TEXT)
    assert engine.render(TEXT, resolve=town).html == fill(body.html, body.holes, town)
    assert engine.render(TEXT).html == fill(body.html, body.holes, AsWritten())


@example(text="\x0e0\x0f")
@example(text='[\x0e0\x0f](a.md "\x0e1\x0f")')
@example(text="<a href='x' title=' \x0e0\x0f'>")
@example(text="&#14;0&#15; [a](b.md)")
@example(text="`\x0e0\x0f` [a](&#x0e;0&#x0f;)")
@given(
    text=st.text(st.sampled_from("\x0e\x0f01 ab[]()!<>\"'=/.#&;`\n") | st.characters(codec="utf-8"))
)
def test_no_text_can_write_a_hole_of_its_own(engine: MarkdownEngine, text: str) -> None:
    body = engine.open_body(text)
    assert len(CONTROLS.findall(body.html)) == 2 * len(re.findall("\x0e[0-9]+\x0f", body.html))
    numbers = [int(number) for number in re.findall(" \x0e([0-9]+)\x0f", body.html)]
    assert set(numbers) <= set(range(len(body.holes)))
    assert not CONTROLS.search(fill(body.html, body.holes, Town()))
