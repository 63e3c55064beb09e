"""A site that lives: edited at random, built now and then, its cache and its output meddled with.

After a build of the living site copies of its sources are built from nothing, with one worker and
with many, and all must have said and made the same. The rules are in `site_machine.py`.
"""

from __future__ import annotations

import copy
import os
import re
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path

from builders import (
    HOME,
    ODD,
    PLAIN,
    difference,
    empty_folders,
    outputs_of,
)
from hypothesis import currently_in_test_context, note
from living_site import Doc, LivingSite, first_site, moment, seconds

from crosspost.build.signatures import TICK
from forked import Answer, Forked

CACHE = ".crosspost"
MANIFEST = ".crosspost-manifest.json"
_OWN_WORK = re.compile(r" · [\d,]+ (?:written|unchanged|removed)\b| · [\d.]+ s$", re.MULTILINE)
"""What a build says of itself, and not of the site."""
_UNFINISHED = re.compile(r"unfinished|te?mp(?![a-z])|\.part$|\.between$|~$")
_KEPT = 4


@dataclass(frozen=True)
class Build:
    """How the living site is built: by how many workers (None: its own choice), where, and as what.

    `twice` builds it again at once, and it is the second build that is compared. `many` is how many
    workers build a second copy from nothing, on another machine as it were; 0: there is none.
    """

    jobs: int | None = None
    where: str = HOME.name
    drafts: bool = False
    strict: bool = False
    twice: bool = False
    many: int = 0

    def __repr__(self) -> str:
        """Write only what is out of the ordinary, so that a list of steps can be read."""
        odd = [f for f in fields(self) if getattr(self, f.name) != f.default]
        return f"Build({', '.join(f'{f.name}={getattr(self, f.name)!r}' for f in odd)})"

    def options(self) -> list[str]:
        """Return the options that the clean builds get too."""
        return ["--drafts"] * self.drafts + ["--strict"] * self.strict


