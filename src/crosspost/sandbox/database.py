"""The sandbox's directory: one SQLite file, the uploaded files, one secret.

Two processes may share a directory: the file is in WAL mode, every change is one immediate
transaction, and ids are drawn inside it.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crosspost.errors import BlockedError
from crosspost.sandbox.profiles import Family

_VERSION = 1
_WAIT_SECONDS = 10.0
_LONGEST_LEAP = 10 * 366 * 86_400
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value REAL NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY, username TEXT NOT NULL, domain TEXT NOT NULL, created_at REAL NOT NULL,
    UNIQUE (username, domain));
CREATE TABLE IF NOT EXISTS apps (
    id TEXT PRIMARY KEY, secret TEXT NOT NULL, name TEXT NOT NULL, website TEXT NOT NULL,
    redirect_uris TEXT NOT NULL, scopes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS grants (
    code TEXT PRIMARY KEY, app_id TEXT NOT NULL, account_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL, scopes TEXT NOT NULL, expires_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS challenges (code TEXT PRIMARY KEY, challenge TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (
    hash TEXT PRIMARY KEY, account_id TEXT, scopes TEXT NOT NULL, app TEXT NOT NULL,
    website TEXT NOT NULL, created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS statuses (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL, text TEXT NOT NULL, spoiler_text TEXT NOT NULL,
    sensitive INTEGER NOT NULL, visibility TEXT NOT NULL, language TEXT, in_reply_to_id TEXT,
    media_ids TEXT NOT NULL, poll TEXT, quote_policy TEXT NOT NULL, app TEXT NOT NULL,
    website TEXT NOT NULL, created_at REAL NOT NULL, edited_at REAL);
CREATE INDEX IF NOT EXISTS statuses_by_reply ON statuses (in_reply_to_id);
CREATE TABLE IF NOT EXISTS edits (
    status_id TEXT NOT NULL, text TEXT NOT NULL, spoiler_text TEXT NOT NULL,
    sensitive INTEGER NOT NULL, media TEXT NOT NULL, poll TEXT, created_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS edits_by_status ON edits (status_id);
CREATE TABLE IF NOT EXISTS media (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL, status_id TEXT, kind TEXT NOT NULL,
    mime TEXT NOT NULL, file TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    description TEXT, focus_x REAL, focus_y REAL, polls_left INTEGER NOT NULL,
    failed INTEGER NOT NULL, created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS previews (status_id TEXT PRIMARY KEY, preview TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS keys (
    account_id TEXT NOT NULL, key TEXT NOT NULL, status_id TEXT NOT NULL, expires_at REAL NOT NULL,
    PRIMARY KEY (account_id, key));
"""


class Database:
    """The open directory. Values are Unix seconds on the sandbox's own clock, which can be moved.

    Opening raises `BlockedError` where the directory cannot be used.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.files = directory / "media"
        self._lock = threading.RLock()
        try:
            self.files.mkdir(parents=True, exist_ok=True)
            self.secret = _secret(directory / "token")
            self._connection = sqlite3.connect(
                directory / "sandbox.sqlite3",
                timeout=_WAIT_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
        except (OSError, sqlite3.Error) as error:
            raise BlockedError(f"the sandbox cannot use {directory}: {error}") from error
        try:
            self._prepare()
        except (sqlite3.Error, BlockedError) as error:
            self._connection.close()
            raise BlockedError(f"the sandbox cannot use {directory}: {error}") from error

    def _prepare(self) -> None:
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        with self.transaction() as db:
            found = db.execute("PRAGMA user_version").fetchone()[0]
            if found not in {0, _VERSION}:
                raise BlockedError(
                    f"its data are of version {found}, this crosspost reads version {_VERSION}; "
                    "remove the directory to start afresh"
                )
            for statement in filter(str.strip, _SCHEMA.split(";")):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock: all of the block is kept, or nothing. Blocks may be nested."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Return what a SELECT finds."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Return the first row that a SELECT finds, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    # ---------------------------------------------------------------- time and ids

    @property
    def now(self) -> float:
        """The sandbox's time: the machine's, plus what `advance` has added."""
        found = self.row("SELECT value FROM meta WHERE name = 'offset'")
        return time.time() + (found["value"] if found else 0.0)

    def advance(self, seconds: float) -> None:
        """Move the clock forward, for all who share the directory. It never goes back."""
        if not 0 <= seconds <= _LONGEST_LEAP:
            raise ValueError("the clock only goes forward, by ten years at most")
        with self.transaction() as db:
            db.execute(
                "INSERT INTO meta VALUES ('offset', ?) "
                "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
                (seconds,),
            )

    def new_id(self, family: Family) -> str:
        """Return an opaque id that sorts after every earlier one of the same family."""
        with self.transaction() as db:
            found = self.row("SELECT value FROM meta WHERE name = 'last_id'")
            last = int(found["value"]) if found else 0
            milliseconds = max(int(self.now * 1000), last + 1)
            db.execute("INSERT OR REPLACE INTO meta VALUES ('last_id', ?)", (float(milliseconds),))
        if family is Family.MASTODON:
            return str(milliseconds << 16 | secrets.randbits(16))
        number = milliseconds << 80 | secrets.randbits(80)
        if family is Family.HOLLO:
            return str(uuid.UUID(int=number & ~(0xF << 76) | 7 << 76))
        return "".join(_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(26)))


def _secret(path: Path) -> bytes:
    """Return the directory's secret, made at its first use and readable by its owner alone."""
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            found = path.read_bytes()
            if found.strip():
                return found.strip()
            time.sleep(0.01)  # another process is writing it at this moment
            continue
        with os.fdopen(descriptor, "wb") as file:
            made = secrets.token_urlsafe(32).encode()
            file.write(made + b"\n")
        return made
