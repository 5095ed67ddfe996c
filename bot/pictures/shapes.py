"""What a picture is made of, as values with boxes, and how they become a PNG: lines, dots, bars and lines of text.

A picture is laid out first and drawn after, so that its layout can be checked without looking at pixels. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Final

from bot.pictures import fonts

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH: Final = 1080
"""Pixels; a phone shows a picture at about a third of them."""

MARGIN: Final = 56
_SHARPNESS: Final = 2  # shapes are drawn so many times larger and scaled down, for smooth edges
_COLOURS: Final = 128  # in the PNG: enough for text on plain paper, at a third of the size
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

    size = (WIDTH, layout.height)
    large = Image.new("RGB", (size[0] * _SHARPNESS, size[1] * _SHARPNESS), theme.paper)
    _draw_shapes(ImageDraw.Draw(large), layout, theme)
    image = large.resize(size, Image.Resampling.BOX)
    canvas = ImageDraw.Draw(image)
    for text in layout.texts:
        fill = theme.inks[text.ink]
        fonts.draw_line(canvas, (text.left, text.baseline), text.text, size=text.size, fill=fill, bold=text.bold)
    file = BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _draw_shapes(canvas: ImageDraw, layout: Layout, theme: Theme) -> None:
    for stroke in layout.strokes:
        for start, end in _dashes(stroke) if stroke.dashed else [(stroke.start, stroke.end)]:
            canvas.line(_scaled(*start, *end), fill=theme.inks[Ink.LINE], width=stroke.thickness * _SHARPNESS)
    for bar in layout.bars:
        canvas.rounded_rectangle(
            _scaled(bar.box.left, bar.box.top, bar.box.right, bar.box.bottom),
            radius=3 * _SHARPNESS,
            fill=theme.inks[Ink.ACCENT],
            corners=(True, True, False, False),
        )
    for dot in layout.dots:
        _draw_dot(canvas, dot, theme)


def _draw_dot(canvas: ImageDraw, dot: Dot, theme: Theme) -> None:
    x, y, radius = dot.x, dot.y, dot.radius
    around = _scaled(x - radius, y - radius, x + radius, y + radius)
    match dot.mark:
        case Mark.RING:
            canvas.ellipse(around, fill=theme.paper, outline=theme.inks[Ink.PLAIN], width=4 * _SHARPNESS)
        case Mark.DISC:
            canvas.ellipse(around, fill=theme.inks[Ink.ACCENT], outline=theme.paper, width=3 * _SHARPNESS)
        case Mark.DIAMOND:
            corners = _scaled(x, y - radius, x + radius, y, x, y + radius, x - radius, y)
            canvas.polygon(corners, fill=theme.inks[Ink.FOCUS], outline=theme.paper, width=3 * _SHARPNESS)


def _scaled(*values: float) -> tuple[float, ...]:
    return tuple(value * _SHARPNESS for value in values)


def _dashes(stroke: Stroke) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The pieces of a dashed line, straight down."""
    x, top, bottom = stroke.start[0], stroke.start[1], stroke.end[1]
    starts = range(int(top), int(bottom), 2 * _DASH)
    return [((x, start), (x, min(start + _DASH, bottom))) for start in starts]
