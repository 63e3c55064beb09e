"""Every kind of page fits every screen, needs no script, and asks no other host for anything."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  const scrolls = e => e && e !== document.body &&
    (getComputedStyle(e).overflowX === 'auto' || getComputedStyle(e).overflowX === 'hidden'
     || scrolls(e.parentElement));
  const out = [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e.parentElement))
    .map(e => e.outerHTML.slice(0, 90));
  return {wide, out: out.slice(0, 5)};
}"""

# Pictures load as they are scrolled to: ask for all of them, and return those that are broken.
LOAD_ALL = """async () => {
  const images = [...document.images];
  images.forEach(i => { i.loading = 'eager' });
  const states = await Promise.all(images.map(i => i.decode().then(() => '', () => i.src)));
  return states.filter(Boolean);
}"""

# What a reader may impose on any page (WCAG 1.4.12).
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important } p { margin-bottom: 2em !important }"""


def test_page_fits_every_width_and_stays_at_home(kind, site, visit):
    with visit(site.address(kind)) as seen:
        seen.page.evaluate(LOAD_ALL)
        for width in (320, 360, 768, 1280, 2560):
            seen.page.set_viewport_size({"width": width, "height": 900})
            assert seen.page.evaluate(OVERFLOW) == {"wide": 0, "out": []}, f"{width} px"
        assert seen.foreign == [], "something was asked of another host"
        assert seen.errors == []


def test_what_a_page_asks_of_another_host_is_seen_and_not_sent(site, visit):
    with visit(site.address("not-found")) as seen:
        asked = "fetch('https://elsewhere.example/').then(() => 'answered', () => 'failed')"
        assert seen.page.evaluate(asked) == "failed"
        assert seen.foreign == ["https://elsewhere.example/"]
        assert any("ERR_NAME_NOT_RESOLVED" in text for text in seen.errors)


@pytest.mark.parametrize("kind", ["home", "long-read", "list-page-2", "edition"])
def test_page_fits_when_the_reader_sets_the_spacing(kind, site, visit):
    with visit(site.address(kind), width=320) as seen:
        seen.page.add_style_tag(content=SPACING)
        assert seen.page.evaluate(OVERFLOW) == {"wide": 0, "out": []}


def test_page_says_the_same_without_javascript(kind, site, visit):
    with visit(site.address(kind)) as seen:
        with_script = seen.page.locator("body").inner_text()
    with visit(site.address(kind), scripts=False) as seen:
        assert seen.page.locator("body").inner_text() == with_script
        assert seen.page.get_by_role("navigation").first.is_visible()


@pytest.mark.parametrize("kind", ["home", "long-read", "edition"])
def test_every_picture_is_there(kind, site, visit):
    with visit(site.address(kind)) as seen:
        assert seen.page.locator("main img").count() > 0
        assert seen.page.evaluate(LOAD_ALL) == []


def test_missing_page_is_whole_at_any_depth(site, visit):
    with visit(f"{site.origin}/town/nowhere/to/be/found/") as seen:
        assert seen.page.title() == site_title(site)
        family = seen.page.locator("h1").evaluate("e => getComputedStyle(e).fontFamily")
        assert "Palatino" in family, "the style sheet did not come"
        seen.page.locator(".brand").click()
        assert seen.page.url == f"{site.origin}/town/"


def site_title(site):
    text = (site.folder / "404.html").read_text("utf-8")
    return text.partition("<title>")[2].partition("</title>")[0]


def test_print_leaves_the_story_alone(site, visit):
    with visit(site.address("long-read")) as seen:
        seen.page.emulate_media(media="print")
        for part in (".menu", ".sections", ".follow", ".toc", ".breadcrumb"):
            assert not seen.page.locator(part).is_visible(), part
        assert seen.page.locator("h1").is_visible()
        ink, paper = seen.page.evaluate(
            "() => [getComputedStyle(document.body).color,"
            " getComputedStyle(document.body).backgroundColor]"
        )
        assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")


def test_motion_only_for_those_who_allow_it(site, visit):
    script = """() => [getComputedStyle(document.documentElement).scrollBehavior,
      ...[...document.querySelectorAll('*')].map(e => getComputedStyle(e).transitionDuration)]"""
    with visit(site.address("home"), reduced_motion="reduce") as seen:
        assert set(seen.page.evaluate(script)) == {"auto", "0s"}
    with visit(site.address("home"), reduced_motion="no-preference") as seen:
        assert "smooth" in seen.page.evaluate(script)
