"""Words that are missing in one of the languages of the site."""

from __future__ import annotations

from collections.abc import Iterator

from crosspost.check.checked import CheckedSite
from crosspost.check.rule import Gate, warning
from crosspost.errors import Problem, Severity


def _find(site: CheckedSite) -> Iterator[Problem]:
    yield from _texts(site)
    yield from _labels(site)


def _languages(site: CheckedSite) -> list[str]:
    found = {site.settings.site.language, *(entry.lang for entry in site.index.entries)}
    return sorted(found)


def _texts(site: CheckedSite) -> Iterator[Problem]:
    texts = site.renderer.theme.catalogue.texts
    every = {key for found in texts.values() for key in found}
    for lang in _languages(site):
        base = lang.partition("-")[0]
        known = texts.get(lang, {}).keys() | texts.get(base, {}).keys()
        missing = sorted(every - known)
        if missing:
            shown = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" * (len(missing) > 5))
            message = (
                f"the theme has no words in '{lang}' for {shown}: they are shown in another "
                f"language. Write them in i18n/{base}.yaml."
            )
            yield Problem(f"i18n/{base}.yaml", 0, 0, "missing-text", message, Severity.WARNING)


def _labels(site: CheckedSite) -> Iterator[Problem]:
    """Yield the categories and tags whose label lacks a language that posts of theirs are in."""
    own = site.settings.site.language.partition("-")[0]
    by_uid = site.index.by_uid
    for kind, terms, known in (
        ("categories", site.index.categories, site.settings.categories),
        ("tags", site.index.tags, site.settings.tags),
    ):
        for term in terms:
            setting = known.get(term.name)
            if setting is None:
                continue
            langs = {by_uid[uid].lang.partition("-")[0] for uid in term.uids} - {own}
            missing = sorted(langs - setting.labels.keys())
            if missing:
                message = (
                    f"{kind}: '{term.name}' has no label in {', '.join(missing)}, and posts in it: "
                    f"write {term.name}: {{label: {setting.label}, labels: {{{missing[0]}: …}}}}."
                )
                line, column = site.settings.places.get(kind, (0, 0))
                text = site.settings.text.split("\n")[line:] if line else []
                for number, one in enumerate(text, start=line + 1):
                    if one.strip().startswith(f"{term.name}:"):
                        line, column = number, len(one) - len(one.lstrip()) + 1
                        break
                place = ("crosspost.yaml", line, column)
                yield Problem(*place, "missing-label", message, Severity.WARNING)


GATE = Gate(
    "translations",
    "Languages of the site",
    (
        warning(
            "missing-text",
            "The theme lacks words in a language that pages of the site are in.",
            "The page mixes two languages, and a screen reader reads one of them wrongly.",
            "Write the words in `i18n/<language>.yaml` of the site or of the theme.",
            "RGAA 8.7 · WCAG 3.1.2",
        ),
        warning(
            "missing-label",
            "A category or a tag has no label in the language of a post that carries it.",
            "The label is shown in the site's own language in the middle of the other one.",
            "Write `labels: {en: …}` beside its `label` in the settings.",
            "RGAA 8.7 · WCAG 3.1.2",
        ),
    ),
    site=_find,
)
