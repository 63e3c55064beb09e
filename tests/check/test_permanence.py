"""Addresses are for ever: the inventory, what leads on, what is gone, and the maps of servers."""

from __future__ import annotations

import pytest


@pytest.fixture
def town(site, post):
    made = site(
        {
            "content/posts/a.md": post(front="tags: [bal]", title="Bal"),
            "content/posts/b.md": post(front="aliases: [/vieux/, /plus vieux]", title="Bis"),
            "content/posts/plan.pdf": "plan",
        }
    )
    assert made.check("--update").status == 0
    return made


def test_the_inventory_lists_what_people_may_have_kept(town):
    lines = town.read("urls.txt").splitlines()
    assert lines[0].startswith("# ")
    assert lines[1:] == sorted(lines[1:])
    assert {"/", "/2026/09/a/", "/vieux/", "/posts/plan.pdf", "/rss.xml", "/tags/bal/"} <= set(
        lines
    )
    assert not [line for line in lines if "/page/" in line or "404" in line or "sitemap" in line]
    assert town.check().found == []
    assert town.build().status == 0


def test_without_an_inventory_nothing_is_asked_for(site, post):
    town = site({"content/posts/a.md": post()})
    assert town.check().found == []
    assert not (town.root / "urls.txt").exists()
    assert "There is no urls.txt: --update makes it" in town.run("check", "--now", "2026-11-23").out
    assert "urls.txt" not in town.run("-q", "check", "--now", "2026-11-23").out


def test_numbered_pages_come_and_go(site, post):
    """Of the home page too: a post less, or more of them on a page, is nobody's loss."""
    many = {f"content/posts/{name}.md": post(title=name, front="tags: [x]") for name in "abc"}
    town = site(many)
    settings = town.read("crosspost.yaml")
    town.write({"crosspost.yaml": f"{settings}lists: {{per_page: 1}}\n"})
    assert town.check("--update").status == 0
    assert "/page/" not in town.read("urls.txt")
    town.write({"crosspost.yaml": settings})
    assert town.check().found == []


def test_a_new_address_is_asked_for_once_and_added_when_told(town, post):
    before = town.read("urls.txt")
    town.write({"content/posts/c.md": post(title="C"), "content/posts/d.md": post(title="D")})
    assert town.check().found == ["urls.txt:1:1 unlisted-url"]
    assert town.read("urls.txt") == before
    added = town.run("check", "--now", "2026-11-23", "--update").out
    assert "2 addresses added to urls.txt: commit it." in added
    assert "/2026/09/c/\n" in town.read("urls.txt")
    assert town.check().found == []


def test_a_lost_address_is_an_error_of_check_and_of_build(town):
    assert town.build().status == 0
    (town.root / "content/posts/a.md").rename(town.root / "content/posts/renamed.md")
    built, checked = town.build(), town.check()
    assert built.status == 1
    line = town.read("urls.txt").splitlines().index("/2026/09/a/") + 1
    assert f"urls.txt:{line}:1: error: /2026/09/a/ was published before" in built.err
    assert f"urls.txt:{line}:1 lost-url" in checked.found
    town.write(
        {
            "content/posts/renamed.md": town.read("content/posts/renamed.md").replace(
                "---\nTexte", "aliases: [/2026/09/a/]\n---\nTexte"
            )
        }
    )
    assert town.build().status == 0
    assert town.check("--update").found == []


def test_the_settings_say_what_moved_and_what_is_gone(town):
    (town.root / "content/posts/a.md").unlink()
    (town.root / "content/posts/plan.pdf").unlink()
    lost = [one for one in town.check().found if "lost-url" in one]
    assert len(lost) == 6, lost  # the post, its tag with three feeds, the plan
    town.write(
        {
            "crosspost.yaml": town.read("crosspost.yaml")
            + (
                "redirects:\n  moved: {/posts/plan.pdf: /2026/09/b/, /2026/09/a/: https://example.org/}\n"
                "  gone: [/tags/bal/, /tags/bal/rss.xml, /tags/bal/atom.xml, /tags/bal/feed.json]\n"
            )
        }
    )
    assert town.check().found == []
    assert town.build().status == 0
    assert "url=https://example.org/" in town.read("output/2026/09/a/index.html")


def test_what_expires_or_is_not_due_leaves_by_itself(town, post):
    town.write({"content/posts/a.md": post(front="tags: [bal]\nexpires: 2026-10-01", title="Bal")})
    assert town.check().found == []
    assert town.build().status == 0
    assert town.run("build", "--now", "2026-01-01").status == 0


