"""Make the picture of README.md: the example town's home page beside its Mastodon timeline.

`python tools/screenshot.py` needs a Chromium. Both halves are made by crosspost from `content/`, in
a temporary copy of the example site.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from crosspost.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "town.png"
NOW = "2026-11-23T18:00"
HEIGHT = 860
SITE_WIDTH, PHONE_WIDTH = 1200, 500
EDGE, BACKGROUND = 28, "#e8e4dc"


def main() -> None:
    """Build, rehearse, look at both, and put them side by side."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        for name in ("content", "themes"):
            shutil.copytree(ROOT / name, site / name)
        shutil.copy(ROOT / "crosspost.yaml", site)
        _crosspost(site, "build")
        _crosspost(site, "publish", "--sandbox")
        halves = _look(site)
    width = SITE_WIDTH + PHONE_WIDTH + 3 * EDGE
    whole = Image.new("RGB", (width, HEIGHT + 2 * EDGE), BACKGROUND)
    whole.paste(halves[0], (EDGE, EDGE))
    whole.paste(halves[1], (SITE_WIDTH + 2 * EDGE, EDGE))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    whole.quantize(160, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}  {PICTURE.stat().st_size // 1000} kB\n")


def _crosspost(site: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "crosspost", "--quiet", *arguments, "--now", NOW]
    subprocess.run(command, cwd=site, check=True)  # noqa: S603


def _look(site: Path) -> tuple[Image.Image, Image.Image]:
    handler = partial(SimpleHTTPRequestHandler, directory=str(site / "output"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    account = "@valbourg@sandbox.example"
    with (
        Sandbox(data=site / ".crosspost/sandbox", account=account) as sandbox,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        home = _shot(browser, f"http://127.0.0.1:{server.server_port}/", SITE_WIDTH, site / "a.png")
        timeline = _shot(browser, sandbox.info.url, PHONE_WIDTH, site / "b.png")
        browser.close()
    server.shutdown()
    server.server_close()
    return home, timeline


def _shot(browser: Browser, url: str, width: int, path: Path) -> Image.Image:
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme="light")
    page.goto(url, wait_until="networkidle")
    page.screenshot(path=path)
    page.close()
    with Image.open(path) as image:
        return image.convert("RGB")


if __name__ == "__main__":
    main()
