"""The town out of doors: markets, music, heat and storm."""

# Drawing calls read best as x, y, size, colour, in that order; a scene is one long list of them.
from __future__ import annotations

import math

from canvas import Canvas, arc, mix, scatter
from motifs import (
    BRICK,
    CREAM,
    DARK_WALLS,
    DAY,
    DUSK,
    FOREST,
    INK,
    LAMP,
    NIGHT,
    NIGHT_WALLS,
    OCHRE,
    SNOW,
    castle,
    fir,
    garland,
    person,
    terrace,
    tree,
    waves,
)


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
    for x, k in ((80.0, 2.2), (330, 1.7), (1290, 1.8), (1530, 2.3)):
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
        (-120.0, 620, 640.0, "#2b3450"),
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
