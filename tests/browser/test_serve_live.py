"""The preview in a real browser: one writes, breaks, mends, and looks at every channel."""

from __future__ import annotations

import shutil
from urllib.parse import urlsplit

import pytest

from crosspost.schema import moment
from crosspost.serve.live import Clock
from crosspost.serve.server import Options, PreviewServer
from crosspost.settings_file import load_settings

from .conftest import NOW, ROOT
from .test_page_axe import RULES, RUN

pytestmark = pytest.mark.browser

POST = "content/posts/2026/grippe-aviaire.md"
DRAFT = "/2026/11/carnaval-2027/"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The example site under preview; a test mends what it breaks."""
    root = tmp_path_factory.mktemp("serve") / "site"
    root.mkdir()
    for name in ("content", "templates", "static"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "crosspost.yaml", root)
    at = moment(NOW, load_settings(root).zone)
    with PreviewServer(Options(root, 0, Clock(at))) as server:
        yield root, server


@pytest.fixture(scope="module")
def tab(chromium, town):
    """A tab of the browser; what it asks of another host, and what goes wrong in it, is noted."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.wrong = []

    def watch(route):
        if urlsplit(route.request.url).port == town[1].info.port:
            route.continue_()
        else:
            page.wrong.append(route.request.url)
            route.abort()

    page.route("**/*", watch)
    page.on("console", lambda m: m.type in ("error", "warning") and page.wrong.append(m.text))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    yield page
    context.close()
    assert page.wrong == []


@pytest.fixture
def origin(town):
    return f"http://127.0.0.1:{town[1].info.port}"


def write(root, name, change):
    place = root / name
    text = place.read_text("utf-8")
    place.write_text(change(text), encoding="utf-8")
    return text


def settled(tab):
    """Wait until the page has heard from the server: from then on it misses nothing."""
    tab.locator("crosspost-preview .clock.travelled").wait_for()


def said(tab):
    return tab.locator("crosspost-preview [role=status]").text_content()


def address_of(tab, origin, path):
    tab.goto(origin + path)
    return origin + tab.get_by_role("link", name="Channels").get_attribute("href")


def test_an_edit_opens_its_page_and_keeps_the_place(tab, town, origin):
    root, _ = town
    tab.goto(f"{origin}/")
    settled(tab)
    good = write(root, POST, lambda text: text + "\n\nPremier ajout.\n")
    tab.get_by_text("Premier ajout.").wait_for()
    assert tab.url == f"{origin}/2026/11/grippe-aviaire/"
    tab.evaluate("scrollTo(0, 300)")
    write(root, POST, lambda text: text + "\n\nSecond ajout.\n")
    tab.get_by_text("Second ajout.").wait_for()
    settled(tab)
    assert tab.evaluate("scrollY") == 300
    assert (
        tab.locator("crosspost-preview [role=status]").text_content()
        == "Loaded again after a change."
    )
    (root / POST).write_text(good, encoding="utf-8")
    tab.get_by_text("Premier ajout.").wait_for(state="detached")


def test_a_style_sheet_is_swapped_without_loading_the_page(tab, town, origin):
    root, _ = town
    tab.goto(f"{origin}/")
    settled(tab)
    tab.evaluate("window.kept = 'yes'")
    css = root / "static/css/ville.css"
    css.parent.mkdir(parents=True)
    own = (ROOT / "themes/ville/static/css/ville.css").read_text("utf-8")
    try:
        css.write_text(own + "\nbody { outline: 7px solid teal }", encoding="utf-8")
        tab.wait_for_function("getComputedStyle(document.body).outlineWidth === '7px'")
        assert tab.evaluate("window.kept") == "yes"
    finally:
        css.unlink()
    tab.wait_for_function("getComputedStyle(document.body).outlineWidth !== '7px'")


def test_a_mistake_is_shown_over_the_page_and_goes_when_it_is_mended(tab, town, origin):
    root, _ = town
    tab.goto(f"{origin}/2026/11/grippe-aviaire/")
    settled(tab)
    good = write(root, POST, lambda text: text.replace("date: 2026-11-13", "date: 2026-11-33", 1))
    overlay = tab.get_by_role("dialog", name="This has to be mended")
    overlay.wait_for()
    assert f"{POST}:" in overlay.text_content()
    assert "2026-11-33" in overlay.locator(".hit").text_content()
    assert tab.evaluate("document.querySelector('h1').textContent").startswith("Grippe aviaire")
    tab.keyboard.press("Escape")
    overlay.wait_for(state="hidden")
    tab.get_by_role("button", name="1 error").click()
    overlay.wait_for()
    (root / POST).write_text(good, encoding="utf-8")
    overlay.wait_for(state="hidden")
    assert said(tab) == "Mended."


