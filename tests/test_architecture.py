"""ARCHITECTURE.md says what the code does: an import goes down a floor, never up."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/crosspost"
ROW = re.compile(r"^\| (\d) \| (`[^|]+`) \|", re.MULTILINE)
BESIDE = {"scaffold": 5, "editors": 5, "reference": 5, "__init__": 0, "__main__": 6}
"""What stands beside the floors, and the floor whose imports it may have."""


def floors():
    """Give the floor of each folder and file of src/crosspost, as the page says."""
    found = dict(BESIDE)
    for floor, names in ROW.findall((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")):
        for name in re.findall(r"`([\w./]+)`", names):
            found[name.strip("/").removesuffix(".py")] = int(floor)
    return found


def imports(path):
    """Yield the part of crosspost that each import of a file is from, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("crosspost"):
            parts = (node.module or "").split(".")
            for alias in node.names:
                yield (parts[1] if len(parts) > 1 else alias.name), node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("crosspost."):
                    yield alias.name.split(".")[1], node.lineno


def part_of(path):
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def test_every_folder_and_file_has_its_floor():
    parts = {part_of(path) for path in SOURCE.rglob("*.py")}
    assert parts == set(floors())


def test_an_import_goes_down_a_floor_never_up():
    known = floors()
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        here = part_of(path)
        for there, line in imports(path):
            if there == "__version__" or there == here:
                continue
            if known[there] > known[here]:
                wrong.append(f"{path.relative_to(SOURCE)}:{line}: {here} imports {there}")
    assert wrong == []


def test_a_file_is_one_noun():
    """A file that grows past 450 lines is two; the house's aim is 60 to 300."""
    sizes = {
        path.relative_to(SOURCE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in SOURCE.rglob("*.py")
    }
    assert {name: size for name, size in sizes.items() if size > 450} == {}
    assert "utils.py" not in {Path(name).name for name in sizes}
