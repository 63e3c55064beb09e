from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crosspost.content.quoting import quoted

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_any_text_comes_back(text):
    assert yaml.safe_load(f"key: {quoted(text)}") == {"key": text}


@given(st.lists(TEXTS, min_size=1))
def test_any_text_comes_back_from_a_list(texts):
    line = ", ".join(quoted(text, flow=True) for text in texts)
    assert yaml.safe_load(f"key: [{line}]") == {"key": texts}


@pytest.mark.parametrize("text", ["Le marché de Noël", "Quoi de neuf ?", "Zoé, Léa (et Sam)"])
def test_what_reads_well_stays_plain(text):
    assert quoted(text) == text


@pytest.mark.parametrize("text", ["yes", "Off", "null", "12", "a: b", "#x", "", " a", "a "])
def test_what_yaml_would_take_for_something_else_is_quoted(text):
    assert quoted(text).startswith('"')
