"""What a picture is made of, as values with boxes, and how they become a PNG: lines, dots, bars and lines of text.

A picture is laid out first and drawn after, so that its layout can be checked without looking at pixels. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Final

from bot.pictures import fonts

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH: Final = 1080
"""Pixels; a phone shows a picture at about a third of them."""

MARGIN: Final = 56
_SHARPNESS: Final = 4  # dots are drawn so many times larger and scaled down, for smooth edges
_RING: Final = 4
_RIM: Final = 3
_SHADES: Final = 8  # of each ink
_ASCENT: Final = 0.80  # of the size: how high letters stand, and how deep they hang, in every script here
_DESCENT: Final = 0.26
_DASH: Final = 14


class Ink(StrEnum):
    """What a colour is for; the theme says which it is. No meaning rests on colour alone."""

    TEXT = "text"
    MUTED = "muted"
    LINE = "line"
    PLAIN = "plain"
    ACCENT = "accent"
    FOCUS = "focus"


@dataclass(frozen=True, slots=True)
class Theme:
    """The paper, and the colour of each ink on it."""

    paper: str
    inks: dict[Ink, str]


# Blue and vermilion of the palette by Okabe and Ito, told apart with any kind of colour vision; lighter on dark paper.
LIGHT: Final = Theme(
    "#ffffff",
    {
        Ink.TEXT: "#14181d",
        Ink.MUTED: "#55606c",
        Ink.LINE: "#c9d0d8",
        Ink.PLAIN: "#7c8894",
        Ink.ACCENT: "#0072b2",
        Ink.FOCUS: "#d55e00",
    },
)
DARK: Final = Theme(
    "#12161b",
    {
        Ink.TEXT: "#f1f4f7",
        Ink.MUTED: "#a9b4bf",
        Ink.LINE: "#3b444e",
        Ink.PLAIN: "#8d99a5",
        Ink.ACCENT: "#56b4e9",
        Ink.FOCUS: "#f5893b",
    },
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, from the top left corner of the picture."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; (``x``, ``baseline``) is its left end, or its right end where it is ``flush_right``."""

    x: float
    baseline: float
    text: str
    size: int
    ink: Ink = Ink.TEXT
    bold: bool = False
    flush_right: bool = False

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - (fonts.width(self.text, self.size, bold=self.bold) if self.flush_right else 0)

    @property
    def box(self) -> Box:
        """The room that it takes, letters of any height and depth included."""
        right = self.left + fonts.width(self.text, self.size, bold=self.bold)
        return Box(self.left, self.baseline - _ASCENT * self.size, right, self.baseline + _DESCENT * self.size)


class Mark(StrEnum):
    """The shape of a dot: shapes tell what colours tell."""

    RING = "ring"
    DISC = "disc"
    DIAMOND = "diamond"


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark with its centre and radius."""

    x: float
    y: float
    radius: float
    mark: Mark

    @property
    def box(self) -> Box:
        """The room that it takes."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    start: tuple[float, float]
    end: tuple[float, float]
    thickness: int = 4
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle."""

    box: Box


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture, ``WIDTH`` pixels wide."""

    height: int
    texts: tuple[Text, ...] = ()
    dots: tuple[Dot, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    bars: tuple[Bar, ...] = ()


def png(layout: Layout, theme: Theme = LIGHT) -> bytes:
    """The picture as PNG bytes, the same for the same layout and theme. Raises NoFontError."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only who draws needs Pillow

    image = Image.new("RGB", (WIDTH, layout.height), theme.paper)
    canvas = ImageDraw.Draw(image)
    for stroke in layout.strokes:
        for start, end in _dashes(stroke) if stroke.dashed else [(stroke.start, stroke.end)]:
            canvas.line((*start, *end), fill=theme.inks[Ink.LINE], width=stroke.thickness)
    for bar in layout.bars:
        box = tuple(map(round, (bar.box.left, bar.box.top, bar.box.right, bar.box.bottom)))
        canvas.rectangle(box, fill=theme.inks[Ink.ACCENT])
    for dot in layout.dots:
        _draw_dot(image, dot, theme)
    for text in layout.texts:
        fill = theme.inks[text.ink]
        fonts.draw_line(canvas, (text.left, text.baseline), text.text, size=text.size, fill=fill, bold=text.bold)
    file = BytesIO()
    image.quantize(palette=_palette(theme), dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _palette(theme: Theme) -> Image:
    """The colours of the PNG, for a third of the size: each ink in steps from the paper on, the edges of letters."""
    from PIL import Image, ImageColor  # noqa: PLC0415 - only who draws needs Pillow

    paper = ImageColor.getrgb(theme.paper)
    colours = [
        round(there + (here - there) * step / _SHADES)
        for ink in theme.inks.values()
        for step in range(_SHADES + 1)
        for here, there in zip(ImageColor.getrgb(ink), paper, strict=True)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours)
    return palette


def _draw_dot(image: Image, dot: Dot, theme: Theme) -> None:
    """A mark with smooth edges; a rim of paper sets it off from the line and from its neighbours."""
    inks = theme.inks
    match dot.mark:
        case Mark.RING:
            layers = [(dot.radius, inks[Ink.PLAIN]), (dot.radius - _RING, theme.paper)]
        case Mark.DISC:
            layers = [(dot.radius, theme.paper), (dot.radius - _RIM, inks[Ink.ACCENT])]
        case Mark.DIAMOND:
            layers = [(dot.radius, theme.paper), (dot.radius - _RIM, inks[Ink.FOCUS])]
    for radius, colour in layers:
        _stamp(image, dot, radius, colour)


def _stamp(image: Image, dot: Dot, radius: float, colour: str) -> None:
    """One filled shape, drawn large on a tile of its own: a whole picture drawn large would take 30 MB."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only who draws needs Pillow

    side = 2 * math.ceil(radius) + 2
    large = side * _SHARPNESS
    tile = Image.new("L", (large, large))
    low, middle, high = large / 2 - radius * _SHARPNESS, large / 2, large / 2 + radius * _SHARPNESS
    if dot.mark is Mark.DIAMOND:
        ImageDraw.Draw(tile).polygon((middle, low, high, middle, middle, high, low, middle), fill=255)
    else:
        ImageDraw.Draw(tile).ellipse((low, low, high, high), fill=255)
    mask = tile.resize((side, side), Image.Resampling.BOX)
    image.paste(colour, (round(dot.x - side / 2), round(dot.y - side / 2)), mask)


def _dashes(stroke: Stroke) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The pieces of a dashed line, straight down."""
    x, top, bottom = stroke.start[0], stroke.start[1], stroke.end[1]
    starts = range(int(top), int(bottom), 2 * _DASH)
    return [((x, start), (x, min(start + _DASH, bottom))) for start in starts]
