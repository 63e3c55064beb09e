"""Each fault that the sandbox knows, on its own: how the run ends that meets it, and the next one.

docs/guarantees.md says the same in words.
"""

from __future__ import annotations

import pytest

from crosspost.sandbox.faults import FaultKind

# The fault, and how a creation, an edit and a deletion end in the run that meets it. What concerns
# pictures meets the creation and the edit alone.
UNCLEAR = ("unknown", "unknown")
FAULTS = {
    "status": ({"status": 502}, "created", *UNCLEAR),
    "status, after the work": ({"status": 504, "after": True}, "found", *UNCLEAR),
    "timeout-before": ({"seconds": 0.05}, "created", *UNCLEAR),
    "timeout-after": ({"seconds": 0.05}, "found", *UNCLEAR),
    "reset-before": ({}, "created", *UNCLEAR),
    "reset-after": ({}, "found", *UNCLEAR),
    "reset": ({}, "found", *UNCLEAR),
    "rate-limit": ({"seconds": 9000}, "left", "left", "left"),
    "rate-limit, as a number": ({"seconds": 9000, "format": "epoch"}, "left", "left", "left"),
    "slow": ({"seconds": 0.05}, "created", "edited", "deleted"),
    "media-processing": ({"polls": None}, "failed", "failed", "deleted"),
    "media-failed": ({}, "failed", "failed", "deleted"),
    "media-lost": ({}, "created", "failed", "deleted"),
    "card-missing": ({}, "created", "edited", "deleted"),
}


def test_no_fault_is_forgotten():
    assert {name.partition(",")[0] for name in FAULTS} == {str(kind) for kind in FaultKind}


@pytest.fixture
def meet(new_world):
    """A function that plays a creation, then an edit, then a deletion, each with the fault."""

    def play(name, profile, changes):
        world = new_world(profile, "directory")
        kind, more = name.partition(",")[0], FAULTS[name][0]
        uid = world.write(world.part(pictures=1))
        post, statuses = world.posts[uid], []
        for change in changes:
            if change == "PUT":
                post.parts[0].version = world.next()
                post.parts[0].pictures = [world.new_picture()]
            post.withdrawn = change == "DELETE"
            world.save(uid)
            path = "/api/v1/statuses" if change == "POST" else "/api/v1/statuses/:id"
            of_media = {} if kind.startswith("media-") else {"route": f"{change} {path}"}
            world.server.fault(kind=kind, **of_media, **more)
            ((*_, status, words),) = world.publish()["results"]
            statuses.append(status)
            world.recover()
        world.close()
        return statuses, words

    return play


@pytest.mark.parametrize("name", FAULTS)
def test_after_each_fault_a_message_is_there_once_and_whole(meet, name):
    statuses, words = meet(name, "mastodon-4.6", ("POST", "PUT", "DELETE"))
    assert tuple(statuses) == FAULTS[name][1:], words
    assert ("twice is once" in words) == (statuses[-1] == "unknown")


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_ignores_keys_is_searched_after_each_fault(meet, name):
    statuses, words = meet(name, "gotosocial", ("POST",))
    assert statuses == [FAULTS[name][1]], words
