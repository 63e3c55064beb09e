"""Showing plans and outcomes: to people as text, to programs as JSON, to reviewers as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from crosspost.channels.message import Message
from crosspost.publish.changes import poll_in_words
from crosspost.publish.outcome import DONE, Outcome, Result, Status
from crosspost.publish.plan import CHANGES, Action, ActionKind, Plan, Target

_SHOWN = (*CHANGES, ActionKind.BLOCKED, ActionKind.HANDOFF)
_FEW = 3


def plan_as_table(plan: Plan, *, verbose: bool = False) -> str:
    """Return a plan for people: each message in full; by reason, what is skipped or held back.

    `verbose` lists every post that is skipped or adopted, and shows what is held back in full.
    """
    blocks: list[str] = []
    for target in plan.targets:
        actions = [action for action in plan.actions if _belongs(action, target)]
        held = [action for action in actions if _is_held(action, actions)]
        blocks.append(_heading(target, with_reason=not held or verbose))
        blocks.extend(
            _block(action)
            for action in actions
            if action.kind in _SHOWN and (verbose or action not in held)
        )
        quiet = [action for action in actions if _is_quiet(action)]
        if verbose:
            blocks.extend(f"  {action.kind:7} {_name(action)}: {action.reason}" for action in quiet)
        else:
            blocks.extend(_grouped((*held, *quiet)))
        blocks.append("")
    if not plan.targets:
        blocks.append("No channel is set up: add one under 'channels' in crosspost.yaml.")
    blocks.extend(str(problem) for problem in plan.warnings)
    blocks.append(f"Plan: {plan_in_words(plan)}.")
    return "\n".join(blocks)


def plan_in_words(plan: Plan) -> str:
    """Return a plan in one line: how many of each action."""
    counts = Counter(action.kind for action in plan.actions)
    shown = [f"{counts[kind]} to {kind}" for kind in (*CHANGES, ActionKind.ADOPT)]
    if counts[ActionKind.HANDOFF]:
        shown.append(f"{counts[ActionKind.HANDOFF]} to hand over")
    return ", ".join(
        [*shown, f"{counts[ActionKind.BLOCKED]} blocked", f"{counts[ActionKind.SKIP]} skipped"]
    )


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Return a plan for programs: `{"actions": [...], "limits": [...], "warnings": [...]}`."""
    return {
        "actions": [action_as_json(action) for action in plan.actions],
        "limits": [
            {
                "channel": target.name,
                "account": target.account,
                "characters": target.limits.characters,
                "from": target.limits_from,
            }
            for target in plan.targets
        ],
        "warnings": [str(problem) for problem in plan.warnings],
    }


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


def plan_as_markdown(plan: Plan) -> str:
    """Return a plan for a pull request's comment or a job's summary."""
    lines = ["## What crosspost would publish", "", f"{plan_in_words(plan).capitalize()}.", ""]
    for target in plan.targets:
        actions = [action for action in plan.actions if _belongs(action, target)]
        lines += [f"### {_plain(target.name)}: {_plain(target.account)}", ""]
        lines += [f"Limits: {target.limits.characters} characters ({target.limits_from}).", ""]
        held = [action for action in actions if _is_held(action, actions)]
        for action in actions:
            if action.kind in _SHOWN and action not in held:
                lines += _markdown_block(action)
        grouped = _grouped((*held, *(action for action in actions if _is_quiet(action))))
        lines += [f"- {_plain(line.strip())}" for line in grouped]
        lines.append("")
    if plan.warnings or plan.problems:
        lines += ["### To mend", ""]
        lines += [f"- {_plain(str(problem))}" for problem in (*plan.problems, *plan.warnings)]
    return "\n".join(lines).rstrip() + "\n"


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
    words = f" ({result.words})" if result.words and result.status in DONE else ""
    after = f" {result.url}{words}" if result.url else f" {result.words}" if result.words else ""
    place = _name(result.action)
    if result.status not in DONE and result.action.message and result.action.message.line:
        place = f"{result.action.path}:{result.action.message.line}"
    return f"{result.status:8} {result.action.key.channel}  {place}{after}".rstrip()


def _belongs(action: Action, target: Target) -> bool:
    return (action.key.channel, action.key.account) == (target.name, target.account)


def _is_quiet(action: Action) -> bool:
    return action.kind not in _SHOWN


def _is_held(action: Action, others: Sequence[Action]) -> bool:
    """Whether an action is held back with its whole channel, not for anything of its own."""
    return (
        action.kind == ActionKind.BLOCKED
        and not action.problems
        and any(other.reason == action.reason for other in others if other is not action)
    )


def _name(action: Action) -> str:
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
    lines = [f"  {action.kind:7} {_name(action)}: {_reason(action)}{_size(action)}"]
    shown = action.diff if action.kind == ActionKind.EDIT and action.diff else ()
    lines += [f"    {line}" for line in shown]
    if action.message is not None and not shown:
        lines += [f"    | {line}".rstrip() for line in action.message.text.split("\n")]
        lines += [f"    {line}" for line in _facts(action.message)]
    lines += [f"    note: {note}" for note in action.notes]
    return "\n".join(lines)


def _reason(action: Action) -> str:
    later = f"; left for a later run, after {action.after:%H:%M} UTC" if action.after else ""
    return f"{action.reason}{later}"


def _size(action: Action) -> str:
    return f" [{action.length}/{action.limit}]" if action.limit and action.length else ""


def _facts(message: Message) -> list[str]:
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


def _grouped(actions: Iterable[Action]) -> list[str]:
    """Return quiet actions by reason: how many, and which where they are few."""
    groups: dict[tuple[ActionKind, str], list[Action]] = {}
    for action in actions:
        groups.setdefault((action.kind, action.reason), []).append(action)
    lines = []
    for (kind, reason), members in groups.items():
        few = f" ({', '.join(_name(one) for one in members)})" if len(members) <= _FEW else ""
        lines.append(f"  {kind:7} {len(members)}: {reason}{few}")
    return lines


def _markdown_block(action: Action) -> list[str]:
    message = action.message
    head = f"**{action.kind}** `{_name(action)}`{_size(action)}: {_plain(_reason(action))}"
    if message is None:
        return [f"- {head}", ""]
    if action.diff:
        return [head, "", *_fenced(action.diff, "diff"), ""]
    facts = [f"- {_plain(fact)}" for fact in (*_facts(message), *action.notes)]
    return [head, "", *_fenced(message.text.split("\n"), "text"), *facts, ""]


def _fenced(lines: Iterable[str], language: str) -> list[str]:
    """Return lines in a code fence that is longer than any inside."""
    inside = list(lines)
    fence = "```"
    while any(fence in line for line in inside):
        fence += "`"
    return [f"{fence}{language}", *inside, fence]


def _plain(text: str) -> str:
    """Return text that Markdown and GitHub leave as it is: no HTML, no mention of anybody."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, f"\\{mark}" if mark not in "<>" else f"&#{ord(mark)};")
    return text.replace("@", "@\u200b").replace("\n", " ")
