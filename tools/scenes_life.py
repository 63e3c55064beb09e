"""School, its street, library and council: people indoors and at the school gate."""

# Drawing calls read best as x, y, size, colour, in that order; a scene is one long list of them.
# ruff: noqa: PLR0915
from __future__ import annotations

import math

from canvas import Canvas, arc, mix, scatter
from motifs import (
    BRICK,
    CREAM,
    DUSK,
    FOREST,
    INK,
    OCHRE,
    RIVER,
    SAGE,
    castle,
    clouds,
    person,
    terrace,
    tree,
    waves,
)


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
        for y in (180.0, 262, 344):
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
        (640.0, "#35557f"),
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
        desk = [
            (800 - radius * 1.05, foot + 6),
            (800 - 70 - row * 12, foot + 22),
            (800 - 70 - row * 12, foot + 70 * k),
            (800 - radius * 1.05, foot + 64 * k),
        ]
        c.poly(desk, "#7a5236")
        c.poly([(1600 - x, y) for x, y in desk], "#7a5236")
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


def school_street() -> Canvas:
    """Children walk and ride to school in a street closed to cars."""
    c = Canvas()
    c.gradient(0, 480, "#bfe0e4", "#f0f2df")
    clouds(c, "#f9fbf6", 4, 60, 150, 2)
    terrace(c, -30, 620, 540, tall=270, salt=2)
    terrace(c, 1130, 1640, 540, tall=270, salt=7)
    c.rect(620, 300, 510, 250, "#f0dcb8")
    c.rect(620, 300, 510, 14, "#d98b66")
    c.poly([(596, 304), (650, 226), (1100, 226), (1154, 304)], "#a8503f")
    for left in (650, 740, 960, 1050):
        c.rect(left, 340, 62, 74, "#6d98ac")
        c.rect(left + 28, 340, 6, 74, "#f7e8ca")
        c.rect(left, 374, 62, 6, "#f7e8ca")
    c.poly([*arc(875, 420, 58, 180, 360), (933, 550), (817, 550)], "#2f6f6b")
    c.rect(872, 362, 6, 188, "#265a57")
    c.disc(875, 300, 34, "#8f4335")
    c.disc(875, 300, 28, CREAM)
    c.line([(875, 300), (875, 280)], 4, INK)
    c.line([(875, 300), (862, 308)], 4, INK)
    c.gradient(540, 900, "#b9b4ad", "#a39e98")
    c.poly([(0, 540), (600, 540), (260, 900), (0, 900)], "#d8ccb6")
    c.poly([(1600, 540), (1150, 540), (1400, 900), (1600, 900)], "#d8ccb6")
    c.poly([(600, 540), (616, 540), (288, 900), (260, 900)], "#efe6d4")
    c.poly([(1150, 540), (1134, 540), (1372, 900), (1400, 900)], "#efe6d4")
    for number in range(5):
        y, k = 610 + number * number * 15 + number * 12, 0.6 + number * 0.2
        c.disc(
            860 - number * 6,
            y,
            46 * k,
            (BRICK, OCHRE, "#3f7fa5", "#7fa183", "#d98b66")[number],
            0.3,
        )
    for x, foot, k in ((110, 640, 1.9), (1500, 640, 2.0)):
        c.disc(x, foot + 4, 120, "#8b7f6b55", 0.16)
        tree(c, x, foot, k, "#d9a441")
    for x in (470, 1180):
        c.rect(x, 560, 12, 130, "#52617a")
        c.rect(x - 2, 556, 16, 12, BRICK, 4)
    c.rect(482, 592, 240, 20, "#f6f1e7", 4)
    for stripe in range(5):
        left = 492 + stripe * 46
        c.poly([(left, 612), (left + 14, 592), (left + 34, 592), (left + 20, 612)], BRICK)
    c.disc(602, 602, 40, "#ffffff")
    c.disc(602, 602, 36, BRICK)
    c.disc(602, 602, 27, "#ffffff")
    for x, foot, k, coat, skin in (
        (760, 690, 0.9, "#5b3a5e", "#e3b08c"),
        (830, 668, 0.66, OCHRE, "#e3b08c"),
        (930, 690, 0.68, "#3f7fa5", "#8a5d41"),
        (985, 694, 0.7, BRICK, "#c98f68"),
        (1060, 720, 1.1, "#2f7370", "#d9a57f"),
        (400, 790, 1.5, "#8a3d4f", "#8a5d41"),
        (490, 796, 0.98, "#7fa183", "#8a5d41"),
        (690, 830, 1.05, "#e0784f", "#e3b08c"),
        (765, 838, 1.0, "#4a5a86", "#c98f68"),
    ):
        c.disc(x + 18, foot + 1, 34 * k, "#6b655e55", 0.2)
        person(c, x, foot, k, coat, skin=skin, hair=("#3b2a22", INK, "#6b4128")[x % 3])
        if k < 1.06:
            c.rect(
                x - 13 * k,
                foot - 84 * k,
                26 * k,
                34 * k,
                ("#c4533a", "#3c6e63", "#e9a23b")[x % 3],
                8 * k,
            )
    person(c, 1290, 800, 1.55, "#f2b632", legs="#2f4a6d")
    c.rect(1290 - 24, 800 - 100, 48, 11, "#fdf6df")
    c.line([(1314, 668), (1366, 610)], 12, "#d8902a")
    c.line([(1366, 640), (1366, 500)], 7, INK)
    c.disc(1366, 480, 38, "#ffffff")
    c.disc(1366, 480, 33, "#3c8a5f")
    c.poly(
        [(1350, 480), (1362, 494), (1386, 466), (1380, 460), (1362, 482), (1356, 474)], "#ffffff"
    )
    return c
