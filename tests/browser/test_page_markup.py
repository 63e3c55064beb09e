"""Every file that the build makes is valid HTML whose links lead somewhere. Needs no browser."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from urllib.parse import unquote, urlsplit

import html5lib
import pytest

BASE = "/town/"
LOADS = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src"}


def pages(output):
    found = sorted(output.rglob("*.html"))
    assert len(found) > 60
    return found


def parse(path):
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(path.read_bytes().decode())


@pytest.fixture(scope="module")
def trees(output):
    """Parse every page strictly; all mistakes in one message."""
    trees, mistakes = {}, []
    for path in pages(output):
        name = path.relative_to(output).as_posix()
        try:
            trees[name] = parse(path)
        except html5lib.html5parser.ParseError as error:
            mistakes.append(f"{name}: {error}")
    assert mistakes == []
    return trees


def web_pages(trees):
    """Leave out what only mail programs and redirects show."""
    return {
        name: tree
        for name, tree in trees.items()
        if not name.endswith("email.html") and tree.find(".//body[@class]") is not None
    }


def test_every_file_is_strict_html(trees):
    assert "index.html" in trees


def test_each_page_has_what_a_page_needs(trees):
    wrong = []
    for name, tree in web_pages(trees).items():
        checks = {
            "html has no lang": tree.get("lang"),
            "not one h1": len(tree.findall(".//h1")) == 1,
            "not one main": len(tree.findall(".//main")) == 1,
            "no title": (tree.findtext(".//title") or "").strip(),
            "no description": tree.find(".//meta[@name='description']") is not None
            or name == "404.html",
            "no style sheet": tree.find(".//link[@rel='stylesheet']") is not None,
            "no feed": tree.find(".//link[@rel='alternate']") is not None,
            "an id twice": len(ids := [e.get("id") for e in tree.iter() if e.get("id")])
            == len(set(ids)),
            "a level of headings skipped": not skipped_levels(tree),
        }
        wrong += [f"{name}: {what}" for what, good in checks.items() if not good]
    assert wrong == []


def skipped_levels(tree):
    levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch("h[1-6]", str(e.tag))]
    return [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]


def test_titles_tell_pages_apart(trees):
    titles = {}
    for name, tree in web_pages(trees).items():
        titles.setdefault(tree.findtext(".//title"), []).append(name)
    # The home page's older pages list the same posts as the archives: the same title is right.
    doubles = {
        title: names
        for title, names in titles.items()
        if len([name for name in names if not name.startswith("page/")]) > 1
    }
    assert doubles == {}


def test_nothing_comes_from_another_host_or_runs(trees):
    wrong = []
    for name, tree in web_pages(trees).items():
        for element in tree.iter():
            source = element.get(LOADS.get(str(element.tag), "-"), "")
            if urlsplit(source).netloc:
                wrong.append(f"{name}: {element.tag} loads {source}")
            if element.tag == "script" and element.get("type") != "application/ld+json":
                wrong.append(f"{name}: a script")
            loaded = element.tag == "link" and element.get("rel") in (
                "stylesheet",
                "icon",
                "preload",
            )
            if loaded and urlsplit(element.get("href", "")).netloc:
                wrong.append(f"{name}: {element.get('href')}")
            if any(attribute.startswith("on") for attribute in map(str, element.keys())):
                wrong.append(f"{name}: {element.tag} has a handler")
    assert wrong == []


def test_style_sheets_load_nothing(output):
    sheets = list(output.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        text = sheet.read_text("utf-8")
        assert "@import" not in text
        assert re.findall(r"url\((?!\s*[\"']?data:)[^)]*\)", text) == []


def test_every_link_below_the_base_path_leads_to_a_file(trees, output):
    wrong = []
    for name, tree in web_pages(trees).items():
        for element in tree.iter():
            for attribute in ("href", "src"):
                value = element.get(attribute) or ""
                parts = urlsplit(value)
                if parts.scheme or parts.netloc or not value:
                    continue
                if parts.path and not parts.path.startswith(BASE):
                    wrong.append(f"{name}: {value} forgets the base path")
                    continue
                target = unquote(parts.path).removeprefix(BASE) if parts.path else name
                if not target or target.endswith("/"):
                    target += "index.html"
                if not (output / target).is_file():
                    wrong.append(f"{name}: {value} leads nowhere")
                elif parts.fragment and target in trees and not anchor(trees, target, parts):
                    wrong.append(f"{name}: there is no #{parts.fragment} in {target}")
    assert wrong == []


def anchor(trees, target, parts):
    return any(e.get("id") == unquote(parts.fragment) for e in trees[target].iter())


def test_structured_data_is_true(trees):
    seen = 0
    for name, tree in web_pages(trees).items():
        for script in tree.findall(".//script[@type='application/ld+json']"):
            data = json.loads(script.text)
            canonical = tree.find(".//link[@rel='canonical']")
            assert data["@context"] == "https://schema.org"
            assert data["url"] == canonical.get("href"), name
            if data["@type"] == "NewsArticle":
                seen += 1
                assert data["inLanguage"] == tree.get("lang")
                published = tree.find(".//meta[@property='article:published_time']")
                assert data["datePublished"] == published.get("content"), name
                assert all(url.startswith("https://org.github.io/town/") for url in data["image"])
                uid = tree.find(".//meta[@name='crosspost-uid']")
                assert uid.get("content"), name
    assert seen >= 40


def test_stories_speak_microformats(trees):
    for name, tree in web_pages(trees).items():
        if "kind-post" not in tree.find(".//body").get("class").split():
            continue
        classes = {c for e in tree.iter() for c in (e.get("class") or "").split()}
        wanted = {"h-entry", "p-name", "e-content", "dt-published", "u-url", "p-author", "h-card"}
        assert wanted <= classes, name


@pytest.mark.slow
def test_the_nu_validator_agrees(output, node_module, java):
    jar = node_module("vnu-jar/build/dist/vnu.jar")
    files = [str(path) for path in pages(output) if path.name != "email.html"]
    command = [java, "-jar", str(jar), "--errors-only", "--format", "json", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = json.loads(done.stderr)["messages"]
    mistakes = [
        f"{m.get('url', '').rpartition('/town/')[2]}:{m.get('lastLine')}: {m['message']}"
        for m in messages
    ]
    assert mistakes == []
