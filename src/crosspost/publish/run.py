"""The two doors: what would be said (`plan_site`), and saying it (`publish_site`)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from crosspost.channels.base import Channel
from crosspost.config import SETTINGS_FILE, Settings
from crosspost.errors import Problem, Severity
from crosspost.publish.accounts import Place, Rehearsal, choose, connect, target_of, user_agent
from crosspost.publish.apply import publish
from crosspost.publish.backend import known_ledger, open_ledger, read_ledger
from crosspost.publish.ledger import Ledger, ensure_git_attributes, publish_lock
from crosspost.publish.live import LiveCheck
from crosspost.publish.offer import Offer
from crosspost.publish.outcome import Outcome, Result
from crosspost.publish.pace import LONGEST
from crosspost.publish.plan import Plan, Target
from crosspost.publish.posts import posts_of
from crosspost.publish.rules import Lately, make_plan
from crosspost.publish.steps import SETTLE_SECONDS, Run
from crosspost.publish.stop import Stop
from crosspost.publish.store import Store
from crosspost.site.choice import check_choices
from crosspost.site.index import SiteIndex
from crosspost.site.register import Register


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
    site: SiteIndex | Register,
    *,
    channels: Sequence[str] | None = None,
    sandbox: SandboxInfo | None = None,
    max_changes: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Plan:
    """Return what publishing would do, without a network and without a secret.

    Limits are those that a server last gave, else defaults, and a ledger on a branch is as it was
    last fetched where its remote does not answer; both are said. A sandbox runs on this machine,
    and is asked for its own limits.
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
    variables = os.environ if environment is None else environment
    ledger, stale = read_ledger(site.settings, place, now_utc, variables)
    plan = _plan(site, ledger, targets, max_changes, now_utc())
    ledger.remember()
    plan = replace(plan, is_local=_is_local(site.settings, ledger.store))
    if stale:
        warning = Problem(ledger.store.name, 0, 0, "not-fetched", stale, Severity.WARNING)
        plan = replace(plan, warnings=(*plan.warnings, warning))
    return plan


def plan_at_hand(site: SiteIndex) -> Plan:
    """Return what publishing would do, from what this machine knows: nobody is asked, not even git.

    For who asks after each change of a file. What `plan_site` raises, this does too.
    """
    place = Place.of(site.settings.root, None)
    targets = [target_of(channel, place) for channel in choose(site.settings, None, None)]
    ledger = known_ledger(site.settings, place, now_utc)
    return _plan(site, ledger, targets, None, now_utc())


def publish_site(
    site: SiteIndex | Register,
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
        ledger = open_ledger(settings, place, clock, variables, pause=own.wait, tell=tell)
        plan = _plan(site, ledger, targets, max_changes, clock())
        show_plan(plan)
        in_tree = rehearsal is None and not ledger.store.shared
        if in_tree and (plan.changes or plan.adoptions):
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
            patience=settings.publish.wait_for_limits,
        )
        return publish(plan, run)


def _plan(
    site: SiteIndex | Register,
    ledger: Ledger,
    targets: Sequence[Target],
    max_changes: int | None,
    now: datetime,
) -> Plan:
    plan = make_plan(
        Offer.from_register(site) if isinstance(site, Register) else posts_of(site),
        ledger.rows,
        targets,
        site.settings.publish,
        site.now,
        max_changes=max_changes,
        channels=site.settings.channels,
        lately=Lately(now, ledger.since(now - LONGEST), ledger.held(now)),
    )
    warnings = [
        Problem(SETTINGS_FILE, 0, 0, "account", f"{target.name}: {words}", Severity.WARNING)
        for target in targets
        for words in target.warnings
    ]
    choices = check_choices(site, [target.name for target in targets])
    told = (*ledger.problems, *warnings, *choices)
    return replace(plan, warnings=told, next_change=site.next_change)


def _is_local(settings: Settings, store: Store) -> bool:
    """Whether a plan is made from files of the checkout alone, which `publish.last` looks at.

    Where a ledger is may follow from a repository's references; those of one that is not at the
    site's own top are nothing that can be looked at in a blink.
    """
    if store.shared:
        return False
    root = settings.root.resolve()
    above = any((folder / ".git").exists() for folder in (root, *root.parents))
    return settings.publish.ledger == "directory" or not above or (root / ".git").is_dir()


def _rehearsal(sandbox: SandboxInfo | None) -> Rehearsal | None:
    return Rehearsal(sandbox.url, sandbox.token, sandbox.account) if sandbox else None
