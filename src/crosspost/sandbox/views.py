"""The JSON that clients read. Addresses are made here, from the address that the client used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from crosspost.sandbox import text
from crosspost.sandbox.entities import EntityKind, find_entities
from crosspost.sandbox.posting import INSTANCE_LANGUAGE, mentions_of
from crosspost.sandbox.profiles import Family, Profile
from crosspost.sandbox.records import Account, Edit, Media, Status
from crosspost.sandbox.rules import Poll
from crosspost.sandbox.store import Store

Json = dict[str, Any]


def iso(seconds: float) -> str:
    """Return a Unix time as the API writes it: ISO 8601, milliseconds, `Z`."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class Views:
    """Statuses, accounts and media as one client sees them, below `base` (no trailing slash)."""

    def __init__(self, store: Store, profile: Profile, base: str, home: Account) -> None:
        self._store = store
        self._profile = profile
        self._home = home
        self.base = base

    # ---------------------------------------------------------------- addresses

    def account_url(self, account: Account) -> str:
        """Return the address of an account's page."""
        return f"{self.base}/@{quote(account.username)}"

    def status_url(self, status: Status, account: Account) -> str:
        """Return the address of a status' page."""
        return f"{self.account_url(account)}/{status.id}"

    def media_url(self, media: Media) -> str | None:
        """Return the address of the file, or None while it is being processed."""
        return f"{self.base}/media/{quote(media.file)}" if media.ready else None

    def tag_url(self, name: str) -> str:
        """Return the address of a hashtag's page."""
        return f"{self.base}/tags/{quote(name.lower())}"

    # ---------------------------------------------------------------- text

    def content(self, source: str, account: Account) -> str:
        """Return a text as HTML."""
        urls = {}
        for mention in mentions_of(source, account, self._profile):
            url = f"https://{mention.domain}/@{mention.username}"
            if mention.domain is None:
                url = self.account_url(account)
            urls[mention.acct.lower()] = url
        local = f"@{account.domain}"

        def account_url(handle: str) -> str | None:
            return urls.get(handle.lower().removesuffix(local))

        return text.to_html(
            source,
            boundary=self._profile.tag_boundary,
            tag_url=self.tag_url,
            account_url=account_url,
        )

    def tags(self, source: str) -> list[Json]:
        """Return the hashtags of a text, each once."""
        names = {
            e.value.lower(): e.value
            for e in find_entities(source, self._profile.tag_boundary)
            if e.kind is EntityKind.TAG
        }
        return [{"name": name, "url": self.tag_url(name)} for name in names]

    # ---------------------------------------------------------------- entities

    def account(self, account: Account) -> Json:
        """Return an account, as anybody sees it."""
        count, last = self._store.count(account.id)
        url = self.account_url(account)
        local = account.domain == self._home.domain
        picture = f"{self.base}/sandbox/avatar.svg"
        return {
            "id": account.id,
            "username": account.username,
            "acct": account.username if local else f"{account.username}@{account.domain}",
            "display_name": account.username,
            "locked": False,
            "bot": False,
            "discoverable": True,
            "indexable": True,
            "group": False,
            "created_at": iso(account.created_at // 86_400 * 86_400),
            "note": "",
            "url": url,
            "uri": f"{self.base}/users/{quote(account.username)}",
            "avatar": picture,
            "avatar_static": picture,
            "header": picture,
            "header_static": picture,
            "followers_count": 0,
            "following_count": 0,
            "statuses_count": count,
            "last_status_at": None if last is None else iso(last)[:10],
            "hide_collections": False,
            "noindex": False,
            "emojis": [],
            "roles": [],
            "fields": [],
        }

    def own_account(self, account: Account) -> Json:
        """Return an account, as its owner sees it."""
        return {
            **self.account(account),
            "source": {
                "privacy": self._profile.default_visibility,
                "sensitive": False,
                "language": INSTANCE_LANGUAGE,
                "note": "",
                "fields": [],
                "follow_requests_count": 0,
                "hide_collections": None,
                "discoverable": True,
                "indexable": True,
                "attribution_domains": [],
                "quote_policy": "public",
            },
            "role": {"id": "-99", "name": "", "permissions": "65536", "color": ""},
        }

    def media(self, media: Media) -> Json:
        """Return an attachment; its `url` is null while it is being processed."""
        url = self.media_url(media)
        meta: Json = {}
        if media.focus:
            meta["focus"] = {"x": media.focus[0], "y": media.focus[1]}
        if media.width and media.height:
            meta["original"] = meta["small"] = {
                "width": media.width,
                "height": media.height,
                "size": f"{media.width}x{media.height}",
                "aspect": media.width / media.height,
            }
        return {
            "id": media.id,
            "type": media.kind,
            "url": url,
            "preview_url": url,
            "remote_url": None,
            "preview_remote_url": None,
            "text_url": None,
            "meta": meta,
            "description": media.description,
            "blurhash": None,
        }

    def poll(self, poll: Poll, status: Status) -> Json:
        """Return a poll; nobody votes in the sandbox but by its own API."""
        ends = poll.expires_at.timestamp() if poll.expires_at else None
        expired = ends is not None and ends <= self._store.now
        votes: list[int | None] = [*(poll.votes or (0,) * len(poll.options))]
        total = sum(poll.votes)
        if poll.hide_totals and not expired:
            votes = [None] * len(poll.options)
        return {
            "id": status.id,
            "expires_at": None if ends is None else iso(ends),
            "expired": expired,
            "multiple": poll.multiple,
            "votes_count": total,
            "voters_count": total,
            "voted": True,
            "own_votes": [],
            "options": [
                {"title": title, "votes_count": count}
                for title, count in zip(poll.options, votes, strict=True)
            ],
            "emojis": [],
        }

    def card(self, status: Status) -> Json | None:
        """Return the preview of a status' link, or None as long as there is none."""
        preview = self._store.preview(status.id)
        if preview is None:
            return None
        image = f"{self.base}/sandbox/cards/{quote(preview.file)}" if preview.file else None
        return {
            "url": preview.url,
            "title": preview.title,
            "description": preview.description,
            "language": preview.language,
            "type": "link",
            "author_name": preview.author,
            "author_url": "",
            "provider_name": preview.provider,
            "provider_url": "",
            "html": "",
            "width": preview.width,
            "height": preview.height,
            "image": image,
            "image_description": preview.image_description,
            "embed_url": "",
            "blurhash": None,
            "published_at": None,
            "authors": [],
        }

    def status(self, status: Status, account: Account, *, source: bool = False) -> Json:
        """Return a status; with `source`, its plain `text` in the place of `content`."""
        parent = self._store.status(status.in_reply_to_id) if status.in_reply_to_id else None
        body = {"text": status.text} if source else {"content": self.content(status.text, account)}
        url = self.status_url(status, account)
        entity: Json = {
            "id": status.id,
            "created_at": iso(status.created_at),
            "in_reply_to_id": status.in_reply_to_id if parent else None,
            "in_reply_to_account_id": parent.account_id if parent else None,
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler_text,
            "visibility": status.visibility,
            "language": status.language,
            "uri": f"{self.base}/users/{quote(account.username)}/statuses/{status.id}",
            "url": url,
            "replies_count": len(self._store.replies(status.id)),
            "reblogs_count": 0,
            "favourites_count": 0,
            "edited_at": None if status.edited_at is None else iso(status.edited_at),
            "favourited": False,
            "reblogged": False,
            "muted": False,
            "bookmarked": False,
            "pinned": False,
            "filtered": [],
            **body,
            "reblog": None,
            "application": {"name": status.app, "website": status.website or None},
            "account": self.account(account),
            "media_attachments": [self.media(m) for m in self._store.ordered_media(status)],
            "mentions": [
                {
                    "id": m.id,
                    "username": m.username,
                    "acct": m.acct,
                    "url": f"https://{m.domain}/@{m.username}"
                    if m.domain
                    else self.account_url(account),
                }
                for m in mentions_of(status.text, account, self._profile)
            ],
            "tags": self.tags(status.text),
            "emojis": [],
            "card": self.card(status),
            "poll": self.poll(status.poll, status) if status.poll else None,
        }
        if (self._profile.api_version or 0) >= 7:
            automatic = {"nobody": []}.get(status.quote_policy, [status.quote_policy])
            entity["quote"] = None
            entity["quotes_count"] = 0
            entity["quote_approval"] = {
                "automatic": automatic,
                "manual": [],
                "current_user": "automatic",
            }
        if self._profile.family is Family.GOTOSOCIAL:
            entity["text"] = status.text
        return entity

    def source(self, status: Status) -> Json:
        """Return what was typed."""
        return {"id": status.id, "text": status.text, "spoiler_text": status.spoiler_text}

    def history(self, status: Status, account: Account, edits: Sequence[Edit]) -> list[Json]:
        """Return the versions of a status; one that was never edited has one."""
        if not edits:
            media = self._store.ordered_media(status)
            edits = [
                Edit(
                    status.text,
                    status.spoiler_text,
                    status.sensitive,
                    media,
                    status.poll,
                    status.created_at,
                )
            ]
        versions = []
        for edit in edits:
            version: Json = {
                "content": self.content(edit.text, account),
                "spoiler_text": edit.spoiler_text,
                "sensitive": edit.sensitive,
                "created_at": iso(edit.created_at),
                "account": self.account(account),
                "media_attachments": [self.media(m) for m in edit.media],
                "emojis": [],
            }
            if edit.poll:
                version["poll"] = {"options": [{"title": o} for o in edit.poll.options]}
            versions.append(version)
        return versions
