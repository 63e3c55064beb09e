"""Starting, stopping, sharing a directory, and who is let in."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from mastodon import Mastodon

from crosspost.errors import BlockedError, UsageError
from crosspost.sandbox.server import Sandbox, running_sandbox

Connect = Callable[..., Mastodon]

FOREGROUND = """
import json, sys
from pathlib import Path
from crosspost.sandbox.server import serve
def announce(info):
    print(json.dumps([info.url, info.token, info.account]), flush=True)
serve(Path(sys.argv[1]), int(sys.argv[2]), "@valbourg@sandbox.example", "mastodon-4.6", announce)
print("left", flush=True)
"""


def test_statuses_outlive_the_server_and_the_port(tmp_path: Path, connect: Connect) -> None:
    with Sandbox(data=tmp_path) as box:
        first = connect(box).status_post("un", idempotency_key="k")
        before = box.info
    with Sandbox(data=tmp_path) as box:
        client = connect(box)
        assert box.info.token == before.token
        assert client.status(first.id).url == f"{box.info.url}/@valbourg/{first.id}"
        assert client.status_post("un", idempotency_key="k").id == first.id


def test_a_running_sandbox_is_found_by_its_own_directory_alone(tmp_path: Path) -> None:
    account = "@valbourg@sandbox.example"
    with Sandbox(data=tmp_path / "ours") as box, Sandbox(data=tmp_path / "another") as stranger:
        port = int(box.info.url.rpartition(":")[2])
        assert running_sandbox(tmp_path / "ours", port, account) == box.info
        there = int(stranger.info.url.rpartition(":")[2])
        assert running_sandbox(tmp_path / "ours", there, account) is None
    assert running_sandbox(tmp_path / "ours", port, account) is None


def test_accounts_of_one_directory_are_kept_apart(tmp_path: Path, connect: Connect) -> None:
    with Sandbox(data=tmp_path, account="@ville@sandbox.example") as box:
        town = connect(box)
        status = town.status_post("un")
        with Sandbox(data=tmp_path, account="@musee@sandbox.example") as other:
            museum = connect(other)
            assert other.info.token != box.info.token
            assert museum.me().acct == "musee"
            assert museum.account_statuses(museum.me().id) == []
            answer = requests.delete(
                f"{other.info.url}/api/v1/statuses/{status.id}",
                headers={"Authorization": f"Bearer {other.info.token}"},
                timeout=20,
            )
            assert answer.status_code == 404
        assert town.status(status.id).account.acct == "ville"


def test_the_token_is_for_its_owner_s_eyes(tmp_path: Path) -> None:
    with Sandbox(data=tmp_path) as box:
        mode = stat.S_IMODE((tmp_path / "token").stat().st_mode)
        assert mode == 0o600
        token = box.info.token.encode()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert token not in file.read_bytes()


def test_two_directories_have_two_tokens(tmp_path: Path) -> None:
    with Sandbox(data=tmp_path / "a") as one, Sandbox(data=tmp_path / "b") as other:
        assert one.info.token != other.info.token


def test_a_busy_port_is_no_failure() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with Sandbox(port=port) as box:
            assert not box.info.url.endswith(f":{port}")
            assert requests.get(box.info.url, timeout=20).status_code == 200


def test_it_listens_on_loopback_alone(box: Sandbox) -> None:
    port = int(box.info.url.rpartition(":")[2])
    addresses = Path("/proc/net/tcp")
    if not addresses.exists():
        pytest.skip("the list of open sockets is in /proc on Linux alone")
    lines = addresses.read_text().splitlines()[1:]
    listening = [line.split()[1] for line in lines if line.split()[3] == "0A"]
    ours = [place for place in listening if place.endswith(f":{port:04X}")]
    assert ours == [f"0100007F:{port:04X}"]


@pytest.mark.parametrize("host", ["valbourg.example", "127.0.0.1.evil.example", "", "[::1]:80"])
def test_other_names_are_refused(box: Sandbox, host: str) -> None:
    answer = requests.get(box.info.url, headers={"Host": host}, timeout=20)
    assert answer.status_code in {400, 403}
    assert "valbourg@" not in answer.text


def test_pages_of_other_sites_cannot_arm_faults(box: Sandbox) -> None:
    url = f"{box.info.url}/sandbox/faults"
    fault = {"route": "POST /api/v1/statuses", "kind": "status"}
    other = requests.post(url, json=fault, headers={"Origin": "https://evil.example"}, timeout=20)
    assert other.status_code == 403
    own = requests.post(url, json=fault, headers={"Origin": box.info.url}, timeout=20)
    assert own.status_code == 201


def test_localhost_is_us_too(box: Sandbox) -> None:
    port = box.info.url.rpartition(":")[2]
    answer = requests.get(
        f"{box.info.url}/api/v2/instance", headers={"Host": f"localhost:{port}"}, timeout=20
    )
    assert answer.json()["contact"]["account"]["url"] == f"http://localhost:{port}/@valbourg"


@pytest.mark.parametrize("account", ["valbourg", "@", "@a b@c", "@x@", "@x@y/z"])
def test_an_account_that_is_none_is_refused(account: str) -> None:
    with pytest.raises(UsageError, match="write it as @user@host"):
        Sandbox(account=account)


def test_a_directory_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BlockedError, match="cannot use"):
        Sandbox(data=tmp_path / "file")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sandbox.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(BlockedError, match="cannot use"):
        Sandbox(data=tmp_path / "data")


def test_stopping_twice_is_stopping(tmp_path: Path) -> None:
    box = Sandbox(data=tmp_path)
    box.stop()
    box.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(box.info.url, timeout=20)


def test_a_temporary_directory_is_gone_at_the_end() -> None:
    with Sandbox() as box:
        directory = box._house._database.directory
        assert directory.exists()
    assert not directory.exists()


def start(data: Path, port: int = 0) -> tuple[subprocess.Popen[str], tuple[str, str, str]]:
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", FOREGROUND, str(data), str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    url, token, account = json.loads(process.stdout.readline())
    return process, (url, token, account)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_the_foreground_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    process, (url, token, account) = start(tmp_path)
    headers = {"Authorization": f"Bearer {token}"}
    with requests.Session() as session:
        answer = session.get(
            f"{url}/api/v1/accounts/verify_credentials", headers=headers, timeout=20
        )
        assert answer.json()["acct"] == "valbourg"
        assert account == "@valbourg@sandbox.example"
        # In the foreground the server has its limits.
        assert answer.headers["X-RateLimit-Limit"] == "300"
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "left\n", "")


def test_two_processes_share_a_directory(tmp_path: Path, connect: Connect) -> None:
    process, (url, token, _) = start(tmp_path)
    try:
        with Sandbox(data=tmp_path) as box:
            assert box.info.token == token
            found: list[str] = []

            def post(base: str, name: str) -> None:
                with requests.Session() as session:
                    session.headers["Authorization"] = f"Bearer {token}"
                    for n in range(20):
                        form = {"status": f"{name} {n}"}
                        key = {"Idempotency-Key": f"both {n}"}
                        answer = session.post(
                            f"{base}/api/v1/statuses", data=form, headers=key, timeout=20
                        )
                        answer.raise_for_status()
                        found.append(answer.json()["id"])

            threads = [
                threading.Thread(target=post, args=(base, base)) for base in (url, box.info.url)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            # Each key was used by both, and gave each of them the one status.
            assert len(found) == 40
            assert len(set(found)) == 20
            client = connect(box)
            held = client.fetch_remaining(client.account_statuses(client.me().id))
            assert sorted(s.id for s in held) == sorted(set(found))
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
