"""What comes back from one scene to the next: castle, houses, trees, people, bridge, light."""

# Drawing calls read best as x, y, size, colour, in that order; a scene is one long list of them.
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from canvas import Canvas, arc, mix, scatter

INK = "#182640"
CREAM = "#f8efdf"
STONE = "#d9cbb2"
BRICK = "#c4533a"
OCHRE = "#e9a23b"
SAGE = "#7fa183"
FOREST = "#2f5d50"
RIVER = "#2f7390"
SLATE = "#4b5b73"
SNOW = "#f4f6fa"
LAMP = "#ffd98a"
WALLS = ("#f1dfc3", "#e6b98f", "#d98b66", "#efe7d8", "#c9b79a", "#e3c9a0")
DARK_WALLS = ("#4a3152", "#53375a", "#412b4a", "#5d3f5f")
NIGHT_WALLS = ("#26355a", "#2c3c64", "#223052", "#314270")


@dataclass(frozen=True, slots=True)
class Light:
    """How a motif is lit: wall, its shaded side, roof and window colours."""

    wall: str
    shade: str
    roof: str
    window: str


DAY = Light("#e7d8bc", "#cdbb99", "#46566f", "#3c4a63")
DUSK = Light("#5d3f5f", "#4a3152", "#3a2747", "#ffc46b")
NIGHT = Light("#3a4a70", "#2c3a5c", "#1d2946", "#ffd98a")


def tower(
    c: Canvas, x: float, foot: float, width: float, height: float, roof: float, light: Light
) -> None:
    """Draw a round tower under a pointed roof; x is its middle."""
    left = x - width / 2
    c.rect(left, foot - height, width, height, light.wall)
    c.rect(x + width * 0.12, foot - height, width * 0.38, height, light.shade)
    c.rect(left - width * 0.07, foot - height, width * 1.14, width * 0.16, light.shade)
    peak = (x, foot - height - roof)
    c.poly(
        [(left - width * 0.14, foot - height), peak, (x + width * 0.64, foot - height)], light.roof
    )
    c.poly(
        [(x + width * 0.1, foot - height), peak, (x + width * 0.64, foot - height)],
        mix(light.roof, "#000000", 0.18),
    )
    c.rect(x - width * 0.09, foot - height * 0.78, width * 0.16, width * 0.34, light.window, 3)
    c.rect(x - width * 0.09, foot - height * 0.45, width * 0.16, width * 0.34, light.window, 3)


def battlements(c: Canvas, x: float, y: float, width: float, tooth: float, colour: str) -> None:
    """Draw a row of merlons standing on y."""
    count = max(2, round((width / tooth + 1) / 2))
    step = (width - tooth) / (count - 1)
    for number in range(count):
        c.rect(x + number * step, y - tooth * 0.9, tooth, tooth, colour)


def castle(c: Canvas, x: float, foot: float, k: float, light: Light, flag: str = BRICK) -> None:
    """Draw the castle of Valbourg around x, standing on `foot`, k times its usual 460 pixels."""
    tower(c, x - 190 * k, foot, 62 * k, 170 * k, 96 * k, light)
    c.rect(x - 165 * k, foot - 96 * k, 350 * k, 96 * k, mix(light.wall, light.shade, 0.35))
    battlements(c, x - 165 * k, foot - 96 * k, 350 * k, 14 * k, mix(light.wall, light.shade, 0.35))
    c.rect(x - 70 * k, foot - 215 * k, 120 * k, 215 * k, light.wall)
    c.rect(x + 8 * k, foot - 215 * k, 42 * k, 215 * k, light.shade)
    c.rect(x - 78 * k, foot - 222 * k, 136 * k, 20 * k, light.shade)
    battlements(c, x - 78 * k, foot - 221 * k, 136 * k, 15 * k, light.shade)
    for column in (-44, -10):
        for row in (178, 132):
            c.rect(x + column * k, foot - row * k, 14 * k, 26 * k, light.window, 5 * k)
    c.poly(
        [*arc(x - 12 * k, foot - 38 * k, 25 * k, 180, 360), (x + 13 * k, foot), (x - 37 * k, foot)],
        mix(light.roof, "#000000", 0.25),
    )
    tower(c, x + 100 * k, foot, 52 * k, 136 * k, 78 * k, light)
    tower(c, x + 192 * k, foot, 74 * k, 190 * k, 112 * k, light)
    c.line([(x - 12 * k, foot - 230 * k), (x - 12 * k, foot - 300 * k)], 3 * k, light.roof)
    c.poly(
        [(x - 10 * k, foot - 299 * k), (x + 38 * k, foot - 287 * k), (x - 10 * k, foot - 273 * k)],
        flag,
    )


