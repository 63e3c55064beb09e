"""Every rule is documented, and whatever the program reports has a rule."""

from __future__ import annotations

import ast
import json
import re
import shlex
from pathlib import Path

import yaml

from crosspost.check.registry import GATES, RULES
from crosspost.cli import main

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/crosspost"
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
REPORTS = {"Problem", "problem", "body_problem", "report", "Destination", "problem_at"}
NOT_OF_THE_SITE = {"bad-line", "not-fetched", "said-twice", "stale-schema", "torn-line"}
"""A ledger is the business of `plan` and `publish`, what editors read that of `schema --check`."""


def codes_in(path):
    """Yield the words of a file that are codes of problems, by the calls that take one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(node, "func", None)
        if isinstance(node, ast.Call) and getattr(name, "attr", getattr(name, "id", "")) in REPORTS:
            for argument in (*node.args, *(one.value for one in node.keywords)):
                for one in ast.walk(argument):
                    value = one.value if isinstance(one, ast.Constant) else None
                    if isinstance(value, str) and CODE.fullmatch(value):
                        yield value


def test_whatever_is_reported_has_a_rule():
    found = {
        code
        for path in SOURCE.rglob("*.py")
        if "sandbox" not in path.parts
        for code in codes_in(path)
    }
    assert len(found) > 50
    assert found - RULES.keys() - NOT_OF_THE_SITE == set()


def test_every_rule_is_in_one_gate_and_says_all():
    rules = [rule for gate in GATES for rule in gate.rules]
    assert len(rules) == len(RULES)
    for rule in rules:
        assert CODE.fullmatch(rule.code) or rule.code.isalpha(), rule.code
        assert all(text.endswith((".", "”")) for text in (rule.what, rule.why, rule.mend)), rule


def test_every_gate_has_its_file_and_every_file_its_gate():
    files = {path.stem for path in (SOURCE / "check/gates").glob("*.py")} - {"__init__"}
    assert files == {gate.name for gate in GATES}


def test_every_rule_for_texts_has_a_fixture():
    fixtures = Path(__file__).parent / "fixtures"
    said = "\n".join(
        path.read_text(encoding="utf-8").rpartition("=====\n")[2]
        for path in fixtures.glob("*.md")
        if path.name != "README.md"
    )
    for gate in GATES:
        if gate.text is not None:
            for rule in gate.rules:
                assert f" {rule.code}" in said, rule.code


def test_the_hook_is_a_command_that_exists():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["pass_filenames"] is False
    program, command = shlex.split(hook["entry"])
    assert program == "crosspost"
    assert main.get_command(None, command) is not None
    assert f"id: {hook['id']}" in (ROOT / "docs/checks.md").read_text(encoding="utf-8")
    for name in ("content/posts/a.md", "crosspost.yaml", "urls.txt"):
        assert re.search(hook["files"], name)


def test_the_problem_matchers_read_what_is_written(site, post):
    town = site({"content/posts/a.md": post("[ici](b.md)"), "content/posts/f.jpg": b"no picture"})
    lines = town.run("check", "--now", "2026-11-23").out.splitlines()[:-1]
    assert len(lines) == 3
    text = (ROOT / "docs/examples/problem-matcher.json").read_text(encoding="utf-8")
    (matcher,) = json.loads(text)["problemMatcher"]
    (pattern,) = matcher["pattern"]
    guide = (ROOT / "docs/checks.md").read_text(encoding="utf-8")
    block = next(
        one for one in re.findall(r"```json\n(.*?)```", guide, re.DOTALL) if "tasks" in one
    )
    editor = json.loads(block)["tasks"][0]["problemMatcher"]["pattern"]
    for one in (pattern, editor):
        read = [re.fullmatch(one["regexp"], line) for line in lines]
        read = [match for match in read if match]
        assert len(read) == (3 if one is pattern else 2)
        assert {match[one["file"]] for match in read} >= {"content/posts/a.md"}
        assert {match[one["line"]] for match in read} >= {"5"}
        assert {match[one["code"]] for match in read} >= {"broken-link", "vague-link"}
