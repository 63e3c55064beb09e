"""A town, the checkouts that publish it, its server, and what that must hold in the end.

What should be said is told by a model of its own: words, pictures and answers of a poll as they
were written into the posts, with a number for each version. Nothing of crosspost composes them.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from PIL import Image

from crosspost.publish.rows import Event, Key, State, fold
from no_secrets import secrets_in

HERE = Path(__file__).resolve().parent
BRANCH = "crosspost-state"
ACCOUNT = "@valbourg@sandbox.example"
LEASE_AND_MORE = 31 * 60
SAID = re.compile(r"Avis (\w+), message (\d+), version (\d+)")
CHANGES = ("create", "edit", "delete")
QUIET = ("skipped", "adopted")
SETTLES = "crosspost ledger resolve"
REFUSES = """#!/bin/sh
if [ -e hold ]; then
  touch held
  while [ -e hold ]; do sleep 0.02; done
fi
left=$(cat refusals 2>/dev/null || echo 0)
rm -f held
[ "$left" -gt 0 ] || exit 0
echo $((left - 1)) >refusals
echo "not now" >&2
exit 1
"""


@cache
def picture(number):
    """Return a picture that is as wide as no other one."""
    out = io.BytesIO()
    Image.new("RGB", (20 + number, 16), (number * 37 % 256, 90, 140)).save(out, "PNG")
    return out.getvalue()


class Publisher:
    """The process whose children publish; the secret that they get is theirs alone."""

    def __init__(self, folder):
        environment = {k: v for k, v in os.environ.items() if k not in ("CI", "GITHUB_ACTIONS")}
        environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "publisher_process.py"), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            encoding="utf-8",
        )

    def ask(self, **request):
        """Serve one request, and return what became of it."""
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@dataclass
class Clock:
    """How far the server, and all who publish to it, are ahead of this machine."""

    server: object
    ahead: int = 0

    def advance(self, seconds):
        self.server.call("POST", "/sandbox/clock", {"advance": seconds})
        self.ahead += seconds

    def now(self):
        return datetime.now(UTC) + timedelta(seconds=self.ahead)


@dataclass
class Part:
    """One message as it is written: which version of its words, and its pictures by number."""

    version: int
    pictures: list[tuple[int, str]] = field(default_factory=list)
    poll: list[str] = field(default_factory=list)


@dataclass
class Post:
    """A post as it is written, and what people did to it besides."""

    uid: str
    date: datetime
    parts: list[Part]
    withdrawn: bool = False
    removed: bool = False
    touched: bool = False
    """A status of it was deleted by hand: what is left is a person's affair."""

    @property
    def wanted(self):
        return not self.withdrawn and not self.removed

    def text(self, number):
        words = f"Avis {self.uid}, message {number}, version {self.parts[number - 1].version}."
        url = f"https://www.valbourg.example/{self.date:%Y/%m}/{self.uid}/"
        return f"{words}\n\n{url}" if number == 1 else words

    def front(self):
        texts = []
        for number, part in enumerate(self.parts, start=1):
            one = {"text": self.text(number).partition("\n")[0]}
            if part.pictures:
                one["images"] = [{"src": f"{n}.png", "alt": alt} for n, alt in part.pictures]
            if part.poll:
                one["poll"] = {"options": part.poll, "expires_in": "3 days"}
            texts.append(one)
        front = {
            "uid": self.uid,
            "title": f"Titre {self.uid}",
            "date": f"{self.date:%Y-%m-%d %H:%M}",
            "draft": self.withdrawn,
            "channels": {"mastodon": {"text": texts}},
        }
        lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items())
        return "---\n" + "\n".join(lines) + "\n---\nDu texte.\n"


