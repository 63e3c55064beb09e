"""Edits that lose nothing: a status is compared before and after, whatever it carries."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from crosspost.channels.base import GoneError, RefusedError
from crosspost.channels.message import Question

TEXT = "Corrigé.\n\nhttps://www.valbourg.example/a/"
POLL = Question(("Samedi", "Dimanche"), 3_600)
CHANGES_BY_ITSELF = {"content", "text", "edited_at"}


def call(sandbox, method, path, body=None):
    request = urllib.request.Request(
        sandbox.info.url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {sandbox.info.token}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def status_of(sandbox, receipt):
    return call(sandbox, "GET", f"/api/v1/statuses/{receipt.remote_id}")


def without(status, *names):
    return {name: value for name, value in status.items() if name not in names}


def end_of(status):
    return datetime.fromisoformat(status["poll"].pop("expires_at"))


def known(message, receipt):
    return {one.digest: id_ for one, id_ in zip(message.media, receipt.media_ids, strict=True)}


@pytest.mark.parametrize("profile", ["mastodon-4.6", "mastodon-4.3", "gotosocial", "hollo"])
def test_an_edit_of_the_words_leaves_everything_else_as_it_is(
    make_sandbox, open_on, message, photo, profile
):
    sandbox = make_sandbox(profile=profile)
    channel = open_on(sandbox)
    limits = channel.preflight()
    pictures = (
        photo("one.jpg", alt="Un « bateau », l'été & plus"),
        replace(photo("two.jpg", size=(30, 30), alt="Deux"), focus=(0.0, 1.0)),
    )
    for warning, media, poll, quotes in product(
        (None, "Bruit"), ((), pictures), (None, POLL), (None, "nobody")
    ):
        if (media and poll and not limits.poll_with_media) or (quotes and not limits.quotes):
            continue
        first = message(
            content_warning=warning,
            sensitive=bool(warning),
            media=media,
            poll=poll,
            quotes=quotes,
            language="fr",
            visibility="unlisted",
        )
        receipt = channel.create(first, f"{warning}-{len(media)}-{bool(poll)}-{quotes}")
        if poll:
            call(sandbox, "POST", "/sandbox/votes", {"status": receipt.remote_id, "votes": [3, 1]})
        before = status_of(sandbox, receipt)
        channel.edit(replace(first, text=TEXT), receipt.remote_id, known(first, receipt))
        after = status_of(sandbox, receipt)
        assert after["content"] != before["content"]
        if poll:
            assert abs(end_of(after) - end_of(before)) < timedelta(seconds=2)
            if profile != "hollo":
                assert [one["votes_count"] for one in after["poll"]["options"]] == [3, 1]
        assert without(after, *CHANGES_BY_ITSELF) == without(before, *CHANGES_BY_ITSELF)


def test_a_poll_keeps_its_votes_whatever_the_message_asks(make_sandbox, open_on, message):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    receipt = channel.create(message(poll=replace(POLL, multiple=True)), "k")
    call(sandbox, "POST", "/sandbox/votes", {"status": receipt.remote_id, "votes": [3, 1]})
    other = Question(("Lundi", "Mardi", "Jeudi"), 86_400)
    channel.edit(message(TEXT, poll=other), receipt.remote_id, {})
    poll = status_of(sandbox, receipt)["poll"]
    assert [(one["title"], one["votes_count"]) for one in poll["options"]] == [
        ("Samedi", 3),
        ("Dimanche", 1),
    ]
    assert poll["multiple"] is True


def test_a_poll_may_come_to_a_message_that_had_none(make_sandbox, open_on, message):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    receipt = channel.create(message(), "k")
    channel.edit(message(TEXT, poll=POLL), receipt.remote_id, {})
    assert status_of(sandbox, receipt)["poll"]["options"][0]["title"] == "Samedi"


def test_an_edit_does_not_open_a_poll_again(make_sandbox, open_on, message):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    receipt = channel.create(message(poll=POLL), "k")
    call(sandbox, "POST", "/sandbox/clock", {"advance": 3_400})
    before = status_of(sandbox, receipt)
    with pytest.raises(RefusedError, match="its poll is over"):
        channel.edit(message(TEXT, poll=POLL), receipt.remote_id, {})
    assert status_of(sandbox, receipt) == before


def test_pictures_change_places_and_words_without_being_sent_again(
    make_sandbox, open_on, message, photo
):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    pictures = tuple(photo(f"{n}.jpg", size=(30 + n, 30), alt=f"Image {n}") for n in range(4))
    first = message(media=pictures)
    receipt = channel.create(first, "k")
    assert len(receipt.media_ids) == 4
    turned = tuple(replace(one, alt=f"{one.alt}, mieux") for one in reversed(pictures))
    edited = channel.edit(message(media=turned), receipt.remote_id, known(first, receipt))
    assert edited.media_ids == receipt.media_ids[::-1]
    shown = status_of(sandbox, receipt)["media_attachments"]
    assert [one["description"] for one in shown] == [one.alt for one in turned]
    asked = call(sandbox, "GET", "/sandbox/requests")
    assert sum(one["path"] == "/api/v2/media" for one in asked) == 4


def test_who_may_quote_is_changed_by_an_edit(make_sandbox, open_on, message):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    receipt = channel.create(message(quotes="followers"), "k")
    assert status_of(sandbox, receipt)["quote_approval"]["automatic"] == ["followers"]
    channel.edit(message(quotes="nobody"), receipt.remote_id, {})
    assert status_of(sandbox, receipt)["quote_approval"]["automatic"] == []


def test_an_answer_stays_an_answer(make_sandbox, open_on, message):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    first = channel.create(message(), "k1")
    second = message("Suite.", part=2, parts=2, reply_to=first.remote_id)
    receipt = channel.create(second, "k2")
    channel.edit(replace(second, text="Suite, corrigée."), receipt.remote_id, {})
    assert status_of(sandbox, receipt)["in_reply_to_id"] == first.remote_id
    channel.delete(first.remote_id)
    with pytest.raises(RefusedError, match="not there any more"):
        channel.create(replace(second, text="Encore."), "k3")
    channel.delete(receipt.remote_id)
    with pytest.raises(GoneError):
        channel.edit(replace(second, reply_to=None), receipt.remote_id, {})
