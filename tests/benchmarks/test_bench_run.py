"""`make bench` compares what was made before it compares how long it took, and counts right."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import run
from measuring import Cost

WRITE = (
    "import pathlib, sys\n"
    "for name in sys.argv[1:]:\n"
    "    file = pathlib.Path('out') / name\n"
    "    file.parent.mkdir(exist_ok=True)\n"
    "    assert not file.exists() or name == 'again.html', 'old output was not moved away'\n"
    "    file.write_text('')\n"
)


def tool(tmp_path, name, *files, again=()):
    """Give a generator that writes these files, whatever its site; it refuses to write on old."""
    source = tmp_path / "sources" / name
    source.mkdir(parents=True)
    (source / "settings").write_text(name, encoding="utf-8")
    command = (sys.executable, "-S", "-c", WRITE)
    version = (sys.executable, "--version")
    return run.Tool(name, source, "out", (), (*command, *files), (*command, *again), version)


def test_medians_and_ratios_to_hugo():
    results = {
        "cold": {
            "crosspost": run.Samples([Cost(3.0, 4.0), Cost(1.0, 2.0), Cost(9.0, 3.0)], [2**21]),
            "hugo": run.Samples([Cost(2.0, 5.0), Cost(4.0, 5.0), Cost(0.5, 5.0)], [2**20, 2**22]),
        },
        "nothing changed": {"pelican": run.Samples([Cost(1.0, 1.0)])},
    }
    assert run.table(results)[2:] == [
        "| cold | crosspost | 3.000 | 1.000 to 9.000 | 1.500 | 3.000 | 2 |",
        "| cold | hugo | 2.000 | 0.500 to 4.000 | 1.000 | 5.000 | 2 |",
        "| nothing changed | pelican | 1.000 | 1.000 to 1.000 | – | 1.000 | – |",
    ]


def test_sites_that_differ_are_not_compared(tmp_path):
    chosen = [
        tool(tmp_path, "crosspost", "index.html", "own.css"),
        tool(tmp_path, "hugo", "index.html", "rss.xml"),
    ]
    bench = run.Bench(tmp_path / "work", 1, chosen)
    with pytest.raises(run.Unfair, match=r"only by hugo, not by crosspost: rss\.xml"):
        bench.check_same_pages()


def test_old_output_is_moved_away_before_each_cold_build(tmp_path):
    only = tool(tmp_path, "hugo", "index.html", again=("again.html",))
    bench = run.Bench(tmp_path / "work", 2, [only])
    bench.check_same_pages()
    samples = bench.measure(run.SCENARIOS[0], 3, memory=False)["hugo"]
    assert len(samples.costs) == 3
    assert samples.peaks == []
    assert {path.name for path in (tmp_path / "work").iterdir()} == {"hugo"}
    assert len(list((tmp_path / "work/hugo/content").rglob("*.md"))) == 2


def test_a_change_that_does_not_reach_its_page_is_no_figure(tmp_path):
    page = run.make_post(0).page
    stale = tool(tmp_path, "pelican", "index.html", again=())
    bench = run.Bench(tmp_path / "work", 1, [stale])
    bench.check_same_pages()
    old = tmp_path / "work/pelican/out" / page
    old.parent.mkdir(parents=True)
    old.write_text(f"<h1>{run.make_post(0).title}</h1>", encoding="utf-8")
    for scenario in run.SCENARIOS[2:]:
        with pytest.raises(run.Unfair, match="pelican did not make"):
            bench.measure(scenario, 1, memory=False)


def test_few_rounds_and_a_busy_machine_are_said(tmp_path):
    chosen = [tool(tmp_path, "crosspost")]
    few = "\n".join(run.conditions(10_000, 2, chosen, load=500.0))
    assert "10,000 posts, medians of 2" in few
    assert "Fewer than 5 rounds" in few
    assert "busy" in few
    quiet = "\n".join(run.conditions(100, 5, chosen, load=0.0))
    assert "do not pass" not in quiet


def test_the_peers_have_exact_versions():
    lines = (Path(run.HERE) / "peers/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line.partition("==")[0] for line in lines] == ["hugo", "pelican[markdown]"]
    assert all("==" in line for line in lines)
