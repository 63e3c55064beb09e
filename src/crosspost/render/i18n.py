"""The words of a theme, and dates, in the language of a page.

A theme has one file a language in i18n/: keys and texts. A text may hold {values}, and plural forms
as CLDR names them: `{one: "{count} post", other: "{count} posts"}`. Babel is asked per call; the
process's locale is never touched.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from babel import Locale

Texts = Mapping[str, str | Mapping[str, str]]

_PATTERNS = {
    "short": "short",
    "medium": "medium",
    "long": "long",
    "full": "full",
    "month": "LLLL y",
    "day": "EEEE d MMMM y",
}


class UnknownText(LookupError):
    """A template asks for a text that no language of the theme has."""


class Translator(msgspec.Struct, frozen=True, dict=True):
    """Texts and dates of one language; `fallback` is the site's own, for a text it lacks."""

    lang: str
    texts: Texts
    fallback: Texts
    zone: dt.tzinfo

    @cached_property
    def locale(self) -> Locale:
        """The Babel locale; English where Babel does not know the language."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(self.lang.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            return Locale.parse("en")

    def pattern(self, key: str) -> str | Mapping[str, str] | None:
        """Return a text as it stands in its file; None where no language has it."""
        return self.texts.get(key, self.fallback.get(key))

    def text(self, key: str, **values: object) -> str:
        """Return a text with its values filled in. Raises `UnknownText`."""
        found = self.pattern(key)
        if found is None:
            raise UnknownText(f"the theme has no text '{key}': add it to i18n/{self.lang}.yaml")
        if isinstance(found, Mapping):
            form = self.locale.plural_form(_number(values.get("count", 0)))
            found = found.get(form, found.get("other", ""))
        return found.format(**values) if values else found

    def date(self, value: dt.date | None, style: str = "long") -> str:
        """Write a date as readers of the language do; `iso` is for machines."""
        if value is None:
            return ""
        if isinstance(value, dt.datetime):
            value = value.astimezone(self.zone)
        if style == "iso":
            return value.isoformat()
        if style == "time":
            return self._time(value)
        if style == "datetime":
            return f"{self._day(value, 'long')}, {self._time(value)}"
        return self._day(value, _PATTERNS.get(style, style))

    def _day(self, value: dt.date | dt.datetime, pattern: str) -> str:
        from babel.dates import format_date

        written = format_date(value, pattern, locale=self.locale)
        if self.locale.language == "fr":
            # CLDR writes "1 octobre"; French says "1er octobre".
            written = re.sub(r"\b1 (?=[a-zéû])", "1er ", written)
        return written

    def _time(self, value: dt.date) -> str:
        from babel.dates import format_time

        if not isinstance(value, dt.datetime):
            return ""
        if self.locale.language == "fr":
            return f"{value.hour} h {value:%M}".removesuffix(" 00")
        return format_time(value, "short", locale=self.locale)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
