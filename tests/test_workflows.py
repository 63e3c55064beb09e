"""The workflows are valid, pinned and modest; and their `run:` steps do what they promise.

The steps are executed with bash on a clone of a bare repository, with the sandbox as the instance
and a web server as GitHub Pages. Steps that `use` an action are GitHub's; what they would do to the
checkout is done here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from crosspost.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parent.parent
SCAFFOLDED = ROOT / "src/crosspost/scaffold/site/dot-github/workflows/publish.yml"
OWN = ROOT / ".github/workflows/publish.yml"
TEST = ROOT / ".github/workflows/test.yml"
ALL = [SCAFFOLDED, OWN, TEST]
INSTALL = "Install crosspost"


def load(path: Path) -> dict[str, Any]:
    # BaseLoader: `on` is a word here, not a truth value.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def steps(workflow: dict[str, Any]):
    for job in workflow["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.parts[-4] + "/" + path.name)
def test_the_schema_of_workflows_accepts_it(path):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.github-workflows", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.parts[-4] + "/" + path.name)
def test_every_action_is_pinned_by_commit_with_its_version_beside_it(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert lines
    for line in lines:
        assert re.search(r"uses: actions/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


@pytest.mark.parametrize("path", [SCAFFOLDED, OWN], ids=["scaffold", "own"])
def test_each_job_may_do_no_more_than_its_work(path):
    workflow = load(path)
    assert workflow["permissions"] == {}
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert rights == {
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
        "publish": {"contents": "write"},
    }
    # A pull request runs `build` alone, and no secret is named there.
    assert "secrets." not in str(workflow["jobs"]["build"])
    for name in ("deploy", "publish"):
        assert workflow["jobs"][name]["if"] == "github.ref == 'refs/heads/main'"


@pytest.mark.parametrize("path", [SCAFFOLDED, OWN], ids=["scaffold", "own"])
def test_a_publish_is_never_cancelled_and_its_record_starts_nothing(path):
    workflow = load(path)
    concurrency = workflow["concurrency"]
    assert concurrency["group"].endswith("|| 'crosspost-publish' }}")
    assert concurrency["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    assert workflow["on"]["push"] == {"branches": ["main"]}
    assert workflow["on"]["schedule"]


def test_the_repositorys_own_differs_only_in_where_crosspost_comes_from():
    ours, theirs = load(OWN), load(SCAFFOLDED)
    for workflow in (ours, theirs):
        for step in steps(workflow):
            if step.get("name") in (INSTALL, "Publish"):
                step["run"] = "…"
    assert ours == theirs


@dataclass
class Runner:
    """A GitHub runner, as far as these workflows need one."""

    workflow: dict[str, Any]
    bare: Path
    folder: Path
    pages: Path
    secrets: dict[str, str] = field(default_factory=dict)
    event: str = "push"
    before: dict[str, Any] = field(default_factory=dict)
    """What happens elsewhere just before a step of this name."""
    log: list[str] = field(default_factory=list)

    def run(self) -> None:
        on_main = self.event != "pull_request"
        outputs: dict[str, str] = {}
        for name, job in self.workflow["jobs"].items():
            if job.get("if") is not None:
                assert job["if"] == "github.ref == 'refs/heads/main'"
                if not on_main:
                    continue
            checkout = self.folder / name
            shutil.rmtree(checkout, ignore_errors=True)
            values = {
                "steps.deployment.outputs.page_url": "",
                "needs.build.outputs.commit": outputs.get("commit", ""),
                "github.ref_name": "main",
                "secrets.MASTODON_TOKEN": self.secrets.get("MASTODON_TOKEN", ""),
            }
            for step in job["steps"]:
                condition = step.get("if", "always()")
                known = {
                    "always()": True,
                    "github.ref == 'refs/heads/main'": on_main,
                    "github.event_name == 'pull_request'": not on_main,
                }
                if not known[condition]:
                    continue
                if "uses" in step:
                    self._action(step["uses"], checkout, values)
                elif step["name"] != INSTALL:
                    self._shell(step, checkout, values, outputs)

    def _action(self, action: str, checkout: Path, values: dict[str, str]) -> None:
        if action.startswith("actions/checkout@"):
            wanted = values["needs.build.outputs.commit"] or "main"
            git("init", "--quiet", str(checkout), cwd=self.folder)
            git("remote", "add", "origin", f"file://{self.bare}", cwd=checkout)
            git("fetch", "--quiet", "--depth=1", "origin", wanted, cwd=checkout)
            git("checkout", "--quiet", "--detach", "FETCH_HEAD", cwd=checkout)
        elif action.startswith("actions/upload-pages-artifact@"):
            shutil.copytree(checkout / "output", self.pages, dirs_exist_ok=True)

    def _shell(
        self,
        step: dict[str, Any],
        checkout: Path,
        values: dict[str, str],
        outputs: dict[str, str],
    ) -> None:
        self.before.get(step["name"], lambda: None)()
        assert "${{" not in step["run"], "an expression in a script is an injection"
        written = self.folder / "output.txt"
        written.write_text("", encoding="utf-8")
        environment = {
            **{name: value for name, value in os.environ.items() if name != "MASTODON_TOKEN"},
            **{name: substituted(text, values) for name, text in step.get("env", {}).items()},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_OUTPUT": str(written),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.log.append(step["name"])
        assert done.returncode == 0, f"{step['name']}: {done.stdout}{done.stderr}"
        outputs.update(line.split("=", 1) for line in written.read_text().splitlines())


def substituted(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ *([^}]+?) *\}\}", lambda match: values[match[1]], text)


def git(*arguments: str, cwd: Path) -> str:
    command = ["git", "-c", "user.name=Town", "-c", "user.email=town@town.example", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True)
    return done.stdout


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def pages(tmp_path):
    """A folder and the address at which it is on line."""
    folder = tmp_path / "pages"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def sandbox(tmp_path):
    with Sandbox(data=tmp_path / "instance", account="@town@mastodon.example") as running:
        yield running


@pytest.fixture
def runner(tmp_path, pages, sandbox):
    """A scaffolded site, pushed to a bare repository, and a runner for its workflow."""
    folder, address = pages
    site, bare = tmp_path / "site", tmp_path / "bare.git"
    command = [sys.executable, "-m", "crosspost", "init", str(site), "--url", address]
    subprocess.run([*command, "--account", "@town@mastodon.example"], check=True)
    settings = site / "crosspost.yaml"
    token = "    token: ${MASTODON_TOKEN}\n"
    text = settings.read_text(encoding="utf-8")
    assert token in text
    settings.write_text(
        text.replace(token, f"{token}    instance: {sandbox.info.url}\n"), encoding="utf-8"
    )
    git("init", "--quiet", "--bare", "--initial-branch=main", str(bare), cwd=tmp_path)
    git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=bare)
    git("init", "--quiet", "--initial-branch=main", cwd=site)
    git("add", "--all", cwd=site)
    git("commit", "--quiet", "--message", "A new site", cwd=site)
    git("remote", "add", "origin", str(bare), cwd=site)
    git("push", "--quiet", "origin", "main", cwd=site)
    workflow = load(site / ".github/workflows/publish.yml")
    (tmp_path / "runner").mkdir()
    secrets = {"MASTODON_TOKEN": sandbox.info.token}
    return Runner(workflow, bare, tmp_path / "runner", folder, secrets)


def statuses(sandbox: Sandbox) -> list[dict[str, Any]]:
    import requests

    head = {"Authorization": f"Bearer {sandbox.info.token}"}
    base = f"{sandbox.info.url}/api/v1/accounts"
    me = requests.get(f"{base}/verify_credentials", headers=head, timeout=10).json()
    return requests.get(f"{base}/{me['id']}/statuses", headers=head, timeout=10).json()


def record(bare: Path) -> list[str]:
    """The events on the ledger's branch."""
    text = git("show", "crosspost-state:ledger/mastodon", cwd=bare)
    names = [name for name in text.splitlines() if name.endswith(".jsonl")]
    lines = [git("show", f"crosspost-state:ledger/mastodon/{name}", cwd=bare) for name in names]
    return [json.loads(line)["event"] for text in lines for line in text.splitlines()]


