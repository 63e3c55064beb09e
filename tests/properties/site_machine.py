"""The steps of a site's life: each rule is something that happens to it, and is mostly built.

`tour.py` takes each of them once, in order; hypothesis takes them as it likes.
"""

from __future__ import annotations

import json
import os
import shutil
from functools import wraps

import tiny_theme
from builders import HOME, ODD, PLAIN
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from living_site import Doc, moment, picture
from site_life import CACHE, Build, Life, change_file, say, truncate_file

which = st.integers(0, 7)
hours = st.sampled_from([-2, -30, -24 * 20, 3, 24, 24 * 12])
builds = st.builds(
    Build,
    jobs=st.sampled_from([None, 1, 2, 3]),
    where=st.sampled_from([HOME.name, PLAIN.name, ODD.name]),
    drafts=st.sampled_from([False, False, False, False, True]),
    strict=st.sampled_from([False, False, False, False, False, True]),
    twice=st.sampled_from([False, False, False, False, True]),
    many=st.sampled_from([0, 0, 2, 3]),
)
then = st.one_of(builds, builds, builds, st.none())
texts = st.sampled_from(
    [
        "Un texte court.",
        "Un texte plus long : « oui » ! Il a deux phrases, et 10 % de plus.",
        "## Un titre\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## Un titre",
        "```python\ndef oui():\n    return 'non'\n```",
        "Une note[^1].\n\n[^1]: La voici.",
        "<div>du *HTML*</div>\n\n- un\n- deux",
        "> *Dit-elle* &amp; `code` <https://ailleurs.example/>",
        "",
    ]
)
tags = st.lists(st.sampled_from(["noel", "Marché", "vélo", "a-b"]), max_size=2, unique=True)
PARTIALS = ["entete", "pied-special", "pied", "menu", "logo", "follow", "de-plus"]
LAYERS = [
    "templates",
    "themes/petit/templates",
    "themes/ville/templates",
    "themes/maison/templates",
]


def step(**strategies):
    """Make a rule of a method that changes the site: it is counted, saved, and mostly built."""

    def decorate(change):
        @rule(then=then, **strategies)
        @wraps(change)
        def run(self, then, **given):
            change(self, **given)
            self.life.save()
            self.life.tally["steps"] += 1
            if then:
                self.life.compare(then)

        return run

    return decorate


