"""Mastodon and the servers that speak its API.

Ids are opaque texts; a server is judged by what it answers, never by its name. Uploading and
reading go through Mastodon.py's own methods. What changes a status goes out as JSON, which it does
not send by itself: in a form, GoToSocial and Hollo read neither lists nor yes and no as Mastodon
does, and `status_update` cannot send language, pictures and alt texts together.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

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
    Receipt,
    RefusedError,
    Seen,
    UnknownOutcomeError,
    UnreachableError,
)
from crosspost.channels.mastodon_connection import Connection
from crosspost.channels.mastodon_fields import create_fields, edit_fields
from crosspost.channels.message import Limits, Media, Message, text_digest
from crosspost.channels.pictures import prepare
from crosspost.errors import BlockedError

SEARCH_PAGES = 250
PREPARED_WITHIN = timedelta(minutes=20)
"""By the clock on the wall, as a claim's lease is: a laptop may have slept in between."""
_SCOPES = {
    "write:media": "posts with pictures will be refused",
    "read:statuses": "the account cannot be searched for what a broken call may have said",
}


class MastodonChannel:
    """One account on one server. Opening it asks the server nothing."""

    def __init__(self, options: ChannelOptions, sleep: Callable[[float], object] = time.sleep):
        self.options = options
        self.limits = Limits()
        self._sleep = sleep
        self._account_id = ""
        self.warnings: tuple[str, ...] = ()
        self._connection = Connection(options)
        self._call = self._connection.call
        self._request = self._connection.request

    @property
    def clock_ahead(self) -> timedelta | None:
        """How far the server's clock is ahead of ours, by its last answer."""
        return self._connection.clock_ahead

    def preflight(self) -> Limits:
        """Check the account and read the limits: two or three calls."""
        try:
            account = self._call(self._connection.api.account_verify_credentials)
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
        fields = create_fields(message, media_ids, self.limits)
        try:
            status = self._request("POST", "/api/v1/statuses", fields, {"Idempotency-Key": key})
        except (RefusedError, GoneError) as error:
            if message.reply_to and self._is_gone(f"/api/v1/statuses/{message.reply_to}"):
                raise RefusedError("the message that it answers is not there any more") from error
            if any(self._is_gone(f"/api/v1/media/{media_id}") for media_id in media_ids):
                # Forgotten by the server, or attached already: by this very call, carried out twice
                # on its way. Whoever looks for the message first may then upload anew.
                raise UnknownOutcomeError(f"a picture is not free any more: {error}") from error
            raise
        return receipt_of(status, media_ids)

    def edit(self, message: Message, remote_id: str, media_ids: Mapping[str, str]) -> Receipt:
        """Replace text, warning, language, sensitivity and every picture with its alt text.

        A poll that is there stays as it is, whatever the message asks: its votes are people's.
        """
        ids = [media_ids.get(media.digest) or self._upload(media) for media in message.media]
        poll = self._poll_of(remote_id) if message.poll else None
        ahead = self._connection.clock_ahead or timedelta()
        fields = edit_fields(message, ids, poll, self.limits, ahead)
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

    def _poll_of(self, remote_id: str) -> Mapping[str, Any] | None:
        """Return the poll of a status as its server has it now. Raises `GoneError`."""
        status = self._request("GET", f"/api/v1/statuses/{remote_id}", {})
        poll = status.get("poll") if isinstance(status, Mapping) else None
        return poll if isinstance(poll, Mapping) else None

    def _is_gone(self, path: str) -> bool:
        """Whether the server does not know a thing; what it does not say counts as known."""
        try:
            self._request("GET", path, {})
        except GoneError:
            return True
        except ChannelError:
            return False
        return False

    def _describe(self, media_id: str, media: Media) -> None:
        """Change an alt text by the call of its own: some servers do not by the edit's."""
        fields = {"description": media.alt, "focus": focus_of(media)}
        with suppress(GoneError, RefusedError):
            self._request("PUT", f"/api/v1/media/{media_id}", fields)

    def delete(self, remote_id: str) -> None:
        """Take a status back; the second time is a success too."""
        with suppress(GoneError):
            self._call(self._connection.api.status_delete, remote_id)

    def look(self, remote_id: str) -> Seen:
        """Return a status as it is now, with what was typed where the server shows that."""
        status = self._request("GET", f"/api/v1/statuses/{remote_id}", {})
        if id_of(status) != remote_id:
            raise UnknownOutcomeError("the server answered with another status")
        try:
            source = self._call(self._connection.api.status_source, remote_id)
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
        api = self._connection.api
        for _ in range(SEARCH_PAGES):
            page = self._call(api.account_statuses, self._account_id, limit=40, max_id=last)
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
            if id_of(status) not in known and (not url or holds(status, url))
        ]
        if digest is not None:
            found = [status for status in found if self._says(status, digest, linked=bool(url))]
        found.sort(key=moment_of)
        return tuple(receipt_of(status, []) for status in found)

    def _says(self, status: Mapping[str, Any], digest: str, *, linked: bool) -> bool:
        """Whether a status has the words that are sought, as far as the server lets us see."""
        if text_digest(shown_text(status)) == digest:
            return True
        try:
            source = self._call(self._connection.api.status_source, id_of(status))
            return text_digest(str(source["text"])) == digest
        except (RefusedError, GoneError, KeyError, TypeError):
            return linked  # no such call here: the link must be enough, where there is one

    def _upload(self, media: Media) -> str:
        """Upload one picture and wait until it is ready. Nothing is said yet, whatever happens."""
        try:
            data, mime = prepare(media.file, self.limits)
        except (ValueError, OSError) as error:
            raise RefusedError(f"{media.path} cannot be sent: {error}") from error
        try:
            try:
                return self._send(media, data, mime)
            except GoneError:  # the server lost it while it worked on it; no status has it yet
                return self._send(media, data, mime)
        except (UnknownOutcomeError, GoneError) as error:
            raise UnreachableError(f"{media.path} could not be uploaded: {error}") from error

    def _send(self, media: Media, data: bytes, mime: str) -> str:
        """Upload bytes, and ask until the server has worked on them or the time is up."""
        deadline = time.monotonic() + self.options.media_seconds
        pause = 0.5
        answer = self._call(
            self._connection.api.media_post,
            io.BytesIO(data),
            mime_type=mime,
            description=media.alt,
            focus=media.focus,
            file_name=f"{media.digest[:16]}.{mime.rpartition('/')[2]}",
        )
        while self._connection.status in (202, 206):
            if time.monotonic() > deadline:
                raise RefusedError(
                    f"{media.path}: after {self.options.media_seconds:g} seconds the server has "
                    "not finished with it (wait_for_media)"
                )
            self._sleep(pause)
            pause = min(5.0, pause * 2)
            answer = self._call(self._connection.api.media, id_of(answer))
        return id_of(answer)

    def _instance(self) -> Mapping[str, Any]:
        """Ask what the server is: by the newer call, else by the older one."""
        try:
            answer = self._request("GET", "/api/v2/instance", {})
        except (GoneError, RefusedError):
            answer = self._request("GET", "/api/v1/instance", {})
        return answer if isinstance(answer, Mapping) else {}
