"""Settings: the defaults, the values, and what only shows when two keys are read together."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crosspost.config import Settings
from crosspost.errors import SiteError
from crosspost.settings_file import load_settings, read_settings

SITE = "site: {title: Valbourg, url: https://valbourg.example/}\n"


def load(root: Path, text: str | bytes) -> Settings:
    data = text if isinstance(text, bytes) else text.encode()
    (root / "crosspost.yaml").write_bytes(data)
    return load_settings(root)


def problems(root: Path, text: str | bytes) -> list[str]:
    with pytest.raises(SiteError) as caught:
        load(root, text)
    return [str(problem) for problem in caught.value.problems]


def test_the_shortest_settings(tmp_path: Path) -> None:
    settings = load(tmp_path, SITE)
    assert settings.root == tmp_path
    assert settings.site.url == "https://valbourg.example"
    assert (settings.site.language, settings.site.timezone) == ("fr", "Europe/Paris")
    assert settings.permalink == "/{year}/{month}/{slug}/"
    assert settings.lists.per_page == 10
    assert settings.feeds.formats == ("rss", "atom", "json")
    assert settings.publish.window == timedelta(days=14)
    assert settings.publish.wait_until_live == timedelta(minutes=10)
    assert settings.publish.first_run == "adopt"
    assert settings.base_path == ""
    assert settings.absolute("/a/") == "https://valbourg.example/a/"


def test_a_base_path(tmp_path: Path) -> None:
    settings = load(tmp_path, "site: {title: V, url: 'https://org.github.io/town/'}")
    assert settings.base_path == "/town"
    assert settings.absolute("/town/a/") == "https://org.github.io/town/a/"


def test_a_whole_file_with_bom_and_crlf(tmp_path: Path) -> None:
    text = f"""\
{SITE}theme: ville
permalink: /{{year}}/{{slug}}/
lists: {{per_page: 3}}
feeds: {{items: 5, formats: [rss], per: []}}
categories: {{works: Travaux, culture: {{label: Culture, labels: {{en: Arts}}}}}}
publish: {{window: 2 weeks, wait_until_live: false, first_run: publish}}
channels:
  mastodon: {{type: mastodon, account: valbourg@mastodon.example, token: "${{MASTODON_TOKEN}}"}}
static: [img, files]
params: {{phone: "01 02"}}
"""
    settings = load(tmp_path, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert settings.permalink == "/{year}/{slug}/"
    assert settings.categories["works"].label == "Travaux"
    assert settings.categories["culture"].labels == {"en": "Arts"}
    assert settings.publish.wait_until_live is None
    channel = settings.channels["mastodon"]
    assert (channel.name, channel.account, channel.token) == (
        "mastodon",
        "@valbourg@mastodon.example",
        "${MASTODON_TOKEN}",
    )
    assert settings.static == ("img", "files")
    assert settings.params == {"phone": "01 02"}


@pytest.mark.parametrize(
    ("compat", "permalink"),
    [
        ("jekyll", "date"),
        ("hugo", "/:section/:filename/"),
        ("pelican", "{slug}.html"),
    ],
)
def test_another_generator_has_its_own_pattern(tmp_path: Path, compat: str, permalink: str) -> None:
    assert load(tmp_path, f"{SITE}compat: {compat}\n").permalink == permalink


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "site: {title: V, url: valbourg.example}",
            "1:23: error: url: 'valbourg.example' is not a",
        ),
        ("site: {title: V, url: 'https://v.example/?a=1'}", "1:23: error: url: "),
        (
            "site: {title: '  ', url: 'https://v.example/'}",
            "1:15: error: title: it is empty: write a text.",
        ),
        (
            f"{SITE}lists: {{per_page: 0}}",
            "2:19: error: per_page: 0 is too small: write 1 or more.",
        ),
        (f"{SITE}static: ../img", "2:9: error: static: '../img' must be a folder inside the site"),
        (f"{SITE}static: /img", "2:9: error: static: '/img' must be a folder inside the site"),
        (f"{SITE}permalink: /{{slugg}}/", "2:12: error: permalink: '{slugg}' is unknown. Did you"),
        (
            f"{SITE}markdown: {{flavour: gmf}}",
            "2:21: error: flavour: 'gmf' is not one of markdown, gfm. Did you mean 'gfm'?",
        ),
        (f"{SITE}compat: wordpress", "2:9: error: compat: 'wordpress' is not one of jekyll, hugo"),
        (f"{SITE}feeds: {{formats: [rdf]}}", "2:19: error: 'rdf' is not one of rss, atom, json."),
        (
            f"{SITE}channels: {{m: {{type: mastodon}}}}",
            "2:15: error: channel 'm' needs an account.",
        ),
        (
            f"{SITE}channels: {{M: {{type: mail}}}}",
            "2:15: error: 'M' must be lower-case letters, digits, - or _.",
        ),
        (
            f"{SITE}channels: {{m: {{type: mastodon, account: '@a@b.c', instance: 'http://b.c'}}}}",
            "2:15: error: channel 'm': plain http is for this machine only.",
        ),
        (
            f"{SITE}channels: {{m: {{type: mastodon, account: '@a'}}}}",
            "2:41: error: account: '@a' is not an account. Write \"@town@mastodon.example\".",
        ),
    ],
)
def test_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(f"crosspost.yaml:{message}")


@pytest.mark.parametrize(
    "token", ["Zx81SECRET", "'Zx81SECRET'", "'prefix-${SECRET}'", "[Zx81SECRET]"]
)
def test_a_secret_is_refused_and_never_repeated(tmp_path: Path, token: str) -> None:
    text = f"{SITE}channels: {{m: {{type: mastodon, account: '@a@b.c', token: {token}}}}}"
    (problem,) = problems(tmp_path, text)
    assert problem.startswith("crosspost.yaml:2:58: error: token: ")
    assert "SECRET" not in problem


@pytest.mark.parametrize("token", ["$MASTODON_TOKEN", "'{MASTODON_TOKEN}'"])
def test_a_variable_without_its_braces_is_no_secret(tmp_path: Path, token: str) -> None:
    text = f"{SITE}channels: {{m: {{type: mastodon, account: '@a@b.c', token: {token}}}}}"
    (problem,) = problems(tmp_path, text)
    assert "an environment variable is written as ${MASTODON_TOKEN}, with $ and { }." in problem


def test_loopback_may_be_plain_http(tmp_path: Path) -> None:
    text = "channels: {m: {type: mastodon, account: '@a@b.c', instance: 'http://127.0.0.1:3000'}}"
    assert load(tmp_path, SITE + text).channels["m"].instance == "http://127.0.0.1:3000"


def test_what_is_wrong_has_its_default_so_that_a_build_goes_on(tmp_path: Path) -> None:
    text = "site: {titel: V}\ncompat: jekyll\nlists: {per_page: 3}\nthme: x\n"
    (tmp_path / "crosspost.yaml").write_text(text, encoding="utf-8")
    settings, found = read_settings(tmp_path)
    assert len(found) == 4
    assert (settings.compat, settings.lists.per_page, settings.permalink) == ("jekyll", 3, "date")
    assert settings.problem("thme", "c", "M.").line == 4


def test_a_list_or_a_word_is_no_settings(tmp_path: Path) -> None:
    for text in ("- a", "word", "? [a]\n: b\n"):
        assert problems(tmp_path, text)
