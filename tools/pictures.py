"""Draw every picture of the example site: `python tools/pictures.py [NAME…]`.

The pictures are ours from the first line to the last pixel: no photograph, no font, no download.
Running this again writes the same files (with the same version of Pillow).
"""

# Drawing calls read best as x, y, size, colour, in that order; a scene is one long list of them.
# ruff: noqa: PLR0917, PLR0915
from __future__ import annotations

import math
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from canvas import Canvas, arc, mix, scatter
from motifs import (
    BRICK,
    CREAM,
    DAY,
    DUSK,
    FOREST,
    INK,
    LAMP,
    NIGHT,
    OCHRE,
    RIVER,
    SAGE,
    SLATE,
    SNOW,
    STONE,
    Light,
    bridge,
    castle,
    fir,
    garland,
    person,
    ripples,
    terrace,
    tree,
)

CONTENT = Path(__file__).resolve().parent.parent / "content"
DARK_WALLS = ("#4a3152", "#53375a", "#412b4a", "#5d3f5f")
NIGHT_WALLS = ("#26355a", "#2c3c64", "#223052", "#314270")


def waves(base: float, height: float, length: float, shift: float = 0) -> Callable[[float], float]:
    """Return a gentle curve around y = base, for hills and banks."""
    return lambda x: (
        base
        + height * math.sin(x / length + shift)
        + height * 0.4 * math.sin(x / length * 2.3 + shift)
    )


def clouds(c: Canvas, colour: str, count: int, top: float, bottom: float, salt: int = 0) -> None:
    """Float flat-bottomed clouds between two heights."""
    for across, down in scatter(count, salt):
        x, y, k = across * c.width, top + down * (bottom - top), 0.6 + down * 0.7
        c.rect(x - 110 * k, y - 22 * k, 220 * k, 44 * k, colour, 22 * k)
        c.disc(x - 30 * k, y - 24 * k, 44 * k, colour)
        c.disc(x + 36 * k, y - 14 * k, 34 * k, colour)


def river_evening(c: Canvas, horizon: float) -> None:
    """Draw castle, town, bridge and river at nightfall; shared by two pictures."""
    c.gradient(0, horizon, "#463a63", "#a35c6c", "#eb9a63", "#f9d491")
    k = horizon / 600
    sun = c.width * 0.34
    c.glow(sun, horizon - 70, 420, "#fff0c2", 0.85)
    c.disc(sun, horizon - 74, 62, "#fff3d3")
    for y, left, wide in ((150, 0.02, 0.3), (205, 0.5, 0.34), (262, 0.14, 0.18), (318, 0.68, 0.3)):
        c.rect(c.width * left, y * horizon / 560, c.width * wide, 9, "#ffe3b840", 4)
    c.below(waves(horizon - 96, 26, 240, 0.4), "#b4696f", horizon)
    c.below(waves(horizon - 58, 20, 170, 2.2), "#8c5169", horizon)
    rock = c.width * 0.74
    c.below(
        lambda x: (
            horizon
            - 8
            - 190 * k * math.exp(-(((x - rock) / (300 * k)) ** 4))
            - 9 * math.sin(x / 37)
        ),
        "#4c3255",
        horizon,
    )
    terrace(
        c,
        0,
        c.width * 0.24,
        horizon,
        tall=86,
        walls=DARK_WALLS,
        roof="#3a2747",
        window="#ffc46b",
        salt=3,
    )
    terrace(
        c,
        c.width * 0.5,
        c.width,
        horizon,
        tall=80,
        walls=DARK_WALLS,
        roof="#33213f",
        window="#ffc46b",
        salt=8,
    )
    castle(c, rock, horizon - 178 * k, 1.02 * k, DUSK, flag="#e8694a")
    c.rect(0, horizon - 10, c.width, 10, "#33213f")
    c.mirror(horizon, c.height - horizon, "#5a4568", 0.42)
    for number in range(13):
        y = horizon + 10 + number * (c.height - horizon) / 13
        half = 74 - 26 * abs(math.sin(number * 1.9)) + number * 5
        c.rect(sun - half, y, 2 * half, 5 + number * 0.4, "#ffe6b1b0", 3)
    ripples(c, horizon + 6, c.height, "#f6b98655", 90, 2)
    bridge(c, -60, c.width * 0.56, horizon - 62, horizon + 34, "#5a3d5c", 6)


def castle_at_dusk() -> Canvas:
    """The castle above the river, at nightfall."""
    c = Canvas()
    river_evening(c, 600)
    c.below(waves(886, 22, 230, 1.1), "#2a1b36")
    for number, (across, down) in enumerate(scatter(46, 5)):
        x = across * 420 + (0 if number % 2 else 1190)
        c.line([(x, 905), (x + 14 * (down - 0.5), 800 + 70 * down)], 4, "#2a1b36")
        c.disc(x + 14 * (down - 0.5), 796 + 70 * down, 6, "#2a1b36", 3)
    return c


def social_card() -> Canvas:
    """The default picture of a shared link: the same evening, 1200 by 630."""
    c = Canvas(1200, 630)
    river_evening(c, 440)
    return c


def christmas_market() -> Canvas:
    """Chalets and a great fir tree in the snow, at the foot of the castle."""
    c = Canvas()
    c.gradient(0, 640, "#111c3d", "#26386b", "#54619a")
    for across, down in scatter(120, 4):
        c.disc(across * 1600, down * 430, 1.2 + down * 1.6, "#ffffffb0")
    c.glow(1370, 120, 210, "#dfe8ff", 0.5)
    c.disc(1370, 120, 44, "#f4f3e4")
    c.below(lambda x: 600 - 170 * math.exp(-(((x - 420) / 380) ** 4)), "#1f2d55")
    c.glow(420, 330, 360, "#ffcf85", 0.28)
    castle(c, 420, 436, 1.1, NIGHT)
    terrace(c, 820, 1600, 620, tall=150, walls=NIGHT_WALLS, roof="#e6ebf5", window=LAMP, salt=2)
    terrace(c, -20, 150, 640, tall=120, walls=NIGHT_WALLS, roof="#e6ebf5", window=LAMP, salt=5)
    c.below(waves(636, 9, 210), "#dfe6f3")
    c.gradient(650, 900, "#d7deef", "#f6f7fb")
    c.glow(800, 560, 460, "#ffd28a", 0.42)
    fir(c, 800, 700, 520, "#1f5a4c", "#f4f6fa")
    for number in range(40):
        share = (number + 1) / 41
        side = math.sin(number * 2.4) * 128 * share
        y = 262 + 400 * share
        tint = (LAMP, "#ff8d6b", "#bfe3ff")[number % 3]
        c.glow(800 + side, y, 20, tint, 0.55)
        c.disc(800 + side, y, 5.5, mix(tint, "#ffffff", 0.4))
    c.poly(
        [
            (
                800 + (26 if i % 2 == 0 else 11) * math.sin(i * math.pi / 5),
                190 - (26 if i % 2 == 0 else 11) * math.cos(i * math.pi / 5),
            )
            for i in range(10)
        ],
        "#ffe9a8",
    )
    for x, k, cloth in (
        (90, 1.0, BRICK),
        (390, 0.84, FOREST),
        (1010, 0.84, "#3b6ea5"),
        (1270, 1.0, BRICK),
    ):
        chalet(c, x, 762, k, cloth)
    garland(c, (-10, 300), (800, 205), 130, 19, (LAMP, "#ff9c7a", "#a9dcff"))
    garland(c, (800, 205), (1610, 290), 130, 19, (LAMP, "#ff9c7a", "#a9dcff"))
    for x, foot, k, coat in (
        (330, 800, 0.95, "#7c2f3b"),
        (372, 806, 0.74, OCHRE),
        (640, 790, 0.85, "#35557f"),
        (700, 796, 0.88, "#8a3d4f"),
        (925, 800, 0.9, FOREST),
        (1215, 815, 0.98, "#5b3a5e"),
        (1258, 820, 0.7, "#e06a4a"),
        (560, 850, 1.15, "#22395f"),
        (1080, 862, 1.2, "#933b3b"),
    ):
        c.disc(x + 26 * k, foot + 2, 40 * k, "#9fb0cf66", 0.18)
        person(c, x, foot, k, coat, hair="#e9e2d0" if k > 1 else INK)
    for across, down in scatter(150, 9):
        c.disc(across * 1600, down * 900, 1.6 + 2.6 * across, "#ffffffc8")
    return c


def chalet(c: Canvas, x: float, foot: float, k: float, cloth: str) -> None:
    """Draw a wooden market chalet, snow on its roof, light behind its counter."""
    c.glow(x + 125 * k, foot - 90 * k, 230 * k, "#ffc978", 0.45)
    c.rect(x, foot - 170 * k, 250 * k, 170 * k, "#6a4630")
    for plank in range(6):
        c.rect(x, foot - 20 * k - plank * 12 * k, 250 * k, 2 * k, "#4f3323")
    c.rect(x + 18 * k, foot - 150 * k, 214 * k, 78 * k, "#ffd68c")
    c.rect(x + 18 * k, foot - 112 * k, 214 * k, 3 * k, "#c98d47")
    for number, (across, down) in enumerate(scatter(11, int(x))):
        tint = (BRICK, "#8a5a2b", FOREST, "#f3ead6")[number % 4]
        high = (10 + 16 * down) * k
        c.rect(x + (28 + 180 * across) * k, foot - 72 * k - high, 14 * k, high, tint, 3 * k)
        c.rect(
            x + (28 + 180 * down) * k, foot - 112 * k - high * 0.7, 12 * k, high * 0.7, tint, 3 * k
        )
    c.rect(x - 8 * k, foot - 74 * k, 266 * k, 12 * k, "#8a5f40", 3)
    for stripe in range(10):
        left = x - 14 * k + stripe * 27.8 * k
        tint = cloth if stripe % 2 == 0 else CREAM
        c.rect(left, foot - 176 * k, 27.9 * k, 24 * k, tint)
        c.disc(left + 13.9 * k, foot - 152 * k, 13.9 * k, tint, 0.7)
    c.poly(
        [
            (x - 30 * k, foot - 172 * k),
            (x + 125 * k, foot - 262 * k),
            (x + 280 * k, foot - 172 * k),
        ],
        "#4f3323",
    )
    c.poly(
        [
            (x - 38 * k, foot - 178 * k),
            (x + 125 * k, foot - 282 * k),
            (x + 288 * k, foot - 178 * k),
            (x + 262 * k, foot - 176 * k),
            (x + 215 * k, foot - 196 * k),
            (x + 125 * k, foot - 250 * k),
            (x + 40 * k, foot - 194 * k),
            (x - 6 * k, foot - 176 * k),
        ],
        SNOW,
    )


