"""A keyboard reaches everything, and one sees where it is."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const s = getComputedStyle(e), box = e.getBoundingClientRect();
  return {
    name: e.outerHTML.slice(0, 90), cls: e.className,
    width: s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth), style: s.outlineStyle,
    inside: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.mark.parametrize("kind", ["home", "long-read", "alert", "list-page-2", "not-found"])
@pytest.mark.parametrize("colours", ["none", "active"])
def test_focus_is_always_seen(kind, colours, site, visit):
    with visit(site.address(kind), forced_colors=colours) as seen:
        stops = []
        for _ in range(400):
            seen.page.keyboard.press("Tab")
            stop = seen.page.evaluate(FOCUSED)
            if stop is None:
                break
            stops.append(stop)
        assert stops[0]["cls"] == "skip", "the skip link must come first"
        unseen = [s for s in stops if s["width"] < 3 or s["style"] != "solid" or not s["inside"]]
        assert unseen == []
        reachable = seen.page.evaluate(
            "() => [...document.querySelectorAll('a[href], button, input, summary')]"
            ".filter(e => e.checkVisibility() && e.tabIndex >= 0).length"
        )
        assert len(stops) >= reachable > 10


def test_skip_link_shows_itself_and_leads_to_the_content(site, visit):
    with visit(site.address("home")) as seen:
        skip = seen.page.locator(".skip")
        before = skip.bounding_box()
        assert before["y"] + before["height"] < 0, "it is out of sight until it has the focus"
        seen.page.keyboard.press("Tab")
        assert skip.bounding_box()["y"] >= 0
        seen.page.keyboard.press("Enter")
        assert seen.page.evaluate("document.activeElement.id") == "content"
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.closest('main') !== null")


def test_contents_of_a_long_read_lead_to_its_chapters(site, visit):
    with visit(site.address("long-read")) as seen:
        links = seen.page.locator(".toc a")
        assert links.count() >= 4
        for number in range(links.count()):
            target = links.nth(number).get_attribute("href")
            found = seen.page.evaluate(
                "hash => document.getElementById(decodeURIComponent(hash.slice(1)))?.tagName",
                target,
            )
            assert found == "H2", target


def test_a_story_in_another_language_says_so(site, visit):
    story = site.find("english")
    with visit(site.origin + story.url) as seen:
        assert seen.page.locator("html").get_attribute("lang") == "en"
        kicker = seen.page.locator(".story-intro > .kicker")
        category = site.origin + kicker.get_attribute("href")
    address = category
    while True:
        with visit(address) as seen:
            assert seen.page.locator("html").get_attribute("lang") == "fr"
            card = seen.page.locator(f"article:has(.card-title a[href='{story.url}'])")
            if card.count():
                assert card.get_attribute("lang") == "en"
                day = card.locator(".card-date")
                assert day.get_attribute("lang") == "fr", "its date is written in French"
                return
            older = seen.page.locator(".pagination a[rel=next]")
            assert older.count(), f"{story.url} is on no page of its category"
            address = site.origin + older.get_attribute("href")
