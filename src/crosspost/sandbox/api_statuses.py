"""The client API of statuses: post, read, edit, delete, and what they were before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crosspost.sandbox.calls import READ, WRITE, Answer, Call, Entry, Rooms
from crosspost.sandbox.faults import OF_CARDS
from crosspost.sandbox.posting import visible_to
from crosspost.sandbox.profiles import Family
from crosspost.sandbox.records import Account, Status
from crosspost.sandbox.refusal import Refusal, not_found

_MOST = 20


class StatusesApi:
    """Statuses, one or several."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._profile = rooms.profile
        self._store = rooms.store

    def entries(self) -> list[Entry]:
        """Return the table of routes."""
        all_, one = "/api/v1/statuses", "/api/v1/statuses/{id}"
        table = [
            Entry("POST", all_, self._create, WRITE, counted=True),
            Entry("GET", one, self._status, READ, strangers=True),
            Entry("PUT", one, self._update, WRITE, counted=True),
            Entry("DELETE", one, self._delete, WRITE),
            Entry("GET", f"{one}/source", self._source, READ),
            Entry("GET", f"{one}/context", self._context, READ, strangers=True),
        ]
        if self._profile.family is not Family.HOLLO:
            table.append(Entry("GET", f"{one}/history", self._history, READ, strangers=True))
        if self._profile.family is Family.MASTODON:
            table.append(Entry("GET", all_, self._several, READ, strangers=True))
        return table

    def _create(self, call: Call) -> Answer:
        key = call.request.headers.get("idempotency-key")
        token = call.token
        if token is None:
            raise Refusal(401, "The access token is invalid")
        earlier = self._store.status_for_key(call.own.id, key) if key else None
        status = self._rooms.posting.create(call.own, token, call.params, key)
        if status.id != earlier:
            self._look_at_link(call, status)
        return Answer(call.views.status(status, call.own))

    def _update(self, call: Call) -> Answer:
        before = self._store.status(call.path("id"))
        status = self._rooms.posting.update(call.own, call.path("id"), call.params)
        if before is not None and before.text != status.text:
            self._look_at_link(call, status)
        return Answer(call.views.status(status, call.own))

    def _look_at_link(self, call: Call, status: Status) -> None:
        """Have a card made of the first link, once the answer is on its way."""
        request = call.request
        if self._rooms.faults.take(request.method, request.url.path, OF_CARDS) is None:
            self._rooms.crawler.look(status, call.views.base)
        else:
            self._store.forget_preview(status.id)

    def _delete(self, call: Call) -> Answer:
        posting = self._rooms.posting
        # Shown first, removed then: the answer tells of media that may be attached again.
        body = call.views.status(posting.own(call.own, call.path("id")), call.own, source=True)
        with_media = bool(call.params.flag("delete_media")) and (
            (self._profile.api_version or 0) >= 4
        )
        posting.delete(call.own, call.path("id"), with_media=with_media)
        return Answer(body)

    def _asked(self, call: Call) -> tuple[Status, Account]:
        status = self._store.status(call.path("id"))
        asker = call.account.id if call.account else None
        if status is None or not visible_to(status, asker):
            raise not_found()
        return status, self._author(status)

    def _author(self, status: Status) -> Account:
        account = self._rooms.access.account(status.account_id)
        if account is None:
            raise not_found()
        return account

    def _status(self, call: Call) -> Answer:
        return Answer(call.views.status(*self._asked(call)))

    def _several(self, call: Call) -> Answer:
        ids = list(dict.fromkeys(call.params.texts("id") or []))
        if len(ids) > _MOST:
            raise Refusal(422, "Mastodon::ValidationError")
        asker = call.account.id if call.account else None
        found = [s for i in ids if (s := self._store.status(i)) and visible_to(s, asker)]
        return Answer([call.views.status(s, self._author(s)) for s in found])

    def _source(self, call: Call) -> Answer:
        return Answer(call.views.source(self._asked(call)[0]))

    def _history(self, call: Call) -> Answer:
        status, account = self._asked(call)
        return Answer(call.views.history(status, account, self._store.edits(status.id)))

    def _context(self, call: Call) -> Answer:
        status, _ = self._asked(call)
        asker = call.account.id if call.account else None

        def shown(statuses: Sequence[Status]) -> list[dict[str, Any]]:
            seen = [s for s in statuses if visible_to(s, asker)]
            return [call.views.status(s, self._author(s)) for s in seen]

        return Answer(
            {
                "ancestors": shown(self._store.ancestors(status)),
                "descendants": shown(self._store.descendants(status.id)),
            }
        )