@pytest.mark.slow
def test_a_push_puts_the_site_on_line_says_it_once_and_keeps_the_record(runner, sandbox, tmp_path):
    runner.run()
    assert (runner.pages / "index.html").exists()
    assert len(statuses(sandbox)) == 1
    assert git("log", "--format=%s", "main", cwd=runner.bare).splitlines() == ["A new site"]
    assert record(runner.bare) == ["claimed", "sent"]
    assert "[skip ci]" in git("log", "--format=%s", "crosspost-state", cwd=runner.bare)
    assert sandbox.info.token not in git("log", "--patch", "crosspost-state", cwd=runner.bare)

    runner.event = "workflow_dispatch"
    runner.run()
    assert len(statuses(sandbox)) == 1
    assert record(runner.bare) == ["claimed", "sent"]


@pytest.mark.slow
def test_a_push_in_the_middle_of_a_run_is_no_matter_to_the_record(runner, sandbox, tmp_path):
    def push() -> None:
        site = tmp_path / "site"
        (site / "content/pages/a-propos.md").write_text(
            "---\ntitle: À propos\n---\n\nNous.\n", encoding="utf-8"
        )
        git("commit", "--quiet", "--all", "--message", "Say who we are", cwd=site)
        git("push", "--quiet", "origin", "main", cwd=site)

    runner.before["Publish"] = push
    runner.run()
    log = git("log", "--format=%s", "main", cwd=runner.bare).splitlines()
    assert log == ["Say who we are", "A new site"]
    assert len(statuses(sandbox)) == 1
    runner.before.clear()
    runner.run()
    assert len(statuses(sandbox)) == 1


@pytest.mark.slow
def test_a_pull_request_builds_and_plans_and_touches_nothing(runner, sandbox, tmp_path):
    runner.event = "pull_request"
    runner.secrets = {}
    runner.run()
    assert runner.log == ["Name the commit", "Fetch the ledger", "Build", "Show the plan"]
    assert "bienvenue" in (runner.folder / "summary.md").read_text(encoding="utf-8")
    assert statuses(sandbox) == []
    assert git("log", "--format=%s", "main", cwd=runner.bare).splitlines() == ["A new site"]


@pytest.mark.slow
def test_what_was_said_is_on_record_even_where_the_runner_is_lost(runner, sandbox, tmp_path):
    publish = next(step for step in steps(runner.workflow) if step.get("name") == "Publish")
    publish["run"] += "; exit 3"
    with pytest.raises(AssertionError, match="Publish"):
        runner.run()
    assert record(runner.bare) == ["claimed", "sent"]


@pytest.mark.slow
def test_the_repositorys_own_publish_rehearses_without_a_token(runner, sandbox):
    runner.workflow = load(OWN)
    runner.secrets = {}
    runner.run()
    assert statuses(sandbox) == []
    assert git("log", "--format=%s", "main", cwd=runner.bare).splitlines() == ["A new site"]
    assert git("branch", "--list", "crosspost-state", cwd=runner.bare) == ""
