"""`build --profile`: where the time went, for people and programs."""

from __future__ import annotations

import pytest


@pytest.fixture
def site(town, post):
    return town(
        {
            f"content/posts/p{number}.md": post("summary: S.", title=f"P{number}")
            for number in range(12)
        }
    )


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_programs_are_told_of_phases_templates_and_documents(site, jobs: str) -> None:
    found = site.build("--profile", "--jobs", jobs)["profile"]
    assert list(found) == ["phases", "templates", "documents"]
    assert list(found["phases"]) == ["read", "index", "compare", "make", "write"]
    counts = {name: one["count"] for name, one in found["templates"].items()}
    assert counts["post.html"] == 12
    assert counts["base.html"] >= 12 + 3
    assert counts["home.html"] == 1
    assert "redirect.html" not in counts
    assert len(found["documents"]) == 10
    assert {one["file"] for one in found["documents"]} <= {
        f"content/posts/p{number}.md" for number in range(12)
    }
    times = [one["seconds"] for one in found["documents"]]
    assert times == sorted(times, reverse=True)
    measured = [*times, *found["phases"].values()]
    measured += [one["seconds"] for one in found["templates"].values()]
    assert all(seconds >= 0 for seconds in measured)


def test_people_are_told_in_three_tables(site) -> None:
    said = site.run("build", "--now", "2026-11-23 12:00", "--profile").out
    lines = said.splitlines()
    phases, templates, documents = (
        lines.index(title)
        for title in (
            "Phases, on the clock",
            "Templates, with what they include",
            "Slowest documents",
        )
    )
    assert phases < templates < documents
    assert [line.split()[-1] for line in lines[phases + 1 : templates]] == [
        *("read", "index", "compare", "make", "write")
    ]
    assert any(line.endswith("12 ×  post.html") for line in lines[templates:documents])
    assert len(lines[documents + 1 :]) == 10


def test_a_build_that_made_nothing_has_no_templates_and_no_documents(site) -> None:
    site.built()
    result = site.build("--profile")
    assert result["profile"]["templates"] == {}
    assert result["profile"]["documents"] == []
    said = site.run("build", "--now", "2026-11-23 12:00", "--profile").out
    assert "Phases" in said
    assert "Templates" not in said
    assert "Slowest" not in said


def test_measuring_changes_no_byte(site, town) -> None:
    site.built()
    other = town({}, name="other")
    for path in (site.root / "content").rglob("*.md"):
        other.write({path.relative_to(site.root).as_posix(): path.read_bytes()})
    other.built("--profile")
    assert other.outputs() == site.outputs()
    plain = other.build()
    assert (plain["made"], plain["read"]) == (0, 0), "what was measured is known"


def test_a_template_with_macros_and_includes_is_measured_whole(site) -> None:
    macros = "{% macro sign() %}{% include 'sign.html' %}{% endmacro %}"
    site.write(
        {
            "templates/macros.html": macros,
            "templates/sign.html": "SIGN",
            "templates/post.html": '{% import "macros.html" as m %}{{ m.sign() }}',
        }
    )
    templates = site.build("--profile")["profile"]["templates"]
    assert {name: templates[name]["count"] for name in ("macros.html", "sign.html")} == {
        "macros.html": 12,
        "sign.html": 12,
    }
    assert site.page("2026/11/p3/index.html") == "SIGN"
