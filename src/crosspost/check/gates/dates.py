"""Dates that cannot be meant."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from crosspost.check.checked import CheckedSite
from crosspost.check.rule import Gate, warning
from crosspost.check.written import WrittenText
from crosspost.errors import Problem, Severity

_FIRST_YEAR, _LAST_YEAR = 1995, 2099
_LONGEST_STAY = 20
"""Years that a dated text may be meant to stay."""
_FRENCH_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
)
_ENGLISH_MONTHS = (
    "january february march april may june july august september october november december"
)
_MONTHS = {
    name: number
    for names in (_FRENCH_MONTHS, _ENGLISH_MONTHS)
    for number, name in enumerate(names.split(), start=1)
}
_FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = re.compile("|".join((*_FRENCH_DAYS, *_ENGLISH_DAYS)), re.IGNORECASE)
_MONTH = "|".join(_MONTHS)
_GAP = r"[ \u00a0\u202f]+"
_FRENCH = re.compile(
    rf"\b(?P<day>{'|'.join(_FRENCH_DAYS)}){_GAP}(?P<number>\d\d?)(?:er)?{_GAP}(?P<month>{_MONTH})"
    rf"{_GAP}(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    rf"\b(?P<day>{'|'.join(_ENGLISH_DAYS)}),?{_GAP}(?:(?P<number>\d\d?)(?:st|nd|rd|th)?{_GAP}"
    rf"(?P<month>{_MONTH})|(?P<month2>{_MONTH}){_GAP}(?P<number2>\d\d?)(?:st|nd|rd|th)?,?)"
    rf"{_GAP}(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)


def _find(text: WrittenText) -> Iterator[Problem]:
    front = text.document.front_matter
    event, date = front.event, front.date
    if event is not None and date is not None:
        last = event.end or event.start
        timed = last.time() != dt.time.min
        if last.date() < date.date() or (timed and last < date):
            shown = "%Y-%m-%d %H:%M" if last.date() == date.date() else "%Y-%m-%d"
            message = (
                f"the event is over on {last.strftime(shown)}, before the post appears on "
                f"{date.strftime(shown)}: look at both dates."
            )
            yield text.problem_at("event", "event-over", message)
        elif last.year > date.year + 2:
            message = f"the event is in {last.year}, years after the post: is it a slip?"
            yield text.problem_at("event", "odd-year", message)
        elif event.start.year < date.year - 2:
            message = f"the event began in {event.start.year}, years before the post: is it a slip?"
            yield text.problem_at("event", "odd-year", message)
    if front.expires is not None and date is not None and front.expires <= date:
        message = "it expires before it appears, and so is never seen: look at both dates."
        yield text.problem_at("expires", "never-seen", message)
    latest = date.year + _LONGEST_STAY if date is not None else _LAST_YEAR
    for key, later in (("updated", front.updated), ("expires", front.expires)):
        if later is not None and not _FIRST_YEAR <= later.year <= latest:
            yield text.problem_at(key, "odd-year", _odd(later.year))
    for key, value in (("title", front.title), ("summary", front.summary or "")):
        for _, message in _wrong_days(value):
            yield text.problem_at(key, "wrong-weekday", message)
    if not _DAY.search(text.markdown):
        return
    for number, line in enumerate(text.words, start=1):
        for column, message in _wrong_days(line):
            yield text.problem(number, column, "wrong-weekday", message)


def _wrong_days(line: str) -> Iterator[tuple[int, str]]:
    for pattern, days in ((_FRENCH, _FRENCH_DAYS), (_ENGLISH, _ENGLISH_DAYS)):
        for match in pattern.finditer(line):
            found = match.groupdict()
            month = _MONTHS[(found["month"] or found["month2"]).lower()]
            number = int(found["number"] or found["number2"])
            try:
                date = dt.date(int(found["year"]), month, number)
            except ValueError:
                yield match.start() + 1, f"'{match[0]}' is no day of the calendar."
                continue
            right = days[date.weekday()]
            if right != found["day"].lower():
                message = f"'{match[0]}' is a {right}: mend the day or the date."
                yield match.start() + 1, message


def _odd_years(site: CheckedSite) -> Iterator[Problem]:
    last = site.index.now.year + 2
    for entry in site.entries:
        year = int(entry.year) if entry.year else _FIRST_YEAR
        if not _FIRST_YEAR <= year <= last:
            yield entry.document.problem("date", "odd-year", _odd(year), Severity.WARNING)


def _odd(year: int) -> str:
    return f"the year {year} looks wrong: is it a slip?"


GATE = Gate(
    "dates",
    "Dates",
    (
        warning(
            "event-over",
            "An event is over before its post appears.",
            "Citizens read of it when they cannot come any more; most often a month or a year is "
            "wrong.",
            "Look at `date` and at `event`; a report of an event needs no `event`.",
        ),
        warning(
            "never-seen",
            "A document expires before it appears.",
            "Nobody ever sees it.",
            "Look at `date` and at `expires`.",
        ),
        warning(
            "odd-year",
            "The year of a date is long ago, or years ahead.",
            "A slip of the keyboard puts a post at the end of every list, or hides it for years.",
            "Write the right year.",
            passing=True,
        ),
        warning(
            "wrong-weekday",
            "A text names a day of the week that its date does not have.",
            "Half of the readers trust the day and half the date, and come at different times.",
            "Mend the one that is wrong. Only dates with their year are judged.",
        ),
    ),
    text=_find,
    site=_odd_years,
)
