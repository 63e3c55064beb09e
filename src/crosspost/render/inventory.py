"""The inventory: every address that the site has published, one a line, committed beside it.

`crosspost check --update` adds to it and nothing ever takes a line away but a person, so that two
branches can be merged by keeping the lines of both. An address in it that the site no longer has
must lead on, or be said to be gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from crosspost.content.pictures import is_picture
from crosspost.content.slugs import slugify
from crosspost.errors import Problem, Severity
from crosspost.render.task import Task
from crosspost.site.entry import Entry
from crosspost.site.index import SiteIndex
from crosspost.site.redirects import gone_outputs, redirects_of
from crosspost.site.urls import output_path, url_of
from crosspost.text_files import read_text

INVENTORY = "urls.txt"
HEAD = "# Every address that this site has published. Kept by: crosspost check --update\n"
_KINDS = {"page", "feed", "redirect", "asset"}
_NUMBERED = re.compile(r"(?:^|/)page/\d+/index\.html$")
_LISTS = ("the list of", "the home page")
_NO_PLACE = {"404.html", "_redirects", "redirects.nginx.map", "redirects.apache.txt"}


def read_inventory(root: Path, problems: list[Problem]) -> dict[str, int] | None:
    """Return the line of each address that was published; None where the site keeps no inventory.

    What is no address is a problem.
    """
    path = root / INVENTORY
    text = read_text(path, INVENTORY, problems) if path.exists() else None
    if text is None:
        return None
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        address = line.strip()
        if not address or address.startswith("#"):
            continue
        if address.startswith("/"):
            found.setdefault(address, number)
        else:
            message = f"'{address[:60]}' is no address of the site: they begin with a slash."
            problems.append(Problem(INVENTORY, number, 1, "wrong-value", message))
    return found


def written_inventory(addresses: Iterable[str]) -> str:
    """Return the text of an inventory."""
    return HEAD + "".join(f"{address}\n" for address in sorted(set(addresses)))


def addresses_of(tasks: Iterable[Task]) -> dict[str, str]:
    """Return the output path of every address that people may have kept, by the address.

    Left out is what moves by nature: numbered pages of lists, files of the theme, what is made for
    programs alone.
    """
    found = {}
    for task in tasks:
        listed = task.made_of.startswith(_LISTS) and _NUMBERED.search(task.path)
        ours = task.path not in _NO_PLACE and not task.made_of.startswith("the theme's")
        if task.kind in _KINDS and ours and not listed:
            found[url_of("", task.path)] = task.path
    return found


def lost_addresses(index: SiteIndex, paths: Iterable[str]) -> Iterator[Problem]:
    """Yield the addresses that were published and are neither here, nor lead on, nor are gone.

    `paths` are the files that are made. What has expired or is not due yet has left by itself: its
    author said so with a date.
    """
    problems: list[Problem] = []
    listed = read_inventory(index.settings.root, problems)
    yield from problems
    if listed is None:
        return
    here = set(paths) | index.redirects.keys() | index.assets.keys()
    here |= gone_outputs(index.settings, index.gone, index.hidden)
    excused, folders = _left_by_themselves(index)
    lost = []
    for address, line in listed.items():
        output = output_path(address)
        if output not in here and output not in excused and not output.startswith(folders):
            lost.append((address, line))
    if lost:
        by_name = _by_last_part(index.entries)
        for address, line in lost:
            yield _problem(address, line, by_name)


def _left_by_themselves(index: SiteIndex) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the outputs, and the folders of lists, that come and go with the calendar.

    The lists of what is gone may be empty now, too.
    """
    entries = [one.entry for one in index.hidden if one.reason != "draft"]
    outputs = {entry.output for entry in entries} | redirects_of(index.settings, entries).keys()
    folders = {f"{entry.year}/index.html" for entry in entries if entry.year}
    folders |= {f"tags/{slugify(tag)}/" for entry in entries for tag in entry.tags}
    folders |= {f"categories/{slugify(one.category)}/" for one in entries if one.category}
    if any(entry.kind == "edition" for entry in entries):
        outputs.add("newsletter/index.html")
    return frozenset(outputs), tuple(sorted(folders))


def _by_last_part(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    return {_last_part(entry.output): entry for entry in entries}


def _last_part(output: str) -> str:
    return output.removesuffix("/index.html").removesuffix(".html").rpartition("/")[2]


def _problem(address: str, line: int, by_name: Mapping[str, Entry]) -> Problem:
    output = output_path(address)
    if is_picture(output):
        message = (
            f"the picture {address} was published and is not on the site any more: mails and feeds "
            "that show it have lost it. Put it back, or write it under redirects in the settings."
        )
        return Problem(INVENTORY, line, 1, "lost-picture", message, Severity.WARNING)
    moved = by_name.get(_last_part(output))
    advice = (
        f"Write aliases: [{address}] in {moved.file}, if it is the same page."
        if moved
        else "Write it under aliases in the document that stands for it, write gone: true in its "
        "own document, or put it under redirects (moved or gone) in the settings."
    )
    message = f"{address} was published before and is not on the site any more. {advice}"
    return Problem(INVENTORY, line, 1, "lost-url", message)
