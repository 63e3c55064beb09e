"""A small drawing surface for flat, poster-like scenes: Pillow only, the same bytes every time.

Coordinates are those of the finished picture, in pixels, from the top left corner. Everything is
drawn larger and reduced at the end, which is what smooths the edges. A colour is `"#rrggbb"` or
`"#rrggbbaa"`.
"""

# Drawing calls read best as x, y, size, colour, in that order; a scene is one long list of them.
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

Point = tuple[float, float]

OVERSAMPLING = 2


def scatter(count: int, salt: int = 0) -> Iterator[tuple[float, float]]:
    """Yield `count` pairs in [0, 1), well spread and always the same: no random numbers here."""
    for number in range(count):
        yield (
            (0.5 + (number + salt * 7) * 0.7548776662466927) % 1,
            (0.5 + (number + salt * 13) * 0.5698402909980532) % 1,
        )


def mix(first: str, second: str, share: float) -> str:
    """Return the colour that lies `share` (0 to 1) of the way from `first` to `second`."""
    one, two = ImageColor.getrgb(first)[:3], ImageColor.getrgb(second)[:3]
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"


class Canvas:
    """One picture being drawn, `width` by `height` pixels; `flat` if it has few colours."""

    def __init__(self, width: int = 1600, height: int = 900, *, flat: bool = False) -> None:
        self.width, self.height, self.flat = width, height, flat
        self.image = Image.new("RGB", (width * OVERSAMPLING, height * OVERSAMPLING))
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    def _scaled(self, points: Iterable[Point]) -> list[Point]:
        return [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]

    def gradient(self, top: float, bottom: float, *colours: str) -> None:
        """Fill the band from `top` to `bottom` with a vertical blend of two or more colours."""
        first, last = round(top * OVERSAMPLING), round(bottom * OVERSAMPLING)
        steps = len(colours) - 1
        for y in range(first, last):
            place = (y - first) / max(1, last - first - 1) * steps
            index = min(int(place), steps - 1)
            colour = mix(colours[index], colours[index + 1], place - index)
            self._draw.line([(0, y), (self.width * OVERSAMPLING, y)], fill=colour)

    def rect(
        self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0
    ) -> None:
        """Fill a rectangle given by its top left corner and its size, with rounded corners."""
        box = self._scaled([(x, y), (x + width, y + height)])
        flat = (*box[0], box[1][0] - 1, box[1][1] - 1)
        if radius:
            self._draw.rounded_rectangle(flat, radius * OVERSAMPLING, fill=colour)
        else:
            self._draw.rectangle(flat, fill=colour)

    def poly(self, points: Sequence[Point], colour: str) -> None:
        """Fill a polygon."""
        self._draw.polygon(self._scaled(points), fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str, tall: float = 1) -> None:
        """Fill a disc around (x, y); `tall` stretches it vertically."""
        box = self._scaled([(x - radius, y - radius * tall), (x + radius, y + radius * tall)])
        self._draw.ellipse((*box[0], *box[1]), fill=colour)

    def ring(self, x: float, y: float, radius: float, width: float, colour: str) -> None:
        """Draw a circle, `width` pixels thick, whose outer edge is `radius` away."""
        box = self._scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.ellipse(
            (*box[0], *box[1]), outline=colour, width=max(1, round(width * OVERSAMPLING))
        )

    def line(self, points: Sequence[Point], width: float, colour: str) -> None:
        """Draw a broken line with rounded ends and joints."""
        thick = max(1, round(width * OVERSAMPLING))
        scaled = self._scaled(points)
        self._draw.line(scaled, fill=colour, width=thick, joint="curve")
        if thick > 4:
            for x, y in (scaled[0], scaled[-1]):
                self._draw.ellipse(
                    (x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=colour
                )

    def below(self, edge: Callable[[float], float], colour: str, bottom: float = 0) -> None:
        """Fill everything under the curve y = edge(x), down to `bottom` (default: the foot)."""
        foot = bottom or self.height
        top = [(float(x), edge(x)) for x in range(0, self.width + 8, 8)]
        self.poly([*top, (self.width, foot), (0, foot)], colour)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 0.6) -> None:
        """Let light of `colour` shine around (x, y), strongest (0 to 1) in the middle."""
        side = round(radius * 2 * OVERSAMPLING)
        mask = ImageChops.invert(Image.radial_gradient("L"))
        # The corners of Pillow's gradient are black only beyond the inscribed circle: cut them.
        mask = mask.point(lambda level: round(max(0, (level - 75) / 180) ** 1.6 * 255 * strength))
        mask = mask.resize((side, side), Image.Resampling.BICUBIC)
        where = (round((x - radius) * OVERSAMPLING), round((y - radius) * OVERSAMPLING))
        self.image.paste(ImageColor.getrgb(colour)[:3], where, mask)

    def soften(self, top: float, bottom: float, radius: float) -> None:
        """Blur the band from `top` to `bottom`: mist, or what lies under water."""
        box = (
            0,
            round(top * OVERSAMPLING),
            self.width * OVERSAMPLING,
            round(bottom * OVERSAMPLING),
        )
        band = self.image.crop(box).filter(ImageFilter.GaussianBlur(radius * OVERSAMPLING))
        self.image.paste(band, box)

    def mirror(self, line: float, depth: float, tint: str, share: float) -> None:
        """Reflect what stands above y = `line` into `depth` pixels of water, tinted by `share`."""
        scale = OVERSAMPLING
        box = (0, round((line - depth) * scale), self.width * scale, round(line * scale))
        band = self.image.crop(box).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        band = band.filter(ImageFilter.BoxBlur(3 * scale))
        water = Image.new("RGB", band.size, tint)
        self.image.paste(Image.blend(band, water, share), (0, round(line * scale)))

    def save(self, path: Path) -> None:
        """Reduce the picture to its size and write it: JPEG, or PNG by the name's ending."""
        path.parent.mkdir(parents=True, exist_ok=True)
        image = self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        if path.suffix == ".png":
            if self.flat:
                image = image.quantize(128, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            image.save(path, optimize=True)
        else:
            image.save(path, quality=82, optimize=True, progressive=True)


def arc(
    x: float, y: float, radius: float, start: float, end: float, tall: float = 1
) -> list[Point]:
    """Return points along an arc, from `start` to `end` degrees, clockwise from the right."""
    steps = max(8, round(abs(end - start) / 4))
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(x + radius * math.cos(a), y + radius * tall * math.sin(a)) for a in angles]
