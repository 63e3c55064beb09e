"""The two doors: what would be said (`plan_site`), and saying it (`publish_site`)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from crosspost.channels.base import Channel
from crosspost.publish.accounts import Place, Rehearsal, choose, connect, target_of, user_agent
from crosspost.publish.apply import publish
from crosspost.publish.ledger import Ledger, ensure_git_attributes, publish_lock
from crosspost.publish.live import LiveCheck
from crosspost.publish.outcome import Outcome, Result
from crosspost.publish.plan import Plan, Target
from crosspost.publish.posts import posts_of
from crosspost.publish.rules import make_plan
from crosspost.publish.steps import SETTLE_SECONDS, Run
from crosspost.publish.stop import Stop
from crosspost.site.index import SiteIndex


class SandboxInfo(Protocol):
    """What a running sandbox says of itself."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def token(self) -> str:
        """The token of its account."""

    @property
    def account(self) -> str:
        """Its account's handle."""


def now_utc() -> datetime:
    """Return the time, with its zone: the clock of claims and receipts."""
    return datetime.now(UTC)


def plan_site(
    site: SiteIndex,
    *,
    channels: Sequence[str] | None = None,
    sandbox: SandboxInfo | None = None,
    max_changes: int | None = None,
) -> Plan:
    """Return what publishing would do, without a network and without a secret.

    Limits are those that a server last gave, else defaults. A sandbox runs on this machine, and
    is asked for its own.
    """
    rehearsal = _rehearsal(sandbox)
    place = Place.of(site.settings.root, rehearsal)
    chosen = choose(site.settings, channels, rehearsal)
    targets = [target_of(channel, place) for channel in chosen]
    if rehearsal is not None:
        targets = [
            connect(channel, target, place, rehearsal, {}, now_utc())[1]
            for channel, target in zip(chosen, targets, strict=True)
        ]
    return _plan(site, Ledger(place.ledger, now_utc, place.ledger_name), targets, max_changes)


def publish_site(
    site: SiteIndex,
    *,
    channels: Sequence[str] | None = None,
    sandbox: SandboxInfo | None = None,
    max_changes: int | None = None,
    environment: Mapping[str, str] | None = None,
    clock: Callable[[], datetime] = now_utc,
    show_plan: Callable[[Plan], None] = lambda _: None,
    report: Callable[[Result], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
    settle_seconds: float = SETTLE_SECONDS,
    stop: Stop | None = None,
) -> Outcome:
    """Check the accounts, plan, show the plan, and carry it out.

    `show_plan` is called once before anything is sent, `report` after each action, and `tell`
    with a line for people where the run waits for a page to be on line. With a
    `sandbox` nothing real is touched: not the accounts, not the ledger, not the limits. Tokens
    come from `environment`, the process' own by default. Raises `BlockedError` where another
    publish is running on this checkout or the ledger cannot be written.
    """
    rehearsal = _rehearsal(sandbox)
    settings = site.settings
    place = Place.of(settings.root, rehearsal)
    chosen = choose(settings, channels, rehearsal)
    variables = os.environ if environment is None else environment
    own = stop or Stop()
    with publish_lock(place.lock), nullcontext() if stop else own.on_signals():
        opened: dict[str, Channel] = {}
        targets: list[Target] = []
        for channel in chosen:
            target = target_of(channel, place)
            one, target = connect(channel, target, place, rehearsal, variables, clock())
            targets.append(target)
            if one is not None:
                opened[channel.name] = one
        ledger = Ledger(place.ledger, clock, place.ledger_name)
        plan = _plan(site, ledger, targets, max_changes)
        show_plan(plan)
        if rehearsal is None and (plan.changes or plan.adoptions):
            ensure_git_attributes(settings.root)
        run = Run(
            site=settings.site.url,
            channels=opened,
            ledger=ledger,
            clock=clock,
            report=report,
            live=LiveCheck(
                None if rehearsal else settings.publish.wait_until_live, user_agent(), own, tell
            ),
            stop=own,
            settle_seconds=settle_seconds,
        )
        return publish(plan, run)


def _plan(
    site: SiteIndex, ledger: Ledger, targets: Sequence[Target], max_changes: int | None
) -> Plan:
    plan = make_plan(
        posts_of(site),
        ledger.rows,
        targets,
        site.settings.publish,
        site.now,
        max_changes=max_changes,
        channels=site.settings.channels,
    )
    return replace(plan, warnings=ledger.problems)


def _rehearsal(sandbox: SandboxInfo | None) -> Rehearsal | None:
    return Rehearsal(sandbox.url, sandbox.token, sandbox.account) if sandbox else None
