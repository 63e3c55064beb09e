from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from crosspost.content.slugs import LONGEST, Names, slugify

CASES = "slugs.txt"


def test_slug(source, expected):
    assert slugify(source) == expected


@given(st.text())
def test_a_slug_is_never_empty_and_has_single_hyphens_between_words(text):
    slug = slugify(text)
    assert 0 < len(slug) <= LONGEST
    assert "--" not in slug
    assert slug.strip("-") == slug
    assert not re.search(r"[\s/?#&_.<>\"']", slug)


@given(st.text())
def test_a_slug_is_its_own_slug(text):
    assert slugify(slugify(text)) == slugify(text)


@given(st.text(st.sampled_from("abZ09-_. '"), max_size=LONGEST))
def test_a_slug_that_is_one_already_is_made_like_any_other(text):
    words = re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")
    slug = slugify(text)
    assert slug == words if words else slug.startswith("x-")


def test_two_texts_without_letters_do_not_meet():
    assert slugify("🎄") != slugify("🎃")


def test_names_take_the_first_free_number():
    names = Names({"a", "a-3"})
    assert [names.new("a"), names.new("a"), names.new("b"), names.new("a-2")] == [
        "a-2",
        "a-4",
        "b",
        "a-2-2",
    ]
