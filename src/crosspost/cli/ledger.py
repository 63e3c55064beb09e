"""`crosspost ledger`: reading the record, and settling what only a person can."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from crosspost.cli import Session
from crosspost.cli.options import as_text_or_json
from crosspost.errors import UsageError, did_you_mean
from crosspost.words import counted

if TYPE_CHECKING:
    from crosspost.config import Settings
    from crosspost.publish.accounts import Place
    from crosspost.publish.ledger import Ledger
    from crosspost.publish.rows import Key, Row


@click.group()
def ledger() -> None:
    """Read the record of what was said, and settle a row by hand."""


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options by which every command of the group finds its rows."""
    for option in (
        click.option("--sandbox", is_flag=True, help="The record of rehearsals."),
        click.option("--channel", metavar="NAME", help="The channel, where there are several."),
    ):
        command = option(command)
    return command


@ledger.command("list")
@_common
@as_text_or_json
@click.pass_obj
def list_rows(session: Session, channel: str | None, sandbox: bool, style: str) -> None:
    """List every message and where it stands."""
    record = _open(session, sandbox)
    rows = [row for key, row in sorted(record.rows.items()) if channel in (None, key.channel)]
    if style == "json":
        found = {"rows": [_as_json(row) for row in rows]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            click.echo(_as_line(row))
        session.say(f"{len(rows)} messages.")
    for problem in record.problems:
        click.echo(str(problem), err=True)


@ledger.command()
@click.pass_obj
def fetch(session: Session) -> None:
    """Bring a ledger that is on a branch here, so that the next build links to what was said."""
    session.say(f"{counted(len(_open(session, sandbox=False).rows), 'message')}.")


@ledger.command()
@click.argument("uids", metavar="[UID...]", nargs=-1)
@_common
@click.option("--url", help="The status' address, where there is one (for one UID).")
@click.option(
    "--from-account",
    is_flag=True,
    help="Rebuild a lost record: find each post's status on the account itself.",
)
@click.option("--yes", is_flag=True, help="With --from-account: record what was found.")
@click.pass_obj
def adopt(
    session: Session,
    uids: tuple[str, ...],
    channel: str | None,
    sandbox: bool,
    url: str | None,
    from_account: bool,
    yes: bool,
) -> None:
    """Record posts as said already, so that they are not said again."""
    if from_account is bool(uids) or (from_account and url) or (yes and not from_account):
        raise UsageError("name posts by their UID, or give --from-account, with --yes or without.")
    if from_account:
        from crosspost.cli.ledger_account import rebuild

        rebuild(session, channel, sandbox=sandbox, write=yes)
        return
    if url is not None and len(uids) != 1:
        raise UsageError("--url goes with one UID.")
    from crosspost.publish.rows import EventKind

    data = _status_at(url) if url else {"reason": "adopted by hand"}
    with writing(session, sandbox) as (record, settings):
        keys = [_key(session, record, settings, uid, channel, sandbox) for uid in uids]
        for key in keys:
            record.append(EventKind.ADOPTED, key, generation=_generation(record, key), **data)
            session.say(f"{key.uid}: recorded as said on {key.channel}.")


@ledger.command()
@_common
@click.option("--since", metavar="DATE", help="Look at what was said since then; today without it.")
@as_text_or_json
@click.pass_context
def verify(
    ctx: click.Context, channel: str | None, sandbox: bool, since: str | None, style: str
) -> None:
    """Check on the server that what was said is there, with its words, pictures and preview."""
    from crosspost.cli.ledger_account import check

    ctx.exit(check(ctx.obj, channel, since, sandbox=sandbox, as_json=style == "json"))


@ledger.command()
@click.argument("uid")
@_common
@click.option("--said", metavar="URL", help="It was said: here is its address.")
@click.option("--not-said", is_flag=True, help="It was not said: say it in the next run.")
@click.pass_obj
def resolve(
    session: Session,
    uid: str,
    channel: str | None,
    sandbox: bool,
    said: str | None,
    not_said: bool,
) -> None:
    """Settle a message of which nobody knows if it was said."""
    from crosspost.publish.rows import EventKind

    if (said is None) is not not_said:
        raise UsageError("give --said URL or --not-said.")
    data = {"reason": "not said, says a person"} if said is None else _status_at(said)
    with writing(session, sandbox) as (record, settings):
        key = _key(session, record, settings, uid, channel, sandbox)
        thread = _thread(record, key)  # one message of it at a time is said, and can be unknown
        row = next((one for one in thread if one.unsettled), record.row(key))
        if row is None or not row.unsettled:
            state = "not in the record" if row is None else f"{row.state}, not unknown"
            raise UsageError(f"{uid} is {state}: there is nothing to settle.")
        if said is not None and row.hash:
            data["hash"] = row.hash
        kind = EventKind.RESOLVED if said is None else EventKind.ADOPTED
        record.append(kind, row.key, generation=row.generation, **data)
    session.say(f"{uid}: settled.")


@ledger.command()
@click.argument("uid")
@click.argument("mark", type=click.Choice(["withdrawn", "again", "overwrite", "new"]))
@_common
@click.pass_obj
def mark(session: Session, uid: str, mark: str, channel: str | None, sandbox: bool) -> None:
    """Ask for a message to be taken back (withdrawn), said anew (again), or put right (overwrite).

    What somebody changed by hand on the server is kept; overwrite lets the post's words replace it.
    A post that looks like one that was renamed is held back; new says that it is another one.
    """
    from crosspost.publish.rows import EventKind, State

    with writing(session, sandbox) as (record, settings):
        key = _key(session, record, settings, uid, channel, sandbox)
        row = record.row(key)
        if mark == "new":
            if row is not None:
                raise UsageError(f"{uid} is {row.state}: only what was never tried can be new.")
            record.append(EventKind.RESOLVED, key, reason="another post, says a person")
            session.say(f"{uid}: the next publish says it, if it is inside the window.")
            return
        if row is None:
            raise UsageError(f"{uid} is not in the record: nothing was said of it.")
        if mark == "withdrawn":
            record.append(EventKind.WITHDRAWN, key, generation=row.generation)
            session.say(f"{uid}: the next publish takes it back.")
            return
        if mark == "overwrite":
            said = [one for one in _thread(record, key) if one.state == State.SENT]
            if not said:
                raise UsageError(f"{uid} is {row.state}: only what is said can be put right.")
            for one in [one for one in said if one.drifted is not None] or said[:1]:
                record.append(EventKind.OVERWRITE, one.key, generation=one.generation)
            session.say(f"{uid}: the next publish puts the post's words there.")
            return
        ended = [one for one in _thread(record, key) if one.state in (State.ENDED, State.BEFORE)]
        if not ended:
            raise UsageError(f"{uid} is {row.state}: only what has ended can be said anew.")
        for one in ended:
            generation = one.generation + 1
            reason = "to be said again"
            record.append(EventKind.RESOLVED, one.key, generation=generation, reason=reason)
        session.say(f"{uid}: the next publish says it again, if it is inside the window.")


@contextmanager
def writing(session: Session, sandbox: bool) -> Iterator[tuple[Ledger, Settings]]:
    """Open the record to add to it, while no publish on this checkout does."""
    from crosspost.publish.backend import open_ledger
    from crosspost.publish.ledger import ensure_git_attributes, publish_lock
    from crosspost.publish.run import now_utc
    from crosspost.settings_file import load_settings

    settings, place = load_settings(session.root), place_of(session, sandbox)
    with publish_lock(place.lock):
        record = open_ledger(settings, place, now_utc, os.environ, tell=session.say)
        if not sandbox and not record.store.shared:
            ensure_git_attributes(session.root)
        try:
            yield record, settings
        finally:
            if words := record.store.settle():
                click.echo(words, err=True)


def place_of(session: Session, sandbox: bool) -> Place:
    """Return where the record is: the site's own, or that of rehearsals."""
    from crosspost.publish.accounts import Place, Rehearsal

    return Place.of(session.root, Rehearsal("", "", "") if sandbox else None)


def _open(session: Session, sandbox: bool) -> Ledger:
    from crosspost.publish.backend import read_ledger
    from crosspost.publish.run import now_utc
    from crosspost.settings_file import load_settings

    place = place_of(session, sandbox)
    record, stale = read_ledger(load_settings(session.root), place, now_utc, os.environ)
    if stale:
        click.echo(stale, err=True)
    return record


def _key(
    session: Session,
    record: Ledger,
    settings: Settings,
    uid: str,
    channel: str | None,
    sandbox: bool,
) -> Key:
    """Return the key that a person means. Raises `UsageError` where it is not clear which."""
    from crosspost.cli.plan import open_site
    from crosspost.publish.accounts import Rehearsal, choose, rehearsal_account
    from crosspost.publish.posts import posts_of
    from crosspost.publish.rows import Key

    rehearsal = Rehearsal("", "", rehearsal_account(settings)) if sandbox else None
    chosen = choose(settings, [channel] if channel else None, rehearsal)
    if len(chosen) != 1:
        names = ", ".join(one.name for one in chosen) or "none"
        raise UsageError(f"say which channel with --channel NAME. Known: {names}.")
    known = {key.uid for key in record.rows} | {
        post.uid for post in posts_of(open_site(session, None))
    }
    if uid not in known:
        raise UsageError(f"there is no post '{uid}'.{did_you_mean(uid, known)}")
    return Key(chosen[0].name, (chosen[0].account or "").casefold(), uid)


def _thread(record: Ledger, key: Key) -> list[Row]:
    """Return what is known of all messages of one post on one account, in their order."""
    whole = (key.channel, key.account, key.uid)
    return [
        row
        for other, row in sorted(record.rows.items())
        if (other.channel, other.account, other.uid) == whole
    ]


def _generation(record: Ledger, key: Key) -> int:
    row = record.row(key)
    return row.generation if row else 1


def _status_at(url: str) -> dict[str, str]:
    """Return the id and address of a status. Raises `UsageError` where the address has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    id_ = parts.path.rstrip("/").rpartition("/")[2]
    if parts.scheme not in ("http", "https") or not parts.netloc or not id_:
        raise UsageError(f"'{url}' is not a status' address: https://mastodon.example/@town/1234.")
    return {"remote_id": id_, "remote_url": url}


def _as_json(row: Row) -> dict[str, Any]:
    return {
        "channel": row.key.channel,
        "account": row.key.account,
        "uid": row.key.uid,
        "part": row.key.part,
        "state": str(row.state),
        "generation": row.generation,
        "path": row.path,
        "remote_id": row.remote_id,
        "remote_url": row.remote_url,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "claimed_at": row.claimed_at.isoformat() if row.claimed_at else None,
        "reason": row.reason,
    }


def _as_line(row: Row) -> str:
    moment = row.sent_at or row.claimed_at
    when = f"{moment:%Y-%m-%d %H:%M}" if moment else " " * 16
    after = row.remote_url or row.reason or ""
    name = f"{row.key.uid} ({row.key.part})" if row.key.part > 1 else row.key.uid
    return f"{row.state:8} {when}  {row.key.channel}  {name}  {after}".rstrip()
