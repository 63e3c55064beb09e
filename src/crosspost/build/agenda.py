"""The agenda of one build: the tasks that have to be looked at.

A site of ten thousand posts has many more files. Where its outline is what it was when they were
made, none of its lists, redirects and addresses can be another one, and no page or feed but those
that show the text of a document that was touched: these, and the few other files, are all that has
to be listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from crosspost.build.trace import Past
from crosspost.render.answers import stamp_of
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.site.entry import Entry


class Tasks(msgspec.Struct, frozen=True):
    """How the tasks of a site are listed.

    `outlined` are those that follow from its outline and from the texts that they show; where it
    is given paths, those that show these documents' texts. `others` are all other tasks.
    """

    outlined: Callable[[Collection[str] | None], Iterable[Task]]
    others: Callable[[], Iterable[Task]]


class Agenda(msgspec.Struct, frozen=True):
    """What has to be looked at.

    `tasks` are all tasks; where it `is_short`, those that could differ. `touched` are then the
    paths of the documents that have changed. `others` names the files that do not follow from the
    outline, `kinds` counts all files.
    """

    tasks: Sequence[Task]
    kinds: Mapping[str, int]
    others: str
    touched: frozenset[str] = frozenset()
    is_short: bool = False


def make_agenda(renderer: Renderer, past: Past, listed: Tasks, *, may_be_short: bool) -> Agenda:
    """Return what has to be looked at; everything, unless it `may_be_short`.

    It may be where no answer to a question has changed, and output/ holds what was made.
    """
    others = list(listed.others())
    name = stamp_of([task.path for task in others])
    known = past.known
    if (
        may_be_short
        and known.others == name
        and known.outline == renderer.outline
        and past.may_be_short
    ):
        touched = frozenset(_touched(renderer, past))
        return Agenda([*listed.outlined(touched), *others], known.kinds, name, touched, True)
    _remember_links(renderer, past)
    tasks = [*listed.outlined(None), *others]
    return Agenda(tasks, Counter(task.kind for task in tasks), name)


def all_entries(renderer: Renderer) -> Iterator[Entry]:
    """Yield all documents: those that hide are checked too, since they will be shown one day."""
    yield from renderer.index.entries
    for hidden in renderer.index.hidden:
        yield hidden.entry


def _remember_links(renderer: Renderer, past: Past) -> None:
    """Give the renderer what is known of where links lead, if no address has changed since."""
    if past.book and past.book == renderer.book_stamp:
        stamps = {}
        for entry in all_entries(renderer):
            check = past.checks.rows.get(entry.path)
            if check is not None and check.digest == entry.digest:
                stamps[entry.path] = check.links
        renderer.remember_links(stamps)


def _touched(renderer: Renderer, past: Past) -> Iterator[str]:
    """Yield the documents whose bytes are not those that were read when the traces were written."""
    checks = past.checks.rows
    for entry in all_entries(renderer):
        if entry.path not in checks or checks[entry.path].digest != entry.digest:
            yield entry.path
