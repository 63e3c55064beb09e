"""The servers that the sandbox stands for, where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests
from mastodon import Mastodon, MastodonAPIError

from crosspost.cli.sandbox import sandbox
from crosspost.errors import UsageError
from crosspost.sandbox.profiles import PROFILES
from crosspost.sandbox.server import Sandbox

Connect = Callable[..., Mastodon]
Jpeg = Callable[..., bytes]


@pytest.fixture
def gotosocial() -> Iterator[Sandbox]:
    with Sandbox(profile="gotosocial") as running:
        yield running


@pytest.fixture
def hollo() -> Iterator[Sandbox]:
    with Sandbox(profile="hollo") as running:
        yield running


@pytest.fixture
def older() -> Iterator[Sandbox]:
    with Sandbox(profile="mastodon-4.3") as running:
        yield running


def refused(call: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(MastodonAPIError) as caught:
        call()
    return caught.value.args[1], caught.value.args[3]


@pytest.mark.parametrize("name", [name for name in PROFILES if name != "hollo"])
def test_every_profile_does_the_round(name: str, connect: Connect, jpeg: Jpeg) -> None:
    with Sandbox(profile=name) as box:
        client = connect(box)
        media = client.media_post(
            jpeg(), mime_type="image/jpeg", description="un", focus=(0.1, 0.4)
        )
        status = client.status_post(
            "un #Noël https://www.valbourg.example/",
            media_ids=[media],
            visibility="public",
            language="fr",
            idempotency_key="k",
        )
        described = client.generate_media_edit_attributes(media.id, "deux", (0.2, 0.2))
        edited = client.status_update(status.id, "deux", media_attributes=[described])
        assert edited.media_attachments[0].description == "deux"
        assert edited.language == "fr"
        assert client.status_source(status.id).text == "deux"
        assert len(client.status_history(status.id)) == 2
        answer = client.status_post("réponse", in_reply_to_id=status.id, visibility="public")
        assert client.status_context(status.id).descendants[0].id == answer.id
        assert [s.id for s in client.account_statuses(client.me().id)] == [answer.id, status.id]
        client.status_delete(status.id)
        with pytest.raises(MastodonAPIError):
            client.status(status.id)
        limits = client.instance_v2().configuration
        assert limits.statuses.max_characters == PROFILES[name].max_characters
        assert limits.statuses.max_media_attachments == PROFILES[name].max_media
        page = requests.get(box.info.url, timeout=20)
        assert page.status_code == 200
        assert name in page.text


def test_a_profile_that_is_not_one() -> None:
    with pytest.raises(UsageError, match=r"mastodon-4\.6, mastodon-4\.3, gotosocial, hollo"):
        Sandbox(profile="pleroma")


def test_mastodon_ids_are_numbers_and_gotosocial_s_are_not(
    box: Sandbox, gotosocial: Sandbox, connect: Connect
) -> None:
    assert connect(box).status_post("x").id.isdigit()
    ulid = connect(gotosocial).status_post("x").id
    assert len(ulid) == 26
    assert not ulid.isdigit()


def test_versions_are_told(
    box: Sandbox, older: Sandbox, gotosocial: Sandbox, connect: Connect
) -> None:
    assert connect(box).instance_v2().api_versions.mastodon == 10
    assert connect(older).instance_v2().api_versions.mastodon == 2
    plain = requests.get(f"{gotosocial.info.url}/api/v2/instance", timeout=20).json()
    assert "api_versions" not in plain
    assert plain["version"].startswith("0.")
    assert connect(older).retrieve_mastodon_version() == "4.3.14"


def test_the_older_mastodon(older: Sandbox, connect: Connect, jpeg: Jpeg) -> None:
    client = connect(older)
    plain = requests.get(f"{older.info.url}/api/v2/instance", timeout=20).json()
    assert "description_limit" not in plain["configuration"]["media_attachments"]
    assert refused(
        lambda: client.media_post(jpeg(), mime_type="image/jpeg", description="x" * 1_501)
    ) == (422, "Validation failed: Description is too long (maximum is 1500 characters)")
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    poll = client.make_poll(["a", "b"], expires_in=3_600)
    assert refused(lambda: client.status_post("x", media_ids=[media], poll=poll))[0] == 422
    assert [t.name for t in client.status_post("(#Concert)").tags] == ["concert"]
    url = f"{older.info.url}/api/v1/statuses/{client.status_post('x').id}"
    assert "quote_approval" not in requests.get(url, timeout=20).json()


def test_the_latest_mastodon_takes_a_poll_with_a_picture(
    box: Sandbox, connect: Connect, jpeg: Jpeg
) -> None:
    client = connect(box)
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    poll = client.make_poll(["a", "b"], expires_in=3_600)
    status = client.status_post("x", media_ids=[media], poll=poll, quote_approval_policy="nobody")
    assert len(status.media_attachments) == 1
    assert status.quote_approval.automatic == []


def test_gotosocial_ignores_keys(gotosocial: Sandbox, connect: Connect) -> None:
    client = connect(gotosocial)
    one = client.status_post("x", idempotency_key="k")
    assert client.status_post("x", idempotency_key="k").id != one.id


def test_gotosocial_says_400_in_its_own_words(
    gotosocial: Sandbox, connect: Connect, jpeg: Jpeg
) -> None:
    client = connect(gotosocial)
    assert refused(lambda: client.status_post("")) == (
        400,
        "Bad Request: status contains no text, media or poll",
    )
    assert refused(lambda: client.status_post("x" * 5_001)) == (
        400,
        "Bad Request: text with spoiler exceed max chars (5000)",
    )
    long_link = "https://www.valbourg.example/" + "x" * 4_980
    assert refused(lambda: client.status_post(long_link))[0] == 400
    assert refused(lambda: client.status_post("x", media_ids=["9"])) == (
        400,
        "Bad Request: media not found: 9",
    )
    assert refused(lambda: client.media_post(b"%PDF", mime_type="image/png"))[0] == 400
    six = [client.media_post(jpeg(), mime_type="image/jpeg") for _ in range(6)]
    assert len(client.status_post("x", media_ids=six).media_attachments) == 6
    assert refused(lambda: client.status_post("x", media_ids=list("1234567")))[0] == 400


def test_gotosocial_posts_unlisted_unless_told(gotosocial: Sandbox, connect: Connect) -> None:
    client = connect(gotosocial)
    assert client.status_post("x").visibility == "unlisted"
    assert client.status_post("x", visibility="public").visibility == "public"


def test_gotosocial_does_not_take_the_library_s_polls(
    gotosocial: Sandbox, connect: Connect
) -> None:
    client = connect(gotosocial)
    poll = client.make_poll(["a", "b"], expires_in=3_600)
    status, message = refused(lambda: client.status_post("x", poll=poll))
    assert status == 400
    assert "cannot unmarshal string" in message


def test_gotosocial_lacks_what_it_lacks(gotosocial: Sandbox, connect: Connect) -> None:
    client = connect(gotosocial)
    assert refused(client.app_verify_credentials)[0] == 404
    assert client.oauth_authorization_server_info() == {}
    assert refused(connect(gotosocial, "wrong").me)[0] == 401
    narrow = connect(gotosocial, gotosocial.issue_token("write:statuses"))
    assert refused(lambda: narrow.status(client.status_post("x").id))[0] == 403


def ask(box: Sandbox, method: str, path: str, **body: object) -> requests.Response:
    headers = {"Authorization": f"Bearer {box.info.token}"}
    return requests.request(method, box.info.url + path, headers=headers, timeout=20, **body)


def test_gotosocial_refuses_an_edit_that_changes_nothing(
    gotosocial: Sandbox, connect: Connect
) -> None:
    client = connect(gotosocial)
    status = client.status_post("x", language="fr")
    assert refused(lambda: client.status_update(status.id, "x")) == (
        422,
        "Unprocessable Entity: status was not changed",
    )
    assert client.status(status.id).edited_at is None


def test_hollo_takes_json_and_not_the_library_s_forms(
    hollo: Sandbox, connect: Connect, jpeg: Jpeg
) -> None:
    client = connect(hollo)
    assert refused(lambda: client.status_post("x")) == (422, "invalid_request")
    media = client.media_post(jpeg(), mime_type="image/jpeg", description="un", focus=(0.1, 0.4))
    assert media.meta.focus is None
    form = ask(hollo, "POST", "/api/v1/statuses", data={"status": "x", "media_ids[]": media.id})
    assert form.json()["media_attachments"] == []
    sent = {"status": "x", "media_ids": [media.id], "sensitive": False}
    made = ask(hollo, "POST", "/api/v1/statuses", json=sent).json()
    assert len(made["id"]) == 36
    assert [m["id"] for m in made["media_attachments"]] == [media.id]
    kept = ask(hollo, "PUT", f"/api/v1/statuses/{made['id']}", json={"status": "y"}).json()
    assert [m["id"] for m in kept["media_attachments"]] == [media.id]
    gone = {"status": "y", "media_ids": []}
    bare = ask(hollo, "PUT", f"/api/v1/statuses/{made['id']}", json=gone).json()
    assert bare["media_attachments"] == []
    assert refused(lambda: client.status_history(made["id"]))[0] == 404
    unknown = ask(hollo, "POST", "/api/v1/statuses", json={"status": "x", "media_ids": ["9"]})
    assert (unknown.status_code, unknown.json()["error"]) == (422, "Media not found")


def test_hollo_honours_keys_and_tells_no_rates(hollo: Sandbox, connect: Connect) -> None:
    def post(text: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {hollo.info.token}", "Idempotency-Key": "k"}
        url = f"{hollo.info.url}/api/v1/statuses"
        return requests.post(url, json={"status": text}, headers=headers, timeout=20)

    one = post("x")
    assert post("other").json()["id"] == one.json()["id"]
    assert not [name for name in one.headers if "ratelimit" in name.lower()]
    assert connect(hollo).instance_v2().configuration.statuses.characters_reserved_per_url == 256
    assert post("x" * 10_001).status_code == 200
    narrow = connect(hollo, hollo.issue_token("write:statuses"))
    assert refused(lambda: narrow.status_source(one.json()["id"])) == (403, "insufficient_scope")
    assert refused(connect(hollo, "wrong").me) == (401, "invalid_token")


def test_the_command_offers_every_profile() -> None:
    (option,) = (one for one in sandbox.params if one.name == "profile")
    assert tuple(option.type.choices) == tuple(PROFILES)
