"""Accounts, applications and tokens: who may do what. Secrets are kept as hashes only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from crosspost.errors import UsageError
from crosspost.sandbox.database import Database
from crosspost.sandbox.profiles import Family
from crosspost.sandbox.records import Account, Token

EVERYTHING = "read write profile"
_KNOWN = re.compile(
    r"(read|write|follow|push|profile|(read|write):(accounts|blocks|bookmarks|conversations|"
    r"favourites|filters|follows|lists|media|mutes|notifications|reports|search|statuses))"
)
_CODE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class App:
    """A registered application."""

    id: str
    name: str
    website: str
    redirect_uris: tuple[str, ...]
    scopes: str


def parse_handle(handle: str) -> tuple[str, str]:
    """Return the user and the host of `@user@host`; raise `UsageError` for anything else."""
    found = re.fullmatch(r"@?(\w+(?:[.-]\w+)*)@([\w-]+(?:\.[\w-]+)*(?::\d+)?)", handle)
    if not found:
        raise UsageError(f"{handle!r} is not an account: write it as @user@host")
    return found[1], found[2].lower()


def unknown_scopes(scopes: str) -> list[str]:
    """Return the words of `scopes` that no server knows."""
    return [scope for scope in scopes.split() if not _KNOWN.fullmatch(scope)]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _challenge(verifier: str) -> str:
    """Return what PKCE makes of a verifier by its method S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Access:
    """The accounts, applications and tokens of one directory."""

    def __init__(self, database: Database, family: Family) -> None:
        self._database = database
        self._family = family

    # ---------------------------------------------------------------- accounts

    def open_account(self, handle: str) -> Account:
        """Return the account of `handle`, made at its first use."""
        username, domain = parse_handle(handle)
        with self._database.transaction() as db:
            found = self._database.row(
                "SELECT * FROM accounts WHERE username = ? COLLATE NOCASE AND domain = ?",
                username,
                domain,
            )
            if found:
                return Account(**dict(found))
            made = Account(
                self._database.new_id(self._family), username, domain, self._database.now
            )
            db.execute(
                "INSERT INTO accounts VALUES (?, ?, ?, ?)",
                (made.id, made.username, made.domain, made.created_at),
            )
            return made

    def account(self, account_id: str) -> Account | None:
        """Return the account with this id, or None."""
        found = self._database.row("SELECT * FROM accounts WHERE id = ?", account_id)
        return Account(**dict(found)) if found else None

    def account_named(self, acct: str, domain: str) -> Account | None:
        """Return the account of `user`, `@user` or `user@host` (`domain` where no host)."""
        username, _, host = acct.removeprefix("@").partition("@")
        found = self._database.row(
            "SELECT * FROM accounts WHERE username = ? COLLATE NOCASE AND domain = ?",
            username,
            (host or domain).lower(),
        )
        return Account(**dict(found)) if found else None

    # ---------------------------------------------------------------- tokens

    def owner_token(self, account: Account) -> str:
        """Return the account's own token: the same one every time, made from the secret."""
        digest = hmac.new(self._database.secret, account.handle.encode(), "sha256")
        token = "sandbox-" + digest.hexdigest()
        self._keep(token, account.id, EVERYTHING, "crosspost sandbox", "")
        return token

    def issue_token(
        self, account_id: str | None, scopes: str, app: str = "crosspost sandbox", website: str = ""
    ) -> str:
        """Return a new token that grants `scopes` alone."""
        token = secrets.token_urlsafe(32)
        self._keep(token, account_id, scopes, app, website)
        return token

    def _keep(self, token: str, account_id: str | None, scopes: str, app: str, site: str) -> None:
        with self._database.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?, ?)",
                (_hash(token), account_id, scopes, app, site, self._database.now),
            )

    def token(self, token: str) -> Token | None:
        """Return what `token` grants, or None where nobody was given it."""
        found = self._database.row("SELECT * FROM tokens WHERE hash = ?", _hash(token))
        if not found:
            return None
        scopes = frozenset(found["scopes"].split())
        return Token(found["account_id"], scopes, found["app"], found["website"])

    def revoke(self, token: str) -> None:
        """Forget a token."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM tokens WHERE hash = ?", (_hash(token),))

    # ---------------------------------------------------------------- applications

    def register_app(
        self, name: str, website: str, redirect_uris: tuple[str, ...], scopes: str
    ) -> tuple[App, str]:
        """Return a new application and its secret."""
        app = App(secrets.token_urlsafe(24), name, website, redirect_uris, scopes)
        secret = secrets.token_urlsafe(32)
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO apps VALUES (?, ?, ?, ?, ?, ?)",
                (app.id, _hash(secret), name, website, "\n".join(redirect_uris), scopes),
            )
        return app, secret

    def app(self, client_id: str, secret: str | None = None) -> App | None:
        """Return an application by its id; with `secret`, only if that is right."""
        found = self._database.row("SELECT * FROM apps WHERE id = ?", client_id)
        if not found:
            return None
        if secret is not None and not hmac.compare_digest(found["secret"], _hash(secret)):
            return None
        uris = tuple(found["redirect_uris"].split("\n"))
        return App(found["id"], found["name"], found["website"], uris, found["scopes"])

    def grant(
        self, app: App, account: Account, redirect_uri: str, scopes: str, challenge: str = ""
    ) -> str:
        """Return a code, good once and for ten minutes; `challenge` is that of PKCE, by S256."""
        code = secrets.token_urlsafe(32)
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?)",
                (
                    _hash(code),
                    app.id,
                    account.id,
                    redirect_uri,
                    scopes,
                    self._database.now + _CODE_SECONDS,
                ),
            )
            db.execute("INSERT INTO challenges VALUES (?, ?)", (_hash(code), challenge))
        return code

    def redeem(
        self, code: str, app: App, redirect_uri: str, verifier: str = ""
    ) -> tuple[str, str] | None:
        """Return the new token and its scopes for a code, or None for one that is not good."""
        with self._database.transaction() as db:
            found = self._database.row("SELECT * FROM grants WHERE code = ?", _hash(code))
            challenge = self._database.row("SELECT * FROM challenges WHERE code = ?", _hash(code))
            for table in ("grants", "challenges"):
                db.execute(f"DELETE FROM {table} WHERE code = ?", (_hash(code),))  # noqa: S608
            if (
                not found
                or (challenge and challenge["challenge"] not in ("", _challenge(verifier)))
                or found["app_id"] != app.id
                or found["redirect_uri"] != redirect_uri
                or found["expires_at"] < self._database.now
            ):
                return None
            token = self.issue_token(found["account_id"], found["scopes"], app.name, app.website)
            return token, found["scopes"]
