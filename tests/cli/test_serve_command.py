"""`crosspost serve` as a person runs it: it says where it is, and ends at once."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

SETTINGS = "site: {title: Valbourg, url: 'https://www.valbourg.example/', language: fr}\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "content/posts").mkdir(parents=True)
    (tmp_path / "crosspost.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def start(site: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "crosspost", "-C", str(site), "serve", *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_even_while_browsers_listen(site, number):
    running = start(site, "--format", "json")
    told = json.loads(running.stdout.readline())
    assert told["url"] == f"http://127.0.0.1:{told['port']}/"
    with urllib.request.urlopen(f"{told['url']}__crosspost/events", timeout=20) as ear:
        assert ear.readline() == b"retry: 500\n"
        running.send_signal(number)
        out, err = running.communicate(timeout=20)
        assert ear.read().count(b"data: ") >= 1, "the stream did not end"
    assert (running.returncode, out, err) == (0, "", "")
    assert not (site / "output").exists()


def test_a_port_in_use_is_said_or_passed_over(site):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = start(site, "--port", str(port))
        _, err = refused.communicate(timeout=20)
    assert refused.returncode == 4
    assert "Name another port with --port" in err
    with socket.socket() as usual:
        usual.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            usual.bind(("127.0.0.1", 8730))
            usual.listen()
        except OSError:
            pass  # somebody has it already, which is as good
        running = start(site)
        assert running.stdout.readline() == "Port 8730 is in use, so this is another one.\n"
        assert running.stdout.readline().startswith("Preview at http://127.0.0.1:87")
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
    assert running.returncode == 0


def test_settings_that_cannot_be_read_are_said_and_nothing_is_served(site):
    (site / "crosspost.yaml").write_text(f"{SETTINGS}titel: x\n", encoding="utf-8")
    refused = start(site, "--port", "0")
    out, err = refused.communicate(timeout=20)
    assert (refused.returncode, out) == (1, "")
    assert err.startswith("crosspost.yaml:2:1: error: ")
