"""The preview as browsers meet it: pages, states, errors, the clock; without a browser."""

from __future__ import annotations

import json
import re
import secrets
import urllib.request
from html import unescape
from urllib.parse import quote

import pytest

from .conftest import POSTS, post


@pytest.fixture
def ear(town):
    """Listen from now on; what the test broke is mended after it."""
    found = town.events()
    yield found
    for name, text in POSTS.items():
        place = town.root / f"content/posts/{name}.md"
        if not place.is_file() or place.read_text("utf-8") != text:
            place.write_text(text, encoding="utf-8")
    # What is seen after these is seen with them: the next test begins alone.
    mark = f"mark-{secrets.token_hex(8)}.txt"
    town.write(f"content/{mark}", "")
    found.until(lambda _: town.get(f"/ville/{mark}")[0] == 200)
    found.until(lambda state: not state["problems"])
    found.close()


def known(html):
    """Return what the bar of a page knows."""
    return json.loads(unescape(re.search(r'data-known="([^"]*)"', html)[1]))


def uid_of(town, path):
    return known(town.get(path)[1])["page"]["uid"]


def set_clock(town, **told):
    request = urllib.request.Request(
        f"{town.origin}/__crosspost/clock",
        data=json.dumps(told).encode(),
        headers={"Origin": town.origin},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status


def test_pages_are_served_as_they_will_be_but_for_one_script(town):
    status, html = town.get("/ville/2026/12/marche/")
    assert status == 200
    script = re.search(
        r'<script type="module" src="/__crosspost/static/bar.js"[^>]*></script>', html
    )
    assert script is not None
    assert "__crosspost" not in html.replace(script[0], "")
    assert town.get("/")[0] == 200  # led to the base path
    assert town.get("/ville/2026/12/marche")[0] == 200
    assert town.get("/ville/rss.xml")[1].startswith("<?xml")
    assert town.get("/ville/posts/p.png")[0] == 200
    assert town.get("/ville/nowhere/")[0] == 404
    assert town.get("/elsewhere/")[0] == 404


def test_what_is_not_published_is_there_and_marked(town):
    home = known(town.get("/ville/")[1])
    assert home["marks"] == {"/ville/2026/11/carnaval/": "draft", "/ville/2027/01/voeux/": "future"}
    assert known(town.get("/ville/2026/11/carnaval/")[1])["page"]["reason"] == "draft"
    future = known(town.get("/ville/2027/01/voeux/")[1])["page"]
    assert (future["reason"], future["date"]) == ("future", "2027-01-05 09:00")
    assert town.get("/ville/2026/10/ancien/")[0] == 404
    assert not (town.root / "output").exists()


def test_the_clock_shows_the_site_as_of_another_date(town, ear):
    assert set_clock(town, at="2027-01-05T10:00", unpublished=False) == 204
    state = ear.until(lambda state: state["clock"]["at"] > "2027")
    assert state["clock"] == {
        "at": "2027-01-05T10:00",
        "unpublished": False,
        "zone": "Europe/Paris",
    }
    assert known(town.get("/ville/2027/01/voeux/")[1])["page"]["reason"] == ""
    assert town.get("/ville/2026/11/carnaval/")[0] == 404
    set_clock(town, at="2026-10-15T10:00", unpublished=False)
    assert town.get("/ville/2026/10/ancien/")[0] == 200
    assert town.get("/ville/2026/12/marche/")[0] == 404
    set_clock(town, at="2026-12-02T12:00", unpublished=True)
    assert town.get("/ville/2026/12/marche/")[0] == 200
    with pytest.raises(urllib.error.HTTPError, match="400"):
        set_clock(town, at="tomorrow", unpublished=True)


def test_a_saved_post_is_told_with_its_page_and_a_touched_one_is_not(town, ear):
    version = ear.last["version"]
    town.write("content/posts/marche.md", POSTS["marche"].replace("Voir", "Relire"))
    state = ear.until(lambda state: state["version"] > version)
    assert state["edited"]["url"] == "/ville/2026/12/marche/"
    assert state["edited"]["version"] == state["version"]
    html = town.get(state["edited"]["url"])[1]
    assert "Relire" in html
    (town.root / "content/posts/piscine.md").touch()
    town.write("content/posts/voeux.md", POSTS["voeux"] + "\nEt santé.\n")
    state = ear.until(lambda state: state["version"] > version + 1)
    assert state["edited"]["url"] == "/ville/2027/01/voeux/"
    assert any("marche.md: in the preview after" in line for line in town.said)


def test_a_mistake_is_told_with_its_lines_and_the_last_good_page_stays(town, ear):
    address = "/ville/2026/12/marche/"
    town.write(
        "content/posts/marche.md", POSTS["marche"].replace("date: 2026-12-01", "date: 2026-13-01")
    )
    # The file may be met half-written, with a mistake of its own.
    state = ear.until(lambda state: [":3" in one["place"] for one in state["problems"]] == [True])
    (one,) = state["problems"]
    assert one["place"].startswith("content/posts/marche.md:3")
    assert [number for number, _, hit in one["excerpt"] if hit] == [3]
    assert "Le marché ouvre" in town.get(address)[1]
    town.write("content/posts/marche.md", POSTS["marche"].replace("piscine.md", "patinoire.md"))
    state = ear.until(
        lambda state: state["problems"] and state["problems"][0]["code"] != one["code"]
    )
    assert state["problems"][0]["code"] == "broken-link"
    town.write("content/posts/marche.md", POSTS["marche"])
    ear.until(lambda state: not state["problems"])


def test_what_is_wrong_on_another_page_is_told_once_all_were_looked_at(town, ear):
    (town.root / "content/posts/piscine.md").rename(town.root / "content/posts/bassin.md")
    try:
        state = ear.until(lambda state: state["problems"])
        assert state["problems"][0]["place"].startswith("content/posts/marche.md:6")
        assert state["whole"]
    finally:
        (town.root / "content/posts/bassin.md").rename(town.root / "content/posts/piscine.md")


def test_a_broken_template_leaves_the_page_that_was(town, ear):
    address = "/ville/2026/12/marche/"
    good = town.get(address)[1]
    town.write("templates/post.html", "{% extends 'ville/post.html' %}{% block nonsense")
    version = ear.last["version"]
    try:
        ear.until(lambda state: state["version"] > version)
        assert "Le marché ouvre" in town.get(address)[1]
        assert good.partition("data-etag")[0] in town.get(address)[1]
        state = ear.until(lambda state: state["problems"])
        assert state["problems"][0]["file"] == "templates/post.html"
    finally:
        (town.root / "templates/post.html").unlink()
    ear.until(lambda state: not state["problems"])


def test_broken_settings_leave_the_site_that_was(town, ear):
    good = (town.root / "crosspost.yaml").read_text("utf-8")
    town.write("crosspost.yaml", good + "titel: x\n")
    try:
        state = ear.until(lambda state: state["problems"])
        assert state["problems"][0]["place"].startswith("crosspost.yaml:4")
        assert town.get("/ville/")[0] == 200
    finally:
        town.write("crosspost.yaml", good)
    ear.until(lambda state: not state["problems"])


def test_new_and_removed_posts_and_pictures_are_seen(town, ear):
    version = ear.last["version"]
    town.write("content/posts/neige.md", post("Neige", "2026-12-02 08:00"))
    state = ear.until(lambda state: state["version"] > version)
    assert "Neige" in town.get("/ville/2026/12/neige/")[1]
    (town.root / "content/posts/neige.md").unlink()
    ear.until(lambda one: one["version"] > state["version"])
    assert town.get("/ville/2026/12/neige/")[0] == 404


def test_only_the_style_sheets_part_of_a_pages_etag_changes_with_them(town, ear):
    def parts():
        return re.search(r'data-etag="(\w+)-(\w+)"', town.get("/ville/")[1]).groups()

    before, version = parts(), ear.last["version"]
    town.write("static/style.css", "body { color: teal }")
    ear.until(lambda state: state["version"] > version)
    after = parts()
    (town.root / "static/style.css").unlink()
    ear.until(lambda state: state["version"] > version + 1)
    assert after[0] == before[0]
    assert after[1] != before[1]
    etag = "-".join(parts())
    assert town.get("/ville/", **{"If-None-Match": f'"{etag}"'})[0] == 304


def test_the_page_of_a_post_shows_every_channel_and_the_plan(town):
    uid = uid_of(town, "/ville/2026/11/piscine/")
    html = town.get(f"/__crosspost/post/{quote(uid)}")[1]
    assert "Will be said" in html
    assert "not said yet" in html
    assert re.search(r"<summary>Travaux\b", html)
    assert '<a href="https://mastodon.example/tags/Piscine" class="mention hashtag"' in html
    assert 'src="/ville/posts/p.png" alt="Un bassin" data-x="75.0" data-y="75.0"' in html
    assert re.search(r"\d+ of 500 characters", html)
    assert f'src="/__crosspost/mail/dark/{quote(uid)}"' in html
    feed = town.get(f"/__crosspost/feed/{quote(uid)}")[1]
    assert 'src="/ville/posts/p.png"' in feed
    light, dark = (
        town.get(f"/__crosspost/mail/{scheme}/{quote(uid)}")[1] for scheme in ("light", "dark")
    )
    assert "La piscine ferme" in light
    assert light != dark
    assert "prefers-color-scheme: dark" not in dark
    assert town.get("/__crosspost/post/nobody")[0] == 404
    future = town.get(f"/__crosspost/post/{quote(uid_of(town, '/ville/2027/01/voeux/'))}")[1]
    assert "At its date: Will be said" in future
    draft = town.get(f"/__crosspost/post/{quote(uid_of(town, '/ville/2026/11/carnaval/'))}")[1]
    assert "it is a draft" in draft


def test_what_was_said_is_taken_from_the_ledger_at_hand(town, ear):
    """Also of one on a branch: from the copy that the latest run fetched. No remote is asked."""
    uid = uid_of(town, "/ville/2026/11/piscine/")
    event = {"channel": "mastodon", "account": "@valbourg@mastodon.example", "uid": uid}
    event |= {"v": 1, "part": 1, "generation": 1, "at": "2026-11-30T08:05:00Z", "id": "01"}
    event |= {"event": "sent", "remote_id": "1", "remote_url": "https://mastodon.example/@v/1"}
    place = town.root / ".crosspost/ledger/mastodon/2026-11.jsonl"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(event) + "\n", encoding="utf-8")
    version = ear.last["version"]
    town.write("content/posts/voeux.md", POSTS["voeux"] + "\nBonne année.\n")
    ear.until(lambda state: state["version"] > version)
    try:
        html = town.get(f"/__crosspost/post/{quote(uid)}")[1]
        assert "There is no plan" not in html
        assert "not said yet" not in html
        calendar = town.get("/__crosspost/calendar?month=2026-11")[1]
        assert "<b>mastodon</b> said 2026-11-30 08:05 UTC" in calendar
    finally:
        place.unlink()


