"""The news of an invented town, as many as wanted: `python corpus.py --posts 1000 FORMAT FOLDER`.

The same posts are written as crosspost, Hugo or Pelican reads them. Post 0 is the newest; post
number N is the same in every corpus, whatever its size, and on every Python: all chance comes from
`random.Random.random`, whose sequence Python promises to keep.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

FORMATS = ("crosspost", "hugo", "pelican")
NEWEST = datetime(2025, 12, 31, 16)  # noqa: DTZ001 - each format reads it in the site's own zone
HOURS = (16, 12, 9)
"""When posts appear: three a day, counted back from `NEWEST`."""

CATEGORIES = ("travaux", "culture", "conseil", "ecoles", "sport", "environnement", "alertes")
_TAGS = """
accueil animaux apprentis archives arrosage bal berges bibliotheque bourse brocante budget
bus canal cantine centre-ville chaleur chorale cirque collecte compost cross crue dechets
devoirs eclairage elections ferme fibre fleurs forains foyer gare halage halle hiver jardins
judo ludotheque marche meteo moulin musee natation neige noel orgue passerelle patinoire
pave permanence petanque piscine pompiers pont potager recensement refuge relais rentree sable
seniors serre skatepark stade tilleuls tri vaccins velo vergers vide-grenier voirie zone-30
"""
TAGS = tuple(_TAGS.split())

WHO = (
    "le conseil municipal",
    "la mairie",
    "le maire",
    "la régie des eaux",
    "l'équipe des espaces verts",
    "le service de la voirie",
    "la directrice de l'école des Tanneurs",
    "l'association du Vieux Lavoir",
    "le club d'aviron",
    "la médiathèque",
    "le comité des fêtes",
    "la communauté de communes",
    "l'atelier de réparation",
    "le conseil des jeunes",
    "la troupe de la Grange",
    "le groupement des commerçants",
    "l'architecte du patrimoine",
    "la conservatrice du musée",
    "le syndicat des transports",
    "chaque quartier",
    "une classe de sixième",
    "l'équipe de nuit",
)
DOES = (
    "prépare",
    "présente",
    "soutient",
    "inaugure",
    "remet à plat",
    "finance",
    "accueille",
    "attend",
    "reprend",
    "examine à nouveau",
    "achève",
    "confie aux habitants",
    "montre pour la première fois",
    "défend",
    "reporte d'une semaine",
    "met en service",
    "raconte",
    "ouvre à tous",
)
WHAT = (
    "la restauration du lavoir",
    "le nouveau plan des bus",
    "la passerelle des Cordiers",
    "le budget de l'année prochaine",
    "une collecte de jouets",
    "le verger partagé",
    "la grande lessive des berges",
    "un cycle de conférences sur la rivière",
    "l'éclairage de la rue Haute",
    "le tournoi des trois ponts",
    "la cantine sans plastique",
    "une exposition de cartes anciennes",
    "le réseau de chaleur",
    "la piste cyclable de la gare",
    "l'accueil des nouveaux habitants",
    "le dépôt des encombrants",
    "la toiture de la halle",
    "une nuit sans lumière",
    "le recensement des arbres creux",
    "l'aire de jeux du mail",
    "une permanence pour les démarches en ligne",
    "le concert des élèves",
    "la digue du moulin",
    "le marché du dimanche",
    "un guide des plantes de trottoir",
    "la navette du soir",
    "le jumelage avec Oberkirchen",
    "l'inventaire des puits",
    "une bourse aux vélos",
    "la salle des mariages rénovée",
)
HOW = (
    "avant la fin du mois",
    "dès lundi matin",
    "malgré la pluie",
    "avec l'aide de douze bénévoles",
    "sans augmenter les tarifs",
    "au pied de la tour de l'Horloge",
    "pour la troisième année de suite",
    "après deux réunions publiques",
    "à la demande des riverains",
    "en présence des élèves",
    "sous la halle",
    "jusqu'aux premières gelées",
    "à deux pas de la gare",
    "pendant les vacances",
    "dans l'ancienne filature",
    "devant près de deux cents personnes",
    "comme promis au printemps",
    "avec des matériaux de la vallée",
)
AND = (
    "et c'est gratuit",
    "car l'hiver a laissé des traces",
    "mais les places sont comptées",
    "et chacun peut venir avec un voisin",
    "ce qui n'était pas arrivé depuis dix ans",
    "tandis que le chantier continue la nuit",
    "si le temps le permet",
    "afin que personne ne reste à la porte",
    "et les avis restent ouverts jusqu'à vendredi",
    "parce que la rivière monte vite",
)
HEADINGS = (
    "Ce qui change",
    "Le calendrier",
    "Comment venir",
    "Combien cela coûte",
    "Et ensuite ?",
    "Ce qu'en disent les voisins",
    "Un peu d'histoire",
    "À apporter",
    "Les rues concernées",
    "Pour s'inscrire",
    "Les chiffres de l'année",
    "Questions fréquentes",
)
WHERE = ("Quai des Teinturiers", "Place du Puits", "Rue Haute", "Mail des Tilleuls", "La Filature")


@dataclass(frozen=True, slots=True)
class Post:
    """A piece of news. `date` is naive, in the site's time zone; `body` is Markdown."""

    number: int
    title: str
    slug: str
    date: datetime
    category: str
    tags: tuple[str, ...]
    summary: str
    body: str

    @property
    def path(self) -> str:
        """Where its file is, below the folder of a site."""
        return f"content/posts/{self.date:%Y/%m}/{self.slug}.md"

    @property
    def page(self) -> str:
        """Where its page is, below the folder of the output."""
        return f"{self.date:%Y/%m}/{self.slug}/index.html"


