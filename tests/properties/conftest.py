"""Builders for the tests of what a build promises."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# These tests share more than fixtures, and test modules are not on the import path.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from builders import HOME, ODD, PLAIN, knows_jobs
from living_site import first_site

from forked import Forked


@pytest.fixture(scope="session")
def soak():
    """Say whether this run is the long one."""
    from hypothesis import settings

    return settings.get_current_profile_name() == "soak"


@pytest.fixture(scope="session")
def jobs_known():
    return knows_jobs()


@pytest.fixture
def parallel(jobs_known):
    """Skip a test of the engine that works in parallel where there is none."""
    if not jobs_known:
        pytest.skip("this crosspost has no `build --jobs`: it always builds everything, alone")


@pytest.fixture(scope="session")
def builders(tmp_path_factory):
    """Three environments: where the living site is, a plain one, and an odd one."""
    found = {}
    for one in (HOME, PLAIN, ODD):
        warm = tmp_path_factory.mktemp(one.name)
        first_site(theme="ville").write(warm)
        found[one.name] = Forked(one, [["-C", str(warm), "build"]])
    yield found
    for builder in found.values():
        builder.close()
