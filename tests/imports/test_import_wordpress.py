"""WordPress's export file: blocks, classic texts, what is private, and what is hostile."""

from __future__ import annotations

import pytest

from .conftest import losses, picture, put

OLD = "https://old.valbourg.example"
HEAD = f"""\
<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file. -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Valbourg &amp; alentours</title><link>{OLD}</link><description>La ville</description>
<language>fr-FR</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>{OLD}</wp:base_site_url><wp:base_blog_url>{OLD}</wp:base_blog_url>
<wp:author><wp:author_login>marie</wp:author_login>
<wp:author_display_name><![CDATA[Marie Duval]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel></rss>\n"


def item(number, title, content="", *, more="", **fields):
    given = {
        "post_type": "post",
        "status": "publish",
        "post_name": title.lower(),
        "post_date": "2024-03-05 20:00:00",
        "post_date_gmt": "2024-03-05 19:00:00",
    } | fields
    link = given.pop("link", f"{OLD}/2024/03/{given['post_name']}/")
    tags = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in given.items())
    return (
        f"<item><title><![CDATA[{title}]]></title><link>{link}</link>"
        f"<dc:creator>marie</dc:creator><guid>{OLD}/?p={number}</guid>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id>{tags}{more}</item>\n"
    )


def attachment(number, name, alt=""):
    return item(
        number,
        name,
        post_type="attachment",
        status="inherit",
        attachment_url=f"{OLD}/wp-content/uploads/2024/03/{name}",
        more="<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key>"
        f"<wp:meta_value>{alt}</wp:meta_value></wp:postmeta>",
    )


BLOCKS = f"""\
<!-- wp:heading --><h1>Le programme</h1><!-- /wp:heading -->
<!-- wp:paragraph {{"dropCap":true}} -->
<p>Le 1<sup>er</sup> bal &amp; le <strong>grand</strong> marché, voir
<a href="{OLD}/2024/03/marche/">le marché</a>, <a href="{OLD}/rien/">rien</a>,
<a href="{OLD}/?p=2#x">2</a>, <a href="javascript:x()">3</a>.</p>
<!-- /wp:paragraph -->
<!-- wp:image --><figure class="wp-block-image">
<img src="{OLD}/wp-content/uploads/2024/03/bal-300x200.png" alt="Des [lampions]"/>
<figcaption>Place d'Armes</figcaption></figure><!-- /wp:image -->
<!-- wp:list --><ul><li>un<ul><li>deux</li></ul></li></ul><!-- /wp:list -->
<!-- wp:embed --><figure><div class="wp-block-embed__wrapper">
https://video.example/v/1
</div></figure><!-- /wp:embed -->
<!-- wp:latest-posts /-->
<!-- wp:html --><iframe src="https://carte.example/x" title="La carte"></iframe><form>x</form>
<!-- /wp:html -->
<p>2 &lt; 3, &lt;script&gt;alert(1)&lt;/script&gt;, *étoile* et C:\\dossier_un.</p>
"""
CLASSIC = """\
Première ligne
deuxième ligne

[caption id="x"]<img src="/wp-content/uploads/absent.png" alt="Un étal" /> Le marché[/caption]

[gallery ids="10,99"]

[contact-form-7 id="5" title="Contact"] et [sic] et [mis à jour].

