"""The ledger on a branch: a real bare repository, real clones, and processes that race."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.channels.mastodon import MastodonChannel
from crosspost.config import PublishSettings
from crosspost.errors import BlockedError
from crosspost.publish.branch import BranchStore
from crosspost.publish.git import Git, without_secrets
from crosspost.publish.ledger import LEASE, Ledger, TakenError
from crosspost.publish.outcome import Status
from crosspost.publish.plan import ActionKind
from crosspost.publish.rows import EventKind, Key, State
from crosspost.publish.run import plan_site, publish_site

KEY = Key("mastodon", "@valbourg@sandbox.example", "a")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BRANCH = "crosspost-state"


def git(*arguments, cwd, **options):
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@t.example", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True, **options)
    return done.stdout.strip()


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A remote with one commit on main."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    bare, seed = tmp_path / "bare.git", tmp_path / "seed"
    git("init", "-q", "--bare", "-b", "main", str(bare), cwd=tmp_path)
    git("init", "-q", "-b", "main", str(seed), cwd=tmp_path)
    for number in (1, 2):
        (seed / "README").write_text(f"{number}\n")
        git("add", "README", cwd=seed)
        git("commit", "-q", "-m", f"c{number}", cwd=seed)
    git("push", "-q", str(bare), "main", cwd=seed)
    return bare


@pytest.fixture
def clone(bare, tmp_path):
    def make(name, *options):
        git("clone", "-q", *options, f"file://{bare}", name, cwd=tmp_path)
        return tmp_path / name

    return make


def open_store(root, **options):
    state = root / ".crosspost"
    places = (state / "ledger-kept", root / "ledger", state / "ledger")
    return BranchStore(Git(root, "origin", BRANCH), *places, **options)


def open_ledger(root, now=NOW):
    store = open_store(root, pause=lambda _: None)
    store.take_over()
    return Ledger(store, lambda: now)


def on_branch(bare):
    """What the ledger says there: a file a month, and some of these tests write in this one."""
    files = git("ls-tree", "-r", "--name-only", BRANCH, "ledger/mastodon/", cwd=bare).split()
    texts = [git("show", f"{BRANCH}:{file}", cwd=bare) for file in files]
    return [json.loads(line) for text in texts for line in text.splitlines()]


def test_a_claim_is_on_the_remote_before_claim_returns_and_nothing_else_is_touched(bare, clone):
    site = clone("a", "--depth=1")
    (site / "README").write_text("changed by hand\n")
    (site / "staged").write_text("staged\n")
    git("add", "staged", cwd=site)
    before = [git(*words.split(), cwd=site) for words in ("status --porcelain", "rev-parse HEAD")]
    ledger = open_ledger(site)
    ledger.claim(KEY, None, hash="h")
    assert [line["event"] for line in on_branch(bare)] == ["claimed"]
    ledger.append(EventKind.SENT, KEY, remote_id="1")
    assert [line["event"] for line in on_branch(bare)] == ["claimed", "sent"]
    after = [git(*words.split(), cwd=site) for words in ("status --porcelain", "rev-parse HEAD")]
    assert [line for line in after[0].splitlines() if ".crosspost" not in line] == (
        before[0].splitlines()
    )
    assert after[1] == before[1]
    assert git("rev-parse", "--is-shallow-repository", cwd=site) == "true"
    assert git("branch", "--format=%(refname:short)", cwd=site) == "main"
    assert "[skip ci]" in git("log", "--format=%s", BRANCH, cwd=bare)
    assert open_ledger(clone("b")).rows[KEY].state == State.SENT


def test_of_two_claims_one_is_refused_and_learns_who_was_first(bare, clone):
    first, second = (open_ledger(clone(name)) for name in ("a", "b"))
    other = Key("mastodon", KEY.account, "b")
    first.claim(KEY, None)
    with pytest.raises(TakenError):
        second.claim(KEY, None)
    assert second.rows[KEY].run == first.run
    second.claim(other, None)
    first.append(EventKind.SENT, KEY, remote_id="1")
    second.append(EventKind.SENT, other, remote_id="2")
    assert len(on_branch(bare)) == 4
    with pytest.raises(TakenError):  # what a receipt's push has brought here counts as well
        first.claim(other, None)


def test_the_two_are_one_even_where_they_write_the_same_words_in_the_same_second(bare, clone):
    first, second = (open_ledger(clone(name)) for name in ("a", "b"))
    assert first.run != second.run
    first.claim(KEY, None, hash="h")
    with pytest.raises(TakenError):
        second.claim(KEY, None, hash="h")


def test_adoptions_are_one_push_and_leave_what_somebody_has_claimed(bare, clone):
    first, second = (open_ledger(clone(name)) for name in ("a", "b"))
    first.claim(KEY, None)
    keys = [Key("mastodon", KEY.account, f"old{number}") for number in range(50)]
    second.adopt([(key, {"reason": "before"}) for key in [KEY, *keys]])
    assert git("rev-list", "--count", BRANCH, cwd=bare) == "2"
    assert second.rows[KEY].state == State.POSTING
    assert len(open_ledger(clone("c")).rows) == 51


def test_a_fresh_claim_is_another_runs_and_an_old_one_is_nobodys(clone):
    first = open_ledger(clone("a"))
    first.claim(KEY, None)
    second = open_ledger(clone("b"))
    assert second.held(NOW + timedelta(minutes=29)) == {KEY: NOW + LEASE}
    assert second.held(NOW + LEASE) == {}
    assert first.held(NOW) == {}
    first.append(EventKind.UNKNOWN, KEY)
    assert open_ledger(clone("c")).held(NOW) == {}


def test_a_receipt_that_cannot_be_pushed_waits_on_the_disk_for_the_next_run(bare, clone):
    site = clone("a")
    ledger = open_ledger(site)
    ledger.claim(KEY, None)
    away = bare.rename(bare.with_name("away.git"))
    ledger.append(EventKind.SENT, KEY, remote_id="1")
    assert "1 events of the ledger could not be pushed" in ledger.store.settle()
    away.rename(bare)
    elsewhere = open_ledger(clone("b"))
    assert elsewhere.rows[KEY].state == State.POSTING  # look first, it says
    again = open_ledger(site)
    assert again.rows[KEY].state == State.SENT
    assert [line["event"] for line in on_branch(bare)] == ["claimed", "sent"]
    assert not list((site / ".crosspost/ledger-kept").rglob("*.jsonl"))
    assert again.store.settle() == ""


def test_what_was_in_the_tree_is_taken_over_once(bare, clone):
    site = clone("a")
    Ledger(site / "ledger", lambda: NOW).append(EventKind.SENT, KEY, remote_id="1")
    assert open_ledger(site).rows[KEY].state == State.SENT
    assert len(on_branch(bare)) == 1
    open_ledger(site)
    assert git("rev-list", "--count", BRANCH, cwd=bare) == "1"


def test_a_remote_that_takes_no_push_stops_the_claim_in_words(bare, clone):
    ledger = open_ledger(clone("a"))
    hook = bare / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho no right to push >&2\nexit 1\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(BlockedError, match="no right to push") as caught:
        ledger.claim(KEY, None)
    assert BRANCH in str(caught.value)
    assert ledger.rows == {}


def test_a_claim_whose_answer_is_lost_is_ours_all_the_same(bare, clone, monkeypatch):
    ledger = open_ledger(clone("a"))
    push = Git.push

    def lost(self, commit):
        push(self, commit)
        return "the connection was reset"

    monkeypatch.setattr(Git, "push", lost)
    ledger.claim(KEY, None)
    assert len(on_branch(bare)) == 1


def test_a_branch_that_is_gone_is_not_begun_anew(bare, clone):
    site = clone("a")
    open_ledger(site).claim(KEY, None)
    commit = git("rev-parse", BRANCH, cwd=bare)
    git("update-ref", "-d", f"refs/heads/{BRANCH}", cwd=bare)
    with pytest.raises(BlockedError, match=f"git push origin {commit}:refs/heads/{BRANCH}"):
        open_ledger(site)


def test_without_a_network_the_last_that_was_fetched_is_read_and_said(bare, clone):
    open_ledger(clone("a")).claim(KEY, None)
    site = clone("b")  # a plain clone has the branch
    bare.rename(bare.with_name("away.git"))
    store = open_store(site, online=False)
    assert Ledger(store, lambda: NOW).rows[KEY].state == State.POSTING
    assert "as it was last fetched" in store.stale
    with pytest.raises(BlockedError):
        open_store(site)


@pytest.mark.parametrize("trouble", ["no-repository", "no-remote", "no-git"])
def test_what_is_missing_is_said_in_words(tmp_path, clone, monkeypatch, trouble):
    site = tmp_path
    if trouble == "no-remote":
        site = clone("a")
        git("remote", "rename", "origin", "upstream", cwd=site)
    if trouble == "no-git":
        monkeypatch.setenv("PATH", "/nowhere")
    words = {
        "no-repository": "not a git repository",
        "no-remote": "git remote add origin",
        "no-git": "git is not installed",
    }
    with pytest.raises(BlockedError, match=words[trouble]):
        open_store(site)


def test_credentials_in_what_git_says_are_not_repeated(clone):
    site = clone("a")
    git("remote", "set-url", "origin", "http://town:s3cr3t@127.0.0.1:9/site.git", cwd=site)
    with pytest.raises(BlockedError) as caught:
        open_store(site)
    assert "127.0.0.1:9" in str(caught.value)
    assert "s3cr3t" not in str(caught.value)
    said = "fatal: https://x-access-token:ghs_abc@git.example/: AUTHORIZATION: basic Zm9v ghp_ab1"
    assert not {"ghs_abc", "Zm9v", "ghp_ab1"} & set(without_secrets(said).replace("@", " ").split())


# Publishing


@pytest.fixture
def site(town, bare, tmp_path):
    """The town as a clone of the remote, with `branch` as its ledger and the server as given."""
    git("init", "-q", "-b", "main", cwd=town.root)
    git("remote", "add", "origin", f"file://{bare}", cwd=town.root)

    def at(server, settings=""):
        town.instance = server.url
        town.settings = f"publish: {{wait_until_live: false, ledger: branch{settings}}}"
        return town

    return at


def say(town, server, **options):
    environment = {"TOWN_TOKEN": server.token, **options.pop("environment", {})}
    return publish_site(town.index(), environment=environment, settle_seconds=0, **options)


def test_publishing_leaves_the_record_on_the_branch_and_none_in_the_tree(site, server, bare):
    town = site(server)
    town.post("a")
    assert [one.status for one in say(town, server).results] == [Status.CREATED]
    assert [line["event"] for line in on_branch(bare)] == ["claimed", "sent"]
    assert not (town.root / "ledger").exists()
    assert not (town.root / ".gitattributes").exists()
    assert not plan_site(town.index()).changes
    copy = (town.root / ".crosspost/ledger/mastodon").glob("*.jsonl")  # what a build reads
    assert [len(path.read_text().splitlines()) for path in copy] == [2]
    assert server.token not in git("log", "-p", BRANCH, cwd=bare)


def test_in_ci_and_wherever_the_remote_has_it_the_branch_is_meant(site, server, bare, tmp_path):
    town = site(server)
    town.settings = "publish: {wait_until_live: false}"
    town.post("a")
    say(town, server)
    assert (town.root / "ledger").exists()
    town.post("b")
    say(town, server, environment={"CI": "true"})
    assert {line["uid"] for line in on_branch(bare)} == {"a", "b"}
    town.post("c")
    say(town, server)
    assert {line["uid"] for line in on_branch(bare)} == {"a", "b", "c"}
    assert {line["uid"] for line in town.ledger_lines()} == {"a"}
    assert PublishSettings().ledger == "auto"


def test_a_laptop_that_never_fetched_asks_the_remote(site, server, bare, clone):
    town = site(server)
    town.settings = "publish: {wait_until_live: false}"
    open_ledger(clone("ci")).append(EventKind.SENT, KEY, remote_id="1")
    town.post("a")
    assert [one.status for one in say(town, server).results] == [Status.SKIPPED]
    for ref in (f"refs/crosspost/state/{BRANCH}", f"refs/remotes/origin/{BRANCH}"):
        git("update-ref", "-d", ref, cwd=town.root)
    bare.rename(bare.with_name("away.git"))
    with pytest.raises(BlockedError, match=r"publish\.ledger: directory"):
        say(town, server)
    assert server.statuses() == []


def test_a_clone_of_one_branch_plans_with_the_ledger_of_the_other(site, town, server, bare, clone):
    site(server).settings = ""
    git("config", "remote.origin.fetch", "+refs/heads/main:refs/remotes/origin/main", cwd=town.root)
    open_ledger(clone("ci")).append(EventKind.SENT, KEY, remote_id="1")
    town.post("a")
    bare.rename(bare.with_name("away.git"))
    (action,) = (away := plan_site(town.index())).actions
    assert action.kind == ActionKind.CREATE
    assert [one.code for one in away.warnings] == ["not-fetched"]
    bare.with_name("away.git").rename(bare)
    (action,) = plan_site(town.index()).actions
    assert action.kind == ActionKind.SKIP


def test_a_network_that_fails_before_the_claim_sends_nothing(site, server, bare):
    town = site(server)
    town.post("a")
    shown = []

    def cut(plan):
        shown.append(plan)
        bare.rename(bare.with_name("away.git"))

    with pytest.raises(BlockedError):
        say(town, server, show_plan=cut)
    assert shown
    assert server.statuses() == []


def test_a_claim_of_a_run_that_may_be_alive_is_left_to_it_and_then_taken_over(
    site, server, clone, bare
):
    town = site(server)
    town.post("a")
    other = Ledger(open_store(clone("other")), lambda: datetime.now(UTC))
    other.claim(KEY, None, action="create", hash="h", key="k", url="https://x.example/")
    (result,) = say(town, server).results
    assert result.status == Status.LEFT
    assert "another run has claimed it" in result.words
    assert server.statuses() == []
    late = lambda: datetime.now(UTC) + LEASE  # noqa: E731
    assert [one.status for one in say(town, server, clock=late).results] == [Status.CREATED]
    assert [line.get("action") for line in on_branch(bare)] == ["create", "settle", None]


def test_where_the_run_died_the_next_one_need_not_wait(site, server, bare, monkeypatch):
    town = site(server)
    town.post("a")
    create = MastodonChannel.create

    def dying(*arguments):
        create(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(MastodonChannel, "create", dying)
        with pytest.raises(KeyboardInterrupt):
            say(town, server)
    assert [line["event"] for line in on_branch(bare)] == ["claimed"]
    assert [one.status for one in say(town, server).results] == [Status.FOUND]
    assert len(server.statuses()) == 1


def test_a_network_that_fails_in_the_middle_leaves_the_rest_and_keeps_the_receipt(
    site, server, bare
):
    town = site(server)
    for name in ("a", "b", "c"):
        town.post(name)
    away = bare.with_name("away.git")

    def cut(result):
        if bare.exists():
            bare.rename(away)

    outcome = say(town, server, report=cut)
    assert [one.status for one in outcome.results] == [Status.CREATED, Status.LEFT, Status.LEFT]
    assert outcome.exit_status == 3
    away.rename(bare)
    again = say(town, server)
    assert [one.status for one in again.results] == [
        Status.SKIPPED,
        Status.CREATED,
        Status.CREATED,
    ]


def test_a_run_that_was_overtaken_says_nothing_twice(site, server, clone):
    town = site(server)
    town.post("a", age=2)
    town.post("b")
    ledger = Ledger(open_store(clone("other")), lambda: datetime.now(UTC))

    def overtake(_):
        ledger.claim(KEY, None, action="create")
        ledger.append(EventKind.SENT, KEY, remote_id="1")

    outcome = say(town, server, show_plan=overtake)
    assert [one.status for one in outcome.results] == [Status.SKIPPED, Status.CREATED]
    assert len(server.statuses()) == 1


RACE = """
import sys
from datetime import datetime
from pathlib import Path
from crosspost.settings_file import load_settings
from crosspost.publish.run import publish_site
from crosspost.site.loading import load_index

