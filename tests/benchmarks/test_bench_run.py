"""`make bench` as it is typed: which tables it prints, and how it ends without figures."""

from __future__ import annotations

import run
import tool


def bench(tmp_path, capsys, words, *tools):
    status = run.main(
        [*words.split(), "--no-memory"], {each.name: each for each in tools}, tmp_path / "bench"
    )
    return status, *capsys.readouterr()


def test_it_prints_a_table_for_each_number_of_posts_and_how_costs_grow(tmp_path, capsys, generator):
    words = "--posts 4 --against 2 --rounds 1 --scenarios cold same restored"
    tools = [generator("crosspost"), generator("hugo")]
    status, out, err = bench(tmp_path, capsys, words, *tools)
    assert status == 0
    headings = [line.partition(",")[0] for line in out.splitlines() if line.startswith("## ")]
    assert headings == ["## 4 posts", "## 2 posts", "## 4 posts against 2"]
    rows = [line.split(" | ")[:2] for line in out.splitlines() if line.endswith(" |")]
    both, names = ["cold", "nothing changed"], ["crosspost", "hugo"]
    restored = "fresh checkout, output and cache restored"
    assert [row for row in rows if row[0] != "|"] == [
        [f"| {title}", name]
        for titles in ([*both, restored], both, both)
        for title in titles
        for name in names
    ]
    assert "4 posts, cold: 1" in err
    assert "cold: 2" not in err


def test_a_variant_that_is_not_known_is_left_out_in_so_many_words(tmp_path, capsys, generator):
    variant = generator("variant", setting=("settings", "unknown: no", "unknown: yes"))
    words = "--posts 1 --rounds 1 --scenarios same"
    status, out, _ = bench(tmp_path, capsys, words, generator("crosspost"), variant)
    assert status == 0
    assert "**variant is left out" in out
    assert "unknown key 'unknown'" in out
    assert "| variant |" not in out
    status, out, err = bench(tmp_path, capsys, f"{words} --tools variant", variant)
    assert (status, out) == (1, "")
    assert "variant is left out" in err


def test_an_unfair_comparison_prints_no_table(tmp_path, capsys, generator):
    tools = [generator("crosspost"), generator("hugo", cold=("feed",))]
    status, out, err = bench(tmp_path, capsys, "--posts 1 --rounds 1", *tools)
    assert (status, out) == (1, "")
    assert "No figures: 1 files only by hugo, not by crosspost: rss.xml" in err


def test_a_town_is_not_compared_with_itself(tmp_path, capsys, generator):
    words = "--posts 1 --against 1 --rounds 1 --scenarios same"
    status, out, _ = bench(tmp_path, capsys, words, generator("crosspost"))
    assert status == 0
    assert out.count("## ") == 1


def test_the_peers_have_exact_versions():
    lines = (tool.HERE / "peers/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line.partition("==")[0] for line in lines] == ["hugo", "pelican[markdown]"]
    assert all("==" in line for line in lines)


def test_what_is_said_of_the_tools_is_true_of_their_sites():
    for each in tool.tools().values():
        assert "</body>" in (each.source / each.template).read_text(encoding="utf-8")
        if each.setting is not None:
            name, old, _ = each.setting
            assert old in (each.source / name).read_text(encoding="utf-8")
