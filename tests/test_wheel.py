"""What `pip install .` gives works outside the clone: themes and first texts are inside."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network: what builds it is in this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ".", cwd=ROOT)
    (found,) = folder.glob("*.whl")
    return found


@pytest.mark.slow
def test_it_holds_all_that_is_not_python(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for source, target in (
        (ROOT / "themes", "crosspost/themes"),
        (ROOT / "src/crosspost", "crosspost"),
    ):
        files = (
            path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()
        )
        wanted = {f"{target}/{name}" for name in files if "__pycache__" not in name}
        assert wanted <= names, sorted(wanted - names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "content/"))]


@pytest.mark.slow
def test_a_site_made_with_it_builds_and_rehearses_outside_the_clone(wheel, tmp_path):
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env", cwd=tmp_path)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = tmp_path / "env/lib" / version / "site-packages"
    zipfile.ZipFile(wheel).extractall(packages)
    # The dependencies are those of this environment, found behind what the wheel brought. Its own
    # .pth files are not read there, so that an editable crosspost stays out of the way.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    python = tmp_path / "env/bin/python"
    where = run(python, "-c", "import crosspost; print(crosspost.__file__)", cwd=tmp_path)
    assert where.startswith(str(packages))

    run(python, "-m", "crosspost", "init", "my-town", cwd=tmp_path)
    site = tmp_path / "my-town"
    run(python, "-m", "crosspost", "build", cwd=site)
    assert (site / "output/index.html").exists()
    assert list((site / "output").rglob("*.css"))
    said = run(python, "-m", "crosspost", "publish", "--sandbox", cwd=site)
    assert "created  " in said
