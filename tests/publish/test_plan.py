"""The plan's rules, on posts of a real site and rows of a real ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from crosspost.channels.compose import Voice
from crosspost.channels.message import Limits
from crosspost.config import ChannelSettings, Choice
from crosspost.publish import rules
from crosspost.publish.comment import plan_as_markdown
from crosspost.publish.ledger import Ledger
from crosspost.publish.plan import ActionKind, Target
from crosspost.publish.posts import posts_of
from crosspost.publish.report import plan_as_table
from crosspost.publish.resting import Resting
from crosspost.publish.rows import EventKind, Key
from crosspost.publish.rules import make_plan
from crosspost.site.choice import Chooser

ACCOUNT = "@valbourg@sandbox.example"


@pytest.fixture
def planner(town):
    """Plan the town's posts against events; `said` records one as the plan would have sent it."""

    class Planner:
        target = Target(Voice("mastodon", ACCOUNT), "mastodon")

        def __init__(self):
            self.ledger = Ledger(town.root / "ledger", lambda: town.now)

        def record(self, kind, uid, **data):
            self.ledger.append(EventKind(kind), Key("mastodon", ACCOUNT, uid), **data)

        def said(self, uid, **data):
            action = next(one for one in self.plan().actions if one.key.uid == uid)
            self.record(
                "sent",
                uid,
                remote_id="1",
                hash=action.message.hash,
                payload=action.message.payload(),
                visibility=action.message.visibility,
                **data,
            )

        def plan(self, **options):
            site = town.index()
            return make_plan(
                posts_of(site),
                self.ledger.rows,
                [self.target],
                site.settings.publish,
                site.now,
                **options,
            )

        def kinds(self, **options):
            return {
                one.key.uid: (str(one.kind), one.reason) for one in self.plan(**options).actions
            }

    return Planner()


def test_a_first_run_adopts_what_is_old_and_says_what_is_new(town, planner):
    town.post("old", age=15)
    town.post("edge", age=14)
    town.post("new", age=1)
    assert planner.kinds() == {
        "old": ("adopt", "before crosspost"),
        "edge": ("create", "not said yet"),
        "new": ("create", "not said yet"),
    }


def test_old_posts_are_never_said_whatever_the_setting(town, planner):
    town.settings = "publish: {first_run: publish}"
    town.post("old", age=15)
    assert planner.kinds() == {"old": ("skip", "older than 14 days")}
    town.settings = ""
    planner.record("adopted", "other")
    assert planner.kinds()["old"] == ("skip", "older than 14 days")


