"""`plan`, `publish` and `ledger` as a person types them."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crosspost.cli import main
from crosspost.sandbox.server import Sandbox

DAY = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d %H:%M}"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    (tmp_path / "crosspost.yaml").write_text(
        "site: {title: Valbourg, url: https://www.valbourg.example/, timezone: UTC}\n"
        "publish: {wait_until_live: false}\n"
        "channels:\n  mastodon:\n    type: mastodon\n"
        '    account: "@valbourg@sandbox.example"\n    token: ${TOWN_TOKEN}\n'
    )
    (tmp_path / "content" / "posts").mkdir(parents=True)
    write(tmp_path, "marche")
    return tmp_path


def write(root: Path, name: str, **keys: str) -> None:
    more = "".join(f"{key}: {value}\n" for key, value in keys.items())
    (root / "content" / "posts" / f"{name}.md").write_text(
        f"---\nuid: {name}\ntitle: Titre\ndate: {DAY}\nsummary: Un résumé.\n{more}---\nTexte.\n"
    )


@pytest.fixture
def run(town: Path, monkeypatch: pytest.MonkeyPatch):
    def call(*arguments: str, token: str = "") -> Result:
        monkeypatch.setenv("TOWN_TOKEN", token)
        return CliRunner().invoke(main, ["-C", str(town), *arguments], catch_exceptions=False)

    return call


def test_plan_needs_no_secret_and_no_network(run):
    done = run("plan")
    assert done.exit_code == 0
    assert "| Un résumé." in done.output
    assert "Plan: 1 to create" in done.output
    plan = json.loads(run("plan", "--format", "json").stdout)
    assert [action["action"] for action in plan["actions"]] == ["create"]
    assert run("plan", "--format", "markdown").stdout.startswith("## What crosspost would publish")


def test_a_rehearsal_says_everything_once_and_leaves_no_trace_outside(run, town):
    done = run("publish", "--sandbox")
    assert done.exit_code == 0, done.output
    assert "created  mastodon  content/posts/marche.md http://127.0.0.1:" in done.output
    assert "Published: 1 created." in done.output
    again = run("publish", "--sandbox", "--format", "json")
    assert json.loads(again.stdout)["counts"]["skipped"] == 1
    assert sorted(path.name for path in town.iterdir()) == [
        ".crosspost",
        "content",
        "crosspost.yaml",
    ]
    listed = json.loads(run("ledger", "list", "--sandbox", "--format", "json").stdout)
    assert [(row["uid"], row["state"]) for row in listed["rows"]] == [("marche", "sent")]
    assert "Plan: 0 to create" in run("plan", "--sandbox").output


def test_a_rehearsal_with_several_accounts_gives_each_its_own(run, town):
    settings = (town / "crosspost.yaml").read_text()
    museum = '  musee: {type: mastodon, account: "@musee@m.example", only: {tags: [expo]}}\n'
    twin = '  jumelle: {type: mastodon, account: "@valbourg@autre.example", only: named}\n'
    (town / "crosspost.yaml").write_text(settings + museum + twin)
    write(town, "expo", tags="[expo]", channels="{jumelle: true}")
    done = run("publish", "--sandbox", "--format", "json")
    results = json.loads(done.stdout)["results"]
    created = {(one["account"], one["uid"]) for one in results if one["status"] == "created"}
    assert created == {
        ("@valbourg@sandbox.example", "expo"),
        ("@valbourg@sandbox.example", "marche"),
        ("@musee@sandbox.example", "expo"),
        ("@jumelle@sandbox.example", "expo"),
    }
    assert "/@musee/" in next(one["status_url"] for one in results if one["channel"] == "musee")
    (skipped,) = [one for one in results if (one["channel"], one["uid"]) == ("musee", "marche")]
    assert skipped["reason"] == "not chosen: only tags expo"
    assert "Plan: 0 to create" in run("plan", "--sandbox").output


def test_a_rehearsal_speaks_to_the_sandbox_that_is_already_running(run, town, monkeypatch):
    with Sandbox(data=town / ".crosspost" / "sandbox") as box:
        port = int(box.info.url.rpartition(":")[2])
        monkeypatch.setattr("crosspost.cli.sandbox.DEFAULT_PORT", port)
        done = run("publish", "--sandbox")
        assert (
            f"created  mastodon  content/posts/marche.md {box.info.url}/@valbourg/" in done.output
        )
        page = urllib.request.urlopen(done.output.split("marche.md ")[-1].split()[0])
        assert "Un résumé." in page.read().decode()
        page.close()


def test_a_text_that_is_too_long_is_named_with_its_line(run, town):
    write(town, "long", channels=f"\n  mastodon:\n    text: {'a' * 501}")
    done = run("plan")
    assert done.exit_code == 1
    assert "content/posts/long.md:8:5: error: the text for mastodon has 526" in done.stderr
    assert json.loads(run("plan", "--format", "json").stdout)["actions"]
    published = run("publish", "--sandbox")
    assert published.exit_code == 3
    assert "content/posts/long.md:8:5" in published.stderr


def test_wrong_content_stops_before_any_server(run, town):
    write(town, "wrong", tilte="typo")
    for command in ("plan", "publish"):
        done = run(command)
        assert done.exit_code == 1
        assert "Did you mean" in done.stderr


def test_a_real_run_without_its_token_is_blocked(run):
    done = run("publish")
    assert done.exit_code == 4
    assert "TOWN_TOKEN is not set" in done.stdout
    quiet = run("--quiet", "publish")
    assert (quiet.exit_code, quiet.stdout) == (4, "")
    assert "TOWN_TOKEN is not set" in quiet.stderr


def test_what_stops_a_channel_is_said_once(run, town):
    for number in range(5):
        write(town, f"p{number}")
    with Sandbox() as sandbox:
        settings = town / "crosspost.yaml"
        settings.write_text(settings.read_text() + f"    instance: {sandbox.info.url}\n")
        fault = {"route": "POST /api/v1/statuses", "kind": "status", "status": 401}
        urllib.request.urlopen(
            urllib.request.Request(
                f"{sandbox.info.url}/sandbox/faults",
                json.dumps(fault).encode(),
                {"Content-Type": "application/json"},
            ),
            timeout=20,
        ).close()
        done = run("publish", token=sandbox.info.token)
    assert done.exit_code == 3
    assert done.stderr.count("does not accept the token") == 1
    assert "1 failed, 5 left" in done.stdout


def test_an_unknown_channel_is_wrong_usage(run):
    done = run("plan", "--channel", "mastodonn")
    assert done.exit_code == 2
    assert "Did you mean 'mastodon'?" in done.stderr


def test_a_cap_is_lifted_from_the_command_line(run, town):
    for number in range(11):
        write(town, f"p{number}")
    done = run("publish", "--sandbox")
    assert done.exit_code == 4
    assert "--max 12" in done.output
    assert run("publish", "--sandbox", "--max", "12").exit_code == 0


def test_a_person_settles_rows_by_hand(run, town):
    with Sandbox() as sandbox:
        settings = town / "crosspost.yaml"
        settings.write_text(settings.read_text() + f"    instance: {sandbox.info.url}\n")
        token = sandbox.info.token
        assert run("ledger", "adopt", "marche").exit_code == 0
        assert "before   " in run("ledger", "list").output
        assert "before crosspost" in run("plan").output
        assert run("ledger", "mark", "marche", "again").exit_code == 0
        done = run("publish", token=token)
        assert done.exit_code == 0, done.output
        assert run("ledger", "mark", "marche", "again").exit_code == 2
        assert run("ledger", "mark", "marche", "withdrawn").exit_code == 0
        assert "deleted " in run("publish", token=token).output
        assert "ended " in run("ledger", "list").output


def test_an_unknown_row_is_resolved_either_way(run, town):
    line = (
        '{{"account":"@valbourg@sandbox.example","at":"2026-11-01T00:00:00Z","channel":"mastodon",'
        '"event":"unknown","sequence":1,"uid":"{}"}}\n'
    )
    (town / "ledger" / "mastodon").mkdir(parents=True)
    path = town / "ledger" / "mastodon" / "2026-11.jsonl"
    path.write_text(line.format("marche") + line.format("gone"))
    done = run("plan")
    assert "crosspost ledger resolve gone --channel mastodon" in done.output
    assert run("ledger", "resolve", "gone").exit_code == 2
    said = "https://mastodon.example/@valbourg/1234"
    assert run("ledger", "resolve", "gone", "--said", said).exit_code == 0
    assert run("ledger", "resolve", "marche", "--not-said").exit_code == 0
    assert run("ledger", "resolve", "marche", "--not-said").exit_code == 2
    rows = {
        row["uid"]: row
        for row in json.loads(run("ledger", "list", "--format", "json").stdout)["rows"]
    }
    assert rows["gone"]["remote_id"] == "1234"
    assert rows["marche"]["state"] == "open"
    assert run("ledger", "resolve", "marché", "--not-said").exit_code == 2
    assert run("ledger", "adopt", "marche", "--url", "nowhere").exit_code == 2


def test_a_thread_is_withdrawn_and_said_anew_as_one(run, town):
    write(town, "fil", channels='{mastodon: {text: ["Un.", "Deux.", "Trois."]}}')
    done = run("publish", "--sandbox")
    assert "created  mastodon  content/posts/fil.md (3/3) http://127.0.0.1:" in done.output
    listed = run("ledger", "list", "--sandbox").output
    assert "mastodon  fil (2)  http://127.0.0.1:" in listed
    assert run("ledger", "mark", "fil", "withdrawn", "--sandbox").exit_code == 0
    done = run("publish", "--sandbox")
    assert "Published: 3 deleted, 1 skipped." in done.output
    assert run("ledger", "mark", "fil", "again", "--sandbox").exit_code == 0
    assert "Published: 3 created, 1 skipped." in run("publish", "--sandbox").output


def test_an_unknown_message_of_a_thread_is_settled_by_the_posts_uid(run, town):
    write(town, "marche", channels='{mastodon: {text: ["Un.", "Deux."]}}')
    where = {"account": "@valbourg@sandbox.example", "uid": "marche", "channel": "mastodon"}
    known = {**where, "at": f"{DAY[:10]}T10:00:00Z"}
    sent = {**known, "event": "sent", "remote_id": "1", "sequence": 1}
    claimed = {**known, "event": "claimed", "part": 2, "sequence": 2}
    path = town / "ledger" / "mastodon" / "2026-11.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(f"{json.dumps(sent)}\n{json.dumps(claimed)}\n")
    said = "https://sandbox.example/@valbourg/2"
    assert run("ledger", "resolve", "marche", "--said", said).exit_code == 0
    rows = json.loads(run("ledger", "list", "--format", "json").stdout)["rows"]
    assert [(row["part"], row["state"], row["remote_id"]) for row in rows] == [
        (1, "sent", "1"),
        (2, "sent", "2"),
    ]


def test_a_ledger_with_a_merges_marks_is_named_by_line(run, town):
    path = town / "ledger" / "mastodon" / "2026-11.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("<<<<<<< HEAD\n")
    for command in (("plan",), ("publish",), ("ledger", "list")):
        done = run(*command)
        assert done.exit_code == 1
        assert "ledger/mastodon/2026-11.jsonl:1: error" in done.stderr


def test_a_lost_record_is_shown_first_and_rebuilt_when_asked(run, town):
    write(town, "second")
    assert run("publish", "--sandbox").exit_code == 0
    record = town / ".crosspost/sandbox/ledger/mastodon"
    (path,) = record.iterdir()
    path.unlink()
    shown = run("ledger", "adopt", "--from-account", "--sandbox")
    assert shown.exit_code == 0
    assert "2 messages found; nothing is recorded without --yes. 0 unclear." in shown.stdout
    assert "found    content/posts/marche.md: http" in shown.stdout
    assert not path.exists()
    assert run("ledger", "adopt", "--from-account", "--yes", "--sandbox").exit_code == 0
    assert "absent" not in shown.stdout
    assert "0 to create" in run("plan", "--sandbox").stdout
    # What was taken back is forgotten with the record: it is named, before it is said again.
    (row, _) = json.loads(run("ledger", "list", "--sandbox", "--format", "json").stdout)["rows"]
    assert run("ledger", "mark", row["uid"], "withdrawn", "--sandbox").exit_code == 0
    assert run("publish", "--sandbox").exit_code == 0
    path.unlink()
    rebuilt = run("ledger", "adopt", "--from-account", "--yes", "--sandbox").stdout
    assert f"(uid {row['uid']})\n1 absent: the next publish says what is absent." in rebuilt
    assert run("ledger", "adopt", row["uid"], "--sandbox").exit_code == 0
    assert "0 to create" in run("plan", "--sandbox").stdout
    for wrong in ((), ("--from-account", "marche"), ("marche", "--yes")):
        assert run("ledger", "adopt", *wrong).exit_code == 2


def test_verify_says_what_is_not_as_it_was_said(run, town):
    assert run("publish", "--sandbox").exit_code == 0
    done = run("ledger", "verify", "--sandbox")
    assert done.exit_code == 0
    assert done.stdout == f"1 message said since {datetime.now(UTC):%Y-%m-%d}: 1 ok.\n"
    (row,) = json.loads(run("ledger", "list", "--sandbox", "--format", "json").stdout)["rows"]
    with Sandbox(data=town / ".crosspost/sandbox") as box:
        head = {"Authorization": f"Bearer {box.info.token}"}
        address = f"{box.info.url}/api/v1/statuses/{row['remote_id']}"
        urllib.request.urlopen(
            urllib.request.Request(address, method="DELETE", headers=head)
        ).close()
    since = ("--since", DAY)
    done = run("ledger", "verify", "--sandbox", *since)
    assert done.exit_code == 3
    assert "is not there any more; it does not come back by itself" in done.stderr
    found = json.loads(run("ledger", "verify", "--sandbox", *since, "--format", "json").stdout)
    assert found["checks"] == []
    assert run("ledger", "verify", "--sandbox", "--since", "yesterday").exit_code == 2
    assert run("ledger", "verify").exit_code == 4


def test_words_changed_by_hand_are_overwritten_when_a_person_says_so(run, town):
    assert run("ledger", "mark", "marche", "overwrite", "--sandbox").exit_code == 2
    assert run("publish", "--sandbox").exit_code == 0
    assert run("ledger", "mark", "marche", "overwrite", "--sandbox").exit_code == 0
    assert "1 to edit" in run("plan", "--sandbox").stdout
    assert "Published: 1 edited." in run("publish", "--sandbox").stdout
    assert "0 to edit" in run("plan", "--sandbox").stdout


@pytest.mark.parametrize("name", [".crosspost", ".gitattributes"])
def test_what_cannot_be_written_is_said_in_words(run, town, name):
    (town / name).mkdir() if name == ".gitattributes" else (town / name).write_text("x")
    done = run("ledger", "adopt", "marche")
    assert done.exit_code == 4
    assert f"{name}" in done.output
    assert "cannot be written" in done.output


def test_an_address_that_is_none_and_a_line_that_is_no_text_are_said_in_words(run, town):
    done = run("ledger", "adopt", "marche", "--url", "http://[x/1")
    assert done.exit_code == 2
    assert "is not a status' address" in done.output
    folder = town / "ledger" / "mastodon"
    folder.mkdir(parents=True)
    (folder / "2026-11.jsonl").write_bytes(b"\xff\n")
    done = run("ledger", "list")
    assert done.exit_code == 1
    assert (
        "2026-11.jsonl:1: error: this is no event of the ledger: it is not in UTF-8" in done.output
    )
