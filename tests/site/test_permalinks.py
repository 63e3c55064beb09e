"""The pattern of addresses, from the settings to the folders of the output."""

from __future__ import annotations

import pytest

SETTINGS = """\
site: {{title: Valbourg, url: https://org.github.io/town/}}
permalink: "{}"
"""


@pytest.mark.parametrize(
    ("pattern", "own", "other"),
    [
        ("/{slug}", "a/index.html", "c/index.html"),
        ("/{slug}.html", "a.html", "c.html"),
        ("/{slug}.txt", "a.txt", "c.txt"),
        ("/{category}/{slug}/", "etat-civil/a/index.html", "c/index.html"),
        ("/{path}/", "a/index.html", "b/c/index.html"),
        ("//{slug}/index.html", "a/index.html", "c/index.html"),
        ("/le bois/{slug}/", "le bois/a/index.html", "le bois/c/index.html"),
    ],
)
def test_a_pattern_is_where_posts_are(site, post, pattern: str, own: str, other: str) -> None:
    town = site(
        {
            "crosspost.yaml": SETTINGS.format(pattern),
            "content/posts/a.md": post("category: État civil", "[c](b/c.md#d)"),
            "content/posts/b/c.md": post("", "## D"),
        }
    )
    assert town.build().status == 0
    assert other in town.outputs()
    address = "/town/" + other.removesuffix("index.html").replace(" ", "%20") + "#d"
    assert f'href="{address}"' in town.page(own)


@pytest.mark.parametrize("pattern", ["/{slug}?page", "/{slug}#top", "/{slug", "{slug}", "/{name}/"])
def test_a_wrong_pattern_is_one_mistake(site, post, pattern: str) -> None:
    files = {f"content/posts/{name}.md": post() for name in "ab"}
    town = site({"crosspost.yaml": SETTINGS.format(pattern), **files})
    result = town.build()
    assert result.status == 1
    assert len(result.problems) == 1
    assert result.problems[0].startswith("crosspost.yaml:2:12: error: permalink: ")
