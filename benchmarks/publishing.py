"""Measures planning and publishing, and prints tables: `make bench-publish`, or `--help`.

README.md says what is measured and how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from bench import say
from corpus import make_post, write_corpus, write_post
from measuring import CommandFailed, Cost, time_of
from saying import ACCOUNTS, NOW, Record, messages, settings, write_ledger

from crosspost.publish.rows import Event, EventKind, Key

HERE = Path(__file__).resolve().parent
WORK = HERE.parent / ".bench" / "publishing"
CROSSPOST = (sys.executable, "-m", "crosspost")
EVENTS_A_POST = 3
PLAN_MOST = 1.5
"""How many times the no-change build a plan may take, on the largest town."""
FIRST = "plan, the first after a build"
"""It reads the whole ledger and every post, as a cold build does: it is shown, and not judged."""
GROWTH_MOST = 1.1
"""How much more than its share of posts a larger town may cost."""
MESSAGE_MOST = 0.020
"""Seconds of our own processor time a message may take."""
LEDGER_PUBLICATIONS = 52_000


@dataclass
class Town:
    """A site that was built, whose accounts have said all there is to say."""

    folder: Path
    posts: int
    record: Record
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    @classmethod
    def made(cls, work: Path, posts: int) -> Town:
        """Write the site and its ledger, and build it."""
        folder = work / f"town {posts}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(HERE / "site", folder)
        settings(folder)
        write_corpus(posts, "crosspost", folder)
        record = write_ledger(folder, posts, work / "scratch", EVENTS_A_POST * posts)
        town = cls(folder, posts, record)
        say(f"{posts:,} posts: built for the first time")
        town.run("build")
        return town

    def run(self, *command: str, days: int = 0) -> Cost:
        """Run a command on the site, so many days after the town's moment.

        Raises `CommandFailed`.
        """
        moment = NOW + timedelta(days=days)
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(moment.timestamp()))}
        return time_of((*CROSSPOST, "--quiet", *command), self.folder, environment)

    def measure(self, name: str, *command: str, days: int = 0) -> None:
        """Run a command and keep what it cost."""
        os.sync()
        self.costs.setdefault(name, []).append(self.run(*command, days=days))

    def forget_plans(self) -> None:
        """Remove all that plans have kept, and leave what builds have."""
        for pattern in ("plan-*", "ledger*", "register"):
            for path in self.folder.glob(f".crosspost/cache/{pattern}"):
                path.unlink()

    def edit(self, turn: int) -> None:
        """Add a line to the post in the middle."""
        post = make_post(self.posts // 2)
        with (self.folder / post.path).open("a", encoding="utf-8") as file:
            file.write(f"\nUne ligne de plus, la {turn}e.\n")

    def add_post(self, turn: int) -> None:
        """Write a post that nobody has said, as old as the oldest: it has left the window."""
        copied = make_post(self.posts - 1)
        path = self.folder / copied.path
        text = path.read_text(encoding="utf-8")
        (path.parent / f"{copied.slug}-encore-{turn}.md").write_text(text, encoding="utf-8")

    def middle(self, name: str, cost: Callable[[Cost], float]) -> float:
        """Return the median of what a command cost."""
        return median(map(cost, self.costs[name]))

    def ratio(self, name: str) -> float:
        """Return how many times the processor time of the build a command takes."""
        return self.middle(name, _processor) / self.middle("build", _processor)

    def say_something(self, turn: int) -> None:
        """Add an event to the ledger, as another machine's publish does."""
        key = Key("mairie", "@mairie@valbourg.example", f"elsewhere-{turn}")
        event = Event(EventKind.ADOPTED, key, NOW, 10**6 + turn, data={"reason": "elsewhere"})
        path = self.folder / "ledger/mairie" / f"{NOW:%Y-%m}.jsonl"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{event.to_line()}\n")


def _processor(cost: Cost) -> float:
    return cost.processor


