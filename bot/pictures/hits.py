"""A backtest's hits by day as a bar chart, legible on a phone. Pure: layout first, then PNG bytes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.pictures import fonts
from bot.pictures.shapes import LIGHT, MARGIN, WIDTH, Bar, Box, Ink, Layout, Stroke, Text, png
from bot.speech import _, ngettext, number
from bot.text.dates import day, short_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.pictures.shapes import Theme
    from bot.topics.backtest import Backtest

TITLE_SIZE: Final = 46
SMALL_SIZE: Final = 29

_HEIGHT: Final = 760
_TITLE_LEADING: Final = 60
_MOST_BARS: Final = 62
_BAR_SHARE: Final = 0.76  # of a bar's room; the rest parts it from the next
_LEAST_BAR: Final = 3.0
_GRID_LINES: Final = 4
_DATES: Final = 4
_WEEK: Final = 7
_FLAT: Final = 6.0  # the least height of a bar: one hit must be seen beside a thousand


@dataclass(frozen=True, slots=True)
class _Bars:
    """The hits, a bar each ``days`` days, the first from ``first`` on."""

    counts: tuple[int, ...]
    days: int
    first: datetime


def draw(test: Backtest, title: str, *, theme: Theme = LIGHT) -> bytes:
    """The picture as PNG. Raises NoFontError where the title's script has no font here."""
    return png(layout(test, title), theme)


def layout(test: Backtest, title: str) -> Layout:
    """Where everything stands."""
    bars = _grouped(test)
    head = _head(test, title, bars.days)
    scale = _scale(max(bars.counts, default=0))
    widest = max(fonts.width(f"{value:,}", SMALL_SIZE) for value in scale)
    plot = Box(MARGIN + widest + 20, head[-1].baseline + 64, WIDTH - MARGIN, _HEIGHT - 108)
    grid, numbers = _grid(plot, scale)
    return Layout(
        height=_HEIGHT,
        texts=(*head, *numbers, *_dates(plot, bars)),
        strokes=grid,
        bars=_drawn(plot, bars.counts, scale[-1]),
    )


def _grouped(test: Backtest) -> _Bars:
    """The days as they are, or so many weeks together that there are not too many bars."""
    counts = test.by_day
    weeks = 0 if len(counts) <= _MOST_BARS else math.ceil(len(counts) / (_WEEK * _MOST_BARS))
    days = weeks * _WEEK or 1
    grouped = tuple(sum(counts[start : start + days]) for start in range(0, len(counts), days))
    return _Bars(grouped, days, test.span.since.astimezone(UTC))


def _head(test: Backtest, title: str, days: int) -> tuple[Text, ...]:
    room = WIDTH - 2 * MARGIN
    lines = fonts.wrapped(fonts.drawable(title), TITLE_SIZE, room, lines=2, bold=True)
    right = bool(lines) and fonts.is_right_to_left(lines[0])
    x = WIDTH - MARGIN if right else MARGIN
    texts = [
        Text(x, 96 + _TITLE_LEADING * place, line, TITLE_SIZE, bold=True, flush_right=right)
        for place, line in enumerate(lines)
    ]
    weeks = days // _WEEK
    unit = {1: _("Hits a day"), _WEEK: _("Hits a week")}.get(days)
    unit = unit or ngettext("Hits in {count} week", "Hits in {count} weeks", weeks).format(count=weeks)
    hits = ngettext("{count} hit", "{count} hits", test.hits).format(count=number(test.hits))
    said = ngettext("{hits} in {count} story", "{hits} in {count} stories", test.stories)
    found = said.format(hits=hits, count=number(test.stories))
    words = f"{unit} · {found} · {day(test.span.since.date())} – {day(test.span.until.date())}"
    baseline = 96 + _TITLE_LEADING * max(len(lines) - 1, 0) + 54
    return *texts, Text(MARGIN, baseline, fonts.shortened(words, SMALL_SIZE, room), SMALL_SIZE, Ink.MUTED)


def _scale(most: int) -> tuple[int, ...]:
    """Round numbers from 0 to at least ``most``, few enough to read."""
    step = 1
    while step * _GRID_LINES < most:
        # 1, 2, 5, 10, 20, 50 ...
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return tuple(range(0, step * max(math.ceil(most / step), 1) + 1, step))


def _grid(plot: Box, scale: Sequence[int]) -> tuple[tuple[Stroke, ...], list[Text]]:
    strokes = []
    numbers = []
    for value in scale:
        y = plot.bottom - (plot.bottom - plot.top) * value / scale[-1]
        strokes.append(Stroke((plot.left, y), (plot.right, y), thickness=4 if value == 0 else 2))
        numbers.append(
            Text(plot.left - 20, y + SMALL_SIZE * 0.36, f"{value:,}", SMALL_SIZE, Ink.MUTED, flush_right=True)
        )
    return tuple(strokes), numbers


def _drawn(plot: Box, counts: Sequence[int], top: int) -> tuple[Bar, ...]:
    room = (plot.right - plot.left) / max(len(counts), 1)
    wide = max(room * _BAR_SHARE, _LEAST_BAR)
    bars = []
    for place, count in enumerate(counts):
        if count:
            left = plot.left + room * place + (room - wide) / 2
            high = max((plot.bottom - plot.top) * count / top, _FLAT)
            bars.append(Bar(Box(left, plot.bottom - high, left + wide, plot.bottom)))
    return tuple(bars)


def _dates(plot: Box, bars: _Bars) -> list[Text]:
    """A few dates under the bars that they belong to, the first and the last among them, none over another."""
    count = len(bars.counts)
    places = sorted({round(step * (count - 1) / (_DATES - 1)) for step in range(_DATES)})
    room = (plot.right - plot.left) / max(count, 1)
    texts: list[Text] = []
    for place in places:
        label = short_day(bars.first + timedelta(days=place * bars.days))
        wide = fonts.width(label, SMALL_SIZE)
        x = min(max(plot.left + room * (place + 0.5) - wide / 2, plot.left), WIDTH - MARGIN - wide)
        if not texts or x > texts[-1].box.right + SMALL_SIZE:
            texts.append(Text(x, plot.bottom + 48, label, SMALL_SIZE, Ink.MUTED))
    return texts
