"""`ledger verify` over HTTP: statuses with their pictures, and the cards that a server made."""

from __future__ import annotations

import functools
import json
import threading
import time
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from crosspost.cli import main


@pytest.fixture
def run(town, server, monkeypatch):
    """A function that runs a command on the town, whose site is served on this machine."""
    output = town.root / "output"
    output.mkdir()

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    monkeypatch.setenv("TOWN_TOKEN", server.token)
    here = functools.partial(Handler, directory=output)
    with ThreadingHTTPServer(("127.0.0.1", 0), here) as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.02,))
        thread.start()
        town.url, town.instance = f"http://127.0.0.1:{site.server_port}", server.url
        town.settings = "publish: {wait_until_live: 10 seconds}"
        town.write_settings()

        def call(*arguments):
            command = ["-C", str(town.root), *arguments]
            return CliRunner().invoke(main, command, catch_exceptions=False)

        yield call
        site.shutdown()
        thread.join()


def cards(server, count):
    """Return the titles of the cards that are there, once there are so many."""
    while len(found := [one["card"]["title"] for one in server.statuses() if one["card"]]) < count:
        time.sleep(0.01)
    return found


def findings(run):
    done = run("ledger", "verify", "--format", "json")
    assert done.exit_code == 0, done.output
    return {one["uid"]: one["finding"] for one in json.loads(done.stdout)["checks"]}


def test_verify_tells_the_status_whose_link_has_no_card(town, server, run):
    """The theme's own pages, read by the sandbox as Mastodon reads them."""
    town.now = datetime.now(UTC)
    town.picture("a.png")
    town.post("avec", age=3, title="Le marché & le sapin")
    town.post("sans", age=2)
    town.post("image", age=1, image={"src": "a.png", "alt": "Une image"})
    assert run("build").exit_code == 0
    server.fault(kind="card-missing", skip=1)
    done = run("publish")
    assert done.exit_code == 0, done.output
    assert cards(server, 1) == ["Le marché & le sapin"]
    assert findings(run) == {"avec": "right", "sans": "plain", "image": "right"}
    done = run("ledger", "verify")
    assert "plain    mastodon  content/posts/sans.md" in done.output
    assert "has no preview of its link" in done.output
    assert "3 messages said since" in done.output
    # An edit has the page looked at anew.
    town.post("sans", age=2, summary="Mieux dit.")
    assert run("build").exit_code == 0
    assert run("publish").exit_code == 0
    assert cards(server, 2) == ["Le marché & le sapin", "Titre sans"]
    assert findings(run) == {"avec": "right", "sans": "right", "image": "right"}
