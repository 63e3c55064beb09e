"""Faults that are armed over HTTP, and a record of what was asked. Neither ever holds a token."""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """What goes wrong. `before` and `after` say on which side of the server's own work."""

    STATUS = "status"
    """Answer with `status` and `error`, and do nothing (with `after: true`: do the work first)."""
    TIMEOUT_BEFORE = "timeout-before"
    """Never answer, and do nothing; the connection is dropped after `seconds`."""
    TIMEOUT_AFTER = "timeout-after"
    """Do the work, then never answer."""
    RESET_BEFORE = "reset-before"
    """Drop the connection, and do nothing."""
    RESET_AFTER = "reset-after"
    """Do the work, then drop the connection without an answer."""
    RESET = "reset"
    """Do the work, then drop the connection in the middle of the answer's body."""
    RATE_LIMIT = "rate-limit"
    """429, its reset `seconds` away, written in `format`: `iso` or `epoch`."""
    SLOW = "slow"
    """Do the work, and answer, only after `seconds`: also where the client has gone by then."""
    MEDIA_PROCESSING = "media-processing"
    """The upload is taken (202) and `polls` questions about it are answered 206; null: for ever."""
    MEDIA_FAILED = "media-failed"
    """The upload is taken (202) and cannot be processed: questions about it are answered 422."""
    MEDIA_LOST = "media-lost"
    """The upload is answered as ever, and then forgotten: questions about it are answered 404."""
    CARD_MISSING = "card-missing"
    """The status is posted or edited as ever, and the page of its link is never looked at."""


OF_MEDIA = frozenset({FaultKind.MEDIA_PROCESSING, FaultKind.MEDIA_FAILED, FaultKind.MEDIA_LOST})
OF_CARDS = frozenset({FaultKind.CARD_MISSING})
OF_REQUESTS = frozenset(FaultKind) - OF_MEDIA - OF_CARDS
"""What spoils a request itself; the others are met by the server's work."""
_ROUTES = {
    **dict.fromkeys(OF_MEDIA, "POST /api/v*/media"),
    **dict.fromkeys(OF_CARDS, "* /api/v1/statuses*"),
}
_ROUTE = re.compile(r"(\*|GET|POST|PUT|PATCH|DELETE) (\*|/\S*)")
_KNOWN = frozenset(
    {"route", "kind", "status", "error", "after", "seconds", "times", "skip", "format", "polls"}
)


@dataclass(slots=True)
class Fault:
    """One armed fault: it meets `times` requests (None: all) after letting `skip` pass."""

    id: int
    route: str
    kind: FaultKind
    status: int = 503
    error: str = "There was a temporary problem serving your request, please try again"
    after: bool = False
    seconds: float = 60.0
    times: int | None = 1
    skip: int = 0
    format: str = "iso"
    polls: int | None = None

    def matches(self, method: str, path: str) -> bool:
        """Tell whether the route is this one: `:id` is one segment, `*` is anything."""
        wanted_method, _, wanted_path = self.route.partition(" ")
        if wanted_method not in {"*", method}:
            return False
        pattern = re.sub(r":\w+", "[^/]+", re.escape(wanted_path).replace(r"\*", ".*"))
        return re.fullmatch(pattern, path) is not None

    def as_json(self) -> dict[str, Any]:
        """Return the fault as it was armed, with what is left of it."""
        return {name: getattr(self, name) for name in ("id", *sorted(_KNOWN))}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request that was answered or not; `status` is 0 where the connection was dropped."""

    method: str
    path: str
    key: str | None
    status: int
    at: float


class Faults:
    """The armed faults and the latest thousand requests of one running server."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._numbers = itertools.count(1)
        self.requests: deque[Recorded] = deque(maxlen=1000)

    @property
    def armed(self) -> list[Fault]:
        """The faults that still wait, oldest first."""
        return list(self._armed)

    def arm(self, given: Mapping[str, Any]) -> Fault:
        """Arm what a JSON object describes; raise `ValueError` that says what is wrong with it."""
        if unknown := sorted(set(given) - _KNOWN):
            raise ValueError(f"unknown names: {', '.join(unknown)}; known: {sorted(_KNOWN)}")
        try:
            kind = FaultKind(given.get("kind", ""))
        except ValueError:
            raise ValueError(f"kind is one of {', '.join(FaultKind)}") from None
        route = given.get("route", _ROUTES.get(kind))
        if not isinstance(route, str) or not _ROUTE.fullmatch(route):
            raise ValueError('route is a method and a path: "POST /api/v1/statuses"')
        fault = Fault(next(self._numbers), route, kind)
        for name, check in _CHECKS.items():
            if name in given:
                if not check(given[name]):
                    raise ValueError(f"{name} cannot be {given[name]!r}")
                setattr(fault, name, given[name])
        self._armed.append(fault)
        return fault

    def disarm(self, number: int | None = None) -> None:
        """Forget one fault, or all of them."""
        self._armed = [f for f in self._armed if number is not None and f.id != number]

    def take(
        self, method: str, path: str, kinds: Collection[FaultKind] = OF_REQUESTS
    ) -> Fault | None:
        """Return the oldest fault of these kinds that this request meets, and use it up by one."""
        for fault in self._armed:
            if fault.kind not in kinds or not fault.matches(method, path):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if not fault.times:
                    self._armed.remove(fault)
            return fault
        return None


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "status": lambda v: _whole(v) and 400 <= v <= 599,
    "error": lambda v: isinstance(v, str),
    "after": lambda v: isinstance(v, bool),
    "seconds": lambda v: (_whole(v) or isinstance(v, float)) and 0 <= v <= 86_400,
    "times": lambda v: v is None or (_whole(v) and v > 0),
    "skip": lambda v: _whole(v) and v >= 0,
    "format": lambda v: v in {"iso", "epoch"},
    "polls": lambda v: v is None or (_whole(v) and v > 0),
}
