"""The ledger's files: durable, append-only, forgiving of a crash and of nothing else."""

from __future__ import annotations

import codecs
import json
import os
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.errors import BlockedError, SiteError
from crosspost.publish.ledger import (
    GIT_ATTRIBUTES,
    Ledger,
    ensure_git_attributes,
    publish_lock,
)
from crosspost.publish.rows import EventKind, Key, State

KEY = Key("mastodon", "@a@b", "posts/é")
NOW = datetime(2026, 11, 30, 23, 59, 59, 999, tzinfo=UTC)


def open_ledger(tmp_path, now=NOW):
    return Ledger(tmp_path / "ledger", lambda: now)


def test_events_are_lines_of_the_month_and_channel(tmp_path):
    ledger = open_ledger(tmp_path)
    ledger.append(EventKind.CLAIMED, KEY, hash="h", key="k", nothing=None)
    ledger.append(EventKind.SENT, KEY, remote_id="1", remote_url="https://b/1")
    later = open_ledger(tmp_path, NOW + timedelta(seconds=2))
    later.append(EventKind.EDITED, KEY, remote_id="1")
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.jsonl"))
    assert [str(path) for path in files] == [
        "ledger/mastodon/2026-11.jsonl",
        "ledger/mastodon/2026-12.jsonl",
    ]
    first, second = (tmp_path / files[0]).read_text().splitlines()
    assert first == (
        '{"account":"@a@b","at":"2026-11-30T23:59:59Z","channel":"mastodon","event":"claimed",'
        '"hash":"h","key":"k","sequence":1,"uid":"posts/é"}'
    )
    assert json.loads(second)["sequence"] == 2
    assert [event.sequence for event in open_ledger(tmp_path).events] == [1, 2, 3]
    assert open_ledger(tmp_path).rows == later.rows


def test_a_torn_last_line_is_passed_over_and_never_glued_to(tmp_path):
    ledger = open_ledger(tmp_path)
    ledger.append(EventKind.CLAIMED, KEY, payload={"text": "é"})
    ledger.append(EventKind.SENT, KEY, remote_id="1", payload={"text": 'a } \\" é', "media": []})
    path = next(tmp_path.rglob("*.jsonl"))
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1
    for cut in range(start + 1, len(whole) - 1):
        path.write_bytes(whole[:cut])
        torn = open_ledger(tmp_path)
        assert torn.rows[KEY].state == State.POSTING, whole[start:cut]
        assert [problem.code for problem in torn.problems] == ["torn-line"]
        assert torn.problems[0].line == 2
        torn.append(EventKind.UNKNOWN, KEY)
        again = open_ledger(tmp_path)
        assert again.rows[KEY].state == State.UNKNOWN
        assert [problem.line for problem in again.problems] == [2]
    path.write_bytes(whole[:-1])  # all but the line's end: the event is whole
    assert open_ledger(tmp_path).rows[KEY].state == State.SENT
    assert open_ledger(tmp_path).problems == ()


SENT = '{"event":"sent","channel":"c","account":"a","uid":"u","at":"2026-01-01T00:00:00Z"'


@pytest.mark.parametrize(
    "line",
    [
        "<<<<<<< HEAD",
        "=======",
        "nonsense",
        '{"event":"sent"}',
        '{"a":1}{"b":2}',
        SENT + ',"media_ids":5}',
        SENT + ',"remote_id":7}',
        SENT + ',"payload":"x"}',
        SENT + ',"payload":{"media":[{"alt":"x"}]}}',
        SENT + ',"media_ids":[1]}',
        (
            '{"event":"from the future","channel":"c","account":"a","uid":"u",'
            '"at":"2026-01-01T00:00:00Z"}'
        ),
    ],
)
def test_any_other_bad_line_stops_the_run_and_is_named(tmp_path, line):
    open_ledger(tmp_path).append(EventKind.CLAIMED, KEY)
    path = next(tmp_path.rglob("*.jsonl"))
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(SiteError) as caught:
        open_ledger(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("ledger/mastodon/2026-11.jsonl", 2)


def test_an_editor_s_mark_and_line_ends_do_no_harm(tmp_path):
    ledger = open_ledger(tmp_path)
    ledger.append(EventKind.CLAIMED, KEY)
    ledger.append(EventKind.SENT, KEY, remote_id="1")
    path = next(tmp_path.rglob("*.jsonl"))
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes().replace(b"\n", b"\r\n"))
    again = open_ledger(tmp_path)
    assert (again.rows[KEY].state, again.problems) == (State.SENT, ())


