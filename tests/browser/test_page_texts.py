"""The theme says everything in French and in English. Needs no browser."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
THEME = ROOT / "themes" / "ville"


@pytest.fixture(scope="module")
def texts():
    return {
        lang: yaml.safe_load((THEME / "i18n" / f"{lang}.yaml").read_text("utf-8"))
        for lang in ("fr", "en")
    }


def used_keys():
    templates = "".join(p.read_text("utf-8") for p in sorted((THEME / "templates").rglob("*.*")))
    code = "".join(
        p.read_text("utf-8") for p in sorted((ROOT / "src/crosspost/render").rglob("*.py"))
    )
    return set(re.findall(r"\bt\(\s*\"(\w+)\"", templates)) | set(
        re.findall(r"\b(?:text|t)\((?:[\w.]+, )?\"(\w+)\"", code)
    )


def test_both_languages_have_the_same_texts(texts):
    assert texts["fr"].keys() == texts["en"].keys()
    for key, french in texts["fr"].items():
        english = texts["en"][key]
        assert type(french) is type(english), key
        assert fields(french) == fields(english), key


def fields(text):
    forms = text.values() if isinstance(text, dict) else [text]
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def test_plural_forms_are_whole(texts):
    for lang in texts:
        for key, text in texts[lang].items():
            if isinstance(text, dict):
                assert text.keys() == {"one", "other"}, key


def test_every_text_that_is_asked_for_exists_and_none_is_idle(texts):
    used = used_keys()
    assert len(used) > 30
    assert texts["fr"].keys() - used == set(), "texts that nothing shows"
    assert used - texts["fr"].keys() == set(), "texts that no language has"


def test_templates_hold_no_words_of_their_own():
    """A word between tags would stay in one language."""
    wrong = []
    for path in sorted((THEME / "templates").rglob("*.html")):
        text = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!DOCTYPE html>|&#?\w+;",
            "",
            path.read_text(),
            flags=re.DOTALL,
        )
        text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
        words = re.findall(r">([^<>]*[A-Za-zÀ-ÿ]{2,}[^<>]*)<", text)
        wrong += [f"{path.name}: {word.strip()}" for word in words]
    assert wrong == []


def test_french_keeps_its_spaces(texts):
    for key, text in texts["fr"].items():
        for form in text.values() if isinstance(text, dict) else [text]:
            wrong = re.findall(r"[ \w][;:!?»]", form, flags=re.ASCII)
            assert wrong == [], f"{key}: a no-break space goes before ; : ! ? »"
