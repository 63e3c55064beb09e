"""Patterns of addresses: crosspost's own, and those of the generators that `compat` names.

A pattern is checked when the settings are read, and filled where a document's address is made.
"""

from __future__ import annotations

import re

from crosspost.errors import did_you_mean

COMPAT = ("jekyll", "hugo", "pelican")
DEFAULTS: dict[str | None, str] = {
    None: "/{year}/{month}/{slug}/",
    "jekyll": "date",
    "hugo": "/:section/:filename/",
    "pelican": "{slug}.html",
}
"""The pattern of a site whose settings say nothing, by `compat`."""

JEKYLL_STYLES = {
    "pretty": "/:categories/:year/:month/:day/:title/",
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
"""The patterns that Jekyll knows by a name."""

_DAYS = {"year", "month", "day"}
_NAMES: dict[str | None, set[str]] = {
    None: _DAYS | {"slug", "category", "path", "title", "categories"},
    "jekyll": _DAYS
    | {"title", "slug", "name", "categories", "slugified_categories", "path", "basename"}
    | {"output_ext", "collection", "hour", "minute", "second", "i_day", "i_month", "short_month"}
    | {"long_month", "short_year", "w_year", "week", "w_day", "short_day", "long_day", "y_day"},
    "hugo": _DAYS
    | {"section", "sections", "title", "slug", "filename", "slugorfilename", "contentbasename"}
    | {"slugorcontentbasename", "monthname", "weekday", "weekdayname", "yearday"},
    "pelican": {"slug", "category", "author", "lang", "date"},
}
_SHARED = _DAYS | {"category", "categories", "output_ext", "section", "sections", "date", "author"}
_ADVICE: dict[str | None, str] = {
    None: "/{year}/{month}/{slug}/",
    "jekyll": "pretty, or /:year/:month/:title/",
    "hugo": "/:section/:year/:slug/",
    "pelican": "{date:%Y}/{slug}.html",
}
_OWN = re.compile(r"\{([^{}:]*)(?::[^{}]*)?\}")
_COLON = re.compile(r":([a-z_]+)")


def trouble(pattern: str, compat: str | None) -> str:
    """Say what is wrong with a pattern and what to write instead; nothing where it is right."""
    advice = f"Write {_ADVICE[compat]}."
    if compat == "jekyll" and pattern in JEKYLL_STYLES:
        return ""
    if compat is None and (pattern in JEKYLL_STYLES or _COLON.search(pattern)):
        return (
            f"'{pattern}' is written as for another generator. {advice} Or add compat: jekyll, "
            "where the content was written for Jekyll."
        )
    names = names_in(pattern, compat)
    unknown = sorted(set(names) - _NAMES[compat])
    if unknown:
        known = ", ".join(_shown(name, compat) for name in sorted(_NAMES[compat]))
        hint = did_you_mean(unknown[0], _NAMES[compat])
        return f"'{_shown(unknown[0], compat)}' is unknown.{hint} Known: {known}."
    if not names or ".." in pattern or (compat != "pelican" and not pattern.startswith("/")):
        reason = "is not a pattern"
    elif "?" in pattern or "#" in pattern:
        reason = "must end before its ? or #"
    elif compat in (None, "pelican") and set(_OWN.sub("", pattern)) & {"{", "}"}:
        reason = "has a brace that is not closed"
    elif set(names) <= _SHARED:
        reason = "gives every post of a day one address"
    else:
        return ""
    return f"'{pattern}' {reason}. {advice}"


def names_in(pattern: str, compat: str | None) -> list[str]:
    """Return the names that a pattern asks for, in order."""
    if compat in (None, "pelican"):
        return [match[1] for match in _OWN.finditer(pattern)]
    return [_chomp(name, compat) for name in _COLON.findall(pattern)]


def fill(pattern: str, values: dict[str, str], compat: str) -> str:
    """Fill a pattern whose names begin with a colon; a name without a value vanishes."""

    def replace(match: re.Match[str]) -> str:
        name = _chomp(match[1], compat)
        return values.get(name, "") + match[1][len(name) :]

    return _COLON.sub(replace, pattern)


def _chomp(name: str, compat: str | None) -> str:
    """Read `:month_` of `/:month_:day/` as the name and an underscore, as Jekyll does."""
    known = _NAMES[compat]
    return name if name in known or name.rstrip("_") not in known else name.rstrip("_")


def _shown(name: str, compat: str | None) -> str:
    return f"{{{name}}}" if compat in (None, "pelican") else f":{name}"