def test_the_clock_is_set_in_the_bar(tab, origin):
    tab.goto(f"{origin}/")
    settled(tab)
    assert tab.locator(".crosspost-preview-mark").all_text_contents()
    tab.locator("crosspost-preview .clock summary").click()
    tab.get_by_label("Show the site as of").fill("2026-11-15T12:00")
    tab.get_by_role("button", name="Show", exact=True).click()
    tab.locator("crosspost-preview .clock summary", has_text="As of 2026-11-15 12:00").wait_for()
    tab.wait_for_function("!document.querySelector('.crosspost-preview-mark')")
    tab.request.post(
        f"{origin}/__crosspost/clock",
        data='{"at": "2026-12-02T12:00", "unpublished": true}',
        headers={"Origin": origin},
    )
    tab.locator(".crosspost-preview-mark").first.wait_for()


def test_the_previews_are_reached_and_used_with_the_keyboard_alone(tab, town, origin):
    root, _ = town
    tab.goto(origin + DRAFT)
    settled(tab)
    channels = tab.get_by_role("link", name="Channels")
    for _ in range(120):
        tab.keyboard.press("Tab")
        if channels.evaluate("link => link.getRootNode().activeElement === link"):
            break
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/__crosspost/post/*")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    for name in ("Open the page", "Mastodon", "Feeds", "Newsletter", "Web page"):
        assert tab.evaluate("document.activeElement.textContent") == name
        tab.keyboard.press("Tab")
    status = tab.get_by_role("article", name="Status")
    assert "#Fête" in status.text_content()
    file = "content/posts/2026/carnaval-2027.md"
    good = write(root, file, lambda text: text.replace('summary: "', 'summary: "Nouveau. ', 1))
    tab.get_by_role("article", name="Status").get_by_text("Nouveau.").first.wait_for()
    (root / file).write_text(good, encoding="utf-8")
    tab.get_by_text("Nouveau.").first.wait_for(state="detached")
    assert tab.evaluate("document.activeElement.closest('#channel-mastodon') !== null")


def test_axe_finds_nothing_on_the_previews(tab, origin, node_module):
    axe = node_module("axe-core/axe.min.js")
    shots = ROOT / "tests/screenshots"
    shots.mkdir(exist_ok=True)
    pages = {
        "serve-bar": origin + DRAFT,
        "serve-posts": f"{origin}/__crosspost/",
        "serve-calendar": f"{origin}/__crosspost/calendar?month=2026-11",
        "serve-problems": f"{origin}/__crosspost/problems",
        "serve-draft": address_of(tab, origin, DRAFT),
        "serve-post": address_of(tab, origin, "/2026/11/grippe-aviaire/"),
    }
    for name, address in pages.items():
        tab.goto(address)
        tab.locator(".clock.travelled").wait_for()
        if name == "serve-post":
            tab.locator("details.warning > summary").first.click()
        tab.evaluate(axe.read_text("utf-8"))
        for scheme, width in (("light", 1280), ("dark", 360)):
            tab.emulate_media(color_scheme=scheme)
            tab.set_viewport_size({"width": width, "height": 900})
            result = tab.evaluate(RUN, RULES)
            tab.screenshot(path=shots / f"{name}-{width}.png", full_page=name != "serve-bar")
            assert result["passes"] > 15, "axe did not run"
            assert result["violations"] == [], f"{name}, {scheme}, {width} px"
            wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{name} scrolls sideways at {width} px"
        tab.set_viewport_size({"width": 1280, "height": 900})


def test_axe_finds_nothing_in_the_frames(tab, origin, node_module):
    """The newsletter in both schemes, and the item of a feed, as documents of their own."""
    axe = node_module("axe-core/axe.min.js").read_text("utf-8")
    uid = address_of(tab, origin, "/2026/11/grippe-aviaire/").rpartition("/")[2]
    rules = [rule for rule in RULES if rule.startswith("wcag")]
    for name in ("mail/light", "mail/dark", "feed"):
        tab.goto(f"{origin}/__crosspost/{name}/{uid}")
        tab.evaluate(axe)
        result = tab.evaluate(RUN, rules)
        assert result["passes"] > 5, "axe did not run"
        assert result["violations"] == [], name