def test_a_draft_that_was_published_is_lost(town, post):
    town.write({"content/posts/a.md": post(front="tags: [bal]\ndraft: true", title="Bal")})
    assert any("lost-url" in one for one in town.check().found)


def test_a_document_that_is_gone_keeps_its_address_and_nothing_else(town, post):
    front = "tags: [bal]\ngone: true"
    town.write(
        {
            "content/posts/a.md": post("", front, title="Bal"),
            "content/posts/d.md": post("[bal](a.md)", "tags: [bal]", title="D"),
        }
    )
    assert town.build().status == 0
    page = town.read("output/2026/09/a/index.html")
    assert "Cette page a été retirée du site." in page
    for name in ("index.html", "rss.xml", "sitemap.xml"):
        assert "/2026/09/a/" not in town.read(f"output/{name}")
    assert town.check("--update").found == ["content/posts/d.md:6:7 hidden-link"]
    town.write({"content/posts/a.md": post("Parti à **Dijon**.", front, title="Bal")})
    assert town.build().status == 0
    assert "<strong>Dijon</strong>" in town.read("output/2026/09/a/index.html")


def test_maps_for_servers(town, post):
    town.write(
        {
            "content/posts/a.md": post("", "tags: [bal]\ngone: true", title="Bal"),
            "crosspost.yaml": town.read("crosspost.yaml")
            + 'redirects: {formats: [netlify, nginx, apache], moved: {/a$b"é/: /2026/09/b/}}\n',
        }
    )
    assert town.build().status == 0, town.build().err
    assert not (town.root / "output/vieux").exists()
    new = "/ville/2026/09/b/"
    assert town.read("output/_redirects").splitlines() == [
        f"/ville/a$b%22%C3%A9 {new} 301!",
        f"/ville/a$b%22%C3%A9/ {new} 301!",
        f"/ville/plus%20vieux {new} 301!",
        f"/ville/plus%20vieux.html {new} 301!",
        f"/ville/plus%20vieux/ {new} 301!",
        f"/ville/vieux {new} 301!",
        f"/ville/vieux/ {new} 301!",
        "/ville/2026/09/a /ville/2026/09/a 410!",
        "/ville/2026/09/a/ /ville/2026/09/a/ 410!",
    ]
    nginx = town.read("output/redirects.nginx.map").splitlines()
    assert nginx[0] == f'"/ville/a\\$b\\"é" "{new}";'
    assert f'"/ville/plus vieux" "{new}";' in nginx
    assert nginx[-1] == '"/ville/2026/09/a/" "410";'
    apache = town.read("output/redirects.apache.txt").splitlines()
    assert f"/ville/plus%20vieux {new}" in apache
    assert apache[-1] == "/ville/2026/09/a/ 410"
    # The maps are made again when what they are made of changes, and only then.
    again = town.build()
    assert "0 written" in again.out
    town.write(
        {"content/posts/b.md": post(front="aliases: [/autre/]", title="Bis"), "urls.txt": ""}
    )
    assert town.build().status == 0
    assert "/ville/autre/" in town.read("output/redirects.nginx.map")
    assert "vieux" not in town.read("output/redirects.nginx.map")


@pytest.mark.parametrize(
    ("redirects", "said"),
    [
        ("{moved: {/2026/09/a/: /2026/09/b/}}", "is the address of content/posts/a.md"),
        ("{moved: {/x/: /x/}}", "leads to itself"),
        ("{moved: {/x/: /2026/09/b/}, gone: [/x/]}", "both moved and gone"),
        ("{moved: {x: /y/}}", "'x' is not an address on this site"),
        ("{moved: {/x/: y}}", "'y' is no address"),
        ("{gone: /x/}", "expected a list"),
        ("{formats: [ngnix]}", "nginx"),
    ],
)
def test_redirects_that_cannot_be_meant(town, redirects, said):
    settings = town.read("crosspost.yaml")
    town.write({"crosspost.yaml": f"{settings}redirects: {redirects}\n"})
    done = town.build()
    assert done.status == 1
    assert said in done.err


def test_a_line_of_the_inventory_that_is_no_address(town):
    town.write({"urls.txt": town.read("urls.txt") + "<<<<<<< ours\n"})
    assert town.build().status == 1
    assert "is no address of the site" in town.build().err
