"""Posting, editing and deleting with the real client library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError

from crosspost.sandbox.server import Sandbox

Http = Callable[..., requests.Response]


def refused(call: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(MastodonAPIError) as caught:
        call()
    return caught.value.args[1], caught.value.args[3]


def test_the_account_is_the_configured_one(client: Mastodon) -> None:
    me = client.account_verify_credentials()
    assert me.acct == "valbourg"
    assert client.instance_v2().domain == "sandbox.example"
    assert client.instance_v1().uri == "sandbox.example"
    assert client.account_lookup("valbourg").id == me.id
    assert client.account_lookup("valbourg@sandbox.example").id == me.id
    assert client.account(me.id).username == "valbourg"
    assert client.app_verify_credentials().name == "crosspost sandbox"
    assert client.preferences()["posting:default:visibility"] == "public"
    assert client.custom_emojis() == []


def test_a_post_comes_back_as_it_was_sent(box: Sandbox, client: Mastodon) -> None:
    status = client.status_post(
        "Marché de Noël\nsamedi\n\nhttps://www.valbourg.example/2026/12/marche-de-noel/ #Noël",
        spoiler_text="Foule",
        visibility="unlisted",
        language="fr",
    )
    assert status.visibility == "unlisted"
    assert status.language == "fr"
    assert status.sensitive is True
    assert status.spoiler_text == "Foule"
    assert status.url == f"{box.info.url}/@valbourg/{status.id}"
    assert status.content.startswith("<p>Marché de Noël<br />samedi</p><p><a href=")
    assert "valbourg.example/2026/12/march</span>" in status.content
    assert [t.name for t in status.tags] == ["noël"]
    assert client.status(status.id).content == status.content
    assert [s.id for s in client.statuses([status.id, "1"])] == [status.id]


def test_text_is_never_markup(client: Mastodon) -> None:
    status = client.status_post("<script>alert('1')</script> & \"x\"")
    assert "<script" not in status.content
    assert client.status_source(status.id).text == "<script>alert('1')</script> & \"x\""


def test_what_is_refused_and_in_which_words(client: Mastodon) -> None:
    assert refused(lambda: client.status_post("é" * 501)) == (
        422,
        "Validation failed: Text character limit of 500 exceeded",
    )
    assert refused(lambda: client.status_post("")) == (
        422,
        "Validation failed: Text can't be blank",
    )
    with pytest.raises(MastodonNotFoundError, match="reply to does not appear to exist"):
        client.status_post("x", in_reply_to_id="42")
    assert refused(lambda: client.status_post("x", media_ids=["7"])) == (
        422,
        "Media 7 not found or already attached to another post",
    )
    assert refused(lambda: client.status_post("x", media_ids=list("12345"))) == (
        422,
        "Cannot attach more than 4 files",
    )
    client.status_post("é" * 500)


def test_a_visibility_that_does_not_exist_is_refused(http: Http) -> None:
    answer = http("POST", "/api/v1/statuses", data={"status": "x", "visibility": "secret"})
    assert answer.status_code == 422
    assert answer.json() == {"error": "Validation failed: Visibility is not included in the list"}


def test_a_key_gives_the_same_status_whatever_the_text(client: Mastodon) -> None:
    first = client.status_post("un", idempotency_key="k")
    assert client.status_post("deux", idempotency_key="k").id == first.id
    assert client.status_source(first.id).text == "un"
    assert client.status_post("un", idempotency_key="other").id != first.id
    assert client.status_post("un").id != first.id


def test_a_key_of_a_deleted_status_is_not_found(client: Mastodon) -> None:
    status = client.status_post("un", idempotency_key="k")
    client.status_delete(status.id)
    with pytest.raises(MastodonNotFoundError):
        client.status_post("un", idempotency_key="k")


def test_a_key_lives_an_hour(client: Mastodon, http: Http) -> None:
    first = client.status_post("un", idempotency_key="k")
    http("POST", "/sandbox/clock", json={"advance": 3_590})
    assert client.status_post("un", idempotency_key="k").id == first.id
    http("POST", "/sandbox/clock", json={"advance": 20})
    assert client.status_post("un", idempotency_key="k").id != first.id


def test_a_refused_post_does_not_use_its_key_up(client: Mastodon) -> None:
    refused(lambda: client.status_post("x" * 501, idempotency_key="k"))
    assert client.status_post("court", idempotency_key="k").id


def test_an_edit_is_a_full_replacement(client: Mastodon, jpeg: Callable[..., bytes]) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg", description="Un marché")
    status = client.status_post(
        "un", media_ids=[media], spoiler_text="attention", sensitive=True, language="fr"
    )
    edited = client.status_update(status.id, "deux")
    assert edited.id == status.id
    assert edited.media_attachments == []
    assert edited.spoiler_text == ""
    assert edited.sensitive is False
    assert edited.language == "fr"
    assert edited.edited_at is not None
    versions = client.status_history(status.id)
    assert [v.content for v in versions] == ["<p>un</p>", "<p>deux</p>"]
    assert [len(v.media_attachments) for v in versions] == [1, 0]
    # The picture that was edited out belongs to the history: it cannot go elsewhere.
    assert refused(lambda: client.status_post("x", media_ids=[media.id]))[0] == 422


def test_an_edit_with_attributes_keeps_and_describes(
    client: Mastodon, jpeg: Callable[..., bytes]
) -> None:
    one = client.media_post(jpeg(), mime_type="image/jpeg", description="un")
    two = client.media_post(jpeg(), mime_type="image/jpeg", description="deux", focus=(0.5, 0.5))
    status = client.status_post("un", media_ids=[one, two])
    changed = client.generate_media_edit_attributes(one.id, description="L'été, « neuf »")
    edited = client.status_update(status.id, "un", media_attributes=[{"id": two.id}, changed])
    assert [m.id for m in edited.media_attachments] == [two.id, one.id]
    assert edited.media_attachments[1].description == "L'été, « neuf »"
    assert edited.media_attachments[0].meta.focus.x == 0.5


def test_an_edit_that_changes_nothing_leaves_no_trace(
    client: Mastodon, jpeg: Callable[..., bytes]
) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg", description="un")
    status = client.status_post("un", media_ids=[media], language="fr")
    again = client.status_update(status.id, "un", media_attributes=[{"id": media.id}])
    assert again.edited_at is None
    assert len(client.status_history(status.id)) == 1


def test_an_edit_can_change_the_language(client: Mastodon, http: Http) -> None:
    status = client.status_post("un", language="en")
    form = {"status": "un", "language": "fr"}
    answer = http("PUT", f"/api/v1/statuses/{status.id}", data=form)
    assert answer.json()["language"] == "fr"


def test_an_edit_that_is_too_long_changes_nothing(client: Mastodon) -> None:
    status = client.status_post("un")
    assert refused(lambda: client.status_update(status.id, "x" * 501))[0] == 422
    assert client.status_source(status.id).text == "un"


def test_brackets_in_names_are_read_as_rails_reads_them(
    client: Mastodon, http: Http, jpeg: Callable[..., bytes]
) -> None:
    ids = [client.media_post(jpeg(), mime_type="image/jpeg").id for _ in range(2)]
    form = [("status", "un"), *(("media_ids[]", i) for i in ids)]
    status = http("POST", "/api/v1/statuses", data=form).json()
    assert [m["id"] for m in status["media_attachments"]] == ids
    form = [
        ("status", "un"),
        *(("media_ids[]", i) for i in ids),
        ("media_attributes[][id]", ids[0]),
        ("media_attributes[][description]", "premier"),
        ("media_attributes[][id]", ids[1]),
        ("media_attributes[][description]", "second"),
        ("media_attributes[][focus]", "-1,0.25"),
    ]
    edited = http("PUT", f"/api/v1/statuses/{status['id']}", data=form).json()
    assert [m["description"] for m in edited["media_attachments"]] == ["premier", "second"]
    assert edited["media_attachments"][1]["meta"]["focus"] == {"x": -1.0, "y": 0.25}


def test_deleting_gives_the_text_and_frees_the_media(
    client: Mastodon, jpeg: Callable[..., bytes]
) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    status = client.status_post("à refaire", media_ids=[media])
    gone = client.status_delete(status.id)
    assert gone.text == "à refaire"
    assert [m.id for m in gone.media_attachments] == [media.id]
    with pytest.raises(MastodonNotFoundError, match="Record not found"):
        client.status_delete(status.id)
    with pytest.raises(MastodonNotFoundError):
        client.status(status.id)
    assert client.status_post("refait", media_ids=[media]).media_attachments[0].id == media.id


def test_deleting_with_the_media_removes_the_file(
    client: Mastodon, http: Http, jpeg: Callable[..., bytes]
) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    path = "/media/" + media.url.rpartition("/")[2]
    assert http("GET", path).status_code == 200
    status = client.status_post("x", media_ids=[media])
    http("DELETE", f"/api/v1/statuses/{status.id}?delete_media=true")
    assert http("GET", path).status_code == 404
    with pytest.raises(MastodonNotFoundError):
        client.media(media.id)


def test_pages_of_statuses_lead_to_one_another(client: Mastodon) -> None:
    me = client.me().id
    ids = [client.status_post(f"n° {n}").id for n in range(7)][::-1]
    page = client.account_statuses(me, limit=3)
    assert [s.id for s in page] == ids[:3]
    second = client.fetch_next(page)
    assert [s.id for s in second] == ids[3:6]
    assert [s.id for s in client.fetch_next(second)] == ids[6:]
    assert [s.id for s in client.fetch_previous(second)] == ids[:3]
    assert [s.id for s in client.fetch_remaining(client.account_statuses(me, limit=2))] == ids
    assert [s.id for s in client.account_statuses(me, since_id=ids[3], limit=2)] == ids[:2]
    assert [s.id for s in client.account_statuses(me, min_id=ids[3], limit=2)] == ids[1:3]


def test_what_an_account_s_list_leaves_out(client: Mastodon, http: Http) -> None:
    me = client.me().id
    first = client.status_post("un #Noël")
    answer = client.status_post("deux", in_reply_to_id=first.id)
    hidden = client.status_post("trois", visibility="private")
    everything = [s.id for s in client.account_statuses(me)]
    assert everything == [hidden.id, answer.id, first.id]
    # A thread of one's own is no conversation with others.
    path = f"/api/v1/accounts/{me}/statuses"
    ours = http("GET", f"{path}?exclude_replies=true&exclude_reblogs=true").json()
    assert [s["id"] for s in ours] == everything
    seen = http("GET", path, headers={"Authorization": None}).json()
    assert [s["id"] for s in seen] == [answer.id, first.id]
    gone = http("GET", f"/api/v1/statuses/{hidden.id}", headers={"Authorization": None})
    assert gone.status_code == 404
    assert [s.id for s in client.account_statuses(me, tagged="noël")] == [first.id]
    assert client.account_statuses(me, only_media=True) == []
    assert client.account_statuses(me, pinned=True) == []


def test_a_thread_has_its_context(client: Mastodon) -> None:
    ids = []
    for text in ("un", "deux", "trois"):
        ids.append(client.status_post(text, in_reply_to_id=ids[-1] if ids else None).id)
    context = client.status_context(ids[1])
    assert [s.id for s in context.ancestors] == ids[:1]
    assert [s.id for s in context.descendants] == ids[2:]
    assert client.status(ids[0]).replies_count == 1
    client.status_delete(ids[0])
    assert client.status(ids[1]).in_reply_to_id is None


def test_nobody_is_notified_who_was_not_meant(http: Http) -> None:
    form = {"status": "Bonjour @maire@mastodon.social", "allowed_mentions": []}
    answer = http("POST", "/api/v1/statuses", json=form)
    assert answer.status_code == 422
    body = answer.json()
    assert body["error"] == "Post would be sent to unexpected accounts"
    assert [a["acct"] for a in body["unexpected_accounts"]] == ["maire@mastodon.social"]
    meant = {**form, "allowed_mentions": [body["unexpected_accounts"][0]["id"]]}
    assert http("POST", "/api/v1/statuses", json=meant).status_code == 200
    nobody = {"status": "Écrire à mairie@valbourg.example", "allowed_mentions": []}
    assert http("POST", "/api/v1/statuses", json=nobody).status_code == 200


def test_a_poll(client: Mastodon) -> None:
    poll = client.make_poll(["Oui", "Non"], expires_in=3_600, multiple=True)
    status = client.status_post("Un marché de nuit ?", poll=poll)
    assert [o.title for o in status.poll.options] == ["Oui", "Non"]
    assert status.poll.multiple is True
    one = client.make_poll(["Oui"], expires_in=60)
    assert refused(lambda: client.status_post("?", poll=one)) == (
        422,
        "Validation failed: Choices must have more than one item, Deadline is too soon",
    )


def test_an_edit_with_the_same_choices_keeps_the_votes_and_sets_the_end_anew(http: Http) -> None:
    poll = {"options": ["Oui", "Non"], "expires_in": 3_600, "multiple": False}
    status = http("POST", "/api/v1/statuses", json={"status": "?", "poll": poll}).json()
    path = f"/api/v1/statuses/{status['id']}"
    votes = {"status": status["id"], "votes": [3, 1]}
    assert http("POST", "/sandbox/votes", json=votes).json() == {"votes": [3, 1]}

    def edited(**changes: object) -> dict[str, Any]:
        body = {"status": "??", "poll": {**poll, **changes}}
        answer = http("PUT", path, json=body).json()
        assert isinstance(answer, dict)
        return answer["poll"]

    kept = edited(expires_in=7_200)
    assert [one["votes_count"] for one in kept["options"]] == [3, 1]
    assert kept["expires_at"] > status["poll"]["expires_at"]
    for change in ({"options": ["Oui", "Non "]}, {"multiple": True}):
        http("POST", "/sandbox/votes", json=votes)
        assert [one["votes_count"] for one in edited(**change)["options"]] == [0, 0]
    assert http("PUT", path, json={"status": "sans"}).json()["poll"] is None


def test_an_edit_that_does_not_say_multiple_throws_the_votes_away(http: Http) -> None:
    poll = {"options": ["Oui", "Non"], "expires_in": 3_600}
    status = http("POST", "/api/v1/statuses", json={"status": "?", "poll": poll}).json()
    http("POST", "/sandbox/votes", json={"status": status["id"], "votes": [3, 1]})
    path = f"/api/v1/statuses/{status['id']}"
    answer = http("PUT", path, json={"status": "??", "poll": poll}).json()
    assert [one["votes_count"] for one in answer["poll"]["options"]] == [0, 0]


def test_an_edit_of_a_poll_needs_five_minutes_to_its_end(http: Http) -> None:
    poll = {"options": ["Oui", "Non"], "expires_in": 300, "multiple": False}
    status = http("POST", "/api/v1/statuses", json={"status": "?", "poll": poll}).json()
    path = f"/api/v1/statuses/{status['id']}"
    answer = http("PUT", path, json={"status": "??", "poll": poll | {"expires_in": 299}})
    assert (answer.status_code, answer.json()["error"]) == (
        422,
        "Validation failed: Deadline is too soon",
    )


def test_hidden_totals_are_told_at_the_end(http: Http) -> None:
    poll = {"options": ["Oui", "Non"], "expires_in": 600, "hide_totals": True}
    status = http("POST", "/api/v1/statuses", json={"status": "?", "poll": poll}).json()
    path = f"/api/v1/statuses/{status['id']}"

    def counts() -> list[object]:
        return [one["votes_count"] for one in http("GET", path).json()["poll"]["options"]]

    http("POST", "/sandbox/votes", json={"status": status["id"], "votes": [2, 5]})
    assert counts() == [None, None]
    http("POST", "/sandbox/clock", json={"advance": 601})
    assert counts() == [2, 5]


@pytest.mark.parametrize("given", [{}, {"status": "1"}, {"status": "1", "votes": ["x"]}])
def test_votes_that_cannot_be_are_refused(http: Http, given: dict[str, object]) -> None:
    assert http("POST", "/sandbox/votes", json=given).status_code == 422
    nobody = {"status": "1", "votes": [1, 2]}
    assert http("POST", "/sandbox/votes", json=nobody).status_code == 404


def test_a_body_that_is_not_json_is_refused(http: Http) -> None:
    kind = {"Content-Type": "application/json"}
    answer = http("POST", "/api/v1/statuses", data=b"{", headers=kind)
    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]


def test_a_route_that_is_not_there_answers_json(http: Http) -> None:
    answer = http("GET", "/api/v1/nothing")
    assert (answer.status_code, answer.json()) == (404, {"error": "Not Found"})
