"""Schedules of crashes: what people, servers, disks, remotes and `kill -9` do, in any order."""

from __future__ import annotations

import sys

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

WRITES = (
    "POST /api/v1/statuses",
    "PUT /api/v1/statuses/:id",
    "DELETE /api/v1/statuses/:id",
    "POST /api/v2/media",
)
READS = (
    "GET /api/v1/accounts/:id/statuses",
    "GET /api/v1/statuses/:id",
    "GET /api/v1/statuses/:id/source",
    "GET /api/v1/media/:id",
    "GET /api/v1/accounts/verify_credentials",
)
BROKEN = ("timeout-before", "timeout-after", "reset-before", "reset-after", "reset")


def fault(kind, route=None, **more):
    """Return a strategy of one fault of the sandbox, which meets the first requests or later."""
    route = {} if route is None else {"route": st.sampled_from(route)}
    skip = st.sampled_from([0, 0, 1, 2])
    return st.fixed_dictionaries({"kind": st.just(kind), "skip": skip, **route, **more})


NO_SEARCH = fault("status", READS[:1], status=st.just(403), times=st.none())
ANYWHERE = (*WRITES, *WRITES, *READS)
OF_SERVER = st.one_of(
    *(fault(kind, ANYWHERE, seconds=st.just(0.02)) for kind in BROKEN),
    fault("timeout-after", WRITES, seconds=st.just(5)),  # until the client gives up
    fault(
        "status",
        ANYWHERE,
        status=st.sampled_from([500, 502, 503, 504]),
        after=st.booleans(),
        times=st.sampled_from([1, 1, 2]),
    ),
    fault("status", WRITES, status=st.sampled_from([401, 403, 422])),
    NO_SEARCH,
    fault(
        "rate-limit",
        ANYWHERE,
        format=st.sampled_from(["iso", "epoch"]),
        seconds=st.sampled_from([0, 9000]),
    ),
    fault("media-processing", polls=st.sampled_from([None, 1])),
    fault("media-failed"),
    fault("media-lost", polls=st.sampled_from([None, 1])),
)
OF_MACHINE = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            [
                *("disk-full", "disk-full-half", "git-disk-full"),
                *("push-lost", "push-rejected", "remote-away"),
            ]
        ),
        "skip": st.integers(0, 5),
        "times": st.sampled_from([1, 1, 2, 99]),
    }
)
TROUBLE = st.tuples(
    st.lists(OF_SERVER, max_size=2),
    st.lists(OF_MACHINE, max_size=1),
    st.sampled_from([0, 0, 0, 1, 4]),
)
AN_HOUR = 3600
WHERE = st.integers(1, 75)
WHO = st.integers(0, 1)
WHICH = st.integers(0, 99)


class Schedules(RuleBasedStateMachine):
    """One schedule; `new_world` is given by who runs it."""

    def __init__(self):
        super().__init__()
        self.world = None
        self.forgotten = None

    @initialize(
        profile=st.sampled_from(["mastodon-4.6", "gotosocial"]),
        backend=st.sampled_from(["directory", "branch"]),
    )
    def begin(self, profile, backend):
        self.world = self.new_world(profile, backend)
        self.world.write(self.world.part(pictures=1))

    # What people write

    @rule(
        pictures=st.lists(st.sampled_from([0, 0, 1, 2]), min_size=1, max_size=3), poll=st.booleans()
    )
    def write(self, pictures, poll):
        self.world.write(*(self.world.part(count, poll) for count in pictures))

    @rule(which=WHICH, how=st.sampled_from(["words", "alt", "picture", "fewer"]))
    def change(self, which, how):
        uid, post = self._pick(which)
        if post is None:
            return
        part = post.parts[which % len(post.parts)]
        if how == "words" or not part.pictures:
            part.version = self.world.next()
        elif how == "alt":
            part.pictures[0] = (part.pictures[0][0], f"Autre {self.world.next()}")
        elif how == "picture":
            part.pictures[0] = self.world.new_picture()
        else:
            part.pictures.pop()
        self.world.save(uid)

    @rule(which=WHICH, pictures=st.integers(0, 1))
    def grow(self, which, pictures):
        uid, post = self._pick(which)
        if post is not None and len(post.parts) < 4:
            post.parts.append(self.world.part(pictures))
            self.world.save(uid)

    @rule(which=WHICH)
    def shrink(self, which):
        uid, post = self._pick(which)
        if post is not None and len(post.parts) > 1:
            post.parts.pop()
            self.world.save(uid)

    @rule(which=WHICH, how=st.sampled_from(["withdrawn", "removed"]))
    def take_back(self, which, how):
        uid, post = self._pick(which)
        if post is not None:
            setattr(post, how, True)
            self.world.save(uid)

    @rule(which=WHICH)
    def delete_by_hand(self, which):
        uid, post = self._pick(which)
        if post is not None:
            self.world.delete_by_hand(uid)

    # What happens to a run

    @rule(who=WHO, trouble=TROUBLE)
    def publish(self, who, trouble):
        self.world.publish(who, **self._arm(trouble))
        self.world.end_faults()

    @rule(who=WHO, trouble=TROUBLE, kill=WHERE)
    def publish_and_die(self, who, trouble, kill):
        self.world.publish(who, kill=kill, **self._arm(trouble))
        self.world.end_faults()

    @rule(who=WHO, trouble=TROUBLE, pause=WHERE, kill=st.booleans())
    def publish_while_another_does(self, who, trouble, pause, kill):
        first = self.world.publish(who, pause=pause, **self._arm(trouble))
        if "paused" in first:
            self.world.publish(1 - who)
            self.world.resume(first, kill=kill)
        self.world.end_faults()

    @rule(minutes=st.sampled_from([5, 31, 65]))
    def later(self, minutes):
        self.world.clock.advance(minutes * 60)

    @rule()
    def forget_keys(self):
        self.world.server.call("DELETE", "/sandbox/keys")
        self.forgotten = self.world.clock.ahead

    @rule(who=WHO)
    def recover(self, who):
        self.world.recover(who)

    def teardown(self):
        """End the schedule: whatever happened, each message is there once and whole."""
        if self.world is None:
            return
        if sys.exc_info()[0] is None:
            self.world.recover(1)
            self.world.tally["schedules"] += 1
        self.world.close()

    def _pick(self, which):
        wanted = [(uid, post) for uid, post in self.world.posts.items() if post.wanted]
        return wanted[which % len(wanted)] if wanted else (None, None)

    def _arm(self, trouble):
        of_server, of_machine, refusals = trouble
        lately = self.forgotten is not None and self.world.clock.ahead - self.forgotten < AN_HOUR
        if lately:  # keys that were lost early, and no search: nobody can tell what was said
            of_server = [one for one in of_server if one.get("status") != 403]
        waits = any(one.get("seconds") == 5 for one in of_server)
        for one in of_server:
            self.world.server.fault(**one)
        self.world.refuse_pushes(refusals)
        self.world.tally["faults"] += len(of_server) + len(of_machine) + bool(refusals)
        return {"faults": of_machine, **({"call_seconds": 0.3} if waits else {})}
