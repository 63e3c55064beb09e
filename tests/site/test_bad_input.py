# ruff: noqa: ISC004 - a message in full is easier to read without parentheses around it
"""What people get wrong, from the file to the message: exit status, exact words, nothing changed.

Each case is a working site into which one mistake is written. `POST` begins a correct post; the
expected lines are whole, so that a change of words is seen by whoever makes it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

GOOD = {
    "content/posts/good.md": "---\ntitle: Good\ndate: 2026-11-01\n---\nGood text.\n",
    "content/pages/contact.md": "---\ntitle: Contact\n---\nCall us.\n",
}
A = "content/posts/a.md"
POST = "---\ntitle: A\ndate: 2026-11-02 09:00\n"
SETTINGS = "site: {title: V, url: https://v.example}\n"
WRONG_YAML = "error: this is not valid YAML:"
KEYS = (
    "Known here: title, uid, date, updated, expires, draft, category, tags, summary, image, lang, "
    "author, slug, permalink, aliases, gone, layout, channels, event, menu, noindex, "
    "period, posts, preheader, params. [unknown-key]"
)

FRONT_MATTER = {
    "a colon without quotes": (
        {A: "---\ntitle: Works: the road opens\n---\n"},
        f"{A}:2:13: {WRONG_YAML} mapping values are not allowed in this context. A text that holds "
        '": " must be in quotes, as in title: "Travaux : la rue rouvre". [yaml-syntax]',
    ),
    "a quotation mark that is not closed": (
        {A: '---\ntitle: "Works\ndate: 2026-11-02\n---\n'},
        f"{A}:2:8: {WRONG_YAML} while scanning a quoted scalar found unexpected end of stream. A "
        "quotation mark is not closed. Where a text holds \", put it between '. [yaml-syntax]",
    ),
    "a bracket that is not closed": (
        {A: f"{POST}tags: [a, b\n---\n"},
        f"{A}:4:7: {WRONG_YAML} while parsing a flow sequence did not find expected ',' or ']'. A "
        "bracket or a brace is not closed, or a comma is missing inside it. [yaml-syntax]",
    ),
    "not closed": (
        {A: "---\ntitle: A\n\nText.\n"},
        f"{A}:1:1: error: the front matter is not closed. Put a line with --- after its last key. "
        "[unclosed-front-matter]",
    ),
    "none": (
        {A: "# A heading\n"},
        f"{A}:1:1: error: there is no front matter. Begin the file with ---, title: …, and --- "
        "again. [no-front-matter]",
    ),
    "an empty file": (
        {A: ""},
        f"{A}:1:1: error: there is no front matter. Begin the file with ---, title: …, and --- "
        "again. [no-front-matter]",
    ),
    "TOML": (
        {A: "+++\ntitle = 'A'\n+++\n"},
        f"{A}:1:1: error: TOML front matter is not read. Write YAML between two --- lines. "
        "[no-front-matter]",
    ),
    "a tab": (
        {A: f"{POST}image:\n\tsrc: a.jpg\n---\n"},
        f"{A}:5:1: {WRONG_YAML} while scanning for the next token found character that cannot "
        "start any token. YAML is indented with spaces: replace the tab. [yaml-syntax]",
    ),
    "Latin-1": (
        {A: "---\ntitle: L\xe9o\n---\n".encode("latin-1")},
        f"{A}:2:9: error: byte 0xe9 is not UTF-8 (it may be Latin-1 or Windows-1252): save the "
        "file as UTF-8. [not-utf8]",
    ),
    "Latin-1 in the text": (
        {A: f"{POST}---\nUn caf\xe9\n".encode("latin-1")},
        f"{A}:5:7: error: byte 0xe9 is not UTF-8 (it may be Latin-1 or Windows-1252): save the "
        "file as UTF-8. [not-utf8]",
    ),
    "UTF-16": (
        {A: f"{POST}---\n".encode("utf-16")},
        f"{A}:1:1: error: this is UTF-16: save the file as UTF-8. [not-utf8]",
    ),
    "no text at all": (
        {A: bytes(range(256))},
        f"{A}:1:1: error: this is not a text file. [not-text]",
    ),
    "an unknown key": (
        {A: f"{POST}catgory: x\n---\n"},
        f"{A}:4:1: error: unknown key 'catgory'. Did you mean 'category'? {KEYS}",
    ),
    "a key written twice": (
        {A: f"{POST}title: B\n---\n"},
        f"{A}:4:1: error: 'title' is written twice: keep one. [duplicate-key]",
    ),
    "a date that does not exist": (
        {A: "---\ntitle: A\ndate: 2026-02-30\n---\n"},
        f"{A}:3:7: error: date: '2026-02-30' is a date that does not exist. Write year-month-day, "
        "as 2026-12-01. [wrong-value]",
    ),
    "a date in words": (
        {A: "---\ntitle: A\ndate: tomorrow\n---\n"},
        f"{A}:3:7: error: date: 'tomorrow' is not a date. Write 2026-12-01 or 2026-12-01 09:00. "
        "[wrong-value]",
    ),
    "a date beyond every calendar": (
        {A: "---\ntitle: A\ndate: 0001-01-01 00:00 +1200\n---\n"},
        f"{A}:3:7: error: date: '0001-01-01 00:00 +1200' is not of our time: write a year from "
        "1000 to 9998. [wrong-value]",
    ),
    "no title": (
        {A: "---\ndate: 2026-11-02\n---\n"},
        f"{A}:2:1: error: 'title' is missing: write title: … [missing-key]",
    ),
    "an empty title": (
        {A: "---\ntitle:\ndate: 2026-11-02\n---\n"},
        f"{A}:2:7: error: title: it is empty: write a text, or remove the key. [wrong-value]",
    ),
    "10,000 characters in a title": (
        {A: f"---\ntitle: {'x' * 10_000}\ndate: 2026-11-02\n---\n"},
        f"{A}:2:8: error: title: it has 10,000 characters: write at most 300. [wrong-value]",
    ),
    "a list": (
        {A: "---\n- a\n---\n"},
        f"{A}:2:1: error: expected keys and values, found a list. [wrong-type]",
    ),
    "one uid for two": (
        {A: f"{POST}uid: one\n---\n", "content/posts/b.md": f"{POST}uid: one\n---\n"},
        f"content/posts/b.md:4:1: error: the uid one is also that of {A}: a copied post needs a "
        "uid of its own. Remove the line, or run `crosspost new` for a new one. [duplicate-uid]",
    ),
    "a bomb of aliases": (
        {
            A: f"{POST}params:\n  a: &a [1,1,1,1,1,1,1,1,1]\n"
            + "".join(
                f"  {new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
                for old, new in zip("abcdefgh", "bcdefghi", strict=True)
            )
            + "---\n"
        },
        f"{A}:2:1: error: its aliases (*name) make 490,329,070 values: write at most 10,000. "
        "[yaml-too-large]",
    ),
    "an alias in itself": (
        {A: f"{POST}params: &p {{x: *p}}\n---\n"},
        f"{A}:2:1: error: an alias (*name) stands inside what it names: write the value instead. "
        "[yaml-too-large]",
    ),
    "nesting that would overflow the stack": (
        {A: f"{POST}params: {'[' * 100_000}\n---\n"},
        f"{A}:2:1: {WRONG_YAML} it is nested too deeply. Write at most 100 levels. [yaml-syntax]",
    ),
    "deep nesting": (
        {A: f"{POST}params: {{a: {'[' * 30}{']' * 30}}}\n---\n"},
        f"{A}:4:13: error: a: it is nested more than 20 deep. [wrong-value]",
    ),
    "an edition without posts": (
        {"content/newsletters/1.md": f"{POST}---\n"},
        "content/newsletters/1.md:2:1: error: an edition needs 'period' or 'posts': write period: "
        "{from: 2026-11-01, to: 2026-11-15}. [missing-key]",
    ),
    "a template that does not exist": (
        {A: f"{POST}layout: pots\n---\n"},
        f"{A}:4:1: error: there is no template 'pots.html'. Did you mean 'post.html'? "
        "[unknown-layout]",
    ),
}

SITE = {
    "two documents for one address": (
        {A: f"{POST}slug: x\n---\n", "content/posts/b.md": f"{POST}slug: x\n---\n"},
        f"content/posts/b.md:4:1: error: its address /2026/11/x/ is also that of {A}: give one of "
        "them another slug. [duplicate-url]",
    ),
    "an alias that is an address": (
        {A: f"{POST}aliases: [/contact/]\n---\n"},
        f"{A}:4:1: error: the alias /contact/ is the address of content/pages/contact.md: remove "
        "it. [duplicate-url]",
    ),
    "a number larger than any": (
        {A: f"{POST}menu: 99999999999999999999999\n---\n"},
        f"{A}:4:7: error: menu: '99999999999999999999999' is larger than any number that is meant "
        "here. [wrong-value]",
    ),
    "the address of the home page": (
        {A: f"{POST}permalink: /\n---\n"},
        f"{A}:1:1: error: /index.html would be made twice: of {A} and of the home page. "
        "Move one of them. [duplicate-url]",
    ),
    "a link to a file that is not there": (
        {A: f"{POST}---\nSee the\n[rules](rules.md).\n"},
        f"{A}:6:9: error: 'rules.md' does not exist: there is no content/posts/rules.md. "
        "[broken-link]",
    ),
    "a picture that is not there": (
        {A: f"{POST}---\n![A fair](fair.jpg)\n"},
        f"{A}:5:11: error: 'fair.jpg' does not exist: there is no content/posts/fair.jpg. "
        "[broken-link]",
    ),
    "a picture that is none": (
        {A: f"{POST}---\n![A fair](fair.jpg)\n", "content/posts/fair.jpg": b"no picture"},
        f"{A}:5:11: error: content/posts/fair.jpg cannot be read as a picture: its bytes are not "
        "those of a picture. Save it again. [not-a-picture]",
    ),
    "a picture that nobody shows and is none": (
        {"content/fair.jpg": b"no picture"},
        "content/fair.jpg: error: this cannot be read as a picture: its bytes are not those of a "
        "picture. Save it again, or remove it. [not-a-picture]",
    ),
    "a template with a wrong tag": (
        {"templates/post.html": "<p>\n{% if %}\n"},
        "templates/post.html:2: error: Expected an expression, got 'end of statement block'. "
        "[template-syntax]",
    ),
    "a template with an unknown name": (
        {"templates/post.html": "<p>\n{{ titel }}\n"},
        "templates/post.html:2: error: 'titel' is not defined (for content/posts/good.md). "
        "[template-error]",
    ),
    "a template with an unknown attribute": (
        {"templates/post.html": "<p>\n{{ post.titel }}\n"},
        "templates/post.html:2: error: Card has no 'titel' (for content/posts/good.md). "
        "[template-error]",
    ),
    "a template that extends itself": (
        {"templates/post.html": '{% extends "post.html" %}'},
        "templates/post.html:1: error: the template includes or extends itself without end (for "
        "content/posts/good.md). [template-loop]",
    ),
    "templates in a circle": (
        {
            "templates/post.html": '{% extends "wide.html" %}',
            "templates/wide.html": '{% include "post.html" %}',
        },
        "templates/post.html:1: error: the template includes or extends itself without end (for "
        "content/posts/good.md). [template-loop]",
    ),
    "a theme that extends itself": (
        {
            "crosspost.yaml": f"{SETTINGS}theme: own\n",
            "themes/own/theme.yaml": "name: own\nextends: own\n",
        },
        "crosspost.yaml:2:1: error: theme 'own' extends itself. [unknown-theme]",
    ),
    "a theme that does not exist": (
        {"crosspost.yaml": f"{SETTINGS}theme: vile\n"},
        "crosspost.yaml:2:1: error: there is no theme 'vile'. Did you mean 'ville'? Known: ville. "
        "[unknown-theme]",
    ),
    "a misspelt setting": (
        {"crosspost.yaml": f"{SETTINGS}themes: ville\n"},
        "crosspost.yaml:2:1: error: unknown key 'themes'. Did you mean 'theme'? Known here: site, "
        "theme, permalink, lists, feeds, categories, tags, newsletter, markdown, publish, "
        "redirects, check, channels, fediverse, static, compat, params. [unknown-key]",
    ),
    "settings that are not YAML": (
        {"crosspost.yaml": "site: {title: V\n"},
        f"crosspost.yaml:1:7: {WRONG_YAML} while parsing a flow mapping did not find expected ',' "
        "or '}'. A bracket or a brace is not closed, or a comma is missing inside it. "
        "[yaml-syntax]",
    ),
    "empty settings": (
        {"crosspost.yaml": ""},
        "crosspost.yaml:1:1: error: 'site' is missing: write site: … [missing-key]",
    ),
    "a token in clear": (
        {
            "crosspost.yaml": f"{SETTINGS}channels:\n  mastodon:\n    type: mastodon\n"
            '    account: "@v@m.example"\n    token: Zx81SECRET\n'
        },
        "crosspost.yaml:6:12: error: token: a secret is written here in clear. Revoke it, put the "
        "new one into an environment variable, and write ${MASTODON_TOKEN} here. [wrong-value]",
    ),
    "a pattern of another generator": (
        {"crosspost.yaml": f"{SETTINGS}permalink: pretty\n"},
        "crosspost.yaml:2:12: error: permalink: 'pretty' is written as for another generator. "
        "Write /{year}/{month}/{slug}/. Or add compat: jekyll, where the content was written for "
        "Jekyll. [wrong-value]",
    ),
    "a folder that does not exist": (
        {"crosspost.yaml": f"{SETTINGS}static: img\n"},
        "crosspost.yaml:2:1: error: 'static' names the folder img, which does not exist. "
        "[missing-file]",
    ),
}
CASES = {**FRONT_MATTER, **SITE}


@pytest.mark.parametrize("name", CASES)
def test_one_mistake(site, name: str) -> None:
    files, expected = CASES[name]
    here = site(GOOD)
    assert here.build().status == 0
    before = here.outputs()
    result = here.write(files).build()
    assert result.problems == [expected]
    assert result.status == 1
    assert result.err.splitlines()[-1] == "1 error. Nothing was changed."
    assert "SECRET" not in result.err + result.out
    assert here.outputs() == before


def test_all_mistakes_in_one_run_sorted(site) -> None:
    files = {
        "crosspost.yaml": f"{SETTINGS}thme: x\n",
        "templates/page.html": "{% if %}",
        "templates/post.html": "{{ nope }}",
        "content/posts/c.md": f"{POST}---\n[a](a.md) [z](z.md)\n",
        "content/posts/b.md": "---\ntitle: B: b\n---\n",
        A: f"{POST}tags: x\nmenu: y\nslugs: z\n---\n",
        "content/pages/latin.md": b"---\ntitle: \xe9\n---\n",
    }
    here = site(GOOD)
    here.build()
    before = here.outputs()
    result = here.write(files).build()
    places = [line.partition(": error: ")[0] for line in result.problems]
    assert places == [
        "content/pages/latin.md:2:8",
        f"{A}:4:7",
        f"{A}:5:7",
        f"{A}:6:1",
        "content/posts/b.md:2:9",
        "content/posts/c.md:5:15",
        "crosspost.yaml:2:1",
        "templates/page.html:1",
        "templates/post.html:1",
    ]
    assert result.status == 1
    assert result.err.splitlines()[-1] == "9 errors. Nothing was changed."
    assert here.outputs() == before


def test_wrong_types_each_with_its_key(site) -> None:
    front = (
        "tags: a\nimage: 3\naliases: /x/\ndraft: maybe\nexpires: [1]\nchannels: x\nlang: french\n"
    )
    result = site({A: f"{POST}{front}---\n"}).build()
    assert [line.partition("error: ")[2] for line in result.problems] == [
        "tags: expected a list, found 'a'. Write [one, two]. [wrong-value]",
        "image: expected keys and values, found '3'. [wrong-value]",
        "aliases: expected a list. Write [/old/address/]. [wrong-value]",
        "draft: 'maybe' is neither true nor false. [wrong-value]",
        "expires: expected a text, found a list. [wrong-value]",
        "channels: expected channels and what each is to say, as mastodon: {text: …}. "
        "[wrong-value]",
        "lang: 'french' is not a language code. Write fr, en or pt-BR. [wrong-value]",
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{POST}---\nText.\n",
        f"{POST}---\nText.\n".replace("\n", "\r\n"),
        f"{POST}---\nText.\n".replace("\n", "\r"),
        f"\ufeff{POST}---\nText.\n".replace("\n", "\r\n"),
        f"{POST}---",
        f"{POST}...\nText.\n",
    ],
    ids=["BOM", "CRLF", "CR", "BOM and CRLF", "no text", "dots"],
)
def test_what_editors_write_is_accepted(site, text: str) -> None:
    here = site({A: text})
    assert here.build("--strict").status == 0
    assert "<h1" in here.page("2026/11/a/index.html")


def test_no_posts_at_all_builds(site) -> None:
    here = site({})
    result = here.build("--strict")
    assert (result.status, result.err) == (0, "")
    assert "index.html" in here.outputs()


def test_settings_that_are_missing(site) -> None:
    here = site({})
    (here.root / "crosspost.yaml").unlink()
    result = here.build()
    assert result.status == 1
    assert result.problems == [
        "crosspost.yaml: error: there is no such file. Run `crosspost init DIR` for a new site, or "
        "give its folder with -C DIR. [missing-file]"
    ]


def test_links_that_leave_the_site_or_run_in_circles(site, tmp_path: Path) -> None:
    here = site(GOOD)
    here.build()
    before = here.outputs()
    secret = tmp_path / "secret.md"
    secret.write_text("---\ntitle: Secret\ndate: 2026-11-01\n---\n", encoding="utf-8")
    posts = here.root / "content/posts"
    (posts / "out.md").symlink_to(secret)
    (posts / "etc").symlink_to("/etc")
    (posts / "loop").symlink_to(posts)
    (posts / "self").symlink_to("self")
    (posts / "gone.jpg").symlink_to("nothing.jpg")
    result = here.build()
    assert result.problems == [
        "content/posts/etc: error: this link leaves the site: put the file itself here. [symlink]",
        "content/posts/gone.jpg: error: this link leads nowhere: remove it, or mend its target. "
        "[symlink]",
        "content/posts/loop: error: this link runs in a circle: remove it. [symlink]",
        "content/posts/out.md: error: this link leaves the site: put the file itself here. "
        "[symlink]",
        "content/posts/self: error: this link leads nowhere: remove it, or mend its target. "
        "[symlink]",
    ]
    assert result.status == 1
    assert here.outputs() == before


def test_a_link_inside_the_site_is_followed(site, post) -> None:
    here = site({"shared/fair.md": post()})
    (here.root / "content/posts").mkdir(parents=True)
    (here.root / "content/posts/fair.md").symlink_to(here.root / "shared/fair.md")
    assert here.build("--strict").status == 0
    assert "2026/11/fair/index.html" in here.outputs()


def test_content_that_is_a_file(site) -> None:
    result = site({"content": "x"}).build()
    assert result.status == 1
    assert result.problems == [
        "content: error: this must be a folder, and is a file: move it away. [not-a-folder]"
    ]


def test_output_that_is_a_file(site) -> None:
    here = site({**GOOD, "output": "mine"})
    result = here.build()
    assert (result.status, result.err) == (
        4,
        "output cannot be written: output is a file, and must be a folder. Move it.\n",
    )
    assert (here.root / "output").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(site, post) -> None:
    here = site({A: post()})
    (here.root / A).chmod(0)
    result = here.build()
    assert result.problems == [f"{A}: error: cannot be read: Permission denied. [unreadable]"]


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("posts/🎉 Fête.md", "2026/11/fete/index.html"),
        ("posts/\"<b>&'.md", "2026/11/b/index.html"),
        ("posts/a#b?c%20.md", "2026/11/a-b-c-20/index.html"),
        ("posts/a..b.md", "2026/11/a-b/index.html"),
        (f"posts/{'long-' * 48}.md", f"2026/11/{'-'.join(['long'] * 16)}/index.html"),
        ("posts/deep.md/x.md", "2026/11/x/index.html"),
        ("posts/日本.md", "2026/11/日本/index.html"),
    ],
)
def test_odd_names_have_an_address(site, post, name: str, output: str) -> None:
    here = site({f"content/{name}": post()})
    result = here.build("--strict")
    assert (result.status, result.err) == (0, "")
    assert output in here.outputs()


def test_a_new_line_in_a_name_is_refused_on_one_line(site, post) -> None:
    result = site({"content/posts/a\nb.md": post()}).build()
    assert result.problems == [
        "content/posts/a\\nb.md: error: its name is not UTF-8 or holds a control character: rename "
        "it. [file-name]"
    ]


@pytest.mark.parametrize(
    "body", [">" * 3_000 + " x", "- " * 3_000 + "x", "[" * 20_000, "*" * 20_000]
)
def test_a_text_without_reason_is_an_error_or_a_page(site, post, body: str) -> None:
    result = site({A: post(body=body)}).build()
    assert result.status in (0, 1)
    assert "Traceback" not in result.err
    if result.status:
        assert result.problems[0].startswith(f"{A}:5:1: error: ")


def test_in_a_process_of_its_own_there_is_no_traceback(site) -> None:
    here = site({**GOOD, A: "---\ntitle: A: b\n---\n", "templates/post.html": "{{ x }}"})
    result = here.subprocess("build")
    assert result.status == 1
    assert result.out == ""
    assert "Traceback" not in result.err
    assert result.err.splitlines()[-1] == "2 errors. Nothing was changed."
    assert not (here.root / "output").exists()


def test_warnings_become_errors_when_strict(site, post, picture) -> None:
    here = site({A: post(body="![](dot.png)"), "content/posts/dot.png": picture("PNG")})
    result = here.build()
    expected = (
        f"{A}:5:5: %s: the picture 'dot.png' has no alternative text: say what it shows, as "
        "![Chalets lit up below the castle](…). [missing-alt]"
    )
    assert (result.status, result.problems) == (0, [expected % "warning"])
    before = here.outputs()
    result = here.build("--strict")
    assert (result.status, result.problems) == (1, [expected % "error"])
    assert here.outputs() == before


@pytest.mark.parametrize(
    "name", ["post/a.md", "Posts/a.md", "a.md", "posts/A.MD", "posts/a.markdown"]
)
def test_a_document_that_is_only_copied_is_pointed_at(site, name: str) -> None:
    text = "\ufeff---\ntitle: A\ndraft: true\n---\n"
    here = site({**GOOD, f"content/{name}": text, "content/files/licence.md": "# Licence\n"})
    result = here.build()
    assert result.status == 0
    (warning,) = result.problems
    assert warning.startswith(f"content/{name}:1:1: warning: this is copied as it is")
    assert here.build("--strict").status == 1
