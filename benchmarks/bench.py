"""The sites of some tools with the same posts, built in turn and counted."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus import make_post
from measuring import CommandFailed, Cost
from scenario import Scenario
from tool import Tool
from town import Town, Unfair

MEMORY_ROUNDS = 3
"""Builds that are looked at for memory, at most: it differs far less than time does."""


@dataclass(frozen=True, slots=True)
class Samples:
    """What the builds of one tool in one scenario cost: one value a build."""

    costs: list[Cost] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)


class Bench:
    """The town of each tool below one folder, with so many posts, ready to be built."""

    def __init__(self, work: Path, posts: int, chosen: Sequence[Tool]) -> None:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        self.posts = posts
        self.words = 0
        self.bytes = 0
        self._trash = work / "trash"
        self._towns = [Town(work, tool, posts) for tool in chosen]
        self._paths: set[str] = set()
        for number in range(posts):
            post = make_post(number)
            self.words += len(post.body.split())
            self.bytes += len(post.body.encode())
            for town in self._towns:
                town.write(post)

    def check_same_pages(self) -> None:
        """Build every site once, unmeasured, and raise `Unfair` unless all have made the same.

        That is the same files (those of `Town.paths`) with as many elements (`Town.elements`). Only
        one set of paths is kept: while memory is looked at, this process is to be a small one.
        """
        first = self._towns[0]
        elements = Counter[str]()
        for town in self._towns:
            town.build(cold=True)
            made, counted = town.paths(), town.elements()
            if town is first:
                self._paths, elements = made, counted
            _same(made, self._paths, f"by {town.tool.name}", f"by {first.tool.name}")
            different = [name for name in elements | counted if elements[name] != counted[name]]
            if different:
                shown = ", ".join(
                    f"{counted[name]} not {elements[name]} {name}" for name in different
                )
                raise Unfair(f"Pages of {town.tool.name} differ from {first.tool.name}'s: {shown}")

    def measure(self, scenario: Scenario, rounds: int, *, memory: bool) -> dict[str, Samples]:
        """Run a scenario with each tool in turn, as often as `rounds` says, then for memory.

        It comes after `check_same_pages`. Raises `CommandFailed`, or `Unfair` where a build did not
        make what it should have made.
        """
        samples = {town.tool.name: Samples() for town in self._towns}
        for town in self._towns:
            town.restore()
            if not scenario.cold:
                town.build()
        for turn in range(rounds + (min(rounds, MEMORY_ROUNDS) if memory else 0)):
            say(f"{self.posts:,} posts, {scenario.title}: {turn + 1}")
            for town in self._towns:
                expected = scenario.prepare(town, turn)
                os.sync()  # so that no build waits for the disk to take what another has written
                if turn < rounds:
                    samples[town.tool.name].costs.append(town.build(cold=scenario.cold))
                else:
                    samples[town.tool.name].peaks.append(town.peak(cold=scenario.cold))
                scenario.check(town, expected)
            shutil.rmtree(self._trash, ignore_errors=True)
        for town in self._towns:
            name = town.tool.name
            _same(town.paths(), self._paths, f"by {name}: {scenario.title}", f"by {name} at first")
        return samples


def _same(paths: set[str], others: set[str], ours: str, theirs: str) -> None:
    """Raise `Unfair` where paths made "by" one build were not made "by" another."""
    for alone, here, there in ((paths - others, ours, theirs), (others - paths, theirs, ours)):
        if alone:
            shown = ", ".join(sorted(alone)[:5])
            raise Unfair(f"{len(alone)} files only {here}, not {there}: {shown}")


def left_out(work: Path, variants: Sequence[Tool]) -> dict[str, str]:
    """Return those variants that cannot build even a town without posts, with what they say.

    It is what an older version does with a setting that it does not know yet.
    """
    found = {}
    for variant in variants:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        try:
            Town(work, variant, 0).build(cold=True)
        except CommandFailed as error:
            found[variant.name] = str(error).partition("\n")[2].partition("\n")[0]
    shutil.rmtree(work, ignore_errors=True)
    return found


def say(text: str) -> None:
    """Tell whoever waits how far it is; the tables alone go to standard output."""
    print(text, file=sys.stderr, flush=True)