root, now = sys.argv[1:]
site, _ = load_index(load_settings(Path(root)), datetime.fromisoformat(now))
print("ready", flush=True)
sys.stdin.readline()
publish_site(site, settle_seconds=0)
"""


def test_two_publishers_at_once_say_each_message_once(town, bare, clone, make_server, tmp_path):
    server = make_server(profile="gotosocial")  # it ignores keys: the claim alone decides
    server.fault(route="POST /api/v1/statuses", kind="slow", seconds=0.15, times=None)
    roots = [clone(name, "--depth=1") for name in ("laptop", "ci")]
    for town.root in roots:
        town.instance = server.url
        town.settings = "publish: {wait_until_live: false, ledger: branch}"
        for number in range(6):
            town.post(f"p{number}", age=8 - number)
        town.post("old", age=40)
        town.index()
    command = [sys.executable, "-c", RACE]
    processes = [
        subprocess.Popen(
            [*command, str(root), town.now.isoformat()],
            env={**os.environ, "TOWN_TOKEN": server.token},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for root in roots
    ]
    for process in processes:
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in processes:
        _, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint.decode()
    texts = [server.source(status["id"]) for status in server.statuses()]
    assert sorted(text.split("\n")[0] for text in texts) == [
        f"Le résumé de p{number}." for number in range(6)
    ]
    rows = open_ledger(clone("judge")).rows
    assert sorted(str(row.state) for row in rows.values()) == ["before", *["sent"] * 6]
