"""Threads, from front matter to a server: in order, resumed, edited and taken back by parts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crosspost.publish.comment import plan_as_markdown
from crosspost.publish.outcome import Status
from crosspost.publish.report import plan_as_json, plan_as_table
from crosspost.publish.run import plan_site, publish_site

URL = "https://www.valbourg.example/2026/11/a/"
THREE = ["Un. On commence.", "Deux. On continue.", "Trois. On finit."]


@pytest.fixture
def say(town, server):
    """Write the post `a` with a thread, publish, and return what became of each message."""
    town.instance = server.url
    town.settings = "publish: {wait_until_live: false}"

    def run(texts=None, *, settings=None, **variant):
        if settings is not None:
            town.settings = f"publish: {{wait_until_live: false, {settings}}}"
        if texts is not None:
            town.post("a", channels={"mastodon": {"text": texts, **variant}})
        return publish_site(
            town.index(), environment={"TOWN_TOKEN": server.token}, settle_seconds=0
        )

    return run


def texts_of(server):
    return [server.source(status["id"]) for status in server.statuses()]


def words_of(outcome):
    return [(str(result.status), result.action.key.part) for result in outcome.results]


def test_a_thread_is_said_in_order_each_message_answering_the_one_before(town, server, say):
    outcome = say(THREE, tags=["Valbourg"])
    assert words_of(outcome) == [("created", 1), ("created", 2), ("created", 3)]
    first, second, third = server.statuses()
    assert [one["in_reply_to_id"] for one in (first, second, third)] == [
        None,
        first["id"],
        second["id"],
    ]
    # Link and hashtags once, in the one that is found by them; the rest does not fill the lists.
    assert texts_of(server) == [f"Un. On commence.\n\n{URL}\n\n#Valbourg", *THREE[1:]]
    assert [one["visibility"] for one in server.statuses()] == ["public", "unlisted", "unlisted"]
    plan = plan_site(town.index())
    assert [(str(one.kind), one.reason) for one in plan.actions] == [("skip", "said")] * 3


def test_the_link_stands_where_it_was_written(server, say):
    say(["Un.", "Tout est là : {url}"], visibility="unlisted")
    assert texts_of(server) == ["Un.", f"Tout est là : {URL}"]
    assert {one["visibility"] for one in server.statuses()} == {"unlisted"}


def test_messages_are_edited_one_by_one_and_a_new_one_answers_the_last(town, server, say):
    say(THREE)
    before = [one["id"] for one in server.statuses()]
    outcome = say([THREE[0], "Deux, corrigé.", THREE[2], "Quatre."])
    assert words_of(outcome) == [("skipped", 1), ("edited", 2), ("skipped", 3), ("created", 4)]
    after = server.statuses()
    assert [one["id"] for one in after[:3]] == before
    assert after[3]["in_reply_to_id"] == before[2]
    assert texts_of(server)[1:] == ["Deux, corrigé.", THREE[2], "Quatre."]
    assert not plan_site(town.index()).changes


def test_a_message_that_was_taken_out_stays_unless_deletions_propagate(server, say):
    say(THREE)
    outcome = say(THREE[:2])
    kept = outcome.results[-1]
    assert kept.status == Status.SKIPPED
    assert kept.words.startswith("taken out of its thread; its message stays")
    assert len(server.statuses()) == 3
    assert words_of(say(THREE[:1], settings="delete: propagate"))[1:] == [
        ("deleted", 3),
        ("deleted", 2),
    ]
    assert len(server.statuses()) == 1


def test_another_message_may_stand_where_one_was_taken_out(town, server, say):
    settings = "delete: propagate"
    say(THREE, settings=settings)
    say(THREE[:1], settings=settings)
    outcome = say([THREE[0], "Un autre deux."], settings=settings)
    assert words_of(outcome) == [("skipped", 1), ("created", 2), ("skipped", 3)]
    assert texts_of(server)[1:] == ["Un autre deux."]
    assert say([THREE[0], "Un autre deux."], settings=settings).count(Status.CREATED) == 0


def test_a_thread_is_taken_back_from_its_end(town, server, say):
    say(THREE)
    ids = [one["id"] for one in server.statuses()]
    (town.root / "content/posts/a.md").unlink()
    outcome = say(settings="delete: propagate")
    assert words_of(outcome) == [("deleted", 3), ("deleted", 2), ("deleted", 1)]
    asked = [one for one in server.call("GET", "/sandbox/requests") if one["method"] == "DELETE"]
    assert [one["path"].rpartition("/")[2] for one in asked] == ids[::-1]


def test_a_refused_message_stops_its_thread_and_the_next_run_goes_on_from_there(server, say):
    server.fault(route="POST /api/v1/statuses", kind="status", status=422, skip=1, error="Non")
    outcome = say(THREE)
    assert words_of(outcome) == [("created", 1), ("failed", 2), ("left", 3)]
    assert outcome.results[2].words == "message 2 of its thread is not said"
    assert words_of(say(THREE)) == [("skipped", 1), ("created", 2), ("created", 3)]
    assert len(server.statuses()) == 3


@pytest.mark.parametrize("kind", ["reset-before", "reset-after"])
def test_a_message_without_a_link_is_found_by_its_words(make_server, town, say, server, kind):
    server.fault(route="POST /api/v1/statuses", kind=kind, skip=1)
    server.call("DELETE", "/sandbox/keys")
    outcome = say(THREE)
    found = "found" if kind == "reset-after" else "created"
    assert words_of(outcome) == [("created", 1), (found, 2), ("created", 3)]
    assert texts_of(server)[1:] == THREE[1:]
    first, second, third = server.statuses()
    assert (second["in_reply_to_id"], third["in_reply_to_id"]) == (first["id"], second["id"])


def test_a_message_whose_question_was_deleted_by_hand_asks_a_person(town, server, say):
    say(THREE[:2])
    second = server.statuses()[1]
    server.call("DELETE", f"/api/v1/statuses/{second['id']}")
    assert words_of(say([THREE[0], "Deux, corrigé."])) == [("skipped", 1), ("gone", 2)]
    outcome = say([THREE[0], "Deux, corrigé.", THREE[2]])
    blocked = outcome.results[-1]
    assert blocked.status == Status.BLOCKED
    assert outcome.exit_status != 0
    assert "message 2 of its thread is not on the server" in blocked.action.reason
    assert "crosspost ledger mark a again" in blocked.action.reason
    assert len(server.statuses()) == 1


def test_a_question_that_is_gone_at_the_moment_of_the_call_is_a_refusal(town, server, say):
    say(THREE[:1])
    (first,) = server.statuses()
    server.call("DELETE", f"/api/v1/statuses/{first['id']}")
    outcome = say(THREE[:2])
    assert words_of(outcome) == [("skipped", 1), ("failed", 2)]
    assert "not there any more" in outcome.results[1].words
    assert server.statuses() == []


def test_half_a_thread_says_nothing(town, server, say):
    outcome = say([THREE[0], "a" * 501, "#Saint-Denis"])
    assert {str(result.status) for result in outcome.results} == {"blocked"}
    assert outcome.exit_status == 3
    reasons = [result.action.reason for result in outcome.results]
    assert reasons[0] == "message 2 of its thread has to be mended first"
    assert "message 2 of the thread for mastodon has 501 characters" in reasons[1]
    assert {problem.code for problem in outcome.plan.problems} == {
        "message-too-long",
        "cut-hashtag",
    }
    assert server.statuses() == []


def test_a_thread_that_was_begun_is_finished_out_of_the_window_too(town, server, say):
    server.fault(route="POST /api/v1/statuses", kind="status", status=422, skip=1)
    town.post("a", age=13.9, channels={"mastodon": {"text": THREE}})
    assert words_of(say()) == [("created", 1), ("failed", 2), ("left", 3)]
    town.now += timedelta(days=1)
    assert words_of(say()) == [("skipped", 1), ("created", 2), ("created", 3)]


def test_every_message_counts_for_the_caps(town, server, say):
    outcome = say(THREE, settings="max_creates: 2")
    assert "3 creates are planned and publish.max_creates is 2" in outcome.results[0].words
    assert server.statuses() == []


def test_what_is_not_announced_is_one_line_not_one_a_message(town, say):
    town.post("draft", draft=True, channels={"mastodon": {"text": THREE}})
    town.post("old", age=40, channels={"mastodon": {"text": THREE}})
    actions = plan_site(town.index()).actions
    assert [(one.key.uid, str(one.kind)) for one in actions] == [
        ("old", "adopt"),
        ("draft", "skip"),
    ]
    say()
    assert not plan_site(town.index()).changes


def test_the_plan_shows_each_message_with_its_length(town, say):
    town.post("a", channels={"mastodon": {"text": THREE, "poll": {"options": ["Oui", "Non"]}}})
    plan = plan_site(town.index())
    table = plan_as_table(plan)
    assert "create  content/posts/a.md (1/3): not said yet [41/500]" in table
    assert "    poll: Oui / Non, open for 1 day" in table
    assert "create  content/posts/a.md (3/3): not said yet [16/500]" in table
    assert "**create** `content/posts/a.md (2/3)`" in plan_as_markdown(plan)
    found = plan_as_json(plan)["actions"]
    assert [(one["part"], one["parts"], one["length"]) for one in found] == [
        (1, 3, 41),
        (2, 3, 18),
        (3, 3, 16),
    ]
    assert found[0]["poll"] == {"options": ["Oui", "Non"], "expires_in": 86_400}
