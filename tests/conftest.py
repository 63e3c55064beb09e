"""How hypothesis works here: no test measures time, and each run tries the same examples.

`make soak` tries others, and many more. What the long property tests tried is said at the end.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# What all tests share is beside them, and not on the import path.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from compiled import Compiled
from no_secrets import Watch

settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "soak", settings.get_profile("steady"), derandomize=False, max_examples=2000
)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def _compile_each_template_once():
    """Every build compiles its theme, and here are a thousand builds of the same one."""
    Compiled().use()


TALLY = pytest.StashKey[Counter[str]]()
_OF_WORKER = "tally"


@pytest.fixture(autouse=True)
def _not_in_ci(monkeypatch):
    """The same results on a desk and in CI: where a ledger is, for one, depends on it."""
    for name in ("CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)


def pytest_configure(config):
    config.stash[TALLY] = Counter()
    config.pluginmanager.register(Watch())


def pytest_collection_modifyitems(items):
    """Begin with the slow ones: what is left to share in the end is short."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def tally(request):
    """Count what was tried; the sum is said at the end of the run."""
    return request.config.stash[TALLY]


def pytest_sessionfinish(session):
    output = getattr(session.config, "workeroutput", None)
    if output is not None:  # a worker of xdist: the controller adds up
        output[_OF_WORKER] = dict(session.config.stash[TALLY])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    node.config.stash[TALLY].update(getattr(node, "workeroutput", {}).get(_OF_WORKER, {}))


def pytest_terminal_summary(terminalreporter, config):
    tally = config.stash[TALLY]
    if tally["states"]:
        terminalreporter.write_line(
            f"Living sites: {tally['sites']:,}, changed in {tally['steps']:,} steps. "
            f"{tally['states']:,} states were built again from nothing ({tally['builds']:,} builds "
            f"in all) and were the same; {tally['refused']:,} were refused, in the same words."
        )
    if tally["kills"]:
        terminalreporter.write_line(
            f"Builds killed: {tally['kills']:,}, {tally['kills in time']:,} of them before they "
            "had ended."
        )
    if tally["runs"]:
        places = sum(name.startswith("at ") for name in tally)
        terminalreporter.write_line(
            f"Publishing: {tally['schedules']:,} schedules, {tally['runs']:,} runs, "
            f"{tally['publishers killed']:,} of them killed, at {places} kinds of boundaries, with "
            f"{tally['faults']:,} faults. In the end each message was on its server once and whole "
            f"({tally['messages']:,} looks); a person was asked {tally['a person asked']:,} times."
        )
