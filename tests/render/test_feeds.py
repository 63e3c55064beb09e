"""Feeds: three formats that say the same, read by other parsers than the one that wrote them."""

from __future__ import annotations

import json
import locale
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crosspost.render.feed_rss_atom import rfc_822
from crosspost.render.feeds import feed_outputs, feed_tasks

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC = "{http://purl.org/dc/elements/1.1/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
PAGE = "https://www.essai.example/town/2026/11/marche/"


@pytest.fixture
def market(town: Any) -> Any:
    """A town with a post that has everything, and one in English."""
    town.picture("marche.png")
    town.post(
        "marche",
        'uid: 01JD8Z\ntitle: "Le « marché » & 🎄 <b>, où ?"\n'
        "category: culture\ntags: [noel, fete]\nupdated: 2026-11-12 08:30\n"
        "author: Anne\nsummary: Il ouvre.\n"
        'image: {src: marche.png, alt: "Chalets < lumières"}',
        "Voir [l'autre](winter.md), [plus bas](#la-suite), [le plan](marche.png)[^1].\n\n"
        "## La suite\n\n"
        '<video src="marche.png" poster="marche.png"></video>\n\n'
        '<img src="marche.png" srcset="marche.png 1x, /posts/marche.png 2x" alt="Un plan">\n\n'
        "<script>alert(1)</script>\n\n<style>p{}</style>\n\n"
        '<a onclick="x()" href="javascript:alert(1)">piège</a> <a href="//cdn.example/x">x</a>\n\n'
        "[^1]: La note.",
        date="2026-11-10 09:00",
    )
    town.post("winter", "lang: en\ntitle: Winter", "Hello & goodbye.", date="2026-11-05")
    return town


Make = Callable[[object], dict[str, bytes]]


def test_every_format_stands_for_the_site_each_category_and_each_tag(
    market: Any, made: Make
) -> None:
    renderer = market.renderer()
    names = {"rss.xml", "atom.xml", "feed.json"}
    folders = {"", "categories/culture/", "tags/noel/", "tags/fete/"}
    wanted = {folder + name for folder in folders for name in names}
    assert made(feed_tasks(renderer)).keys() == wanted
    assert feed_outputs(renderer.settings, renderer.index) == wanted


def test_the_settings_choose_the_formats_and_what_has_a_feed(market: Any, made: Make) -> None:
    market.settings = "feeds: {items: 1, formats: [atom], per: [category]}\n"
    feeds = made(feed_tasks(market.renderer()))
    assert feeds.keys() == {"atom.xml", "categories/culture/atom.xml"}
    assert len(feedparser.parse(feeds["atom.xml"]).entries) == 1


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_another_parser_reads_all_of_it(market: Any, made: Make, name: str) -> None:
    data = made(feed_tasks(market.renderer()))[name]
    found = feedparser.parse(data)
    assert not found.bozo, found.get("bozo_exception")
    assert found.feed.title == "Ville d’Essai"
    assert found.feed.language == "fr"
    assert [entry.id for entry in found.entries] == [
        "tag:www.essai.example,2026:town/01JD8Z",
        "tag:www.essai.example,2026:town/posts/winter",
    ]
    first = found.entries[0]
    assert first.link == PAGE
    assert first.summary == "Il ouvre."
    assert first.tags[0].term.lower() == "culture"
    assert first.author == "Anne"
    assert first.published_parsed[:5] == (2026, 11, 10, 8, 0)
    (enclosure,) = first.enclosures
    assert enclosure.href == "https://www.essai.example/town/posts/marche.png"
    assert enclosure.type == "image/png"
    assert int(enclosure.length) == len((market.root / "content/posts/marche.png").read_bytes())
    assert "La note." in first.content[0].value