def test_a_post_that_expired_or_was_withdrawn_is_said_nowhere_any_more(town, ear):
    listed = town.get("/__crosspost/?q=ancien&show=expired")[1]
    expired = town.get(re.findall(r'class="title" href="([^"]+)"', listed)[0])[1]
    uid = uid_of(town, "/ville/2026/11/piscine/")
    town.write("content/posts/piscine.md", POSTS["piscine"].replace("---", "---\ngone: true", 1))
    ear.until(lambda state: state["edited"]["uid"] == uid)
    assert ear.last["edited"]["url"] == "/ville/2026/11/piscine/"
    assert known(town.get("/ville/2026/11/piscine/")[1])["page"]["reason"] == "gone"
    gone = town.get(f"/__crosspost/post/{quote(uid)}")[1]
    for html, why in ((expired, "it has expired"), (gone, "it was withdrawn")):
        for word in ("Nothing will be sent", "Not in the feeds", "Not in the newsletter"):
            assert f"<b>{word}</b> <span>{why}</span>" in html
        assert "/__crosspost/feed/" not in html
        assert "/__crosspost/mail/" not in html


def test_a_thread_is_shown_part_by_part_with_its_poll(town, ear):
    uid = uid_of(town, "/ville/2027/01/voeux/")
    said = "{mastodon: {text: [Un mot du maire., Quel jour ?], poll: {options: [Lundi, Mardi]}}}"
    version = ear.last["version"]
    town.write("content/posts/voeux.md", post("Les vœux", "2027-01-05 09:00", channels=said))
    ear.until(lambda state: state["version"] > version)
    html = town.get(f"/__crosspost/post/{quote(uid)}")[1]
    assert re.findall(r'aria-label="Status ([^"]*)"', html) == ["1 of 2", "2 of 2"]
    assert "<li>Mardi</li>" in html
    assert "At its date: Part 2: will be said" in html
    assert "<b>mastodon, part 2</b> is said" in town.get("/__crosspost/calendar?month=2027-01")[1]


