"""The accounts of a run: which channels, with which limits, and whether they may be used."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import structs

from crosspost import __version__
from crosspost.channels.base import Channel, ChannelError, ChannelOptions, open_channel
from crosspost.channels.compose import Voice
from crosspost.channels.message import Limits
from crosspost.config import ChannelSettings, Settings
from crosspost.errors import BlockedError, UsageError, did_you_mean
from crosspost.publish.plan import Target
from crosspost.site.choice import Chooser

STATE = ".crosspost"
_DEFAULTS = Limits()
_CALL_SECONDS = 10

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far our clock and a server's may be apart.

Searches begin this much before a claim; 50 minutes of trust in a key and this stay below the hour
that servers keep it; and two machines, each off by as much, still leave a claim its lease.
"""

CLOCK_WORTH_SAYING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A sandbox to speak to in place of every real account."""

    url: str
    token: str = field(repr=False)
    account: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run keeps its record: the site's own, or that of rehearsals.

    A rehearsal never touches the real ledger, the real limits or the real lock. `kept` is where
    lines wait that could not be pushed to the branch of the ledger, `copy` where a build finds what
    is on it, and `runs` names the latest runs of this checkout.
    """

    ledger: Path
    ledger_name: str
    limits: Path
    lock: Path
    kept: Path
    copy: Path
    runs: Path
    rehearsing: bool

    @classmethod
    def of(cls, root: Path, rehearsal: Rehearsal | None) -> Place:
        """Return the place for a site, rehearsing or not."""
        if rehearsal is None:
            state = root / STATE
            ledger, name = root / "ledger", "ledger"
        else:
            state = root / STATE / "sandbox"
            ledger, name = state / "ledger", f"{STATE}/sandbox/ledger"
        return cls(
            ledger,
            name,
            limits=state / "limits",
            lock=state / "publish.lock",
            kept=state / "ledger-kept",
            copy=state / "ledger",
            runs=state / "runs",
            rehearsing=rehearsal is not None,
        )


def choose(
    settings: Settings, names: Sequence[str] | None, rehearsal: Rehearsal | None
) -> tuple[ChannelSettings, ...]:
    """Return the channels of a run, in the settings' order; all of them where none is named.

    A rehearsal takes the channels whose type the sandbox speaks, or one named `mastodon` where
    there are none. Raises `UsageError` for a name that the settings do not have.
    """
    known = dict(settings.channels)
    if rehearsal is not None:
        known = _rehearsing(known, rehearsal)
        if not known:
            account, url = rehearsal.account, rehearsal.url
            only = ChannelSettings("mastodon", account, url, name="mastodon")
            known = {"mastodon": only}
    for name in names or ():
        if name not in known:
            raise UsageError(
                f"there is no channel '{name}'.{did_you_mean(name, known)} "
                f"Known: {', '.join(known) or 'none'}."
            )
    return tuple(one for name, one in known.items() if not names or name in names)


def _rehearsing(
    known: Mapping[str, ChannelSettings], rehearsal: Rehearsal
) -> dict[str, ChannelSettings]:
    """Return the channels that the sandbox speaks for, each with an account of its own there."""
    domain = rehearsal.account.rpartition("@")[2]
    found: dict[str, ChannelSettings] = {}
    taken: set[str] = set()
    for name, one in known.items():
        if one.type != "mastodon":
            continue
        user = (one.account or name).lstrip("@").partition("@")[0]
        account = rehearsal.account if not found else f"@{user}@{domain}"
        if account.casefold() in taken:
            account = f"@{name}@{domain}"
        taken.add(account.casefold())
        found[name] = structs.replace(one, account=account, instance=rehearsal.url)
    return found


def _rehearsal_token(rehearsal: Rehearsal, account: str) -> str:
    """Return the token of an account of the sandbox, which opens it if need be."""
    if account == rehearsal.account:
        return rehearsal.token
    import urllib.request

    request = urllib.request.Request(  # noqa: S310 - the sandbox, on this machine
        f"{rehearsal.url}/sandbox/accounts", data=json.dumps({"account": account}).encode()
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_CALL_SECONDS) as answer:
            return str(json.loads(answer.read())["token"])
    except (OSError, ValueError, KeyError) as error:
        raise BlockedError(f"the sandbox opens no account {account}: {error}") from error


