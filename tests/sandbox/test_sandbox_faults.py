"""Faults armed over HTTP, as a client meets them, and what the server holds afterwards."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import requests
from mastodon import (
    Mastodon,
    MastodonAPIError,
    MastodonNetworkError,
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonServiceUnavailableError,
)

from crosspost.sandbox.faults import FaultKind
from crosspost.sandbox.server import Sandbox

Http = Callable[..., requests.Response]
POST = "POST /api/v1/statuses"


@pytest.fixture
def arm(http: Http) -> Callable[..., dict[str, object]]:
    def armed(**fault: object) -> dict[str, object]:
        answer = http("POST", "/sandbox/faults", json=fault)
        assert answer.status_code == 201, answer.text
        found = answer.json()
        assert isinstance(found, dict)
        return found

    return armed


def texts(client: Mastodon) -> list[str]:
    return [client.status_source(s.id).text for s in client.account_statuses(client.me().id)]


def test_a_status_without_the_work(
    client: Mastodon, arm: Callable[..., object], http: Http
) -> None:
    arm(route=POST, kind="status", status=503)
    with pytest.raises(MastodonServiceUnavailableError):
        client.status_post("un", idempotency_key="k")
    assert texts(client) == []
    client.status_post("un", idempotency_key="k")
    assert texts(client) == ["un"]
    assert http("GET", "/sandbox/faults").json() == []


def test_a_status_after_the_work(client: Mastodon, arm: Callable[..., object]) -> None:
    arm(route=POST, kind="status", status=504, after=True)
    with pytest.raises(MastodonAPIError):
        client.status_post("un", idempotency_key="k")
    assert texts(client) == ["un"]
    client.status_post("un", idempotency_key="k")
    assert texts(client) == ["un"]


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("timeout-before", []),
        ("timeout-after", ["un"]),
        ("reset-before", []),
        ("reset-after", ["un"]),
        ("reset", ["un"]),
    ],
)
def test_a_connection_that_breaks(
    client: Mastodon, arm: Callable[..., object], kind: str, held: list[str]
) -> None:
    arm(route=POST, kind=kind, seconds=0.05)
    with pytest.raises((MastodonNetworkError, MastodonAPIError)):
        client.status_post("un", idempotency_key="k")
    assert texts(client) == held
    client.status_post("un", idempotency_key="k")
    assert texts(client) == ["un"]


def test_a_client_that_gives_up_first(
    box: Sandbox, client: Mastodon, arm: Callable[..., object]
) -> None:
    arm(route=POST, kind="timeout-after", seconds=3_600)
    client.request_timeout = 0.2
    with pytest.raises(MastodonNetworkError):
        client.status_post("un")
    client.request_timeout = 20
    assert texts(client) == ["un"]


def test_a_client_that_is_gone_before_its_connection_is_dropped(
    box: Sandbox,
    client: Mastodon,
    arm: Callable[..., object],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    arm(route=POST, kind="timeout-before", seconds=0.5)
    client.request_timeout = 0.1
    with pytest.raises(MastodonNetworkError):
        client.status_post("un")
    while not any(one.status == 0 for one in box._house.rooms.faults.requests):
        time.sleep(0.001)
    box.stop()
    assert "Traceback" not in caplog.text + "".join(capfd.readouterr())


def test_a_server_that_stops_lets_go(arm: Callable[..., object], box: Sandbox) -> None:
    arm(route=POST, kind="timeout-before", seconds=3_600)
    ended = threading.Event()

    def wait() -> None:
        headers = {"Authorization": f"Bearer {box.info.token}"}
        with pytest.raises(requests.ConnectionError):
            requests.post(f"{box.info.url}/api/v1/statuses", headers=headers, timeout=60)
        ended.set()

    thread = threading.Thread(target=wait)
    thread.start()
    while box._house.rooms.faults.armed:  # until the request has met its fault
        time.sleep(0.001)
    box.stop()
    thread.join(30)
    assert ended.is_set()


def test_a_slow_answer_is_an_answer(client: Mastodon, arm: Callable[..., object]) -> None:
    arm(route=POST, kind="slow", seconds=0.05)
    assert client.status_post("un").id


@pytest.mark.parametrize("form", ["iso", "epoch"])
def test_a_rate_limit_in_both_writings(
    client: Mastodon, http: Http, arm: Callable[..., object], form: str
) -> None:
    fault = {"route": POST, "kind": "rate-limit", "format": form, "seconds": 90}
    arm(**fault)
    with pytest.raises(MastodonRatelimitError):
        client.status_post("un")
    # The library moves the server's time to the local clock: the reset is 90 seconds from now.
    ahead = client.ratelimit_reset - datetime.now(UTC).timestamp()
    assert 80 < ahead < 100
    arm(**fault)
    answer = http("POST", "/api/v1/statuses", data={"status": "x"})
    assert answer.headers["X-RateLimit-Reset"].isdigit() is (form == "epoch")
    assert "Retry-After" not in answer.headers
    assert texts(client) == []


def test_an_upload_that_is_processed_for_ever(
    client: Mastodon, arm: Callable[..., object], jpeg: Callable[..., bytes]
) -> None:
    arm(kind="media-processing")
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    assert media.url is None
    for _ in range(5):
        assert client.media(media.id).url is None
    with pytest.raises(MastodonAPIError, match="not finished processing"):
        client.status_post("x", media_ids=[media])


def test_an_upload_that_takes_two_questions(
    client: Mastodon, http: Http, arm: Callable[..., object], jpeg: Callable[..., bytes]
) -> None:
    arm(kind="media-processing", polls=2)
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    path = f"/api/v1/media/{media.id}"
    assert [http("GET", path).status_code for _ in range(4)] == [206, 206, 200, 200]
    assert client.status_post("x", media_ids=[media]).media_attachments[0].url


def test_an_upload_that_fails_later(
    client: Mastodon, arm: Callable[..., object], jpeg: Callable[..., bytes]
) -> None:
    arm(kind="media-failed")
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    with pytest.raises(MastodonAPIError, match="Error processing thumbnail"):
        client.media(media.id)


@pytest.mark.parametrize("polls", [None, 1])
def test_an_upload_that_is_forgotten(
    client: Mastodon,
    http: Http,
    arm: Callable[..., object],
    jpeg: Callable[..., bytes],
    polls: int | None,
) -> None:
    arm(kind="media-lost", polls=polls)
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    assert bool(media.url) is (polls is None)
    assert http("GET", f"/api/v1/media/{media.id}").status_code == 404
    with pytest.raises(MastodonAPIError, match="not found or already attached"):
        client.status_post("x", media_ids=[media])


def test_an_upload_that_is_not_found(
    client: Mastodon, arm: Callable[..., object], jpeg: Callable[..., bytes]
) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    arm(route="GET /api/v1/media/:id", kind="status", status=404, error="Record not found")
    with pytest.raises(MastodonNotFoundError, match="Record not found"):
        client.media(media.id)
    assert client.media(media.id).url


def test_faults_wait_their_turn_and_can_be_taken_back(
    client: Mastodon, http: Http, arm: Callable[..., dict[str, object]]
) -> None:
    arm(route="* /api/v1/statuses*", kind="status", times=2, skip=1)
    client.status_post("un")
    for _ in range(2):
        with pytest.raises(MastodonServiceUnavailableError):
            client.status_post("deux")
    client.status_post("trois")
    first = arm(route=POST, kind="reset", times=None)
    second = arm(route=POST, kind="status")
    assert [f["id"] for f in http("GET", "/sandbox/faults").json()] == [first["id"], second["id"]]
    http("DELETE", f"/sandbox/faults/{first['id']}")
    assert [f["id"] for f in http("GET", "/sandbox/faults").json()] == [second["id"]]
    assert http("DELETE", "/sandbox/faults").json() == []
    client.status_post("quatre")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({}, "kind is one of"),
        ({"kind": "reset"}, "route is a method and a path"),
        ({"kind": "reset", "route": "nowhere"}, "route is a method and a path"),
        ({"kind": "status", "route": POST, "status": 200}, "status cannot be 200"),
        ({"kind": "status", "route": POST, "times": 0}, "times cannot be 0"),
        ({"kind": "status", "route": POST, "seconds": True}, "seconds cannot be True"),
        ({"kind": "status", "route": POST, "colour": 1}, "unknown names: colour"),
        ([], "kind is one of"),
    ],
)
def test_a_fault_that_is_not_one_is_explained(http: Http, fault: object, said: str) -> None:
    answer = http("POST", "/sandbox/faults", json=fault)
    assert answer.status_code == 422
    assert said in answer.json()["error"]


def test_every_kind_can_be_armed(arm: Callable[..., object]) -> None:
    for kind in FaultKind:
        arm(route=POST, kind=kind)


def test_requests_are_recorded_without_any_secret(
    box: Sandbox, client: Mastodon, http: Http, arm: Callable[..., object]
) -> None:
    client.status_post("un", idempotency_key="k")
    arm(route=POST, kind="reset-before")
    with pytest.raises(MastodonNetworkError):
        client.status_post("deux")
    answer = http("GET", "/sandbox/requests")
    seen = [(r["method"], r["path"], r["key"], r["status"]) for r in answer.json()]
    assert seen == [
        ("POST", "/api/v1/statuses", "k", 200),
        ("POST", "/api/v1/statuses", None, 0),
    ]
    assert box.info.token not in answer.text
    assert http("DELETE", "/sandbox/requests").json() == []


def test_the_clock_moves_forward_alone(http: Http) -> None:
    before = http("GET", "/sandbox/clock").json()["now"]
    after = http("POST", "/sandbox/clock", json={"advance": 86_400})
    assert 86_400 <= after.json()["now"] - before < 86_500
    said = datetime.strptime(after.headers["Date"], "%a, %d %b %Y %H:%M:%S GMT")
    assert abs(said.replace(tzinfo=UTC).timestamp() - after.json()["now"]) < 60
    for wrong in ({"advance": -1}, {"advance": "x"}, {}, [], {"advance": float("inf")}):
        body = json.dumps(wrong)
        assert http("POST", "/sandbox/clock", data=body).status_code == 422


def test_keys_can_be_forgotten(client: Mastodon, http: Http) -> None:
    first = client.status_post("un", idempotency_key="k")
    http("DELETE", "/sandbox/keys")
    assert client.status_post("un", idempotency_key="k").id != first.id