def roadworks() -> Canvas:
    """A digger, an open trench and striped barriers in a street of the old town."""
    c = Canvas()
    c.gradient(0, 520, "#bfdcdf", "#eef1e2")
    clouds(c, "#f3f7f1", 5, 60, 200, 3)
    castle(c, 1290, 330, 0.5, DAY)
    c.below(lambda x: 340 - 10 * math.sin(x / 120), SAGE, 520)
    terrace(c, -30, 700, 540, tall=280, salt=1)
    terrace(c, 780, 1640, 540, tall=230, salt=6)
    c.poly([(680, 545), (680, 300), (722, 290), (790, 545)], "#b58e72")
    c.rect(0, 536, 1600, 30, STONE)
    c.gradient(560, 900, "#8f9199", "#74767f")
    c.poly([(0, 900), (0, 860), (1600, 780), (1600, 900)], "#66686f")
    c.poly([(500, 690), (1180, 668), (1330, 770), (420, 800)], "#7a5b43")
    c.poly([(530, 704), (1160, 683), (1240, 742), (480, 770)], "#4c3727")
    for y, tint in ((716, "#d9643f"), (738, "#3f7fa5")):
        c.line([(505, y + 22), (1200, y - 8)], 15, tint)
        c.line([(505, y + 18), (1200, y - 12)], 4, mix(tint, "#ffffff", 0.4))
    for across, down in scatter(70, 3):
        c.disc(
            1250 + 210 * (across - 0.5) * (1.3 - down),
            690 - 120 * down,
            15 + 16 * across,
            ("#8b6a4f", "#7a5b43", "#9b7a5d")[int(down * 3)],
        )
    digger(c, 760, 650)
    for x in (40, 250, 1130, 1350):
        c.rect(x + 14, 760, 10, 84, "#5c5e66")
        c.rect(x + 166, 760, 10, 84, "#5c5e66")
        for row in (764, 800):
            c.rect(x, row, 190, 26, "#f6f1e7", 5)
            for stripe in range(4):
                left = x + 10 + stripe * 46
                c.poly(
                    [(left, row + 26), (left + 18, row), (left + 40, row), (left + 22, row + 26)],
                    BRICK,
                )
    for x, y, k in ((480, 850, 1.1), (620, 866, 1.2), (1060, 856, 1.1), (930, 876, 1.25)):
        c.disc(x, y, 38 * k, "#4f515980", 0.25)
        c.rect(x - 34 * k, y - 8 * k, 68 * k, 11 * k, "#c9502f", 4)
        c.poly(
            [
                (x - 24 * k, y - 6 * k),
                (x - 6 * k, y - 88 * k),
                (x + 6 * k, y - 88 * k),
                (x + 24 * k, y - 6 * k),
            ],
            "#ee6b3b",
        )
        c.poly(
            [
                (x - 17.5 * k, y - 36 * k),
                (x - 13 * k, y - 56 * k),
                (x + 13 * k, y - 56 * k),
                (x + 17.5 * k, y - 36 * k),
            ],
            "#fdf3e4",
        )
    for x, foot in ((380, 700), (1420, 690)):
        person(c, x, foot, 1.25, "#f2b632", legs="#2f4a6d")
        c.rect(x - 20, foot - 88, 40, 9, "#fdf6df")
        c.poly(arc(x, foot - 139, 19, 180, 360), "#f7f3ea")
        c.rect(x - 24, foot - 141, 48, 6, "#e5dfd2", 3)
    return c


def digger(c: Canvas, x: float, foot: float) -> None:
    """Draw a yellow excavator, its arm reaching to the right."""
    c.rect(x - 150, foot - 60, 270, 74, "#2f333d", 37)
    for wheel in range(5):
        c.disc(x - 112 + wheel * 48, foot - 23, 20, "#565c69")
        c.disc(x - 112 + wheel * 48, foot - 23, 8, "#2f333d")
    c.rect(x - 160, foot - 140, 270, 78, OCHRE, 14)
    c.rect(x - 160, foot - 92, 270, 30, "#c98425", 10)
    c.poly(
        [(x - 40, foot - 140), (x - 26, foot - 262), (x + 84, foot - 262), (x + 104, foot - 140)],
        OCHRE,
    )
    c.poly(
        [(x - 20, foot - 150), (x - 9, foot - 244), (x + 70, foot - 244), (x + 84, foot - 150)],
        "#cfe6ea",
    )
    c.poly(
        [(x + 10, foot - 150), (x + 46, foot - 244), (x + 62, foot - 244), (x + 30, foot - 150)],
        "#ffffff80",
    )
    c.line([(x + 86, foot - 120), (x + 250, foot - 330), (x + 440, foot - 210)], 36, "#c98425")
    c.line([(x + 86, foot - 126), (x + 250, foot - 338), (x + 440, foot - 216)], 24, OCHRE)
    c.line([(x + 440, foot - 210), (x + 420, foot - 88)], 26, "#c98425")
    c.line([(x + 150, foot - 160), (x + 300, foot - 290)], 10, "#8f9aa8")
    c.poly(
        [
            (x + 380, foot - 104),
            (x + 462, foot - 104),
            (x + 476, foot - 40),
            (x + 424, foot - 6),
            (x + 366, foot - 30),
        ],
        "#565c69",
    )
    for tooth in range(4):
        c.poly(
            [
                (x + 366 + tooth * 17, foot - 30 + tooth * 7),
                (x + 372 + tooth * 17, foot - 4 + tooth * 7),
                (x + 382 + tooth * 17, foot - 24 + tooth * 7),
            ],
            "#3b404b",
        )


def storm() -> Canvas:
    """Rain and lightning over the roofs, a weathercock in the wind."""
    c = Canvas()
    c.gradient(0, 900, "#1d2638", "#3a475f", "#6f7f90")
    for salt, tint, low in ((3, "#4a5871", 350), (2, "#3a4760", 255), (1, "#2a3449", 160)):
        c.rect(0, 0, 1600, low - 70, tint)
        for number, (across, down) in enumerate(scatter(22, salt)):
            c.disc(number * 78 + across * 30, low - 75 + down * 34, 74 + 70 * across, tint, 0.6)
    c.glow(1120, 300, 420, "#e8ecff", 0.5)
    bolt = [
        (1130, 190),
        (1050, 360),
        (1108, 352),
        (1040, 520),
        (1210, 318),
        (1140, 328),
        (1190, 200),
    ]
    c.poly(bolt, "#fff3c4")
    castle(c, 1290, 640, 0.72, NIGHT)
    terrace(
        c,
        700,
        1640,
        700,
        tall=150,
        walls=("#42506b", "#4c5b77", "#3a4763"),
        roof="#2a3550",
        window="#f3c977",
        salt=4,
    )
    for x, width, y, tint in (
        (-120, 620, 640, "#2b3450"),
        (980, 760, 690, "#303b58"),
        (390, 760, 590, "#39466a"),
    ):
        c.rect(x + 50, y + 110, width - 100, 400, mix(tint, "#8b97ab", 0.25))
        c.poly(
            [(x, y + 150), (x + width * 0.18, y), (x + width * 0.82, y), (x + width, y + 150)], tint
        )
        for row in range(1, 6):
            for tile in range(int(width / 26)):
                left = x + width * 0.18 * (1 - row / 6) + tile * 26 + (13 if row % 2 else 0)
                if left < x + width - width * 0.18 * (1 - row / 6) - 26:
                    c.poly(
                        arc(left + 13, y + row * 25 - 10, 12, 0, 180, 0.6),
                        mix(tint, "#101828", 0.3),
                    )
        for window in range(3):
            left = x + 110 + window * (width - 260) / 2
            c.rect(left - 8, y + 190, 56, 84, mix(tint, "#ffffff", 0.18), 3)
            c.rect(left, y + 198, 40, 70, "#f6c56e" if window != 1 else "#5d6b86")
            c.rect(left + 18, y + 198, 4, 70, tint)
    c.rect(640, 500, 66, 110, "#7d4a43")
    c.rect(632, 492, 82, 16, "#95594f")
    c.line([(860, 596), (860, 396)], 7, "#141c2e")
    c.line([(800, 462), (920, 462)], 5, "#141c2e")
    cock = [
        (800, 410),
        (812, 352),
        (838, 378),
        (880, 372),
        (906, 330),
        (924, 318),
        (942, 326),
        (936, 342),
        (952, 350),
        (932, 356),
        (920, 398),
        (884, 416),
        (836, 418),
    ]
    c.poly(cock, "#d9a441")
    c.poly([(908, 326), (912, 306), (920, 316), (928, 302), (934, 324)], BRICK)
    for across, down in scatter(210, 6):
        x, y = across * 1800 - 50, down * 960 - 40
        c.line([(x, y), (x - 26, y + 64)], 2, "#dfe8f555")
    for x, y, turn in ((320, 470, 0), (520, 380, 1), (1010, 560, 2), (200, 330, 1), (1450, 420, 0)):
        c.poly(
            [(x, y), (x + 20, y - 10 - 4 * turn), (x + 34, y + 4), (x + 14, y + 12)],
            ("#c98d47", "#a8663c", "#d9a441")[turn],
        )
    return c


def school_yard() -> Canvas:
    """A school yard with young trees, hopscotch and children at play."""
    c = Canvas()
    c.gradient(0, 480, "#a9d6e5", "#eaf3e6")
    clouds(c, "#f7fbf8", 5, 70, 190, 1)
    c.below(waves(440, 14, 190), "#9dbb94", 560)
    terrace(c, -20, 240, 520, tall=120, salt=7)
    terrace(c, 1370, 1620, 520, tall=120, salt=3)
    c.rect(220, 210, 1160, 330, "#f0dcb8")
    c.rect(220, 210, 1160, 18, "#d98b66")
    c.rect(220, 500, 1160, 40, "#dcc39a")
    c.poly([(190, 214), (250, 120), (1350, 120), (1410, 214)], "#a8503f")
    c.rect(660, 150, 280, 390, "#f7e8ca")
    c.poly([(640, 156), (800, 56), (960, 156)], "#8f4335")
    c.disc(800, 200, 42, "#8f4335")
    c.disc(800, 200, 35, CREAM)
    c.line([(800, 200), (800, 174)], 5, INK)
    c.line([(800, 200), (819, 211)], 5, INK)
    for left in (262, 392, 522, 980, 1110, 1240):
        for top in (254, 384):
            c.rect(left - 6, top - 6, 110, 100, "#c9a878", 4)
            c.rect(left, top, 98, 88, "#6d98ac")
            c.poly(
                [(left, top + 60), (left + 60, top), (left + 84, top), (left, top + 84)], "#8db6c6"
            )
            c.rect(left + 46, top, 6, 88, "#f7e8ca")
            c.rect(left, top + 40, 98, 6, "#f7e8ca")
    c.rect(735, 330, 130, 210, "#2f6f6b", 6)
    c.rect(796, 336, 8, 204, "#265a57")
    c.rect(715, 300, 170, 24, "#2f6f6b", 4)
    c.gradient(540, 900, "#e0c9a2", "#cfb489")
    lawn = [
        (0.0, 660.0),
        *arc(300, 700, 300, 235, 360, 0.36),
        *arc(360, 760, 240, 0, 90, 0.9),
        (0.0, 976.0),
    ]
    c.poly(lawn, "#a9c08f")
    for across, down in scatter(60, 6):
        x, y = 20 + across * 480, 690 + down * 190
        c.line([(x, y), (x - 5, y - 16)], 3, "#86a873")
        c.line([(x + 5, y), (x + 9, y - 14)], 3, "#86a873")
    for x, foot, k, leaf in (
        (120, 700, 1.7, "#6f9d6b"),
        (420, 640, 1.25, "#86ad74"),
        (1480, 720, 1.9, "#6f9d6b"),
    ):
        c.disc(x + 50, foot + 4, 110 * k, "#6b573833", 0.16)
        tree(c, x, foot, k, leaf)
    for number in range(6):
        y, k = 842 - number * 42, 1 - number * 0.09
        middle = 1105 - number * 6
        colour = (BRICK, OCHRE, RIVER)[number % 3]
        for side in (-1, 0) if number % 2 else (-0.5,):
            c.poly(
                [
                    (middle + side * 92 * k, y),
                    (middle + side * 92 * k + 88 * k, y),
                    (middle + side * 86 * k + 83 * k, y - 36),
                    (middle + side * 86 * k, y - 36),
                ],
                mix(colour, "#ffffff", 0.25),
            )
    for x, foot, k, coat, skin in (
        (560, 690, 0.86, BRICK, "#e3b08c"),
        (640, 700, 0.8, OCHRE, "#9a6a4b"),
        (735, 780, 0.98, "#3f7fa5", "#e3b08c"),
        (1100, 716, 0.9, "#7c4d79", "#c98f68"),
        (1290, 664, 0.8, FOREST, "#e3b08c"),
        (1350, 676, 0.84, "#e0784f", "#7b5138"),
        (900, 650, 1.15, "#4a5a86", "#d9a57f"),
    ):
        c.disc(x + 16, foot + 1, 34 * k, "#6b573844", 0.2)
        person(c, x, foot, k, coat, skin=skin, hair=("#3b2a22", INK, "#6b4128")[int(x) % 3])
    c.disc(812, 838, 24, "#fdf6e6")
    c.line(arc(812, 838, 14, 20, 170), 4, BRICK)
    c.line(arc(812, 838, 14, 200, 350), 4, BRICK)
    c.rect(240, 792, 200, 15, "#9a6a45", 5)
    c.rect(256, 804, 14, 44, "#6f4a30")
    c.rect(408, 804, 14, 44, "#6f4a30")
    return c


