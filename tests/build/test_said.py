"""What was said on channels, and who says it, on the pages of the next build."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from crosspost.build.last import last_build

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SETTINGS = """\
site: {title: Valbourg, url: https://valbourg.example/ville, timezone: Europe/Paris}
theme: ville
lists: {per_page: 1}
channels:
  musee: {type: mastodon, account: "@musee@m.example", only: {categories: [culture]}}
  mairie: {type: mastodon, account: "@mairie@m.example"}
"""
PLACES = ["ledger", ".crosspost/ledger"]


def event(kind: str, sequence: int, *, channel: str = "mairie", **more: str) -> str:
    line = {
        "event": kind,
        "channel": channel,
        "account": f"@{channel}@m.example",
        "uid": "posts/fair",
        "at": f"2026-11-22T10:00:{sequence:02}Z",
        "sequence": sequence,
        **more,
    }
    return json.dumps(line) + "\n"


def sent(sequence: int, address: str, *, channel: str = "mairie", **more: str) -> str:
    more = {"remote_id": address[-1:], "remote_url": address, **more}
    return event("sent", sequence, channel=channel, **more)


@pytest.fixture
def site(town, post, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp())))
    files = {
        "crosspost.yaml": SETTINGS,
        "content/posts/fair.md": post("summary: S.\ncategory: travaux"),
        "content/posts/expo.md": post("summary: S.\ncategory: culture", title="Expo"),
        "content/posts/old.md": post("summary: S.", title="Old", date="2020-01-01"),
        "content/pages/help.md": post("summary: S.", title="Help"),
    }
    made = town(files)
    rebuild(made)
    return made


def rebuild(site) -> set[str]:
    """Build as a person does, and return which pages changed."""
    before = site.outputs()
    site.settle()
    result = site.run("build", "--format", "json")
    assert result.status == 0, result.err
    after = site.outputs()
    return {path for path in after if before.get(path) != after[path]} - {
        ".crosspost-manifest.json"
    }


def links(site, path: str = "2026/11/fair/index.html") -> list[str]:
    return re.findall(
        r'class="button u-syndication" rel="syndication" href="([^"]*)"', site.page(path)
    )


def creator(site, path: str) -> list[str]:
    return re.findall(r'<meta name="fediverse:creator" content="([^"]*)">', site.page(path))


@pytest.mark.parametrize("place", PLACES)
def test_a_line_of_the_ledger_makes_the_next_build_link_to_it(site, place) -> None:
    assert last_build(site.root, site.root / "output", False, False).holds
    ledger = f"{place}/mairie/2026-11.jsonl"
    site.write({ledger: event("claimed", 1)})
    assert rebuild(site) == set()
    site.write({ledger: site.text(ledger) + sent(2, "https://m.example/@mairie/1")})
    assert rebuild(site) == {"2026/11/fair/index.html"}
    assert links(site) == ["https://m.example/@mairie/1"]
    assert "Discuter sur Mastodon</a>" in site.page("2026/11/fair/index.html")
    assert rebuild(site) == set()
    assert last_build(site.root, site.root / "output", False, False).holds
    site.write({ledger: site.text(ledger) + event("deleted", 3)})
    assert rebuild(site) == {"2026/11/fair/index.html"}
    assert links(site) == []


def test_several_accounts_are_told_apart(site) -> None:
    lines = sent(1, "https://m.example/1") + sent(2, "https://m.example/2", channel="musee")
    site.write({"ledger/a/2026-11.jsonl": lines})
    rebuild(site)
    assert links(site) == ["https://m.example/2", "https://m.example/1"]
    page = site.page("2026/11/fair/index.html")
    words = re.sub(r"<[^>]*>", "", page)
    assert "Discuter sur Mastodon (@mairie@m.example)" in words
    assert "Discuter sur Mastodon (@musee@m.example)" in words


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("javascript:alert(1)", None),
        ("https://m.example/\"><script>alert('x')</script>", True),
        ("/@mairie/1", None),
    ],
)
def test_no_address_escapes_from_its_attribute(site, address: str, shown: bool | None) -> None:
    site.write({"ledger/mairie/2026-11.jsonl": sent(1, address)})
    rebuild(site)
    assert bool(links(site)) is bool(shown)
    assert "<script>alert" not in site.page("2026/11/fair/index.html")


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_what_not_everybody_can_read_is_not_linked(site, visibility: str) -> None:
    said = sent(1, "https://m.example/1", visibility=visibility)
    site.write({"ledger/mairie/2026-11.jsonl": said})
    assert rebuild(site) == set()


def test_the_settings_can_leave_it_out(site) -> None:
    site.write({"ledger/mairie/2026-11.jsonl": sent(1, "https://m.example/1")})
    rebuild(site)
    assert links(site)
    site.write({"crosspost.yaml": SETTINGS + "fediverse: {discuss: false, rel_me: false}\n"})
    rebuild(site)
    assert not links(site)
    assert 'rel="me"' not in site.page("index.html")
    assert "https://m.example/@mairie" in site.page("index.html")


def test_a_page_has_the_byline_of_the_first_account_that_says_it(site) -> None:
    fair, expo, page = "2026/11/fair/index.html", "2026/11/expo/index.html", "help/index.html"
    assert creator(site, expo) == ["@musee@m.example"]
    assert creator(site, fair) == ["@mairie@m.example"]
    assert creator(site, page) == creator(site, "index.html") == ["@mairie@m.example"]
    home = site.page("index.html")
    assert home.count('<link rel="me" href="https://m.example/@') == 2
    site.edit("content/posts/fair.md", "category:", "channels: {musee: true}\ncategory:")
    assert rebuild(site) >= {fair}
    assert creator(site, fair) == ["@musee@m.example"]
    site.write({"crosspost.yaml": SETTINGS + 'fediverse: {creator: "@maire@autre.example"}\n'})
    rebuild(site)
    assert creator(site, fair) == creator(site, "index.html") == ["@maire@autre.example"]
    site.write({"crosspost.yaml": SETTINGS + "fediverse: {creator: false}\n"})
    rebuild(site)
    assert creator(site, fair) == creator(site, "index.html") == []
