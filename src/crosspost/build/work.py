"""What one build has to do: stale tasks, and documents to check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter

import msgspec

from crosspost.build.agenda import Agenda, Tasks, all_entries, make_agenda
from crosspost.build.edit import Edit
from crosspost.build.making import Item
from crosspost.build.trace import Check, Note, Past, Verdicts
from crosspost.build.workshop import Workshop
from crosspost.render.answers import ABOUT_CARDS
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.site.entry import Entry
from crosspost.site.index import SiteIndex
from crosspost.site.links import assets_of
from crosspost.when_asked import Found

NOT_THERE = "it was not in output/, or not as it had been made"


class Work(msgspec.Struct, frozen=True):
    """The plan of one build.

    `items` are to be done; `reasons` say why, by path. `checked` is what is known already of the
    links of documents, by path.
    """

    renderer: Renderer
    past: Past
    agenda: Agenda
    items: Sequence[Item]
    reasons: Mapping[str, str]
    checked: Mapping[str, Check]
    notes: dict[str, Note]
    outline: str | None = None
    """The outline of the site; None where it is to be taken from its index."""

    @classmethod
    def planned(cls, shop: Workshop, renderer: Renderer, listed: Tasks) -> Work:
        """Find what has to be done: whatever cannot be shown to be what it would be made again."""
        past = shop.past
        verdicts = Verdicts.of(past, renderer.answers, partial(_titles, shop, renderer))
        may_be_short = not verdicts.changed and shop.stands
        agenda = make_agenda(renderer, past, listed, may_be_short=may_be_short)
        reasons = {task.path: why for task in agenda.tasks if (why := verdicts.why(task))}
        if not shop.stands:
            rows = past.traces.rows
            made = (task.path for task in agenda.tasks if task.path not in reasons)
            reasons |= dict.fromkeys(shop.broken({path: rows[path] for path in made}), NOT_THERE)
        checked = _checked(renderer, past, agenda)
        unchecked = [entry for entry in all_entries(renderer) if entry.path not in checked]
        items = list(_items(renderer, agenda.tasks, reasons, unchecked))
        notes = {"templates": _template_note(renderer, past)}
        return cls(renderer, past, agenda, items, reasons, checked, notes)

    @classmethod
    def of_edit(
        cls, shop: Workshop, renderer: Renderer, edit: Edit, tasks: Iterable[Task]
    ) -> Work | None:
        """Find what has to be done where nothing but what is given to these tasks has changed.

        Returns None where that is not so, since somebody has asked for cards that have changed.
        """
        past, known, cards = shop.past, shop.past.known, edit.recarded
        asked = known.answers if cards else ()
        if any(
            renderer.answers.stamp(question) != before
            for question, before in asked
            if question[0] in ABOUT_CARDS
        ):
            return None
        agenda = Agenda(list(tasks), known.kinds, known.others, edit.touched, is_short=True)
        verdicts = Verdicts(past, {}, partial(_titles, shop, renderer))
        reasons = {task.path: why for task in agenda.tasks if (why := verdicts.why(task))}
        if any(task.kind == "newsletter" and task.path in reasons for task in agenda.tasks):
            return None  # how large a mail is, is told of the whole site
        entries = [renderer.index.by_path[path] for path in sorted(edit.touched)]
        items = list(_items(renderer, agenda.tasks, reasons, entries))
        outline = "" if cards else known.outline  # it has cards in it
        return cls(renderer, past, agenda, items, reasons, {}, known.notes, outline)

    def kept(self) -> dict[str, str]:
        """Return the hash of each file that output/ is to hold as it does, from a whole agenda."""
        rows = self.past.traces.rows
        paths = (task.path for task in self.agenda.tasks if task.path not in self.reasons)
        return {path: rows[path].digest for path in paths}

    def paths(self) -> Collection[str]:
        """Return every file that output/ is to hold: with a short agenda, those of before."""
        if self.agenda.is_short:
            return self.past.traces.rows.keys()
        return [task.path for task in self.agenda.tasks]


def _checked(renderer: Renderer, past: Past, agenda: Agenda) -> dict[str, Check]:
    """Return what is known of the links of documents that are what they were, as links are."""
    rows = past.checks.rows
    if agenda.is_short:
        others = (path for path in rows if path not in agenda.touched)
        return {path: found for path in others if (found := rows.get(path)) is not None}
    checked: dict[str, Check] = {}
    for entry in all_entries(renderer) if rows else ():
        check = rows.get(entry.path)
        known = check is not None and check.digest == entry.digest
        if known and check is not None and check.links == renderer.links_stamp(entry):
            checked[entry.path] = check
    return checked


def _titles(shop: Workshop, renderer: Renderer) -> Mapping[str, str]:
    """Return titles by the first part of a card's stamp; those of before where one is gone."""
    now, before = renderer.answers.titles, shop.former_titles
    return Found(frozenset({*now, *before}), lambda one: now[one] if one in now else before[one])


def _template_note(renderer: Renderer, past: Past) -> Note:
    """Return what is wrong with the templates, of which most builds use only a few."""
    stamp = renderer.templates.stamp()
    known = past.known.notes.get("templates")
    if known is not None and known[0] == stamp:
        return known
    return (stamp, tuple(renderer.templates.syntax_problems()))


def _items(
    renderer: Renderer,
    tasks: Sequence[Task],
    reasons: Mapping[str, str],
    unchecked: Sequence[Entry],
) -> Iterator[Item]:
    """Yield what is to be done; a document's check goes with its page, if that is made.

    What shows the same posts is together: who makes one of them has made the cards of all.
    """
    index = renderer.index
    left = {entry.path: entry for entry in unchecked}
    once: set[str] = set()
    for task in sorted(tasks, key=attrgetter("near")):
        if task.path in reasons and task.path not in once:
            once.add(task.path)  # a path that two tasks claim is refused, with both names
            entry = unseen = None
            if task.made_of.startswith("content/"):
                path = task.made_of.removeprefix("content/")
                unseen = left.pop(path, None)
                entry = unseen or _document(index, path)
            yield Item(task, entry, unseen is not None)
    for entry in left.values():
        yield Item(None, entry, check=True)


def _document(index: SiteIndex, path: str) -> Entry | None:
    """Return the document at a path, also one that hides, of which a page is left that says so."""
    hidden = index.hidden_by_path.get(path)
    return index.by_path.get(path) or (hidden.entry if hidden else None)


def assets_shown(renderer: Renderer) -> frozenset[str]:
    """Return the files that are copied: all but those that only hidden documents refer to.

    A draft's picture does not leak.
    """
    index, known = renderer.index, renderer.known
    withheld = assets_of_hidden(renderer)
    if withheld:
        shown = (*index.entries, *index.gone)
        withheld -= {path for entry in shown for path in assets_of(index, entry, known)}
        withheld -= {(index.settings.site.image or "").lstrip("/")}
    return frozenset(index.assets) - withheld


def assets_of_hidden(renderer: Renderer) -> frozenset[str]:
    """Return the assets that documents refer to which hide."""
    index, known = renderer.index, renderer.known
    return frozenset(path for one in index.hidden for path in assets_of(index, one.entry, known))
