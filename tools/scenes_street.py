"""Getting about: roadworks, the plan of the closed street, bicycles, the station."""

# Drawing calls read best as x, y, size, colour, in that order; a scene is one long list of them.
# ruff: noqa: PLR0915
from __future__ import annotations

import math
from itertools import pairwise

from canvas import Canvas, arc, mix, scatter
from motifs import (
    BRICK,
    CREAM,
    DAY,
    INK,
    OCHRE,
    RIVER,
    SAGE,
    SLATE,
    STONE,
    bridge,
    castle,
    clouds,
    person,
    ripples,
    terrace,
    tree,
    waves,
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
    for x, k in ((1180.0, 0.8), (1300, 0.95), (1450, 0.8), (1560, 1.0), (230, 0.6), (520, 0.66)):
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
