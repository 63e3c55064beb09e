"""What of `crosspost ledger` asks the account itself: rebuilding a record, and checking it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from crosspost.cli import Session
from crosspost.cli.ledger import place_of, writing
from crosspost.cli.plan import open_site, rehearsal
from crosspost.errors import BlockedError, UsageError
from crosspost.words import counted

if TYPE_CHECKING:
    from crosspost.channels.base import Channel
    from crosspost.publish.ledger import Ledger
    from crosspost.publish.plan import Target
    from crosspost.publish.rebuild import Match
    from crosspost.publish.rows import Key
    from crosspost.publish.verify import Check
    from crosspost.site.index import SiteIndex

_NOT_DONE = 3


def rebuild(session: Session, channel: str | None, *, sandbox: bool, write: bool) -> None:
    """Show which statuses of the accounts are which posts', and record them where asked to."""
    from crosspost.publish.posts import posts_of
    from crosspost.publish.rebuild import adopt_all, matches

    site = open_site(session, None)
    with _accounts(session, site, channel, sandbox) as (record, accounts):
        for target, opened in accounts:
            made = matches(posts_of(site), target, opened, record)
            found = [match for match in made if match.found]
            session.say(f"{target.name}: {target.account}")
            for match in made:
                session.say(_match_as_line(match))
            if write:
                adopt_all(found, record)
            unclear = len(made) - len(found)
            words = "recorded" if write else "found; nothing is recorded without --yes"
            session.say(f"{counted(len(found), 'message')} {words}. {unclear} unclear.")
            if unclear:
                session.say("What is unclear: crosspost ledger adopt UID --url URL, for each.")
            _say_what_is_absent(session, site, target, record, {match.key for match in made})


def _say_what_is_absent(
    session: Session, site: SiteIndex, target: Target, record: Ledger, matched: set[Key]
) -> None:
    """Name the posts that would be said next: one of them may have been taken back.

    What was deleted left nothing on the account, and with the ledger it is forgotten that it was.
    """
    from crosspost.publish.plan import ActionKind
    from crosspost.publish.posts import posts_of
    from crosspost.publish.rules import make_plan

    posts = tuple(posts_of(site))
    allowed = sys.maxsize
    settings = site.settings
    plan = make_plan(posts, record.rows, [target], settings.publish, site.now, max_changes=allowed)
    absent = [
        action
        for action in plan.actions
        if action.kind == ActionKind.CREATE and action.key.part == 1 and action.key not in matched
    ]
    for action in absent:
        session.say(f"  absent   {action.path}: not on the account (uid {action.key.uid})")
    if absent:
        session.say(
            f"{len(absent)} absent: the next publish says what is absent. To keep what was taken "
            "back from coming back: crosspost ledger adopt UID, for each."
        )


def check(
    session: Session, channel: str | None, since: str | None, *, sandbox: bool, as_json: bool
) -> int:
    """Check what was said since a moment; return the exit status."""
    from crosspost.publish.verify import verify

    site = open_site(session, None)
    moment = _moment(site, since)
    with _accounts(session, site, channel, sandbox) as (record, accounts):
        channels = {target.name: opened for target, opened in accounts}
        checks = []
        for one in verify(record, channels, moment, cards=not sandbox):
            checks.append(one)
            if not as_json and one.words:
                click.echo(_check_as_line(one), err=one.is_trouble)
    trouble = sum(one.is_trouble for one in checks)
    if as_json:
        found = {"since": moment.isoformat(), "checks": [_check_as_json(one) for one in checks]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        right = len(checks) - trouble
        session.say(f"{counted(len(checks), 'message')} said since {moment:%Y-%m-%d}: {right} ok.")
    return _NOT_DONE if trouble else 0


@contextmanager
def _accounts(
    session: Session, site: SiteIndex, channel: str | None, sandbox: bool
) -> Iterator[tuple[Ledger, list[tuple[Target, Channel]]]]:
    """Open the record and the accounts. Raises `BlockedError` where one does not answer."""
    from crosspost.channels.base import ChannelError
    from crosspost.publish.accounts import Rehearsal, choose, connect, target_of
    from crosspost.publish.run import now_utc

    place = place_of(session, sandbox)
    with rehearsal(site, sandbox) as running, writing(session, sandbox) as (record, settings):
        told = Rehearsal(running.url, running.token, running.account) if running else None
        opened = []
        for one in choose(settings, [channel] if channel else None, told):
            target = target_of(one, place)
            account, target = connect(one, target, place, told, os.environ, now_utc())
            if account is None:
                raise BlockedError(f"{one.name}: {target.blocked}")
            opened.append((target, account))
        try:
            yield record, opened
        except ChannelError as error:
            raise BlockedError(str(error)) from error


def _moment(site: SiteIndex, since: str | None) -> datetime:
    """Return the beginning of a day of the site: today, or the one that is named."""
    zone = site.settings.zone
    if since is None:
        return site.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise UsageError(f"'{since}' is no date: write 2026-11-23.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _match_as_line(match: Match) -> str:
    where = " ".join(seen.receipt.remote_url for seen in match.statuses)
    if not match.found:
        return f"  unclear  {match.path}: {len(match.statuses)} statuses have {match.how}: {where}"
    words = "" if match.message else "; its words are not the post's, and are left as they are"
    return f"  found    {match.path}: {where} (by {match.how}{words})"


def _check_as_line(one: Check) -> str:
    row = one.row
    place = f"{row.path or row.key.uid}  {row.remote_url or row.remote_id}"
    return f"{one.finding:8} {row.key.channel}  {place}: {one.words}"


def _check_as_json(one: Check) -> dict[str, str | None]:
    row = one.row
    return {
        "finding": str(one.finding),
        "channel": row.key.channel,
        "account": row.key.account,
        "uid": row.key.uid,
        "path": row.path,
        "remote_url": row.remote_url,
        "words": one.words,
    }