def test_a_message_that_is_too_long_is_shown_with_its_length(town, ear):
    uid = uid_of(town, "/ville/2026/11/piscine/")
    town.write("content/posts/piscine.md", POSTS["piscine"].replace("Fermée", "Fermée " * 80))
    ear.until(lambda state: state["edited"]["uid"] == uid)
    html = town.get(f"/__crosspost/post/{quote(uid)}")[1]
    assert re.search(r"<b>Blocked</b>", html)
    assert re.search(r"6\d\d of 500 characters: 1\d\d too many", html)
    assert html.count("Fermée") >= 80


def test_posts_are_found_without_accents_and_by_what_hides(town):
    found = town.get("/__crosspost/?q=voeux")[1]
    assert "Les vœux" in found
    assert "Le marché" not in found
    drafts = town.get("/__crosspost/?show=draft")[1]
    assert re.findall(r'class="title"[^>]*>([^<]+)<', drafts) == ["Carnaval"]
    assert "Ancien avis" in town.get("/__crosspost/?q=ancien&show=expired")[1]
    assert "0 found" in town.get("/__crosspost/?q=%3Cscript%3E")[1]
    assert "<script>" not in town.get("/__crosspost/?q=%3Cscript%3E")[1]


def test_the_calendar_says_what_goes_out_when_and_on_which_channel(town):
    december = town.get("/__crosspost/calendar?month=2026-12")[1]
    assert "Le marché ouvre" in december
    assert "<b>mastodon</b> will be said by the next publish" in december
    january = town.get("/__crosspost/calendar?month=2027-01")[1]
    assert "<b>mastodon</b> is said when it appears" in january
    assert "Ancien avis" in town.get("/__crosspost/calendar?month=2026-11")[1]
    assert "December 2026" in town.get("/__crosspost/calendar?month=nonsense")[1]
    assert "January 1900" in town.get("/__crosspost/calendar?month=0001-01")[1]
    assert "December 9998" in town.get("/__crosspost/calendar?month=9999-12")[1]
