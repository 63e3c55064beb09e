"""Pictures, polls and who may quote, from front matter to a server and back into the plan."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from crosspost.publish.outcome import Status
from crosspost.publish.report import plan_as_json
from crosspost.publish.run import plan_site, publish_site

POLL = {"options": ["Samedi", "Dimanche"], "expires_in": "3 days"}


def picture(number):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (number * 40, 90, 140)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def say(town, server):
    """Write the post `a` with a variant, publish, and return what became of it."""
    town.instance = server.url
    town.settings = "publish: {wait_until_live: false}"

    def run(variant=None, **keys):
        if variant is not None:
            town.post("a", channels={"mastodon": variant}, **keys)
        environment = {"TOWN_TOKEN": server.token}
        return publish_site(town.index(), environment=environment, settle_seconds=0)

    return run


def reasons(plan):
    return [(str(one.kind), one.reason) for one in plan.actions]


def test_several_pictures_go_in_their_order_with_alt_texts_and_focus(town, server, say):
    for number in range(3):
        town.picture(f"{number}.png", picture(number))
    images = [
        {"src": "0.png", "alt": "Le « pont », l'été"},
        {"src": "1.png"},
        {"src": "2.png", "alt": "Trois", "focus": [0.5, -1]},
    ]
    say({"images": images}, image={"src": "1.png", "alt": "La gare", "focus": [0, 1]})
    (status,) = server.statuses()
    shown = status["media_attachments"]
    # The post's own picture needs its words once.
    assert [one["description"] for one in shown] == ["Le « pont », l'été", "La gare", "Trois"]
    assert [one["meta"].get("focus") for one in shown] == [
        None,
        {"x": 0, "y": 1},
        {"x": 0.5, "y": -1},
    ]
    say({"images": images[::-1]}, image={"src": "1.png", "alt": "La gare", "focus": [0, 1]})
    (status,) = server.statuses()
    assert [one["id"] for one in status["media_attachments"]] == [one["id"] for one in shown[::-1]]
    assert len(server.requests("POST", "/api/v2/media")) == 3


def test_an_empty_list_of_pictures_leaves_the_posts_own_out(town, server, say):
    town.picture("a.png")
    say({"images": []}, image={"src": "a.png", "alt": "Une image"})
    assert server.statuses()[0]["media_attachments"] == []


def test_a_later_message_of_a_thread_has_pictures_and_a_poll_of_its_own(town, server, say):
    town.picture("a.png")
    town.picture("b.png")
    parts = [
        "Un.",
        {"text": "Deux.", "images": [{"src": "b.png", "alt": "Bé"}]},
        {"text": "Trois.", "poll": POLL},
    ]
    say({"text": parts}, image={"src": "a.png", "alt": "A"})
    first, second, third = server.statuses()
    alts = [[m["description"] for m in one["media_attachments"]] for one in (first, second, third)]
    assert alts == [["A"], ["Bé"], []]
    assert [bool(one["poll"]) for one in (first, second, third)] == [False, False, True]


def test_what_is_wrong_with_pictures_is_said_at_its_line_all_at_once(town, say):
    for number in range(5):
        town.picture(f"{number}.png", picture(number))
    town.picture("text.png", b"no picture")
    many = [{"src": f"{number}.png", "alt": "Une image"} for number in range(5)]
    town.post("many", channels={"mastodon": {"images": many}})
    twice = [{"src": "1.png", "alt": "Une image"}] * 2
    town.post("twice", channels={"mastodon": {"images": twice}})
    town.post("blind", channels={"mastodon": {"images": [{"src": "1.png"}]}})
    town.post("none", channels={"mastodon": {"images": [{"src": "gone.png", "alt": "Rien"}]}})
    town.post("text", channels={"mastodon": {"images": [{"src": "text.png", "alt": "Rien"}]}})
    found = {problem.code: problem for problem in plan_site(town.index()).problems}
    assert set(found) == {
        "too-many-pictures",
        "same-picture",
        "missing-alt",
        "broken-link",
        "not-a-picture",
    }
    assert "5 pictures; the server allows 4" in found["too-many-pictures"].message
    assert all(problem.line == 6 and problem.column > 30 for problem in found.values())


def test_a_picture_that_the_server_lost_is_sent_again_under_the_same_claim(town, server, say):
    town.picture("a.png")
    server.fault(kind="media-lost")
    outcome = say({}, image={"src": "a.png", "alt": "Une image"})
    assert [result.status for result in outcome.results] == [Status.CREATED]
    (status,) = server.statuses()
    assert [one["description"] for one in status["media_attachments"]] == ["Une image"]
    keys = {one["key"] for one in server.requests("POST", "/api/v1/statuses")}
    assert len(keys) == 1


def test_a_poll_is_asked_and_keeps_its_votes_while_its_words_are_mended(town, server, say):
    say({"text": "Quel jour ?", "poll": POLL})
    (status,) = server.statuses()
    server.call("POST", "/sandbox/votes", {"status": status["id"], "votes": [7, 2]})
    assert [one["title"] for one in status["poll"]["options"]] == POLL["options"]
    changed = {**POLL, "options": ["Samedi", "Lundi"]}
    town.post("a", channels={"mastodon": {"text": "Quel jour ?", "poll": changed}})
    (action,) = plan_site(town.index()).actions
    assert str(action.kind) == "skip"
    assert action.reason == (
        "said; its poll stays as it was asked: a change would throw the votes away"
    )
    outcome = say({"text": "Quel jour, alors ?", "poll": changed})
    assert [result.status for result in outcome.results] == [Status.EDITED]
    assert outcome.results[0].action.notes == (action.reason.removeprefix("said; "),)
    (status,) = server.statuses()
    assert server.source(status["id"]).startswith("Quel jour, alors ?")
    votes = [(one["title"], one["votes_count"]) for one in status["poll"]["options"]]
    assert votes == [("Samedi", 7), ("Dimanche", 2)]
    outcome = say({"text": "Quel jour enfin ?"})  # the poll was taken out of the post
    assert [result.status for result in outcome.results] == [Status.EDITED]
    assert server.statuses()[0]["poll"]["votes_count"] == 9


def test_a_poll_that_is_over_is_not_opened_again(town, server, say):
    say({"text": "Quel jour ?", "poll": {**POLL, "expires_in": "1 hour"}})
    town.post("a", channels={"mastodon": {"text": "Quel jour, donc ?", "poll": POLL}})
    town.now = server_now(server) + timedelta(hours=2)
    town.post("b", age=0)
    plan = plan_site(town.index())
    assert reasons(plan)[0] == ("skip", "said; its poll is over, and an edit would open it again")


def server_now(server):
    return datetime.fromtimestamp(server.call("GET", "/sandbox/clock")["now"], UTC)


@pytest.mark.parametrize(
    ("poll", "words"),
    [
        ({"options": ["Oui"]}, "two answers at least"),
        ({"options": ["Oui", "Non", "Si", "Peut", "Bof"]}, "5 answers; the server allows 4"),
        ({"options": ["Oui", "n" * 51]}, "has 51 characters; the server allows 50"),
        ({"options": ["Oui", "Oui"]}, "are the same"),
        ({"options": ["Oui", " "]}, "is empty"),
        ({"options": ["Oui", "Non"], "expires_in": "1 minute"}, "5 minutes at least and 30 days"),
        ({"options": ["Oui", "Non"], "expires_in": "60 days"}, "5 minutes at least and 30 days"),
    ],
)
def test_a_poll_that_the_server_would_refuse_is_an_error_at_its_line(town, poll, words):
    town.post("a", channels={"mastodon": {"text": "Alors ?", "poll": poll}})
    (problem,) = plan_site(town.index()).problems
    assert words in problem.message
    assert (problem.code, problem.line) == ("wrong-poll", 6)


@pytest.mark.parametrize("profile", ["mastodon-4.3", "mastodon-4.6"])
def test_pictures_stand_beside_a_poll_where_the_server_takes_both(town, make_server, profile):
    server = make_server(profile=profile)
    town.instance, town.settings = server.url, "publish: {wait_until_live: false}"
    town.picture("a.png")
    image = {"src": "a.png", "alt": "Une image"}
    town.post("own", age=2, image=image, channels={"mastodon": {"text": "Un ?", "poll": POLL}})
    town.post("chosen", channels={"mastodon": {"text": "Deux ?", "poll": POLL, "images": [image]}})
    outcome = publish_site(town.index(), environment={"TOWN_TOKEN": server.token})
    shown = [len(one["media_attachments"]) for one in server.statuses()]
    if profile == "mastodon-4.6":
        assert shown == [1, 1]
        return
    assert shown == [0]
    assert outcome.results[0].action.notes == (
        "its server takes no picture beside a poll: content/posts/a.png stays out",
    )
    (problem,) = outcome.plan.problems
    assert "its server takes no picture beside a poll: take one of them out" in problem.message


def test_who_may_quote_comes_from_the_post_else_from_the_channel(town, server, say):
    town.channels = {
        "mastodon": f"type: mastodon\n    account: '{town.account}'\n    quotes: followers\n"
        f"    token: ${{TOWN_TOKEN}}\n    instance: {server.url}\n"
    }
    town.post("a", age=2, channels={"mastodon": {"quotes": "nobody"}})
    town.post("b")
    outcome = say()
    assert [one["quote_approval"]["automatic"] for one in server.statuses()] == [[], ["followers"]]
    shown = plan_as_json(outcome.plan)["actions"]
    assert [one["quotes"] for one in shown] == ["nobody", "followers"]


def test_who_is_notified_is_said_in_the_plan(town, server, say):
    outcome = say({"text": "Merci à @maire@mastodon.social et à https://a.social/@elle {url}"})
    (action,) = plan_as_json(outcome.plan)["actions"]
    assert action["mentions"] == ["@maire@mastodon.social"]
    assert action["notes"] == ["@maire@mastodon.social is notified"]
    (status,) = server.statuses()
    assert [one["acct"] for one in status["mentions"]] == ["maire@mastodon.social"]
    town.post("b", channels={"mastodon": {}}, summary="Merci à @maire@mastodon.social.", uid="b")
    (refused,) = [one for one in say().results if one.action.key.uid == "b"]
    assert refused.status == Status.FAILED
    assert "unexpected accounts" in refused.words