class World:
    """One site on one or two machines, and what was planned, said and done to it."""

    def __init__(self, folder, server, clock, publisher, backend, tally):
        self.folder, self.server, self.clock = folder, server, clock
        self.publisher, self.backend, self.tally = publisher, backend, tally
        self.posts = {}
        self.planned = set()
        self.number = 0
        self.histories = True
        folder.mkdir(parents=True)
        self.bare = folder / "bare.git"
        self.roots = [folder / "a"]
        if backend == "branch":
            self.roots.append(folder / "b")
            self._git("init", "-q", "--bare", "-b", "main", str(self.bare), cwd=folder)
            hook = self.bare / "hooks/pre-receive"
            hook.parent.mkdir(exist_ok=True)
            hook.write_text(REFUSES)
            hook.chmod(0o755)
        for root in self.roots:
            (root / "content/posts").mkdir(parents=True)
            if backend == "branch":
                self._git("init", "-q", "-b", "main", ".", cwd=root)
                self._git("remote", "add", "origin", f"file://{self.bare}", cwd=root)
            self._write_settings(root)
        self._clean_server()

    # What people do

    def write(self, *parts):
        """Write a new post; return its uid."""
        self.number += 1
        uid = f"p{self.number}"
        date = self.clock.now() - timedelta(hours=20) + timedelta(minutes=self.number)
        self.posts[uid] = Post(uid, date, list(parts) or [self.part()])
        self.save(uid)
        return uid

    def part(self, pictures=0, poll=False):
        """Return a new message."""
        answers = ["Oui", "Non"] if poll and not pictures else []
        return Part(self.next(), [self.new_picture() for _ in range(pictures)], answers)

    def new_picture(self):
        number = self.next()
        return number, f"Image {number}"

    def save(self, uid):
        """Put a post into every checkout as it is now."""
        post = self.posts[uid]
        for root in self.roots:
            folder = root / "content/posts"
            path = folder / f"{uid}.md"
            if post.removed:
                path.unlink(missing_ok=True)
                continue
            path.write_text(post.front(), encoding="utf-8")
            for part in post.parts:
                for number, _ in part.pictures:
                    (folder / f"{number}.png").write_bytes(picture(number))

    def delete_by_hand(self, uid):
        """Delete one status of a post on the server, where there is one."""
        mine = [one for one in self.server.statuses() if said(one)[0] == uid]
        if mine:
            self.server.call("DELETE", f"/api/v1/statuses/{mine[-1]['id']}")
            self.posts[uid].touched = True

    # Publishing

    def publish(self, who=0, **options):
        """Publish from one checkout, and see that nothing was said that must not be."""
        self.plan()
        root = self.roots[who % len(self.roots)]
        request = {
            "publish": str(root),
            "now": self.clock.now().isoformat(),
            "ahead": self.clock.ahead,
            "environment": {"TOWN_TOKEN": self.server.token},
        }
        done = self.publisher.ask(**request, **options)
        return self._judged(done)

    def resume(self, done, *, kill=False):
        """Let a child go on that waits at its boundary, or kill it there."""
        self.plan()
        return self._judged(self.publisher.ask(resume=done["paused"], kill=kill))

    def refuse_pushes(self, count):
        """Let the remote refuse the next pushes."""
        if self.backend == "branch":
            (self.bare / "refusals").write_text(str(count))

    def end_faults(self):
        self.server.call("DELETE", "/sandbox/faults")
        self.refuse_pushes(0)

    def recover(self, who=0):
        """Publish without faults, after the lease, until nothing is left to do; check it all."""
        self.end_faults()
        if self.backend == "branch":
            self.clock.advance(LEASE_AND_MORE)
        for _ in range(6):
            done = self.publish(who)
            unclear = [one for one in done["results"] if SETTLES in one[4]]
            for uid, part, *_ in unclear:
                self._settle_by_hand(who, uid, part)
            if not unclear and not self._left(done):
                break
        else:
            raise AssertionError(f"it does not come to an end: {done}")
        self.check()

    def check(self):
        """The server holds each message once and whole, and the ledger says so."""
        statuses = self._by_message()
        rows = self.rows()
        for post in self.posts.values():
            if post.touched:
                continue
            keys = [(post.uid, n) for n in range(1, len(post.parts) + 1)] if post.wanted else []
            there = sorted(key for key in statuses if key[0] == post.uid)
            assert there == keys, f"of {post} there are {there}"
            before = None
            for number, part in enumerate(post.parts if post.wanted else (), start=1):
                status = statuses[post.uid, number]
                self._check_status(post, number, part, status, before)
                before = status["id"]
                row = rows[Key("mastodon", ACCOUNT, post.uid, number)]
                assert (row.state, row.remote_ids) == (State.SENT, (status["id"],)), row
                assert row.payload["text"] == post.text(number)
        live = {status["id"] for status in statuses.values()}
        for key, row in rows.items():
            if row.state == State.SENT and not self.posts[key.uid].touched:
                assert row.remote_id in live, row
            assert not row.unsettled or self.posts[key.uid].touched, row
        self.tally["messages"] += len(statuses)

    def _left(self, done):
        """Return what a run changed or could not do; of what people meddled with, nothing is."""
        return [
            one
            for one in done["results"]
            if (one[2] in CHANGES or one[3] not in QUIET) and not self.posts[one[0]].touched
        ]

    def rows(self):
        """Return what the ledger says, wherever it is."""
        if self.backend == "directory":
            files = [path.read_text("utf-8") for path in self.roots[0].glob("ledger/*/*.jsonl")]
        elif self._git("for-each-ref", f"refs/heads/{BRANCH}", cwd=self.bare):
            names = self._git("ls-tree", "-r", "--name-only", BRANCH, cwd=self.bare).split()
            files = [self._git("show", f"{BRANCH}:{name}", cwd=self.bare) for name in names]
        else:
            files = []
        events = []
        for text in files:
            for line in text.splitlines():
                try:
                    events.append(Event.from_line(line))
                except ValueError:
                    assert self.backend == "directory", line  # torn by a kill; never pushed so
        return fold(events)

    def _check_status(self, post, number, part, status, before):
        assert self.server.source(status["id"]) == post.text(number)
        assert status["in_reply_to_id"] == before
        pictures = [
            (one["meta"]["original"]["width"] - 20, one["description"])
            for one in status["media_attachments"]
        ]
        assert pictures == part.pictures
        options = [one["title"] for one in (status["poll"] or {"options": ()})["options"]]
        assert options == part.poll
        if status["edited_at"] and self.histories:
            history = self.server.call("GET", f"/api/v1/statuses/{status['id']}/history")
            assert {said(one) for one in history} <= self.planned

    def _judged(self, done):
        """Look at what a run left: nothing twice, and nothing that no plan held."""
        self.tally["runs"] += 1
        if "paused" in done:
            return done
        assert done["status"] != 70, done["complaint"]
        assert self.server.token not in json.dumps(done)
        if done["status"] == -9:
            self.tally["publishers killed"] += 1
            self.tally[f"at {done['met'][-1]}"] = 1
        self._by_message()
        return done

    def _by_message(self):
        """Return each status by its message, without meeting the faults that wait for a run."""
        faults = self.server.call("GET", "/sandbox/faults")
        self.server.call("DELETE", "/sandbox/faults")
        statuses = self.server.statuses()
        for fault in faults:
            self.server.fault(**{name: value for name, value in fault.items() if name != "id"})
        found = {}
        for status in statuses:
            uid, number, version = said(status)
            assert (uid, number, version) in self.planned, f"nobody planned {said(status)}"
            assert (uid, number) not in found, f"{uid}, message {number}, was said twice"
            found[uid, number] = status
        return found

    def plan(self):
        """Note what a run that begins now may say."""
        for post in self.posts.values():
            if post.wanted:
                for number, part in enumerate(post.parts, start=1):
                    self.planned.add((post.uid, number, part.version))

    def _settle_by_hand(self, who, uid, part):
        """Do what the message asks a person for: look at the account, and say what is there."""
        status = self._by_message().get((uid, part))
        words = ["--said", status["url"]] if status else ["--not-said"]
        root = str(self.roots[who % len(self.roots)])
        done = self.publisher.ask(
            command=["-C", root, "ledger", "resolve", uid, *words], ahead=self.clock.ahead
        )
        assert done["status"] == 0, done
        self.tally["a person asked"] += 1

    def _write_settings(self, root):
        (root / "crosspost.yaml").write_text(
            "site: {title: V, url: https://www.valbourg.example, language: fr, timezone: UTC}\n"
            "publish: {wait_until_live: false, delete: propagate, max_creates: 99, max_edits: 99, "
            f"max_deletes: 99, ledger: {self.backend}}}\n"
            "channels:\n  mastodon:\n    type: mastodon\n    wait_for_media: 1 second\n"
            f"    account: '{ACCOUNT}'\n    token: ${{TOWN_TOKEN}}\n"
            f"    instance: {self.server.url}\n",
            encoding="utf-8",
        )

    def _clean_server(self):
        self.end_faults()
        for status in self.server.statuses():
            self.server.call("DELETE", f"/api/v1/statuses/{status['id']}")
        self.server.call("DELETE", "/sandbox/keys")

    def next(self):
        """Return a number that nothing has yet."""
        self.number += 1
        return self.number

    def _git(self, *arguments, cwd):
        done = subprocess.run(
            ["git", *arguments], cwd=cwd, capture_output=True, text=True, check=True
        )
        return done.stdout

    def close(self):
        """Leave nothing behind, and no secret before that."""
        assert secrets_in(self.folder, {self.server.token}) == []
        shutil.rmtree(self.folder)


def said(status):
    """Return which message a status is, and in which version of its words."""
    uid, number, version = SAID.search(status["content"]).groups()
    return uid, int(number), int(version)
