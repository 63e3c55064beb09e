"""Whatever a thread goes through, the server ends with exactly its messages, in their order."""

from __future__ import annotations

import itertools
import shutil

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crosspost.publish.run import plan_site, publish_site

EXAMPLES = 300 if settings.get_current_profile_name() == "soak" else 5
WORDS = ("Un.", "Deux.", "Trois.", "Quatre.")
THREADS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)
FAULTS = st.fixed_dictionaries(
    {
        "route": st.sampled_from(
            [
                "POST /api/v1/statuses",
                "PUT /api/v1/statuses/:id",
                "DELETE /api/v1/statuses/:id",
                "POST /api/v2/media",
            ]
        ),
        "kind": st.sampled_from(["reset-before", "reset-after", "reset", "status"]),
        "after": st.booleans(),
        "skip": st.integers(0, 2),
    }
)
STEPS = st.lists(st.tuples(THREADS, st.lists(FAULTS, max_size=2), st.booleans()), max_size=4)


@pytest.fixture
def live(town, server):
    """Let one post, a new one each time, go through threads and faults; return how it ended."""
    numbers = itertools.count()
    town.instance = server.url
    town.settings = "publish: {wait_until_live: false, delete: propagate}"
    town.picture("a.png")
    images = [{"src": "a.png", "alt": "Une image"}]

    def publish():
        environment = {"TOWN_TOKEN": server.token}
        return publish_site(town.index(), environment=environment, settle_seconds=0)

    def run(steps):
        shutil.rmtree(town.root / "ledger", ignore_errors=True)
        for status in server.statuses():
            server.call("DELETE", f"/api/v1/statuses/{status['id']}")
        uid = f"p{next(numbers)}"
        for texts, faults, forget in steps:
            parts = [
                {"text": text, "images": images if n == 1 else []} for n, text in enumerate(texts)
            ]
            path = town.post("last", channels={"mastodon": {"text": parts}}, title=uid)
            path.write_text(path.read_text().replace('uid: "last"', f"uid: {uid}"))
            for fault in faults:
                server.fault(**fault)
            publish()
            server.call("DELETE", "/sandbox/faults")
            if forget:
                server.call("DELETE", "/sandbox/keys")
            publish()
            assert not plan_site(town.index()).changes
            yield texts, server.statuses()

    return run


@settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],  # a history is played on a server: to make one smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_after_any_faults_and_changes_a_thread_is_there_once_and_whole(live, server, steps):
    for texts, statuses in live(steps):
        said = [server.source(one["id"]).partition("\n")[0] for one in statuses]
        assert said == texts
        assert [one["in_reply_to_id"] for one in statuses[1:]] == [
            one["id"] for one in statuses[:-1]
        ]
        alts = [[m["description"] for m in one["media_attachments"]] for one in statuses]
        assert alts == [["Une image"] if n == 1 else [] for n in range(len(texts))]