@dataclass
class Life:
    """A living site in a folder of its own, and the ways to build it and to meddle with it."""

    builders: dict[str, Forked]
    jobs_known: bool
    tally: Counter[str]
    site: LivingSite = field(default_factory=first_site)
    hours: int = 0

    def __post_init__(self):
        # A folder in memory, where there is one: a state is written thrice.
        place = "/dev/shm" if Path("/dev/shm").is_dir() else None
        self.top = Path(tempfile.mkdtemp(prefix="living-", dir=place))
        self.root = self.top / "living"
        self.root.mkdir()
        self.site.write(self.root)
        self.good: tuple[LivingSite, int] | None = None
        self.failed = 0
        self.pending = True
        self.meddled = False
        self.number = 0
        self.known: dict[tuple[object, ...], tuple[Answer, dict[str, bytes]]] = {}
        self.caches: list[Path] = []
        self.outputs: list[Path] = []
        self.tally["sites"] += 1

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.top, ignore_errors=True)

    def save(self) -> None:
        """Write what was changed."""
        self.site.write(self.root)
        self.pending = True

    # Building and comparing.

    def build(self) -> None:
        """Build the living site, and compare nothing: what comes next finds a cache."""
        self._start(self.builders[HOME.name], self.root, Build(), None)
        self._remember(self.builders[HOME.name].finish())

    def compare(self, how: Build) -> None:
        """Build the living site, and copies of it from nothing; all must be the same.

        Sources that were built from nothing before, at this moment and with these options, are not
        built so again.
        """
        self.number += 1
        self.pending = False
        before = outputs_of(self.output)
        living = self.builders[how.where]
        if how.twice:
            self._start(living, self.root, how, how.jobs)
            living.finish()
        self._start(living, self.root, how, how.jobs, seed=self.number)
        one, wanted = self._from_nothing(
            how, [one for one in self.builders.values() if one is not living]
        )
        found = living.finish()
        _same_said(found, one, f"the living site, built with {how}, said otherwise")
        now = outputs_of(self.output)
        if found.status == 0:
            _same(now, wanted, f"The living site, built with {how}, is not as a clean build.")
            self._check_folder(how, now)
        else:
            _same(now, before, "A build that was refused changed output/.")
        self._check_sources()
        self.tally["states"] += 1
        self.tally["builds"] += 1 + how.twice
        self.tally["refused"] += found.status != 0
        self._remember(found)

    def _from_nothing(self, how: Build, builders: list[Forked]) -> tuple[Answer, dict[str, bytes]]:
        """Build copies with one worker and with many; return what the first said and made."""
        key = (frozenset(self.site.written.items()), self.hours, *how.options())
        known = self.known.get(key)
        if known is not None and not how.many:
            return known
        runs = [(builders[0], 1, None)] * (known is None)
        runs += [(builders[1], how.many, self.number)] * (how.many > 0)
        for builder, jobs, order in runs:
            folder = self.top / f"from-nothing{jobs}"
            self.site.copy_to(folder, order)
            self._start(builder, folder, how, jobs, seed=order)
        for builder, jobs, _ in runs:
            folder = self.top / f"from-nothing{jobs}"
            answer, made = builder.finish(), outputs_of(folder / "output")
            shutil.rmtree(folder)
            self.tally["builds"] += 1
            if known is None:
                known = self.known[key] = (answer, made)
            else:
                _same_said(answer, known[0], f"a clean build with {jobs} workers said otherwise")
                _same(made, known[1], f"A clean build with {jobs} workers made something else.")
        return known

    def _start(
        self, builder: Forked, root: Path, how: Build, jobs: int | None, seed: int | None = None
    ) -> None:
        """Begin to build; the living site as people do, who let a second pass and name no moment.

        So it goes on from what its last build has left, by every short cut that there is.
        """
        given = ["--jobs", str(jobs)] if self.jobs_known and jobs is not None else []
        arguments = ["-C", str(root), "build", *how.options(), *given]
        if root != self.root:
            builder.start([*arguments, "--now", moment(self.hours)], seed)
            return
        time.sleep(2 * TICK / 1e9)
        zone = self.site.settings["site"].get("timezone", "Europe/Paris")
        epoch = {"SOURCE_DATE_EPOCH": str(seconds(self.hours, zone))}
        builder.start(arguments, seed, variables={**builder.variables, **epoch})

    def _check_folder(self, how: Build, outputs: dict[str, bytes]) -> None:
        """Check what no comparison shows: a page of a hidden post, or what is not finished."""
        assert MANIFEST in outputs
        cache = outputs_of(self.root / CACHE) if (self.root / CACHE).is_dir() else {}
        left = [name for name in (*outputs, *cache) if _UNFINISHED.search(name)]
        assert not left, f"unfinished files were left: {left}"
        if not self.meddled:
            assert empty_folders(self.output) == [], "empty folders were left in output/"
        if how.drafts:
            return
        everything = b"\n".join(outputs.values())
        shown: set[str] = set()
        hidden: set[str] = set()
        for path, doc in self.site.docs.items():
            is_shown = doc.is_shown(self.hours)
            (shown if is_shown else hidden).update(doc.picture_paths())
            found = doc.mark.encode() in everything
            assert found == is_shown, f"{path} ({doc.mark}) is{' not' * is_shown} in output/"
        shown.add(self.site.settings["site"].get("image", "").lstrip("/"))
        leaked = (hidden - shown) & outputs.keys()
        assert not leaked, f"pictures of hidden documents are in output/: {leaked}"

    def _check_sources(self) -> None:
        """A build changes no source and leaves nothing beside them."""
        found = {
            name: data
            for name, data in outputs_of(self.root).items()
            if not name.startswith(("output/", f"{CACHE}/"))
        }
        _same(found, self.site.written, "The build changed the sources.")

    def _remember(self, found: Answer) -> None:
        if found.status == 0:
            self.failed = 0
            self.good = (copy.deepcopy(self.site), self.hours)
            self._keep(self.caches, self.root / CACHE)
            self._keep(self.outputs, self.output)
            return
        self.failed += 1
        if self.failed > 1:
            self.take_back()

    def take_back(self) -> None:
        """Return to the sources of the last build that was not refused, as `git checkout` does."""
        say("taken back to the last state without mistakes")
        good, self.hours = self.good or (first_site(), 0)
        marks, written = self.site.marks, self.site.written
        self.site = copy.deepcopy(good)
        self.site.marks, self.site.written = marks, written
        self.failed = 0
        self.save()

    def _keep(self, kept: list[Path], folder: Path) -> None:
        if folder.is_dir():
            target = self.top / "kept" / f"{folder.name}{self.number}"
            shutil.copytree(folder, target, symlinks=True)
            kept.append(target)
            if len(kept) > _KEPT:
                shutil.rmtree(kept.pop(0))

    # Meddling.

    @property
    def output(self) -> Path:
        """Where the living site is built to."""
        folder = self.root / "output"
        folder.mkdir(exist_ok=True)
        return folder

    def delete_cache(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.root / CACHE, ignore_errors=True)

    def roll_back(self, kept: list[Path], which: int, name: str, *, fresh: bool) -> None:
        """Put an older state of a folder in its place, with its old times or with new ones."""
        if kept:
            shutil.rmtree(self.root / name, ignore_errors=True)
            copy_file = shutil.copyfile if fresh else shutil.copy2
            shutil.copytree(kept[which % len(kept)], self.root / name, copy_function=copy_file)

    def foreign_cache(self, which: int, hours: int, *, drafts: bool) -> None:
        """Build another checkout, with another text and at another time, and take its cache."""
        there = self.top / "elsewhere"
        self.site.copy_to(there, which)
        path = self._any_doc(which)
        if path:
            doc = self.site.docs[path]
            changed = Doc(doc.mark, doc.front, "Un autre texte, ailleurs.", doc.links, doc.pictures)
            (there / "content" / path).write_bytes(changed.data())
        for builder, others in ((PLAIN, []), (ODD, ["--drafts"] * drafts)):
            self.builders[builder.name].start(
                ["-C", str(there), "build", "--now", moment(self.hours + hours), *others]
            )
            self.builders[builder.name].finish()
        self.delete_cache()
        if (there / CACHE).is_dir():
            shutil.copytree(there / CACHE, self.root / CACHE, copy_function=shutil.copyfile)
        shutil.rmtree(there)

    def _any_doc(self, which: int) -> str | None:
        paths = sorted(self.site.docs)
        return paths[which % len(paths)] if paths else None

    def cache_file(self, which: int) -> Path | None:
        """Return one file of the cache."""
        folder = self.root / CACHE
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return files[which % len(files)] if files else None

    def output_file(self, which: int) -> Path | None:
        """Return one file of output/ that is not the manifest."""
        files = sorted(
            path for path in self.output.rglob("*") if path.is_file() and path.name != MANIFEST
        )
        return files[which % len(files)] if files else None


