"""Statuses, their edits, their media and their idempotency keys, read and written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from crosspost.sandbox.database import Database
from crosspost.sandbox.preview import Preview
from crosspost.sandbox.profiles import Family
from crosspost.sandbox.records import Edit, Media, Status, poll_json

KEY_SECONDS = 3_600
# Ids are opaque to clients; here they sort by their length, then by their letters.
_BEFORE = "(length(id), id) < (length(?), ?)"
_AFTER = "(length(id), id) > (length(?), ?)"


class Store:
    """What was posted. Every method that changes something is to be called in a transaction."""

    def __init__(self, database: Database, family: Family) -> None:
        self._database = database
        self._family = family
        self.transaction = database.transaction

    @property
    def now(self) -> float:
        """The sandbox's time, Unix seconds."""
        return self._database.now

    def new_id(self) -> str:
        """Return a new opaque id."""
        return self._database.new_id(self._family)

    # ---------------------------------------------------------------- statuses

    def status(self, status_id: str) -> Status | None:
        """Return one status, or None."""
        found = self._database.row("SELECT * FROM statuses WHERE id = ?", status_id)
        return Status.of(found) if found else None

    def save(self, status: Status) -> None:
        """Write a new status, or the new state of one that exists."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO statuses VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    status.id,
                    status.account_id,
                    status.text,
                    status.spoiler_text,
                    int(status.sensitive),
                    status.visibility,
                    status.language,
                    status.in_reply_to_id,
                    json.dumps(status.media_ids),
                    poll_json(status.poll),
                    status.quote_policy,
                    status.app,
                    status.website,
                    status.created_at,
                    status.edited_at,
                ),
            )

    def remove(self, status: Status, *, with_media: bool) -> None:
        """Delete a status and its history; its media go too, or may be attached again."""
        self.forget_preview(status.id)
        with self.transaction() as db:
            db.execute("DELETE FROM statuses WHERE id = ?", (status.id,))
            db.execute("DELETE FROM edits WHERE status_id = ?", (status.id,))
            if with_media:
                for media in self.media_of(status.id):
                    self.file_of(media).unlink(missing_ok=True)
                db.execute("DELETE FROM media WHERE status_id = ?", (status.id,))
            else:
                db.execute("UPDATE media SET status_id = NULL WHERE status_id = ?", (status.id,))

    def statuses(
        self,
        account_id: str,
        *,
        limit: int,
        max_id: str | None = None,
        since_id: str | None = None,
        min_id: str | None = None,
        visibilities: Iterable[str] | None = None,
        only_media: bool = False,
        exclude_replies: bool = False,
    ) -> list[Status]:
        """Return an account's statuses, newest first.

        `max_id`, `since_id` and `min_id` are exclusive; `min_id` gives the oldest ones after it,
        `since_id` the newest. Replies to oneself are no replies, as on the real server.
        """
        where = ["account_id = ?"]
        values: list[object] = [account_id]
        for condition, value in ((_BEFORE, max_id), (_AFTER, since_id), (_AFTER, min_id)):
            if value:
                where.append(condition)
                values += (value, value)
        if visibilities is not None:
            wanted = tuple(visibilities)
            where.append(f"visibility IN ({','.join('?' * len(wanted))})")
            values += wanted
        if only_media:
            where.append("media_ids != '[]'")
        if exclude_replies:
            where.append(
                "(in_reply_to_id IS NULL OR in_reply_to_id IN "
                "(SELECT id FROM statuses WHERE account_id = ?))"
            )
            values.append(account_id)
        order = "ASC" if min_id else "DESC"
        # Every piece of the statement is written above; what came over the wire is bound.
        sql = (
            f"SELECT * FROM statuses WHERE {' AND '.join(where)} "  # noqa: S608
            f"ORDER BY length(id) {order}, id {order} LIMIT ?"
        )
        found = [Status.of(row) for row in self._database.rows(sql, *values, limit)]
        return found[::-1] if min_id else found

    def count(self, account_id: str) -> tuple[int, float | None]:
        """Return how many statuses an account has, and when it posted last."""
        row = self._database.row(
            "SELECT count(*) AS n, max(created_at) AS last FROM statuses WHERE account_id = ?",
            account_id,
        )
        return (row["n"], row["last"]) if row else (0, None)

    def replies(self, status_id: str) -> list[Status]:
        """Return the direct replies to a status, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM statuses WHERE in_reply_to_id = ? ORDER BY length(id), id", status_id
        )
        return [Status.of(row) for row in rows]

    def ancestors(self, status: Status) -> list[Status]:
        """Return what a status answers, from the top of the thread down."""
        found: list[Status] = []
        while status.in_reply_to_id and (parent := self.status(status.in_reply_to_id)):
            found.append(parent)
            status = parent
        return found[::-1]

    def descendants(self, status_id: str) -> list[Status]:
        """Return all replies below a status, each after the one it answers."""
        found: list[Status] = []
        waiting = self.replies(status_id)[::-1]
        while waiting:
            reply = waiting.pop()
            found.append(reply)
            waiting += self.replies(reply.id)[::-1]
        return found

    # ---------------------------------------------------------------- edits

    def edits(self, status_id: str) -> list[Edit]:
        """Return the versions of a status, the first one first; empty if it was never edited."""
        rows = self._database.rows(
            "SELECT * FROM edits WHERE status_id = ? ORDER BY rowid", status_id
        )
        return [Edit.of(row) for row in rows]

    def add_edit(self, status_id: str, edit: Edit) -> None:
        """Append a version."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO edits VALUES (?,?,?,?,?,?,?)",
                (
                    status_id,
                    edit.text,
                    edit.spoiler_text,
                    int(edit.sensitive),
                    json.dumps([media.to_json() for media in edit.media]),
                    poll_json(edit.poll),
                    edit.created_at,
                ),
            )

    # ---------------------------------------------------------------- media

    def media(self, media_id: str) -> Media | None:
        """Return one attachment, or None."""
        found = self._database.row("SELECT * FROM media WHERE id = ?", media_id)
        return Media.of(found) if found else None

    def media_of(self, status_id: str) -> list[Media]:
        """Return what is attached to a status, in no particular order."""
        rows = self._database.rows("SELECT * FROM media WHERE status_id = ?", status_id)
        return [Media.of(row) for row in rows]

    def ordered_media(self, status: Status) -> tuple[Media, ...]:
        """Return a status' attachments in the order in which they are shown."""
        return tuple(m for i in status.media_ids if (m := self.media(i)) is not None)

    def save_media(self, media: Media) -> None:
        """Write a new attachment, or the new state of one that exists."""
        x, y = media.focus or (None, None)
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO media VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    media.id,
                    media.account_id,
                    media.status_id,
                    media.kind,
                    media.mime,
                    media.file,
                    media.width,
                    media.height,
                    media.description,
                    x,
                    y,
                    media.polls_left,
                    int(media.failed),
                    media.created_at,
                ),
            )

    def attach(self, media: Media, status_id: str) -> None:
        """Give an attachment to a status."""
        self.save_media(replace(media, status_id=status_id))

    def remove_media(self, media: Media) -> None:
        """Delete an attachment and its file."""
        with self.transaction() as db:
            db.execute("DELETE FROM media WHERE id = ?", (media.id,))
        self.file_of(media).unlink(missing_ok=True)

    def file_of(self, media: Media) -> Path:
        """Return the path of an attachment's file."""
        return self._database.files / media.file

    # ---------------------------------------------------------------- previews of links

    def preview(self, status_id: str) -> Preview | None:
        """Return the card of a status, or None: it has no link, or its page was not read yet."""
        found = self._database.row("SELECT preview FROM previews WHERE status_id = ?", status_id)
        return Preview.from_json(json.loads(found["preview"])) if found else None

    def save_preview(self, status_id: str, preview: Preview) -> None:
        """Write the card of a status."""
        kept = json.dumps(preview.to_json(), ensure_ascii=False)
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO previews VALUES (?, ?)", (status_id, kept))

    def forget_preview(self, status_id: str) -> None:
        """Take the card of a status away, with its picture."""
        preview = self.preview(status_id)
        if preview is not None:
            with self.transaction() as db:
                db.execute("DELETE FROM previews WHERE status_id = ?", (status_id,))
            if preview.file:
                self.preview_file(preview.file).unlink(missing_ok=True)

    def preview_file(self, name: str) -> Path:
        """Return the path of a card's picture."""
        return self._database.files / name

    # ---------------------------------------------------------------- idempotency keys

    def status_for_key(self, account_id: str, key: str) -> str | None:
        """Return the id that `key` once gave, while it is remembered (an hour)."""
        found = self._database.row(
            "SELECT status_id FROM keys WHERE account_id = ? AND key = ? AND expires_at > ?",
            account_id,
            key,
            self.now,
        )
        return str(found["status_id"]) if found else None

    def remember_key(self, account_id: str, key: str, status_id: str) -> None:
        """Keep a key for an hour, and forget those whose hour is over."""
        with self.transaction() as db:
            db.execute("DELETE FROM keys WHERE expires_at <= ?", (self.now,))
            db.execute(
                "INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?)",
                (account_id, key, status_id, self.now + KEY_SECONDS),
            )

    def forget_keys(self) -> None:
        """Forget every key, as a server does that has lost its cache."""
        with self.transaction() as db:
            db.execute("DELETE FROM keys")
