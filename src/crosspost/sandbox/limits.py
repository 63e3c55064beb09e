"""The server's rate limits: fixed windows on its clock, and the headers that tell of them."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from crosspost.sandbox.profiles import Family
from crosspost.sandbox.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests in each window of `seconds`."""

    name: str
    count: int
    seconds: int


TOKEN = Limit("token", 300, 300)
ACCOUNT = Limit("account", 1_500, 300)
STRANGER = Limit("stranger", 300, 300)
MEDIA = Limit("media", 30, 1_800)
DELETE = Limit("delete", 30, 1_800)
PAGING = Limit("paging", 300, 900)
STRANGER_PAGING = Limit("stranger-paging", 300, 900)
APPS = Limit("apps", 5, 600)
STATUSES = Limit("statuses", 300, 10_800)

_MEDIA_PATH = re.compile(r"/api/v\d+/media")
_STATUS_PATH = re.compile(r"/api/v1/statuses/[^/]+")
_PAGING_NAMES = frozenset({"page", "min_id", "max_id", "since_id"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the limits see it: who (hashes and ids, never a token), what, how."""

    method: str
    path: str
    query: frozenset[str]
    token: str | None
    account: str | None


class RateLimits:
    """The counters of one running server. They live in memory, like the real one's cache."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._counts: Counter[tuple[str, str, int]] = Counter()

    def _that_apply(self, asked: Asked) -> list[tuple[Limit, str]]:
        if self._family is Family.GOTOSOCIAL:
            return [(STRANGER, "127.0.0.1")]
        if self._family is Family.HOLLO:
            return []
        found: list[tuple[Limit, str]] = []
        who = asked.account or "127.0.0.1"
        if asked.token and asked.account:
            found += [(TOKEN, asked.token), (ACCOUNT, who)]
        else:
            found.append((STRANGER, who))
        if asked.method == "POST" and _MEDIA_PATH.fullmatch(asked.path):
            found.append((MEDIA, who))
        if asked.method == "DELETE" and _STATUS_PATH.fullmatch(asked.path):
            found.append((DELETE, who))
        if asked.method == "POST" and asked.path == "/api/v1/apps":
            found.append((APPS, who))
        if asked.query & _PAGING_NAMES:
            found.append((PAGING if asked.account else STRANGER_PAGING, who))
        return found

    def count(self, asked: Asked, now: float) -> dict[str, str]:
        """Count a request and return the headers of the limit it is closest to.

        Raises `Refusal` (429) where one of them is passed: such a request counts too.
        """
        applied = self._that_apply(asked)
        for limit, who in applied:
            self._counts[limit.name, who, int(now // limit.seconds)] += 1
        if not applied:
            return {}
        limit, who = min(applied, key=lambda pair: self._left(pair[0], pair[1], now))
        if self._left(limit, who, now) < 0:
            raise self._too_many(limit, now)
        return _headers(limit, self._left(limit, who, now), now)

    def check_statuses(self, account: str, now: float) -> None:
        """Refuse (429) one more post or edit than 300 in three hours."""
        if self._family is Family.MASTODON and self._left(STATUSES, account, now) <= 0:
            raise self._too_many(STATUSES, now)

    def count_status(self, account: str, now: float) -> None:
        """Count a post or an edit that was made."""
        self._counts[STATUSES.name, account, int(now // STATUSES.seconds)] += 1

    def closest(self, headers: dict[str, str], account: str, now: float) -> dict[str, str]:
        """Return `headers`, or those of posts and edits where fewer of these are left."""
        if self._family is not Family.MASTODON:
            return headers
        left = self._left(STATUSES, account, now)
        if left > int(headers.get("X-RateLimit-Remaining", left)):
            return headers
        return _headers(STATUSES, left, now)

    def _left(self, limit: Limit, who: str, now: float) -> int:
        return limit.count - self._counts[limit.name, who, int(now // limit.seconds)]

    def _too_many(self, limit: Limit, now: float) -> Refusal:
        message = "Too many requests"
        if self._family is Family.GOTOSOCIAL:
            message = "rate limit reached"
        return Refusal(429, message, headers=_headers(limit, 0, now))


def _headers(limit: Limit, left: int, now: float) -> dict[str, str]:
    reset = (math.floor(now / limit.seconds) + 1) * limit.seconds
    return {
        "X-RateLimit-Limit": str(limit.count),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": iso_micro(reset),
    }


def iso_micro(seconds: float) -> str:
    """Return a Unix time as these headers write it: ISO 8601, six decimals, `Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
