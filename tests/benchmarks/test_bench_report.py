"""The tables say what was measured, in ratios, and whether it is good enough."""

from __future__ import annotations

import report
import target
from bench import Samples
from measuring import Cost
from tool import tools


def samples(*walls, processor=1.0, peaks=()):
    return Samples([Cost(wall, processor) for wall in walls], list(peaks))


def test_medians_and_ratios_to_hugo():
    results = {
        "cold": {
            "crosspost": Samples([Cost(3.0, 4.0), Cost(1.0, 2.0), Cost(9.0, 3.0)], [2**21]),
            "hugo": Samples([Cost(2.0, 5.0), Cost(4.0, 5.0), Cost(0.5, 5.0)], [2**20, 2**22]),
        },
        "same": {"pelican": samples(1.0)},
    }
    assert report.table(results, 500)[2:] == [
        "| cold | crosspost | 3.000 | 1.000 to 9.000 | 1.500 | 3.000 | 2 |  |",
        "| cold | hugo | 2.000 | 0.500 to 4.000 | 1.000 | 5.000 | 2 |  |",
        "| nothing changed | pelican | 1.000 | 1.000 to 1.000 | – | 1.000 | – |  |",
        "",
    ]


def test_a_target_is_said_with_its_value_and_whether_it_is_met():
    by_tool = {
        "crosspost": samples(1.2, peaks=[60]),
        "crosspost-gfm": samples(0.4),
        "hugo": samples(1.0, peaks=[100]),
        "pelican": samples(4.0),
    }
    judged = [
        [target.judge(one, name, by_tool) for one in target.targets("cold", name, 10_000)]
        for name in by_tool
    ]
    assert judged == [
        [
            "wall 1.200, at most 1.5 × Hugo: met (aim 1: **missed**)",
            "wall 0.300, at most 0.3 × Pelican: met",
            "peak memory 0.600, at most 0.5 × Hugo: **missed**",
        ],
        [
            "wall 0.400, at most 0.7 × Hugo: met (aim 0.4: met)",
            "wall 0.100, at most 0.3 × Pelican: met",
            None,
        ],
        [],
        [],
    ]
    row = report.table({"cold": by_tool}, 10_000)[2]
    assert row.endswith(f"| {'; '.join(judged[0])} |")


def test_a_target_in_seconds_is_for_towns_of_its_size():
    def said(scenario, posts):
        by_tool = {"crosspost": samples(1.0, processor=0.5)}
        found = target.targets(scenario, "crosspost", posts)
        return [words for one in found if (words := target.judge(one, "crosspost", by_tool))]

    assert said("cold", 100) == ["wall 1.000, at most 1 s: met"]
    assert said("cold", 1000) == []
    assert said("same", 10_000) == ["processor 0.500, at most 0.4 s: **missed**"]
    assert said("same", 40_000) == said("same", 100) == []


def test_growth_is_told_of_what_was_measured_on_both_sides():
    small = {"cold": {"crosspost": samples(2.0, peaks=[100]), "hugo": samples(1.0)}}
    large = {
        "cold": {"crosspost": samples(9.0, processor=3.0, peaks=[250]), "hugo": samples(4.0)},
        "same": {"crosspost": samples(1.0)},
    }
    lines = report.growth((10_000, small), (40_000, large))
    assert lines[0] == "## 40,000 posts against 10,000, 4.0 times as many"
    assert lines[4:] == [
        "| cold | crosspost | 4.50 | 3.00 | 2.50 | wall at most 4.4: **missed** |",
        "| cold | hugo | 4.00 | 1.00 | – |  |",
        "",
    ]
    assert "at most" not in "".join(report.growth((100, small), (1000, large)))


def test_every_target_is_of_a_tool_and_a_scenario_that_are_measured():
    known = {*tools(), None}
    for scenario in report.SCENARIOS:
        for name in tools():
            found = target.targets(scenario.name, name, 10_000)
            assert {one.of for one in found} <= known - {name}
            assert not found or name.startswith("crosspost")
    for scenario in ("cold", "same", "body", "title", "template", "restored"):
        assert target.targets(scenario, "crosspost", 10_000)


def test_few_rounds_and_a_busy_machine_are_said(generator):
    setting = ("settings", "no", "yes")
    chosen = [generator("crosspost"), generator("crosspost-other", setting=setting)]
    few = "\n".join(report.conditions(2, chosen, load=500.0))
    assert "Medians of 2" in few
    assert "Fewer than 5 rounds" in few
    assert "busy" in few
    assert "with `yes` in settings" in few
    quiet = "\n".join(report.conditions(5, chosen, load=0.0))
    assert "do not pass" not in quiet
