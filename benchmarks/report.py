"""Tables of what was measured, in Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence

from bench import Bench, Samples
from scenario import GROWING, SCENARIOS
from target import STATED_FOR, growth_target, judge, met, middle, targets
from tool import REFERENCE, Tool, version_of

LEAST_ROUNDS = 5
"""With fewer rounds than this, medians are for trying things out, not for telling others."""
Results = Mapping[str, Mapping[str, Samples]]
"""Samples by the names of scenarios and of tools."""


def conditions(rounds: int, chosen: Sequence[Tool], load: float) -> list[str]:
    """Say on what machine figures were taken, how busy it was, and of which versions they are."""
    cores = os.cpu_count() or 1
    machine = f"{platform.system()} on {cores} cores, Python {platform.python_version()}"
    lines = [f"Medians of {rounds}; {machine}, load average {load:.2f} at the start.", ""]
    for tool in chosen:
        line = f"- {tool.name}: {version_of(tool)}"
        if tool.setting is not None:
            name, _, new = tool.setting
            line += f", with `{new}` in {name}"
        lines.append(line)
    lines.append("")
    posts, stated = STATED_FOR
    about = f"Targets are stated for {posts:,} posts on {stated} cores."
    lines += [about if cores == stated else f"{about} This machine is another.", ""]
    if load > cores / 4:
        lines += ["**The machine was busy with other things: do not pass these figures on.**", ""]
    if rounds < LEAST_ROUNDS:
        lines += [f"**Fewer than {LEAST_ROUNDS} rounds: do not pass these figures on.**", ""]
    return lines


def heading(bench: Bench) -> list[str]:
    """Say how much was built: posts, the size of their Markdown, their length."""
    size = f"{bench.bytes / 1e6:,.1f} MB of Markdown"
    each = f"{bench.words / bench.posts:,.0f} words a post"
    return [f"## {bench.posts:,} posts, {size}, {each}", ""]


def table(results: Results, posts: int) -> list[str]:
    """Return a table of medians: a row for each scenario and tool.

    The ratio is that of the median wall time to Hugo's in the same scenario. What was not measured
    is a dash.
    """
    lines = [
        "| | | wall, s | (least to most) | × Hugo | processor, s | peak memory, MiB | target |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    for scenario in SCENARIOS:
        by_tool = results.get(scenario.name, {})
        for name, samples in by_tool.items():
            walls = [cost.wall for cost in samples.costs]
            wall, processor = middle(samples, "wall"), middle(samples, "processor")
            peak = middle(samples, "peak memory")
            ratio = None
            if REFERENCE in by_tool:
                ratio = _ratio(wall, middle(by_tool[REFERENCE], "wall"))
            judged = (
                judge(target, name, by_tool) for target in targets(scenario.name, name, posts)
            )
            cells = (
                scenario.title,
                name,
                f"{wall:.3f}",
                f"{min(walls):.3f} to {max(walls):.3f}",
                "–" if ratio is None else f"{ratio:.3f}",
                f"{processor:.3f}",
                "–" if peak is None else f"{peak / 2**20:,.0f}",
                "; ".join(said for said in judged if said),
            )
            lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def growth(fewer: tuple[int, Results], more: tuple[int, Results]) -> list[str]:
    """Return a table of what the larger number of posts costs, in times of the smaller one.

    Each side is how many posts there were, and what was measured with them.
    """
    few, small = fewer
    many, large = more
    lines = [
        f"## {many:,} posts against {few:,}, {many / few:,.1f} times as many",
        "",
        "| | | wall, times | processor, times | peak memory, times | target |",
        "|---|---|---:|---:|---:|---|",
    ]
    for scenario in SCENARIOS:
        if scenario.name not in GROWING:
            continue
        for name, samples in large.get(scenario.name, {}).items():
            before = small.get(scenario.name, {}).get(name)
            if before is None:
                continue
            times = [
                _ratio(middle(samples, measure), middle(before, measure))
                for measure in ("wall", "processor", "peak memory")
            ]
            most = growth_target(name, few, many)
            said = ""
            if most is not None and times[0] is not None:
                said = f"wall at most {most:g}: {met(times[0], most)}"
            cells = (*("–" if value is None else f"{value:.2f}" for value in times), said)
            lines.append(f"| {scenario.title} | {name} | {' | '.join(cells)} |")
    return [*lines, ""]


def _ratio(value: float | None, whole: float | None) -> float | None:
    return value / whole if value is not None and whole else None