https://video.example/v/2
"""
EXPORT = (
    HEAD
    + attachment(10, "bal.png", "Des lampions")
    + item(
        1,
        "Bal",
        BLOCKS,
        is_sticky="1",
        post_modified_gmt="2024-04-01 10:00:00",
        more='<category domain="category" nicename="fetes"><![CDATA[Fêtes]]></category>'
        '<category domain="category" nicename="ville">Ville</category>'
        '<category domain="post_tag" nicename="bal">bal</category>'
        "<excerpt:encoded><![CDATA[Un <em>bal</em>.]]></excerpt:encoded>"
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key>"
        "<wp:meta_value>10</wp:meta_value></wp:postmeta>"
        "<wp:comment><wp:comment_content>Secret ?</wp:comment_content></wp:comment>",
    )
    + item(2, "Marche", CLASSIC)
    + item(3, "Brouillon", "x", status="draft", post_date_gmt="0000-00-00 00:00:00", link="/?p=3")
    + item(4, "Prive", "x", status="private")
    + item(5, "Demain", "x", status="future", post_date_gmt="2099-01-01 00:00:00")
    + item(6, "Contact", "Écrire.", post_type="page", link=f"{OLD}/mairie/contact/")
    + item(7, "Archives", "x", post_type="page", link=f"{OLD}/archives/")
    + item(8, "Menu", post_type="nav_menu_item")
    + item(9, "Vieux", status="trash")
    + TAIL
)


@pytest.fixture
def export(tmp_path):
    files = {"wp.xml": EXPORT, "uploads/2024/03/bal.png": picture()}
    return put(tmp_path / "old", files) / "wp.xml"


def test_posts_and_pages_move_with_their_addresses_and_their_pictures(move, export):
    site, report = move("wordpress", export, "--uploads", str(export.parent / "uploads"))
    built = site.build()
    assert built["posts"] == 2
    assert "title: Valbourg & alentours" in site.text("crosspost.yaml")
    post = site.text("content/posts/2024/bal.md")
    front, body = post.split("---\n", 2)[1:]
    assert "date: 2024-03-05 20:00\nupdated: 2024-04-01 12:00\n" in front
    assert "category: Fêtes\ntags: [Ville, bal]\nsummary: Un bal.\n" in front
    assert 'image: {src: "/wp-content/uploads/2024/03/bal.png", alt: Des lampions}' in front
    assert "author: Marie Duval" in front
    assert "permalink: /2024/03/bal/" in front
    assert "## Le programme" in body
    assert "Le 1<sup>er</sup> bal & le **grand** marché" in body
    assert "[le marché](/2024/03/marche/)" in body
    assert f"[rien]({OLD}/rien/)" in body
    assert "[2](/posts/2024/marche.md#x), 3." in body
    assert r"![Des \[lampions\]](/wp-content/uploads/2024/03/bal.png)" in body
    assert "*Place d'Armes*" in body
    assert "- un\n    - deux" in body
    assert "<https://video.example/v/1>" in body
    assert "[La carte](https://carte.example/x)" in body
    page = site.page("/2024/03/bal/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "*étoile* et C:\\dossier_un." in page
    assert "Secret" not in "".join(map(str, site.files().values()))
    assert site.page("/mairie/contact/")
    assert report["left_out"] == {
        "comments": 1,
        "items of the type nav_menu_item": 1,
        "items in the trash or never saved": 1,
    }
    said = {(one["code"], one["message"].partition(":")[0]) for one in report["losses"]}
    assert said >= {
        ("block", "the block 'latest-posts' has no text of its own"),
        ("embed", "a frame of https"),
        ("form", "a form is not carried over."),
        ("sticky", "this was pinned to the top"),
        ("shortcode", "the shortcode [contact-form-7] is not carried out"),
        ("private", "this was private"),
        ("address", "the address /archives/ is taken"),
        ("old-link", "'https"),
    }
    assert all(one["line"] for one in report["losses"] if one["code"] == "block")


def test_a_classic_text_keeps_its_lines_and_its_captions(move, export):
    site, _ = move("wordpress", export, "--uploads", str(export.parent / "uploads"))
    body = site.text("content/posts/2024/marche.md")
    assert "Première ligne  \ndeuxième ligne" in body
    assert "*Le marché*" in body
    assert "![Des lampions](/wp-content/uploads/2024/03/bal.png)" in body
    assert r"\[contact-form-7 id=" in body
    assert r"\[sic\] et \[mis à jour\]" in body
    assert "<https://video.example/v/2>" in body


def test_what_was_not_public_is_a_draft(move, export):
    site, _ = move("wordpress", export)
    for name in ("2024/prive", "2024/brouillon"):
        assert "draft: true" in site.text(f"content/posts/{name}.md")
    later = site.text("content/posts/2099/demain.md")
    assert "date: 2099-01-01 01:00" in later
    assert "draft" not in later


def test_without_the_uploads_pictures_stay_where_they_are(move, export):
    site, report = move("wordpress", export)
    site.build()
    assert report["media"] == []
    assert f"({OLD}/wp-content/uploads/2024/03/bal-300x200.png)" in site.text(
        "content/posts/2024/bal.md"
    )
    assert {"uploads", "lost-picture", "old-link"} <= {code for code, _, _ in losses(report)}


ENTITY = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (EXPORT.replace("<rss", f"{ENTITY}<rss", 1), "declares a document type"),
        (EXPORT[:2000], "wp.xml:"),
        ("<rss><channel></channel></rss>", "no export of WordPress"),
        ("not xml", "wp.xml:1: this is not whole XML"),
        (HEAD + "<a>" * 60, "nested too deeply"),
    ],
)
def test_a_file_that_is_none_or_hostile_is_refused(move, tmp_path, text, said):
    source = put(tmp_path / "old", {"wp.xml": text}) / "wp.xml"
    assert said in move("wordpress", source, status=2)
    assert not (tmp_path / "site").exists()


def test_two_items_of_one_identity_are_two_posts(move, tmp_path):
    text = HEAD + item(1, "Un", "a") + item(1, "Un", "b") + TAIL
    site, report = move("wordpress", put(tmp_path / "old", {"wp.xml": text}) / "wp.xml")
    assert site.build()["posts"] == 2
    assert report["documents"] == ["content/posts/2024/un.md", "content/posts/2024/un-2.md"]


def test_a_post_cannot_take_a_file_from_outside_the_uploads(move, tmp_path):
    text = f'<img src="{OLD}/wp-content/uploads/../../secret.png" alt="x">'
    files = {"wp.xml": HEAD + item(1, "Bal", text) + TAIL, "secret.png": picture()}
    source = put(tmp_path / "old", files)
    (source / "a/b").mkdir(parents=True)
    site, report = move("wordpress", source / "wp.xml", "--uploads", str(source / "a/b"))
    assert report["media"] == []
    site.build()
