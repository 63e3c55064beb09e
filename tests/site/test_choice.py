"""Which posts a channel says, by its settings and by what the front matter says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosspost.errors import SiteError
from crosspost.settings_file import load_settings
from crosspost.site.choice import Chooser, check_choices
from crosspost.site.loading import load_index, moment_of_run

HEAD = "site: {title: V, url: https://v.example, language: fr}\n"
POSTS = {
    "expo": "category: culture\ntags: [musee, ete]",
    "show": "category: culture\nlang: en-GB",
    "rue": "category: travaux\ntags: [ete]",
    "quebec": "lang: fr-CA",
    "forced": "category: travaux\nchannels: {musee: true}",
    "written": "category: travaux\nchannels: {musee: {text: Venez.}}",
    "off": "category: culture\ntags: [musee]\nchannels: {musee: false}",
}


@pytest.fixture
def site(tmp_path: Path):
    def make(rules: str, more: str = ""):
        (tmp_path / "crosspost.yaml").write_text(
            f"{HEAD}channels:\n  musee:\n    type: mastodon\n"
            f"    account: '@musee@m.example'\n    {rules}\n{more}"
        )
        for name, front in POSTS.items():
            path = tmp_path / "content/posts" / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"---\ntitle: T\ndate: 2026-01-01\n{front}\n---\nTexte.\n")
        settings = load_settings(tmp_path)
        index, problems = load_index(settings, moment_of_run(settings, "2026-02-01"))
        assert not problems
        return index

    return make


@pytest.mark.parametrize(
    ("rules", "chosen"),
    [
        ("", {"expo", "show", "rue", "quebec"}),
        ("only: {categories: [culture]}", {"expo", "show"}),
        ("only: {categories: [culture, travaux], tags: [ete]}", {"expo", "rue"}),
        ("only: {categories: [culture], languages: [en]}", {"show"}),
        ("only: {languages: [fr]}", {"expo", "rue", "quebec"}),
        ("only: {languages: [fr-ca]}", {"quebec"}),
        ("except: {categories: [culture]}", {"rue", "quebec"}),
        ("except: {tags: [musee], languages: [en]}", {"rue", "quebec"}),
        ("only: {tags: ete}\n    except: {categories: [travaux]}", {"expo"}),
        ("only: named", set()),
    ],
)
def test_each_line_of_only_narrows_and_one_line_of_except_is_enough(site, rules, chosen) -> None:
    index = site(rules)
    chooser = Chooser(index.settings.channels["musee"])
    reasons = {entry.path[6:-3]: chooser.why_not(entry) for entry in index.posts}
    assert {name for name, reason in reasons.items() if not reason} == chosen | {
        "forced",
        "written",
    }
    assert reasons["off"] == "switched off for this channel"


@pytest.mark.parametrize(
    ("rules", "name", "reason"),
    [
        ("only: {categories: [culture, ville]}", "rue", "not chosen: only category culture, ville"),
        ("only: {tags: [musee]}", "rue", "not chosen: only tags musee"),
        ("only: {languages: [en]}", "rue", "not chosen: only language en"),
        ("except: {tags: [ete]}", "rue", "left out: except tags ete"),
        ("except: {categories: [travaux]}", "rue", "left out: except category travaux"),
        ("except: {languages: [fr]}", "rue", "left out: except language fr"),
    ],
)
def test_the_reason_names_the_rule(site, rules, name, reason) -> None:
    index = site(rules)
    assert Chooser(index.settings.channels["musee"]).why_not(index.named(f"posts/{name}")) == reason


def problems(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "crosspost.yaml").write_text(HEAD + text)
    with pytest.raises(SiteError) as caught:
        load_settings(tmp_path)
    return [str(problem) for problem in caught.value.problems]


def channel(rules: str, account: str = "@m@m.example") -> str:
    return f"{{type: mastodon, account: '{account}', {rules}}}"


def test_a_category_that_the_settings_do_not_know_is_an_error_at_its_place(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "categories: {culture: Culture, travaux: Travaux}\nchannels:\n"
        f"  a: {channel('only: {categories: [culture, cultur]}')}\n"
        f"  b: {channel('except: {categories: travau}', '@b@m.example')}\n",
    )
    assert len(found) == 2
    assert found[0].startswith(
        "crosspost.yaml:4:77: error: channel 'a', only: there is no category"
    )
    assert "Did you mean 'culture'?" in found[0]
    assert "channel 'b', except: there is no category 'travau'. Did you mean 'travaux'?" in found[1]


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("only: {}", "it says nothing"),
        ("only: {categories: []}", "it is empty"),
        ("only: {categorie: [a]}", "Did you mean 'categories'?"),
        ("only: nommé", "or: named"),
        ("except: named", "expected keys and values"),
        ("only: {languages: [french]}", "is not a language code"),
    ],
)
def test_a_choice_that_cannot_be_meant(tmp_path: Path, rules: str, words: str) -> None:
    assert words in "".join(problems(tmp_path, f"channels: {{a: {channel(rules)}}}\n"))


def test_one_account_is_one_channel(tmp_path: Path) -> None:
    (found,) = problems(
        tmp_path,
        f"channels:\n  a: {channel('hashtags: 1')}\n"
        f"  b: {channel('hashtags: 2', '@M@m.example')}\n",
    )
    assert "channels 'a' and 'b' are one account" in found
    assert found.startswith("crosspost.yaml:4:")


def test_words_that_fit_nothing_are_warnings(site) -> None:
    index = site("only: {categories: [cultur], tags: [musee, musées]}")
    (index.settings.root / "content/posts/typo.md").write_text(
        "---\ntitle: T\ndate: 2026-01-01\nchannels: {muse: true, newsletter: featured}\n---\n"
    )
    index, _ = load_index(index.settings, index.now)
    found = [str(problem) for problem in check_choices(index, ["musee"])]
    assert len(found) == 3
    assert "warning: channel 'musee' goes by the category 'cultur', which no post has." in found[0]
    assert "'musées', which no post has. Did you mean 'musee'?" in found[1]
    assert found[2].startswith("content/posts/typo.md:4:12: warning: no channel is called 'muse'.")
    assert "Did you mean 'musee'?" in found[2]
