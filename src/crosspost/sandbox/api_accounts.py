"""The client API of the server itself and of its accounts."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from crosspost.sandbox import instance
from crosspost.sandbox.calls import READ, WHO, WHOSE, Answer, Call, Entry, Rooms
from crosspost.sandbox.posting import INSTANCE_LANGUAGE
from crosspost.sandbox.profiles import Family
from crosspost.sandbox.records import Account, Status
from crosspost.sandbox.refusal import Refusal, not_found

_PAGE = 20
_LARGEST_PAGE = 40


class AccountsApi:
    """What a client asks before it posts: limits, the token's account, what was posted before."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._profile = rooms.profile
        self._store = rooms.store

    def entries(self) -> list[Entry]:
        """Return the table of routes."""
        accounts = "/api/v1/accounts"
        table = [
            Entry("GET", "/api/v1/instance", self._instance_1, strangers=True),
            Entry("GET", "/api/v2/instance", self._instance_2, strangers=True),
            Entry("GET", "/api/v1/custom_emojis", lambda _: Answer([]), strangers=True),
            Entry("GET", "/api/v1/preferences", self._preferences, WHOSE),
            Entry("GET", f"{accounts}/verify_credentials", self._verify, WHO),
            Entry("GET", f"{accounts}/lookup", self._lookup, strangers=True),
            Entry("GET", f"{accounts}/{{id}}", self._account, WHOSE, strangers=True),
            Entry("GET", f"{accounts}/{{id}}/statuses", self._statuses, READ, strangers=True),
        ]
        if self._profile.family is Family.MASTODON:
            table.append(Entry("GET", "/api/v1/apps/verify_credentials", self._app))
        return table

    def _instance_1(self, call: Call) -> Answer:
        home = self._rooms.home
        contact = call.views.account(home)
        count = contact["statuses_count"]
        return Answer(instance.version_1(self._profile, home.domain, count, contact))

    def _instance_2(self, call: Call) -> Answer:
        home = self._rooms.home
        contact = call.views.account(home)
        return Answer(instance.version_2(self._profile, home.domain, call.views.base, contact))

    def _preferences(self, _call: Call) -> Answer:
        return Answer(
            {
                "posting:default:visibility": self._profile.default_visibility,
                "posting:default:sensitive": False,
                "posting:default:language": INSTANCE_LANGUAGE,
                "reading:expand:media": "default",
                "reading:expand:spoilers": False,
            }
        )

    def _app(self, call: Call) -> Answer:
        token = call.token
        if token is None:
            raise Refusal(401, "The access token is invalid")
        scopes = sorted(token.scopes)
        return Answer({"name": token.app, "website": token.website or None, "scopes": scopes})

    def _verify(self, call: Call) -> Answer:
        return Answer(call.views.own_account(call.own))

    def _lookup(self, call: Call) -> Answer:
        acct = call.params.text("acct") or ""
        account = self._rooms.access.account_named(acct, self._rooms.home.domain)
        if account is None:
            raise not_found()
        return Answer(call.views.account(account))

    def _account(self, call: Call) -> Answer:
        return Answer(call.views.account(self._asked(call)))

    def _asked(self, call: Call) -> Account:
        account = self._rooms.access.account(call.path("id"))
        if account is None:
            raise not_found()
        return account

    def _statuses(self, call: Call) -> Answer:
        account = self._asked(call)
        params = call.params
        own = call.account is not None and call.account.id == account.id
        limit = min(abs(params.number("limit", _PAGE)) or _PAGE, _LARGEST_PAGE)
        tagged = (params.text("tagged") or "").lower()
        found = self._store.statuses(
            account.id,
            limit=1_000_000 if tagged else limit,
            max_id=params.text("max_id"),
            since_id=params.text("since_id"),
            min_id=params.text("min_id"),
            visibilities=None if own else ("public", "unlisted"),
            only_media=bool(params.flag("only_media")),
            exclude_replies=bool(params.flag("exclude_replies")),
        )
        if tagged:
            found = [s for s in found if tagged in {t["name"] for t in call.views.tags(s.text)}]
            found = found[-limit:] if params.text("min_id") else found[:limit]
        if params.flag("pinned"):
            found = []
        return Answer(
            [call.views.status(status, account) for status in found],
            headers=self._link(call, found, limit),
        )

    def _link(self, call: Call, found: Sequence[Status], limit: int) -> dict[str, str]:
        """Return the header that leads to the pages before and after."""
        if not found:
            return {}
        places = {"max_id", "since_id", "min_id"}
        kept = [p for p in call.request.query_params.multi_items() if p[0] not in places]
        address = f"{call.views.base}{call.request.url.path}"

        def to(place: str, status: Status, rel: str) -> str:
            query = urlencode([*kept, (place, status.id)])
            return f'<{address}?{query}>; rel="{rel}"'

        links = [to("max_id", found[-1], "next")] if len(found) == limit else []
        return {"Link": ", ".join([*links, to("min_id", found[0], "prev")])}
