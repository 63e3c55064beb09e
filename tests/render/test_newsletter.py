"""Editions: what they hold, the page, the mail in its three files, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import html5lib
import pytest
from lxml import etree

from crosspost.errors import Problem, Severity, SiteError
from crosspost.render.newsletter import (
    check_editions,
    check_sizes,
    newsletter_outputs,
    newsletter_tasks,
)
from crosspost.site.editions import gather

Make = Callable[[object], dict[str, bytes]]
NOVEMBER = "period: {from: 2026-11-01, to: 2026-11-20}"
BASE = "https://www.essai.example/town"


def titles(town: Any, number: int = 0) -> list[str]:
    edition = gather(town.renderer().index)[number]
    return [post.title for post in edition.posts]


def problems(town: Any) -> list[Problem]:
    renderer = town.renderer([])
    sizes, failed = {}, []
    for task in newsletter_tasks(renderer):
        try:
            sizes[task.path] = len(task.make())
        except SiteError as error:
            failed += error.problems
    return [
        *check_editions(renderer.index),
        *check_sizes(renderer.index, lambda path: sizes.get(path, 0)),
        *set(failed),
    ]


# What an edition holds


def test_a_period_holds_its_days_both_included_by_the_sites_calendar(town: Any) -> None:
    town.post("before", date="2026-10-31 23:59")
    town.post("first", date="2026-11-01 00:00")
    town.post("utc", date="2026-10-31 23:30Z")  # half past midnight in Paris
    town.post("last", date="2026-11-20 23:59")
    town.post("after", date="2026-11-21")
    town.edition("n1", NOVEMBER)
    assert titles(town) == ["Titre last", "Titre utc", "Titre first"]


def test_featured_posts_come_first_and_refusing_ones_are_left_out(town: Any) -> None:
    town.post("old", "channels: {newsletter: featured}", date="2026-11-02")
    town.post("new", date="2026-11-10")
    town.post("no", "channels: {newsletter: false}", date="2026-11-11")
    town.edition("n1", NOVEMBER)
    (edition,) = gather(town.renderer().index)
    assert [post.title for post in edition.posts] == ["Titre old", "Titre new"]
    assert [post.title for post in edition.featured] == ["Titre old"]


def test_named_posts_keep_their_order_by_path_or_uid(town: Any) -> None:
    town.post("a", date="2026-01-01")
    town.post("b", "uid: U1", date="2026-02-01")
    town.post("c", "channels: {newsletter: featured}", date="2026-03-01")
    town.edition("n1", "posts: [posts/b.md, U1, content/posts/a.md, /posts/c.md]")
    assert titles(town) == ["Titre b", "Titre a", "Titre c"]
    assert problems(town) == []


def test_editions_are_numbered_from_the_oldest(town: Any) -> None:
    town.post("a")
    for day in (5, 6, 7):
        town.edition(f"n{day}", f"{NOVEMBER}\ndate: 2026-11-{day:02}")
    found = [(one.entry.title, one.number) for one in gather(town.renderer().index)]
    assert found == [("Lettre n7", 3), ("Lettre n6", 2), ("Lettre n5", 1)]


def test_a_future_edition_is_nowhere(town: Any, made: Make) -> None:
    town.post("a")
    town.edition("n1", f"{NOVEMBER}\ndate: 2027-01-01")
    renderer = town.renderer()
    assert made(newsletter_tasks(renderer)) == {}
    assert newsletter_outputs(renderer.index) == frozenset()


# What is wrong with it


def test_a_post_that_does_not_exist_is_an_error_at_its_key(town: Any) -> None:
    town.post("marche")
    town.edition("n1", "posts: [posts/marché.md, posts/marche.md]")
    (found,) = problems(town)
    assert (found.file, found.line, found.column) == ("content/newsletters/n1.md", 4, 1)
    assert (found.code, found.severity) == ("unknown-post", Severity.ERROR)
    assert "'posts/marché.md'" in found.message
    assert "Did you mean 'posts/marche.md'?" in found.message


def test_a_page_is_no_post_and_a_future_edition_is_checked_too(town: Any) -> None:
    town.write("content/pages/a.md", "---\ntitle: A\n---\nA.\n")
    town.edition("n1", "posts: [pages/a.md]\ndate: 2027-01-01")
    assert [one.code for one in problems(town)] == ["unknown-post"]


@pytest.mark.parametrize(
    ("front", "why"),
    [
        ("draft: true", "not on the site (draft)"),
        ("date: 2027-01-01", "not on the site (future)"),
        ("channels: {newsletter: false}", "newsletter: false"),
    ],
)
def test_a_named_post_that_hides_is_left_out_with_a_warning(
    town: Any, front: str, why: str
) -> None:
    date = "" if "date:" in front else "date: 2026-11-10\n"
    town.write("content/posts/a.md", f"---\ntitle: A\n{date}{front}\n---\nA.\n")
    town.post("b")
    town.edition("n1", "posts: [posts/a.md, posts/b.md]")
    (found,) = problems(town)
    assert (found.code, found.severity) == ("hidden-post", Severity.WARNING)
    assert why in found.message
    assert titles(town) == ["Titre b"]


def test_a_post_that_expires_leaves_its_old_edition_quietly(town: Any, made: Make) -> None:
    town.post("a", "expires: 2026-11-21")
    town.edition("n1", "posts: [posts/a.md]")
    town.edition("n2", NOVEMBER)
    assert problems(town) == []
    pages = made(newsletter_tasks(town.renderer()))
    assert b"Titre a" not in b"".join(pages.values())


def test_an_edition_of_days_without_posts_is_told(town: Any) -> None:
    town.post("a", date="2026-01-01")
    town.post("b", "draft: true")
    town.edition("n1", NOVEMBER)
    (found,) = problems(town)
    assert (found.code, found.severity, found.line) == ("empty-edition", Severity.WARNING, 4)


def test_a_mail_too_large_is_told(town: Any) -> None:
    town.post("a")
    town.edition("n1", NOVEMBER, "Un mot. " * 11_000)
    (found,) = problems(town)
    assert (found.code, found.severity) == ("large-mail", Severity.WARNING)
    assert "Gmail" in found.message


def test_a_sender_that_is_no_address_is_an_error(town: Any) -> None:
    town.settings = "newsletter: {sender: La ville}\n"
    town.post("a")
    (found,) = problems(town)
    assert (found.file, found.severity) == ("crosspost.yaml", Severity.ERROR)


def test_a_broken_template_is_told_not_thrown(town: Any) -> None:
    town.post("a")
    town.edition("n1", NOVEMBER)
    town.write("templates/email/edition.html", "<p>{{ editoin.title }}</p>")
    (found,) = problems(town)
    assert (found.file, found.line) == ("templates/email/edition.html", 1)


# The files


@pytest.fixture
def letter(town: Any) -> Any:
    """A town with one edition of two posts."""
    town.settings = (
        "newsletter: {title: La lettre, sender: Ville d'Essai <lettre@essai.example>, "
        "address: '1, place de la Mairie', unsubscribe_url: '{{unsubscribe}}'}\n"
    )
    town.picture("a.png", (1600, 900))
    town.post(
        "a",
        'title: "Le « marché » & 🎄"\ncategory: culture\nchannels: {newsletter: featured}\n'
        'image: {src: a.png, alt: Des chalets}\nsummary: "Il ouvre, l\'an prochain ?"',
    )
    town.post("b", "title: Winter\nlang: en", date="2026-11-05")
    town.edition(
        "n1",
        f"{NOVEMBER}\npreheader: Le marché ouvre.",
        "Bonjour, voyez [le marché](../posts/a.md) et [la suite](#x).\n\n- un\n- deux\n\n"
        "<script>alert(1)</script>\n\n![Des chalets](../posts/a.png)",
    )
    return town


def test_each_edition_has_a_page_a_mail_and_a_place_in_the_list(letter: Any, made: Make) -> None:
    renderer = letter.renderer()
    tasks = list(newsletter_tasks(renderer))
    assert {task.path: task.kind for task in tasks} == {
        "newsletter/n1/index.html": "page",
        "newsletter/n1/email.html": "newsletter",
        "newsletter/n1/email.txt": "newsletter",
        "newsletter/n1/email.eml": "newsletter",
        "newsletter/index.html": "page",
    }
    assert newsletter_outputs(renderer.index) < {task.path for task in tasks}
    files = made(tasks)
    page = files["newsletter/n1/index.html"].decode()
    assert 'voyez <a href="/town/2026/11/a/">le marché</a>' in page
    assert "Winter" in page
    assert 'href="/town/newsletter/n1/"' in files["newsletter/index.html"].decode()


def test_the_list_of_editions_has_pages(town: Any, made: Make) -> None:
    town.settings = "lists: {per_page: 2}\n"
    town.post("a")
    for day in range(5, 10):
        town.edition(f"n{day}", f"{NOVEMBER}\ndate: 2026-11-{day:02}")
    files = made(newsletter_tasks(town.renderer()))
    lists = sorted(path for path in files if path.startswith(("newsletter/i", "newsletter/p")))
    assert lists == [
        "newsletter/index.html",
        "newsletter/page/2/index.html",
        "newsletter/page/3/index.html",
    ]
    assert b"Lettre n9" in files[lists[0]]
    assert b"Lettre n5" in files[lists[2]]
    assert b'href="/town/newsletter/page/2/"' in files[lists[0]]


def mail(town: Any, made: Make) -> Any:
    data = made(newsletter_tasks(town.renderer()))["newsletter/n1/email.html"]
    return data.decode(), etree.HTML(data.decode())


def test_the_mail_is_one_column_of_tables_with_styles_in_its_tags(letter: Any, made: Make) -> None:
    html, tree = mail(letter, made)
    tables = tree.xpath("//table")
    assert len(tables) >= 3
    assert {table.get("role") for table in tables} == {"presentation"}
    assert tree.xpath("//table[@width='600']")
    assert tree.xpath("//html/@lang") == ["fr"]
    assert tree.xpath("//title/text()") == ["Lettre n1"]
    assert tree.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]
    assert "prefers-color-scheme: dark" in html
    (style,) = tree.xpath("//style/text()")
    assert style.strip().startswith("@media"), "every other rule is in a tag"
    assert all(one.get("style") for one in tree.xpath("//h1 | //h2 | //h3 | //td"))
    assert not tree.xpath("//script | //link | //form | //iframe")
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    assert [code for _, code, _ in parser.errors] == []


def test_the_mail_can_be_read_without_the_site(letter: Any, made: Make) -> None:
    html, tree = mail(letter, made)
    addresses = [*tree.xpath("//@href"), *tree.xpath("//@src")]
    others = {one for one in addresses if not one.startswith(f"{BASE}/")}
    assert others == {"{{unsubscribe}}"}
    assert f"{BASE}/newsletter/n1/" in addresses, "it leads to itself on line"
    assert f"{BASE}/newsletter/n1/#x" in addresses
    assert {image.get("alt") for image in tree.xpath("//img")} == {"Des chalets"}
    lead = tree.xpath("//img[@class='picture']")[0]
    assert (lead.get("width"), lead.get("height")) == ("536", "302")
    for words in ("La lettre", "1, place de la Mairie", "Se désabonner", "Le marché ouvre."):
        assert words in html
    (preheader,) = tree.xpath("//div[@class='preheader']")
    assert "display: none" in preheader.get("style")
    assert tree.xpath("//td[@lang='en']//h3//text()") == ["Winter"]


def test_many_posts_are_grouped_by_category(town: Any, made: Make) -> None:
    town.settings = "categories: {sport: Sport, culture: Culture}\n"
    for number in range(4):
        town.post(f"s{number}", "category: sport", date=f"2026-11-0{number + 1}")
        town.post(f"c{number}", "category: culture", date=f"2026-11-0{number + 1}")
    town.post("x", date="2026-11-09")
    town.edition("n1", NOVEMBER)
    _, tree = mail(town, made)
    assert tree.xpath("//h2/text()") == ["Sport", "Culture", "Autres nouvelles"]
    assert len(tree.xpath("//h3")) == 9


@pytest.mark.parametrize(
    ("front", "large"),
    [
        (NOVEMBER, ["Titre pictured"]),
        ("posts: [posts/plain.md, posts/pictured.md]", []),
        ("posts: [posts/pictured.md, posts/plain.md]", ["Titre pictured"]),
    ],
)
def test_where_nothing_is_featured_a_picture_leads_but_an_editors_order_is_kept(
    town: Any, made: Make, front: str, large: list[str]
) -> None:
    town.picture("a.png")
    town.post("plain", date="2026-11-10")
    town.post("pictured", "image: {src: a.png, alt: Une place}", date="2026-11-05")
    town.edition("n1", front)
    _, tree = mail(town, made)
    assert tree.xpath("//h3[@class='large']//text()") == large
    assert len(tree.xpath("//h3")) == 2


def test_the_text_is_made_from_the_markdown(letter: Any, made: Make) -> None:
    text = made(newsletter_tasks(letter.renderer()))["newsletter/n1/email.txt"].decode()
    assert "\r" not in text
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= 72
    assert f"Bonjour, voyez le marché <{BASE}/2026/11/a/> et la suite." in " ".join(text.split())
    assert "\n- un\n- deux\n" in text
    assert f"{BASE}/newsletter/n1/\n" in text
    assert "Le «\u202fmarché\u202f» & 🎄\n" in text
    assert f"l’an prochain\u202f?\n{BASE}/2026/11/a/\n" in text
    assert text.endswith("Se désabonner\n{{unsubscribe}}\n")
    for word in ("<p>", "alert", "&amp;", "&nbsp;"):
        assert word not in text


def test_the_file_is_a_mail_of_both(letter: Any, made: Make) -> None:
    files = made(newsletter_tasks(letter.renderer()))
    message = message_from_bytes(files["newsletter/n1/email.eml"], policy=policy.default)
    assert [part.defects for part in message.walk() if part.defects] == []
    assert message["Subject"] == "Lettre n1"
    assert message["From"].addresses[0].addr_spec == "lettre@essai.example"
    assert message["Date"].datetime.isoformat() == "2026-11-20T10:00:00+01:00"
    assert message["Message-ID"].endswith("@www.essai.example>")
    parts = [part.get_content().replace("\r\n", "\n").encode() for part in message.iter_parts()]  # type: ignore[attr-defined]
    assert parts == [files["newsletter/n1/email.txt"], files["newsletter/n1/email.html"]]


def test_the_same_bytes_on_every_run(letter: Any, made: Make) -> None:
    assert made(newsletter_tasks(letter.renderer())) == made(newsletter_tasks(letter.renderer()))


def test_without_settings_the_site_itself_signs(town: Any, made: Make) -> None:
    town.post("a")
    town.edition("n1", NOVEMBER)
    files = made(newsletter_tasks(town.renderer()))
    message = message_from_bytes(files["newsletter/n1/email.eml"], policy=policy.default)
    assert str(message["From"]) == "Ville d'Essai <noreply@essai.example>"
    assert b"unsubscribe" not in files["newsletter/n1/email.html"]


def test_an_edition_in_english_speaks_english(town: Any, made: Make) -> None:
    town.post("a")
    town.edition("n1", f"{NOVEMBER}\nlang: en")
    files = made(newsletter_tasks(town.renderer()))
    assert b"Read this newsletter online" in files["newsletter/n1/email.html"]
    assert b"Newsletter no. 1" in files["newsletter/n1/email.txt"]
    assert b"20 November 2026" in files["newsletter/n1/email.txt"] or (
        b"November 20, 2026" in files["newsletter/n1/email.txt"]
    )


def test_a_link_to_a_draft_is_words_in_the_text(town: Any, made: Make) -> None:
    town.post("a")
    town.post("secret", "draft: true")
    town.edition("n1", NOVEMBER, "Voir [bientôt](../posts/secret.md), promis.")
    files = made(newsletter_tasks(town.renderer([])))
    assert b"Voir bient\xc3\xb4t, promis." in files["newsletter/n1/email.txt"]
    assert b"secret" not in b"".join(files.values())
