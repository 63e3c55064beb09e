"""Showing plans and outcomes: to people as text, to programs as JSON.

To reviewers, as Markdown: `crosspost.publish.comment`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crosspost.channels.message import Message
from crosspost.publish.changes import poll_in_words
from crosspost.publish.outcome import DONE, Outcome, Result, Status
from crosspost.publish.plan import CHANGES, Action, ActionKind, Plan, Target
from crosspost.publish.resting import Resting

_SHOWN = (*CHANGES, ActionKind.BLOCKED, ActionKind.HANDOFF)
_FEW = 3


def plan_as_table(plan: Plan, *, verbose: bool = False) -> str:
    """Return a plan for people: each message in full; by reason, what is skipped or held back.

    `verbose` lists every post that is skipped or adopted, and shows what is held back in full.
    """
    blocks: list[str] = []
    for target, actions in by_target(plan, plan.actions if verbose else plan.decided):
        rest = None if verbose else plan.rest_of(target)
        held = held_of(actions, rest)
        apart = set(map(id, held))
        blocks.append(_heading(target, with_reason=not held or verbose))
        blocks.extend(
            _block(action)
            for action in actions
            if action.kind in _SHOWN and (verbose or id(action) not in apart)
        )
        quiet = [action for action in actions if is_quiet(action)]
        if verbose:
            blocks.extend(
                f"  {action.kind:7} {name_of(action)}: {action.reason}" for action in quiet
            )
        else:
            blocks.extend(grouped(held, quiet, rest))
        blocks.append("")
    if not plan.targets:
        blocks.append("No channel is set up: add one under 'channels' in crosspost.yaml.")
    blocks.extend(str(problem) for problem in plan.warnings)
    blocks.append(f"Plan: {plan_in_words(plan)}.")
    return "\n".join(blocks)


def plan_in_words(plan: Plan) -> str:
    """Return a plan in one line: how many of each action."""
    counts = Counter(action.kind for action in plan.decided)
    counts[ActionKind.SKIP] += sum(map(len, plan.resting))
    shown = [f"{counts[kind]} to {kind}" for kind in (*CHANGES, ActionKind.ADOPT)]
    if counts[ActionKind.HANDOFF]:
        shown.append(f"{counts[ActionKind.HANDOFF]} to hand over")
    return ", ".join(
        [*shown, f"{counts[ActionKind.BLOCKED]} blocked", f"{counts[ActionKind.SKIP]} skipped"]
    )


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Return a plan for programs.

    `{"actions": […], "limits": […], "warnings": […], "next_change": …}`: the last is when a post
    next appears or expires by itself, in ISO 8601, or null.
    """
    return {
        "actions": [action_as_json(action) for action in plan.actions],
        "limits": [
            {
                "channel": target.name,
                "account": target.account,
                "characters": target.limits.characters,
                "from": target.limits_from,
                "blocked": target.blocked,
            }
            for target in plan.targets
        ],
        "warnings": [str(problem) for problem in plan.warnings],
        "next_change": moment_as_json(plan.next_change),
    }


def moment_as_json(moment: datetime | None) -> str | None:
    """Return a moment in ISO 8601."""
    return moment.isoformat() if moment else None


def action_as_json(action: Action) -> dict[str, Any]:
    """Return one action; `text`, `length` and `limit` are null where nothing was composed."""
    message = action.message
    return {
        "action": str(action.kind),
        "channel": action.key.channel,
        "account": action.key.account,
        "uid": action.key.uid,
        "part": action.key.part,
        "parts": message.parts if message else None,
        "path": action.path,
        "reason": action.reason,
        "after": action.after.isoformat() if action.after else None,
        "text": message.text if message else None,
        "length": action.length or None,
        "limit": action.limit or None,
        "url": message.url if message else None,
        "content_warning": message.content_warning if message else None,
        "visibility": message.visibility if message else None,
        "language": message.language if message else None,
        "media": [
            {
                "path": media.path,
                "mime": media.mime,
                "alt": media.alt,
                "focus": list(media.focus) if media.focus else None,
            }
            for media in (message.media if message else ())
        ],
        "poll": message.poll.payload() if message and message.poll else None,
        "quotes": message.quotes if message else None,
        "mentions": list(message.mentions if message else ()),
        "notes": list(action.notes),
        "diff": list(action.diff),
        "problems": [str(problem) for problem in action.problems],
    }


def outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    """Return what became of each action, for programs."""
    return {
        "results": [
            action_as_json(result.action)
            | {"status": str(result.status), "words": result.words, "status_url": result.url}
            for result in outcome.results
        ],
        "counts": {str(status): outcome.count(status) for status in Status},
        "stopped": outcome.stopped,
        "unsettled": outcome.unsettled or None,
        "next_change": moment_as_json(outcome.plan.next_change),
        "exit_status": outcome.exit_status,
    }


def outcome_in_words(outcome: Outcome) -> str:
    """Return a run in one line."""
    counts = [f"{outcome.count(status)} {status}" for status in Status if outcome.count(status)]
    stopped = " The run was asked to end." if outcome.stopped else ""
    return f"Published: {', '.join(counts) or 'nothing to do'}.{stopped}"


def trouble_in_words(outcome: Outcome) -> list[str]:
    """Return what a person has to mend before the next run: places in files, then channels."""
    held = {
        (result.action.key.channel, result.action.reason): None
        for result in outcome.results
        if result.status == Status.BLOCKED and not result.action.problems
    }
    for target in outcome.plan.targets:
        if target.blocked:
            held[target.name, target.blocked] = None
    return [
        *filter(None, [outcome.unsettled]),
        *(str(problem) for problem in outcome.plan.problems),
        *(f"blocked  {channel}  {reason}" for channel, reason in held),
    ]


