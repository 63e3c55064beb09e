"""Creating, editing and deleting: the order of the real server's checks, and what each one keeps.

A key is looked up before anything else and is not bound to the body. An edit replaces the whole
status: what is left out is gone, but for the language and the quote policy. An edit that changes
nothing leaves no trace; GoToSocial refuses it. Any edit of a status with a poll sets the poll's
end anew, and other choices throw its votes away. Hollo keeps the attachments of an edit that names
none, and reads a form as a flat list of texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crosspost.sandbox import rules
from crosspost.sandbox.entities import EntityKind, find_entities
from crosspost.sandbox.limits import RateLimits
from crosspost.sandbox.media import parse_focus
from crosspost.sandbox.params import Params
from crosspost.sandbox.profiles import Family, Profile
from crosspost.sandbox.records import Account, Edit, Media, Status, Token
from crosspost.sandbox.refusal import Refusal, not_found
from crosspost.sandbox.store import Store

INSTANCE_LANGUAGE = "en"
_BLANK = {"video": "📹", "gifv": "📹", "audio": "🎵", "image": "🖼"}


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody whom a text would notify. Accounts elsewhere are taken to exist: no network here."""

    id: str
    username: str
    domain: str | None

    @property
    def acct(self) -> str:
        """The name as this server writes it: without a host where it is its own."""
        return f"{self.username}@{self.domain}" if self.domain else self.username


def mentions_of(text: str, account: Account, profile: Profile) -> list[Mention]:
    """Return who is mentioned: the account itself, and every `@user@host`. Bare names are text."""
    found: dict[str, Mention] = {}
    for entity in find_entities(text, profile.tag_boundary):
        if entity.kind is not EntityKind.MENTION:
            continue
        username, _, domain = entity.value.partition("@")
        domain = domain.lower()
        if domain in {"", account.domain}:
            if username.lower() == account.username.lower():
                found.setdefault(account.id, Mention(account.id, account.username, None))
        else:
            digest = hashlib.sha256(f"{username.lower()}@{domain}".encode()).hexdigest()
            remote = str(int(digest[:14], 16))
            found.setdefault(remote, Mention(remote, username, domain))
    return list(found.values())


