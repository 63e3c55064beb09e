"""Builds the same town with crosspost, Hugo and Pelican in turn, and prints what each costs.

`make bench POSTS=1000`, or `python benchmarks/run.py --help`. README.md says how to read it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import Bench, left_out, say
from measuring import KNOWS_MEMORY, CommandFailed
from report import LEAST_ROUNDS, Results, conditions, growth, heading, table
from scenario import GROWING, SCENARIOS
from tool import Tool, install, tools
from town import Unfair

WORK = Path(__file__).resolve().parent.parent / ".bench"


def main(
    arguments: Sequence[str] | None = None,
    known: Mapping[str, Tool] | None = None,
    work: Path = WORK,
) -> int:
    """Measure as the command line says, and print the tables. Returns an exit status.

    `known` are the tools that can be chosen, by name; sites are made below `work`.
    """
    known = known or tools()
    options = _options(arguments, [*known])
    load = os.getloadavg()[0]
    try:
        chosen = [tool for name, tool in known.items() if name in options.tools]
        install(chosen)
        chosen, missing = _able(chosen, work)
        if not chosen:
            return 1
        about = conditions(options.rounds, chosen, load)
        sizes = dict.fromkeys((options.posts, *options.against))
        results: dict[int, Results] = {}
        for posts in sizes:
            scenarios = options.scenarios if posts == options.posts else GROWING
            lines, results[posts] = _measure(work, posts, chosen, scenarios, options)
            about += lines
    except (CommandFailed, Unfair, OSError, subprocess.CalledProcessError) as error:
        say(f"No figures: {error}")
        return 1
    except KeyboardInterrupt:
        say("Interrupted: no figures.")
        return 130
    for other in options.against:
        fewer, more = sorted((options.posts, other))
        about += growth((fewer, results[fewer]), (more, results[more]))
    print("\n".join([*about, *missing]).rstrip())
    return 0


def _measure(
    work: Path,
    posts: int,
    chosen: Sequence[Tool],
    scenarios: Sequence[str],
    options: argparse.Namespace,
) -> tuple[list[str], Results]:
    """Measure with so many posts, and return the lines of a table and what it was made of."""
    say(f"Writing {posts:,} posts for {', '.join(tool.name for tool in chosen)}")
    bench = Bench(work / str(posts), posts, chosen)
    bench.check_same_pages()
    memory = KNOWS_MEMORY and not options.no_memory
    results = {
        scenario.name: bench.measure(scenario, options.rounds, memory=memory)
        for scenario in SCENARIOS
        if scenario.name in scenarios
    }
    return [*heading(bench), *table(results, posts)], results


def _able(chosen: Sequence[Tool], work: Path) -> tuple[list[Tool], list[str]]:
    """Return the tools that can be measured, and a line for each variant that cannot."""
    why = left_out(work / "variants", [tool for tool in chosen if tool.setting is not None])
    lines = [
        f"**{name} is left out: the tool that is installed cannot build it.** It says: {said}"
        for name, said in why.items()
    ]
    for line in lines:
        say(line)
    return [tool for tool in chosen if tool.name not in why], lines


def _options(arguments: Sequence[str] | None, known: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [scenario.name for scenario in SCENARIOS]
    parser.add_argument("--posts", type=_count, default=1000)
    parser.add_argument(
        "--against",
        type=_count,
        nargs="+",
        default=[],
        metavar="N",
        help=f"also with so many posts ({' and '.join(GROWING)}), and how the costs grow",
    )
    parser.add_argument("--rounds", type=_count, default=LEAST_ROUNDS)
    parser.add_argument("--tools", nargs="+", choices=known, default=known)
    parser.add_argument("--scenarios", nargs="+", choices=names, default=names)
    parser.add_argument(
        "--no-memory", action="store_true", help="leave out the builds that are for memory"
    )
    options = parser.parse_args(arguments)
    options.against = [posts for posts in options.against if posts != options.posts]
    return options


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