def measure_plans(work: Path, sizes: Sequence[int], rounds: int) -> list[str]:
    """Return the table of plans beside builds that have nothing to do."""
    towns = [Town.made(work, posts) for posts in sorted(sizes)]
    for town in towns:
        _check_nothing_to_do(town)
        town.run("build")  # the first one after the ledger has settled
        town.run("plan")
    for turn in range(rounds):
        say(f"plan: {turn + 1}")
        for town in towns:
            town.measure("build", "build")
            town.measure("plan, nothing changed", "plan")
            town.say_something(turn)
            town.measure("plan, an event of another machine", "plan")
            town.edit(turn)
            town.measure("plan, one post edited", "plan")
            town.add_post(turn)
            town.measure("plan, one post more", "plan")
            town.measure("plan, a day later", "plan", days=1)
            town.run("build")
            town.forget_plans()
            town.measure(FIRST, "plan")
            town.run("build")
            town.run("plan")
    lines = [
        "| posts | events | | wall, s | (least to most) | processor, s | × build | target |",
        "|---:|---:|---|---:|---:|---:|---:|---|",
    ]
    for town in towns:
        lines += [_plan_row(town, name, is_largest=town is towns[-1]) for name in town.costs]
    lines += ["", *_growth(towns)]
    return lines


def _plan_row(town: Town, name: str, *, is_largest: bool) -> str:
    walls = [cost.wall for cost in town.costs[name]]
    ratio = town.ratio(name)
    target = ""
    if is_largest and name not in ("build", FIRST):
        target = f"at most {PLAN_MOST}: {'met' if ratio <= PLAN_MOST else '**missed**'}"
    label = "build, nothing changed" if name == "build" else name
    return (
        f"| {town.posts:,} | {town.record.events:,} | {label} | {median(walls):.2f} | "
        f"{min(walls):.2f} to {max(walls):.2f} | "
        f"{town.middle(name, _processor):.2f} | {ratio:.2f} | {target} |"
    )


def _growth(towns: Sequence[Town]) -> list[str]:
    if len(towns) < 2:
        return []
    few, many = sorted(towns, key=lambda town: town.posts)[:: len(towns) - 1]
    most = GROWTH_MOST * many.posts / few.posts
    lines = []
    for name in few.costs:
        grown = many.middle(name, _processor) / few.middle(name, _processor)
        verdict = "met" if grown <= most else "**missed**"
        lines.append(
            f"- {name}: {many.posts:,} posts take {grown:.2f} times the processor time that "
            f"{few.posts:,} take (at most {most:.1f}: {verdict})."
        )
    return [*lines, ""]


