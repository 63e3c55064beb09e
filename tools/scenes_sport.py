"""Swimming, running, planting and sweeping: people who move."""

# Drawing calls read best as x, y, size, colour, in that order; a scene is one long list of them.
from __future__ import annotations

import math

from canvas import Canvas, arc, mix, scatter
from motifs import (
    BRICK,
    CREAM,
    DAY,
    FOREST,
    INK,
    OCHRE,
    RIVER,
    castle,
    clouds,
    person,
    terrace,
    tree,
    waves,
)


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
    for x, foot, k in ((110.0, 604.0, 0.9), (330, 604, 0.72), (1420, 560, 0.8), (1540, 570, 0.95)):
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


def autumn_leaves() -> Canvas:
    """Raking leaves to the foot of the trees, in the public garden."""
    c = Canvas()
    c.gradient(0, 480, "#f3d3a0", "#fae7c4", "#fdf3df")
    c.glow(1180, 200, 320, "#fffaf0", 0.9)
    c.below(waves(380, 22, 260, 0.3), "#dcc48f")
    castle(c, 820, 400, 0.62, DAY)
    c.below(lambda x: 470 - 76 * math.exp(-(((x - 820) / 260) ** 4)), "#c9b27c")
    terrace(c, 1080, 1640, 500, tall=90, salt=5)
    terrace(c, -20, 420, 500, tall=90, salt=8)
    c.below(waves(510, 16, 330, 1.0), "#a9a45c")
    c.below(waves(600, 22, 300, 2.6), "#949a52")
    c.poly([(640, 900), (820, 560), (900, 560), (1120, 900)], "#e2cfa6")
    c.poly([(640, 900), (668, 900), (830, 560), (820, 560)], "#cdb98d")
    leaves = ("#d9772f", "#e29a3a", "#c4533a", "#eab94f", "#b5632f")
    trees = ((120.0, 700.0, 3.0, 1), (430, 600, 1.7, 3), (1180, 600, 1.8, 0), (1470, 700, 3.1, 2))
    for x, foot, k, leaf in trees:
        c.disc(x, foot + 2, 100 * k, leaves[(leaf + 1) % 5], 0.2)
        tree(c, x, foot, k, leaves[leaf])
        for number, (across, down) in enumerate(scatter(int(46 * k), int(x))):
            c.disc(
                x + (across - 0.5) * 190 * k,
                foot + (down - 0.35) * 34 * k,
                6 + 3 * k,
                leaves[number % 5],
                0.55,
            )
    for number, (across, down) in enumerate(scatter(70, 3)):
        c.disc(across * 1600, 640 + down * 260, 9, leaves[number % 5], 0.6)
    for number, (across, down) in enumerate(scatter(26, 7)):
        x, y = across * 1600, 260 + down * 340
        c.poly([(x, y), (x + 14, y - 8), (x + 24, y + 4), (x + 10, y + 10)], leaves[number % 5])
    for number, (across, down) in enumerate(scatter(240, 5)):
        spread = 190 * (1 - down * 0.85)
        c.disc(560 + (across - 0.5) * 2 * spread, 830 - down * 118, 13, leaves[number % 5], 0.7)
    person(c, 330, 846, 2.0, "#2f7370", hair="#6b4128", legs="#36475e")
    c.line([(352, 640), (470, 838)], 9, "#b98a5a")
    c.line([(430, 852), (512, 826)], 9, "#8a5f40")
    for tooth in range(7):
        c.line(
            [(432 + tooth * 13, 851 - tooth * 4), (438 + tooth * 13, 868 - tooth * 4)], 4, "#8a5f40"
        )
    person(c, 800, 846, 1.2, BRICK, skin="#8a5d41")
    person(c, 1050, 690, 1.15, "#5b3a5e", hair="#c9c2b4")
    c.disc(1120, 676, 27, "#8a5a3a", 0.62)
    c.disc(1146, 660, 13, "#8a5a3a")
    for leg in (1102, 1112, 1130, 1138):
        c.line([(leg, 682), (leg, 700)], 6, "#8a5a3a")
    c.line([(1096, 668), (1082, 652)], 6, "#8a5a3a")
    c.line([(1072, 640), (1136, 660)], 3, INK)
    c.rect(1240, 742, 210, 14, "#9a6a45", 5)
    c.rect(1240, 706, 210, 14, "#9a6a45", 5)
    for x in (1258, 1424):
        c.rect(x, 700, 11, 96, INK)
    return c
