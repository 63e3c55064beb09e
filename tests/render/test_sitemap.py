"""sitemap.xml and robots.txt: every page that is meant to be found, and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from crosspost.render.sitemap import sitemap_tasks

Make = Callable[[object], dict[str, bytes]]
BASE = "https://www.essai.example/town/"
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def entries(data: bytes) -> dict[str, str]:
    root = etree.fromstring(data)
    found = {
        one.findtext("s:loc", namespaces=NS): one.findtext("s:lastmod", "", namespaces=NS)
        for one in root
    }
    assert len(found) == len(root)
    return found


def test_every_page_that_is_meant_to_be_found(town: Any, made: Make) -> None:
    town.post("été & hiver", "updated: 2026-11-12 08:00\ncategory: culture\nslug: été&hiver")
    town.post("draft", "draft: true")
    town.post("quiet", "noindex: true\naliases: [/old/]")
    town.write("content/pages/404.md", "---\ntitle: Rien ici\n---\nA.\n")
    town.write("content/pages/contact.md", "---\ntitle: Contact\n---\nA.\n")
    town.edition("n1", "period: {from: 2026-11-01, to: 2026-11-20}")
    files = made(sitemap_tasks(town.renderer()))
    assert entries(files["sitemap.xml"]) == {
        BASE: "2026-11-12T08:00:00+01:00",
        f"{BASE}archives/": "2026-11-12T08:00:00+01:00",
        f"{BASE}categories/culture/": "2026-11-12T08:00:00+01:00",
        f"{BASE}2026/": "2026-11-12T08:00:00+01:00",
        f"{BASE}newsletter/": "2026-11-20T10:00:00+01:00",
        f"{BASE}2026/11/%C3%A9t%C3%A9&hiver/": "2026-11-12T08:00:00+01:00",
        f"{BASE}contact/": "",
        f"{BASE}newsletter/n1/": "2026-11-20T10:00:00+01:00",
    }
    assert files["robots.txt"].decode() == (
        f"User-agent: *\nAllow: /\n\nSitemap: {BASE}sitemap.xml\n"
    )


def test_a_large_site_gets_an_index_and_parts(town: Any, made: Make) -> None:
    for number in range(5):
        town.post(f"p{number}", date=f"2026-11-0{number + 1}")
    renderer = town.renderer()
    whole = entries(made(sitemap_tasks(renderer))["sitemap.xml"])
    files = made(sitemap_tasks(renderer, most=3))
    parts = entries(files["sitemap.xml"])
    assert list(parts) == [f"{BASE}sitemap-{number}.xml" for number in (1, 2, 3)]
    assert b"<sitemapindex" in files["sitemap.xml"]
    collected: dict[str, str] = {}
    for number in (1, 2, 3):
        part = entries(files[f"sitemap-{number}.xml"])
        assert len(part) <= 3
        collected |= part
        assert parts[f"{BASE}sitemap-{number}.xml"] == max(part.values())
    assert collected == whole


def test_a_file_of_the_sites_own_stands_for_ours(town: Any, made: Make) -> None:
    town.post("a")
    town.write("content/robots.txt", "User-agent: *\nDisallow: /\n")
    assert made(sitemap_tasks(town.renderer())).keys() == {"sitemap.xml"}


def test_a_site_without_posts_has_a_sitemap(town: Any, made: Make) -> None:
    town.write("content/pages/a.md", "---\ntitle: A\n---\nA.\n")
    found = entries(made(sitemap_tasks(town.renderer()))["sitemap.xml"])
    assert found == {BASE: "", f"{BASE}archives/": "", f"{BASE}a/": ""}