def test_a_file_that_cannot_be_read_stops_the_run_and_is_named(tmp_path):
    open_ledger(tmp_path).append(EventKind.CLAIMED, KEY)
    path = next(tmp_path.rglob("*.jsonl"))
    path.unlink()
    path.mkdir()
    with pytest.raises(SiteError, match=r"2026-11\.jsonl: error: it cannot be read"):
        open_ledger(tmp_path)


def test_two_statuses_for_one_message_are_reported(tmp_path):
    ledger = open_ledger(tmp_path)
    for remote_id in ("1", "2"):
        ledger.append(EventKind.SENT, KEY, remote_id=remote_id)
    assert [problem.code for problem in open_ledger(tmp_path).problems] == ["said-twice"]


def test_git_keeps_both_sides_of_a_merge(tmp_path):
    def git(*arguments):
        environment = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
        }
        done = subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@t.example", *arguments],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    ensure_git_attributes(tmp_path)
    ensure_git_attributes(tmp_path)
    assert (tmp_path / ".gitattributes").read_text() == f"{GIT_ATTRIBUTES}\n"
    git("init", "-q", "-b", "main")
    open_ledger(tmp_path).append(EventKind.CLAIMED, KEY)
    git("add", "-A")
    git("commit", "-q", "-m", "start")
    git("checkout", "-q", "-b", "other")
    open_ledger(tmp_path).append(EventKind.SENT, KEY, remote_id="1")
    git("commit", "-q", "-am", "sent")
    git("checkout", "-q", "main")
    open_ledger(tmp_path).append(EventKind.FAILED, KEY)
    git("commit", "-q", "-am", "failed")
    git("merge", "-q", "-m", "merge", "other")
    merged = open_ledger(tmp_path)
    assert len(merged.events) == 3
    assert merged.rows[KEY].state == State.SENT


def test_attributes_of_the_site_are_kept(tmp_path):
    (tmp_path / ".gitattributes").write_text("*.jpg binary")
    ensure_git_attributes(tmp_path)
    assert (tmp_path / ".gitattributes").read_text() == f"*.jpg binary\n{GIT_ATTRIBUTES}\n"


def test_a_full_disk_blocks_and_leaves_no_half_line(tmp_path):
    ledger = open_ledger(tmp_path)
    ledger.append(EventKind.CLAIMED, KEY)
    path = next(tmp_path.rglob("*.jsonl"))
    before = path.read_bytes()
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, old[1]))
        with pytest.raises(BlockedError, match="cannot be written"):
            ledger.append(EventKind.SENT, KEY, remote_id="1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == before
    assert ledger.rows[KEY].state == State.POSTING
    ledger.append(EventKind.SENT, KEY, remote_id="1")
    assert open_ledger(tmp_path).rows[KEY].state == State.SENT


def test_one_publish_at_a_time_on_a_checkout(tmp_path):
    path = tmp_path / ".crosspost" / "publish.lock"
    script = (
        "import sys; from pathlib import Path\n"
        "from crosspost.publish.ledger import publish_lock\n"
        "with publish_lock(Path(sys.argv[1])):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(BlockedError, match="another publish"), publish_lock(path):
            pass
        other.kill()
    with publish_lock(path):
        pass
