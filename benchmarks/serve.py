"""Measures the preview: how soon its first page is there, and how soon a saved post is.

`make bench-serve POSTS=10000`, or `python benchmarks/serve.py --help`. README.md says how to read
it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import say
from corpus import make_post, write_corpus
from report import LEAST_ROUNDS
from target import met

WORK = Path(__file__).resolve().parent.parent / ".bench" / "serve"
SITE = Path(__file__).resolve().parent / "site"
CROSSPOST = (sys.executable, "-m", "crosspost")
FIRST_PAGE, SAVED = 1.0, 0.3
"""Seconds within which the first page, and a saved post's message, are to be there."""
_PATIENCE = 600


@dataclass(slots=True)
class Samples:
    """Seconds, a list for each thing that is measured."""

    ready: list[float] = field(default_factory=list)
    first_page: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


class Browser:
    """What a browser does with the preview: it asks for pages, and listens."""

    def __init__(self, url: str) -> None:
        self.origin = url.split("/", 3)[0] + "//" + url.split("/", 3)[2]
        self._answer = urllib.request.urlopen(
            f"{self.origin}/__crosspost/events", timeout=_PATIENCE
        )
        self.state = self.next()

    def next(self) -> dict:
        """Return the next state that the server tells."""
        for line in self._answer:
            if line.startswith(b"data: "):
                self.state = json.loads(line[6:])
                return self.state
        raise RuntimeError("the preview has ended")

    def close(self) -> None:
        """Listen no longer."""
        self._answer.close()

    def page(self, url: str) -> str:
        """Return a page."""
        with urllib.request.urlopen(self.origin + url, timeout=_PATIENCE) as answer:
            return answer.read().decode()

    def wait_for_whole(self) -> None:
        """Wait until the build behind the preview has looked at every page."""
        while not self.state["whole"]:
            self.next()


@contextmanager
def preview(folder: Path) -> Iterator[tuple[str, float]]:
    """Run the preview; yields its address, and when it was started."""
    start = time.perf_counter()
    command = (*CROSSPOST, "-C", str(folder), "-q", "serve", "--port", "0", "--format", "json")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())["url"], start
        finally:
            process.terminate()


def measure(folder: Path, posts: int, rounds: int) -> Samples:
    """Start the preview and save posts, `rounds` times each."""
    found = Samples()
    for number in range(rounds):
        say(f"first page, {number + 1} of {rounds}")
        with preview(folder) as (url, start):
            found.ready.append(time.perf_counter() - start)
            with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:
                answer.read()
            found.first_page.append(time.perf_counter() - start)
    place = folder / make_post(posts // 2).path
    text = place.read_text(encoding="utf-8")
    with preview(folder) as (url, _), closing(Browser(url)) as browser:
        for number in range(rounds):
            browser.wait_for_whole()
            say(f"saved post, {number + 1} of {rounds}")
            words = f"Ajout {number}, {time.time_ns()}."
            version = browser.state["version"]
            start = time.perf_counter()
            place.write_text(f"{text}\n{words}\n", encoding="utf-8")
            while browser.state["version"] == version:
                browser.next()
            found.told.append(time.perf_counter() - start)
            page = browser.page(browser.state["edited"]["url"])
            found.shown.append(time.perf_counter() - start)
            if words not in page:
                raise RuntimeError("the page does not show what was saved")
            browser.wait_for_whole()
            found.whole.append(time.perf_counter() - start)
        place.write_text(text, encoding="utf-8")
    return found


def table(found: Samples) -> list[str]:
    """Return a Markdown table of medians."""
    rows = [
        ("start to the server's first line", found.ready, None),
        ("start to the home page, warm cache", found.first_page, FIRST_PAGE),
        ("a post is saved to the reload message", found.told, SAVED),
        ("a post is saved to its page, read whole", found.shown, None),
        ("a post is saved to every page looked at", found.whole, None),
    ]
    lines = ["| | median, s | (least to most) | target |", "|---|---:|---:|---|"]
    for name, seconds, most in rows:
        middle = median(seconds)
        target = f"at most {most:g} s: {met(middle, most)}" if most else ""
        lines.append(
            f"| {name} | {middle:.3f} | {min(seconds):.3f} to {max(seconds):.3f} | {target} |"
        )
    return lines


def main(arguments: Sequence[str] | None = None, work: Path = WORK) -> int:
    """Measure as the command line says, and print a table. Returns an exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    folder = work / str(given.posts)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SITE, folder)
    say(f"Writing {given.posts:,} posts")
    write_corpus(given.posts, "crosspost", folder)
    say("Building once, so that the cache is warm")
    output = folder / ".crosspost/preview"
    command = (*CROSSPOST, "-C", str(folder), "-q", "build", "--drafts", "--output", str(output))
    subprocess.run(command, check=True)
    found = measure(folder, given.posts, given.rounds)
    cores = os.cpu_count() or 1
    lines = [
        f"Medians of {given.rounds}; {cores} cores, load average {load:.2f} at the start.",
        "",
        f"## The preview of {given.posts:,} posts",
        "",
        *table(found),
    ]
    if load > cores / 4 or given.rounds < LEAST_ROUNDS:
        lines += ["", "**Busy machine or few rounds: do not pass these figures on.**"]
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
