"""The posts that are measured: always the same, as many as asked for, and right to build."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import corpus
import pytest
from click.testing import CliRunner

from crosspost.cli import main

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("style", corpus.FORMATS)
def test_it_writes_as_many_posts_as_asked_for(tmp_path, style):
    corpus.write_corpus(20, style, tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in files(tmp_path)}
    assert written == {corpus.make_post(number).path for number in range(20)}
    assert len(written) == 20


def test_another_process_writes_the_same_bytes(tmp_path):
    corpus.write_corpus(20, "crosspost", tmp_path / "here")
    command = [sys.executable, str(BENCHMARKS / "corpus.py"), "--posts", "20", "crosspost"]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LANG": "C"}
    subprocess.run([*command, str(tmp_path / "there")], env=environment, check=True)
    here, there = (
        {path.relative_to(tmp_path / name): data for path, data in files(tmp_path / name).items()}
        for name in ("here", "there")
    )
    assert here == there


def test_a_post_does_not_depend_on_how_many_there_are(tmp_path):
    corpus.write_corpus(3, "hugo", tmp_path / "small")
    corpus.write_corpus(9, "hugo", tmp_path / "large")
    for path, data in files(tmp_path / "small").items():
        assert (tmp_path / "large" / path.relative_to(tmp_path / "small")).read_bytes() == data


def test_the_formats_hold_the_same_text(tmp_path):
    post = corpus.make_post(4)
    for style in corpus.FORMATS:
        corpus.write_post(post, style, tmp_path / style)
        text = (tmp_path / style / post.path).read_text(encoding="utf-8")
        assert text.endswith("\n" + post.body)
        assert post.title in text
        assert post.category in text


def test_posts_are_as_long_and_as_rich_as_a_towns():
    posts = [corpus.make_post(number) for number in range(200)]
    words = [len(post.body.split()) for post in posts]
    assert 450 < sum(words) / len(words) < 560
    assert len({post.slug for post in posts}) == 200
    assert all(older.date < newer.date for newer, older in pairwise(posts))
    shares = {
        "\n## ": 0.5,
        "\n- ": 0.4,
        "\n1. ": 0.1,
        "](http": 0.5,
        "\n|---": 0.05,
        "[^1]: ": 0.03,
        "\n```": 0.01,
        "\n> ": 0.1,
    }
    for mark, least in shares.items():
        share = sum(mark in post.body for post in posts) / len(posts)
        assert least < share, mark


def test_a_change_is_the_one_it_says():
    post = corpus.make_post(3)
    body, title = corpus.with_body_changed(post, 1), corpus.with_title_changed(post, 1)
    assert replace(body, body=post.body) == post != body
    assert replace(title, title=post.title) == post != title
    assert corpus.with_title_changed(post, 2) != title
    assert corpus.with_body_changed(post, 2) != body


def test_crosspost_builds_it_without_a_warning(tmp_path):
    site = tmp_path / "site"
    shutil.copytree(BENCHMARKS / "site", site, ignore=shutil.ignore_patterns("output"))
    corpus.write_corpus(20, "crosspost", site)
    words = ["-C", str(site), "build", "--strict", "--format", "json", "--now", "2026-01-01"]
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert (report["posts"], report["warnings"]) == (20, 0)
    posts = [corpus.make_post(number) for number in range(20)]
    for post in posts:
        assert f"<h1>{post.title}</h1>" in (site / "output" / post.page).read_text(
            encoding="utf-8"
        ).replace("&#39;", "'")
    pages = {path.relative_to(site / "output").as_posix() for path in site.rglob("2025/*/*/*.html")}
    assert {page for page in pages if "/page/" not in page} == {post.page for post in posts}
    assert list((site / "output").rglob("*.json")) == [site / "output/.crosspost-manifest.json"]


def test_the_site_in_the_repository_has_no_content_of_its_own():
    assert list((BENCHMARKS / "site/content").rglob("*.md")) == []
