"""The one way in which the sandbox says no: a status code and the server's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """An answer other than success, raised where the rule is and turned into JSON at the door."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})
        self.body = {"error": message, **(extra or {})}


def not_found() -> Refusal:
    """Return the answer for an id that is not there, or not yours."""
    return Refusal(404, "Record not found")
