"""Previews of links: made after the post, from the page, on this machine alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import html5lib
import pytest
import requests
from mastodon import Mastodon

from crosspost.sandbox.preview import first_link
from crosspost.sandbox.server import Sandbox

PAGE = """<!doctype html><html lang="fr-FR"><head><title>Marché – Valbourg</title>
<link rel="canonical" href="/marche/">
<meta property="og:title" content="Le marché &amp; le sapin">
<meta property="og:description" content="Quarante chalets.">
<meta property="og:site_name" content="Valbourg">
<meta property="og:image" content="/marche.jpg"><meta property="og:image:alt" content="Chalets">
</head><body><p>Texte</p></body></html>"""


class Pages:
    """A site on this machine: `files` by their path, as (status, type, body)."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[str] = []
        self.open = threading.Event()
        self.open.set()
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                pages.asked.append(self.path)
                pages.open.wait(20)
                status, kind, body = pages.files.get(self.path, (404, "text/html", b""))
                self.send_response(status)
                if status in (301, 302):
                    self.send_header("Location", kind)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def page(self, path: str, text: str = PAGE, status: int = 200, kind: str = "text/html") -> str:
        self.files[path] = (status, kind, text.encode())
        return self.url + path


@pytest.fixture
def pages(jpeg: Callable[..., bytes]) -> Iterator[Pages]:
    site = Pages()
    site.files["/marche.jpg"] = (200, "image/jpeg", jpeg(64, 32))
    with site.server:
        thread = threading.Thread(target=site.server.serve_forever, args=(0.02,))
        thread.start()
        yield site
        site.open.set()
        site.server.shutdown()
        thread.join()


def card_of(client: Mastodon, id_: str) -> dict[str, object]:
    """Return the card of a status, once it is there."""
    while (card := client.status(id_)["card"]) is None:
        time.sleep(0.01)
    return dict(card)


def never_asked(client: Mastodon, pages: Pages, id_: str, *paths: str) -> None:
    """Look at a card that came after: whatever was before it in the queue is through then."""
    last = client.status_post(f"Autre {pages.page('/dernier/')}")
    card_of(client, last["id"])
    assert client.status(id_)["card"] is None
    assert [path for path in pages.asked if path in paths] == []


def test_a_card_comes_after_the_post_and_shows_what_the_page_says(
    box: Sandbox, client: Mastodon, pages: Pages, jpeg: Callable[..., bytes]
) -> None:
    pages.page("/marche/")
    pages.page("/m", status=302, kind="/marche/")
    pages.open.clear()
    status = client.status_post(f"Bonjour ({pages.url}/m). https://www.valbourg.example/")
    assert status["card"] is None
    assert client.status(status["id"])["card"] is None
    pages.open.set()
    card = card_of(client, status["id"])
    image = str(card.pop("image"))
    assert card == card | {
        "url": f"{pages.url}/marche/",
        "title": "Le marché & le sapin",
        "description": "Quarante chalets.",
        "language": "fr",
        "type": "link",
        "provider_name": "Valbourg",
        "image_description": "Chalets",
        "width": 64,
        "height": 32,
    }
    answer = requests.get(image, timeout=20)
    assert (answer.content, answer.headers["content-type"]) == (jpeg(64, 32), "image/jpeg")
    html = requests.get(box.info.url, timeout=20).text
    html5lib.HTMLParser(strict=True).parse(html)
    assert f'<a class="preview" href="{pages.url}/marche/"' in html
    assert "<b>Le marché &amp; le sapin</b>" in html
    assert 'alt="Chalets" width="64" height="32"' in html
    client.status_delete(status["id"])
    assert requests.get(image, timeout=20).status_code == 404


def test_another_text_loses_its_card_and_the_page_is_looked_at_anew(
    client: Mastodon, pages: Pages
) -> None:
    status = client.status_post(f"Un. {pages.page('/a/')}", idempotency_key="k")
    card_of(client, status["id"])
    client.status_post(f"Un. {pages.url}/a/", idempotency_key="k")
    client.status_update(status["id"], f"Un. {pages.url}/a/", spoiler_text="Bruit")
    assert client.status(status["id"])["card"]["title"] == "Le marché & le sapin"
    assert pages.asked.count("/a/") == 1
    pages.page("/a/", "<title>Autre titre</title>")
    client.status_update(status["id"], f"Deux. {pages.url}/a/")
    assert card_of(client, status["id"])["title"] == "Autre titre"
    client.status_update(status["id"], "Plus de lien.")
    assert client.status(status["id"])["card"] is None


@pytest.mark.parametrize(
    ("path", "text", "status", "kind"),
    [
        ("/404/", PAGE, 404, "text/html"),
        ("/json/", PAGE, 200, "application/json"),
        ("/bare/", "<p>Sans titre.</p>", 200, "text/html"),
        ("/away/", "", 302, "http://www.valbourg.example/"),
        ("/loop/", "", 302, "/loop/"),
    ],
)
def test_a_page_that_makes_no_card_is_no_trouble(
    client: Mastodon, pages: Pages, path: str, text: str, status: int, kind: str
) -> None:
    link = pages.page(path, text, status, kind)
    never_asked(client, pages, client.status_post(f"Un. {link}")["id"])


def test_a_status_with_pictures_has_no_card(
    client: Mastodon, pages: Pages, jpeg: Callable[..., bytes]
) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    status = client.status_post(f"Un. {pages.page('/a/')}", media_ids=[media])
    never_asked(client, pages, status["id"], "/a/")


def test_the_fault_switches_a_card_off(
    client: Mastodon, pages: Pages, http: Callable[..., requests.Response]
) -> None:
    assert http("POST", "/sandbox/faults", json={"kind": "card-missing"}).status_code == 201
    status = client.status_post(f"Un. {pages.page('/a/')}")
    never_asked(client, pages, status["id"], "/a/")
    client.status_update(status["id"], f"Deux. {pages.url}/a/")
    card_of(client, status["id"])


def test_a_server_that_ends_while_a_page_is_read_ends(pages: Pages) -> None:
    with Sandbox() as box, requests.Session() as session:
        pages.page("/a/")
        pages.open.clear()
        for _ in range(2):
            session.post(
                f"{box.info.url}/api/v1/statuses",
                json={"status": f"Un. {pages.url}/a/"},
                headers={"Authorization": f"Bearer {box.info.token}"},
                timeout=20,
            ).raise_for_status()
        while not pages.asked:
            time.sleep(0.01)
        threading.Timer(0.2, pages.open.set).start()
    assert pages.asked[0] == "/a/"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Voir http://127.0.0.1:8730/a/.", "http://127.0.0.1:8730/a/"),
        ("(HTTP://localhost/a)", "HTTP://localhost/a"),
        ("http://127.0.0.1:1/@v/2 puis http://127.0.0.1:2/a/", "http://127.0.0.1:2/a/"),
        ("https://www.valbourg.example/ http://127.0.0.1:2/a/", None),
        ("http://127.0.0.1.valbourg.example/ et http://127.0.0.1@valbourg.example/", None),
        ("http://[x/", None),
        ("Rien.", None),
    ],
)
def test_only_the_first_link_counts_and_only_on_this_machine(text: str, found: str | None) -> None:
    assert first_link(text, "http://127.0.0.1:1") == found
