"""The mail of an edition, as a mail program with a browser in it shows it: narrow, wide, dark."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

# Every ground of the mail is opaque, so the nearest one is what a text stands on.
CONTRAST = """() => {
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const light = text => {
    const [x, y, z] = parts(text).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = e => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if ((parts(colour)[3] ?? 1) === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const bad = []; let seen = 0, darkest = 1;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, e = node.parentElement;
    if (!node.data.trim() || !e.checkVisibility()) continue;
    seen += 1;
    const below = light(ground(e));
    const [x, y] = [light(getComputedStyle(e).color), below].sort((p, q) => q - p);
    const ratio = (x + 0.05) / (y + 0.05);
    if (ratio < 4.5) bad.push(`${ratio.toFixed(2)}: ${node.data.trim().slice(0, 40)}`);
    darkest = Math.min(darkest, light(ground(document.querySelector('h1'))));
  }
  return {seen, bad, sheet: darkest};
}"""


@pytest.fixture
def mail(site):
    return site.address("edition") + "email.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrast_is_at_least_aa(mail, visit, scheme):
    with visit(mail, width=600, color_scheme=scheme) as seen:
        found = seen.page.evaluate(CONTRAST)
    assert found["seen"] > 15, "nothing was measured"
    assert found["bad"] == []
    assert found["sheet"] < 0.05 if scheme == "dark" else found["sheet"] > 0.9


@pytest.mark.parametrize("width", [320, 360, 600, 1280])
def test_it_is_one_column_that_never_scrolls_sideways(mail, visit, width):
    with visit(mail, width=width) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        sheet = seen.page.locator("table.sheet").bounding_box()
        assert sheet["width"] == min(width, 600)
        for picture in seen.page.locator("img").all():
            box = picture.bounding_box()
            assert box["x"] >= sheet["x"]
            assert box["x"] + box["width"] <= sheet["x"] + sheet["width"]


def test_only_pictures_of_the_site_are_asked_for_and_the_preheader_is_not_shown(mail, visit):
    with visit(mail, width=600) as seen:
        assert all(one.startswith("https://org.github.io/town/posts/") for one in seen.foreign)
        assert seen.page.locator("div.preheader").count() == 1
        assert not seen.page.locator("div.preheader").is_visible()
        button = seen.page.locator("a.button-link").first.bounding_box()
        assert button["height"] >= 44
