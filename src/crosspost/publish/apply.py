"""Carrying a plan out: claim, send, receipt, one message at a time.

The claim is on the disk before the call, and the receipt right after it. So whatever happens in
between, the next run knows that it does not know, and looks before it speaks.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crosspost.channels.base import (
    GoneError,
    RateLimitedError,
    RefusedError,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
)
from crosspost.publish.ledger import TakenError
from crosspost.publish.outcome import DONE, Outcome, Result, Status
from crosspost.publish.plan import CHANGES, Action, ActionKind, Plan
from crosspost.publish.rows import EventKind, State
from crosspost.publish.steps import NotClaimedError, Run, adopt, create, delete, edit
from crosspost.publish.threads import said_before

_UNSENT = {
    ActionKind.ADOPT: Status.ADOPTED,
    ActionKind.BLOCKED: Status.BLOCKED,
    ActionKind.SKIP: Status.SKIPPED,
    ActionKind.HANDOFF: Status.SKIPPED,
}
_STEPS = {ActionKind.CREATE: create, ActionKind.EDIT: edit, ActionKind.DELETE: delete}
_NEXT = {
    ActionKind.CREATE: "the next run looks for it first",
    ActionKind.EDIT: "the next run makes the edit again, and twice is once",
    ActionKind.DELETE: "the next run deletes it again, and twice is once",
}
_SAID = (State.SENT, State.BEFORE, State.ENDED)
_BREATH = timedelta(seconds=1)


def publish(plan: Plan, run: Run) -> Outcome:
    """Carry a plan out and return what became of it; nothing that it does not hold is said."""
    results: list[Result] = []
    try:
        adopt(plan.adoptions, run)
        _carry_out_all(plan, run, results)
    finally:
        unsettled = run.ledger.store.settle()
    return Outcome(plan, tuple(results), stopped=run.stop.requested, unsettled=unsettled)


def _carry_out_all(plan: Plan, run: Run, results: list[Result]) -> None:
    for action in plan.actions:
        if action.kind not in CHANGES:
            result = Result(action, _UNSENT[action.kind], action.reason)
        elif run.stop.requested:
            result = Result(action, Status.LEFT, "the run was asked to end")
        elif action.key.channel in run.closed:
            result = Result(action, Status.LEFT, run.closed[action.key.channel])
        elif action.after is not None:
            result = Result(action, Status.LEFT, f"{action.reason}: not before {_hour(action)}")
        elif run.ledger.row(action.key) != action.row:
            result = _overtaken(action, run)
        elif trouble := _out_of_order(action, run) or _not_live(action, run):
            result = Result(action, Status.LEFT, trouble)
        else:
            try:
                result = _carry_out(action, run)
            except NotClaimedError as error:
                if not any(one.status in DONE for one in results):
                    raise
                run.closed |= dict.fromkeys(run.channels, str(error))
                result = Result(action, Status.LEFT, str(error))
        results.append(result)
        run.report(result)


def _out_of_order(action: Action, run: Run) -> str:
    """Return why a message of a thread cannot be said yet: it answers the one before it."""
    key = action.key
    if action.kind != ActionKind.CREATE or key.part == 1 or said_before(key, run.ledger.rows):
        return ""
    return f"message {key.part - 1} of its thread is not said"


def _not_live(action: Action, run: Run) -> str:
    """Return why a post's page cannot be announced yet; only creations need it.

    Where the first message of a thread was said, its page was there.
    """
    if action.kind != ActionKind.CREATE or action.message is None or action.key.part > 1:
        return ""
    return run.live.trouble(action.message.url, action.key.uid)


def _carry_out(action: Action, run: Run) -> Result:
    """Do one action, and record how it ended whatever the server says."""
    key, generation = action.key, action.generation
    try:
        return _patiently(action, run)
    except TakenError:
        return _overtaken(action, run)
    except UnknownOutcomeError as error:
        run.ledger.append(EventKind.UNKNOWN, key, generation=generation, reason=str(error))
        return Result(action, Status.UNKNOWN, f"{error}; {_NEXT[action.kind]}")
    except RefusedError as error:
        run.ledger.append(EventKind.FAILED, key, generation=generation, reason=str(error))
        return Result(action, Status.FAILED, str(error))
    except GoneError as error:
        run.ledger.append(EventKind.GONE, key, generation=generation, reason="gone")
        return Result(action, Status.GONE, f"{error}; it does not come back by itself")
    except (UnauthorisedError, UnreachableError, RateLimitedError) as error:
        _release(action, run, str(error))
        run.closed[key.channel] = str(error)
        status = Status.FAILED if isinstance(error, UnauthorisedError) else Status.LEFT
        return Result(action, status, str(error))


def _overtaken(action: Action, run: Run) -> Result:
    """Leave a message to the run that was first, or be content with what it did."""
    row = run.ledger.row(action.key)
    if row is not None and row.state in _SAID:
        words = "another run has seen to it meanwhile"
        return Result(action, Status.SKIPPED, words, row.remote_url or "")
    return Result(action, Status.LEFT, "another run is at it: left to that one")


def _hour(action: Action) -> str:
    return f"{action.after:%H:%M} UTC" if action.after else "now"


def _release(action: Action, run: Run, reason: str) -> None:
    """Take a claim back whose call was certainly not taken: the message is as if never tried.

    Not so where an earlier call of the same message may have been: that one stays unsettled.
    """
    row = run.ledger.row(action.key)
    earlier = action.row is not None and action.row.unsettled
    if row is not None and row.state == State.POSTING and not earlier:
        run.ledger.append(
            EventKind.RELEASED, action.key, generation=action.generation, reason=reason
        )


def _patiently(action: Action, run: Run) -> Result:
    """Do a step; where the server asks to wait, and the run has the time, wait and do it again."""
    while True:
        try:
            return _STEPS[action.kind](action, run)
        except RateLimitedError as error:
            wait = max(error.reset - datetime.now(UTC), timedelta()) if error.reset else None
            if wait is None or wait > run.patience:
                raise
            _release(action, run, str(error))
            run.patience -= wait + _BREATH
            run.stop.wait((wait + _BREATH).total_seconds())
            if run.stop.requested:
                raise
