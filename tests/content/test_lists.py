"""A list right below a paragraph is a list; what only looks like one is not."""

from __future__ import annotations

import pytest

from crosspost.content.markdown import MarkdownEngine


@pytest.fixture(scope="module")
def engine() -> MarkdownEngine:
    return MarkdownEngine(typography=False)


def html(engine: MarkdownEngine, text: str) -> str:
    return engine.render(text, lang="en").html.replace("\n", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bring:\n- bread\n- wine\n", "<p>Bring:</p><ul><li>bread</li><li>wine</li></ul>"),
        ("Bring:\n* bread\n", "<p>Bring:</p><ul><li>bread</li></ul>"),
        ("Do:\n1. this\n2. that\n", "<p>Do:</p><ol><li>this</li><li>that</li></ol>"),
        ("a\n\nb\nc\n- d\n", "<p>a</p><p>bc</p><ul><li>d</li></ul>"),
        ("Opened in\n2019. Closed since.\n", "<p>Opened in2019. Closed since.</p>"),
        ("- a\ngoes on\n- b\n", "<ul><li>agoes on</li><li>b</li></ul>"),
        ("- a\n    - b\n- c\n", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        (
            "**Bold** text\n**more** text\n",
            "<p><strong>Bold</strong> text<strong>more</strong> text</p>",
        ),
        ("```\na\n- b\n```\n", "<pre><code>a- b</code></pre>"),
        (
            "> Bring:\n> - bread\n",
            "<blockquote><p>Bring:</p><ul><li>bread</li></ul></blockquote>",
        ),
    ],
)
def test_lists_after_paragraphs(engine: MarkdownEngine, text: str, expected: str) -> None:
    found = html(engine, text)
    assert found.replace(' tabindex="0"', "") == expected


def test_lines_of_links_stay_those_of_the_file(engine: MarkdownEngine) -> None:
    body = engine.render("Bring:\n- [bread](b.md)\n\nThen:\n1. [wine](w.md)\n", lang="en")
    assert [(link.target, link.line) for link in body.links] == [("b.md", 2), ("w.md", 5)]
