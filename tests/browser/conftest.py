"""The example site, built once below a base path, served on 127.0.0.1, and a real Chromium."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

# As the run began: each test then runs as if on a desk.
_IN_CI = bool(os.environ.get("CI"))
ROOT = Path(__file__).resolve().parents[2]
BASE = "/town/"
NOW = "2026-12-02T12:00:00+01:00"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing leaves this machine, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a built page says of itself: its path below output/, its language, its classes."""

    path: str
    lang: str
    body: frozenset[str]
    story: frozenset[str]

    @property
    def url(self) -> str:
        return BASE + self.path.removesuffix("index.html")


KINDS: dict[str, Callable[[Facts], bool]] = {
    "home": lambda page: page.path == "index.html",
    "post": lambda page: "kind-post" in page.body and "has-toc" not in page.story,
    "long-read": lambda page: "kind-post" in page.body and "has-toc" in page.story,
    "alert": lambda page: "story-alert" in page.story,
    "english": lambda page: "kind-post" in page.body and page.lang == "en",
    "page": lambda page: "kind-page" in page.body,
    "list-page-2": lambda page: "list-all" in page.body and page.path.endswith("page/2/index.html"),
    "category": lambda page: "list-category" in page.body,
    "tag": lambda page: "list-tag" in page.body,
    "year": lambda page: "list-year" in page.body,
    "edition": lambda page: "kind-edition" in page.body,
    "editions": lambda page: "kind-editions" in page.body,
    "not-found": lambda page: page.path == "404.html",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a `kind`, without naming some, on every kind of page."""
    named = any("kind" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "kind" in metafunc.fixturenames and not named:
        metafunc.parametrize("kind", list(KINDS))


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """The built example site: `folder` is its output/, `origin` where it is served."""

    folder: Path
    origin: str
    pages: tuple[Facts, ...]

    def find(self, kind: str) -> Facts:
        """Return the first page of a kind; the example site must have one of each."""
        for page in self.pages:
            if KINDS[kind](page):
                return page
        pytest.fail(f"the example site has no page of the kind '{kind}'")

    def address(self, kind: str) -> str:
        """Return where a page of a kind is served."""
        return self.origin + self.find(kind).url


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example site below /town/, where a link that forgets the base path breaks."""
    place = tmp_path_factory.mktemp("browser")
    site = place / "site"
    site.mkdir()
    for name in ("content", "templates", "static"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, site / name)
    settings = (ROOT / "crosspost.yaml").read_text("utf-8")
    moved, count = re.subn(
        r"(\burl:\s*)https?://[^\s,}]+", r"\1https://org.github.io/town/", settings, count=1
    )
    assert count == 1, "crosspost.yaml has no url to move below a base path"
    (site / "crosspost.yaml").write_text(moved, "utf-8")
    output = place / "served" / "town"
    output.parent.mkdir()
    main = "import sys; from crosspost.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", main, "-C", site, "build", "--output", output, "--now", NOW]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return output