def result_as_line(result: Result) -> str:
    """Return one result for people; empty for what the plan has said already."""
    if result.status in (Status.SKIPPED, Status.ADOPTED, Status.BLOCKED):
        return ""
    words = f" ({result.words})" if result.words and result.status in (*DONE, Status.KEPT) else ""
    after = f" {result.url}{words}" if result.url else f" {result.words}" if result.words else ""
    place = name_of(result.action)
    if result.status not in DONE and result.action.message and result.action.message.line:
        place = f"{result.action.path}:{result.action.message.line}"
    return f"{result.status:8} {result.action.key.channel}  {place}{after}".rstrip()


def by_target(plan: Plan, actions: Iterable[Action]) -> list[tuple[Target, list[Action]]]:
    """Return the accounts of a plan with those of these actions that are theirs."""
    found: dict[tuple[str, str], list[Action]] = {}
    for action in actions:
        found.setdefault((action.key.channel, action.key.account), []).append(action)
    return [(one, found.get((one.name, one.account), [])) for one in plan.targets]


def is_shown(action: Action) -> bool:
    """Whether an action is shown with all that would be said."""
    return action.kind in _SHOWN


def is_quiet(action: Action) -> bool:
    """Whether nothing would be said, so that how many there are is enough."""
    return action.kind not in _SHOWN


def reason_of(action: Action) -> str:
    """Return why this happens, and when, where that is later."""
    later = f"; left for a later run, after {action.after:%H:%M} UTC" if action.after else ""
    return f"{action.reason}{later}"


def held_of(actions: Sequence[Action], rest: Resting | None) -> list[Action]:
    """Return the actions that are held back with their whole channel, not for their own sake.

    `rest` are the account's messages at rest, where they are not among the actions.
    """
    blocked = [one for one in actions if one.kind == ActionKind.BLOCKED]
    reasons = Counter(action.reason for action in actions)
    for why, places in rest.places.items() if rest and blocked else ():
        reasons[why] += len(places)
    return [one for one in blocked if not one.problems and reasons[one.reason] > 1]


def name_of(action: Action) -> str:
    """Return the post, and of a thread which of its messages."""
    parts = action.message.parts if action.message else 1
    name = action.path or action.key.uid
    if parts > 1:
        return f"{name} ({action.key.part}/{parts})"
    return f"{name} ({action.key.part})" if action.key.part > 1 else name


def _heading(target: Target, *, with_reason: bool) -> str:
    blocked = f"\n  blocked: {target.blocked}" if target.blocked and with_reason else ""
    return (
        f"{target.name}: {target.account or '(no account)'}, "
        f"{target.limits.characters} characters ({target.limits_from}){blocked}"
    )


def _block(action: Action) -> str:
    """Return one action with all that would be said, indented below its first line."""
    lines = [f"  {action.kind:7} {name_of(action)}: {reason_of(action)}{size_of(action)}"]
    if action.kind == ActionKind.EDIT:
        lines += [f"    {line}" for line in action.diff]
    if action.message is not None:
        lines += [f"    | {line}".rstrip() for line in action.message.text.split("\n")]
        lines += [f"    {line}" for line in facts_of(action.message)]
    lines += [f"    note: {note}" for note in action.notes]
    return "\n".join(lines)


def size_of(action: Action) -> str:
    """Return the message's length and its limit."""
    return f" [{action.length}/{action.limit}]" if action.limit and action.length else ""


def facts_of(message: Message) -> list[str]:
    """Return what a message carries besides its text, where it is not the usual."""
    facts = [
        f"picture: {media.path}, alt: {media.alt}"
        + (f", focus: {media.focus[0]:g} {media.focus[1]:g}" if media.focus else "")
        for media in message.media
    ]
    if message.content_warning:
        facts.insert(0, f"content warning: {message.content_warning}")
    if message.visibility != "public":
        facts.append(f"visibility: {message.visibility}")
    if message.language:
        facts.append(f"language: {message.language}")
    if message.poll:
        facts.append(f"poll: {poll_in_words(message.poll)}")
    if message.quotes:
        facts.append(f"quotes: {message.quotes}")
    return facts


def grouped(
    held: Sequence[Action], quiet: Sequence[Action], rest: Resting | None = None
) -> list[str]:
    """Return what is not shown in full by its reason: how many, and which where they are few.

    First what is held back, then what is quiet, in the order of posts; `rest` are the account's
    messages at rest, where they are not among the actions.
    """
    groups: dict[tuple[ActionKind, str], _Group] = {}
    places = rest.offer.places if rest else {}
    last = len(places)
    for number, action in enumerate((*held, *quiet)):
        place = -1 if number < len(held) else places.get(action.key.uid, last)
        group = groups.setdefault((action.kind, action.reason), _Group())
        group.add((place, number), name_of(action))
    for why, found in rest.places.items() if rest else ():
        group = groups.setdefault((ActionKind.SKIP, why), _Group())
        group.count += len(found)
        for place in found[: _FEW + 1]:
            group.members.append(((place, 0), rest.offer.file(place) if rest else ""))
    lines = []
    for (kind, reason), group in sorted(groups.items(), key=lambda one: min(one[1].members)[0]):
        few = [name for _, name in sorted(group.members)] if group.count <= _FEW else []
        names = f" ({', '.join(few)})" if few else ""
        lines.append(f"  {kind:7} {group.count}: {reason}{names}")
    return lines


@dataclass(slots=True)
class _Group:
    """What has one reason: how many, and the first of them, by their places."""

    count: int = 0
    members: list[tuple[tuple[int, int], str]] = field(default_factory=list)

    def add(self, place: tuple[int, int], name: str) -> None:
        """Add one."""
        self.count += 1
        self.members.append((place, name))
