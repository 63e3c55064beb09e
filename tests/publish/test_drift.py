"""Edits made by hand on the server: each is noticed and kept, and nothing of ours is taken for one.

Over HTTP, on the three kinds of servers; what another server might do with a text is drawn.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.channels.base import Receipt, Seen
from crosspost.channels.mastodon import MastodonChannel
from crosspost.channels.message import Media, Message, text_digest
from crosspost.publish.accounts import Place, choose, connect, target_of
from crosspost.publish.drift import changed_by_hand
from crosspost.publish.ledger import Ledger
from crosspost.publish.outcome import Status
from crosspost.publish.rows import Event, EventKind, Key, fold
from crosspost.publish.run import now_utc, plan_site, publish_site
from crosspost.publish.verify import Finding, verify

PROFILES = ["mastodon-4.6", "gotosocial", "hollo"]
KEY = Key("mastodon", "@valbourg@sandbox.example", "a")
PICTURE = Media("a.png", "d" * 64, "image/png", "Les chalets, le soir.")
BY_HAND = {
    "punctuation": {"marks": (".", " !")},
    "content warning": {"spoiler_text": "Bruit", "sensitive": True},
    "sensitive": {"sensitive": True},
    "language": {"language": "de"},
    "alternative texts": {"media_attributes": [{"description": "Des chalets."}]},
}
texts = st.text("abé ’'\"…&<>:/.#\n\u00a0\u202fe\u0301🎄", min_size=1, max_size=40)


@pytest.fixture
def say(town):
    def run(server):
        town.instance = server.url
        town.settings = "publish: {wait_until_live: false}"
        environment = {"TOWN_TOKEN": server.token}
        outcome = publish_site(town.index(), environment=environment, settle_seconds=0)
        return [(one.status, one.words) for one in outcome.results]

    return run


def check(town, server):
    """Verify what was said since yesterday."""
    place = Place.of(town.root, None)
    (channel,) = choose(town.index().settings, None, None)
    environment = {"TOWN_TOKEN": server.token}
    target = target_of(channel, place)
    opened, target = connect(channel, target, place, None, environment, now_utc())
    ledger = Ledger(place.ledger, now_utc)
    day = datetime.now(UTC) - timedelta(days=1)
    return [
        (one.finding, one.words) for one in verify(ledger, {target.name: opened}, day, cards=False)
    ]


def edit_by_hand(server, **changes):
    """Edit the only status as a person would in a browser: all else stays as it is."""
    (status,) = server.statuses()
    source = server.call("GET", f"/api/v1/statuses/{status['id']}/source")
    attributes = changes.pop("media_attributes", None)
    body = {
        "status": source["text"].replace(*changes.pop("marks", ("", "")), 1),
        "spoiler_text": source["spoiler_text"],
        "sensitive": status["sensitive"],
        "language": status["language"],
        "media_ids": [one["id"] for one in status["media_attachments"]],
        **changes,
    }
    if attributes:
        body["media_attributes"] = [
            {"id": one["id"], **given}
            for one, given in zip(status["media_attachments"], attributes, strict=True)
        ]
    server.call("PUT", f"/api/v1/statuses/{status['id']}", body)


def shown(server):
    (status,) = server.statuses()
    alts = [one["description"] for one in status["media_attachments"]]
    names = ("spoiler_text", "sensitive", "language", "edited_at")
    return server.source(status["id"]), alts, [status[name] for name in names]


@pytest.mark.parametrize("profile", PROFILES)
def test_each_thing_that_is_changed_by_hand_is_noticed_shown_and_kept(
    town, make_server, say, profile
):
    server = make_server(profile=profile)
    town.picture("a.png")
    image = {"src": "a.png", "alt": PICTURE.alt}
    for name, changes in BY_HAND.items():
        town.post("a", summary="Le marché ouvre samedi.", image=image)
        assert say(server)[0][0] == Status.CREATED
        assert check(town, server) == [(Finding.RIGHT, "")]
        edit_by_hand(server, **changes)
        kept = shown(server)
        town.post("a", summary="Le marché ouvre samedi matin.", image=image)
        ((status, words),) = say(server)
        assert status == Status.KEPT, name
        assert name in words.rpartition("(changed: ")[2]
        assert "crosspost ledger mark a overwrite --channel mastodon" in words
        assert shown(server) == kept
        ((finding, words),) = check(town, server)
        assert finding == Finding.CHANGED
        assert name in words
        assert not plan_site(town.index()).changes
        # A person lets the post's words count: all of it is as the post has it.
        ledger = Ledger(town.root / "ledger", now_utc)
        ledger.append(EventKind.OVERWRITE, KEY)
        assert say(server)[0][0] == Status.EDITED
        assert check(town, server) == [(Finding.RIGHT, "")]
        (said,) = server.statuses()
        server.call("DELETE", f"/api/v1/statuses/{said['id']}")
        for path in (town.root / "ledger").glob("*/*"):
            path.unlink()
        server.call("DELETE", "/sandbox/keys")


def test_verify_notices_and_keeps_what_is_finer_than_words(town, server, say):
    town.post("a", summary="Le marché ouvre samedi.")
    say(server)
    edit_by_hand(server, **BY_HAND["punctuation"])
    ((finding, words),) = check(town, server)
    assert finding == Finding.CHANGED
    assert words.endswith("(changed: punctuation)")
    town.post("a", summary="Autre chose.")
    (action,) = plan_site(town.index()).actions
    assert "changed by hand on the server" in action.reason


def test_what_was_changed_by_hand_and_put_back_is_ours(town, server, say):
    town.post("a", summary="Le marché ouvre samedi.")
    say(server)
    edit_by_hand(server, **BY_HAND["language"])
    edit_by_hand(server, language="fr")
    assert check(town, server) == [(Finding.RIGHT, "")]
    town.post("a", summary="Autre chose.")
    assert say(server)[0][0] == Status.EDITED


def test_an_edit_of_an_alternative_text_that_was_cut_off_is_no_drift(town, server, say):
    town.picture("a.png")
    for alt in ("Un.", "Deux.", "Trois."):
        town.post("a", image={"src": "a.png", "alt": alt})
        if alt == "Deux.":
            server.fault(route="PUT /api/v1/statuses/:id", kind="reset-after")
        status = say(server)[0][0]
        assert status == {"Un.": "created", "Deux.": "unknown", "Trois.": "edited"}[alt]
    assert shown(server)[1] == ["Trois."]


@pytest.mark.parametrize("profile", PROFILES)
def test_what_we_said_and_edited_ourselves_is_never_drift(make_server, profile):
    server = make_server(profile=profile)
    channel = MastodonChannel(options(server))
    channel.preflight()
    numbers = itertools.count()

    @settings(max_examples=max(15, settings.default.max_examples // 8))
    @given(texts, texts, st.sampled_from([None, "Bruit, & « cris »"]))
    def stays_ours(first: str, second: str, warning: str | None) -> None:
        message = Message(
            *("mastodon", KEY.account, "a", f"x{first}x", "https://v.example/", "a.md"),
            language="fr",
            content_warning=warning,
            sensitive=bool(warning),
        )
        receipt = channel.create(message, f"key-{next(numbers)}")
        row = row_of(EventKind.SENT, message, receipt)
        assert changed_by_hand(row, channel.look(receipt.remote_id)) == ()
        message = replace(message, text=f"x{second}x", content_warning=None)
        receipt = channel.edit(message, receipt.remote_id, {})
        row = row_of(EventKind.EDITED, message, receipt)
        assert changed_by_hand(row, channel.look(receipt.remote_id)) == ()

    stays_ours()


def options(server):
    from crosspost.channels.base import ChannelOptions

    return ChannelOptions("mastodon", KEY.account, server.url, server.token)


def row_of(kind, message, receipt):
    data = {
        "remote_id": receipt.remote_id,
        "hash": message.hash,
        "payload": message.payload(),
        "edited_at": receipt.edited_at,
    }
    return fold([Event(kind, KEY, datetime.now(UTC), data=data)])[KEY]


@given(
    typed=texts,
    kept=texts,
    moment=st.sampled_from([None, "", "2026-11-23T08:00:00.000+00:00"]),
    language=st.sampled_from([None, "de"]),
    alts=st.sampled_from([None, (), ("Autre.",)]),
)
def test_whatever_a_server_makes_of_a_text_is_no_drift_until_it_tells_of_an_edit(
    typed: str, kept: str, moment: str | None, language: str | None, alts: tuple[str, ...] | None
) -> None:
    """A server that normalises what it keeps, or that still answers with an older copy."""
    message = Message(*("m", "@a@b", "a", typed, "https://v.example/", "a.md"), media=(PICTURE,))
    receipt = Receipt("1", "", ("2",), "2026-11-23T09:00:00.000+00:00")
    row = row_of(EventKind.EDITED, message, receipt)
    seen = Seen(
        receipt=replace(receipt, edited_at=moment),
        text=kept,
        digest=text_digest(kept),
        at=datetime.now(UTC),
        edited_at=moment,
        language=language,
        alts=alts,
        sensitive=True,
    )
    other = text_digest(typed) != text_digest(kept)
    assert changed_by_hand(row, seen) == (("words",) if other else ())