def say(text: str) -> None:
    """Say what a step of hypothesis is about, in the list of steps that failed."""
    if currently_in_test_context():
        note(f"    # {text}")


def change_file(path: Path | None, at: int, *, secretly: bool = False) -> None:
    """Change one byte of a file; `secretly` keeps its time of change."""
    if path is None or path.stat().st_size == 0:
        return
    say(f"{path.name}:")
    times = path.stat()
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1 + at % 255
    path.write_bytes(data)
    if secretly:
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def truncate_file(path: Path | None, at: int) -> None:
    """Cut a file short."""
    if path is not None and path.stat().st_size:
        say(f"{path.name}:")
        os.truncate(path, at % path.stat().st_size)


def _same(found: dict[str, bytes], wanted: dict[str, bytes], what: str) -> None:
    differing = difference(found, wanted)
    assert not differing, f"{what}\n{differing}"


def _same_said(found: Answer, wanted: Answer, what: str) -> None:
    said = [
        f"status {one.status}\n{_OWN_WORK.sub('', one.out)}{one.err}" for one in (found, wanted)
    ]
    assert "Traceback" not in wanted.err + found.err, found.err + wanted.err
    assert said[0] == said[1], (
        f"{what}:\n{said[0]}\n… and a clean build with one worker:\n{said[1]}"
    )
    assert found.status in (0, 1), said[0]