class Posting:
    """What an account does with its statuses on one server."""

    def __init__(self, store: Store, profile: Profile, limits: RateLimits | None = None) -> None:
        self._store = store
        self._profile = profile
        self._limits = limits

    # ---------------------------------------------------------------- create

    def create(self, account: Account, token: Token, params: Params, key: str | None) -> Status:
        """Return the new status, or the one that `key` gave within the hour."""
        params = self._as_it_reads(params)
        with self._store.transaction():
            parent = self._parent(account, params)
            if key and self._profile.honours_keys:
                earlier = self._store.status_for_key(account.id, key)
                if earlier is not None:
                    status = self._store.status(earlier)
                    if status is None:
                        raise not_found()
                    return status
            status = self._create(account, token, params, parent)
            if key and self._profile.honours_keys:
                self._store.remember_key(account.id, key, status.id)
            return status

    def _parent(self, account: Account, params: Params) -> str | None:
        wanted = params.text("in_reply_to_id")
        if not wanted:
            return None
        parent = self._store.status(wanted)
        if parent is None or not visible_to(parent, account.id):
            raise Refusal(404, "The post you are trying to reply to does not appear to exist.")
        return parent.id

    def _create(self, account: Account, token: Token, params: Params, parent: str | None) -> Status:
        for name in ("scheduled_at", "quoted_status_id"):
            if params.text(name):
                raise Refusal(self._profile.refusal, f"The sandbox does not know {name}")
        text = params.text("status") or ""
        spoiler = params.text("spoiler_text") or ""
        visibility = params.text("visibility") or self._profile.default_visibility
        ids = params.texts("media_ids") or []
        poll = self._poll(params)
        media = self._media(account, ids, attached_to=None)
        if not text.strip() and spoiler and self._profile.family is Family.MASTODON:
            text = _BLANK[media[0].kind] if media else "."
        rules.check_text(
            text,
            spoiler,
            self._profile,
            media=len(media),
            poll=poll is not None,
            visibility=visibility,
        )
        if poll:
            rules.check_poll(poll, self._profile, media=len(media))
        self._check_mentions(text, account, params)
        self._check_limit(account)
        status = Status(
            id=self._store.new_id(),
            account_id=account.id,
            text=text,
            spoiler_text=spoiler,
            sensitive=bool(params.flag("sensitive")) or bool(spoiler),
            visibility=visibility,
            language=rules.language_or(params.text("language"), INSTANCE_LANGUAGE),
            in_reply_to_id=parent,
            media_ids=tuple(m.id for m in media),
            poll=poll,
            quote_policy=self._quote_policy(params, "public"),
            app=token.app,
            website=token.website,
            created_at=self._store.now,
        )
        self._store.save(status)
        for attachment in media:
            self._store.attach(attachment, status.id)
        self._count(account)
        return status

    def _check_limit(self, account: Account) -> None:
        if self._limits:
            self._limits.check_statuses(account.id, self._store.now)

    def _count(self, account: Account) -> None:
        if self._limits:
            self._limits.count_status(account.id, self._store.now)

    def _as_it_reads(self, params: Params) -> Params:
        """Return what the server takes from a body.

        GoToSocial refuses a boolean of JSON in quotation marks. Hollo refuses it in a form too,
        where every boolean is a text, and does not see names with brackets there.
        """
        family = self._profile.family
        value = params.tree.get("sensitive")
        loose = value is not None and not isinstance(value, bool)
        if family is Family.GOTOSOCIAL and params.from_json and loose:
            raise Refusal(
                400,
                "Bad Request: json: cannot unmarshal string into Go struct field "
                "StatusCreateRequest.sensitive of type bool",
            )
        if family is not Family.HOLLO:
            return params
        if loose:
            raise Refusal(422, "invalid_request")
        if params.from_json:
            return params
        return Params({name: text for name, text in params.tree.items() if isinstance(text, str)})

    def _quote_policy(self, params: Params, default: str) -> str:
        wanted = params.text("quote_approval_policy")
        if not wanted or (self._profile.api_version or 0) < 7:
            return default
        if wanted not in rules.QUOTE_POLICIES:
            raise Refusal(
                422, "Validation failed: Quote approval policy is not included in the list"
            )
        return wanted

    def _check_mentions(self, text: str, account: Account, params: Params) -> None:
        if "allowed_mentions" not in params or self._profile.family is not Family.MASTODON:
            return
        allowed = params.texts("allowed_mentions") or []
        unexpected = [m for m in mentions_of(text, account, self._profile) if m.id not in allowed]
        if unexpected:
            raise Refusal(
                422,
                "Post would be sent to unexpected accounts",
                extra={
                    "unexpected_accounts": [
                        {"id": m.id, "username": m.username, "acct": m.acct} for m in unexpected
                    ]
                },
            )

    def _poll(self, params: Params) -> rules.Poll | None:
        given = params.mapping("poll")
        if given is None or not given.tree:
            return None
        expires_in = given.number("expires_in", 0)
        ends = None
        if 0 < expires_in <= self._profile.poll_max_expiration:
            ends = datetime.fromtimestamp(self._store.now + expires_in, UTC)
        return rules.Poll(
            options=tuple(option for option in given.texts("options") or [] if option.strip()),
            expires_in=expires_in,
            multiple=bool(given.flag("multiple")),
            hide_totals=bool(given.flag("hide_totals")),
            expires_at=ends,
        )

    def _media(
        self, account: Account, ids: Sequence[str], *, attached_to: str | None
    ) -> list[Media]:
        """Return the attachments called `ids`, free or already of the status, in that order."""
        rules.check_media_count(ids, self._profile)
        found: dict[str, Media] = {}
        for media_id in ids:
            media = self._store.media(media_id)
            if media and media.account_id == account.id and media.status_id in {None, attached_to}:
                found[media_id] = media
        rules.check_media(
            [m.kind for m in found.values()],
            [media_id for media_id in dict.fromkeys(ids) if media_id not in found],
            all(m.ready for m in found.values()),
            self._profile,
        )
        return list(found.values())

    # ---------------------------------------------------------------- edit

    def update(self, account: Account, status_id: str, params: Params) -> Status:
        """Replace a status by what `params` say, all of it; return it as it is then."""
        params = self._as_it_reads(params)
        with self._store.transaction():
            status = self.own(account, status_id)
            ids = params.texts("media_ids")
            if ids is None and self._profile.family is Family.HOLLO:
                ids = list(status.media_ids)
            media = self._media(account, ids or [], attached_to=status.id)
            before = self._store.ordered_media(status)
            media = self._edited_media(media, params)
            text = params.text("status") or ""
            spoiler = params.text("spoiler_text") or ""
            if not text.strip():
                text, spoiler = spoiler, ""
            poll = self._poll(params)
            if poll and status.poll and _keeps_votes(params, status.poll):
                poll = replace(poll, votes=status.poll.votes)
            edited = replace(
                status,
                text=text,
                spoiler_text=spoiler,
                sensitive=bool(params.flag("sensitive")) or bool(spoiler),
                language=rules.language_or(params.text("language"), status.language),
                media_ids=tuple(m.id for m in media),
                poll=poll,
                quote_policy=self._quote_policy(params, status.quote_policy),
            )
            if edited == status and tuple(media) == before:
                if self._profile.family is Family.GOTOSOCIAL:
                    raise Refusal(422, "Unprocessable Entity: status was not changed")
                return status
            rules.check_text(
                text,
                spoiler,
                self._profile,
                media=len(media),
                poll=poll is not None,
                visibility=status.visibility,
            )
            if poll:
                rules.check_poll(poll, self._profile, media=len(media))
            self._check_limit(account)
            edited = replace(edited, edited_at=self._store.now)
            self._record_edit(status, before, edited, media)
            self._count(account)
            return edited

    def _edited_media(self, media: Sequence[Media], params: Params) -> list[Media]:
        changes = {a.text("id"): a for a in params.mappings("media_attributes")}
        edited = []
        for attachment in media:
            given = changes.get(attachment.id)
            if given is not None:
                attachment = change_media(attachment, given, self._profile)  # noqa: PLW2901
            edited.append(attachment)
        return edited

    def _record_edit(
        self, status: Status, before: Sequence[Media], edited: Status, media: Sequence[Media]
    ) -> None:
        if not self._store.edits(status.id):
            self._store.add_edit(status.id, _version(status, before, status.created_at))
        # A picture that was edited out keeps its status, as on the real server: it is part of the
        # history, and cannot be attached elsewhere.
        for attachment in media:
            self._store.attach(attachment, status.id)
        self._store.save(edited)
        self._store.add_edit(status.id, _version(edited, media, edited.edited_at or 0.0))

    # ---------------------------------------------------------------- delete

    def vote(self, status_id: str, votes: Sequence[int]) -> Status:
        """Set the votes for each choice of a status' poll, as if so many people had voted."""
        with self._store.transaction():
            status = self._store.status(status_id)
            if status is None or status.poll is None:
                raise not_found()
            if len(votes) != len(status.poll.options):
                raise Refusal(422, "The chosen vote option does not exist")
            voted = replace(status, poll=replace(status.poll, votes=tuple(votes)))
            self._store.save(voted)
            return voted

    def delete(self, account: Account, status_id: str, *, with_media: bool) -> None:
        """Remove a status; its media may be attached again, or go with it."""
        with self._store.transaction():
            self._store.remove(self.own(account, status_id), with_media=with_media)

    def own(self, account: Account, status_id: str) -> Status:
        """Return a status of this account; anything else is not found (404)."""
        status = self._store.status(status_id)
        if status is None or status.account_id != account.id:
            raise not_found()
        return status


def visible_to(status: Status, account_id: str | None) -> bool:
    """Tell whether a reader may see a status: the author all of it, others what is public."""
    return status.account_id == account_id or status.visibility in {"public", "unlisted"}


def change_media(media: Media, params: Params, profile: Profile) -> Media:
    """Return `media` with the description and the focus that `params` give; the rest stays."""
    if "description" in params:
        description = params.text("description") or None
        rules.check_description(description or "", profile)
        media = replace(media, description=description)
    if profile.family is not Family.HOLLO and (focus := parse_focus(params.text("focus"))):
        media = replace(media, focus=focus)
    return media


def _keeps_votes(params: Params, poll: rules.Poll) -> bool:
    """Tell whether an edit leaves the votes: the same choices, and `multiple` said as it was."""
    given = params.mapping("poll") or Params({})
    same = tuple(given.texts("options") or []) == poll.options
    return same and given.flag("multiple") == poll.multiple


def _version(status: Status, media: Sequence[Media], at: float) -> Edit:
    return Edit(
        text=status.text,
        spoiler_text=status.spoiler_text,
        sensitive=status.sensitive,
        media=tuple(media),
        poll=status.poll,
        created_at=at,
    )
