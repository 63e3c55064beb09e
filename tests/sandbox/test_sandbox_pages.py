"""The pages that a webmaster looks at."""

from __future__ import annotations

from collections.abc import Callable

import html5lib
import requests
from mastodon import Mastodon

from crosspost.sandbox.server import Sandbox

Http = Callable[..., requests.Response]


def page(box: Sandbox, path: str = "/", lang: str = "en") -> str:
    answer = requests.get(box.info.url + path, headers={"Accept-Language": lang}, timeout=20)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return answer.text


def test_an_empty_timeline_says_so(box: Sandbox) -> None:
    assert "Nothing has been posted yet." in page(box)
    assert "Rien n’a encore été publié." in page(box, lang="fr-FR,fr;q=0.9")


def test_a_post_is_shown_with_all_that_a_reader_needs(
    box: Sandbox, client: Mastodon, jpeg: Callable[..., bytes]
) -> None:
    media = client.media_post(
        jpeg(300, 200), mime_type="image/jpeg", description='Un "marché" & l\'été', focus=(0.5, 1)
    )
    status = client.status_post(
        "Bonjour <b>tous</b> https://www.valbourg.example/ #Noël",
        media_ids=[media],
        spoiler_text="Foule",
        language="fr",
        visibility="unlisted",
    )
    html = page(box, lang="fr")
    assert "<summary>Avertissement : Foule</summary>" in html
    assert 'alt="Un &#34;marché&#34; &amp; l&#39;été"' in html
    assert "Bonjour &lt;b&gt;tous&lt;/b&gt;" in html
    assert "object-position: 75.0% 0.0%" in html
    assert '<div class="content" lang="fr">' in html
    assert "<li>Public discret</li>" in html
    assert "<li>français</li>" in html
    assert "caractères sur 500" in html
    assert "Modifié" not in html
    client.status_update(status.id, "autre", media_attributes=[{"id": media.id}])
    assert "Modifié" in page(box, lang="fr")
    source = requests.get(f"{status.url}/source", timeout=20)
    assert (source.text, source.headers["content-type"]) == ("autre", "text/plain; charset=utf-8")


def test_a_picture_without_words_is_pointed_out(
    box: Sandbox, client: Mastodon, jpeg: Callable[..., bytes]
) -> None:
    client.status_post("x", media_ids=[client.media_post(jpeg(), mime_type="image/jpeg")])
    assert "No alternative text" in page(box)


def test_sensitive_media_and_polls_are_shown(
    box: Sandbox, client: Mastodon, jpeg: Callable[..., bytes]
) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    client.status_post("x", media_ids=[media], sensitive=True)
    client.status_post("?", poll=client.make_poll(["Oui", "Non"], expires_in=3_600))
    html = page(box)
    assert "<summary>Sensitive media</summary>" in html
    assert "<li><span>Oui</span>" in html


def test_a_poll_is_shown_with_its_votes_its_end_and_who_may_quote(
    box: Sandbox, client: Mastodon, http: Http
) -> None:
    poll = {"options": ["Oui", "Non"], "expires_in": 3_600, "multiple": True}
    body = {"status": "Un marché de nuit ?", "poll": poll, "quote_approval_policy": "nobody"}
    status = http("POST", "/api/v1/statuses", json=body).json()
    http("POST", "/sandbox/votes", json={"status": status["id"], "votes": [12, 1]})
    html = page(box, lang="fr")
    assert '<meter min="0" max="13" value="12" aria-hidden="true"></meter>' in html
    assert "plusieurs réponses · 13 voix · ouvert jusqu’au <time" in html
    assert "<li>Citations : personne</li>" in html
    http("POST", "/sandbox/clock", json={"advance": 7_200})
    assert "plusieurs réponses · 13 voix · terminé" in page(box, lang="fr")


def test_a_thread_is_shown_on_the_page_of_each_part(box: Sandbox, client: Mastodon) -> None:
    first = client.status_post("premier")
    second = client.status_post("second", in_reply_to_id=first.id)
    path = second.url.removeprefix(box.info.url)
    html = page(box, path)
    assert html.index("premier") < html.index("second")
    assert html.count('class="chosen"') == 1
    assert "Continues a thread" in html
    assert "1 reply" in html


def test_the_links_of_a_post_lead_somewhere(box: Sandbox, client: Mastodon) -> None:
    status = client.status_post("un #FêteDeLaMusique")
    tag = status.tags[0].url.removeprefix(box.info.url)
    assert "<article" in page(box, tag)
    assert "<article" not in page(box, "/tags/autre")
    assert "<article" in page(box, client.me().url.removeprefix(box.info.url))
    assert requests.get(f"{box.info.url}/@personne", timeout=20).status_code == 404
    assert requests.get(f"{box.info.url}/@valbourg/1", timeout=20).status_code == 404


def test_long_timelines_have_pages(box: Sandbox, client: Mastodon) -> None:
    for n in range(42):
        client.status_post(f"n° {n}")
    html = page(box)
    assert html.count("<article") == 40
    older = html.partition('href="/@valbourg?max_id=')[2].partition('"')[0]
    assert page(box, f"/@valbourg?max_id={older}").count("<article") == 2


def test_the_page_needs_nothing_from_elsewhere(box: Sandbox, client: Mastodon) -> None:
    client.status_post("un")
    for path in ("/sandbox/page.css", "/sandbox/avatar.svg"):
        assert requests.get(box.info.url + path, timeout=20).status_code == 200
    html = page(box)
    assert "<script" not in html
    assert "http://" not in html.replace(box.info.url, "")


def test_files_are_served_by_their_exact_name_alone(
    box: Sandbox, client: Mastodon, http: Http, jpeg: Callable[..., bytes]
) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    assert http("GET", f"/media/{media.id}.png").status_code == 404
    assert http("GET", "/media/..%2Ftoken").status_code == 404
    assert http("GET", "/media/../token").status_code == 404
