"""kill -9 at every boundary of publishing, then another run: each message once, and whole.

A first run counts the boundaries; then one run after the other dies at each of them. `make test`
takes some of them, others for each scene, and `make soak` takes them all.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import settings

SOAK = settings.get_current_profile_name() == "soak"
EACH = 2
PROFILES = ("mastodon-4.6", "gotosocial", "hollo")
BACKENDS = ("directory", "branch")
AN_HOUR_AND_MORE = 65 * 60


def create(world):
    world.write()
    world.write(world.part(poll=True))
    return lambda: None


def media(world):
    world.write(world.part(pictures=2))
    return lambda: None


def thread(world):
    world.write(world.part(), world.part(pictures=1), world.part())
    return lambda: None


def edit(world):
    uid = world.write(world.part(pictures=2), world.part())
    world.publish()

    def change():
        first, second = world.posts[uid].parts
        first.version, second.version = first.version + 100, second.version + 100
        first.pictures = [(first.pictures[1][0], "Autre texte"), world.new_picture()]
        world.save(uid)

    return change


def delete(world):
    uids = [world.write(world.part(), world.part(), world.part()), world.write()]
    world.publish()

    def change():
        for uid, how in zip(uids, ("withdrawn", "removed"), strict=True):
            setattr(world.posts[uid], how, True)
            world.save(uid)

    return change


SCENES = {scene.__name__: scene for scene in (create, edit, delete, thread, media)}


@pytest.fixture
def killed(new_world):
    """Let a scene be played in a world of its own, up to a boundary; return that world."""

    def play(scene, backend, number=None, profile=PROFILES[0]):
        world = new_world(profile, backend)
        SCENES[scene](world)()
        done = world.publish(kill=number)
        if number is not None:
            assert done["status"] == -signal.SIGKILL, done
        return world, done

    return play


@pytest.mark.hypothesis
@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("scene", SCENES)
def test_after_a_kill_at_each_boundary_each_message_is_there_once_and_whole(
    killed, tally, scene, backend
):
    world, done = killed(scene, backend)
    assert done["status"] == 0, done
    world.recover()
    world.close()
    count = len(done["met"])
    assert count > 20
    step = 1 if SOAK else -(-count // EACH)
    start = 1 + (
        0 if SOAK else 3 * (len(SCENES) * BACKENDS.index(backend) + [*SCENES].index(scene))
    )
    for number in range(start % step, count + 1, step):
        if number < 1:
            continue
        profile = PROFILES[number % len(PROFILES)]
        world, done = killed(scene, backend, number, profile)
        if number % 2:
            world.server.call("DELETE", "/sandbox/keys")
        if number % 5 == 0:
            world.clock.advance(AN_HOUR_AND_MORE)
        tally["schedules"] += 1
        try:
            world.recover(number % 4 // 2)
        except AssertionError as error:
            error.add_note(f"{profile}, killed at boundary {number}: {done['met'][-1]}")
            raise
        world.close()


def boundary(met, name, which=1):
    """Return the number of the boundary that is met for the `which`th time."""
    return [number for number, one in enumerate(met, start=1) if one == name][which - 1]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("backend", BACKENDS)
def test_an_hour_later_the_key_is_forgotten_and_the_search_still_finds(killed, backend, profile):
    _, dry = killed("media", backend)
    number = boundary(dry["met"], "after POST /api/v1/statuses")
    world, _ = killed("media", backend, number, profile)
    (before,) = world.server.statuses()
    world.clock.advance(AN_HOUR_AND_MORE)
    world.recover(1)
    (after,) = world.server.statuses()
    assert after["id"] == before["id"]
    assert len(world.server.requests("POST", "/api/v1/statuses")) >= 1


def until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("moment", ["claim pushed", "post taken", "receipt kept"])
def test_a_runner_that_is_killed_is_taken_over_by_another_clone(new_world, make_server, moment):
    profile = "gotosocial"  # it knows no keys: only the record can tell
    world = new_world(profile, "branch", make_server(profile=profile))
    world.write(world.part(pictures=1))
    world.plan()
    kinds = {
        "claim pushed": "timeout-before",
        "post taken": "timeout-after",
        "receipt kept": "slow",
    }
    seconds = 0.3 if moment == "receipt kept" else 60
    world.server.fault(route="POST /api/v1/statuses", kind=kinds[moment], seconds=seconds)
    process = subprocess.Popen(
        [sys.executable, "-m", "crosspost", "-C", str(world.roots[0]), "publish"],
        env={**os.environ, "TOWN_TOKEN": world.server.token},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    until(lambda: not world.server.call("GET", "/sandbox/faults"))
    if moment == "receipt kept":  # its push is held back, then refused
        world.refuse_pushes(1)
        hold, held = world.bare / "hold", world.bare / "held"
        hold.touch()
        until(held.exists)
        assert list((world.roots[0] / ".crosspost/ledger-kept").rglob("*.jsonl"))
    elif moment == "post taken":
        until(world.server.statuses)
    process.kill()
    said, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL, said
    assert world.server.token.encode() not in said
    if moment == "receipt kept":
        hold.unlink()
        until(lambda: not held.exists())
    (row,) = world.rows().values()
    assert row.unsettled
    before = world.server.statuses()
    assert len(before) == (moment != "claim pushed")
    world.publish(1)  # it may be alive: left to it
    assert world.server.statuses() == before
    world.recover(1)
    assert [one["id"] for one in world.server.statuses()][: len(before)] == [
        one["id"] for one in before
    ]
    world.recover(0)  # and the first machine, back again, brings its own record


@pytest.mark.parametrize("profile", PROFILES)
def test_a_server_that_is_still_at_the_call_of_a_killed_run_is_given_time(new_world, profile):
    world = new_world(profile, "directory")
    world.write()
    dry = world.publish()
    world.recover()
    number = boundary(dry["met"], "after POST /api/v1/statuses") - 1
    world.close()
    world = new_world(profile, "directory")
    world.write()
    world.server.fault(kind="slow", route="POST /api/v1/statuses", seconds=0.7)
    world.publish(kill=number)
    assert world.server.statuses() == []
    world.publish(settle_seconds=1.5)
    time.sleep(0.8)  # the first call has been worked on by now, whatever came of the second
    world.recover()
