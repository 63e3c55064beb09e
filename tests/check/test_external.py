"""Links to other sites, asked of a real server on this machine."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crosspost.check.run import CheckOptions, check
from crosspost.check.web import KEPT_FOR, Web
from crosspost.settings_file import read_settings
from crosspost.site.loading import moment_of_run


class Elsewhere(BaseHTTPRequestHandler):
    """Answers by the path: /200, /404, /head-404 (which only GET finds), /slow."""

    def do_HEAD(self):
        self.answer("HEAD")

    def do_GET(self):
        self.answer("GET")

    def answer(self, method):
        self.server.asked.append((method, self.path, self.headers["User-Agent"]))
        status = {"/200": 200, "/404": 404, "/410": 410, "/429": 429}.get(self.path, 200)
        if self.path == "/moved":
            self.send_response(301)
            self.send_header("Location", "/200")
        else:
            self.send_response(405 if self.path == "/head" and method == "HEAD" else status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def elsewhere():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    server.base = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def found(town, web):
    settings, known = read_settings(town.root)
    options = CheckOptions(now=moment_of_run(settings, "2026-11-23"), external=True)
    return [
        f"{one.line}:{one.column} {one.message}"
        for one in check(settings, options, known, web=web).problems
        if one.code == "dead-link"
    ]


def test_what_does_not_answer_is_a_warning_at_its_line(site, post, elsewhere, tmp_path):
    base = elsewhere.base
    names = ("200", "404", "410", "head", "429", "moved", "été")
    body = "\n".join(f"[le lien numéro {name}]({base}/{name})" for name in names)
    town = site({"content/posts/a.md": post(f"{body}\n[fermé](http://127.0.0.1:1/x)")})
    web = Web(tmp_path / "links.json", delay=0, timeout=5)
    said = found(town, web)
    assert said[:2] == [
        f"6:22 {base}/404 answers 404.",
        f"7:22 {base}/410 answers 410.",
    ]
    assert len(said) == 3
    assert said[2].startswith("12:9 http://127.0.0.1:1/x cannot be reached")
    methods = {
        path: [m for m, p, _ in elsewhere.asked if p == path] for _, path, _ in elsewhere.asked
    }
    assert methods["/200"][0] == "HEAD"
    assert methods["/head"] == ["HEAD", "GET"]
    assert all(agent.startswith("crosspost/") for _, _, agent in elsewhere.asked)


def test_an_answer_holds_for_seven_days(elsewhere, tmp_path):
    clock = [1_000_000.0]
    web = Web(tmp_path / "links.json", delay=0, clock=lambda: clock[0])
    url = f"{elsewhere.base}/410"
    assert web.troubles([url]) == {url: "answers 410"}
    assert web.troubles([url]) == {url: "answers 410"}
    assert len(elsewhere.asked) == 1
    clock[0] += KEPT_FOR
    web.troubles([url])
    assert len(elsewhere.asked) == 2
    (tmp_path / "links.json").write_text('{"x": 1, "y": {"said": 3}}')
    web.troubles([url])
    assert len(elsewhere.asked) == 3


def test_no_other_site_is_asked_unless_told(site, post, elsewhere):
    town = site({"content/posts/a.md": post(f"[le lien]({elsewhere.base}/404)")})
    assert town.check().found == ["content/posts/a.md:5:11 vague-link"]
    assert elsewhere.asked == []