class Draw:
    """Chance, made of nothing but the sequence that Python keeps from version to version."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed).random

    def under(self, most: float) -> bool:
        """Be true in this share of cases, from 0 to 1."""
        return self._random() < most

    def number(self, first: int, last: int) -> int:
        """Draw a whole number, both ends included."""
        return first + int(self._random() * (last - first + 1))

    def one(self, of: Sequence[str]) -> str:
        """Draw one of several, each as likely as the others."""
        return of[self.number(0, len(of) - 1)]

    def front(self, of: Sequence[str]) -> str:
        """Draw one of several, the first ones much more often: as people use tags."""
        return of[int(self._random() ** 2 * len(of))]


def make_post(number: int) -> Post:
    """Make a post; the same number gives the same post for ever."""
    draw = Draw(f"valbourg/{number}")
    tags = tuple(dict.fromkeys(draw.front(TAGS) for _ in range(draw.number(2, 5))))
    title = f"{_large(draw.one(WHO))} {draw.one(DOES)} {draw.one(WHAT)}"
    if draw.under(0.15):
        title += f" : {draw.one(HOW)}"
    day, turn = divmod(number, len(HOURS))
    date = (NEWEST - timedelta(days=day)).replace(hour=HOURS[turn], minute=draw.number(0, 59))
    return Post(
        number=number,
        title=title,
        slug=f"{_slug(title)}-{number}",
        date=date,
        category=draw.front(CATEGORIES),
        tags=tags,
        summary=_sentence(draw),
        body=_body(draw, tags),
    )


def with_body_changed(post: Post, turn: int) -> Post:
    """Return a post with a paragraph more; each `turn` gives another."""
    return replace(post, body=f"{post.body}\nMise à jour numéro {turn}, relue ce matin.\n")


def with_title_changed(post: Post, turn: int) -> Post:
    """Return a post under another title, at the same address; each `turn` gives another."""
    return replace(post, title=f"{post.title} (version {turn})")


def write_post(post: Post, style: str, site: Path) -> None:
    """Write a post below the folder `site` as a generator reads it: one of `FORMATS`."""
    file = site / post.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{_FRONT[style](post)}\n{post.body}", encoding="utf-8", newline="\n")


def write_corpus(posts: int, style: str, site: Path) -> None:
    """Write so many posts below the folder `site`, as `write_post` does."""
    for number in range(posts):
        write_post(make_post(number), style, site)


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:64].strip("-")


def _words(draw: Draw) -> str:
    """Make a sentence without its large letter and its end."""
    parts = [draw.one(WHO), draw.one(DOES), draw.one(WHAT)]
    if draw.under(0.7):
        parts.append(draw.one(HOW))
    if draw.under(0.35):
        parts[-1] += ","
        parts.append(draw.one(AND))
    return " ".join(parts)


def _sentence(draw: Draw) -> str:
    return _large(_words(draw)) + "."


def _link(draw: Draw, tags: Sequence[str]) -> str:
    """Make a link: to a list of the site itself, to other sites, to a person."""
    text = draw.one(WHAT)
    if draw.under(0.3):
        return f"[{text}](/tags/{draw.one(tags)}/)"
    if draw.under(0.7):
        return f"[{text}](https://data.example/{_slug(text)}?page={draw.number(1, 90)}&tri=date)"
    if draw.under(0.5):
        return f'[{text}](https://carte.example/{draw.number(100, 999)} "{_large(draw.one(HOW))}")'
    if draw.under(0.5):
        return f"<https://demarches.example/formulaire/{draw.number(1000, 9999)}>"
    return f"[{text}](mailto:guichet{draw.number(1, 9)}@valbourg.example)"


def _paragraph(draw: Draw, tags: Sequence[str], notes: list[str] | None = None) -> str:
    """Make two to five sentences, some with emphasis, code, a link; a note where they may be."""
    sentences = []
    for _ in range(draw.number(2, 5)):
        text = _words(draw)
        if draw.under(0.18):
            subject = draw.one(WHAT)
            mark = draw.one(("**", "*", "**"))
            text = f"{text} : {mark}{subject}{mark} en premier"
        if draw.under(0.2):
            text += f", voir {_link(draw, tags)}"
        if draw.under(0.03):
            text += f", dossier `{draw.one(tags)}-{draw.number(100, 999)}`"
        if notes is not None and len(notes) < 3 and draw.under(0.25):
            notes.append(_sentence(draw))
            text += f"[^{len(notes)}]"
        sentences.append(_large(text) + ".")
    text = " ".join(sentences)
    return _wrapped(text) if draw.under(0.3) else text


def _wrapped(text: str) -> str:
    """Break lines near 80 characters, as some people do; never before what starts a block."""
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) > 80 and word[:1].isalpha():
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _list(draw: Draw, tags: Sequence[str]) -> str:
    numbered = draw.under(0.25)
    items = []
    for turn in range(1, draw.number(3, 7) + 1):
        start = f"{turn}." if numbered else "-"
        text = _link(draw, tags) if draw.under(0.2) else _large(draw.one(WHAT))
        items.append(f"{start} {text} {draw.one(HOW)}")
    return "\n".join(items)


def _table(draw: Draw) -> str:
    rows = ["| Lieu | Jour | Inscrits | Tarif |", "|---|---|---:|---:|"]
    for _ in range(draw.number(3, 8)):
        day = f"{draw.number(1, 28)} {draw.one(('mars', 'mai', 'octobre'))}"
        price = f"{draw.number(2, 30)},{draw.number(10, 99)} €"
        rows.append(f"| {draw.one(WHERE)} | {day} | {draw.number(3, 240)} | {price} |")
    return "\n".join(rows)


def _code(draw: Draw, tags: Sequence[str]) -> str:
    if draw.under(0.5):
        value = {"lieu": draw.one(WHERE), "places": draw.number(5, 90), "themes": list(tags)}
        return f"```json\n{json.dumps(value, ensure_ascii=False, indent=2)}\n```"
    limit = draw.number(10, 500)
    return (
        "```python\nfrom pathlib import Path\n\n"
        'lignes = Path("releves.csv").read_text(encoding="utf-8").splitlines()\n'
        f'hautes = [ligne for ligne in lignes[1:] if int(ligne.split(";")[2]) > {limit}]\n'
        'print(f"{len(hautes)} jours au-dessus du repère")\n```'
    )


def _body(draw: Draw, tags: Sequence[str]) -> str:
    """Make some 500 words, as a town writes them: most have lists and headings, few have code."""
    wanted = draw.number(260, 680)
    notes: list[str] | None = [] if draw.under(0.08) else None
    extras = [("table", 0.12), ("code", 0.04), ("quote", 0.2)]
    waiting = [name for name, share in extras if draw.under(share)]
    blocks = [_paragraph(draw, tags, notes)]
    while sum(len(block.split()) for block in blocks) < wanted:
        if draw.under(0.35):
            level = "##" if draw.under(0.75) else "###"
            blocks.append(f"{level} {draw.one(HEADINGS)}")
        if draw.under(0.25):
            blocks += [_paragraph(draw, tags, notes), _list(draw, tags)]
        blocks.append(_paragraph(draw, tags, notes))
        if waiting:
            kind = waiting.pop()
            if kind == "quote":
                blocks.append(f"> {_sentence(draw)}\n> {_sentence(draw)}")
            else:
                blocks.append(_table(draw) if kind == "table" else _code(draw, tags))
    blocks += [f"[^{number}]: {text}" for number, text in enumerate(notes or (), start=1)]
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    """Write a YAML scalar; a string of JSON is one."""
    return json.dumps(text, ensure_ascii=False)


def _crosspost(post: Post) -> str:
    return (
        f"---\ntitle: {_quoted(post.title)}\ndate: {post.date:%Y-%m-%d %H:%M}\n"
        f"category: {post.category}\ntags: [{', '.join(post.tags)}]\n"
        f"summary: {_quoted(post.summary)}\n---\n"
    )


def _hugo(post: Post) -> str:
    # Hugo makes lists of what it calls taxonomies: the year is one, so that it has lists of ten.
    return (
        f"---\ntitle: {_quoted(post.title)}\ndate: {_quoted(f'{post.date:%Y-%m-%dT%H:%M:%S}')}\n"
        f"slug: {post.slug}\ncategories: [{post.category}]\ntags: [{', '.join(post.tags)}]\n"
        f'years: ["{post.date:%Y}"]\nsummary: {_quoted(post.summary)}\n---\n'
    )


def _pelican(post: Post) -> str:
    return (
        f"Title: {post.title}\nDate: {post.date:%Y-%m-%d %H:%M}\nSlug: {post.slug}\n"
        f"Category: {post.category}\nTags: {', '.join(post.tags)}\nSummary: {post.summary}\n"
    )


_FRONT = {"crosspost": _crosspost, "hugo": _hugo, "pelican": _pelican}


def main() -> None:
    """Write a corpus from the command line."""
    parser = argparse.ArgumentParser(description="Write the news of an invented town.")
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("folder", type=Path, help="the site's folder; posts go below its content/")
    arguments = parser.parse_args()
    write_corpus(arguments.posts, arguments.format, arguments.folder)


if __name__ == "__main__":
    main()
