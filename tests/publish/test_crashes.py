"""kill -9 at every boundary of the protocol, then another run: one status, whole.

The publishing process kills itself; the server lives in this one, and is spoken to over HTTP.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys

import pytest
from PIL import Image

from crosspost.publish.outcome import Status
from crosspost.publish.run import plan_site, publish_site

PUBLISH_AND_DIE = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from crosspost.channels.mastodon import MastodonChannel
from crosspost.settings_file import load_settings
from crosspost.publish.store import DirectoryStore
from crosspost.publish.run import publish_site
from crosspost.site.loading import load_index

owner, name, when, count, root, now = sys.argv[1:]
target = {"store": DirectoryStore, "channel": MastodonChannel}[owner]
method = getattr(target, name)
calls = 0

def dying(*arguments, **options):
    global calls
    calls += 1
    if when == "before" and calls == int(count):
        os.kill(os.getpid(), signal.SIGKILL)
    answer = method(*arguments, **options)
    if when == "after" and calls == int(count):
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

setattr(target, name, dying)
site, _ = load_index(load_settings(Path(root)), datetime.fromisoformat(now))
publish_site(site, settle_seconds=0)
"""

# Calls of add: claim and receipt of each message.
BOUNDARIES = [
    ("store", "add", "before", 1),
    ("store", "add", "after", 1),
    ("channel", "_upload", "after", 1),
    ("channel", "create", "before", 1),
    ("channel", "create", "after", 1),
    ("store", "add", "before", 2),
    ("store", "add", "after", 2),
    ("store", "add", "after", 3),
    ("channel", "create", "after", 2),
]
CHANGES = [
    ("store", "add", "after", 1),
    ("channel", "METHOD", "before", 1),
    ("channel", "METHOD", "after", 1),
    ("store", "add", "before", 2),
]


def colour(number):
    """Return a picture that differs from those of other numbers."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (number, 90, 140)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def crash(town):
    def run(server, boundary):
        town.instance = server.url
        town.index()
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                PUBLISH_AND_DIE,
                *map(str, boundary),
                str(town.root),
                town.now.isoformat(),
            ],
            env={**os.environ, "TOWN_TOKEN": server.token},
            check=False,
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()

    return run


@pytest.fixture
def recover(town):
    def run(server):
        site = town.index()
        outcome = publish_site(site, environment={"TOWN_TOKEN": server.token}, settle_seconds=0)
        assert outcome.exit_status == 0, outcome
        assert not plan_site(town.index()).changes
        return outcome

    return run


@pytest.mark.parametrize("profile", ["mastodon-4.6", "gotosocial", "hollo"])
@pytest.mark.parametrize("boundary", BOUNDARIES, ids=lambda one: "-".join(map(str, one)))
def test_after_a_crash_each_message_is_there_once_and_whole(
    town, make_server, crash, recover, profile, boundary
):
    server = make_server(profile=profile)
    town.settings = "publish: {wait_until_live: false}"
    town.picture("a.png")
    town.post("a", age=2, image={"src": "a.png", "alt": "Une « image »", "focus": [0.2, 0.3]})
    town.post("b", age=1)
    crash(server, boundary)
    recover(server)
    first, second = server.statuses()
    assert server.source(first["id"]).startswith("Le résumé de a.")
    assert server.source(second["id"]).startswith("Le résumé de b.")
    (media,) = first["media_attachments"]
    assert media["description"] == "Une « image »"
    if profile != "hollo":
        assert media["meta"]["focus"] == {"x": 0.2, "y": 0.3}


def test_an_hour_later_the_key_is_forgotten_and_the_search_still_finds(
    town, server, crash, recover
):
    town.settings = "publish: {wait_until_live: false}"
    town.post("a")
    crash(server, ("channel", "create", "after", 1))
    server.call("DELETE", "/sandbox/keys")
    outcome = recover(server)
    assert [result.status for result in outcome.results] == [Status.FOUND]
    assert len(server.statuses()) == 1


@pytest.mark.parametrize("profile", ["mastodon-4.6", "gotosocial"])
@pytest.mark.parametrize("boundary", CHANGES, ids=lambda one: "-".join(map(str, one)))
@pytest.mark.parametrize("method", ["edit", "delete"])
def test_after_a_crash_an_edit_and_a_deletion_are_carried_through(
    town, make_server, crash, recover, profile, method, boundary
):
    server = make_server(profile=profile)
    town.settings = "publish: {wait_until_live: false, delete: propagate}"
    town.instance = server.url
    town.picture("a.png")
    image = {"src": "a.png", "alt": "Une image"}
    town.post("a", image=image)
    recover(server)
    if method == "edit":
        town.post("a", summary="Un résumé corrigé.", image=image)
    else:
        town.post("a", draft=True)
    owner, name, when, count = boundary
    crash(server, (owner, name.replace("METHOD", method), when, count))
    recover(server)
    found = server.statuses()
    if method == "delete":
        assert found == []
        return
    (status,) = found
    assert server.source(status["id"]).startswith("Un résumé corrigé.")
    assert status["media_attachments"][0]["description"] == "Une image"


# A thread of three, its second message with two pictures: claims are calls 1, 3 and 5.
THREAD = [
    ("store", "add", "after", 2, "mastodon-4.6"),
    ("channel", "_upload", "after", 2, "mastodon-4.6"),
    ("channel", "create", "after", 2, "mastodon-4.6"),
    ("channel", "create", "after", 2, "gotosocial"),
    ("store", "add", "after", 5, "mastodon-4.6"),
    ("channel", "create", "after", 3, "gotosocial"),
]


@pytest.mark.parametrize("boundary", THREAD, ids=lambda one: "-".join(map(str, one)))
def test_after_a_crash_in_a_thread_it_goes_on_where_it_stopped(
    town, make_server, crash, recover, boundary
):
    *boundary, profile = boundary
    server = make_server(profile=profile)
    town.settings = "publish: {wait_until_live: false}"
    for name in ("a", "b"):
        town.picture(f"{name}.png", colour(ord(name)))
    images = [{"src": "a.png", "alt": "A"}, {"src": "b.png", "alt": "Bé", "focus": [0.2, 0.3]}]
    texts = ["Un.", {"text": "Deux.", "images": images}, "Trois."]
    town.post("a", channels={"mastodon": {"text": texts}})
    crash(server, boundary)
    server.call("DELETE", "/sandbox/keys")
    recover(server)
    first, second, third = server.statuses()
    assert [server.source(one["id"])[:5] for one in (first, second, third)] == [
        "Un.\n\n",
        "Deux.",
        "Trois",
    ]
    assert (second["in_reply_to_id"], third["in_reply_to_id"]) == (first["id"], second["id"])
    assert [one["description"] for one in second["media_attachments"]] == ["A", "Bé"]
    assert second["media_attachments"][1]["meta"]["focus"] == {"x": 0.2, "y": 0.3}


@pytest.mark.parametrize(
    "boundary", [("store", "add", "before", 2), ("channel", "delete", "after", 2)]
)
def test_after_a_crash_a_thread_is_taken_back_from_its_end(town, server, crash, recover, boundary):
    town.settings = "publish: {wait_until_live: false, delete: propagate}"
    town.instance = server.url
    town.post("a", channels={"mastodon": {"text": ["Un.", "Deux.", "Trois."]}})
    recover(server)
    town.post("a", draft=True)
    crash(server, boundary)
    assert server.source(server.statuses()[0]["id"]).startswith("Un.")
    recover(server)
    assert server.statuses() == []
