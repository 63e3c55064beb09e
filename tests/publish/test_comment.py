"""A plan for a pull request: whatever stands in a post is shown as it is, and does nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from crosspost.channels.compose import Voice
from crosspost.channels.message import Media, Message
from crosspost.errors import Problem
from crosspost.publish.comment import MOST, plain, plan_as_markdown
from crosspost.publish.plan import Action, ActionKind, Plan, Target
from crosspost.publish.rows import Key, Row, State

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACCOUNT = "@valbourg@m.example"
EVIL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</code></pre><b>x</b>",
    "@maire @ville/equipe",
    "#12 ville/site#12 GH-12",
    "````",
    "```\n\n# Titre\n\n```text",
    "~~~",
    "`a` **b** _c_ [d](https://e.example) ![f](https://g.example/h.png)",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "- [ ] tâche\n1. un\n> citation",
    "a\r```\r# b",
    "&lt;b&gt; &amp; &#64;maire",
    "$$x$$ :smile:",
    "https://www.valbourg.example/a_b_c/",
)
words = st.one_of(
    st.sampled_from(EVIL),
    st.lists(
        st.one_of(st.sampled_from(EVIL), st.text(max_size=8), st.sampled_from(["\n", "\r", " "])),
        max_size=5,
    ).map("".join),
).map(lambda text: text.encode("utf-8", "replace").decode().replace("\0", ""))


def rendered(text: str) -> str:
    return cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)


def action(number: int = 1, text: str = "Texte", kind: str = "create", **more: object) -> Action:
    path = str(more.pop("path", f"content/posts/{number}.md"))
    url = f"https://www.valbourg.example/{number}/"
    media = more.pop("media", ())
    key = Key("mastodon", ACCOUNT, str(number))
    message = Message("mastodon", ACCOUNT, str(number), text, url, path, media=media)
    given = {"reason": "not said yet", "length": 5, "limit": 500, **more}
    return Action(ActionKind(kind), key, path, message=message, **given)


def plan(*actions: Action, **more: object) -> Plan:
    target = Target(Voice("mastodon", ACCOUNT), "mastodon", limits_from="defaults: never read yet")
    return Plan(actions, (target,), NOW, **more)


@given(words, words, words)
def test_no_text_leaves_its_fence_and_no_word_becomes_markup(text, name, alt) -> None:
    media = (Media(f"{name}.png", "d", "image/png", alt),)
    one = action(1, text, media=media, path=name, reason=alt, notes=(name,))
    edit = action(2, "x", "edit", diff=(f"-{alt}", f"+{text}"))
    problem = Problem(name, 1, 1, "code", alt)
    made = plan_as_markdown(plan(one, edit, warnings=(problem,)))
    html = rendered(made)
    fenced = re.findall(r"<pre[^>]*><code[^>]*>(.*?)</code></pre>", html, re.DOTALL)
    codes = [unescape(code) for code in fenced]
    assert len(codes) == 3
    lines = re.sub(r"\r\n|\r", "\n", text)
    assert codes[0] == lines + "\n"
    outside = re.sub(r"<pre.*?</pre>|<code>.*?</code>", "", html, flags=re.DOTALL)
    assert set(re.findall(r"<(\w+)", outside)) <= {"h2", "h3", "p", "strong", "ul", "li"}
    assert html.count("<h2>") == 1
    assert html.count("<h3>") == 2
    shown = unescape(re.sub(r"<[^>]*>", "", outside))
    assert not re.search(r"@\w|(?<!&)#\w", shown)


@pytest.mark.parametrize("word", EVIL)
def test_plain_words_read_as_they_were_written(word: str) -> None:
    html = rendered(f"a {plain(word)} z")
    shown = unescape(re.sub(r"<[^>]*>", "", html)).replace("\u200b", "")
    assert " ".join(shown.split()) == " ".join(f"a {word} z".split())


def test_what_does_not_fit_leaves_by_whole_actions_and_is_counted() -> None:
    many = [action(number, f"{number:04} " + "é" * 480) for number in range(200)]
    broken = action(999, kind="blocked", problems=(Problem("a.md", 3, 1, "c", "mend me"),))
    text = plan_as_markdown(plan(*many, broken))
    assert MOST - 1200 < len(text) <= MOST
    shown = re.findall(r"^(\d{4}) é{480}$", text, re.MULTILINE)
    assert shown == [f"{number:04}" for number in range(len(shown))]
    (left,) = re.findall(r"(\d+) messages more than fit into a comment are not shown", text)
    assert int(left) == 201 - len(shown)
    assert text.index("mend me") < text.index("0000 é")
    assert text.count("```text") * 2 == text.count("```")
    assert len(plan_as_markdown(plan(*many), 10_000)) <= 10_000


def test_an_edit_shows_what_changes_and_the_whole_text_and_where_it_is() -> None:
    row = Row(Key("mastodon", ACCOUNT, "1"), State.SENT, 1, remote_url="https://m.example/@v/1")
    text = plan_as_markdown(
        plan(action(1, "Neuf\nici", "edit", diff=("-Vieux", "+Neuf"), row=row), next_change=NOW)
    )
    assert "```diff\n-Vieux\n+Neuf\n```" in text
    assert "```text\nNeuf\nici\n```" in text
    assert "- the status: `https://m.example/@v/1`" in text
    assert "Limit: 500 characters (defaults: never read yet)." in text
    assert "A post next appears or expires at 2026-11-23 12:00" in text
