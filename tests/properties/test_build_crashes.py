"""What stops a build from outside: kill -9, another build, a full disk, a folder that is closed."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from builders import HOME, PLAIN, difference, outputs_of, run_crosspost
from living_site import Doc, LivingSite, first_site, moment

from forked import Answer

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("parallel")]

MANIFEST = ".crosspost-manifest.json"
UNFINISHED = ".crosspost-unfinished"
NOBODY = 65534


def town(posts: int) -> LivingSite:
    """Return a site of many posts, one of which is and stays a draft."""
    site = first_site()
    for number in range(posts):
        front = {"title": f"Post {number}", "date": moment(-3 * number - 30)}
        front |= {"tags": [f"t{number % 5}"], "category": "culture"}
        site.docs[f"posts/p{number}.md"] = Doc(site.new_mark(), front, "Un texte. " * 20)
    site.docs["posts/brouillon.md"] = Doc("brouillon0000", {"title": "Non", "date": moment(-9)})
    site.docs["posts/brouillon.md"] = site.docs["posts/brouillon.md"].but(draft=True)
    return site


def edit(site: LivingSite, number: int) -> None:
    """Change what every page shows, one post, and which posts there are."""
    site.settings["site"] = {**site.settings["site"], "title": f"Valbourg {number}"}
    site.docs["posts/p3.md"] = site.docs["posts/p3.md"].but(title=f"Autre {number}")
    site.docs["posts/p4.md"] = site.docs["posts/p4.md"].but(draft=number % 2 == 1)
    site.docs["posts/p5.md"] = site.docs["posts/p5.md"].but(slug=f"p5-{number}")


def build_of(root: Path, *options: str) -> list[str]:
    """Return the arguments of a build."""
    return ["-C", str(root), "build", "--now", moment(0), *options]


@pytest.fixture
def build(builders):
    """Give a function that builds a site in a process of its own, and tells how that ended."""

    def built(root: Path, *options: str) -> Answer:
        return builders[HOME.name].run(build_of(root, *options))

    return built


@pytest.fixture
def clean_build(builders):
    """Give a function that builds a copy of sources from nothing, with one worker, elsewhere."""

    def built(site: LivingSite, folder: Path) -> dict[str, bytes]:
        site.copy_to(folder)
        done = builders[PLAIN.name].run(build_of(folder, "--jobs", "1"))
        assert done.status == 0, done.err
        made = outputs_of(folder / "output")
        shutil.rmtree(folder)
        return made

    return built


def start(root: Path, *options: str) -> subprocess.Popen[str]:
    """Begin a build as a person does, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "crosspost", *build_of(root, *options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def kill(process: subprocess.Popen[str]) -> bool:
    """Kill a build and its workers; say whether it had not ended."""
    running = process.poll() is None
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return running


def check_between(output: Path, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """Every file that the manifest names is the old or the new one, whole; and there is no other.

    What is not finished is in a folder of its own; what is hidden is nowhere.
    """
    found = outputs_of(output)
    named = set(json.loads(found[MANIFEST])["files"]) | {MANIFEST}
    for name, data in found.items():
        assert b"brouillon0000" not in data, f"{name} shows a draft"
        if name.startswith(f"{UNFINISHED}/"):
            continue
        assert name in named, f"{name} is not in the manifest: the next build cannot know of it"
        if name != MANIFEST:
            assert data in (old.get(name), new.get(name)), f"{name} is neither old nor new"


@pytest.mark.hypothesis
def test_a_killed_build_leaves_whole_files_and_the_next_one_completes_it(
    tmp_path, build, clean_build, soak, tally
):
    seed = random.randrange(2**32) if soak else 9
    chance = random.Random(seed)
    site, root = town(150 if soak else 60), tmp_path / "living"
    site.write(root)
    begin = time.monotonic()
    assert run_crosspost(*build_of(root)).returncode == 0
    usual = time.monotonic() - begin
    old = outputs_of(root / "output")
    clean: dict[int, dict[str, bytes]] = {}
    for number in range(20 if soak else 6):
        edit(site, number % 2)
        site.write(root)
        if number % 2 not in clean:
            clean[number % 2] = clean_build(site, tmp_path / "clean")
        new = clean[number % 2]
        if chance.random() < 0.4:
            shutil.rmtree(root / ".crosspost", ignore_errors=True)
        for _ in range(chance.choice([1, 1, 2])):
            process = start(root, "--jobs", chance.choice("123"))
            if number % 3 == 0:
                time.sleep(chance.uniform(0.2, 1) * usual)
            else:  # where it writes, which takes but a moment
                while process.poll() is None and not (root / "output" / UNFINISHED).exists():
                    time.sleep(0.001)
                time.sleep(chance.uniform(0, 0.05) * usual)
            tally["kills in time"] += kill(process)
            tally["kills"] += 1
            check_between(root / "output", old, new)
        done = build(root)
        assert done.status == 0, f"seed {seed}: {done.err}"
        old = outputs_of(root / "output")
        differing = difference(old, new)
        assert not differing, f"seed {seed}, after kill {tally['kills']}:\n{differing}"


@pytest.mark.parametrize("cache", ["warm", "cold"])
def test_two_builds_at_once_give_what_one_gives(tmp_path, build, clean_build, cache):
    site, root = town(40), tmp_path / "living"
    site.write(root)
    assert build(root).status == 0
    edit(site, 1)
    site.write(root)
    if cache == "cold":
        shutil.rmtree(root / ".crosspost", ignore_errors=True)
    processes = [start(root, "--jobs", jobs) for jobs in "12"]
    said = [process.communicate()[1] for process in processes]
    statuses = [process.returncode for process in processes]
    assert 0 in statuses
    for status, text in zip(statuses, said, strict=True):
        assert status == 0 or (status == 4 and "another build" in text), text
    new = clean_build(site, tmp_path / "clean")
    differing = difference(outputs_of(root / "output"), new)
    assert not differing, differing
    assert "0 written" in build(root).out


def mounted(folder: Path, size: str) -> None:
    """Put a small disk where a folder is; skip where that is not possible."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False) if not os.getuid() else None
    if done is None or done.returncode:
        pytest.skip(f"only root can make a disk that is full: sudo {' '.join(command)}")


def add_large_file(site: LivingSite) -> None:
    """Add a file of 400 kB that is copied."""
    site.files["content/plan.txt"] = b"Le plan de la ville.\n" * 20_000


def test_on_a_full_disk_the_last_output_stays_and_the_next_build_completes_it(
    tmp_path, build, clean_build
):
    site, root = town(6), tmp_path / "living"
    site.write(root)
    output = root / "output"
    mounted(output, "700k")
    try:
        assert build(root).status == 0
        old = outputs_of(output)
        add_large_file(site)
        edit(site, 1)
        site.write(root)
        done = build(root)
        assert done.status == 4
        assert "No space left" in done.err
        assert "Traceback" not in done.err
        assert difference(outputs_of(output), old) == ""
        subprocess.run(["mount", "-o", "remount,size=20m", str(output)], check=True)
        assert build(root).status == 0
        assert difference(outputs_of(output), clean_build(site, tmp_path / "clean")) == ""
    finally:
        subprocess.run(["umount", str(output)], check=True)


def test_a_file_that_may_not_grow_is_told_and_leaves_the_last_output(tmp_path, build, clean_build):
    """As a full disk, for whoever is not root: no file may be larger than 200 kB."""
    site, root = town(6), tmp_path / "living"
    site.write(root)
    assert build(root).status == 0
    old = outputs_of(root / "output")
    add_large_file(site)
    site.write(root)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = run_crosspost(*build_of(root), preexec_fn=limited)
    assert done.returncode == 4
    assert "output cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert difference(outputs_of(root / "output"), old) == ""
    assert build(root).status == 0
    made = outputs_of(root / "output")
    assert difference(made, clean_build(site, tmp_path / "clean")) == ""


def test_a_full_disk_below_the_cache_alone_does_not_stop_a_build(tmp_path, build, clean_build):
    site, root = town(6), tmp_path / "living"
    site.write(root)
    cache = root / ".crosspost"
    mounted(cache, "16k")
    try:
        done = build(root)
        assert done.status == 0, done.err
        assert difference(outputs_of(root / "output"), clean_build(site, tmp_path / "one")) == ""
        edit(site, 1)
        site.write(root)
        assert build(root).status == 0
        assert difference(outputs_of(root / "output"), clean_build(site, tmp_path / "two")) == ""
    finally:
        subprocess.run(["umount", str(cache)], check=True)


def test_a_file_where_the_cache_should_be_does_not_stop_a_build(tmp_path, build, clean_build):
    site, root = town(6), tmp_path / "living"
    site.write(root)
    (root / ".crosspost").write_bytes(b"somebody's own\n")
    for number in range(2):
        done = build(root)
        if done.status:  # it may refuse, where it says what to do
            assert done.status == 4
            assert ".crosspost" in done.err
            return
        made = outputs_of(root / "output")
        assert difference(made, clean_build(site, tmp_path / "clean")) == ""
        edit(site, number)
        site.write(root)
    assert (root / ".crosspost").read_bytes() == b"somebody's own\n"


@pytest.fixture
def somebody(builders):
    """Build as somebody who is not root, in a folder that is theirs to read; return both."""
    user = NOBODY if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="crosspost-"))
    folder.chmod(0o755)

    def built(root: Path) -> tuple[int, str]:
        builder = builders[HOME.name if user is None else PLAIN.name]
        answer = builder.run(build_of(root, "--jobs", "1"), user=user)
        return answer.status, answer.err

    yield built, folder / "living"
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


def close(folder: Path, *, but: Path) -> None:
    """Let nobody write below a folder, but anybody in one place of it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in (but, *but.rglob("*")) if but.exists() else ():
        path.chmod(0o777 if path.is_dir() else 0o666)


def open_again(folder: Path) -> None:
    """Let anybody write below a folder."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)


def test_an_output_that_may_not_be_written_is_told_and_stays(
    tmp_path, build, clean_build, somebody
):
    theirs, root = somebody
    site = town(6)
    site.write(root)
    assert build(root).status == 0
    old = outputs_of(root / "output")
    edit(site, 1)
    site.write(root)
    close(root, but=root / ".crosspost")
    status, said = theirs(root)
    assert status == 4
    assert "output cannot be written: Permission denied" in said
    assert difference(outputs_of(root / "output"), old) == ""
    open_again(root)
    assert theirs(root)[0] == 0
    assert difference(outputs_of(root / "output"), clean_build(site, tmp_path / "clean")) == ""


def test_a_cache_that_may_not_be_written_does_not_stop_a_build(
    tmp_path, build, clean_build, somebody
):
    theirs, root = somebody
    site = town(6)
    site.write(root)
    assert build(root).status == 0
    edit(site, 1)
    site.write(root)
    close(root, but=root / "output")
    status, said = theirs(root)
    assert status == 0, said
    assert difference(outputs_of(root / "output"), clean_build(site, tmp_path / "clean")) == ""