@pytest.fixture(scope="session")
def site(output: Path) -> Iterator[BuiltSite]:
    """Serve the built site as GitHub Pages would: below /town/, with its own page for errors."""
    handler = partial(_Handler, directory=str(output.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    origin = f"http://127.0.0.1:{server.server_port}"
    yield BuiltSite(output, origin, tuple(_facts(output)))
    server.shutdown()
    server.server_close()
    thread.join()


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Keep the test's output clean."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """A browser that goes to another page takes no more of this one."""
        with suppress(BrokenPipeError, ConnectionResetError):
            super().copyfile(source, outputfile)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = (Path(self.directory) / "town" / "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _facts(output: Path) -> Iterator[Facts]:
    for path in sorted(output.rglob("*.html")):
        text = path.read_text("utf-8")
        body = re.search(r'<body class="([^"]*)"', text)
        if body is None:
            continue  # a redirect, or an e-mail
        lang = re.search(r'<html lang="([^"]*)"', text)
        story = re.search(r'<article class="(story[^"]*)"', text)
        yield Facts(
            path.relative_to(output).as_posix(),
            lang[1] if lang else "",
            frozenset(body[1].split()),
            frozenset(story[1].split()) if story else frozenset(),
        )


def _missing(what: str, command: str) -> None:
    """Skip on a developer's machine, with the command that enables the test; fail in CI."""
    message = f"{what} is missing: {command}"
    if _IN_CI:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium: the one that CROSSPOST_CHROMIUM names, else one on PATH."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CROSSPOST_CHROMIUM") or next(filter(None, map(shutil.which, names)), "")
    if not found:
        _missing("Chromium", "apt-get install chromium, or set CROSSPOST_CHROMIUM to its path")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("Playwright", "pip install --group test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@dataclass(slots=True)
class Visit:
    """A page in the browser, and what went wrong on it."""

    page: Any
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


OpenPage = Callable[..., AbstractContextManager[Visit]]


class Tab:
    """A tab that is used again: to open one costs more than what most tests look at in it.

    Each visit loads a document of its own, and says anew what its reader has set.
    """

    def __init__(self, chromium: Any, home: str, **options: Any) -> None:
        self._context = chromium.new_context(**options)
        self._page = self._context.new_page()
        self._home = home
        self._visit = Visit(self._page)
        self._page.on("request", self._asked)
        self._page.on("console", self._said)
        self._page.on("pageerror", lambda error: self._visit.errors.append(str(error)))

    def _asked(self, request: Any) -> None:
        place = urlsplit(request.url)
        if place.scheme in ("http", "https") and place.netloc != self._home:
            self._visit.foreign.append(request.url)

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self._visit.errors.append(message.text)

    def open(self, address: str, width: int, media: Mapping[str, str]) -> Visit:
        """Load a page as a reader with these settings sees it; all others are as they are born."""
        unset = dict.fromkeys(("media", "color_scheme", "forced_colors"), "null")
        self._page.goto("about:blank")
        self._page.mouse.move(0, 0)
        self._page.set_viewport_size({"width": width, "height": 900})
        self._page.emulate_media(**{**unset, "reduced_motion": "reduce", **media})
        self._visit = Visit(self._page)
        self._page.goto(address, wait_until="load")
        return self._visit

    def close(self) -> None:
        """Close it."""
        self._context.close()


@pytest.fixture(scope="session")
def tabs(chromium: Any, site: BuiltSite) -> Iterator[Callable[[bool], Tab]]:
    """Return `tabs(scripts)`: the tab in which scripts run, or the one in which they do not."""
    opened: dict[bool, Tab] = {}

    def tab(scripts: bool) -> Tab:
        if scripts not in opened:
            home = urlsplit(site.origin).netloc
            opened[scripts] = Tab(chromium, home, java_script_enabled=scripts)
        return opened[scripts]

    yield tab
    for one in opened.values():
        one.close()


@pytest.fixture
def visit(tabs: Callable[[bool], Tab]) -> OpenPage:
    """Return `visit(address, width=1280, scripts=True, **media)`: load a page, and look at it."""

    @contextmanager
    def opened(
        address: str, *, width: int = 1280, scripts: bool = True, **media: str
    ) -> Iterator[Visit]:
        yield tabs(scripts).open(address, width, media)

    return opened


@pytest.fixture(scope="session")
def java() -> str:
    """Return the command that runs Java."""
    found = shutil.which("java")
    if found is None:
        _missing("Java", "apt-get install default-jre-headless")
    return found or ""


@pytest.fixture(scope="session")
def node_module() -> Callable[[str], Path]:
    """Return `node_module("axe-core/axe.min.js")`: a file of an npm package."""

    def locate(name: str) -> Path:
        path = ROOT / "node_modules" / name
        if not path.is_file():
            package = name.partition("/")[0]
            _missing(package, f"npm install --no-save --ignore-scripts {package}")
        return path

    return locate
