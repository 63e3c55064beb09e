"""Mastodon and the servers that speak its API. The only module that knows Mastodon.py.

Ids are opaque texts; a server is judged by what it answers, never by its name. Uploading and
reading go through Mastodon.py's own methods. What changes a status goes out as JSON, which it does
not send by itself: in a form, GoToSocial and Hollo read neither lists nor yes and no as Mastodon
does, and `status_update` cannot send language, pictures and alt texts together.
"""

from __future__ import annotations

import io
import re
import time
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from crosspost.channels.answers import (
    attachments_of,
    focus_of,
    holds,
    id_of,
    lacking,
    moment_of,
    read_limits,
    receipt_of,
    same_account,
    seen_of,
    shown_text,
)
from crosspost.channels.base import (
    ChannelError,
    ChannelOptions,
    GoneError,
    RateLimitedError,
    Receipt,
    RefusedError,
    Seen,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
)
from crosspost.channels.message import Limits, Media, Message, text_digest
from crosspost.channels.network import (
    RedirectedError,
    TooSlowError,
    cause_of,
    never_left,
    within,
    words_of,
)
from crosspost.channels.pictures import prepare
from crosspost.errors import BlockedError

if TYPE_CHECKING:
    from mastodon import Mastodon
    from requests import Response

CALL_SECONDS = 30
WHOLE_CALL_SECONDS = 180.0
MEDIA_SECONDS = 120
SEARCH_PAGES = 250
PREPARED_WITHIN = timedelta(minutes=20)
"""By the clock on the wall, as a claim's lease is: a laptop may have slept in between."""
_SCOPES = {
    "write:media": "posts with pictures will be refused",
    "read:statuses": "the account cannot be searched for what a broken call may have said",
}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class MastodonChannel:
    """One account on one server. Opening it asks the server nothing."""

    def __init__(self, options: ChannelOptions, sleep: Callable[[float], object] = time.sleep):
        self.options = options
        self.limits = Limits()
        self._sleep = sleep
        self._account_id = ""
        self._status = 0
        self.warnings: tuple[str, ...] = ()
        self.clock_ahead: timedelta | None = None
        self._check_address()
        self._api = self._open()

    def preflight(self) -> Limits:
        """Check the account and read the limits: two or three calls."""
        try:
            account = self._call(self._api.account_verify_credentials)
        except RefusedError as error:
            raise RefusedError(
                f"{error}. The token must be allowed to say whose it is: give its application the "
                "scopes profile, read:statuses, write:statuses and write:media."
            ) from error
        self._account_id = id_of(account)
        instance = self._instance()
        ours = same_account(self.options.account, account, instance, self.options.instance)
        if ours is not None:
            raise BlockedError(
                f"channel '{self.options.name}': the token belongs to {ours}, the settings say "
                f"{self.options.account}. Nothing was sent: use the token of that account."
            )
        self.limits = read_limits(instance)
        self._check_scopes()
        return self.limits

    def _check_scopes(self) -> None:
        """Ask what the token may do, where the server tells; without the least, stop here."""
        try:
            answer = self._request("GET", "/api/v1/apps/verify_credentials", {})
        except (GoneError, RefusedError):
            return
        scopes = answer.get("scopes") if isinstance(answer, Mapping) else None
        if lacking({"write:statuses": ""}, scopes):
            raise BlockedError(
                f"channel '{self.options.name}': the token may not post. Give its application the "
                "scopes profile, read:statuses, write:statuses and write:media."
            )
        self.warnings = tuple(f"the token has no {words}" for words in lacking(_SCOPES, scopes))

    def create(self, message: Message, key: str) -> Receipt:
        """Upload the pictures, then post. Only the post itself can have an unknown outcome."""
        begun = datetime.now(UTC)
        media_ids = [self._upload(media) for media in message.media]
        if datetime.now(UTC) - begun > PREPARED_WITHIN:
            raise UnreachableError("its pictures took too long: another run may be at it by now")
        fields: dict[str, Any] = {
            "status": message.text,
            "visibility": message.visibility,
            "sensitive": message.sensitive,
        }
        optional = {
            "media_ids": media_ids,
            "spoiler_text": message.content_warning,
            "language": message.language,
        }
        fields |= {name: value for name, value in optional.items() if value}
        status = self._request("POST", "/api/v1/statuses", fields, {"Idempotency-Key": key})
        return receipt_of(status, media_ids)

    def edit(self, message: Message, remote_id: str, media_ids: Mapping[str, str]) -> Receipt:
        """Replace text, warning, language, sensitivity and every picture with its alt text."""
        ids = [media_ids.get(media.digest) or self._upload(media) for media in message.media]
        attributes = [
            {"id": id_, "description": media.alt, "focus": focus_of(media)}
            for id_, media in zip(ids, message.media, strict=True)
        ]
        fields: dict[str, Any] = {
            "status": message.text,
            "spoiler_text": message.content_warning or "",
            "sensitive": message.sensitive,
            "media_ids": ids,
            "media_attributes": attributes,
        }
        if message.language:
            fields["language"] = message.language
        try:
            status = self._request("PUT", f"/api/v1/statuses/{remote_id}", fields)
        except RefusedError as error:
            if "not changed" not in str(error):
                raise
            # GoToSocial refuses an edit that was made already, as after a crash: all is well.
            return Receipt(remote_id, "", tuple(ids))
        receipt = receipt_of(status, ids)
        for media, attached in zip(message.media, attachments_of(status), strict=False):
            if str(attached.get("description") or "").strip() != media.alt.strip():
                self._describe(str(attached["id"]), media)
        return receipt

    def _describe(self, media_id: str, media: Media) -> None:
        """Change an alt text by the call of its own: some servers do not by the edit's."""
        fields = {"description": media.alt, "focus": focus_of(media)}
        with suppress(GoneError, RefusedError):
            self._request("PUT", f"/api/v1/media/{media_id}", fields)

    def delete(self, remote_id: str) -> None:
        """Take a status back; the second time is a success too."""
        with suppress(GoneError):
            self._call(self._api.status_delete, remote_id)

    def look(self, remote_id: str) -> Seen:
        """Return a status as it is now, with what was typed where the server shows that."""
        status = self._request("GET", f"/api/v1/statuses/{remote_id}", {})
        if id_of(status) != remote_id:
            raise UnknownOutcomeError("the server answered with another status")
        try:
            source = self._call(self._api.status_source, remote_id)
            return seen_of(status, str(source["text"]))
        except (RefusedError, GoneError, KeyError, TypeError):
            return seen_of(status)

    def history(self, since: datetime | None = None) -> Iterator[Seen]:
        """Yield the account's own statuses, newest first, back to a moment or to the first."""
        for status in self._statuses(since or datetime.min.replace(tzinfo=UTC)):
            yield seen_of(status)

    def _statuses(self, start: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the account's statuses without its boosts, newest first, back to `start`.

        Raises `RefusedError` where there are more than can be read: what was not seen is not known
        not to be there.
        """
        last: str | None = None
        for _ in range(SEARCH_PAGES):
            page = self._call(self._api.account_statuses, self._account_id, limit=40, max_id=last)
            if not isinstance(page, list) or not all(isinstance(one, Mapping) for one in page):
                raise UnknownOutcomeError("the server's answer is no list of statuses")
            recent = [status for status in page if moment_of(status) >= start]
            yield from (status for status in recent if not status.get("reblog"))
            if not page or len(recent) < len(page) or id_of(page[-1]) == last:
                return
            last = id_of(page[-1])
        raise RefusedError("it has too many statuses to be searched so far back")

    def find(
        self, url: str, since: datetime, known: Collection[str], digest: str | None
    ) -> tuple[Receipt, ...]:
        """Read the account's statuses back to `since` and return those that hold the link."""
        start = since + min(self.clock_ahead or timedelta(), timedelta())
        found = [
            status
            for status in self._statuses(start)
            if id_of(status) not in known and holds(status, url)
        ]
        if digest is not None:
            found = [status for status in found if self._says(status, digest)]
        found.sort(key=moment_of)
        return tuple(receipt_of(status, []) for status in found)

    def _says(self, status: Mapping[str, Any], digest: str) -> bool:
        """Whether a status has the words that are sought, as far as the server lets us see."""
        if text_digest(shown_text(status)) == digest:
            return True
        try:
            source = self._call(self._api.status_source, id_of(status))
            return text_digest(str(source["text"])) == digest
        except (RefusedError, GoneError, KeyError, TypeError):
            return True  # no such call here: the link must be enough

    def _upload(self, media: Media) -> str:
        """Upload one picture and wait until it is ready. Nothing is said yet, whatever happens."""
        try:
            data, mime = prepare(media.file, self.limits)
        except (ValueError, OSError) as error:
            raise RefusedError(f"{media.path} cannot be sent: {error}") from error
        deadline = time.monotonic() + MEDIA_SECONDS
        pause = 0.5
        try:
            answer = self._call(
                self._api.media_post,
                io.BytesIO(data),
                mime_type=mime,
                description=media.alt,
                focus=media.focus,
                file_name=f"{media.digest[:16]}.{mime.rpartition('/')[2]}",
            )
            while self._status in (202, 206):
                if time.monotonic() > deadline:
                    raise RefusedError(f"{media.path}: the server has not finished with it")
                self._sleep(pause)
                pause = min(5.0, pause * 2)
                answer = self._call(self._api.media, id_of(answer))
            return id_of(answer)
        except (UnknownOutcomeError, GoneError) as error:
            raise UnreachableError(f"{media.path} could not be uploaded: {error}") from error

    def _instance(self) -> Mapping[str, Any]:
        """Ask what the server is: by the newer call, else by the older one."""
        try:
            answer = self._request("GET", "/api/v2/instance", {})
        except (GoneError, RefusedError):
            answer = self._request("GET", "/api/v1/instance", {})
        return answer if isinstance(answer, Mapping) else {}

    def _request(
        self,
        method: str,
        path: str,
        fields: dict[str, Any],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Any:
        """Make a call that Mastodon.py has no right method for, with all its care."""
        request = getattr(self._api, "_Mastodon__api_request")  # noqa: B009 - mangled on purpose
        json = method != "GET"
        return self._call(request, method, path, fields, headers=dict(headers), use_json=json)

    def _call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Make one call, and say in our words how it went wrong."""
        self._status = 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of deprecated calls: the server's affair
                return within(WHOLE_CALL_SECONDS, lambda: function(*args, **kwargs))
        except ChannelError:
            raise
        except TooSlowError as error:
            self._api = self._open()  # the other one is still at it
            raise UnknownOutcomeError(str(error)) from None
        except Exception as error:  # noqa: BLE001 - what is not understood is an unknown outcome
            raise self._judge(error) from None

    def _judge(self, error: Exception) -> ChannelError:
        """Tell refused, not reached and unknown apart, by the status before the exception's type.

        Mastodon.py raises rate-limit errors for answers that were no refusal at all, so the
        status that the server gave decides.
        """
        words = self._words(error)
        status = self._status
        if status == 429:
            reset = self._api.ratelimit_reset
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
        self._status = response.status_code
        with suppress(TypeError, ValueError):
            there = parsedate_to_datetime(response.headers.get("Date", ""))
            self.clock_ahead = there - datetime.now(UTC)
        if not response.is_redirect:
            return
        place = urlsplit(urljoin(response.url, response.headers.get("Location", "")))
        asked = urlsplit(response.url)
        same = (place.scheme, place.netloc) == (asked.scheme, asked.netloc)
        if response.request.method != "GET" or not same:
            self._status = 0
            raise RedirectedError(
                f"it answers from {place.scheme}://{place.netloc}: write that as the instance"
            )
