"""Composing: always within the limit, always with the link, never in the middle of a sentence."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from crosspost.channels.compose import Source, Voice, compose, compose_thread
from crosspost.channels.counting import message_length
from crosspost.channels.message import Limits, Media
from crosspost.content.excerpt import sentences
from crosspost.content.frontmatter import Variant
from crosspost.content.typography import typeset

URL = "https://www.valbourg.example/2026/11/marche/"
VOICE = Voice("mastodon", "@valbourg@mastodon.example")
LIMITS = Limits()


def source(**changes):
    given = {
        "uid": "u",
        "file": "content/posts/marche.md",
        "url": URL,
        "title": "Le marché ouvre samedi",
        "summary": "Quarante chalets. Du 5 au 24 décembre.",
        "language": "fr",
        "places": {"channels.mastodon": (9, 3), "image.alt": (7, 10), "image": (6, 1)},
    }
    return Source(**(given | changes))


def text_of(made):
    assert made.message is not None, made.problems
    return made.message.text


def test_summary_link_and_hashtags_stand_in_paragraphs():
    made = compose(source(tags=("noel", "centre-ville", "2026")), VOICE, LIMITS)
    assert text_of(made) == (
        f"Quarante chalets. Du 5 au 24 décembre.\n\n{URL}\n\n#Noel #CentreVille"
    )
    assert made.notes == ("'2026' makes no hashtag: it has no letter",)
    assert made.length == message_length(text_of(made), None, LIMITS)


def test_composed_words_get_the_typography_of_their_language():
    made = compose(source(summary='Venez ! "Oui".'), VOICE, LIMITS)
    assert text_of(made).startswith("Venez\u202f! «\u202fOui\u202f».")
    plain = compose(source(summary="Venez !", typography=False), VOICE, LIMITS)
    assert text_of(plain).startswith("Venez !")


def test_a_written_text_is_sent_as_written_with_the_link_below():
    variant = Variant(text='Venez ! "Oui"\n', tags=("noel",))
    made = compose(source(variant=variant, tags=("eau",)), VOICE, LIMITS)
    assert text_of(made) == f'Venez ! "Oui"\n\n{URL}\n\n#Noel'


def test_the_link_goes_where_the_text_wants_it_and_is_not_added_twice():
    made = compose(source(variant=Variant(text="Tout est là : {url}, venez.")), VOICE, LIMITS)
    assert text_of(made) == f"Tout est là : {URL}, venez."
    made = compose(source(variant=Variant(text=f"Lisez {URL}")), VOICE, LIMITS)
    assert text_of(made) == f"Lisez {URL}"
    made = compose(source(variant=Variant(text=f"Lisez {URL}autre")), VOICE, LIMITS)
    assert text_of(made) == f"Lisez {URL}autre\n\n{URL}"


def test_a_written_text_that_is_too_long_is_an_error_at_its_line_never_a_cut():
    made = compose(source(variant=Variant(text="a" * 476)), VOICE, LIMITS)
    assert made.message is None
    (problem,) = made.problems
    assert (problem.file, problem.line, problem.column) == ("content/posts/marche.md", 9, 3)
    assert problem.code == "message-too-long"
    assert "501 characters" in problem.message
    assert compose(source(variant=Variant(text="a" * 475)), VOICE, LIMITS).length == 500


def test_a_warning_that_leaves_no_room_is_told_where_it_stands():
    places = {"channels.mastodon.content_warning": (11, 5)}
    made = compose(source(variant=Variant(content_warning="c" * 490), places=places), VOICE, LIMITS)
    (problem,) = made.problems
    assert (problem.line, problem.column, problem.code) == (11, 5, "message-too-long")
    assert "the content warning for mastodon leaves no room for the link" in problem.message
    assert "513 characters, 13 more than the 500" in problem.message
    fits = compose(source(variant=Variant(content_warning="c" * 477)), VOICE, LIMITS)
    assert (fits.length, text_of(fits)) == (500, URL)


def test_hashtags_leave_before_sentences_and_the_title_stands_in_at_the_end():
    two = source(summary="Première phrase. Seconde phrase.", tags=("noel", "eau"))
    base = message_length(f"Première phrase. Seconde phrase.\n\n{URL}", None, LIMITS)
    made = compose(two, VOICE, Limits(characters=base + 7))
    assert text_of(made).endswith("\n\n#Noel")
    assert made.notes == ("no room for #Eau",)
    made = compose(two, VOICE, Limits(characters=base - 1))
    assert text_of(made) == f"Première phrase.\n\n{URL}\n\n#Noel #Eau"
    assert made.notes == ("the summary is shortened by whole sentences",)
    long = source(summary="Une seule phrase, " * 40 + "sans fin.")
    assert text_of(compose(long, VOICE, LIMITS)) == f"Le marché ouvre samedi\n\n{URL}"
    assert text_of(compose(long, VOICE, Limits(characters=30))) == URL


def test_a_link_that_does_not_fit_is_an_error():
    made = compose(source(), VOICE, Limits(characters=30, strict=True))
    assert made.message is None
    assert made.problems[0].code == "message-too-long"


def test_a_picture_needs_an_alt_text_that_the_server_takes():
    def media(alt):
        return (Media("content/posts/a.png", "00", "image/png", alt, (0.1, 0.2)),)

    assert compose(source(media=media("")), VOICE, LIMITS).problems[0].code == "missing-alt"
    long = compose(source(media=media("a" * 1501)), VOICE, LIMITS).problems[0]
    assert (long.code, long.line, long.column) == ("alt-too-long", 7, 10)
    made = compose(source(media=media("a" * 1500)), VOICE, LIMITS)
    assert made.message.media[0].focus == (0.1, 0.2)


def test_language_visibility_and_warning_come_from_the_variant_first():
    variant = Variant(language="en-GB", visibility="unlisted", content_warning="Noise")
    message = compose(source(variant=variant), VOICE, LIMITS).message
    assert (message.language, message.visibility) == ("en", "unlisted")
    assert (message.content_warning, message.sensitive) == ("Noise", True)
    message = compose(source(), VOICE, LIMITS).message
    assert (message.language, message.visibility) == ("fr", "public")
    assert (message.content_warning, message.sensitive) == (None, False)


def test_the_setting_bounds_the_posts_own_hashtags_only():
    voice = Voice("mastodon", "@a@b", max_hashtags=1)
    assert text_of(compose(source(tags=("a", "b")), voice, LIMITS)).endswith("#A")
    variant = Variant(tags=("c", "d"))
    assert text_of(compose(source(tags=("a",), variant=variant), voice, LIMITS)).endswith("#C #D")


def test_a_hashtag_that_the_server_would_cut_is_an_error_at_its_line():
    places = {"channels.mastodon.text": (11, 5)}
    variant = Variant(text="À #Saint-Denis, (#Concert) en #2026.")
    made = compose(source(variant=variant, places=places), VOICE, LIMITS)
    (problem,) = made.problems
    assert (problem.code, problem.line, problem.column) == ("cut-hashtag", 11, 5)
    assert problem.message == "the server reads #Saint-Denis as #Saint: write #SaintDenis."
    assert made.notes == (
        "#Concert is no hashtag there: put a space before it",
        "#2026 is no hashtag: it has no letter",
    )


def test_each_message_of_a_thread_is_counted_by_itself_with_the_warning():
    variant = Variant(text=("a" * 475, "b" * 500, "c" * 501), content_warning="")
    first, second, third = compose_thread(source(variant=variant), VOICE, LIMITS)
    assert (first.length, second.length, third.length) == (500, 500, 501)
    assert (first.problems, second.problems) == ((), ())
    assert "message 3 of the thread for mastodon has 501 characters, 1 more" in (
        third.problems[0].message
    )
    warned = compose_thread(
        source(variant=structs.replace(variant, content_warning="w")), VOICE, LIMITS
    )
    assert [bool(one.problems) for one in warned] == [True, True, True]


def test_a_thread_as_a_whole_has_all_its_messages_or_all_its_problems():
    made = compose(source(variant=Variant(text=("Un.", "Deux #2026."))), VOICE, LIMITS)
    assert [(one.part, one.parts) for one in made.messages] == [(1, 2), (2, 2)]
    assert made.notes == ("#2026 is no hashtag: it has no letter",)
    wrong = compose(source(variant=Variant(text=("#A-B", "#C-D"))), VOICE, LIMITS)
    assert wrong.messages == ()
    assert [problem.code for problem in wrong.problems] == ["cut-hashtag"] * 2


def test_an_empty_message_of_a_thread_is_an_error_and_an_empty_list_is_no_thread():
    _, empty = compose_thread(source(variant=Variant(text=("Un.", " "))), VOICE, LIMITS)
    assert empty.problems[0].code == "empty-message"
    (made,) = compose_thread(source(variant=Variant(text=())), VOICE, LIMITS)
    assert text_of(made) == text_of(compose(source(), VOICE, LIMITS))


def test_what_the_server_does_not_know_stays_out_and_is_said():
    asked = replace(LIMITS, read_at="2026-11-24T08:00:00Z")
    made = compose(source(variant=Variant(quotes="nobody")), VOICE, asked)
    assert made.message.quotes is None
    assert made.notes == ("the server does not know who may quote a message",)
    (note,) = compose(source(variant=Variant(quotes="nobody")), VOICE, LIMITS).notes
    assert note.endswith("it was not asked yet")
    voice = replace(VOICE, quotes="followers")
    assert compose(source(), voice, Limits(quotes=True)).message.quotes == "followers"
    assert compose(source(), voice, LIMITS).notes == ()


PARTS = st.sampled_from(
    [
        "La mairie ferme.",
        "Venez !",
        "M. Dupont, p. 3, l'a dit.",
        "Été 2026…",
        "« Oui. » Non ?",
        "👨‍👩‍👧‍👦",
    ]
)


@settings(deadline=None)
@given(
    st.lists(PARTS | st.text(max_size=40), max_size=12),
    st.lists(st.text(max_size=12), max_size=6),
    st.integers(min_value=60, max_value=500),
    st.sampled_from(["", "Attention"]),
    st.booleans(),
)
def test_whatever_the_post_the_message_fits_links_and_ends_on_a_sentence(
    parts, tags, characters, warning, strict
):
    limits = Limits(characters=characters, strict=strict)
    given_ = source(
        summary=" ".join(parts), tags=tuple(tags), variant=Variant(content_warning=warning or None)
    )
    made = compose(given_, VOICE, limits)
    text = text_of(made)
    assert made.length == message_length(text, warning, limits) <= characters
    assert URL in text.split("\n\n")
    words = text.partition(URL)[0].strip()
    whole = list(sentences(typeset(given_.summary, "fr")))
    allowed = {" ".join(whole[:n]).strip() for n in range(len(whole) + 1)}
    assert words in allowed | {"Le marché ouvre samedi"}
    assert compose(given_, VOICE, limits) == made
