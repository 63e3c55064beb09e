"""Castle, bridge and water: evening, mist and flood."""

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
    INK,
    LAMP,
    OCHRE,
    Light,
    bridge,
    castle,
    clouds,
    person,
    ripples,
    terrace,
    tree,
    waves,
)


def river_evening(c: Canvas, horizon: float) -> None:
    """Draw castle, town, bridge and river at nightfall; shared by two pictures."""
    c.gradient(0, horizon, "#463a63", "#a35c6c", "#eb9a63", "#f9d491")
    k = horizon / 600
    sun = c.width * 0.34
    c.glow(sun, horizon - 70, 420, "#fff0c2", 0.85)
    c.disc(sun, horizon - 74, 62, "#fff3d3")
    for y, left, wide in (
        (150.0, 0.02, 0.3),
        (205, 0.5, 0.34),
        (262, 0.14, 0.18),
        (318, 0.68, 0.3),
    ):
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
    for x, k in ((560.0, 0.8), (700, 0.7), (990, 0.9)):
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
        y = 352.0 + row * 64
        c.line([(1136 - row * 4.4, y), (1600, y)], 4, "#998b71")
        for column in range(6):
            x = 1190 + column * 92 + (46 if row % 2 else 0)
            if x < 1600:
                c.line([(x, y), (x, y + 64)], 4, "#998b71")
    c.rect(1120, 312, 480, 26, "#cfc3a8")
    for post in range(9):
        x = 1150.0 + post * 56
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
        (90.0, 1.0),
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
    for y, alpha in ((430.0, "55"), (462, "70"), (500, "45")):
        c.rect(-20, y, 1640, 26, f"#f4f1e8{alpha}", 13)
    c.soften(400, 560, 7)
    for number in range(9):
        y = 506 + number * 12
        c.rect(1150 - 60 + number * 3, y, 120 - number * 6, 4, "#fffaf0b0", 2)
    ripples(c, 520, 890, "#eef2ee80", 90, 3)
    for x, y, k, way in ((560.0, 660.0, 1.5, 1), (930, 590, 1.0, -1), (1210, 720, 1.25, -1)):
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
    neck: list[tuple[float, float]] = [
        (64, 24),
        (86, 46),
        (84, 78),
        (66, 104),
        (62, 134),
        (78, 152),
        (96, 150),
    ]
    c.line(at(neck), 25 * k, plumage)
    for along, up in neck:
        c.disc(x + way * along * k, water - up * k, 12.4 * k, plumage)
    c.disc(x + way * 92 * k, water - 148 * k, 18 * k, plumage, 0.9)
    beak = at([(106, 154), (138, 138), (106, 138)])
    c.poly(beak, "#e37a35" if plumage == "#fdfcf7" else "#5f5a56")
    c.poly(at([(100, 156), (112, 152), (106, 140), (100, 142)]), INK)
    c.disc(x + way * 97 * k, water - 151 * k, 3.4 * k, INK)
    c.line(at([(-104, -6), (-60, -11), (60, -11), (110, -6)]), 4 * k, "#f4f7f4c0")


