"""One tool's site of the town on disk: built, changed, emptied and checked out anew."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from pathlib import Path

from corpus import Post, make_post, write_post
from measuring import Cost, memory_of, time_of
from tool import Tool

ELEMENT = re.compile(r"<(h[1-6]|ul|ol|li|a|strong|em|code|pre|blockquote|table|tr|th|td|sup)[\s>]")
"""The start of an element that Markdown is made into, or that a template has many of."""


class Unfair(Exception):
    """The tools did not make the same thing, so that a ratio would mean nothing."""


class Town:
    """The site of a tool with some posts, in a folder of `work` that has the tool's name.

    What is in the way of a build is moved into `trash`: removing it can take long, and is done when
    nothing is being measured.
    """

    def __init__(self, work: Path, tool: Tool, posts: int) -> None:
        self.tool = tool
        self.posts = posts
        self.middle = make_post(posts // 2)
        self._folder = work / tool.name
        self._trash = work / "trash"
        self._environment = {**os.environ, "LC_ALL": "C.UTF-8", "HUGO_CACHEDIR": str(work / "hugo")}
        self._moved = 0
        shutil.copytree(tool.source, self._folder)
        if tool.setting is not None:
            name, old, new = tool.setting
            text = (self._folder / name).read_text(encoding="utf-8")
            if old not in text:
                raise ValueError(f"{tool.name}: {name} has no {old!r} to change.")
            (self._folder / name).write_text(text.replace(old, new), encoding="utf-8")
        self._template = (self._folder / tool.template).read_text(encoding="utf-8")

    def write(self, post: Post) -> None:
        """Write a post as the tool reads it."""
        write_post(post, self.tool.style, self._folder)

    def build(self, *, cold: bool = False) -> Cost:
        """Build the site, and return what that cost. Raises `CommandFailed`."""
        return time_of(self._command(cold), self._folder, self._environment)

    def peak(self, *, cold: bool = False) -> int:
        """Build the site, and return the most memory it took, in bytes. Raises `CommandFailed`."""
        return memory_of(self._command(cold), self._folder, self._environment)

    def restore(self) -> None:
        """Undo all changes; the next build finds the town as it was written at first."""
        self.write(self.middle)
        (self._folder / self.tool.template).write_text(self._template, encoding="utf-8")

    def empty(self) -> None:
        """Leave nothing of earlier builds: neither output nor caches."""
        for name in (self.tool.output, *self.tool.caches):
            self._move_away(self._folder / name)

    def change_template(self, words: str) -> None:
        """Add words to the foot of the template that all pages go through."""
        text = self._template.replace("</body>", f"<p>{words}</p>\n</body>")
        (self._folder / self.tool.template).write_text(text, encoding="utf-8")

    def check_out(self, *, with_output: bool) -> None:
        """Put a copy in the place of the site, with the caches of earlier builds in it.

        It is what a CI job begins with: every file is another one, and as new as all the others.
        """
        copy = self._folder.with_name(f"{self.tool.name} copy")

        def left_out(folder: str, _names: list[str]) -> set[str]:
            at_top = Path(folder) == self._folder
            return {self.tool.output} if at_top and not with_output else set()

        shutil.copytree(self._folder, copy, ignore=left_out, copy_function=shutil.copyfile)
        for folder, _, _ in os.walk(copy):
            os.utime(folder)  # copytree gives folders the times of those that it copies
        self._move_away(self._folder)
        copy.rename(self._folder)

    def page(self, path: str) -> str:
        """Return a page of the output, its apostrophes as people write them.

        Raises `Unfair` where there is none.
        """
        try:
            html = (self._folder / self.tool.output / path).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Unfair(f"{self.tool.name} did not make {path}.") from None
        return html.replace("&#39;", "'")

    def paths(self) -> set[str]:
        """Return the paths of all pages, feeds, the sitemap and robots.txt.

        Styles are left out: they have names that are each tool's own.
        """
        output = self._folder / self.tool.output
        return {
            path.relative_to(output).as_posix()
            for path in output.rglob("*")
            if path.suffix in (".html", ".xml", ".txt")
        }

    def elements(self) -> Counter[str]:
        """Return how many there are of each `ELEMENT` on all pages together."""
        found: Counter[str] = Counter()
        for page in (self._folder / self.tool.output).rglob("*.html"):
            found.update(ELEMENT.findall(page.read_text(encoding="utf-8")))
        return found

    def _command(self, cold: bool) -> tuple[str, ...]:
        return self.tool.cold if cold else self.tool.again

    def _move_away(self, old: Path) -> None:
        if old.exists():
            self._moved += 1
            self._trash.mkdir(exist_ok=True)
            old.rename(self._trash / f"{self.tool.name} {self._moved}")
