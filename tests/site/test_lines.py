"""Titles and summaries: one line, shown in headings, links, cards, feeds and mails."""

from __future__ import annotations

import json

import html5lib
import pytest


def pages(site) -> list[str]:
    """Return every page of the output, each parsed strictly on the way."""
    texts = [data.decode() for name, data in site.outputs().items() if name.endswith(".html")]
    for text in texts:
        html5lib.HTMLParser(strict=True).parse(text)
    return texts


@pytest.mark.parametrize(
    ("line", "html", "text"),
    [
        ("La balise <title>", "La balise &lt;title&gt;", "La balise <title>"),
        ("Un <textarea>, un <script>", "Un &lt;textarea&gt;, un &lt;script&gt;", None),
        ("Fin </div> </title>", "Fin &lt;/div&gt; &lt;/title&gt;", "Fin </div> </title>"),
        ('Une <table class="x', "Une &lt;table class=", None),
        ("Voir [le *programme*](b.md)", "Voir le <em>programme</em>", "Voir le programme"),
        ("Voir <a href='b.md'>ici</a>", "Voir ici", "Voir ici"),
        ("![Le pont](pont.png) rouvre", "Le pont rouvre", "Le pont rouvre"),
        ("Un <b>mot <i>ouvert</b>", "Un <b>mot &lt;i&gt;ouvert</b>", "Un mot <i>ouvert"),
        ("Un <b>mot</i> <b>ouvert", "Un &lt;b&gt;mot&lt;/i&gt; &lt;b&gt;ouvert", None),
        ("Avant <!-- note -->après", "Avant après", "Avant après"),
        ("H<sub>2</sub>O<br>pure", "H<sub>2</sub>O<br>pure", "H2Opure"),
        ("&copy; 2026", "&copy; 2026", "© 2026"),
    ],
)
@pytest.mark.parametrize("key", ["title", "summary"])
def test_a_line_breaks_no_page(site, post, key: str, line: str, html: str, text: str | None):
    quoted = json.dumps(line)
    front = f"summary: {quoted}" if key == "summary" else ""
    title = quoted if key == "title" else "Fair"
    town = site(
        {
            "content/posts/a.md": post(front, title=title),
            "content/newsletters/n.md": post("posts: [posts/a.md]", title="Letter"),
        }
    )
    assert town.build().status == 0
    shown = [page for page in pages(town) if html in page]
    assert len(shown) >= 5, "home, archives, year, post, and the edition"
    item = json.loads(town.page("feed.json"))["items"][0]
    assert text is None or item[key] == text
    assert text is None or text in town.page("newsletter/n/email.txt")


def test_a_summary_that_nobody_wrote_is_text_not_markdown(site, post) -> None:
    body = "La balise `<title>` et `*x*` &amp; \\<script>. Suite."
    town = site({"content/posts/a.md": post("", body)})
    assert town.build().status == 0
    assert any("La balise &lt;title&gt; et *x* &amp; &lt;script&gt;." in one for one in pages(town))
    summary = json.loads(town.page("feed.json"))["items"][0]["summary"]
    assert summary == "La balise <title> et *x* & <script>. Suite."


def test_a_long_text_is_summed_up_with_its_definitions(site, post) -> None:
    body = "\n\n".join(
        [
            "Le [plan][p] du pont[^1] de l'ONU.",
            "Une autre phrase. " * 100,
            "Fin.",
            "[p]: https://plan.example/\n[^1]: Une note.\n*[ONU]: Nations unies",
        ]
    )
    town = site({"content/posts/a.md": post("", body)})
    assert town.build().status == 0
    summary = json.loads(town.page("feed.json"))["items"][0]["summary"]
    assert summary.startswith("Le plan du pont de l’ONU. Une autre phrase.")


def test_typography_is_off_everywhere(site, post) -> None:
    settings = """\
site: {title: "L'eau !", url: https://valbourg.example, description: "Quoi ?", author: "L'équipe"}
markdown: {typography: false}
newsletter: {title: "L'info !", address: "1, rue de l'Eau"}
categories: {eau: "L'eau !"}
"""
    image = 'image: {src: a.svg, alt: "L\'eau !", caption: "L\'eau !"}'
    front = f'category: eau\nsummary: "L\'eau !"\n{image}'
    edition = 'posts: [posts/a.md]\npreheader: "L\'eau !"'
    town = site(
        {
            "crosspost.yaml": settings,
            "content/posts/a.md": post(front, "L'eau !", title='"L\'eau !"'),
            "content/posts/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
            "content/newsletters/n.md": post(edition, "L'eau !", title='"L\'eau !"'),
        }
    )
    assert town.build().status == 0
    wrong = [
        name
        for name, data in town.outputs().items()
        for words in ("L’eau", "eau\u202f!", "Quoi\u202f", "L’équipe", "L’info", "l’Eau")
        if name.endswith((".html", ".xml", ".json", ".txt")) and words in data.decode()
    ]
    assert wrong == []


def test_names_that_differ_by_a_sign_have_a_list_each(site, post) -> None:
    town = site({"content/posts/a.md": post("tags: [C, C++, C#, Canal+]")})
    assert town.build().status == 0
    lists = {name for name in town.outputs() if name.startswith("tags/") and "index" in name}
    assert lists == {
        f"tags/{slug}/index.html" for slug in ("c", "c-plus-plus", "c-sharp", "canal-plus")
    }
