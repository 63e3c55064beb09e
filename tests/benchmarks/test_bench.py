"""What is compared is the same, and a build that did not do its work is no figure."""

from __future__ import annotations

import os

import bench
import pytest
from corpus import make_post
from scenario import SCENARIOS
from town import Town, Unfair

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def ready(tmp_path, *tools, posts=3):
    made = bench.Bench(tmp_path / "work", posts, tools)
    made.check_same_pages()
    return made


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_sites_that_differ_are_not_compared(tmp_path, generator):
    tools = [generator("crosspost"), generator("hugo", cold=("feed",))]
    made = bench.Bench(tmp_path / "work", 1, tools)
    with pytest.raises(Unfair, match=r"1 files only by hugo, not by crosspost: rss\.xml"):
        made.check_same_pages()
    made = bench.Bench(tmp_path / "work", 1, tools[::-1])
    with pytest.raises(Unfair, match=r"1 files only by hugo, not by crosspost: rss\.xml"):
        made.check_same_pages()


def test_pages_that_hold_less_are_not_compared(tmp_path, generator):
    tools = [generator("hugo", cold=("marked",)), generator("crosspost", cold=("lists",))]
    made = bench.Bench(tmp_path / "work", 2, tools)
    with pytest.raises(Unfair, match=r"Pages of crosspost differ from hugo's: 0 not 3 em$"):
        made.check_same_pages()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=BY_NAME)
def test_a_generator_that_does_its_work_is_measured_in_every_scenario(
    tmp_path, generator, scenario
):
    made = ready(tmp_path, generator("hugo"), generator("crosspost"))
    samples = made.measure(scenario, 2, memory=False)
    assert [*samples] == ["hugo", "crosspost"]
    assert all(len(each.costs) == 2 and each.peaks == [] for each in samples.values())
    assert {path.name for path in (tmp_path / "work").iterdir()} == {"hugo", "crosspost"}
    assert made.words == sum(len(make_post(number).body.split()) for number in range(3))


@pytest.mark.parametrize(
    ("scenario", "manners", "complaint"),
    [
        ("body", ["stale"], "Mise à jour numéro 0"),
        ("title", ["stale"], "version 0"),
        ("title", [], rf"{make_post(0).page} again .a title changed.*version 0"),
        ("template", ["lists", "stale"], "Gabarit numéro 0"),
        ("restored-cache", ["lists", "forgetful"], "1 files only by hugo at first"),
    ],
)
def test_a_change_that_does_not_reach_its_pages_is_no_figure(
    tmp_path, generator, scenario, manners, complaint
):
    made = ready(tmp_path, generator("hugo", again=manners))
    with pytest.raises(Unfair, match=complaint):
        made.measure(BY_NAME[scenario], 1, memory=False)


@pytest.mark.parametrize("name", ["same", "restored"])
def test_old_output_may_be_kept_where_nothing_changed(tmp_path, generator, name):
    made = ready(tmp_path, generator("hugo", again=("lists", "stale")))
    assert made.measure(BY_NAME[name], 1, memory=False)["hugo"].costs


def test_a_scenario_leaves_nothing_to_the_next(tmp_path, generator):
    made = ready(tmp_path, generator("hugo"))
    at_first = {path: (tmp_path / "work" / path).read_text() for path in files(tmp_path / "work")}
    for scenario in (BY_NAME["title"], BY_NAME["template"], BY_NAME["same"]):
        made.measure(scenario, 1, memory=False)
    now = {path: (tmp_path / "work" / path).read_text() for path in files(tmp_path / "work")}
    assert {path: now[path] for path in at_first} == at_first


@pytest.mark.parametrize("with_output", [True, False])
def test_in_a_fresh_checkout_every_file_is_another_one(tmp_path, generator, with_output):
    town = Town(tmp_path / "work", generator("hugo"), 2)
    for number in range(2):
        town.write(make_post(number))
    town.build()
    folder = tmp_path / "work/hugo"
    old = {path: path.stat() for path in folder.rglob("*")}
    for path in old:
        os.utime(path, (0, 0))
    town.check_out(with_output=with_output)
    new = {path: path.stat() for path in folder.rglob("*")}
    kept = {path for path in old if with_output or "out" not in path.parts}
    assert set(new) == kept
    assert {folder / "cache", folder / "settings"} < kept
    for path, stat in new.items():
        assert stat.st_ino != old[path].st_ino
        assert stat.st_mtime > 0


def test_a_variant_has_its_setting_and_is_left_out_where_it_is_not_known(tmp_path, generator):
    known = generator("known", setting=("settings", "unknown: no", "unknown: no, other: yes"))
    unknown = generator("unknown", setting=("settings", "unknown: no", "unknown: yes"))
    assert bench.left_out(tmp_path / "work", [known, unknown]) == {
        "unknown": "settings:1: unknown key 'unknown'."
    }
    ready(tmp_path, known)
    text = (tmp_path / "work/known/settings").read_text(encoding="utf-8")
    assert text == "unknown: no, other: yes"


def test_a_variant_of_a_setting_that_is_not_there_is_a_mistake_of_ours(tmp_path, generator):
    with pytest.raises(ValueError, match="settings has no 'flavour'"):
        Town(tmp_path / "work", generator("hugo", setting=("settings", "flavour", "")), 1)
