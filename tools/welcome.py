"""Draw the picture of a new site's first post: `python tools/welcome.py`."""

# Drawing calls read best as x, y, size, colour, in that order.
from __future__ import annotations

from pathlib import Path

from canvas import Canvas
from motifs import clouds, house, tree, waves

SCAFFOLD = Path(__file__).resolve().parent.parent / "src" / "crosspost" / "scaffold"
PLACES = ("fr/content/posts/bienvenue.png", "en/content/posts/welcome.png")


def square() -> Canvas:
    """A village square: three houses, a bandstand, two trees."""
    c = Canvas(1200, 630, flat=True)
    c.rect(0, 0, 1200, 630, "#cfe3ea")
    clouds(c, "#e6f1f4", 3, 60, 190)
    c.below(waves(400, 22, 190), "#a9c3a1", 630)
    c.below(waves(455, 10, 240, 2), "#8fb08a", 630)
    for x, width, tall, wall, roof in (
        (90, 190, 200, "#efe2c6", "#9a4f3f"),
        (290, 170, 240, "#e4d0a8", "#7f4237"),
        (900, 210, 210, "#f0dcc0", "#8f4a3c"),
    ):
        house(c, x, 480, width, tall, wall, roof, "#5d6b80")
    c.rect(0, 480, 1200, 150, "#d9c9a6")
    c.rect(560, 452, 240, 34, "#b79f74")
    for x in (580, 634, 688, 742, 780):
        c.rect(x - 5, 330, 10, 122, "#5b4636")
    c.poly([(540, 332), (680, 240), (820, 332)], "#3f6a63")
    c.rect(545, 326, 270, 14, "#2f514c")
    c.disc(680, 236, 9, "#c98a2b")
    tree(c, 520, 500, 1.0, "#5d8a55")
    tree(c, 860, 505, 0.9, "#6b9a5f")
    return c


def main() -> None:
    """Write the one picture to each language's place."""
    picture = square()
    for name in PLACES:
        picture.save(SCAFFOLD / name)


if __name__ == "__main__":
    main()
