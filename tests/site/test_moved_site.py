"""A blog that was written for Jekyll, from its files to its pages, lists, feeds and redirects."""

from __future__ import annotations

import json
from pathlib import Path

from crosspost.settings_file import load_settings

EXAMPLE = Path(__file__).parents[2] / "docs/examples/jekyll-blog.yaml"
HEAD = "---\nlayout: post\n"


def files(picture) -> dict[str, str | bytes]:
    return {
        "crosspost.yaml": EXAMPLE.read_text(encoding="utf-8"),
        "img/posts/a b.jpg": picture("JPEG"),
        "content/_posts/2020-01-02-Premier.md": (
            f"{HEAD}title: Premier\ncategories: general\ntags: un deux\nauthors:\n"
            'image: "/img/posts/a b.jpg"\nexcerpt: >-\n  Un **début**.\n'
            "redirect_from:\n  - /vieux/chemin\n---\nNous avons :\n- du pain\n- du vin\n"
        ),
        "content/_posts/2020-02-03-déjà-vu.md": (
            f'{HEAD}title: "Déjà vu"\ndate: 2020-02-03T23:30:00.000Z\n'
            "categories: [general, presse]\ntags: Sécurité, communauté\n---\n"
            "[Le premier]({% post_url 2020-01-02-Premier %}) et\n![](/img/posts/a%20b.jpg)\n\n"
            "![Une carte](/img/posts/rien.png)\n\n{{ page.title }}\n"
        ),
        "content/_newsletters/une.md": f"{HEAD}title: Lettre\n---\n",
        "content/a-propos.md": "---\nlayout: page\ntitle: À propos\n---\nQui nous sommes.\n",
    }


def test_the_example_settings_are_short_and_right(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 20
    (tmp_path / "crosspost.yaml").write_text(text, encoding="utf-8")
    settings = load_settings(tmp_path)
    assert (settings.compat, settings.permalink, settings.static) == ("jekyll", "pretty", ("img",))


def test_every_post_has_its_page_list_and_feed_entry(site, picture) -> None:
    here = site(files(picture))
    assert here.build().status == 0
    urls = {
        "general/2020/01/02/Premier/": "Premier",
        "general/presse/2020/02/04/d%C3%A9j%C3%A0-vu/": "Déjà vu",
    }
    made = here.outputs()
    feed = json.loads(here.page("feed.json"))
    for url, title in urls.items():
        path = url.replace("%C3%A9", "é").replace("%C3%A0", "à")
        assert f"{path}index.html" in made
        assert f'href="/{url}"' in here.page("index.html")
        assert f'href="/{url}"' in here.page("categories/general/index.html")
        assert (f"https://blog.example.org/{url}", title) in {
            (item["url"], item["title"]) for item in feed["items"]
        }
        assert f"https://blog.example.org/{url}" in here.page("rss.xml")
        assert f"https://blog.example.org/{url}" in here.page("sitemap.xml")
    assert "a-propos/index.html" in made
    assert "tags/communaute/index.html" in made
    assert "tags/deux/index.html" in made
    assert not [path for path in made if "newsletters" in path]


def test_redirects_links_lists_and_pictures(site, picture) -> None:
    here = site(files(picture))
    here.build()
    for path in ("vieux/chemin.html", "vieux/chemin/index.html"):
        assert "/general/2020/01/02/Premier/" in here.page(path)
    assert "<li>du pain</li>" in here.page("general/2020/01/02/Premier/index.html")
    page = here.page("general/presse/2020/02/04/déjà-vu/index.html")
    assert 'href="/general/2020/01/02/Premier/"' in page
    assert 'src="/img/posts/a%20b.jpg"' in page
    assert "img/posts/a b.jpg" in here.outputs()


def test_what_is_broken_is_a_warning_and_strict_makes_it_an_error(site, picture) -> None:
    here = site(files(picture))
    result = here.build()
    post = "content/_posts/2020-02-03-déjà-vu.md"
    assert [line.partition(": warning: ")[0] for line in result.problems] == [
        "content",
        f"{post}:9:5",
        f"{post}:11:14",
        f"{post}:13:1",
    ]
    codes = sorted(line.rpartition("[")[2].rstrip("]") for line in result.problems)
    assert codes == ["broken-link", "left-out", "liquid", "missing-alt"]
    before = here.outputs()
    strict = here.build("--strict")
    assert strict.status == 1
    assert [line.replace(": error: ", ": warning: ") for line in strict.problems] == result.problems
    assert here.outputs() == before
