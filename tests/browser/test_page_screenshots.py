"""Pictures of the site for people to look at: tests/screenshots/, ignored by git."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KINDS = ["home", "long-read", "alert", "english", "list-page-2", "category", "edition", "not-found"]
SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_screenshots(width, scheme, site, visit):
    SCREENSHOTS.mkdir(exist_ok=True)
    for kind in KINDS:
        target = SCREENSHOTS / f"{kind}-{width}-{scheme}.png"
        with visit(site.address(kind), width=width, color_scheme=scheme) as seen:
            seen.page.evaluate("""async () => {
              const images = [...document.images];
              images.forEach(i => { i.loading = 'eager' });
              await Promise.all(images.map(i => i.decode()));
            }""")
            picture = seen.page.screenshot(path=target, full_page=True)
        assert picture.startswith(b"\x89PNG")
        assert int.from_bytes(picture[16:20]) == width
