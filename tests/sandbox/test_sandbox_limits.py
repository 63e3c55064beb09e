"""The rate limits of the server, counted one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests
from mastodon import Mastodon, MastodonRatelimitError

from crosspost.sandbox.limits import Asked, RateLimits
from crosspost.sandbox.profiles import Family
from crosspost.sandbox.refusal import Refusal
from crosspost.sandbox.server import Sandbox

# The windows are fixed ones: the middle of all of them is far from every edge.
NOON = 10_800.0 * 160_000


@pytest.fixture
def limited() -> Iterator[Sandbox]:
    with Sandbox(rate_limits=True) as running:
        yield running


def asked(method: str, path: str, *query: str, stranger: bool = False) -> Asked:
    who = (None, None) if stranger else ("token", "account")
    return Asked(method, path, frozenset(query), *who)


def allowed(limits: RateLimits, request: Asked, now: float = NOON) -> int:
    """Return how many requests pass before one is refused."""
    passed = 0
    refused = None
    while refused is None:
        assert passed < 2_000
        try:
            limits.count(request, now)
            passed += 1
        except Refusal as refusal:
            refused = refusal
    assert (refused.status, refused.headers["X-RateLimit-Remaining"]) == (429, "0")
    return passed


@pytest.mark.parametrize(
    ("request_", "count"),
    [
        (asked("GET", "/api/v1/accounts/1/statuses"), 300),
        (asked("GET", "/api/v2/instance", stranger=True), 300),
        (asked("POST", "/api/v2/media"), 30),
        (asked("POST", "/api/v1/media"), 30),
        (asked("DELETE", "/api/v1/statuses/117"), 30),
        (asked("POST", "/api/v1/apps", stranger=True), 5),
        (asked("GET", "/api/v1/accounts/1/statuses", "max_id"), 300),
    ],
)
def test_each_limit_has_its_number(request_: Asked, count: int) -> None:
    limits = RateLimits(Family.MASTODON)
    assert allowed(limits, request_) == count
    assert allowed(limits, request_, NOON + 1_800) == count


def test_posts_and_edits_share_300_in_three_hours() -> None:
    limits = RateLimits(Family.MASTODON)
    for _ in range(300):
        limits.check_statuses("account", NOON)
        limits.count_status("account", NOON)
    with pytest.raises(Refusal) as caught:
        limits.check_statuses("account", NOON + 10_000)
    assert caught.value.headers["X-RateLimit-Limit"] == "300"
    limits.check_statuses("account", NOON + 10_800)


def test_headers_tell_of_the_closest_limit(
    limited: Sandbox, connect: Callable[..., Mastodon], jpeg: Callable[..., bytes]
) -> None:
    headers = {"Authorization": f"Bearer {limited.info.token}"}
    me = f"{limited.info.url}/api/v1/accounts/verify_credentials"
    answer = requests.get(me, headers=headers, timeout=20)
    assert answer.headers["X-RateLimit-Limit"] == "300"
    assert answer.headers["X-RateLimit-Remaining"] == "299"
    assert answer.headers["X-RateLimit-Reset"].endswith(".000000Z")
    media = f"{limited.info.url}/api/v2/media"
    files = {"file": ("a.jpg", jpeg())}
    answer = requests.post(media, headers=headers, files=files, timeout=20)
    assert answer.headers["X-RateLimit-Remaining"] == "29"


def test_the_31st_upload_is_refused_and_a_later_one_is_not(
    limited: Sandbox, connect: Callable[..., Mastodon], jpeg: Callable[..., bytes]
) -> None:
    client = connect(limited)
    # From the beginning of a window: the counters are of fixed ones.
    now = requests.get(f"{limited.info.url}/sandbox/clock", timeout=20).json()["now"]
    clock = f"{limited.info.url}/sandbox/clock"
    requests.post(clock, json={"advance": 1_800 - now % 1_800 + 1}, timeout=20)
    for _ in range(30):
        client.media_post(jpeg(), mime_type="image/jpeg")
    with pytest.raises(MastodonRatelimitError):
        client.media_post(jpeg(), mime_type="image/jpeg")
    client.status_post("un texte passe")
    requests.post(clock, json={"advance": 1_800}, timeout=20)
    client.media_post(jpeg(), mime_type="image/jpeg")


def test_without_limits_there_are_no_headers(box: Sandbox) -> None:
    answer = requests.get(f"{box.info.url}/api/v2/instance", timeout=20)
    assert not [name for name in answer.headers if name.lower().startswith("x-ratelimit")]


def test_gotosocial_has_one_bucket_and_its_own_words() -> None:
    limits = RateLimits(Family.GOTOSOCIAL)
    for _ in range(300):
        limits.count(asked("POST", "/api/v2/media"), NOON)
    with pytest.raises(Refusal, match="rate limit reached"):
        limits.count(asked("GET", "/api/v2/instance"), NOON)
