"""Live first: a page is announced when it is there, and is ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crosspost.publish.live import LiveCheck
from crosspost.publish.outcome import Status
from crosspost.publish.run import publish_site
from crosspost.publish.stop import Stop

PAGE = '<!doctype html><html><head><META content="{uid}" Name="crosspost-uid"></head></html>'


@contextmanager
def pages(answers: list[tuple[int, str]]) -> Iterator[tuple[str, list[str]]]:
    """Serve one answer after the other, the last one for ever."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, text = answers[min(len(asked), len(answers) - 1)]
            asked.append(self.path)
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{httpd.server_port}", asked
        finally:
            httpd.shutdown()
            thread.join()


class Hurry(Stop):
    """Waits for nothing."""

    def wait(self, seconds: float) -> None:
        assert 0 < seconds <= 5


def check(url, uid="u1", budget=timedelta(seconds=30), stop=None):
    return LiveCheck(budget, "crosspost/test", stop or Hurry()).trouble(url, uid)


def test_it_waits_until_the_page_answers_with_the_post():
    ours = PAGE.format(uid="u1")
    answers = [(404, ""), (503, ""), (200, "soon"), (200, PAGE.format(uid="u0")), (200, ours)]
    told: list[str] = []
    with pages(answers) as (url, asked):
        live = LiveCheck(timedelta(seconds=30), "crosspost/test", Hurry(), told.append)
        assert live.trouble(f"{url}/a/", "u1") == ""
        (line,) = told
        assert line.startswith(f"{url}/a/ answers 404: waiting for ")
        assert asked == ["/a/"] * 5


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, ""), "answers 404"),
        ((200, "<p>Other</p>"), "no page of this site's"),
        ((200, PAGE.format(uid="u0")), "not with this post yet"),
    ],
)
def test_when_time_is_up_it_says_what_is_wrong(answer, words):
    with pages([answer]) as (url, _):
        assert words in check(url, budget=timedelta())


def test_it_waits_for_the_picture_of_the_page_too():
    shown = '<meta property="og:image" content="/a/place.jpg">'
    page = (200, PAGE.format(uid="u1") + shown)
    with pages([page, (404, ""), page, (200, "...")]) as (url, asked):
        assert check(f"{url}/a/") == ""
        assert asked == ["/a/", "/a/place.jpg"] * 2
    with pages([page, (404, "")]) as (url, _):
        assert check(f"{url}/a/", budget=timedelta()) == f"{url}/a/place.jpg answers 404"
    elsewhere = shown.replace("/a/", "http://127.0.0.1:1/")
    with pages([(200, PAGE.format(uid="u1") + elsewhere), (404, "")]) as (url, asked):
        assert check(f"{url}/a/") == ""
        assert asked == ["/a/"]


def test_it_does_not_look_where_it_is_not_to_wait():
    with pages([(404, "")]) as (url, asked):
        assert check(url, budget=None) == ""
        assert asked == []


def test_nobody_there_and_odd_addresses_are_no_crash():
    assert "cannot be reached" in check("http://127.0.0.1:1/", budget=timedelta())
    assert "no web address" in check("file:///etc/passwd", budget=timedelta())


def test_a_request_to_end_ends_the_wait():
    stop = Stop()
    stop.request()
    with pages([(404, "")]) as (url, asked):
        assert "404" in check(url, budget=timedelta(hours=9), stop=stop)
        assert len(asked) == 1


def test_a_page_that_is_not_live_leaves_its_message_planned(town, server):
    with pages([(404, ""), (200, PAGE.format(uid="a"))]) as (url, asked):
        town.url = f"{url}/ville"
        town.instance = server.url
        town.settings = "publish: {wait_until_live: 0 seconds}"
        town.post("a")
        options = {"environment": {"TOWN_TOKEN": server.token}}
        outcome = publish_site(town.index(), **options)
        assert [result.status for result in outcome.results] == [Status.LEFT]
        assert outcome.exit_status == 3
        assert town.ledger_lines() == []
        outcome = publish_site(town.index(), **options)
        assert [result.status for result in outcome.results] == [Status.CREATED]
        # The instance may have looked too by now, for its card.
        assert asked[:2] == ["/ville/2026/11/a/"] * 2