class SiteMachine(RuleBasedStateMachine):
    """What can happen to a site. `new_life` makes one."""

    new_life: type[Life]

    def __init__(self):
        super().__init__()
        self.life = self.new_life()
        self.life.build()

    def teardown(self):
        try:
            if self.life.pending:
                self.life.compare(Build())
        finally:
            self.life.close()

    @property
    def site(self):
        return self.life.site

    def pick(self, number, folder=None):
        """Return the path of a document; None where there is none."""
        paths = self.site.of(folder) if folder else sorted(self.site.docs)
        path = paths[number % len(paths)] if paths else None
        say(f"{path}:")
        return path

    def front(self, number, folder=None, **front):
        """Change keys of a document's front matter."""
        path = self.pick(number, folder)
        if path:
            self.site.docs[path] = self.site.docs[path].but(**front)

    def parts(self, path, **parts):
        """Change parts of a document below its front matter."""
        old = self.site.docs[path]
        kept = {"text": old.text, "links": old.links, "pictures": old.pictures}
        self.site.docs[path] = Doc(old.mark, old.front, **{**kept, **parts})

    # Documents.

    @step(which=which, text=texts)
    def edit_text(self, which, text):
        if path := self.pick(which):
            self.parts(path, text=text)

    @step(
        which=which,
        letter=st.sampled_from("abc"),
        how=st.sampled_from(["openly", "secretly", "by renaming"]),
    )
    def edit_one_letter(self, which, letter, how):
        """Change a text and not its size, and perhaps not the file's time either."""
        if path := self.pick(which):
            file = self.life.root / "content" / path
            old = file.stat()
            text = self.site.docs[path].text
            self.parts(path, text=text[:-1] + letter)
            if how == "by renaming":
                file.rename(file.with_suffix(".md~"))
            self.life.save()
            if how != "openly":
                os.utime(file, ns=(old.st_atime_ns, old.st_mtime_ns))
            file.with_suffix(".md~").unlink(missing_ok=True)

    @step(which=which, title=st.sampled_from(["Le *marché*", "Fête à l'école", "A & B", "Zut"]))
    def edit_title(self, which, title):
        self.front(which, title=title)

    @step(which=which, days=st.integers(-40, 12))
    def edit_date(self, which, days):
        self.front(which, "posts", date=moment(24 * days))

    @step(which=which, tags=tags)
    def edit_tags(self, which, tags):
        self.front(which, "posts", tags=tags)

    @step(which=which, category=st.sampled_from(["travaux", "culture", None, "inconnue"]))
    def edit_category(self, which, category):
        self.front(which, "posts", category=category)

    @step(which=which, summary=st.sampled_from([None, "Un résumé.", "Un *autre* résumé : oui !"]))
    def edit_summary(self, which, summary):
        self.front(which, summary=summary)

    @step(which=which, lang=st.sampled_from([None, "en", "fr-CA", "de"]))
    def edit_language(self, which, lang):
        self.front(which, lang=lang)

    @step(
        which=which,
        front=st.sampled_from(
            [
                {"author": "Ana"},
                {"author": None, "updated": moment(-5)},
                {"updated": moment(30)},
                {"noindex": True},
                {"noindex": None, "params": {"note": "noté"}},
                {"params": None, "slug": "autre-nom"},
                {"slug": None},
                {"permalink": "/libre/"},
                {"permalink": "/libre/dessous/"},
                {"permalink": "/libre.html"},
                {"permalink": None},
                {"layout": "alone"},
                {"layout": None},
                {"event": {"start": moment(50), "place": "Halle"}},
                {"event": None},
                {"channels": {"newsletter": False}},
                {"channels": {"newsletter": "featured"}},
                {"channels": {"musee": True}},
                {"channels": {"musee": {"text": "Venez."}, "mastodon": False}},
                {"channels": None},
            ]
        ),
    )
    def edit_front_matter(self, which, front):
        self.front(which, "posts", **front)

    @step(name=which, days=st.integers(-20, 3), uid=st.booleans(), tags=tags, draft=st.booleans())
    def add_post(self, name, days, uid, tags, draft):
        path = f"posts/{'2026/' * (name % 2)}ajout{name}.md"
        front = {"title": f"Ajout {name}", "date": moment(24 * days), "tags": tags}
        front |= {"uid": f"uid-{name}"} if uid else {}
        front |= {"draft": True} if draft else {}
        self.site.docs[path] = Doc(self.site.new_mark(), front)

    @step(which=which)
    def delete_document(self, which):
        if path := self.pick(which):
            del self.site.docs[path]

    @step(which=which, name=which, as_folder=st.booleans())
    def rename_document(self, which, name, as_folder):
        if path := self.pick(which):
            folder = path.partition("/")[0]
            new = f"{folder}/renomme{name}{'/index' * as_folder}.md"
            self.site.docs[new] = self.site.docs.pop(path)

    @step(first=which, second=which, by_renaming=st.booleans())
    def swap_documents(self, first, second, by_renaming):
        """Exchange two posts; files that are renamed keep their times and, often, their sizes."""
        one, other = self.pick(first, "posts"), self.pick(second, "posts")
        if not one or not other:
            return
        docs, written = self.site.docs, self.site.written
        docs[one], docs[other] = docs[other], docs[one]
        if by_renaming and one != other:
            names = [f"content/{path}" for path in (one, other)]
            files = [self.life.root / name for name in names]
            aside = files[0].rename(files[0].with_suffix(".md~"))
            files[1].rename(files[0])
            aside.rename(files[1])
            written[names[0]], written[names[1]] = written[names[1]], written[names[0]]

    @step(which=which, draft=st.booleans())
    def set_draft(self, which, draft):
        self.front(which, draft=draft or None)

    @step(which=which, after=st.sampled_from([None, -3, 5, 48]))
    def set_expiry(self, which, after):
        self.front(which, expires=after and moment(self.life.hours + after))

    @step(which=which, other=which, anchor=st.sampled_from(["", "#un-titre"]))
    def link_to_document(self, which, other, anchor):
        path, target = self.pick(which), self.pick(other)
        if path and target:
            links = self.site.docs[path].links
            self.parts(path, links=(*links[-1:], f"/{target}{anchor}"))

    @step(
        which=which,
        links=st.sampled_from(
            [(), ("/rss.xml", "/archives/"), ("/newsletter/",), ("/feed.json",), ("absent.md",)]
        ),
    )
    def link_elsewhere(self, which, links):
        if path := self.pick(which):
            self.parts(path, links=links)

    @step(which=which, aliases=st.sampled_from([None, ["/ancien/"], ["/vieux", "/a/b.html"]]))
    def set_aliases(self, which, aliases):
        self.front(which, aliases=aliases)

    @step(which=which, gone=st.booleans())
    def set_gone(self, which, gone):
        self.front(which, gone=gone or None)

    @step(
        lines=st.sampled_from(
            [None, "/archives/\n/rss.xml\n", "/ancien/\n/images/p0.png\n", "/vieux/\nmistake\n"]
        )
    )
    def put_inventory(self, lines):
        self._override("urls.txt", lines)

    @step(
        redirects=st.sampled_from(
            [
                {"formats": ["netlify", "nginx", "apache"]},
                {"formats": ["html", "nginx"], "moved": {"/ancien/": "/archives/"}},
                {"moved": {"/ailleurs": "https://valbourg.example/x"}, "gone": ["/vieux/"]},
                None,
            ]
        )
    )
    def set_redirects(self, redirects):
        self.site.settings["redirects"] = redirects or {}

    # Pictures and other files of content/.

    @step(name=st.integers(0, 2), number=st.integers(0, 9))
    def put_picture(self, name, number):
        self.site.files[f"content/images/p{name}.png"] = picture(number)

    @step(name=st.integers(0, 2))
    def remove_picture(self, name):
        self.site.files.pop(f"content/images/p{name}.png", None)

    @step(name=st.integers(0, 2))
    def break_picture(self, name):
        self.site.files[f"content/images/p{name}.png"] = b"this is no picture"

    @step(
        which=which,
        name=st.integers(0, 2),
        put=st.sampled_from(["body", "front", "channel", "none"]),
        alt=st.sampled_from(["Une vue", None]),
    )
    def use_picture(self, which, name, put, alt):
        if path := self.pick(which):
            src = f"/images/p{name}.png"
            image = {"src": src, **({"alt": alt} if alt else {})} if put == "front" else None
            self.parts(path, pictures=(src,) if put == "body" else ())
            said = {"mastodon": {"images": [{"src": src}]}} if put == "channel" else None
            self.site.docs[path] = self.site.docs[path].but(image=image, channels=said)

    @step(name=st.sampled_from(["plan.pdf", "images/été.svg", "posts/note.txt"]), data=which)
    def put_file(self, name, data):
        self.site.files[f"content/{name}"] = b"<svg/>" * (data + 1)

    # Pages and newsletters.

    @step(name=which, menu=st.sampled_from([None, 1, 2]), below=st.booleans())
    def put_page(self, name, menu, below):
        path = f"pages/{'mairie/' * below}page{name}.md"
        front = {"title": f"Page {name}", **({"menu": menu} if menu else {})}
        self.site.docs[path] = Doc(self.site.new_mark(), front)

    @step(which=which, menu=st.sampled_from([None, 1, 3]))
    def set_menu(self, which, menu):
        self.front(which, "pages", menu=menu)

    @step()
    def own_page_for_errors(self):
        if self.site.docs.pop("pages/404.md", None) is None:
            self.site.docs["pages/404.md"] = Doc(self.site.new_mark(), {"title": "Perdu"})

    @step(name=which, days=st.integers(-20, 2), length=st.integers(1, 20))
    def put_edition_of_days(self, name, days, length):
        period = {"from": moment(24 * (days - length))[:10], "to": moment(24 * days)[:10]}
        front = {"title": f"Lettre {name}", "date": moment(24 * days), "period": period}
        self.site.docs[f"newsletters/lettre{name}.md"] = Doc(self.site.new_mark(), front)

    @step(name=which, posts=st.lists(which, min_size=1, max_size=3), by_uid=st.booleans())
    def put_edition_of_posts(self, name, posts, by_uid):
        names = [path for path in (self.pick(one, "posts") for one in posts) if path]
        if by_uid:
            names = [
                self.site.docs[path].front.get("uid", path.removesuffix(".md")) for path in names
            ]
        front = {"title": f"Choix {name}", "date": moment(-1), "posts": names or ["personne"]}
        self.site.docs[f"newsletters/lettre{name}.md"] = Doc(self.site.new_mark(), front)

    # The theme.

    @step(
        layer=st.sampled_from(LAYERS),
        name=st.sampled_from(PARTIALS),
        text=st.sampled_from([*tiny_theme.OVERRIDES, None]),
    )
    def override_partial(self, layer, name, text):
        self._override(f"{layer}/partials/{name}.html", tiny_theme.OVERRIDES.get(text))

    @step(
        layer=st.sampled_from(LAYERS),
        name=st.sampled_from(["post", "alone"]),
        text=st.sampled_from([*tiny_theme.WHOLE, None]),
    )
    def override_template(self, layer, name, text):
        self._override(f"{layer}/{name}.html", tiny_theme.WHOLE.get(text))

    def _override(self, path, text):
        """Put a file into the theme's chain, or take it away: a theme's own comes back then."""
        if text is not None:
            self.site.files[path] = text.encode()
        elif path in tiny_theme.FILES:
            self.site.files[path] = tiny_theme.FILES[path]
        else:
            self.site.files.pop(path, None)

    @step()
    def remove_partial_of_theme(self):
        self.site.files.pop("themes/petit/templates/partials/pied.html", None)

    @step(
        folder=st.sampled_from(["", "themes/petit/", "themes/ville/", "themes/maison/"]),
        name=st.sampled_from(["css/petit.css", "css/ville.css", "img/fond.svg", "favicon.svg"]),
        data=st.sampled_from([None, "p { color: red }\n", "p { src: url('../img/fond.svg#a') }\n"]),
    )
    def override_static_file(self, folder, name, data):
        self._override(f"{folder}static/{name}", data)

    @step(
        folder=st.sampled_from(["", "themes/petit/", "themes/ville/"]),
        lang=st.sampled_from(["fr", "en", "de"]),
        texts=st.sampled_from(
            [
                None,
                {"home": "Chez nous"},
                {"posts": {"one": "{count} nouvelle", "other": "{count} nouvelles"}},
                {"previous_post": "Avant", "not_found_title": "Rien ici"},
                {"posts": "{nombre} articles"},
            ]
        ),
    )
    def translate(self, folder, lang, texts):
        self._override(f"{folder}i18n/{lang}.yaml", texts and json.dumps(texts) + "\n")

    @step(extends=st.sampled_from(["petit", "ville", None]), accent=st.sampled_from(["rose", None]))
    def write_theme_maison(self, extends, accent):
        """Give the folder a theme.yaml, or take it away: the folder is then no theme any more."""
        lines = [f"extends: {extends}"] + [f"params: {{accent: {accent}}}"] * bool(accent)
        self._override("themes/maison/theme.yaml", extends and "\n".join(lines) + "\n")

    @step(theme=st.sampled_from(["petit", "petit", "petit", "maison", "ville"]))
    def choose_theme(self, theme):
        self.site.settings["theme"] = theme

    @step(accent=st.sampled_from(["bleu", "vert", "vert d'eau"]))
    def set_parameter_of_theme(self, accent):
        self.site.files["themes/petit/theme.yaml"] = f'params: {{accent: "{accent}"}}\n'.encode()

    # Settings.

    @step(
        change=st.sampled_from(
            [
                {"title": "Valbourg-sur-Rive"},
                {"title": "Valbourg", "description": "L'actualité : tout !"},
                {"url": "https://valbourg.example/ville"},
                {"url": "https://valbourg.example"},
                {"language": "en"},
                {"language": "fr"},
                {"timezone": "Pacific/Noumea"},
                {"timezone": "Europe/Paris"},
                {"image": "/images/p0.png"},
                {"image": "/images/p2.png"},
                {"image": None, "author": "La mairie"},
            ]
        )
    )
    def set_site(self, change):
        site = {**self.site.settings["site"], **change}
        self.site.settings["site"] = {k: v for k, v in site.items() if v is not None}

    @step(
        key=st.sampled_from(["lists", "feeds", "categories", "tags", "newsletter", "params"]),
        number=st.integers(0, 3),
    )
    def set_settings(self, key, number):
        labels = ["Travaux", "Travaux & voirie", "Voirie", "Chantiers"]
        values = {
            "lists": [{"per_page": one} for one in (1, 2, 3, 10)],
            "feeds": [
                {"items": 1, "formats": ["atom"], "per": []},
                {"items": 2, "formats": ["rss", "atom", "json"], "per": ["category", "tag"]},
                {"formats": [], "per": ["tag"]},
                {"items": 3, "formats": ["json", "rss"], "per": ["tag"]},
            ],
            "categories": [
                {"travaux": {"label": one, "labels": {"en": "Works"}}, "culture": "Culture"}
                for one in labels
            ],
            "tags": [{}, {"noel": "Noël"}, {"noel": {"label": "Fêtes", "description": "D"}}, {}],
            "newsletter": [{}, {"title": "Info", "unsubscribe_url": "{{leave}}"}, {}, {}],
            "params": [{}, {"bandeau": "Bonne année"}, {"bandeau": "Alerte !"}, {"autre": [1]}],
        }
        self.site.settings[key] = values[key][number]

    @step(
        pattern=st.sampled_from(
            ["/{year}/{month}/{slug}/", "/{category}/{slug}/", "/{slug}.html", "/{path}/"]
        )
    )
    def set_permalink(self, pattern):
        self.site.settings["permalink"] = pattern

    @step(typography=st.booleans())
    def set_typography(self, typography):
        self.site.settings["markdown"] = {"typography": typography}

    @step(account=st.sampled_from([None, "@ville@mastodon.example"]))
    def set_account(self, account):
        channels = {"mastodon": {"type": "mastodon", "account": account}} if account else {}
        self.site.settings["channels"] = channels

    @step(
        only=st.sampled_from([{"categories": ["culture"]}, {"tags": ["noel"]}, "named", None]),
        fediverse=st.sampled_from(
            [
                *({}, {"creator": False}, {"creator": "@a@b.example"}),
                *({"rel_me": False}, {"discuss": False}),
            ]
        ),
    )
    def set_accounts(self, only, fediverse):
        """Give the museum an account of its own, whose byline the pages of its posts have."""
        channels = {
            name: {"type": "mastodon", "account": f"@{name}@mastodon.example"}
            for name in ("musee", "mastodon")
        }
        if only:
            channels["musee"]["only"] = only
        self.site.settings["channels"] = channels
        self.site.settings["fediverse"] = fediverse

    # What was said.

    @step(
        which=which,
        event=st.sampled_from(["sent", "edited", "deleted", "claimed", "torn"]),
        channel=st.sampled_from(["mastodon", "musee"]),
    )
    def record(self, which, event, channel):
        """Add an event to the ledger, as a publish does after a build."""
        path = self.pick(which, "posts")
        if not path:
            return
        self.life.number += 1
        name = f"ledger/{channel}/2026-11.jsonl"
        uid = self.site.docs[path].front.get("uid", path.removesuffix(".md"))
        line = json.dumps(
            {
                "event": "sent" if event == "torn" else event,
                "channel": channel,
                "account": f"@{channel}@mastodon.example",
                "uid": uid,
                "at": "2026-11-23T12:00:00Z",
                "sequence": self.life.number,
                "remote_id": str(which),
                "remote_url": f"https://mastodon.example/@{channel}/{self.life.number}",
            }
        )
        line = line[:-20] if event == "torn" else line
        self.site.files[name] = self.site.files.get(name, b"") + f"{line}\n".encode()

    @step()
    def lose_ledger(self):
        for name in [name for name in self.site.files if name.startswith("ledger/")]:
            del self.site.files[name]

    @step(named=st.booleans(), name=st.integers(0, 2), number=which)
    def set_static_folder(self, named, name, number):
        self.site.settings["static"] = ["fichiers"] if named else []
        self.site.files[f"fichiers/f{name}.txt"] = b"fichier\n" * number

    # Time.

    @step(hours=hours)
    def move_clock(self, hours):
        self.life.hours += hours

    @step()
    def touch_everything(self):
        """A fresh checkout: every file has a new time and its old bytes."""
        for name in self.site.written:
            os.utime(self.life.root / name)

    @step()
    def take_back(self):
        self.life.take_back()

    # The cache.

    @step()
    def delete_cache(self):
        self.life.delete_cache()

    @step(which=which, fresh=st.booleans())
    def roll_back_cache(self, which, fresh):
        self.life.roll_back(self.life.caches, which, CACHE, fresh=fresh)

    @step(which=which, hours=hours, drafts=st.booleans())
    def take_cache_of_another_checkout(self, which, hours, drafts):
        self.life.foreign_cache(which, hours, drafts=drafts)

    @step(which=st.integers(0, 99), at=st.integers(0, 9999))
    def truncate_cache_file(self, which, at):
        truncate_file(self.life.cache_file(which), at)

    @step(which=st.integers(0, 99), at=st.integers(0, 9999), secretly=st.booleans())
    def change_cache_file(self, which, at, secretly):
        change_file(self.life.cache_file(which), at, secretly=secretly)

    @step(which=st.integers(0, 99))
    def delete_cache_file(self, which):
        if path := self.life.cache_file(which):
            say(f"{path.name}:")
            path.unlink()

    # The output.

    @step(which=st.integers(0, 99))
    def delete_output_file(self, which):
        self.life.meddled = True
        if path := self.life.output_file(which):
            say(f"{path}:")
            path.unlink()

    @step(which=st.integers(0, 99), at=st.integers(0, 9999), secretly=st.booleans())
    def change_output_file(self, which, at, secretly):
        change_file(self.life.output_file(which), at, secretly=secretly)

    @step()
    def delete_output(self):
        shutil.rmtree(self.life.output)

    @step(which=which, fresh=st.booleans())
    def roll_back_output(self, which, fresh):
        self.life.roll_back(self.life.outputs, which, "output", fresh=fresh)