def test_rss_is_what_the_validator_asks_for(market: Any, made: Make) -> None:
    root = etree.fromstring(made(feed_tasks(market.renderer()))["rss.xml"])
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert len(channel.findall(name)) == 1, name
    (own,) = channel.findall(f"{ATOM}link")
    assert own.attrib == {
        "href": "https://www.essai.example/town/rss.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }
    items = channel.findall("item")
    guids = [item.find("guid") for item in items]
    assert {guid.get("isPermaLink") for guid in guids} == {"false"}
    assert len({guid.text for guid in guids}) == len(items)
    first = items[0]
    assert first.findtext("title") == "Le «\u202fmarché\u202f» & 🎄 <b>, où\u202f?"
    assert first.findtext("link") == PAGE
    assert first.findtext("description") == "Il ouvre."
    assert first.findtext("pubDate") == "Tue, 10 Nov 2026 09:00:00 +0100"
    assert [one.text for one in first.findall("category")] == ["Culture", "Fete", "Noel"]
    assert first.find("category").get("domain") == "https://www.essai.example/town/categories/"
    assert [item.findtext(f"{DC}language") for item in items] == ["fr", "en"]
    assert not first.findall("author"), "RSS's author is a mail address, and we have none"
    changed = parsedate_to_datetime(channel.findtext("lastBuildDate"))
    assert changed == datetime.fromisoformat("2026-11-12T08:30:00+01:00")


def test_atom_keeps_what_links_say(market: Any, made: Make) -> None:
    root = etree.fromstring(made(feed_tasks(market.renderer()))["atom.xml"])
    assert root.get(LANG) == "fr"
    assert root.findtext(f"{ATOM}id") == "tag:www.essai.example,2026:town/feeds"
    assert root.findtext(f"{ATOM}updated") == "2026-11-12T08:30:00+01:00"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Ville d’Essai"
    links = {link.get("rel"): dict(link.attrib) for link in root.findall(f"{ATOM}link")}
    assert links["self"]["href"] == "https://www.essai.example/town/atom.xml"
    assert links["alternate"]["href"] == "https://www.essai.example/town/"
    first, second = root.findall(f"{ATOM}entry")
    assert (first.get(LANG), second.get(LANG)) == ("fr", "en")
    assert [dict(link.attrib) for link in first.findall(f"{ATOM}link")] == [
        {"rel": "alternate", "type": "text/html", "hreflang": "fr", "href": PAGE},
        {
            "rel": "enclosure",
            "type": "image/png",
            "length": str((market.root / "content/posts/marche.png").stat().st_size),
            "href": "https://www.essai.example/town/posts/marche.png",
        },
    ]
    assert first.findtext(f"{ATOM}published") == "2026-11-10T09:00:00+01:00"
    assert first.findtext(f"{ATOM}updated") == "2026-11-12T08:30:00+01:00"
    assert first.find(f"{ATOM}category").attrib == {
        "term": "culture",
        "scheme": "https://www.essai.example/town/categories/",
        "label": "Culture",
    }
    assert first.find(f"{ATOM}content").get("type") == "html"


def test_json_feed_has_what_version_1_1_asks_for(market: Any, made: Make) -> None:
    feed = json.loads(made(feed_tasks(market.renderer()))["tags/noel/feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "Noel · Ville d’Essai"
    assert feed["home_page_url"] == "https://www.essai.example/town/tags/noel/"
    assert feed["feed_url"] == "https://www.essai.example/town/tags/noel/feed.json"
    assert feed["language"] == "fr"
    (item,) = feed["items"]
    assert item["id"] == "tag:www.essai.example,2026:town/01JD8Z"
    assert item["url"] == PAGE
    assert item["tags"] == ["Culture", "Fete", "Noel"]
    assert item["authors"] == [{"name": "Anne"}]
    assert item["date_published"] == "2026-11-10T09:00:00+01:00"
    assert item["date_modified"] == "2026-11-12T08:30:00+01:00"
    assert item["image"] == "https://www.essai.example/town/posts/marche.png"
    assert item["attachments"][0]["title"] == "Chalets < lumières"


def test_the_text_is_whole_and_can_be_read_anywhere(market: Any, made: Make) -> None:
    feeds = made(feed_tasks(market.renderer()))
    html = json.loads(feeds["feed.json"])["items"][0]["content_html"]
    rss = etree.fromstring(feeds["rss.xml"]).findtext(f".//{CONTENT}")
    atom = etree.fromstring(feeds["atom.xml"]).findtext(f".//{ATOM}content")
    assert html == rss == atom
    tree = etree.HTML(html)
    addresses = [
        *tree.xpath("//@href"),
        *tree.xpath("//@src"),
        *tree.xpath("//@poster"),
        *(part.split()[0] for value in tree.xpath("//@srcset") for part in value.split(", ")),
    ]
    assert len(addresses) == 11
    assert [one for one in addresses if not one.startswith("https://")] == []
    assert f"{PAGE}#la-suite" in addresses
    assert f"{PAGE}#fn:1" in addresses
    assert "https://cdn.example/x" in addresses
    for word in ("<script", "<style", "alert(", "onclick"):
        assert word not in html
    assert "piège" in html


def test_a_picture_that_the_text_does_not_show_stands_before_it(town: Any, made: Make) -> None:
    town.picture("a.png")
    town.post("a", 'image: {src: a.png, alt: "Une \\"place\\"", caption: Vue d\'ici}')
    (item,) = json.loads(made(feed_tasks(town.renderer()))["feed.json"])["items"]
    assert item["content_html"].startswith(
        '<figure><img src="https://www.essai.example/town/posts/a.png" '
        'alt="Une «\u202fplace\u202f»" width="64" height="48"><figcaption>Vue d’ici</figcaption>'
    )


def test_ids_outlive_title_address_and_date(market: Any, made: Make) -> None:
    def ids() -> list[str]:
        feed = json.loads(made(feed_tasks(market.renderer()))["feed.json"])
        return [item["id"] for item in feed["items"]]

    before = ids()
    path = market.root / "content/posts/marche.md"
    text = path.read_text().replace("title: ", "slug: autre\ntitle: ").replace("« marché »", "fin")
    path.write_text(text.replace("date: 2026-11-10 09:00", "date: 2025-12-30"))
    assert sorted(ids()) == sorted(before)


def test_the_same_bytes_on_every_run(market: Any, made: Make, monkeypatch: Any) -> None:
    first = made(feed_tasks(market.renderer()))
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        assert made(feed_tasks(market.renderer())) == first
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_locale_of_the_process_is_never_touched(
    market: Any, made: Make, monkeypatch: Any
) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("setlocale is process-global")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert b"Tue, 10 Nov 2026" in made(feed_tasks(market.renderer()))["rss.xml"]


@pytest.mark.parametrize("settings", ["", "feeds: {items: 5}\n"])
def test_a_site_without_posts_has_feeds_that_never_change(
    town: Any, made: Make, settings: str
) -> None:
    town.settings = settings
    town.write("content/pages/a.md", "---\ntitle: A\n---\nA.\n")
    feeds = made(feed_tasks(town.renderer()))
    assert feeds.keys() == {"rss.xml", "atom.xml", "feed.json"}
    assert json.loads(feeds["feed.json"])["items"] == []
    assert not feedparser.parse(feeds["rss.xml"]).bozo
    rss = etree.fromstring(feeds["rss.xml"])
    assert rss.find("channel/lastBuildDate") is None
    assert rss.findtext("channel/description") == "Ville d’Essai"
    atom = etree.fromstring(feeds["atom.xml"])
    assert atom.findtext(f"{ATOM}updated") == "2000-01-01T00:00:00+00:00"


def test_characters_that_xml_forbids_are_left_out(town: Any, made: Make) -> None:
    town.post("a", 'title: "A\\u0008B\\uFFFEC"\nsummary: "x\\x01y"', "Un \x0b texte &#1; \x1f.")
    feeds = made(feed_tasks(town.renderer()))
    for name in ("rss.xml", "atom.xml"):
        (entry,) = feedparser.parse(feeds[name]).entries
        assert (entry.title, entry.summary) == ("ABC", "xy")


@given(
    st.datetimes(datetime(1000, 1, 1)),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_moments_are_written_as_in_mail(moment: datetime, zone: timezone) -> None:
    moment = moment.replace(tzinfo=zone)
    assert rfc_822(moment) == format_datetime(moment)


def test_old_dates_are_written_with_whole_minutes(town: Any, made: Make) -> None:
    town.post("a", date="1899-05-01 12:00")
    feeds = made(feed_tasks(town.renderer()))
    assert b"<published>1899-05-01T11:50:39+00:00</published>" in feeds["atom.xml"]
    assert b"Mon, 01 May 1899 11:50:39 +0000" in feeds["rss.xml"]


def test_a_picture_elsewhere_is_shown_but_not_enclosed(town: Any, made: Make) -> None:
    town.post("a", "image: {src: https://cdn.example/a.jpg, alt: Une place}")
    feeds = made(feed_tasks(town.renderer()))
    assert b"<enclosure" not in feeds["rss.xml"]
    (item,) = json.loads(feeds["feed.json"])["items"]
    assert item["image"] == "https://cdn.example/a.jpg"
    assert "attachments" not in item


def test_the_newest_posts_come_first_and_drafts_never(town: Any, made: Make) -> None:
    town.settings = "feeds: {items: 3}\n"
    for day in range(1, 6):
        town.post(f"p{day}", date=f"2026-11-0{day}")
    town.post("draft", "draft: true")
    town.post("later", date="2027-01-01")
    town.post("gone", "expires: 2026-11-20")
    feed = json.loads(made(feed_tasks(town.renderer()))["feed.json"])
    assert [item["title"] for item in feed["items"]] == ["Titre p5", "Titre p4", "Titre p3"]


def test_a_posts_text_is_prepared_once_for_all_feeds(
    market: Any, made: Make, monkeypatch: Any
) -> None:
    import crosspost.render.feed as module

    prepared = []
    real = module.portable_html

    def counted(html: str, page_url: str) -> str:
        prepared.append(page_url)
        return real(html, page_url)

    monkeypatch.setattr(module, "portable_html", counted)
    assert len(made(feed_tasks(market.renderer()))) == 12
    assert len(prepared) == 2


def test_a_feed_is_the_same_whichever_feeds_were_written_before(market: Any, made: Make) -> None:
    renderer = market.renderer()
    alone = {}
    for number in range(len(list(feed_tasks(renderer)))):
        alone.update(made(list(feed_tasks(renderer))[number : number + 1]))
    tasks = list(feed_tasks(renderer))
    assert made(tasks) == alone
    assert made(tasks[::-1]) == alone


def test_a_posts_entry_is_made_once_for_all_feeds_of_a_format(
    market: Any, made: Make, monkeypatch: Any
) -> None:
    from feedgen.entry import FeedEntry

    entries = []
    for name in ("rss_entry", "atom_entry"):
        real = getattr(FeedEntry, name)

        def counted(self: Any, extensions: bool = True, real: Any = real) -> Any:
            entries.append(real.__name__)
            return real(self, extensions)

        monkeypatch.setattr(FeedEntry, name, counted)
    made(feed_tasks(market.renderer()))
    assert sorted(entries) == ["atom_entry", "atom_entry", "rss_entry", "rss_entry"]


def test_naming_feeds_loads_neither_feedgen_nor_lxml() -> None:
    code = (
        "import sys, crosspost.render.feeds as f; "
        "print('feedgen' in sys.modules, 'lxml' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.split() == ["False", "False"]
