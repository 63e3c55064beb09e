"""Calls to one server, and how each went wrong. The only module that knows Mastodon.py."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from crosspost.channels.base import (
    ChannelError,
    ChannelOptions,
    GoneError,
    RateLimitedError,
    RefusedError,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
)
from crosspost.channels.network import (
    RedirectedError,
    TooSlowError,
    cause_of,
    never_left,
    within,
    words_of,
)
from crosspost.errors import BlockedError

if TYPE_CHECKING:
    from mastodon import Mastodon
    from requests import Response

CALL_SECONDS = 30
WHOLE_CALL_SECONDS = 180.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Connection:
    """One account's way to its server. Opening it asks the server nothing.

    `api` is Mastodon.py's own object, `status` what the last answer had, 0 for none, and
    `clock_ahead` how far the server's clock is ahead of ours, None where it does not say.
    """

    def __init__(self, options: ChannelOptions):
        self.options = options
        self.status = 0
        self.clock_ahead: timedelta | None = None
        self._check_address()
        self.api = self._open()

    def request(
        self,
        method: str,
        path: str,
        fields: dict[str, Any],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Any:
        """Make a call that Mastodon.py has no right method for, with all its care."""
        request = getattr(self.api, "_Mastodon__api_request")  # noqa: B009 - mangled on purpose
        json = method != "GET"
        return self.call(request, method, path, fields, headers=dict(headers), use_json=json)

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Make one call, and say in our words how it went wrong."""
        self.status = 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of deprecated calls: the server's affair
                return within(WHOLE_CALL_SECONDS, lambda: function(*args, **kwargs))
        except ChannelError:
            raise
        except TooSlowError as error:
            self.api = self._open()  # the other one is still at it
            raise UnknownOutcomeError(str(error)) from None
        except Exception as error:  # noqa: BLE001 - what is not understood is an unknown outcome
            raise self._judge(error) from None

    def _judge(self, error: Exception) -> ChannelError:
        """Tell refused, not reached and unknown apart, by the status before the exception's type.

        Mastodon.py raises rate-limit errors for answers that were no refusal at all, so the
        status that the server gave decides.
        """
        words = self._words(error)
        status = self.status
        if status == 429:
            reset = self.api.ratelimit_reset
            moment = datetime.fromtimestamp(reset, UTC) if reset else None
            until = f" until {moment:%H:%M} UTC" if moment else ""
            return RateLimitedError(f"the server takes no more calls{until}", moment)
        if status == 401:
            return UnauthorisedError(f"the server does not accept the token: {words}")
        if status in (404, 410):
            return GoneError(f"the server does not know it: {words}")
        if 400 <= status < 500 and status not in (408, 425, 499):
            return RefusedError(f"the server refused ({status}): {words}")
        if status == 0 and never_left(error):
            return UnreachableError(f"{self.options.instance} cannot be reached: {words}")
        return UnknownOutcomeError(f"no clear answer{f' ({status})' if status else ''}: {words}")

    def _words(self, error: Exception) -> str:
        """Return what the server said, or what happened; never the token."""
        cause = cause_of(error)
        text = words_of(cause) if cause else str(error)
        if len(error.args) > 3:  # of an answer: the message, the status, its name, what was said
            text = str(error.args[3] or error.args[2])
        if self.options.token:
            text = text.replace(self.options.token, "…")
        return text[:300]

    def _check_address(self) -> None:
        parts = urlsplit(self.options.instance)
        plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if parts.username or parts.password:
            raise BlockedError(
                f"channel '{self.options.name}': the instance has a name or a password in it: "
                f"write https://{parts.hostname} alone."
            )
        if not parts.hostname or not (parts.scheme == "https" or plain):
            raise BlockedError(
                f"channel '{self.options.name}': {self.options.instance} is not an https address; "
                "plain http is for this machine only."
            )
        if not re.fullmatch(r"[\x21-\x7e]+", self.options.token):
            raise BlockedError(
                f"channel '{self.options.name}': the token is empty or has spaces or line breaks "
                "in it: copy it again."
            )

    def _open(self) -> Mastodon:
        from mastodon import Mastodon
        from requests import Session

        session = Session()

        def watch(response: Response, *_: object, **__: object) -> None:
            if session is self._session:
                self._watch(response)

        session.hooks["response"].append(watch)
        self._session = session
        if urlsplit(self.options.instance).hostname in _LOOPBACK:
            session.trust_env = False  # a proxy has no business with this machine
        api = Mastodon(
            api_base_url=self.options.instance,
            ratelimit_method="throw",
            request_timeout=CALL_SECONDS,
            version_check_mode="none",
            mastodon_version="4.3.0",  # spares two questions before the first upload
            user_agent=self.options.user_agent,
            session=session,
        )
        api.mastodon_major, api.mastodon_minor = 4, 3
        # Given to the constructor, a token that is also a file's name would be read from there.
        api.access_token = self.options.token
        return api

    def _watch(self, response: Response) -> None:
        """Remember each answer's status and how far the server's clock is ahead of ours.

        No redirect may turn a post into a question, or lead to another server.
        """
        self.status = response.status_code
        with suppress(TypeError, ValueError):
            there = parsedate_to_datetime(response.headers.get("Date", ""))
            self.clock_ahead = there - datetime.now(UTC)
        if not response.is_redirect:
            return
        place = urlsplit(urljoin(response.url, response.headers.get("Location", "")))
        asked = urlsplit(response.url)
        same = (place.scheme, place.netloc) == (asked.scheme, asked.netloc)
        if response.request.method != "GET" or not same:
            self.status = 0
            raise RedirectedError(
                f"it answers from {place.scheme}://{place.netloc}: write that as the instance"
            )