def _check_nothing_to_do(town: Town) -> None:
    """Raise `CommandFailed` unless the plan knows every post of every account, and leaves it."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    done = subprocess.run(
        [*CROSSPOST, "plan", "--format", "json"],
        cwd=town.folder,
        env=environment,
        capture_output=True,
        check=True,
    )
    actions = json.loads(done.stdout)["actions"]
    kinds = {action["action"] for action in actions}
    if kinds != {"skip"} or len(actions) != town.posts * len(ACCOUNTS):
        raise CommandFailed(f"the plan has {len(actions)} actions of the kinds {sorted(kinds)}")


def measure_publishing(work: Path, count: int, rounds: int) -> list[str]:
    """Return the table of what publishing costs us a message; the server is another process."""
    costs, idle = [], []
    for turn in range(rounds):
        say(f"publish {count} messages: {turn + 1}")
        folder = work / "speaking"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(HERE / "site", folder)
        command = [*CROSSPOST, "sandbox", "--port", "0", "--format", "json"]
        account = ["--account", "@mairie@valbourg.example", "--data", str(work / "server")]
        shutil.rmtree(work / "server", ignore_errors=True)
        with subprocess.Popen([*command, *account], cwd=folder, stdout=subprocess.PIPE) as server:
            try:
                assert server.stdout is not None
                info = json.loads(server.stdout.readline())
                _write_speaking(folder, count, info["url"])
                environment = {
                    **os.environ,
                    "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())),
                    "TOKEN_MAIRIE": info["token"],
                }
                publish = (*CROSSPOST, "--quiet", "publish", "--channel", "mairie")
                costs.append(time_of(publish, folder, environment))
                said = _lines(folder)
                if said != 2 * count:
                    raise CommandFailed(f"{said} events for {count} messages")
                idle.append(time_of(publish, folder, environment))
            finally:
                server.terminate()
    each = median(cost.processor for cost in costs) / count
    rest = median(cost.processor for cost in idle)
    verdict = "met" if each <= MESSAGE_MOST else "**missed**"
    cells = (
        f"{count}",
        f"{median(cost.wall for cost in costs):.2f}",
        f"{median(cost.processor for cost in costs):.2f}",
        f"{each * 1000:.1f}",
        f"{rest / count * 1000:.1f}",
        f"at most {MESSAGE_MOST * 1000:.0f}: {verdict}",
    )
    return [
        "| messages | wall, s | processor, s | a message, ms | of it, start and plan | target |",
        "|---:|---:|---:|---:|---:|---|",
        f"| {' | '.join(cells)} |",
        "",
    ]


def _write_speaking(folder: Path, count: int, url: str) -> None:
    limits = ", window: 1000 days, max_creates: 1000, wait_until_live: false"
    settings(folder, limits, url)
    for number in range(count):
        write_post(make_post(number), "crosspost", folder)


def _lines(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("ledger/*/*.jsonl"))


def measure_ledger(work: Path, publications: int) -> list[str]:
    """Return the table of what a ledger of years takes on disk, and as git packs it."""
    say(f"a ledger of {publications:,} publications")
    folder = work / "years"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "site", folder)
    settings(folder)
    sample = 1000
    posts = round(publications * sample / sum(1 for _ in messages(sample)))
    record = write_ledger(folder, posts, work / "scratch")
    files = len([*record.folder.rglob("*.jsonl")])
    packed = _packed(folder)
    said = record.events // 2
    cells = (
        f"{said:,}",
        f"{record.events:,}",
        f"{files}",
        f"{record.bytes / 1e6:.1f}",
        f"{record.bytes / said:.0f}",
        f"{packed / 1e6:.1f}",
    )
    return [
        "| publications | events | files | on disk, MB | each, bytes | packed by git, MB |",
        "|---:|---:|---:|---:|---:|---:|",
        f"| {' | '.join(cells)} |",
        "",
    ]


def _packed(folder: Path) -> int:
    """Return the bytes of the ledger as git keeps it."""
    for command in (["init", "--quiet"], ["add", "ledger"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    tree = subprocess.run(
        ["git", "write-tree"], cwd=folder, check=True, capture_output=True
    ).stdout.strip()
    subprocess.run(["git", "update-ref", "refs/tags/ledger", tree], cwd=folder, check=True)
    subprocess.run(["git", "gc", "--quiet"], cwd=folder, check=True)
    return sum(path.stat().st_size for path in folder.glob(".git/objects/pack/*.pack"))


def main(arguments: Sequence[str] | None = None, work: Path = WORK) -> int:
    """Measure as the command line says, and print the tables. Returns an exit status."""
    parser = argparse.ArgumentParser(description="Measure planning and publishing.")
    parser.add_argument("--posts", type=int, nargs="+", default=[10_000, 40_000])
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--publications", type=int, default=LEDGER_PUBLICATIONS)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    work.mkdir(parents=True, exist_ok=True)
    try:
        tables = [
            ["## Plan beside a build that has nothing to do", ""],
            measure_plans(work, options.posts, options.rounds),
            ["## Publishing, our own processor time", ""],
            measure_publishing(work, options.messages, options.rounds),
            ["## The ledger of ten years, three channels", ""],
            measure_ledger(work, options.publications),
        ]
    except (CommandFailed, OSError, ValueError, subprocess.CalledProcessError) as error:
        say(f"No figures: {error}")
        return 1
    except KeyboardInterrupt:
        say("Interrupted: no figures.")
        return 130
    machine = f"{platform.system()} on {cores} cores, Python {platform.python_version()}"
    when = f"{datetime.now().astimezone():%Y-%m-%d}"
    print(f"Medians of {options.rounds}; {machine}, load {load:.2f} at the start; {when}.\n")
    if load > cores / 4:
        print("**The machine was busy with other things: do not pass these figures on.**\n")
    print("\n".join(line for lines in tables for line in lines).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
