"""A process that is asked to end, and the search for secrets that every test here ends with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from no_secrets import secrets_in


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_that_is_asked_to_end_ends_its_call_and_leaves_with_3(town, server, number):
    for name in ("a", "b"):
        town.post(name)
    town.instance = server.url
    town.settings = "publish: {wait_until_live: false, window: 3650 days}"
    town.index()
    server.fault(route="POST /api/v1/statuses", kind="slow", seconds=0.8)
    command = [sys.executable, "-m", "crosspost", "-C", str(town.root), "publish"]
    with subprocess.Popen(
        [*command, "--now", town.now.isoformat()],
        env={**os.environ, "TOWN_TOKEN": server.token},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while server.call("GET", "/sandbox/faults"):  # until the call has met it
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        told, complaint = process.communicate(timeout=60)
    assert process.returncode == 3, complaint
    assert "1 created, 1 left" in told
    assert "The run was asked to end." in told
    assert [line["event"] for line in town.ledger_lines()] == ["claimed", "sent"]
    assert len(server.statuses()) == 1
    assert server.token not in told + complaint


def test_the_search_for_secrets_finds_them_in_files_and_in_git(tmp_path):
    assert secrets_in(tmp_path, {"s3cr3t"}) == []
    (tmp_path / "plain").write_text("a s3cr3t here")
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@t.example"]
    subprocess.run([*git, "init", "-q", "repository"], cwd=tmp_path, check=True)
    (tmp_path / "repository/file").write_text("s3cr3t")
    for words in (["add", "file"], ["commit", "-q", "-m", "x"], ["rm", "-q", "file"]):
        subprocess.run([*git, *words], cwd=tmp_path / "repository", check=True)
    found = [path.rpartition("/")[2] for path in secrets_in(tmp_path, {"s3cr3t"})]
    assert found == ["plain", "objects"]
    for path in tmp_path.iterdir():  # this test wrote them on purpose
        subprocess.run(["rm", "-rf", str(path)], check=True)