def library() -> Canvas:
    """Book shelves to the ceiling, a reading lamp and a sleeping cat."""
    c = Canvas()
    c.gradient(0, 720, "#24475a", "#2f5a68")
    c.gradient(720, 900, "#b07f52", "#8f623d")
    spines = (
        BRICK,
        OCHRE,
        CREAM,
        "#7fa183",
        "#d98b66",
        "#5b8aa5",
        "#e6c98f",
        "#8b4a5c",
        "#f1dfc3",
        "#3c6e63",
    )
    for unit, left in enumerate((30, 390, 1230)):
        wide = 340
        c.rect(left - 14, 40, wide + 28, 690, "#6b472f", 6)
        for shelf in range(5):
            top = 60 + shelf * 132
            c.rect(left, top, wide, 116, "#4a3020")
            x = left + 6.0
            for number, (thick, high) in enumerate(scatter(40, unit * 5 + shelf)):
                width, height = 14 + thick * 18, 66 + high * 40
                if x + width > left + wide - 6:
                    break
                if (number + shelf * 3 + unit) % 9 == 7 and x + 52 < left + wide - 6:
                    c.poly(
                        [
                            (x + 4, top + 116),
                            (x + 30, top + 26),
                            (x + 48, top + 31),
                            (x + 22, top + 116),
                        ],
                        spines[(number + unit) % len(spines)],
                    )
                    x += 52
                    continue
                colour = spines[(number * 3 + shelf + unit) % len(spines)]
                c.rect(x, top + 116 - height, width - 2, height, colour, 2)
                c.rect(
                    x + width * 0.6,
                    top + 116 - height,
                    width * 0.4 - 2,
                    height,
                    mix(colour, "#1b1410", 0.14),
                )
                c.rect(x + 2, top + 116 - height + 12, width - 6, 4, mix(colour, "#ffffff", 0.5))
                c.rect(x + 2, top + 116 - 18, width - 6, 3, mix(colour, "#ffffff", 0.4))
                x += width
            c.rect(left - 6, top + 116, wide + 12, 12, "#8a5f40")
    c.rect(800, 60, 370, 520, "#6b472f", 10)
    c.rect(816, 76, 338, 488, "#f4d9a5")
    image = waves(390, 5, 60)
    c.poly(
        [(816, 400), *[(float(x), image(x)) for x in range(816, 1156, 6)], (1154, 564), (816, 564)],
        "#c98863",
    )
    c.disc(1060, 240, 42, "#fff0c8")
    castle(c, 960, 396, 0.48, DUSK)
    c.rect(978, 76, 12, 488, "#6b472f")
    c.rect(816, 300, 338, 10, "#6b472f")
    c.disc(1010, 838, 440, "#8b3d3f", 0.13)
    c.disc(1010, 838, 404, "#a8504b", 0.115)
    c.disc(1010, 838, 340, "#8b3d3f", 0.09)
    c.glow(1180, 470, 420, "#ffe0a0", 0.42)
    c.line([(1196, 806), (1196, 420)], 8, INK)
    c.disc(1196, 812, 56, INK, 0.2)
    c.poly([(1138, 432), (1166, 340), (1226, 340), (1254, 432)], OCHRE)
    c.poly([(1196, 432), (1200, 340), (1226, 340), (1254, 432)], "#d18b2c")
    c.rect(852, 520, 280, 250, "#2f7370", 60)
    c.rect(852, 640, 280, 150, "#2a6764", 24)
    c.rect(884, 640, 216, 92, "#3b8a85", 24)
    c.rect(820, 610, 70, 180, "#348079", 32)
    c.rect(1094, 610, 70, 180, "#2a6764", 32)
    c.rect(850, 786, 20, 34, "#4a3020")
    c.rect(1114, 786, 20, 34, "#4a3020")
    cat(c, 992, 640)
    for number, (wide, colour) in enumerate(
        ((150, BRICK), (132, CREAM), (142, "#5b8aa5"), (112, OCHRE), (126, SAGE))
    ):
        top = 822 - number * 24
        c.rect(600 + (number * 17) % 26, top, wide, 24, colour, 4)
        c.rect(608 + (number * 17) % 26, top + 5, 8, 14, mix(colour, "#000000", 0.25))
    c.line([(425, 826), (515, 40)], 13, "#c59364")
    c.line([(500, 826), (575, 40)], 13, "#b07f52")
    for rung in range(8):
        y, t = 780 - rung * 92, (780 - rung * 92 - 40) / 786
        c.line([(515 - 90 * t, y), (575 - 75 * t, y)], 10, "#d7a878")
    return c


def cat(c: Canvas, x: float, foot: float) -> None:
    """Draw a cat curled up asleep."""
    fur, dark = "#e5944e", "#c27436"
    c.disc(x, foot - 26, 76, fur, 0.5)
    for stripe in range(4):
        c.line(arc(x + 4 + stripe * 20, foot - 26, 26, 235, 300), 6, dark)
    c.line(arc(x + 12, foot - 22, 72, 5, 100, 0.4), 17, dark)
    c.poly([(x - 84, foot - 44), (x - 82, foot - 74), (x - 60, foot - 60)], dark)
    c.poly([(x - 34, foot - 52), (x - 38, foot - 78), (x - 58, foot - 60)], dark)
    c.disc(x - 58, foot - 36, 31, fur, 0.84)
    c.line(arc(x - 70, foot - 38, 8, 20, 160, 0.7), 3, INK)
    c.line(arc(x - 46, foot - 38, 8, 20, 160, 0.7), 3, INK)
    c.poly([(x - 62, foot - 27), (x - 54, foot - 27), (x - 58, foot - 22)], "#8b3d3f")