def rehearsal_account(settings: Settings) -> str:
    """Return the account to rehearse with: the town's own name, on the sandbox's domain."""
    accounts = (one.account for one in settings.channels.values() if one.type == "mastodon")
    name = next((account for account in accounts if account), "@town").lstrip("@").partition("@")[0]
    return f"@{name}@sandbox.example"


def target_of(channel: ChannelSettings, place: Place) -> Target:
    """Return what a plan needs of a channel, without asking its server: limits as last read."""
    limits = read_cached(place.limits / f"{channel.name}.json")
    said = f"read {limits.read_at}" if limits and limits.read_at else "defaults: never read yet"
    voice = Voice(
        channel=channel.name,
        account=(channel.account or "").casefold(),
        visibility=channel.visibility,
        max_hashtags=channel.hashtags,
        quotes=channel.quotes,
    )
    return Target(voice, channel.type, limits or Limits(), said, chooser=Chooser(channel))


def connect(
    channel: ChannelSettings,
    target: Target,
    place: Place,
    rehearsal: Rehearsal | None,
    environment: Mapping[str, str],
    now: datetime,
) -> tuple[Channel | None, Target]:
    """Open a channel and check its account; the target then says what it allows, or why not."""
    try:
        options = ChannelOptions(
            name=channel.name,
            account=channel.account or "",
            instance=instance_of(channel),
            token=(
                _rehearsal_token(rehearsal, channel.account or "")
                if rehearsal
                else token_of(channel, environment)
            ),
            user_agent=user_agent(),
            media_seconds=channel.wait_for_media.total_seconds(),
        )
        opened = open_channel(channel.type, options)
        read_at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        limits = replace(opened.preflight(), read_at=read_at)
        warnings = (*opened.warnings, *(() if rehearsal else _of_clocks(opened.clock_ahead)))
    except (BlockedError, ChannelError) as error:
        return None, replace(target, blocked=str(error))
    write_cached(place.limits / f"{channel.name}.json", limits)
    told = "read from the server now"
    return opened, replace(target, limits=limits, limits_from=told, warnings=warnings)


def _of_clocks(ahead: timedelta | None) -> tuple[str, ...]:
    """Return what to say of two clocks. Raises `BlockedError` where they are too far apart."""
    apart = abs(ahead or timedelta())
    if ahead is None or apart < CLOCK_WORTH_SAYING:
        return ()
    words = (
        f"this machine's clock is {apart.total_seconds() / 60:.0f} minutes "
        f"{'behind' if ahead > timedelta() else 'ahead of'} the server's"
    )
    if apart > CLOCK_TOLERANCE:
        raise BlockedError(
            f"{words}: nobody could tell afterwards what was said when. Nothing was sent: set the "
            "clock (timedatectl set-ntp true)."
        )
    return (f"{words}: set it.",)


def instance_of(channel: ChannelSettings) -> str:
    """Return the server's address: the setting, else the domain of the account."""
    domain = (channel.account or "").rpartition("@")[2]
    return channel.instance or f"https://{domain}"


def token_of(channel: ChannelSettings, environment: Mapping[str, str]) -> str:
    """Return the token from the environment. Raises `BlockedError` where it is not there."""
    match = re.fullmatch(r"\$\{(\w+)\}", channel.token or "")
    if match is None:
        raise BlockedError(
            f"channel '{channel.name}' has no token: write token: ${{MASTODON_TOKEN}} and put it "
            "into the environment."
        )
    value = environment.get(match[1], "").strip()
    if not value:
        raise BlockedError(
            f"channel '{channel.name}': the environment variable {match[1]} is not set."
        )
    return value


def user_agent() -> str:
    """Return what we call ourselves to servers."""
    return f"crosspost/{__version__}"


def read_cached(path: Path) -> Limits | None:
    """Read limits that were kept; a file that is not there or not ours counts as none."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        found: dict[str, Any] = {
            field.name: tuple(map(str, kept[field.name]))
            if field.name == "mime_types"
            else type(getattr(_DEFAULTS, field.name))(kept[field.name])
            for field in fields(Limits)
            if field.name in kept and field.name != "read_at"
        }
        return Limits(**found, read_at=str(kept["read_at"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_cached(path: Path, limits: Limits) -> None:
    """Keep limits for plans without a network. Raises `BlockedError` where it cannot."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(f".{os.getpid()}.tmp")
        scratch.write_text(json.dumps(asdict(limits), indent=1, sort_keys=True), encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise BlockedError(f"{path} cannot be written: {error.strerror}.") from error
