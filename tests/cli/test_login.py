"""`crosspost login mastodon`, as a person uses it: in a terminal here, with a browser elsewhere."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
import requests

from crosspost.sandbox.server import Sandbox

SETTINGS = """\
site: {{title: Valbourg, url: https://www.valbourg.example}}
channels:
  mastodon:
    type: mastodon
    account: "@valbourg@sandbox.example"
    instance: {url}
    token: ${{TOWN_TOKEN}}
"""


@pytest.fixture
def box():
    with Sandbox() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path, box) -> Path:
    root = tmp_path / "site"
    root.mkdir()
    (root / "crosspost.yaml").write_text(SETTINGS.format(url=box.info.url))
    return root


def code_for(address: str) -> str:
    page = requests.get(address, timeout=20)
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    fields = {name: unescape(value) for name, value in found}
    done = requests.post(page.url.partition("?")[0], data=fields, timeout=20)
    return unescape(re.search(r"<code>(.+?)</code>", done.text)[1])


def log_in(root: Path, *options: str, before: str = "") -> tuple[int, str, str, str]:
    """Run the command, carry the code over; return its status, what it said, and the code."""
    command = [sys.executable, "-m", "crosspost", "-C", str(root), "login", "mastodon", *options]
    with subprocess.Popen(
        command, stdin=-1, stdout=-1, stderr=-1, encoding="utf-8", bufsize=1
    ) as running:
        said, address = "", None
        while not address:
            line = running.stderr.readline()
            assert line, said
            said += line
            address = re.search(r"https?://\S+/oauth/authorize\S+", said)
        code = code_for(address[0])
        out, err = running.communicate(f"{before}{code}\n", timeout=60)
    return running.returncode, out, said + err, code


@pytest.mark.shows_token("jeton")
def test_the_token_goes_to_a_file_that_nobody_else_can_read(site, box, tmp_path) -> None:
    file = tmp_path / "jeton"
    status, out, err, code = log_in(site, "--output", str(file), before="faux\n")
    assert status == 0, err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    token = file.read_text().strip()
    assert out == ""
    assert token not in err
    assert code not in err
    assert "The server does not take this code" in err
    assert f"gh secret set TOWN_TOKEN < {file}" in err
    me = requests.get(
        f"{box.info.url}/api/v1/accounts/verify_credentials",
        headers={"Authorization": f"Bearer {token}"},
        timeout=20,
    )
    assert me.json()["username"] == "valbourg"
    assert sorted(path.name for path in site.iterdir()) == ["crosspost.yaml"]


@pytest.mark.shows_token("stdout of a process")
def test_shown_it_is_alone_on_standard_output(site, box) -> None:
    status, out, err, _ = log_in(site, "--show")
    assert status == 0, err
    token = out.strip()
    assert re.fullmatch(r"[\w-]{30,}\n", out)
    assert token not in err
    assert "is not shown again" in err


def test_a_browser_of_another_account_leaves_no_token(site, box, tmp_path) -> None:
    settings = (site / "crosspost.yaml").read_text()
    (site / "crosspost.yaml").write_text(settings.replace("@valbourg@", "@musee@"))
    status, out, err, _ = log_in(site, "--output", str(tmp_path / "jeton"))
    assert (status, out) == (4, "")
    assert "logged in as @valbourg@" in err
    assert not (tmp_path / "jeton").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "say where the token goes"),
        (["--show", "--output", "x"], "say where the token goes"),
        (["--output", "site/jeton"], "in the site's folder"),
        (["--output", "there"], "exists already"),
        (["--output", "nowhere/jeton"], "there is no folder"),
        (["--show", "--channel", "mastodn"], "Did you mean 'mastodon'?"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anything_is_asked(
    site, box, tmp_path, monkeypatch, options, words
) -> None:
    from click.testing import CliRunner

    from crosspost.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").write_text("")
    done = CliRunner().invoke(main, ["-C", str(site), "login", "mastodon", *options])
    assert done.exit_code == 2
    assert words in done.stderr
    assert requests.get(f"{box.info.url}/sandbox/requests", timeout=20).json() == []


def test_several_accounts_are_told_apart_by_their_channel(site) -> None:
    from click.testing import CliRunner

    from crosspost.cli import main

    text = (site / "crosspost.yaml").read_text()
    more = "  musee: {type: mastodon, account: '@musee@sandbox.example'}\n"
    (site / "crosspost.yaml").write_text(text + more)
    done = CliRunner().invoke(main, ["-C", str(site), "login", "mastodon", "--show"])
    assert done.exit_code == 2
    assert "--channel NAME. Known: mastodon, musee." in done.stderr
