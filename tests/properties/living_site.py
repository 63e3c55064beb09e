"""The sources of a site, as a model that can be changed at random and written to a folder."""

from __future__ import annotations

import json
import random
import struct
import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tiny_theme

START = datetime(2026, 11, 23, 12, 0)
"""The clock of a new site."""


def moment(hours: int) -> str:
    """Write the moment that is so many hours after the start."""
    return f"{START + timedelta(hours=hours):%Y-%m-%d %H:%M}"


def seconds(hours: int, zone: str) -> int:
    """Return the same moment, by the clocks of a time zone, in seconds since 1970."""
    return int((START + timedelta(hours=hours)).replace(tzinfo=ZoneInfo(zone)).timestamp())


def picture(number: int) -> bytes:
    """Make a PNG of a size and colour of its own, with a note that is not to be published."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    width, height = 2 + number, 3
    rows = (b"\0" + bytes([number, 80, 120]) * width) * height
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            chunk(b"tEXt", b"Comment\0taken at home"),
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        ]
    )


@dataclass(frozen=True)
class Doc:
    """A document. Its mark is a word that stands in its title and its text, and nowhere else."""

    mark: str
    front: dict[str, Any]
    text: str = "Un texte court."
    links: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()

    def data(self) -> bytes:
        """Write the file."""
        front = {**self.front, "title": f"{self.front['title']} {self.mark}"}
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
        parts = [f"Voici {self.mark}. {self.text}"]
        parts += [f"[Lire aussi]({one})" for one in self.links]
        parts += [f"![Une vue]({one})" for one in self.pictures]
        return "\n".join(["---", *lines, "---", "", "\n\n".join(parts), ""]).encode()

    def but(self, **front: Any) -> Doc:
        """Return the document with other front matter; a key that is None is left out."""
        merged = {**self.front, **front}
        return replace(self, front={k: v for k, v in merged.items() if v is not None})

    def is_shown(self, hours: int) -> bool:
        """Say whether it is on the site at that moment. Dates are written alike, and so compare."""
        now = moment(hours)
        date, expires = self.front.get("date", ""), self.front.get("expires", "9")
        if self.front.get("draft", False):
            return False
        # What is gone has a page with its text at its address, whatever its dates.
        return self.front.get("gone", False) or date <= now < expires

    def picture_paths(self) -> set[str]:
        """The paths below content/ of the pictures that it uses."""
        image = self.front.get("image")
        said = self.front.get("channels", {}).get("mastodon", {}).get("images", [])
        used = (*self.pictures, *([image["src"]] if image else []), *(one["src"] for one in said))
        return {one.lstrip("/") for one in used}


@dataclass
class LivingSite:
    """All sources of a site: documents by their path below content/, settings, other files."""

    docs: dict[str, Doc]
    settings: dict[str, Any]
    files: dict[str, bytes]
    written: dict[str, bytes] = field(default_factory=dict)
    marks: int = 0

    def tree(self) -> dict[str, bytes]:
        """Return every source file, by its path below the site."""
        lines = [f"{k}: {json.dumps(v, ensure_ascii=False)}" for k, v in self.settings.items()]
        return {
            "crosspost.yaml": ("\n".join(lines) + "\n").encode(),
            **{f"content/{path}": doc.data() for path, doc in self.docs.items()},
            **self.files,
        }

    def write(self, root: Path) -> None:
        """Make the folder hold these sources, touching only what changed since the last time."""
        wanted = self.tree()
        for name in self.written.keys() - wanted.keys():
            (root / name).unlink()
            for folder in (root / name).parents:
                if folder == root or any(folder.iterdir()):
                    break
                folder.rmdir()
        for name, data in wanted.items():
            if self.written.get(name) != data:
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        self.written = wanted

    def copy_to(self, root: Path, order: int | None = None) -> None:
        """Write all sources to a new folder, in an order of its own."""
        names = sorted(self.written)
        if order is not None:
            random.Random(order).shuffle(names)
        for name in names:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.written[name])

    def new_mark(self) -> str:
        """Return a word that no other document has."""
        self.marks += 1
        return f"marque{self.marks:04}"

    def of(self, folder: str) -> list[str]:
        """Return the paths of the documents of one folder of content/, in order."""
        return sorted(path for path in self.docs if path.startswith(f"{folder}/"))


def settings_of(theme: str) -> dict[str, Any]:
    """Return the settings of a new site."""
    return {
        "site": {"title": "Valbourg", "url": "https://valbourg.example", "language": "fr"},
        "theme": theme,
        "lists": {"per_page": 2},
        "feeds": {"items": 3, "formats": ["rss", "json"], "per": ["category"]},
        "categories": {"travaux": {"label": "Travaux"}, "culture": {"label": "Culture"}},
        "newsletter": {"title": "La lettre", "sender": "Ville <lettre@valbourg.example>"},
        "markdown": {"typography": True},
        "params": {"bandeau": "Bienvenue"},
    }


def first_site(theme: str = tiny_theme.NAME) -> LivingSite:
    """Return a small site that has one of each kind."""
    site = LivingSite({}, settings_of(theme), dict(tiny_theme.FILES))
    for number, (category, tags) in enumerate([("travaux", ["noel"]), ("culture", [])]):
        date = moment(-24 * (number + 1))
        front = {"title": f"Nouvelle {number}", "date": date, "category": category, "tags": tags}
        text = "Il y a du *bruit* à 10 %.\n\n## Un titre\n\n```python\nprint('oui')\n```"
        site.docs[f"posts/n{number}.md"] = Doc(site.new_mark(), front, text)
    site.docs["posts/demain.md"] = Doc(
        site.new_mark(), {"title": "Demain", "date": moment(20), "uid": "uid-demain"}
    )
    site.docs["pages/accueil.md"] = Doc(site.new_mark(), {"title": "Contact", "menu": 1})
    period = {"from": moment(-24 * 9)[:10], "to": moment(48)[:10]}
    site.docs["newsletters/une.md"] = Doc(
        site.new_mark(), {"title": "Lettre", "date": moment(-2), "period": period}
    )
    site.files["content/images/p0.png"] = picture(0)
    return site