def pool() -> Canvas:
    """Swimming lanes from above, with three swimmers."""
    c = Canvas()
    c.gradient(0, 900, "#4fb6c9", "#2f93b5")
    for across, down in scatter(190, 2):
        x, y = across * 1650 - 50, down * 900
        c.line(arc(x, y, 24 + 26 * down, 200, 340, 0.35), 3, "#c8f0f24d")
    for lane in range(5):
        y = 90 + lane * 180
        c.rect(250, y - 9, 1170, 18, "#1f6f9166")
        c.rect(246, y - 34, 18, 68, "#1f6f9166")
        c.rect(1410, y - 34, 18, 68, "#1f6f9166")
    for line in range(1, 5):
        y = line * 180
        for bead in range(60):
            x = 150 + bead * 23.5
            colour = BRICK if bead < 8 or bead > 49 else (CREAM, "#f2b632")[bead // 4 % 2]
            c.rect(x, y - 4, 21, 14, "#17587540", 7)
            c.rect(x, y - 9, 21, 15, colour, 7)
    for left in (0, 1500):
        c.rect(left, 0, 100, 900, "#efe2cb")
        for row in range(16):
            c.rect(left, row * 60, 100, 2, "#d3c2a2")
        c.rect(left + (100 if left == 0 else -14), 0, 14, 900, "#f9f4e8")
    c.rect(50, 0, 2, 900, "#d3c2a2")
    c.rect(1548, 0, 2, 900, "#d3c2a2")
    for lane in range(5):
        y = 90 + lane * 180
        c.rect(36, y - 40, 84, 80, "#17435a33", 10)
        c.rect(30, y - 46, 84, 80, "#f9f4e8", 10)
        c.rect(98, y - 46, 16, 80, (RIVER, BRICK)[lane % 2], 6)
        for dot in range(lane + 1):
            c.disc(52 + (dot % 2) * 24, y - 26 + dot // 2 * 20, 6, INK)
    for x, y, cap, suit in (
        (520, 90, BRICK, INK),
        (980, 270, "#f2b632", "#7c2f5b"),
        (700, 450, CREAM, "#16405a"),
        (1190, 630, "#e8694a", INK),
        (400, 810, "#7fd0b2", "#7c2f5b"),
    ):
        swimmer(c, x, y, cap, suit)
    c.poly([(0, 900), (0, 560), (420, 0), (640, 0), (0, 850)], "#ffffff16")
    c.poly([(300, 900), (960, 0), (1120, 0), (460, 900)], "#ffffff12")
    return c


def swimmer(c: Canvas, x: float, y: float, cap: str, suit: str) -> None:
    """Draw a front-crawl swimmer seen from above, going right, with the wake behind."""
    skin = "#e3b08c"
    for number in range(4):
        c.line(
            [
                (x - 120 - number * 46, y - 20 - number * 9),
                (x - 168 - number * 46, y - 26 - number * 11),
            ],
            4,
            "#e4fafa90",
        )
        c.line(
            [
                (x - 130 - number * 46, y + 20 + number * 9),
                (x - 176 - number * 46, y + 26 + number * 11),
            ],
            4,
            "#e4fafa90",
        )
    c.disc(x - 10, y + 18, 110, "#14506b40", 0.24)
    c.line([(x - 56, y - 9), (x - 118, y - 15)], 17, skin)
    c.line([(x - 56, y + 9), (x - 122, y + 12)], 17, skin)
    c.rect(x - 66, y - 22, 96, 44, suit, 20)
    c.rect(x - 4, y - 30, 48, 60, skin, 24)
    c.rect(x - 14, y - 24, 40, 48, suit, 14)
    c.line([(x + 28, y - 24), (x + 74, y - 44), (x + 122, y - 28)], 15, skin)
    c.line([(x + 20, y + 24), (x - 14, y + 50), (x - 54, y + 46)], 15, skin)
    c.disc(x + 64, y, 21, cap)
    c.line(arc(x + 64, y, 14, 250, 340), 4, mix(cap, "#ffffff", 0.5))
    for dx, dy, r in (
        (136, -24, 8),
        (150, -34, 5),
        (146, -12, 5),
        (-134, -6, 8),
        (-146, 8, 6),
        (-132, 20, 5),
    ):
        c.disc(x + dx, y + dy, r, "#ecfcfb")


def bike_lane() -> Canvas:
    """Two cyclists on the path along the river."""
    c = Canvas()
    c.gradient(0, 430, "#f6d8a8", "#fbeed3")
    c.glow(1240, 180, 330, "#fffbe6", 0.9)
    c.disc(1240, 180, 64, "#fffaf0")
    c.below(waves(372, 26, 230, 1), "#c6cfa7", 480)
    c.below(lambda x: 430 - 110 * math.exp(-(((x - 360) / 240) ** 4)), "#a9bd92", 480)
    castle(c, 360, 330, 0.66, DAY)
    terrace(c, 560, 1120, 440, tall=80, salt=5)
    terrace(c, -20, 190, 440, tall=80, salt=9)
    for x, k in ((1180, 0.8), (1300, 0.95), (1450, 0.8), (1560, 1.0), (230, 0.6), (520, 0.66)):
        tree(c, x, 446, k, "#8fae7b")
    c.gradient(440, 600, "#79b2bd", "#4f95a8")
    ripples(c, 448, 596, "#d5eceb80", 60, 4)
    bridge(c, 640, 1700, 420, 470, STONE, 6)
    c.below(waves(596, 10, 150), "#8fae7b")
    c.below(lambda x: 640 + 8 * math.sin(x / 300), "#7b7f8b")
    c.below(lambda x: 650 + 8 * math.sin(x / 300), "#b5573f")
    c.below(lambda x: 812 + 8 * math.sin(x / 300), "#f5ecd9")
    c.below(lambda x: 822 + 8 * math.sin(x / 300), "#7b7f8b")
    c.below(lambda x: 868 + 6 * math.sin(x / 200), SAGE)
    for dash in range(14):
        x = dash * 128 - 20
        c.poly([(x, 732), (x + 66, 732), (x + 60, 740), (x - 6, 740)], "#f5ecd9cc")
    for x in (150, 560, 980, 1420):
        c.line([(x, 640), (x, 330)], 9, "#33475f")
        c.line([(x, 334), (x + 54, 322)], 7, "#33475f")
        c.rect(x + 40, 318, 50, 12, "#33475f", 6)
    for number, (across, down) in enumerate(scatter(90, 3)):
        x, y = across * 1620 - 10, 612 + down * 22
        c.line([(x, y + 8), (x + 3, y - 10)], 3, "#5f8a5d")
        if number % 3 == 0:
            c.disc(x + 3, y - 12, 6, (BRICK, "#fff4dc", OCHRE)[number // 3 % 3])
    cyclist(c, 560, 800, 1.35, BRICK, "#2f4a6d", "#e3b08c", "#f3ead6")
    cyclist(c, 1080, 716, 1.02, "#3c6e63", "#5b3a5e", "#8a5d41", OCHRE)
    for number, (across, down) in enumerate(scatter(110, 8)):
        x, y = across * 1620 - 10, 884 - down * 12
        c.line([(x, 905), (x + 8 * (down - 0.5), y - 14)], 4, ("#5f8a5d", "#4c7650")[number % 2])
    return c


def cyclist(
    c: Canvas, x: float, foot: float, k: float, coat: str, legs: str, skin: str, helmet: str
) -> None:
    """Draw a cyclist riding to the right; x is the pedals' place."""
    c.disc(x, foot + 2, 150 * k, "#2d1a1433", 0.09)
    for wheel in (-74, 78):
        c.ring(x + wheel * k, foot - 46 * k, 46 * k, 6 * k, INK)
        for spoke in range(6):
            a = spoke * math.pi / 6
            c.line(
                [
                    (x + (wheel - 40 * math.cos(a)) * k, foot - (46 - 40 * math.sin(a)) * k),
                    (x + (wheel + 40 * math.cos(a)) * k, foot - (46 + 40 * math.sin(a)) * k),
                ],
                1,
                "#18264080",
            )
        c.disc(x + wheel * k, foot - 46 * k, 6 * k, INK)
    at = {
        name: (x + dx * k, foot - dy * k)
        for name, dx, dy in (
            ("back", -74, 46),
            ("pedal", 0, 42),
            ("seat", -26, 112),
            ("head", 58, 112),
            ("front", 78, 46),
            ("bar", 52, 132),
            ("hip", -26, 128),
            ("knee", 26, 96),
            ("foot", 8, 24),
            ("knee2", 14, 84),
            ("foot2", -14, 58),
            ("shoulder", 20, 196),
            ("elbow", 36, 158),
            ("hand", 58, 134),
        )
    }
    c.line([at["hip"], at["knee2"], at["foot2"]], 15 * k, mix(legs, "#000000", 0.25))
    for path in (
        ("back", "pedal", "head", "seat", "pedal"),
        ("back", "seat"),
        ("front", "head", "bar"),
    ):
        c.line([at[name] for name in path], 6 * k, "#f0e4cc")
    c.line([at["bar"], (x + 68 * k, foot - 138 * k)], 6 * k, INK)
    c.rect(x - 46 * k, foot - 122 * k, 40 * k, 9 * k, INK, 4 * k)
    c.line([at["hip"], at["knee"], at["foot"]], 17 * k, legs)
    c.rect(x - 4 * k, foot - 24 * k, 30 * k, 11 * k, INK, 5 * k)
    c.poly(
        [
            (x - 44 * k, foot - 124 * k),
            (x - 8 * k, foot - 120 * k),
            (x + 34 * k, foot - 190 * k),
            (x + 18 * k, foot - 210 * k),
            (x - 8 * k, foot - 200 * k),
        ],
        coat,
    )
    c.disc(x - 26 * k, foot - 128 * k, 18 * k, coat)
    c.disc(x + 14 * k, foot - 194 * k, 18 * k, coat)
    c.line([at["shoulder"], at["elbow"], at["hand"]], 13 * k, mix(coat, "#000000", 0.15))
    c.disc(x + 60 * k, foot - 134 * k, 7 * k, skin)
    c.disc(x + 36 * k, foot - 230 * k, 20 * k, skin)
    c.poly(arc(x + 35 * k, foot - 233 * k, 24 * k, 165, 372), helmet)
    c.line(
        [(x + 14 * k, foot - 238 * k), (x + 56 * k, foot - 240 * k)],
        4 * k,
        mix(helmet, "#000000", 0.2),
    )


def council() -> Canvas:
    """The council chamber: tall windows, benches in a half circle."""
    c = Canvas()
    c.gradient(0, 560, "#efe0c4", "#e3cda6")
    c.rect(0, 0, 1600, 46, "#c9ab7c")
    c.rect(0, 46, 1600, 10, "#b08f60")
    c.rect(0, 420, 1600, 150, "#8a5f40")
    for panel in range(14):
        c.rect(16 + panel * 115, 438, 98, 116, "#7a5236", 4)
        c.rect(24 + panel * 115, 446, 82, 100, "#83593c", 4)
    for left in (90, 330, 1090, 1330):
        c.rect(left - 14, 96, 208, 340, "#f7ecd6", 6)
        c.poly([*arc(left + 90, 180, 90, 180, 360), (left + 180, 420), (left, 420)], "#a9d3dc")
        c.poly(
            [
                (left, 420),
                (left, 356),
                *[(float(x), 330 - 16 * math.sin(x / 40)) for x in range(left, left + 181, 12)],
                (left + 180, 420),
            ],
            "#8fb08a",
        )
        c.rect(left + 86, 92, 8, 330, "#f7ecd6")
        for y in (180, 262, 344):
            c.rect(left, y, 180, 7, "#f7ecd6")
        for side in (-1, 1):
            edge = left + 90 + side * 104
            c.poly(
                [
                    (edge - side * 4, 88),
                    (edge - side * 54, 88),
                    (edge - side * 40, 250),
                    (edge - side * 12, 330),
                    (edge - side * 20, 470),
                    (edge + side * 14, 470),
                ],
                "#8b3d3f",
            )
            c.line(
                [(edge - side * 26, 92), (edge - side * 10, 300), (edge - side * 4, 466)],
                4,
                "#74302f",
            )
    c.rect(610, 96, 380, 300, "#6b472f", 8)
    c.rect(626, 112, 348, 268, "#e9a868")
    c.disc(720, 250, 40, "#fbe6ba")
    c.poly(
        [
            (626, 380),
            *[(float(x), 330 + 12 * math.sin(x / 50)) for x in range(626, 976, 10)],
            (974, 380),
        ],
        "#8c5169",
    )
    castle(c, 830, 332, 0.56, DUSK)
    c.rect(626, 348, 348, 32, "#5a7f96")
    c.gradient(560, 900, "#a8784e", "#7f5637")
    for board in range(9):
        c.line([(800 + (board - 4) * 70, 560), (800 + (board - 4) * 330, 900)], 2, "#6f4a3066")
    c.rect(560, 500, 480, 92, "#5d3c28", 8)
    c.rect(548, 486, 504, 22, "#a06f48", 6)
    c.rect(740, 516, 120, 62, "#8b3d3f", 4)
    c.disc(800, 547, 20, OCHRE)
    for x, coat in (
        (640, "#35557f"),
        (720, "#5b3a5e"),
        (800, INK),
        (880, FOREST),
        (960, "#8a3d4f"),
    ):
        bust(
            c,
            x,
            488,
            0.9,
            coat,
            ("#e3b08c", "#8a5d41", "#d9a57f")[int(x) % 3],
            ("#3b2a22", "#c9c2b4", "#6b4128")[int(x / 10) % 3],
        )
        c.line([(x + 26, 488), (x + 22, 458)], 3, INK)
        c.disc(x + 22, 456, 4, INK)
    for row, (radius, foot) in enumerate(((520, 640), (700, 735), (900, 850))):
        k = 1.0 + row * 0.24
        seats = 8
        for seat in range(seats):
            share = (seat + 0.5) / seats
            x = 800 + (share - 0.5) * 2 * radius * 0.98
            y = foot - 40 * abs(share - 0.5) * 2 + row * 6
            if abs(x - 800) < 74 + row * 10:
                continue
            coat = ("#3f6a8a", BRICK, "#4c7650", "#5b3a5e", "#c98d47", "#2f4a6d", "#8a3d4f")[
                (seat * 3 + row * 2) % 7
            ]
            hair = ("#3b2a22", INK, "#c9c2b4", "#8a5a34", "#e0c38c")[(seat * 2 + row) % 5]
            c.rect(x - 44 * k, y - 62 * k, 88 * k, 90 * k, "#6f2f30", 16 * k)
            back(c, x, y, k, coat, hair)
        left = [
            (800 - radius * 1.05, foot + 6),
            (800 - 70 - row * 12, foot + 22),
            (800 - 70 - row * 12, foot + 70 * k),
            (800 - radius * 1.05, foot + 64 * k),
        ]
        c.poly(left, "#7a5236")
        c.poly([(1600 - x, y) for x, y in left], "#7a5236")
        top = [
            (800 - radius * 1.06, foot + 2),
            (800 - 66 - row * 12, foot + 18),
            (800 - 66 - row * 12, foot + 34),
            (800 - radius * 1.06, foot + 18),
        ]
        c.poly(top, "#b9855a")
        c.poly([(1600 - x, y) for x, y in top], "#b9855a")
    c.line([(800, 46), (800, 66)], 5, "#b08f60")
    c.glow(800, 84, 200, "#fff2cc", 0.55)
    for x in range(700, 901, 40):
        c.disc(x, 76 + 10 * math.cos((x - 800) / 64), 11, "#fff6dd")
    return c


def bust(c: Canvas, x: float, foot: float, k: float, coat: str, skin: str, hair: str) -> None:
    """Draw a person sitting behind a desk, facing us."""
    c.rect(x - 30 * k, foot - 52 * k, 60 * k, 54 * k, coat, 20 * k)
    c.poly([(x - 9 * k, foot - 52 * k), (x + 9 * k, foot - 52 * k), (x, foot - 26 * k)], CREAM)
    c.disc(x, foot - 74 * k, 20 * k, skin, 1.1)
    c.poly(arc(x, foot - 79 * k, 21.5 * k, 172, 368), hair)


def back(c: Canvas, x: float, foot: float, k: float, coat: str, hair: str) -> None:
    """Draw a person sitting with their back to us."""
    c.rect(x - 34 * k, foot - 60 * k, 68 * k, 90 * k, coat, 24 * k)
    c.rect(x - 8 * k, foot - 74 * k, 16 * k, 20 * k, "#d9a57f")
    c.disc(x, foot - 88 * k, 22 * k, hair, 1.08)


def planting() -> Canvas:
    """Neighbours plant young trees on the slope above the town."""
    c = Canvas()
    c.gradient(0, 520, "#f4c98b", "#f9e2b8", "#fbf0d6")
    c.glow(420, 210, 380, "#fff8df", 0.9)
    c.disc(420, 210, 70, "#fffaf0")
    clouds(c, "#fdf3de", 4, 90, 220, 5)
    c.below(waves(400, 30, 260, 0.6), "#c9c494")
    c.below(lambda x: 450 - 120 * math.exp(-(((x - 1180) / 220) ** 4)), "#b3b27f")
    castle(c, 1180, 340, 0.6, DAY)
    terrace(c, 560, 1000, 480, tall=80, salt=2)
    terrace(c, 1340, 1620, 490, tall=84, salt=11)
    c.below(lambda x: 500 + 40 * math.sin(x / 330 + 2.2), "#94a868")
    c.below(lambda x: 590 + 60 * math.sin(x / 420 + 0.5), "#7d9a5c")
    c.below(lambda x: 700 + 34 * math.sin(x / 300 + 3.4), "#66854f")
    for x, foot, k in ((110, 604, 0.9), (330, 604, 0.72), (1420, 560, 0.8), (1540, 570, 0.95)):
        tree(c, x, foot, k, "#c98d47" if x in (330, 1420) else "#d9a441")
    for x, foot, k in (
        (520, 640, 0.9),
        (760, 640, 0.85),
        (240, 800, 1.5),
        (720, 826, 1.6),
        (1290, 800, 1.5),
    ):
        sapling(c, x, foot, k)
    person(c, 610, 650, 1.0, "#3f7fa5", skin="#8a5d41")
    person(c, 860, 652, 0.74, BRICK)
    for x, foot, k, coat, skin, hair in (
        (430, 830, 1.9, BRICK, "#e3b08c", "#c9c2b4"),
        (915, 850, 2.0, "#2f7370", "#c98f68", INK),
        (1050, 852, 1.35, OCHRE, "#c98f68", "#3b2a22"),
    ):
        c.disc(x + 20, foot, 52 * k, "#3d532f55", 0.16)
        person(c, x, foot, k, coat, skin=skin, hair=hair, legs="#36475e")
    c.line([(482, 690), (520, 842)], 9, "#b98a5a")
    c.line([(466, 694), (498, 686)], 9, "#8a5f40")
    c.poly([(504, 836), (540, 826), (552, 880), (532, 894), (516, 884)], "#77838f")
    c.poly([(1380, 752), (1566, 752), (1524, 840), (1420, 840)], BRICK)
    c.poly([(1380, 752), (1566, 752), (1560, 766), (1386, 766)], "#a04530")
    for across, down in scatter(24, 4):
        c.disc(
            1400 + across * 146,
            748 - 26 * math.sin(across * 3.1) * down,
            17,
            ("#6b4a34", "#7d583e")[int(down * 2)],
        )
    c.line([(1566, 756), (1640, 734)], 9, "#36475e")
    c.line([(1420, 836), (1500, 868), (1520, 880)], 8, "#36475e")
    c.disc(1424, 862, 26, INK)
    c.disc(1424, 862, 10, "#77838f")
    for across, down in scatter(130, 7):
        x, y = across * 1620, 770 + down * 130
        c.line([(x, y), (x - 6, y - 14)], 3, "#557343")
        c.line([(x, y), (x + 6, y - 12)], 3, "#557343")
    return c


def sapling(c: Canvas, x: float, foot: float, k: float) -> None:
    """Draw a freshly planted tree, tied to its stake, in its ring of soil."""
    c.disc(x, foot, 46 * k, "#5b4030", 0.26)
    c.disc(x, foot - 3 * k, 36 * k, "#6f5040", 0.24)
    c.rect(x + 9 * k, foot - 92 * k, 6 * k, 92 * k, "#b98a5a")
    c.line([(x, foot - 2 * k), (x - 2 * k, foot - 150 * k)], 5 * k, "#5b4636")
    c.line([(x - 5 * k, foot - 70 * k), (x + 14 * k, foot - 74 * k)], 4 * k, OCHRE)
    for dx, dy in ((-26, 122), (22, 138), (-18, 160), (8, 178)):
        c.line([(x - k, foot - (dy - 22) * k), (x + dx * k, foot - dy * k)], 3 * k, "#5b4636")
    for dx, dy, tint in (
        (-30, 126, 0),
        (-16, 134, 1),
        (26, 142, 0),
        (14, 130, 1),
        (-24, 164, 1),
        (-8, 170, 0),
        (10, 184, 0),
        (0, 158, 1),
        (18, 164, 1),
    ):
        c.disc(x + dx * k, foot - dy * k, 13 * k, ("#a8b95a", "#8fa64b")[tint], 0.8)


def concert() -> Canvas:
    """A band plays in the bandstand on a June evening; people listen and dance."""
    c = Canvas()
    c.gradient(0, 660, "#27305e", "#6a4a7c", "#d97a6c", "#f2b277")
    for across, down in scatter(50, 4):
        c.disc(across * 1600, down * 220, 1.4 + down, "#ffffff90")
    c.below(waves(520, 16, 200), "#553a63")
    castle(c, 1340, 500, 0.62, DUSK)
    terrace(c, -10, 470, 620, tall=120, walls=DARK_WALLS, roof="#33213f", window="#ffc46b", salt=3)
    terrace(
        c, 1130, 1620, 620, tall=110, walls=DARK_WALLS, roof="#33213f", window="#ffc46b", salt=6
    )
    for x, k in ((80, 2.2), (330, 1.7), (1290, 1.8), (1530, 2.3)):
        tree(c, x, 690, k, "#3c4a5e", "#2a1f33")
    c.gradient(640, 900, "#7a5262", "#3f2b48")
    c.glow(800, 470, 520, "#ffcf85", 0.75)
    c.poly([(520, 660), (1080, 660), (1110, 730), (490, 730)], "#6b4152")
    c.rect(490, 700, 620, 34, "#573447")
    c.rect(540, 350, 520, 312, "#ffdf9f")
    c.rect(540, 350, 520, 60, "#f7c071")
    for x in (536, 660, 924, 1048):
        c.rect(x, 338, 18, 324, "#3a2747")
        c.poly([(x - 26, 346), (x + 44, 346), (x + 18, 384), (x, 384)], "#3a2747")
    c.rect(510, 330, 580, 20, "#3a2747")
    c.poly([(480, 336), (640, 238), (800, 196), (960, 238), (1120, 336)], "#3c5f6e")
    for x in (560, 680, 800, 920, 1040):
        c.line([(800, 198), (x, 334)], 4, "#2c4a59")
    c.line([(800, 200), (800, 150)], 7, "#2c4a59")
    c.disc(800, 146, 11, OCHRE)
    for x in range(500, 1110, 40):
        c.disc(x, 344, 20, "#345463", 0.8)
    musicians(c)
    for x in range(546, 1060, 22):
        c.rect(x, 610, 5, 52, "#3a2747")
    c.rect(536, 604, 530, 9, "#3a2747")
    tints = (LAMP, "#ff9c7a", "#a9dcff")
    garland(c, (-10, 330), (510, 300), 90, 13, tints)
    garland(c, (1090, 300), (1610, 330), 90, 13, tints)
    for x, foot, k, coat in (
        (250, 760, 1.1, "#7c2f5b"),
        (330, 770, 1.05, "#35557f"),
        (1230, 764, 1.1, "#b5573f"),
        (1330, 756, 1.0, "#3c6e63"),
        (1390, 760, 0.72, OCHRE),
    ):
        c.disc(x, foot, 40 * k, "#2a1b3666", 0.18)
        person(c, x, foot, k, coat)
    for number, (across, down) in enumerate(scatter(30, 12)):
        x, k = number * 56 - 20 + across * 26, 1.5 + down * 0.6
        y = 905 + 20 * down
        tint = mix("#1f1630", "#3a2747", across * 0.8)
        c.rect(x - 30 * k, y - 62 * k, 60 * k, 90 * k, tint, 24 * k)
        c.disc(x, y - 82 * k, 19 * k, tint, 1.1)
        if number % 6 == 2:
            c.line(
                [(x - 24 * k, y - 50 * k), (x - 34 * k, y - 96 * k), (x - 22 * k, y - 130 * k)],
                12 * k,
                tint,
            )
            c.line(
                [(x + 24 * k, y - 50 * k), (x + 36 * k, y - 96 * k), (x + 26 * k, y - 132 * k)],
                12 * k,
                tint,
            )
    return c


def musicians(c: Canvas) -> None:
    """Draw the band: accordion, double bass, drums, singer and guitar."""
    dark = "#2b1d38"
    for x, coat in ((610, "#5b3a5e"), (715, dark), (800, BRICK), (890, "#35557f"), (1000, dark)):
        person(c, x, 656, 1.36, coat, hair=dark, legs=dark)
    for fold in range(6):
        c.rect(578 + fold * 11, 556 + (fold % 2) * 3, 11, 56, (BRICK, CREAM)[fold % 2])
    c.rect(566, 552, 14, 64, dark, 3)
    c.rect(642, 552, 14, 64, dark, 3)
    c.disc(748, 612, 34, "#8a4a2b", 1.3)
    c.disc(748, 560, 25, "#8a4a2b", 1.1)
    c.rect(744, 436, 9, 130, "#5d3020")
    c.line([(820, 656), (820, 552)], 4, dark)
    c.disc(820, 546, 8, dark)
    c.disc(886, 590, 30, "#d9a441")
    c.disc(908, 566, 21, "#d9a441")
    c.disc(894, 582, 9, "#5d3020")
    c.line([(906, 568), (956, 520)], 8, "#5d3020")
    c.disc(990, 640, 34, CREAM)
    c.ring(990, 640, 34, 6, BRICK)
    c.rect(1018, 590, 40, 22, BRICK, 5)
    c.line([(950, 656), (950, 566)], 3, dark)
    c.disc(950, 564, 26, "#e9c35c", 0.2)


def athletics() -> Canvas:
    """Runners in the bend of the new track, the stand behind them."""
    c = Canvas()
    c.gradient(0, 420, "#8fcbe0", "#dff0e8")
    clouds(c, "#f7fbf8", 5, 60, 180, 4)
    c.below(waves(330, 18, 220), "#a3bf9a")
    castle(c, 220, 346, 0.46, DAY)
    c.poly([(560, 214), (1660, 150), (1660, 190), (560, 240)], "#3c4a63")
    c.poly([(600, 400), (600, 300), (1640, 230), (1640, 400)], "#6d7c93")
    for row in range(6):
        y = 306 + row * 17
        c.line([(600, y), (1640, y - 66 + row * 9)], 2, "#52617a")
        for number, (across, down) in enumerate(scatter(58, row)):
            x = 610 + number * 18 + across * 8
            if down < 0.24:
                continue
            foot = y - (x - 600) * (66 - row * 9) / 1040
            tint = (BRICK, CREAM, OCHRE, "#3f7fa5", "#7fd0b2", "#5b3a5e")[int(across * 6)]
            c.rect(x - 5, foot - 10, 10, 12, tint, 3)
            c.disc(x, foot - 14, 4.4, ("#e3b08c", "#8a5d41")[number % 2])
    for x in (640, 890, 1140, 1390):
        c.rect(x, 212 - (x - 600) * 0.05, 9, 190, "#3c4a63")
    c.rect(0, 396, 1600, 18, "#e9eef0")
    for number in range(9):
        c.rect(number * 180, 398, 150, 14, (RIVER, BRICK, FOREST)[number % 3])
    c.gradient(412, 900, "#7fb069", "#5f9152")
    for x in (60, 480):
        c.line([(x, 410), (x, 90)], 9, "#52617a")
        c.rect(x - 46, 60, 92, 44, "#52617a", 6)
        for light in range(6):
            c.disc(x - 30 + light % 3 * 30, 72 + light // 3 * 20, 8, "#fff6d6")
    for lane in range(9):
        tint = ("#b5492f", "#c4573a")[lane % 2] if lane < 8 else "#6fa05c"
        c.disc(2000, 720, 1960 - lane * 148, tint, 0.152)
    for lane in range(9):
        c.line(arc(2000, 720, 1960 - lane * 148, 90, 270, 0.152), 6, "#f8efdf")
    for x, foot, k, vest, skin in (
        (890, 690, 1.15, "#5b3a5e", "#d9a57f"),
        (620, 720, 1.35, OCHRE, "#e3b08c"),
        (300, 780, 1.6, "#3f7fa5", "#7b5138"),
        (790, 830, 1.7, "#f3ead6", "#c98f68"),
    ):
        runner(c, x, foot, k, vest, skin)
    return c


def runner(c: Canvas, x: float, foot: float, k: float, vest: str, skin: str) -> None:
    """Draw an athlete in full stride to the left."""
    dark = mix(skin, "#000000", 0.2)
    c.disc(x + 10 * k, foot, 62 * k, "#4d1d1255", 0.12)
    c.line(
        [(x + 12 * k, foot - 96 * k), (x + 44 * k, foot - 62 * k), (x + 86 * k, foot - 70 * k)],
        15 * k,
        dark,
    )
    c.rect(x + 78 * k, foot - 84 * k, 13 * k, 28 * k, INK, 5 * k)
    c.line(
        [(x + 14 * k, foot - 152 * k), (x + 46 * k, foot - 132 * k), (x + 34 * k, foot - 102 * k)],
        11 * k,
        dark,
    )
    c.line(
        [(x + 4 * k, foot - 98 * k), (x - 38 * k, foot - 80 * k), (x - 30 * k, foot - 26 * k)],
        17 * k,
        skin,
    )
    c.poly(
        [
            (x - 44 * k, foot - 10 * k),
            (x - 40 * k, foot - 26 * k),
            (x - 20 * k, foot - 24 * k),
            (x - 18 * k, foot - 8 * k),
        ],
        "#f8efdf",
    )
    c.poly(
        [
            (x - 22 * k, foot - 108 * k),
            (x + 26 * k, foot - 112 * k),
            (x + 36 * k, foot - 82 * k),
            (x + 4 * k, foot - 76 * k),
            (x - 28 * k, foot - 84 * k),
        ],
        INK,
    )
    c.poly(
        [
            (x - 26 * k, foot - 164 * k),
            (x + 16 * k, foot - 170 * k),
            (x + 28 * k, foot - 106 * k),
            (x - 20 * k, foot - 102 * k),
        ],
        vest,
    )
    c.disc(x - 18 * k, foot - 156 * k, 12 * k, vest)
    c.disc(x + 10 * k, foot - 160 * k, 13 * k, vest)
    c.line(
        [(x - 16 * k, foot - 154 * k), (x - 40 * k, foot - 122 * k), (x - 68 * k, foot - 140 * k)],
        12 * k,
        skin,
    )
    c.rect(x - 14 * k, foot - 178 * k, 16 * k, 20 * k, skin)
    c.disc(x - 10 * k, foot - 192 * k, 19 * k, skin)
    c.poly(arc(x - 8 * k, foot - 196 * k, 20 * k, 190, 400), "#2b1d22")


def vegetables() -> Canvas:
    """A market stall: crates of vegetables under a striped awning."""
    c = Canvas()
    c.gradient(0, 560, "#f8dfae", "#fcf0d4")
    terrace(c, -20, 1640, 430, tall=260, salt=4)
    c.gradient(430, 640, "#d6c3a0", "#c8b18a")
    for x, foot, k, coat in (
        (60, 560, 1.2, "#3f7fa5"),
        (150, 556, 0.9, BRICK),
        (1460, 560, 1.2, "#5b3a5e"),
        (1540, 556, 1.15, FOREST),
    ):
        person(c, x, foot, k, coat)
    c.rect(250, 180, 20, 520, "#7a5236")
    c.rect(1330, 180, 20, 520, "#7a5236")
    person(c, 640, 650, 2.2, "#2f7370", hair="#6b4128")
    c.poly([(604, 470), (676, 470), (690, 580), (590, 580)], CREAM)
    person(c, 1010, 650, 2.3, "#8a3d4f", skin="#8a5d41")
    for stripe in range(14):
        left = 200 + stripe * 86
        tint = (FOREST, CREAM)[stripe % 2]
        c.poly(
            [
                (left + (7 - stripe) * 9, 80),
                (left + 86 + (6 - stripe) * 9, 80),
                (left + 86, 220),
                (left, 220),
            ],
            tint,
        )
        c.poly(
            [
                (left, 220),
                (left + 86, 220),
                (left + 86, 250),
                *arc(left + 43, 250, 43, 0, 180, 0.6),
                (left, 250),
            ],
            mix(tint, "#1b2a22", 0.1),
        )
    c.rect(0, 640, 1600, 260, "#9a6a45")
    c.rect(0, 628, 1600, 22, "#b98a5a")
    rows = (
        (("tomato", 40), ("carrot", 340), ("cabbage", 640), ("leek", 940), ("pumpkin", 1240)),
        (("lettuce", -60), ("radish", 260), ("aubergine", 580), ("lemon", 900), ("tomato", 1220)),
    )
    for row, crates in enumerate(rows):
        for kind, x in crates:
            crate(c, x, 560 + row * 168, kind)
    for x, y in ((188, 548), (790, 540), (1090, 546), (420, 716), (1060, 716)):
        c.line([(x, y + 40), (x, y)], 5, "#5c3c26")
        c.rect(x - 34, y - 44, 68, 48, INK, 6)
        for line, long in ((0, 42), (1, 28)):
            c.rect(x - long / 2, y - 32 + line * 15, long, 6, "#e8edf2", 3)
    return c


def crate(c: Canvas, x: float, y: float, kind: str) -> None:
    """Draw a wooden crate, 300 pixels wide, heaped with one kind of vegetable."""
    c.rect(x + 8, y + 30, 284, 110, "#5c3c26", 4)
    for number, (across, down) in enumerate(scatter(34, len(kind))):
        px = x + 34 + (number % 9) * 29 + across * 8
        py = y + 62 - (2 - number // 12) * 21 + down * 8
        if kind == "tomato":
            c.disc(px, py, 24, ("#c8402f", "#d9523a")[number % 2], 0.92)
            c.disc(px - 8, py - 9, 6, "#f08a70")
            c.poly(
                [
                    (px - 10, py - 18),
                    (px, py - 24),
                    (px + 10, py - 18),
                    (px + 3, py - 14),
                    (px - 3, py - 14),
                ],
                FOREST,
            )
        elif kind == "carrot":
            c.poly(
                [(px - 14, py - 26), (px + 14, py - 22), (px + 4, py + 40)],
                ("#e87d2e", "#f0913f")[number % 2],
            )
            for dx in (-14, 0, 14):
                c.line([(px, py - 24), (px + dx, py - 50)], 4, "#4f8a4c")
        elif kind in ("cabbage", "lettuce"):
            leaf = ("#6d9f6b", "#7fb36f") if kind == "cabbage" else ("#93bd55", "#a9cf63")
            if number % 2 == 0:
                c.disc(px, py, 36, leaf[0], 0.86)
                c.disc(px + 2, py - 4, 27, leaf[1], 0.86)
                c.disc(px + 3, py - 8, 15, mix(leaf[1], "#ffffff", 0.25))
                c.line(arc(px, py, 24, 200, 300), 3, mix(leaf[1], "#ffffff", 0.4))
        elif kind == "leek":
            c.line([(px, py + 34), (px + 6, py - 30)], 17, "#eef0dc")
            c.line([(px + 6, py - 24), (px + 14, py - 66)], 17, "#5f9a63")
            c.line([(px + 4, py - 28), (px - 12, py - 66)], 9, "#78b077")
        elif kind == "pumpkin":
            if number % 3 == 0:
                c.disc(px + 8, py, 46, "#e2852e", 0.8)
                c.disc(px + 8, py, 28, "#ef9a43", 1.3)
                c.disc(px + 8, py, 10, "#f6ab59", 3.6)
                c.rect(px + 3, py - 50, 11, 18, FOREST, 4)
        elif kind == "radish":
            c.line([(px, py - 16), (px - 8, py - 50)], 8, "#5f9a4f")
            c.line([(px, py - 16), (px + 10, py - 48)], 8, "#78b05f")
            c.disc(px, py, 18, ("#cf3f6b", "#e0557f")[number % 2], 1.15)
            c.poly([(px - 8, py + 14), (px + 8, py + 14), (px, py + 34)], "#f8e9e4")
        elif kind == "aubergine":
            c.disc(px, py + 4, 22, ("#4a2a57", "#5b3669")[number % 2], 1.45)
            c.disc(px - 7, py - 6, 5, "#9a78a8", 2)
            c.poly([(px - 16, py - 20), (px, py - 42), (px + 16, py - 20)], "#4f8a4c")
        else:
            c.disc(px, py, 24, ("#f0c53c", "#f6d459")[number % 2], 0.82)
            c.disc(px - 8, py - 7, 6, "#fdf0b0")
    c.rect(x, y + 84, 300, 24, "#cfa06c", 3)
    c.rect(x, y + 114, 300, 26, "#c3935f", 3)
    c.rect(x + 6, y + 60, 18, 84, "#b58350", 3)
    c.rect(x + 276, y + 60, 18, 84, "#b58350", 3)


def station() -> Canvas:
    """A regional train at the platform, under the station's clock."""
    c = Canvas()
    c.gradient(0, 520, "#7fb8d0", "#d9ebe3", "#f7e6c4")
    clouds(c, "#f5f8f3", 4, 60, 170, 6)
    c.below(waves(430, 18, 240), "#a3bf9a", 600)
    castle(c, 1400, 400, 0.52, DAY)
    terrace(c, 1010, 1640, 520, tall=110, salt=8)
    c.rect(120, 210, 760, 400, "#ecd8b4")
    c.rect(120, 590, 760, 20, "#cdb58c")
    c.rect(400, 150, 200, 460, "#f3e3c4")
    c.poly([(90, 214), (150, 130), (850, 130), (910, 214)], SLATE)
    c.poly([(370, 156), (500, 50), (630, 156)], "#3c4a63")
    c.rect(110, 208, 780, 14, "#b58e62")
    c.disc(500, 190, 46, "#3c4a63")
    c.disc(500, 190, 38, CREAM)
    for hour in range(12):
        angle = hour * math.pi / 6
        c.disc(500 + 31 * math.cos(angle), 190 + 31 * math.sin(angle), 2.6, INK)
    c.line([(500, 190), (500, 164)], 5, INK)
    c.line([(500, 190), (482, 204)], 5, INK)
    for x in (160, 250, 330, 630, 710, 800):
        c.poly([*arc(x + 26, 300, 26, 180, 360), (x + 52, 390), (x, 390)], "#6d98ac")
        c.rect(x + 24, 276, 4, 114, "#ecd8b4")
    for x in (415, 475, 535):
        c.poly([*arc(x + 25, 440, 25, 180, 360), (x + 50, 600), (x, 600)], "#2f6f6b")
        c.rect(x + 23, 416, 4, 184, "#265a57")
    c.poly([(-40, 446), (980, 446), (1040, 478), (-40, 478)], "#2f5d6e")
    c.poly([(-40, 446), (980, 446), (985, 452), (-40, 452)], "#4b8193")
    for x in (40, 300, 690, 950):
        c.rect(x, 478, 14, 132, "#3c4a63")
        c.line([(x + 7, 520), (x + 44, 480)], 6, "#3c4a63")
        c.line([(x + 7, 520), (x - 30, 480)], 6, "#3c4a63")
    c.gradient(600, 680, "#d8cbb4", "#c2b294")
    for x, foot, k, coat, skin in (
        (180, 660, 1.05, BRICK, "#e3b08c"),
        (232, 664, 0.75, OCHRE, "#e3b08c"),
        (620, 655, 1.05, "#35557f", "#8a5d41"),
        (860, 662, 1.1, "#5b3a5e", "#d9a57f"),
    ):
        person(c, x, foot, k, coat, skin=skin)
    c.rect(886, 628, 30, 36, "#7c2f3b", 5)
    c.rect(894, 604, 4, 26, INK)
    c.rect(906, 604, 4, 26, INK)
    c.rect(0, 680, 1600, 10, "#f0e4cc")
    c.rect(0, 690, 1600, 26, "#8f8674")
    c.gradient(716, 900, "#8d8579", "#6f685f")
    for across, down in scatter(260, 3):
        c.disc(
            across * 1600,
            800 + down * 100,
            5 + 5 * across,
            ("#7d766b", "#9b9387", "#665f57")[int(down * 3)],
        )
    for sleeper in range(28):
        c.rect(sleeper * 62 - 20, 826, 36, 26, "#5b4636", 3)
    c.rect(0, 818, 1600, 10, "#b9c0c8")
    c.rect(0, 850, 1600, 10, "#9aa3ad")
    body = [(330, 540), (1640, 540), (1640, 800), (250, 800), (236, 760), (262, 610), (292, 556)]
    c.poly([(x, y + 14) for x, y in body], "#2a262455")
    c.poly(body, "#f4f1e8")
    c.poly([(252, 668), (1640, 668), (1640, 800), (250, 800), (236, 760)], RIVER)
    c.poly([(243, 716), (1640, 716), (1640, 736), (240, 736)], OCHRE)
    c.poly([(330, 540), (1640, 540), (1640, 556), (300, 556)], "#c9ced2")
    c.poly([(300, 574), (392, 574), (392, 654), (268, 654), (274, 618)], "#24364f")
    c.poly([(300, 580), (330, 580), (300, 648), (276, 648)], "#ffffff30")
    for x in range(520, 1600, 300):
        for left in (x, x + 74, x + 148):
            c.rect(left, 582, 62, 62, "#24364f", 9)
            c.poly(
                [(left + 12, 644), (left + 40, 582), (left + 54, 582), (left + 26, 644)],
                "#ffffff22",
            )
    for x in (424, 734, 1034, 1334):
        c.rect(x, 572, 76, 214, "#e9a23b" if x == 424 else "#dfe6e8", 6)
        c.rect(x + 36, 572, 4, 214, "#8d97a3")
        c.rect(x + 8, 590, 24, 80, "#24364f", 5)
        c.rect(x + 44, 590, 24, 80, "#24364f", 5)
    c.glow(258, 726, 60, "#fff6cf", 0.9)
    c.disc(262, 712, 10, "#fffbe6")
    c.rect(250, 790, 1400, 22, "#33404f")
    for x in (380, 470, 900, 990, 1420, 1510):
        c.disc(x, 812, 25, "#2b333f")
        c.disc(x, 812, 11, "#8d97a3")
    return c


def flood_gauge() -> Canvas:
    """The river in spate at the bridge, and the gauge that measures it."""
    c = Canvas()
    c.gradient(0, 520, "#6c7d8c", "#a9b4b8", "#d4d3c6")
    for low, tint, salt in ((170, "#8c99a5", 2), (90, "#74838f", 5)):
        c.rect(0, 0, 1600, low - 40, tint)
        for number, (across, _) in enumerate(scatter(20, salt)):
            c.disc(number * 86 + across * 30, low - 44, 60 + 60 * across, tint, 0.6)
    c.below(waves(430, 20, 230), "#8b9a8c")
    castle(c, 300, 420, 0.66, DAY)
    terrace(c, 520, 1130, 500, tall=110, salt=4, roof="#7a463c")
    terrace(c, -20, 120, 500, tall=110, salt=9, roof="#7a463c")
    for x, k in ((560, 0.8), (700, 0.7), (990, 0.9)):
        tree(c, x, 520, k, "#74866a")
    c.gradient(496, 900, "#9a8a6a", "#8a7756", "#6d5c42")
    for number in range(5):
        c.below(
            waves(540 + number * 76, 7 + number * 2, 70 + number * 26, number),
            ("#85735480", "#9c8a6880")[number % 2],
        )
    bridge(c, -60, 1180, 400, 520, "#c3b598", 6)
    c.poly([(1100, 900), (1140, 330), (1600, 330), (1600, 900)], "#b3a58a")
    for row in range(9):
        y = 352 + row * 64
        c.line([(1136 - row * 4.4, y), (1600, y)], 4, "#998b71")
        for column in range(6):
            x = 1190 + column * 92 + (46 if row % 2 else 0)
            if x < 1600:
                c.line([(x, y), (x, y + 64)], 4, "#998b71")
    c.rect(1120, 312, 480, 26, "#cfc3a8")
    for x in range(1150, 1600, 56):
        c.rect(x, 232, 7, 84, "#33475f")
    c.rect(1130, 226, 480, 10, "#33475f")
    c.line([(1520, 320), (1520, 80)], 12, "#33475f")
    c.poly([(1494, 90), (1546, 90), (1538, 40), (1502, 40)], "#33475f")
    c.disc(1520, 70, 14, LAMP)
    c.glow(1520, 70, 120, LAMP, 0.5)
    c.rect(1234, 350, 116, 560, "#52617a", 5)
    c.rect(1242, 358, 100, 552, "#f7f2e4")
    for mark in range(24):
        y = 372 + mark * 22
        tint = BRICK if mark < 6 else OCHRE if mark < 11 else "#2f7370"
        c.rect(1242, y, 84 if mark % 5 == 0 else 48, 11, tint)
    c.below(lambda x: 640 + 8 * math.sin(x / 40), "#857354")
    c.below(lambda x: 662 + 8 * math.sin(x / 52 + 1), "#7a6849")
    c.line([(x, 640 + 8 * math.sin(x / 40)) for x in range(1100, 1604, 8)], 5, "#e6dcc4")
    c.line([(1250, 662), (1296, 650), (1346, 664)], 5, "#e6dcc4")
    ripples(c, 540, 890, "#d9cdb070", 80, 7)
    c.line([(300, 760), (560, 706), (640, 716)], 22, "#4f3d2c")
    c.line([(440, 730), (500, 668)], 10, "#4f3d2c")
    c.line([(380, 742), (360, 700)], 8, "#4f3d2c")
    c.line([(270, 778), (420, 760), (680, 736)], 6, "#d9cdb0")
    for across, down in scatter(170, 3):
        x, y = across * 1760 - 40, down * 960 - 40
        c.line([(x, y), (x - 14, y + 46)], 2, "#eef2f266")
    return c


def closure_map() -> Canvas:
    """The plan of the works: closed street, diversion, castle and river. No words."""
    c = Canvas(flat=True)
    c.rect(0, 0, 1600, 900, "#e9dfc9")
    bend = [
        (-40.0, 690.0),
        (260, 640),
        (520, 700),
        (820, 790),
        (1120, 770),
        (1400, 690),
        (1660, 700),
    ]
    c.line(bend, 150, "#9cc4cf")
    c.line(bend, 126, "#7fb3c4")
    streets = (
        ([(-40, 200), (420, 240), (780, 210), (1640, 130)], 30),
        ([(-40, 470), (420, 490), (760, 470), (1180, 500), (1640, 440)], 34),
        ([(200, -40), (240, 230), (230, 480), (250, 560)], 26),
        ([(520, -40), (560, 230), (570, 480), (560, 580)], 30),
        ([(860, -40), (860, 205), (880, 480), (900, 660)], 30),
        ([(1220, -40), (1240, 170), (1260, 490), (1240, 940)], 34),
        ([(1480, -40), (1470, 150), (1500, 450), (1510, 600)], 24),
        ([(-40, 860), (300, 800), (560, 850), (860, 930)], 26),
        ([(240, 230), (570, 480)], 20),
        ([(1260, 320), (1490, 300)], 20),
        ([(1240, 860), (1640, 800)], 24),
    )
    for across, down in scatter(150, 3):
        x, y = across * 1600, down * 900
        if 590 < y < 860:
            continue
        wide, high = 46 + 44 * down, 40 + 40 * across
        c.rect(
            x - wide / 2,
            y - high / 2,
            wide,
            high,
            ("#d8c7a6", "#dccdb0", "#d2bf9c")[int(across * 3)],
            5,
        )
    c.rect(1290, 180, 160, 100, "#b4cda0", 18)
    c.rect(28, 270, 170, 170, "#b4cda0", 22)
    c.rect(600, 540, 250, 84, "#b4cda0", 22)
    for x, y in (
        (60, 310),
        (110, 350),
        (160, 310),
        (80, 400),
        (150, 400),
        (1330, 216),
        (1400, 220),
        (1370, 250),
        (640, 580),
        (700, 570),
        (760, 590),
        (810, 566),
    ):
        c.disc(x, y + 4, 17, "#7c9c6c")
        c.disc(x - 2, y, 16, "#93b383")
    for points, wide in streets:
        c.line(points, wide + 8, "#cbb994")
    for points, wide in streets:
        c.line(points, wide, "#fbf7ec")
    c.rect(1214, 640, 54, 180, "#fbf7ec")
    for y in (644, 806):
        c.rect(1204, y, 74, 12, "#b5a583", 4)
    c.rect(610, 250, 218, 188, "#f3e6cc", 12)
    c.rect(622, 262, 194, 164, "#ead9b6", 8)
    castle(c, 716, 410, 0.42, DAY)
    closed = [(570.0, 480.0), (760, 470), (880, 480)]
    c.line(closed, 40, BRICK)
    for number in range(12):
        x = 584 + number * 26
        c.poly([(x, 492), (x + 10, 458), (x + 20, 458), (x + 10, 492)], "#fbf1e3")
    way = [
        (230.0, 478.0),
        (236, 360),
        (240, 232),
        (420, 240),
        (560, 230),
        (780, 210),
        (860, 206),
        (1050, 188),
        (1243, 170),
        (1250, 330),
        (1258, 488),
    ]
    total = 0.0
    for (x0, y0), (x1, y1) in pairwise(way):
        length = math.hypot(x1 - x0, y1 - y0)
        while total < length:
            end = min(total + 26, length)
            c.line(
                [
                    (x0 + (x1 - x0) * total / length, y0 + (y1 - y0) * total / length),
                    (x0 + (x1 - x0) * end / length, y0 + (y1 - y0) * end / length),
                ],
                13,
                "#2a6f97",
            )
            total += 48
        total -= length
    for x, y, turn in ((330, 236, 0), (690, 218, 0), (1060, 187, 0), (1252, 380, 90)):
        angle = math.radians(turn - 3)
        c.disc(x, y, 27, "#2a6f97")
        c.poly(
            [
                (
                    x + a * math.cos(angle) - b * math.sin(angle),
                    y + a * math.sin(angle) + b * math.cos(angle),
                )
                for a, b in ((16, 0), (-8, 14), (-3, 0), (-8, -14))
            ],
            "#ffffff",
        )
    for x, y in ((570, 480), (880, 480)):
        c.disc(x, y + 5, 45, "#00000022")
        c.disc(x, y, 43, "#ffffff")
        c.disc(x, y, 38, BRICK)
        c.rect(x - 24, y - 8, 48, 16, "#ffffff", 3)
    for x, y in ((160, 560), (1380, 560)):
        c.disc(x, y, 30, "#2a6f97")
        c.ring(x, y, 30, 5, "#ffffff")
        c.line([(x - 7, y + 15), (x - 7, y - 14)], 7, "#ffffff")
        c.line(
            [(x - 7, y - 14), (x + 4, y - 14), (x + 10, y - 6), (x + 4, y + 1), (x - 7, y + 1)],
            7,
            "#ffffff",
        )
    c.disc(1500, 90, 50, "#fbf7ec")
    c.poly([(1500, 48), (1516, 96), (1484, 96)], BRICK)
    c.poly([(1500, 132), (1516, 92), (1484, 92)], SLATE)
    return c


def swans() -> Canvas:
    """Swans on the river in the morning mist."""
    c = Canvas()
    c.gradient(0, 470, "#9fb7c4", "#d3d9d4", "#f1e3cd")
    c.glow(1150, 250, 340, "#fff7e4", 0.9)
    c.disc(1150, 260, 58, "#fffaf0")
    c.below(waves(380, 26, 260, 1.4), "#b3c0bf", 480)
    castle(c, 430, 380, 0.62, Light("#a5b1b8", "#97a5ae", "#84949f", "#c9d0d0"), flag="#b98c86")
    c.below(waves(424, 14, 160, 0.2), "#9bada9", 480)
    for x, k in (
        (90, 1.0),
        (210, 0.8),
        (690, 0.7),
        (800, 0.9),
        (1340, 1.0),
        (1460, 1.3),
        (1580, 1.0),
    ):
        tree(c, x, 472, k, "#8fa39b", "#76857f")
    c.soften(250, 476, 3)
    c.mirror(472, 428, "#a9bfc4", 0.45)
    for y, alpha in ((430, "55"), (462, "70"), (500, "45")):
        c.rect(-20, y, 1640, 26, f"#f4f1e8{alpha}", 13)
    c.soften(400, 560, 7)
    for number in range(9):
        y = 506 + number * 12
        c.rect(1150 - 60 + number * 3, y, 120 - number * 6, 4, "#fffaf0b0", 2)
    ripples(c, 520, 890, "#eef2ee80", 90, 3)
    for x, y, k, way in ((560, 660, 1.5, 1), (930, 590, 1.0, -1), (1210, 720, 1.25, -1)):
        swan(c, x, y, k, way)
    for x, y in ((760, 720), (824, 742), (704, 748)):
        swan(c, x, y, 0.5, 1, "#b9b2a6")
    for number, (across, down) in enumerate(scatter(64, 6)):
        x = across * 330 if number % 2 else 1330 + across * 290
        top = 560 + down * 170
        c.line(
            [(x, 910), (x + 18 * (across - 0.4), top)],
            5,
            ("#6c7f63", "#596e58", "#80916f")[number % 3],
        )
        if number % 3 == 0:
            c.disc(x + 18 * (across - 0.4), top, 8, "#7a5a40", 3.4)
    return c


def swan(c: Canvas, x: float, water: float, k: float, way: int, plumage: str = "#fdfcf7") -> None:
    """Draw a swan on the water, looking right (way = 1) or left (way = -1)."""
    shade = mix(plumage, "#7d93a3", 0.28)

    def at(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x + way * dx * k, water - dy * k) for dx, dy in points]

    c.disc(x, water + 12 * k, 100 * k, mix(plumage, "#8fabb5", 0.5) + "90", 0.14)
    c.poly(
        at(
            [
                (-112, 52),
                (-96, 12),
                (-70, -8),
                (52, -8),
                (82, 12),
                (86, 34),
                (60, 44),
                (10, 62),
                (-50, 58),
                (-84, 38),
            ]
        ),
        plumage,
    )
    c.poly(
        at([(-116, 62), (-72, 30), (-20, 14), (34, 16), (44, 34), (8, 66), (-46, 72), (-80, 52)]),
        mix(plumage, "#ffffff", 0.5),
    )
    for dx in (-84, -60, -34):
        c.line(at([(dx, 48), (dx + 44, 22), (dx + 70, 22)]), 4 * k, shade)
    neck = [(64, 24), (86, 46), (84, 78), (66, 104), (62, 134), (78, 152), (96, 150)]
    c.line(at(neck), 25 * k, plumage)
    for dx, dy in neck:
        c.disc(x + way * dx * k, water - dy * k, 12.4 * k, plumage)
    c.disc(x + way * 92 * k, water - 148 * k, 18 * k, plumage, 0.9)
    beak = at([(106, 154), (138, 138), (106, 138)])
    c.poly(beak, "#e37a35" if plumage == "#fdfcf7" else "#5f5a56")
    c.poly(at([(100, 156), (112, 152), (106, 140), (100, 142)]), INK)
    c.disc(x + way * 97 * k, water - 151 * k, 3.4 * k, INK)
    c.line(at([(-104, -6), (-60, -11), (60, -11), (110, -6)]), 4 * k, "#f4f7f4c0")


def heatwave() -> Canvas:
    """Noon on the square in July: a fountain, shade under the plane trees."""
    c = Canvas()
    c.gradient(0, 560, "#f3b95f", "#f9d68b", "#fdeec4")
    for radius, alpha in ((300, "22"), (220, "33"), (150, "55")):
        c.disc(1180, 170, radius, f"#fff6d8{alpha}")
    c.disc(1180, 170, 92, "#fffaf0")
    castle(c, 800, 430, 0.86, DAY)
    c.below(lambda x: 452 - 30 * math.exp(-(((x - 800) / 330) ** 4)), "#cdb98a", 560)
    terrace(c, -20, 560, 560, tall=190, salt=6)
    terrace(c, 1040, 1640, 560, tall=190, salt=2)
    c.gradient(556, 900, "#f1dfb6", "#e3c994")
    for row in range(8):
        c.line([(0, 580 + row * row * 5.4), (1600, 580 + row * row * 5.4)], 2, "#d4b98366")
    for column in range(-9, 10):
        c.line([(800 + column * 60, 556), (800 + column * 230, 900)], 2, "#d4b98366")
    for x, foot, k in ((130, 740, 3.0), (1480, 740, 3.0)):
        c.disc(x, foot + 20, 300, "#9a7a4466", 0.2)
        tree(c, x, foot, k, "#6f9a5f", "#b89b78")
    for x, y in ((150, 770), (1410, 776)):
        c.rect(x - 90, y - 34, 190, 13, "#9a6a45", 5)
        c.rect(x - 90, y - 66, 190, 13, "#9a6a45", 5)
        c.rect(x - 74, y - 24, 11, 44, INK)
        c.rect(x + 72, y - 24, 11, 44, INK)
    c.disc(800, 760, 340, "#b89b6b", 0.24)
    c.disc(800, 742, 340, "#d9c39a", 0.24)
    c.disc(800, 734, 306, "#5fb0bd", 0.215)
    c.disc(800, 738, 290, "#7fc6cd", 0.2)
    for radius in (90, 150, 210):
        c.line(arc(800, 742, radius, 10, 170, 0.22), 4, "#d6f0ef")
        c.line(arc(800, 742, radius, 200, 340, 0.22), 3, "#d6f0efaa")
    c.poly([(776, 748), (788, 610), (812, 610), (824, 748)], "#cdb58c")
    c.poly([(800, 610), (812, 610), (824, 748), (800, 748)], "#b79d72")
    c.disc(800, 612, 118, "#b79d72", 0.2)
    c.disc(800, 604, 118, "#d9c39a", 0.2)
    c.disc(800, 602, 100, "#7fc6cd", 0.16)
    c.poly([(788, 602), (794, 520), (806, 520), (812, 602)], "#cdb58c")
    c.disc(800, 514, 20, "#d9c39a")
    for side in (-1, 1):
        for reach, high in ((46, 440), (84, 456), (120, 480)):
            path = [
                (
                    800 + side * reach * t / 10,
                    512 - (512 - high) * 4 * (t / 14) * (1 - t / 14) * 1.1,
                )
                for t in range(11)
            ]
            c.line([*path, (800 + side * reach * 1.1, 600)], 5, "#e4f6f6d0")
        for reach in (150, 200, 250):
            c.line(
                [
                    (800 + side * (104 + (reach - 104) * t / 8), 606 + 120 * (t / 8) ** 2)
                    for t in range(9)
                ],
                5,
                "#e4f6f6c0",
            )
    for x, foot, k, coat, skin, hair in (
        (430, 800, 1.3, "#3f7fa5", "#8a5d41", INK),
        (500, 806, 0.95, BRICK, "#8a5d41", INK),
        (1120, 850, 1.45, "#f7f0df", "#d9a57f", "#e6c98f"),
        (660, 872, 1.0, OCHRE, "#e3b08c", "#8a5a34"),
        (960, 690, 0.9, "#7c2f5b", "#e3b08c", "#c9c2b4"),
    ):
        c.disc(x - 18 * k, foot + 2, 44 * k, "#9a7a4480", 0.18)
        person(c, x, foot, k, coat, skin=skin, hair=hair, legs="#4a5a86")
    c.disc(1120, 850 - 170, 33, "#e6c06a", 0.22)
    c.poly(arc(1120, 680, 19, 180, 360), "#e6c06a")
    return c


SCENES: dict[str, Callable[[], Canvas]] = {
    "images/partage.png": social_card,
    "posts/2026/chateau-dix-ans.jpg": castle_at_dusk,
    "posts/2026/marche-de-noel.jpg": christmas_market,
    "posts/2026/rue-des-tanneurs.jpg": roadworks,
    "posts/2026/tempete.jpg": storm,
    "posts/2026/cour-des-tilleuls.jpg": school_yard,
    "posts/2026/bibliotheque.jpg": library,
    "posts/2026/piscine.jpg": pool,
    "posts/2025/plan-velo.jpg": bike_lane,
    "posts/2026/conseil-installation.jpg": council,
    "posts/2025/plantations.jpg": planting,
    "posts/2025/fete-de-la-musique.jpg": concert,
    "posts/2026/piste-athletisme.jpg": athletics,
    "posts/2026/marche-producteurs.jpg": vegetables,
    "posts/2026/gare.jpg": station,
    "posts/2025/crue.jpg": flood_gauge,
    "posts/2026/place-du-chateau-plan.png": closure_map,
    "posts/2026/grippe-aviaire.jpg": swans,
    "posts/2025/canicule.jpg": heatwave,
}


def main(names: list[str]) -> None:
    """Draw the pictures whose path contains one of `names`, or all of them."""
    for path, scene in SCENES.items():
        if not names or any(name in path for name in names):
            scene().save(CONTENT / path)
            size = (CONTENT / path).stat().st_size
            sys.stdout.write(f"{path}  {size // 1000} kB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
