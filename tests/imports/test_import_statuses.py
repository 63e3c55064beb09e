"""Archives of accounts: own words become notes, what is hostile is refused in words."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.cli import main
from crosspost.settings_file import read_settings
from crosspost.site.loading import load_index

from .conftest import losses, picture, put

ME = "https://social.example/users/valbourg"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def note(number, content, *, to=(PUBLIC,), cc=(), parent=None, **more):
    found = {
        "id": f"{ME}/statuses/{number}",
        "type": "Note",
        "attributedTo": ME,
        "published": f"2024-03-05T19:00:{number:02}Z",
        "content": content,
        "to": list(to),
        "cc": list(cc),
        "inReplyTo": parent,
    }
    return {"type": "Create", "actor": ME, "object": found | more}


OUTBOX = [
    note(
        1,
        '<p>Le bal ouvre samedi : à 20 h, place d&#39;Armes. <a href="https://v.example/t/bal" '
        'class="mention hashtag">#<span>bal</span></a><br>&lt;b&gt;Venez&lt;/b&gt; *nombreux*'
        '</p><p><a href="https://v.example/x"><span class="invisible">https://</span>'
        "<span>v.example/x</span></a></p>",
        tag=[{"type": "Hashtag", "name": "#bal"}],
        attachment=[
            {
                "url": "/media_attachments/files/1/original/a.png",
                "name": "Des lampions",
                "focalPoint": [0.1, -0.5],
            },
            {"url": "/media_attachments/files/2/original/b.png", "name": None},
            {"url": "/media_attachments/files/3/original/absent.mp4", "name": "Un film"},
        ],
        contentMap={"fr": "x"},
    ),
    note(2, "<p>La suite.</p>", parent=f"{ME}/statuses/1"),
    note(3, "<p>À vous</p>", parent="https://other.example/users/x/statuses/9"),
    note(4, "<p>Je précise</p>", parent=f"{ME}/statuses/3"),
    note(5, "<p>Détails crus</p>", summary="Accident", sensitive=True, cc=(PUBLIC,), to=()),
    note(6, "<p>SECRET</p>", to=(f"{ME}/followers",)),
    note(7, "<p>SECRET</p>", to=("https://other.example/users/x",)),
    note(8, "<p>Which day?</p>", contentMap={"en": ""}, oneOf=[{"name": "Samedi"}]),
    note(9, ""),
    {"type": "Announce", "object": "https://other.example/1"},
]
ARCHIVE = {
    "actor.json": json.dumps({"id": ME, "name": "Ville de Valbourg"}),
    "outbox.json": json.dumps({"orderedItems": OUTBOX}),
    "likes.json": "{}",
    "media_attachments/files/1/original/a.png": picture(),
    "media_attachments/files/2/original/b.png": picture("blue"),
}


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tarred(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
def test_what_an_account_said_in_public_becomes_notes(move, tmp_path, kind):
    if kind == "folder":
        source = put(tmp_path / "old", ARCHIVE)
    else:
        source = (zipped if kind == "zip" else tarred)(tmp_path / "archive", ARCHIVE)
    site, report = move("mastodon", source)
    assert site.build()["posts"] == 4
    post = site.text("content/posts/2024/2024-03-05-le-bal-ouvre-samedi-a-20-h-place-d-armes.md")
    assert 'title: "Le bal ouvre samedi : à 20 h, place d\'Armes."' in post
    assert "date: 2024-03-05 20:00:01" in post
    assert "tags: [bal]" in post
    assert 'image: {src: "/media/2024/1-a.png", alt: Des lampions, focus: [0.1, -0.5]}' in post
    assert "channels: {mastodon: false}" in post
    assert "![](/media/2024/1-b.png)" in post
    assert post.endswith("La suite.\n")
    page = site.page("/2024/03/le-bal-ouvre-samedi-a-20-h-place-d-armes/")
    assert "&lt;b&gt;Venez&lt;/b&gt; *nombreux*" in page
    assert 'href="https://v.example/x"' in page
    warned = site.text("content/posts/2024/2024-03-05-accident.md")
    assert "title: Accident" in warned
    assert "summary: Accident" in warned
    assert "lang: en" in site.text("content/posts/2024/2024-03-05-which-day.md")
    assert "- Samedi" in site.text("content/posts/2024/2024-03-05-which-day.md")
    assert "SECRET" not in "".join(map(str, site.files().values()))
    assert "À vous" not in "".join(map(str, site.files().values()))
    assert report["left_out"] == {
        "statuses that were not public": 2,
        "boosts": 1,
        "answers to others": 2,
    }
    assert ("lost-media", "outbox.json", 0) in losses(report)


def test_answers_come_along_where_they_are_wished_and_a_second_import_is_the_same(move, tmp_path):
    source = put(tmp_path / "old", ARCHIVE)
    site, report = move("mastodon", source, "--replies")
    assert "answers to others" not in report["left_out"]
    assert site.text("content/posts/2024/2024-03-05-a-vous.md").endswith("Je précise\n")
    before = site.files()
    move("mastodon", source, "--replies")
    assert site.files().keys() == before.keys()


def test_an_unpacked_archive_gives_nothing_from_outside(move, tmp_path):
    source = put(tmp_path / "old", ARCHIVE)
    put(tmp_path, {"secret/original/a.png": picture("green")})
    target = source / "media_attachments/files/1"
    (target / "original/a.png").unlink()
    (target / "original").rmdir()
    target.rmdir()
    target.symlink_to(tmp_path / "secret")
    _, report = move("mastodon", source)
    assert report["media"] == ["content/media/2024/1-b.png"]


def test_no_channel_of_the_site_says_a_note_again(move, tmp_path):
    put(
        tmp_path / "site",
        {
            "crosspost.yaml": "site: {title: V, url: https://v.example, timezone: UTC}\n"
            "channels:\n  toots:\n    type: mastodon\n    account: '@v@m.example'\n"
            "    token: ${TOKEN}\n",
        },
    )
    site, _ = move("mastodon", put(tmp_path / "old", ARCHIVE))
    post = site.text("content/posts/2024/2024-03-05-accident.md")
    assert "channels: {toots: false}" in post
    assert "date: 2024-03-05 19:00:05" in post
    planned = site.run("plan", "--format", "json")
    assert {one["action"] for one in json.loads(planned.stdout)["actions"]} <= {"skip"}


def tweet(number, text, **more):
    found = {
        "id_str": str(number),
        "created_at": f"Tue Mar 05 19:00:{number:02} +0000 2024",
        "full_text": text,
        "lang": "fr",
        "entities": {},
    }
    return {"tweet": found | more}


def script(name, entries):
    return f"window.YTD.{name}.part0 = {json.dumps(entries)}"


LINK = {"url": "https://t.co/a", "expanded_url": "https://v.example/un_long_chemin"}
X = {
    "data/account.js": script(
        "account", [{"account": {"accountId": "77", "accountDisplayName": "Valbourg"}}]
    ),
    "data/tweets.js": script(
        "tweets",
        [
            tweet(
                1,
                "Marché &amp; bal samedi !\n# 20 h https://t.co/a https://t.co/m",
                entities={"urls": [LINK], "hashtags": [{"text": "bal"}]},
                extended_entities={
                    "media": [
                        {
                            "url": "https://t.co/m",
                            "media_url_https": "https://pbs.example/media/Ab_c.png",
                            "ext_alt_text": "Des lampions",
                        },
                        {
                            "url": "https://t.co/m",
                            "media_url_https": "https://pbs.example/thumb/v.jpg",
                            "video_info": {
                                "variants": [{"url": "https://video.example/1/film.mp4?tag=1"}]
                            },
                        },
                    ]
                },
            ),
            tweet(2, "Suite", in_reply_to_status_id_str="1", in_reply_to_user_id_str="77"),
            tweet(3, "@x Oui", in_reply_to_status_id_str="9", in_reply_to_user_id_str="5"),
            tweet(4, "RT @x: Bonjour"),
            tweet(5, "Sans date", created_at="hier"),
        ],
    ),
    "data/tweets_media/1-Ab_c.png": picture(),
    "data/tweets_media/1-film.mp4": b"film",
    "data/direct-messages.js": "SECRET",
}


@pytest.mark.parametrize("packed", [False, True])
def test_a_town_that_leaves_x_keeps_what_it_said(move, tmp_path, packed):
    source = zipped(tmp_path / "x.zip", X) if packed else put(tmp_path / "old", X)
    site, report = move("twitter", source)
    assert site.build()["posts"] == 1
    (name,) = report["documents"]
    post = site.text(name)
    assert "title: Marché & bal samedi !" in post
    assert "tags: [bal]" in post
    assert "alt: Des lampions" in post
    assert "Marché & bal samedi !  \n\\# 20 h <https://v.example/un_long_chemin>" in post
    assert "t.co" not in post
    assert "[1-film.mp4]" not in post
    assert "(/media/2024/1-film.mp4)" in post
    assert post.endswith("Suite\n")
    assert report["left_out"] == {"reposts": 1, "answers to others": 1}
    assert ("date", "data/tweets.js", 0) in losses(report)
    assert "SECRET" not in "".join(map(str, site.files().values()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


def with_damage(data, tree):
    """The tree with something else in one of its places."""
    if isinstance(tree, dict) and tree and data.draw(st.integers(0, 9)):
        name = data.draw(st.sampled_from(sorted(tree)))
        return tree | {name: with_damage(data, tree[name])}
    if isinstance(tree, list) and tree and data.draw(st.integers(0, 9)):
        index = data.draw(st.integers(0, len(tree) - 1))
        return [*tree[:index], with_damage(data, tree[index]), *tree[index + 1 :]]
    return data.draw(JSON)


@settings(max_examples=20)
@given(st.data())
def test_whatever_an_archive_says_it_is_read_or_refused_in_words(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("archive")
    outbox = {"orderedItems": with_damage(data, OUTBOX[:3] + OUTBOX[-3:])}
    tweets = with_damage(data, json.loads(X["data/tweets.js"].partition("=")[2])[:2])
    put(folder / "mastodon", ARCHIVE | {"outbox.json": json.dumps(outbox)})
    put(folder / "twitter", X | {"data/tweets.js": script("tweets", tweets)})
    for name in ("mastodon", "twitter"):
        arguments = ["-C", str(folder), "import", name, name, "--into", f"{name}-site"]
        done = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert done.exit_code in (0, 2), done.output
        if done.exit_code:
            continue
        site, problems = read_settings(folder / f"{name}-site")
        _, found = load_index(site, datetime(2026, 12, 24, tzinfo=UTC))
        assert [str(one) for one in (*problems, *found)] == []


def linked(path):
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("outbox.json")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(entry)
    return path


def linked_zip(path):
    entry = zipfile.ZipInfo("media_attachments/x")
    entry.external_attr = 0o120777 << 16
    return zipped(path, {"outbox.json": "{}", entry: "/etc/hostname"})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: zipped(path, {"../evil": "x"}), "leads out of its folder"),
        (lambda path: tarred(path, {"a/../../evil": "x"}), "leads out of its folder"),
        (lambda path: zipped(path, {"/evil": "x"}), "leads out of its folder"),
        (lambda path: zipped(path, {"C:\\evil": "x"}), "leads out of its folder"),
        (linked, "which is a link and no file"),
        (linked_zip, "which is a link and no file"),
        (lambda path: zipped(path, {"media_attachments/x": bytes(60 << 20)}), "far more than"),
        (lambda path: tarred(path, {"x": bytes(60 << 20)}), "far more than"),
        (lambda path: zipped(path, {"x": "y"}), "there is no outbox.json"),
        (lambda path: zipped(path, {"outbox.json": "{"}), "outbox.json is damaged"),
        (lambda path: zipped(path, {"outbox.json": "[" * 100_000}), "outbox.json is damaged"),
        (lambda path: put(path.parent, {"archive": b"PK\x03\x04nothing"}) / "archive", "neither"),
    ],
)
def test_a_hostile_archive_is_refused_in_words(move, tmp_path, make, said):
    source = make(tmp_path / "archive")
    before = sorted(tmp_path.rglob("*"))
    assert said in move("mastodon", source, status=2)
    assert sorted(tmp_path.rglob("*")) == before
    assert not (tmp_path.parent / "evil").exists()