def test_what_is_not_to_be_said_is_skipped_with_its_reason(town, planner):
    town.post("draft", draft=True)
    town.post("future", age=-1)
    town.post("expired", expires=(town.now - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M"))
    town.post("off", channels={"mastodon": False})
    assert planner.kinds() == {
        "draft": ("skip", "draft"),
        "future": ("skip", "future"),
        "expired": ("skip", "expired"),
        "off": ("skip", "switched off for this channel"),
    }


def test_creations_come_oldest_first(town, planner):
    for name, age in (("b", 1), ("c", 3), ("a", 2)):
        town.post(name, age=age)
    assert [one.key.uid for one in planner.plan().actions] == ["c", "a", "b"]


def test_a_said_message_is_left_alone_until_its_post_changes(town, planner):
    town.post("a", tags=["eau"])
    planner.said("a")
    assert planner.kinds() == {"a": ("skip", "said")}
    town.post("a", tags=["eau"], body="Le texte a changé, pas le message.")
    assert planner.kinds() == {"a": ("skip", "said")}
    town.post("a", tags=["feu"])
    (edit,) = planner.plan().actions
    assert edit.kind == ActionKind.EDIT
    assert edit.diff == ("-#Eau", "+#Feu")
    town.now += timedelta(days=31)
    assert planner.kinds() == {"a": ("skip", "said; too old to be edited")}


def test_visibility_is_not_an_edit(town, planner):
    town.post("a")
    planner.said("a")
    town.post("a", channels={"mastodon": {"visibility": "private"}})
    assert planner.kinds() == {"a": ("skip", "said; visibility cannot be changed afterwards")}


def test_a_renamed_post_with_its_uid_is_the_same_message(town, planner):
    path = town.post("a")
    planner.said("a")
    path.rename(path.with_name("autre-nom.md"))
    (edit,) = planner.plan().actions
    assert edit.kind == ActionKind.EDIT
    assert any("autre-nom" in line for line in edit.diff)


@pytest.mark.parametrize("settings", ["", "publish: {delete: propagate}"])
def test_a_renamed_post_without_a_uid_is_asked_about_and_not_said_again(town, planner, settings):
    town.settings = settings
    path = town.post("a", uid=None)
    planner.said("posts/a", path="content/posts/a.md", remote_url="https://m.example/@v/1")
    text = path.read_text(encoding="utf-8")
    renamed = path.rename(path.with_name("b.md"))
    found = planner.kinds()
    assert found["posts/a"][0] == "skip"
    assert found["posts/b"][0] == "blocked"
    assert "content/posts/b.md may be content/posts/a.md under another name" in found["posts/b"][1]
    assert "write uid: posts/a into it" in found["posts/b"][1]
    # What `check --write-uids` would write now is the new path: that is no answer.
    renamed.write_text(text.replace("---\n", "---\nuid: posts/b\n", 1), encoding="utf-8")
    assert planner.kinds()["posts/b"][0] == "blocked"
    renamed.write_text(text.replace("---\n", "---\nuid: autre\n", 1), encoding="utf-8")
    assert planner.kinds()["autre"][0] == "create"
    renamed.write_text(text.replace("---\n", "---\nuid: posts/a\n", 1), encoding="utf-8")
    assert planner.kinds() == {"posts/a": ("edit", "the post has changed")}


def test_a_post_that_keeps_an_address_and_gets_another_uid_is_asked_about(town, planner):
    town.post("a", uid=None)
    planner.said("posts/a")
    town.post("a", uid="neuf", summary="D'autres mots.")
    kind, why = planner.kinds()["neuf"]
    assert kind == "blocked"
    assert "crosspost ledger mark posts/a withdrawn" in why
    planner.record("withdrawn", "posts/a")
    assert {uid: kind for uid, (kind, _) in planner.kinds().items()} == {
        "neuf": "create",
        "posts/a": "delete",
    }


def test_a_post_that_moved_and_says_other_words_is_known_by_its_alias(town, planner):
    path = town.post("a", uid=None)
    planner.said("posts/a")
    path.unlink()
    town.post("c", uid=None, summary="D'autres mots.")
    assert planner.kinds()["posts/c"][0] == "create"
    town.post("c", uid=None, summary="D'autres mots.", aliases=["/2026/11/a/"])
    assert planner.kinds()["posts/c"][0] == "blocked"


def test_a_claim_without_a_receipt_is_planned_again_even_out_of_the_window(town, planner):
    town.post("a", age=40)
    planner.record("claimed", "a", hash="h", key="k")
    (action,) = planner.plan().actions
    assert action.kind == ActionKind.CREATE
    assert "without a receipt" in action.reason
    assert action.row.idempotency_key == "k"


def test_an_unsettled_message_without_its_post_asks_a_person(town, planner):
    town.post("a", draft=True)
    for uid in ("a", "gone"):
        planner.record("claimed", uid, hash="h", key="k")
    found = planner.kinds()
    for uid in ("a", "gone"):
        assert found[uid][0] == "blocked"
        assert f"crosspost ledger resolve {uid} --channel mastodon" in found[uid][1]


def test_a_refused_message_is_tried_again(town, planner):
    town.post("a")
    planner.record("failed", "a", reason="the server refused (422): no")
    assert planner.kinds() == {"a": ("create", "refused before")}


def test_what_ended_or_came_before_does_not_come_back(town, planner):
    for uid, events in {
        "gone": ("sent", "gone"),
        "deleted": ("sent", "deleted"),
        "before": ("adopted",),
    }.items():
        town.post(uid)
        for kind in events:
            planner.record(kind, uid, **({"remote_id": uid} if kind == "sent" else {}))
    assert {uid: kind for uid, (kind, _) in planner.kinds().items()} == dict.fromkeys(
        ("gone", "deleted", "before"), "skip"
    )


def test_a_message_asked_for_again_is_created_under_a_new_generation(town, planner):
    town.post("a")
    planner.record("sent", "a", remote_id="1")
    planner.record("gone", "a")
    key = Key("mastodon", ACCOUNT, "a")
    planner.ledger.append(EventKind.RESOLVED, key, generation=2)
    (action,) = planner.plan().actions
    assert (action.kind, action.generation) == (ActionKind.CREATE, 2)


@pytest.mark.parametrize(("policy", "kind"), [("keep", "skip"), ("propagate", "delete")])
def test_deletions_need_a_policy(town, planner, policy, kind):
    town.settings = f"publish: {{delete: {policy}}}"
    path = town.post("gone")
    town.post("draft")
    town.post("off")
    town.post("future")
    for uid in ("gone", "draft", "off", "future"):
        planner.said(uid)
    path.unlink()
    town.post("draft", draft=True)
    town.post("off", channels={"mastodon": False})
    town.post("future", age=-2)
    found = planner.kinds()
    assert {found[uid][0] for uid in ("gone", "draft", "off")} == {kind}
    assert found["future"] == ("skip", "future; its message stays")


@pytest.mark.parametrize("policy", ["keep", "propagate"])
def test_what_a_channel_does_not_choose_any_more_stays_said(town, planner, policy):
    town.settings = f"publish: {{delete: {policy}}}"
    town.post("a", category="culture")
    town.post("b", category="travaux")
    for uid in ("a", "b"):
        planner.said(uid)
    town.post("c", category="culture")
    town.post("d", category="culture", channels={"mastodon": True})
    only = Choice(categories=("travaux",))
    chooser = Chooser(ChannelSettings("mastodon", name="mastodon", only=only))
    planner.target = replace(planner.target, chooser=chooser)
    town.post("a", category="culture", tags=["autre"])
    assert planner.kinds() == {
        "a": ("skip", "not chosen: only category travaux; its message stays"),
        "b": ("skip", "said"),
        "c": ("skip", "not chosen: only category travaux"),
        "d": ("create", "not said yet"),
    }
    planner.record("claimed", "c", hash="h", key="k")
    assert planner.kinds()["c"][0] == "blocked"


def test_a_tombstone_deletes_without_a_policy(town, planner):
    town.post("a")
    planner.said("a")
    planner.record("withdrawn", "a")
    assert planner.kinds() == {"a": ("delete", "withdrawn")}
    planner.record("deleted", "a")
    assert planner.kinds()["a"][0] == "skip"


def test_over_a_cap_the_whole_channel_does_nothing_and_says_what_allows_it(town, planner):
    town.settings = "publish: {max_creates: 2}"
    for number in range(3):
        town.post(f"p{number}")
    town.post("old", age=30)
    found = planner.kinds()
    assert {kind for kind, _ in found.values()} == {"blocked"}
    assert "publish.max_creates is 2" in found["p0"][1]
    assert "--max 3" in found["p0"][1]
    assert [kind for kind, _ in planner.kinds(max_changes=3).values()].count("create") == 3
    town.settings = ""
    assert "--max is 1" in planner.kinds(max_changes=1)["p0"][1]


def test_a_blocked_account_sends_nothing_and_skips_stay_skips(town, planner):
    planner.target = replace(planner.target, blocked="the token belongs to @x@y")
    town.post("a")
    town.post("b", draft=True)
    assert planner.kinds() == {
        "a": ("blocked", "the token belongs to @x@y"),
        "b": ("skip", "draft"),
    }


def test_what_a_person_must_mend_blocks_its_own_message_only(town, planner):
    town.picture("a.png")
    town.picture("broken.png", b"no picture")
    town.post("good")
    town.post("long", channels={"mastodon": {"text": "a" * 501}})
    town.post("blind", image={"src": "a.png"})
    town.post("broken", image={"src": "broken.png", "alt": "Rien"})
    town.post("missing", image={"src": "missing.png", "alt": "Rien"})
    plan = planner.plan()
    kinds = {one.key.uid: one.kind for one in plan.actions}
    assert kinds.pop("good") == ActionKind.CREATE
    assert set(kinds.values()) == {ActionKind.BLOCKED}
    assert {problem.code for problem in plan.problems} == {
        "message-too-long",
        "missing-alt",
        "not-a-picture",
        "broken-link",
    }
    assert all(problem.line > 1 for problem in plan.problems)


def test_the_summary_of_a_post_without_one_is_made_of_whole_sentences(town, planner):
    long = "Une phrase qui dure, " * 30 + "enfin finie. Une autre."
    town.post("a", summary=None, body=f"# Titre\n\nUn *début* net. Une suite.\n\n- point\n\n{long}")
    town.post("b", summary="Du *texte* avec `code` & [lien](https://x.fr).")
    texts = {one.key.uid: one.message.text for one in planner.plan().actions}
    assert texts["a"].startswith("Un début net. Une suite.\n\n")
    assert texts["b"].startswith("Du texte avec code & lien.\n\n")


def test_tags_are_said_by_the_name_that_readers_see(town, planner):
    town.settings = "tags: {noel: {label: Noël, labels: {en: Christmas}}}"
    town.post("a", tags=["noel"])
    town.post("b", tags=["noel"], lang="en", summary="Words.")
    texts = {one.key.uid: one.message.text for one in planner.plan().actions}
    assert texts["a"].endswith("#Noël")
    assert texts["b"].endswith("#Christmas")


def test_limits_bound_every_message(town, planner):
    planner.target = replace(planner.target, limits=Limits(characters=80))
    town.post("a", summary="Une première phrase de bonne taille. Une seconde phrase un peu longue.")
    (action,) = planner.plan().actions
    assert action.length <= action.limit == 80
    assert action.notes == ("the summary is shortened by whole sentences",)


def test_a_channel_that_got_another_name_does_not_say_it_all_again(town, planner):
    town.post("a")
    planner.said("a")
    town.post("b")
    planner.target = replace(planner.target, voice=Voice("ville", ACCOUNT))
    assert planner.kinds() == {
        "a": ("skip", "said by this account as channel 'mastodon'"),
        "b": ("create", "not said yet"),
    }
    planner.target = replace(planner.target, voice=Voice("ville", "@new@sandbox.example"))
    assert planner.kinds()["a"] == ("create", "not said yet")
    planner.target = replace(planner.target, voice=Voice("alerts", ACCOUNT))
    assert planner.kinds(channels=["mastodon"])["a"] == ("create", "not said yet")


def none_rests(offer, said, *_, **__):
    return Resting(said.channel, said.account, offer, {}), [*range(len(offer.uids))]


def without_rows(actions):
    """What a message at rest lacks: its row, which nothing needs."""
    return [msgspec.structs.replace(one, row=None) for one in actions]


def test_what_is_seen_to_be_at_rest_is_what_the_rules_say_of_it(town, planner, monkeypatch):
    """Posts of each kind in each state of the ledger, by the short way and by the long one."""
    sent = ("sent", {"remote_id": "1", "hash": "other"})
    ways = {
        "none": [],
        "adopted": [("adopted", {})],
        "found": [("adopted", {"remote_id": "1"})],
        "claimed": [("claimed", {})],
        "failed": [("claimed", {}), ("failed", {})],
        "sent": [sent],
        "drifted": [sent, ("drifted", {"text": "d"})],
        "withdrawn": [sent, ("withdrawn", {})],
        "waived": [("withdrawn", {})],
        "gone": [sent, ("gone", {})],
    }
    fronts = {
        "plain": {},
        "off": {"channels": {"mastodon": False}},
        "draft": {"draft": True},
        "thread": {"channels": {"mastodon": {"text": ["un", "deux"]}}},
        "sport": {"category": "sport"},
        "expired": {"expires": "2026-11-23 11:00"},
        "off-expired": {"expires": "2026-11-23 11:00", "channels": {"mastodon": False}},
    }
    for way, events in ways.items():
        for front, keys in fronts.items():
            for age in (1, 40):
                uid = f"{way}-{front}-{age}"
                town.post(uid, age=age, **keys)
                for kind, data in events:
                    planner.record(kind, uid, **data)
    without = ChannelSettings("mastodon", name="mastodon", except_=Choice(categories=("sport",)))
    old = "said; too old to be edited"
    for days, seen in ((0, True), (50, False)):
        town.settings = f"publish: {{max_edit_age: {days} days}}"
        planner.ledger.append(
            EventKind.SENT, Key("mastodon", ACCOUNT, "sent-thread-40", 2), remote_id="2", hash="h"
        )
        town.now += timedelta(hours=1)
        for chooser in (None, Chooser(without)):
            planner.target = replace(planner.target, chooser=chooser)
            short = planner.plan(max_changes=1000)
            with monkeypatch.context() as patch:
                patch.setattr(rules, "at_rest", none_rests)
                long = planner.plan(max_changes=1000)
            assert not any(map(len, long.resting))
            assert len(short.resting[0]) > 10
            assert without_rows(short.actions) == without_rows(long.actions)
            for show in (plan_as_table, plan_as_markdown):
                assert show(short) == show(long)
            assert plan_as_table(short, verbose=True) == plan_as_table(long, verbose=True)
            assert any(one.reason == old for one in short.actions) == seen
