"""What channels would refuse, and posts that are known by their path alone."""

from __future__ import annotations

CHANNELS = """\
channels:
  mastodon: {type: mastodon, account: "@town@mastodon.example", token: "${T}"}
"""


def written(keys, day="2026-11-20"):
    return f"---\ntitle: Foire\ndate: {day}\n{keys}\n---\nTexte.\n"


def test_messages_of_posts_that_may_be_said(site, picture):
    text = "a" * 600
    mistakes = f"""\
uid: {{uid}}
tags: ["2026"]
image: {{{{src: f.jpg, alt: "{"b" * 1600}"}}}}
channels:
  mastodon: {{{{text: {text}}}}}
  mastodn: false"""
    town = site(
        {
            "content/posts/a.md": written(mistakes.format(uid="a")),
            "content/posts/old.md": written(mistakes.format(uid="old"), "2025-01-01"),
            "content/posts/later.md": written(mistakes.format(uid="later"), "2027-01-01"),
            "content/posts/made.md": written('uid: made\ntags: ["2026", bal]'),
            "content/posts/f.jpg": picture(),
        }
    )
    town.write({"crosspost.yaml": town.read("crosspost.yaml") + CHANNELS})
    found = town.check().found
    assert "content/posts/made.md:5:1 no-hashtag" in found
    for name in ("a", "later"):
        assert [one.partition(":")[2] for one in found if f"/{name}.md" in one] == [
            "6:21 alt-too-long",
            "8:14 message-too-long",
            "9:3 unknown-channel",
        ], found
    assert not [one for one in found if "old.md" in one]


def test_a_missing_alternative_text_is_an_error_where_it_stops_a_message(site, picture):
    post = written("uid: a\nimage: {src: f.jpg}")
    town = site({"content/posts/a.md": post, "content/posts/f.jpg": picture()})
    assert town.check().status == 0
    town.write({"crosspost.yaml": town.read("crosspost.yaml") + CHANNELS})
    done = town.check()
    assert (done.status, done.found) == (1, ["content/posts/a.md:5:9 missing-alt"])


def test_uids_are_offered_and_written_as_the_post_is_known_already(site, post):
    files = {
        "content/posts/2026/a.md": written("tags: [a]"),
        "content/posts/b.md": written("draft: true", "2020-01-01").replace("\n", "\r\n"),
        "content/posts/été.md": written("tags: [b]"),
        "content/posts/old.md": post(),
        "content/pages/p.md": "---\ntitle: P\n---\n",
    }
    town = site(files)
    assert [one for one in town.check().found if "missing-uid" in one] == [
        "content/posts/2026/a.md:2:1 missing-uid",
        "content/posts/b.md:2:1 missing-uid",
        "content/posts/été.md:2:1 missing-uid",
    ]
    town.build()
    before = town.read("output/rss.xml")
    done = town.check("--write-uids")
    assert [one for one in done.found if "missing-uid" in one] == [
        "content/posts/été.md:2:1 missing-uid"
    ]
    assert town.read("content/posts/2026/a.md").startswith("---\nuid: posts/2026/a\ntitle: Foire\n")
    raw = (town.root / "content/posts/b.md").read_bytes()
    assert raw.startswith(b"---\r\nuid: posts/b\r\n")
    assert town.read("content/posts/old.md") == files["content/posts/old.md"]
    town.build()
    assert town.read("output/rss.xml") == before


def test_pictures_and_languages(site, picture, post):
    town = site(
        {
            "content/posts/a.md": post("Hello.", "lang: en\ncategory: culture"),
            "content/posts/f.jpg": picture(located=True),
            "content/posts/g.jpg": picture(size=(4100, 2)),
            "i18n/fr.yaml": "own_word: Mot\n",
        }
    )
    settings = town.read("crosspost.yaml") + "categories:\n  sport: Sport\n  culture: Culture\n"
    town.write({"crosspost.yaml": settings})
    assert town.check().found == [
        "content/posts/f.jpg:0:0 picture-location",
        "content/posts/g.jpg:0:0 large-picture",
        "crosspost.yaml:5:3 missing-label",
        "i18n/en.yaml:0:0 missing-text",
    ]


def test_a_picture_that_is_large_and_heavy_is_told_both(site):
    import io

    from PIL import Image

    data = io.BytesIO()
    Image.effect_noise((4200, 500), 90).save(data, "JPEG", quality=95)
    found = site({"content/posts/g.jpg": data.getvalue()}).check().found
    assert found == [
        "content/posts/g.jpg:0:0 heavy-picture",
        "content/posts/g.jpg:0:0 large-picture",
    ]