def house(
    c: Canvas, x: float, foot: float, width: float, height: float, wall: str, roof: str, window: str
) -> None:
    """Draw a town house seen from the front, with a pitched roof and a chimney."""
    ridge = height * 0.3 + 18
    c.rect(
        x + width * 0.68,
        foot - height - ridge * 0.95,
        width * 0.12,
        ridge * 0.8,
        mix(roof, wall, 0.4),
    )
    c.rect(x, foot - height, width, height, wall)
    c.poly(
        [
            (x - 5, foot - height),
            (x + width * 0.14, foot - height - ridge * 0.8),
            (x + width * 0.86, foot - height - ridge * 0.8),
            (x + width + 5, foot - height),
        ],
        roof,
    )
    columns = max(2, int(width // 36))
    rows = max(1, int(height // 52))
    gap = width / (columns + 0.6)
    for row in range(rows):
        for column in range(columns):
            left = x + gap * (0.42 + column)
            top = foot - height + 16 + row * 50
            c.rect(left, top, gap * 0.46, 28, window)


def terrace(
    c: Canvas,
    start: float,
    end: float,
    foot: float,
    *,
    tall: float = 130,
    walls: tuple[str, ...] = WALLS,
    roof: str = "#8f4a3c",
    window: str = "#5d6b80",
    salt: int = 0,
) -> None:
    """Draw a row of houses from x = start to x = end."""
    x = start
    for number, (wide, high) in enumerate(scatter(60, salt)):
        width = 74 + wide * 62
        if x >= end:
            return
        shade = mix(roof, "#000000", 0.12 * (number % 3))
        house(
            c, x, foot, width, tall * (0.72 + high * 0.5), walls[number % len(walls)], shade, window
        )
        x += width


def fir(c: Canvas, x: float, foot: float, height: float, colour: str, snow: str = "") -> None:
    """Draw a fir tree, with snow on its branches if a colour is given."""
    c.rect(x - height * 0.03, foot - height * 0.1, height * 0.06, height * 0.1, "#4a3528")
    for level in range(4):
        half = height * (0.3 - 0.06 * level)
        low = foot - height * (0.07 + 0.2 * level)
        peak = low - height * 0.36
        c.poly([(x - half, low), (x, peak), (x + half, low)], mix(colour, "#ffffff", 0.05 * level))
        if snow:
            c.poly(
                [
                    (x - half * 0.42, peak + height * 0.15),
                    (x, peak),
                    (x + half * 0.42, peak + height * 0.15),
                    (x + half * 0.16, peak + height * 0.12),
                    (x - half * 0.1, peak + height * 0.17),
                ],
                snow,
            )


def tree(c: Canvas, x: float, foot: float, k: float, leaf: str, trunk: str = "#5b4636") -> None:
    """Draw a round tree, 180 k pixels tall."""
    c.poly(
        [
            (x - 8 * k, foot),
            (x - 5 * k, foot - 100 * k),
            (x + 5 * k, foot - 100 * k),
            (x + 8 * k, foot),
        ],
        trunk,
    )
    shade = mix(leaf, "#0b2030", 0.2)
    for dx, dy, r in ((-34, 96, 36), (34, 100, 38), (0, 136, 46)):
        c.disc(x + dx * k, foot - dy * k, r * k, shade)
    for dx, dy, r in ((-38, 102, 30), (24, 108, 32), (-6, 142, 38)):
        c.disc(x + dx * k, foot - dy * k, r * k, leaf)


def person(
    c: Canvas,
    x: float,
    foot: float,
    k: float,
    coat: str,
    *,
    skin: str = "#e3b08c",
    hair: str = INK,
    legs: str = INK,
) -> None:
    """Draw a standing person, 120 k pixels tall."""
    c.rect(x - 11 * k, foot - 48 * k, 9 * k, 48 * k, legs, 3 * k)
    c.rect(x + 2 * k, foot - 48 * k, 9 * k, 48 * k, legs, 3 * k)
    c.poly(
        [
            (x - 15 * k, foot - 90 * k),
            (x + 15 * k, foot - 90 * k),
            (x + 19 * k, foot - 36 * k),
            (x - 19 * k, foot - 36 * k),
        ],
        coat,
    )
    c.disc(x - 10 * k, foot - 88 * k, 7 * k, coat)
    c.disc(x + 10 * k, foot - 88 * k, 7 * k, coat)
    shade = mix(coat, "#000000", 0.16)
    c.line([(x - 16 * k, foot - 86 * k), (x - 21 * k, foot - 48 * k)], 8 * k, shade)
    c.line([(x + 16 * k, foot - 86 * k), (x + 21 * k, foot - 48 * k)], 8 * k, shade)
    c.disc(x, foot - 108 * k, 12.5 * k, skin)
    c.poly(arc(x, foot - 110 * k, 13.5 * k, 175, 365), hair)


def bridge(
    c: Canvas, start: float, end: float, deck: float, water: float, colour: str, arches: int = 5
) -> None:
    """Draw a stone bridge; its arches are left open down to the water line."""
    shade = mix(colour, "#000000", 0.22)
    span = (end - start) / arches
    pier = span * 0.16
    c.rect(start, deck, end - start, 26, colour)
    c.rect(start, deck - 9, end - start, 9, shade)
    for number in range(arches):
        left = start + number * span
        middle = left + span / 2
        radius = (span - pier) / 2
        tall = min(1.0, (water - deck - 22) / radius)
        top = arc(middle, water, radius, 180, 360, tall)
        c.poly(
            [
                (left, deck + 20),
                (left, water),
                *top,
                (left + span, water),
                (left + span, deck + 20),
            ],
            colour,
        )
        c.line(top, 4, shade)


def garland(
    c: Canvas,
    start: tuple[float, float],
    end: tuple[float, float],
    sag: float,
    bulbs: int,
    colours: tuple[str, ...],
) -> None:
    """Hang a string of light bulbs between two points."""
    points = []
    for step in range(41):
        t = step / 40
        points.append(
            (
                start[0] + (end[0] - start[0]) * t,
                start[1] + (end[1] - start[1]) * t + sag * 4 * t * (1 - t),
            )
        )
    c.line(points, 2, "#0e1830")
    for number in range(bulbs):
        t = (number + 0.5) / bulbs
        x = start[0] + (end[0] - start[0]) * t
        y = start[1] + (end[1] - start[1]) * t + sag * 4 * t * (1 - t) + 7
        colour = colours[number % len(colours)]
        c.glow(x, y, 26, colour, 0.5)
        c.disc(x, y, 6, mix(colour, "#ffffff", 0.35))


def ripples(
    c: Canvas, top: float, bottom: float, colour: str, count: int = 60, salt: int = 0
) -> None:
    """Draw short strokes of light on water, longer towards the viewer."""
    for across, down in scatter(count, salt):
        y = top + (bottom - top) * down**1.3
        length = 24 + 90 * (y - top) / (bottom - top)
        x = across * (c.width + 100) - 50
        c.line([(x, y), (x + length, y)], 2 + 3 * (y - top) / (bottom - top), colour)


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
