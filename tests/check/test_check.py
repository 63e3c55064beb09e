"""The command: all problems in one run, in three formats, with an exit status."""

from __future__ import annotations

import json

WRONG = "---\ntitel: Foire\ndate: 2026-09-02\n---\nTexte [ici](rien.md).\n"


def test_settings_front_matter_texts_and_links_are_reported_in_one_run(site, post):
    town = site({"content/posts/a.md": WRONG, "content/posts/b.md": post("[ici](rien.md)")})
    settings = town.read("crosspost.yaml")
    town.write({"crosspost.yaml": f"{settings}lists: {{per_pge: 3}}\n"})
    done = town.check()
    assert done.status == 1
    assert done.found == [
        "content/posts/a.md:2:1 missing-key",
        "content/posts/a.md:2:1 unknown-key",
        "content/posts/b.md:5:7 broken-link",
        "content/posts/b.md:5:7 vague-link",
        "crosspost.yaml:3:9 unknown-key",
    ]
    assert "Did you mean 'title'?" in done.out
    assert not (town.root / "output").exists()


def test_settings_that_cannot_be_read_are_problems_too(site):
    done = site({"crosspost.yaml": "site: [\n"}).check()
    assert (done.status, done.found) == (1, ["crosspost.yaml:2:1 yaml-syntax"])


def test_a_theme_that_is_not_there_is_a_problem(site):
    town = site({})
    town.write({"crosspost.yaml": town.read("crosspost.yaml").replace("small", "smal")})
    assert [one.split()[1] for one in town.check().found] == ["unknown-theme"]


def test_whatever_build_refuses_check_refuses(site, post):
    """Each of these is an error of build; the same words come from check."""
    wrong = {
        "content/posts/a.md": post(front="uid: x", title="Un"),
        "content/posts/b.md": post(front="uid: x", title="Deux"),
        "content/posts/c.md": post(front="slug: a"),
        "content/posts/d.md": post("[x](../nowhere.md)"),
        "content/posts/e.md": post(front="layout: odd"),
        "content/posts/f.md": b"---\ntitle: \xe9\n---\n",
        "content/pages/g.md": "no front matter",
        "content/newsletters/h.md": post(front="posts: [posts/zzz.md]"),
        "templates/post.html": "{% if %}",
    }
    town = site(wrong)
    built, checked = town.build(), town.check()
    refused = [line for line in built.err.splitlines() if ": error: " in line]
    said = [f": error: {one['message']} [{one['code']}]" for one in checked.problems]
    assert len(refused) > 6
    for line in refused:
        assert any(line.endswith(one) for one in said), line


def test_warnings_alone_end_well_unless_strict(site, post):
    town = site({"content/posts/a.md": post("[ici](https://example.org/)")})
    assert town.check().status == 0
    strict = town.check("--strict")
    assert strict.status == 1
    assert {one["severity"] for one in strict.problems} == {"error"}


def test_rules_are_switched_off_and_weighed_by_the_settings(site, post):
    body = "[ici](https://example.org/) ![image](a.jpg)\n\n[b](b.html#nowhere)"
    town = site({"content/posts/a.md": post(body), "content/posts/a.jpg": b"GIF89a"})
    settings = town.read("crosspost.yaml")
    codes = [one.split()[1] for one in town.check().found]
    assert codes == ["vague-link", "not-a-picture", "useless-alt", "broken-link"]
    town.write(
        {
            "crosspost.yaml": settings
            + "check: {off: [useless-alt, vage-link], error: [vague-link], warn: [broken-link]}\n"
        }
    )
    found = {one["code"]: (one["severity"], one["message"]) for one in town.check().problems}
    assert found.keys() == {"vague-link", "not-a-picture", "unknown-rule", "broken-link"}
    assert found["vague-link"][0] == "error"
    assert found["broken-link"][0] == "error", "build refuses it: it stays an error"
    assert "vage-link" in found["unknown-rule"][1] or "broken-link" in found["unknown-rule"][1]


def test_annotations_are_escaped_as_github_wants_it(site, post, monkeypatch):
    town = site({"content/posts/a,b: 100%.md": post("[ici](https://example.org/)")})
    monkeypatch.setenv("GITHUB_WORKSPACE", str(town.root.parent))
    said = town.run("check", "--now", "2026-11-23", "--format", "github").out.splitlines()[0]
    head = "::warning file=site/content/posts/a%2Cb%3A 100%25.md,line=5,col=7,title=vague-link::"
    assert said.startswith(head)
    assert "'ici' does not say" in said


def test_for_programs_there_is_one_object_with_counts(site):
    done = site({"content/posts/a.md": WRONG}).check()
    said = json.loads(done.out)
    assert (said["errors"], said["warnings"]) == (2, 0)


def test_the_second_check_finds_the_same_and_looks_at_what_changed(site, post, picture):
    files = {
        "content/posts/a.md": post("[ici](https://example.org/) [b](b.md#la)"),
        "content/posts/b.md": post("## Là { #la }", title="Bal"),
        "content/posts/c.jpg": picture(located=True),
    }
    town = site(files)
    first = town.check().found
    assert (
        town.check().found
        == first
        == [
            "content/posts/a.md:5:7 vague-link",
            "content/posts/c.jpg:0:0 picture-location",
        ]
    )
    town.write({"content/posts/b.md": post("## Là { #lo }", title="Bal")})
    assert "content/posts/a.md:5:33 broken-anchor" in town.check().found
    town.write({"content/posts/b.md": files["content/posts/b.md"]})
    assert town.check().found == first
    town.write({"content/posts/a.md": post("Rien.")})
    assert town.check().found == ["content/posts/c.jpg:0:0 picture-location"]


def test_mistakes_in_one_file_hide_none_in_the_pages_of_others(site, post):
    """An error of build in one document does not keep the others from being looked at."""
    files = {
        "content/posts/a.md": WRONG,
        "content/posts/b.md": post("[le plan](c.md#plan) [là](../x.md)", title="B"),
        "content/posts/c.md": post(front="layout: odd", title="C"),
    }
    town = site(files)
    codes = [one.split()[1] for one in town.check().found]
    assert codes == ["missing-key", "unknown-key", "broken-link", "vague-link", "unknown-layout"]
    town.write({"content/posts/c.md": post(title="C")})
    town.write({"content/posts/a.md": post("![](f.jpg)", title="A")})
    assert town.check().found == [
        "content/posts/a.md:5:5 broken-link",
        "content/posts/a.md:5:5 missing-alt",
        "content/posts/b.md:5:11 broken-anchor",
        "content/posts/b.md:5:27 broken-link",
        "content/posts/b.md:5:27 vague-link",
    ]


def test_files_that_cannot_stand_side_by_side(site, post):
    town = site(
        {
            "content/posts/a.md": post(front="permalink: /x.txt"),
            "content/x.txt/y.txt": "text",
        }
    )
    done = town.check()
    assert (done.status, done.found) == (1, ["content/posts/a.md:1:1 duplicate-url"])
