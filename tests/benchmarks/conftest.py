"""benchmarks/ is no package: its scripts import each other from their own folder.

Its tests need no peer and no network: `generator` is a small site generator of our own.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))

GENERATOR = """
import json, pathlib, re, sys

manners = sys.argv[1:]
out, cache = pathlib.Path("out"), pathlib.Path("cache")
if "unknown: yes" in pathlib.Path("settings").read_text():
    sys.exit("settings:1: unknown key 'unknown'.")
if "careful" in manners and (out.exists() or cache.exists()):
    sys.exit("something is left of an earlier build")
if "stale" in manners and out.exists():
    sys.exit()
files = {"index.html": ""}
for file in pathlib.Path("content").rglob("*.md"):
    text = file.read_text(encoding="utf-8")
    title = json.loads(re.search("^title: (.*)", text, re.M)[1])
    files["index.html"] += title
    files[f"{file.parent.relative_to('content/posts')}/{file.stem}/index.html"] = title + text
if "forgetful" in manners and cache.exists() and not out.exists():
    files = {path: text for path, text in files.items() if not path.endswith("-0/index.html")}
if "feed" in manners:
    files["rss.xml"] = ""
mark = "<em>new</em>" if "marked" in manners else ""
shown = files["index.html"] if "lists" in manners else ""
base = pathlib.Path("base.html").read_text(encoding="utf-8")
for path, text in files.items():
    file = out / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(base.replace("MAIN", text + shown + mark), encoding="utf-8")
(out / f"{len(manners)}.css").write_text("")
cache.mkdir(exist_ok=True)
"""


@pytest.fixture
def generator(tmp_path):
    """Give a function that makes tools: of a name, with the manners of each kind of build.

    "lists" shows every title on every page; "stale" keeps old output; "forgetful" leaves a page out
    when there is a cache and no output; "careful" refuses to build on what is left; "feed" makes a
    feed; "marked" has an element more on each page.
    """
    from tool import Tool

    def make(name, again=("lists",), cold=("lists", "careful"), setting=None):
        source = tmp_path / "sources" / name
        source.mkdir(parents=True)
        (source / "settings").write_text("unknown: no", encoding="utf-8")
        (source / "base.html").write_text("<body>\nMAIN\n</body>", encoding="utf-8")
        program = source.with_suffix(".py")
        program.write_text(GENERATOR, encoding="utf-8")
        command = (sys.executable, "-S", str(program))
        return Tool(
            name,
            style="crosspost",
            source=source,
            output="out",
            caches=("cache",),
            template="base.html",
            cold=(*command, *cold),
            again=(*command, *again),
            version=(sys.executable, "--version"),
            setting=setting,
        )

    return make