def old_bridge() -> Canvas:
    """The old bridge in autumn, a diver's boat moored at its third pier."""
    c = Canvas()
    c.gradient(0, 470, "#a9cdd6", "#e4eada", "#f6e6c6")
    clouds(c, "#f8f9f1", 4, 60, 160, 8)
    c.below(waves(350, 24, 240, 0.9), "#b9b98a")
    castle(c, 1330, 330, 0.7, DAY)
    c.below(lambda x: 430 - 110 * math.exp(-(((x - 1330) / 260) ** 4)), "#a3a873", 500)
    terrace(c, 560, 1060, 440, tall=92, salt=3)
    terrace(c, -20, 260, 440, tall=92, salt=6)
    for x, k, leaf in (
        (300, 1.0, "#d9973f"),
        (420, 0.8, "#c9713c"),
        (520, 0.9, "#e0b04f"),
        (1110, 0.9, "#d9973f"),
        (1560, 1.1, "#c9713c"),
    ):
        tree(c, x, 446, k, leaf)
    c.rect(0, 436, 1600, 60, "#cdbf9f")
    c.mirror(496, 404, "#5a94a6", 0.5)
    ripples(c, 520, 890, "#dcecea70", 90, 5)
    bridge(c, -240, 1840, 330, 640, "#d6c7a6", 5)
    for pier in (176, 592, 1008, 1424):
        c.poly(
            [(pier - 62, 640), (pier - 62, 520), (pier, 470), (pier + 62, 520), (pier + 62, 640)],
            "#c3b28d",
        )
        c.poly([(pier, 640), (pier, 470), (pier + 62, 520), (pier + 62, 640)], "#ae9d79")
        c.rect(pier - 74, 628, 148, 24, "#9a8a69", 8)
        c.rect(pier - 90, 648, 180, 7, "#e6f2f0a0", 3)
    for across, down in scatter(120, 4):
        c.rect(across * 1600, 348 + down * 70, 30 + 20 * down, 3, "#b8a884")
    for x in (70, 760, 1180):
        c.line([(x, 322), (x, 206)], 8, "#33475f")
        c.poly([(x - 18, 214), (x + 18, 214), (x + 13, 178), (x - 13, 178)], "#33475f")
        c.disc(x, 198, 8, "#ffe9b0")
    for x, coat, skin in (
        (330, "#5b3a5e", "#e3b08c"),
        (380, BRICK, "#8a5d41"),
        (930, "#2f7370", "#d9a57f"),
    ):
        person(c, x, 336, 0.8, coat, skin=skin)
    c.rect(-10, 318, 1620, 22, "#c3b28d")
    boat(c, 1010, 742)
    diver(c, 740, 736)
    return c


def boat(c: Canvas, x: float, water: float) -> None:
    """Draw the flat boat of the divers, with its flag and its crew."""
    c.disc(x + 10, water + 18, 230, "#2d5a6a55", 0.12)
    person(c, x - 70, water - 30, 1.15, "#f2b632", legs="#2f4a6d")
    person(c, x + 66, water - 30, 1.15, BRICK, skin="#8a5d41", legs="#2f4a6d")
    c.line([(x + 160, water - 40), (x + 160, water - 190)], 6, INK)
    c.poly(
        [
            (x + 162, water - 188),
            (x + 236, water - 188),
            (x + 236, water - 138),
            (x + 162, water - 138),
        ],
        BRICK,
    )
    c.poly(
        [
            (x + 162, water - 188),
            (x + 178, water - 188),
            (x + 236, water - 149),
            (x + 236, water - 138),
            (x + 220, water - 138),
            (x + 162, water - 177),
        ],
        CREAM,
    )
    c.poly(
        [
            (x - 210, water - 46),
            (x + 222, water - 46),
            (x + 190, water + 22),
            (x - 170, water + 22),
        ],
        "#33475f",
    )
    c.rect(x - 214, water - 54, 440, 14, OCHRE, 6)
    c.line([(x - 176, water + 24), (x + 206, water + 24)], 6, "#e6f2f0c0")
    c.line([(x - 200, water - 40), (x - 238, water - 8), (x - 246, water + 10)], 5, CREAM)


def diver(c: Canvas, x: float, water: float) -> None:
    """Draw a diver's head and shoulders above the water, waving."""
    for radius in (120, 86, 56):
        c.line(arc(x, water + 8, radius, 0, 360, 0.2), 4, "#dcecea90")
    c.line([(x + 24, water - 6), (x + 58, water - 44), (x + 50, water - 86)], 20, INK)
    c.disc(x + 50, water - 92, 13, OCHRE)
    c.rect(x - 46, water - 34, 84, 44, INK, 22)
    c.rect(x - 62, water - 50, 30, 62, OCHRE, 14)
    c.disc(x, water - 56, 31, INK)
    c.rect(x - 22, water - 74, 46, 28, "#a9d3dc", 12)
    c.rect(x - 22, water - 74, 46, 28, "#ffffff30", 12)
    c.line([(x - 20, water - 70), (x - 20, water - 50)], 5, OCHRE)
    c.rect(x - 70, water + 6, 130, 20, "#4f8899", 8)
