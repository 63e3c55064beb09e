"""Links of what was made: anchors, whole addresses of the site, the theme's own, feeds, mails."""

from __future__ import annotations


def test_whole_addresses_of_the_site_are_followed(site, post):
    body = (
        "[a](https://valbourg.example/ville/2026/09/foire/) [b](https://valbourg.example/ville/non/)"
        " [c](https://valbourg.example/another-site/)"
    )
    town = site({"content/posts/foire.md": post(body)})
    assert town.check().found == ["content/posts/foire.md:5:56 broken-link"]


def test_anchors_of_other_pages_and_of_the_same_one(site, post):
    town = site(
        {
            "content/posts/a.md": post("## Été\n\n[ok](#ete) [non](#eté) [b](b.md#jour)"),
            "content/posts/b.md": post("## Jours", title="B"),
        }
    )
    done = town.check()
    assert done.found == [
        "content/posts/a.md:7:18 broken-anchor",
        "content/posts/a.md:7:28 broken-anchor",
    ]
    assert "Did you mean 'jours'?" in done.out


def test_what_the_theme_links_to_is_found_in_the_template(site, post):
    town = site({"content/posts/a.md": post(), "content/posts/b.md": post(title="B")})
    text = town.read("themes/small/templates/post.html")
    line = '\n<p>\n<a href="/ville/contact/">Contact</a>'
    town.write({"themes/small/templates/post.html": text.rstrip() + line})
    done = town.check()
    assert len(done.found) == 1
    assert "/contact/ is not on the site" in done.out
    assert "and 1 more" in done.out


def test_what_only_a_mail_shows_is_followed_too(site, post):
    mail = (
        '<a href="{{ mail.url }}">x</a><a href="/ville/nowhere/">y</a>'
        '<a href="{{ mail.unsubscribe_url }}">z</a>'
    )
    edition = "---\ntitle: Lettre\ndate: 2026-09-03\nposts: [posts/a.md]\n---\nBonjour.\n"
    town = site({"content/posts/a.md": post(), "content/newsletters/l.md": edition})
    town.write(
        {
            "themes/small/templates/email/edition.html": mail,
            "crosspost.yaml": town.read("crosspost.yaml")
            + 'newsletter: {unsubscribe_url: "{{unsubscribe}}"}\n',
        }
    )
    done = town.check()
    assert [one.split()[1] for one in done.found] == ["broken-link"]
    assert "/newsletter/l/email.html" in done.out


def test_what_is_broken_in_another_generators_site_is_a_warning(site):
    text = "---\ntitle: A\ndate: 2026-09-02\n---\n[x](https://valbourg.example/ville/nowhere/)\n"
    town = site({"content/_posts/2026-09-02-a.md": text})
    town.write({"crosspost.yaml": town.read("crosspost.yaml") + "compat: jekyll\n"})
    done = town.check()
    assert done.status == 0
    assert [one.split()[1] for one in done.found] == ["broken-link"]
