"""A timeline as a picture: time runs down, a dot a story, larger where more outlets told it, turning points in words.

Rows are as far apart as their words need and as the time between them asks for, so that nothing overlaps; where that
squeezes a long time, the line is dashed and the time is written beside it. Pure: layout first, then PNG bytes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.pictures import fonts
from bot.pictures.shapes import LIGHT, MARGIN, WIDTH, Dot, Ink, Layout, Mark, Stroke, Text, png
from bot.speech import _, ngettext, number
from bot.stories.timeline import Role, in_words, outlets
from bot.text.dates import day, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.pictures.shapes import Theme
    from bot.stories.timeline import Point, Timeline

TITLE_SIZE: Final = 46
HEADLINE_SIZE: Final = 38
SMALL_SIZE: Final = 29
HEADLINE_LINES: Final = 3
FEWER_LINES: Final = 2  # where there are many labels, so that the picture does not grow too tall

_AXIS_X: Final = 176
_LABEL_X: Final = 306
_MANY_LABELS: Final = 6
_SWARM_LEFT: Final = MARGIN
_SWARM_RIGHT: Final = _LABEL_X - 24
_TITLE_LEADING: Final = 60
_HEADLINE_LEADING: Final = 49
_SMALL_LEADING: Final = 42
_ROW_GAP: Final = 40
_LEAST_HEIGHT: Final = WIDTH
_FOOT: Final = 118
_DOT_LEAST: Final = 11.0
_DOT_MOST: Final = 34.0
_DOT_GROWTH: Final = 6.0
_DOT_GAP: Final = 4.0
_BRIEF: Final = timedelta(days=3)  # a span so short needs the hours as well
_SWARM_AIR: Final = 1.5
_RISES: Final = 24  # how many half steps a dot may leave its height for a free place
_LONG_GAP: Final = timedelta(days=14)
_LONG_SHARE: Final = 0.08  # of the whole span
_EMPHASIS: Final = {Role.PLAIN: 1.0, Role.TURN: 1.3, Role.FOCUS: 1.6}  # a diamond fills less of its box than a disc
_MARKS: Final = {Role.PLAIN: Mark.RING, Role.TURN: Mark.DISC, Role.FOCUS: Mark.DIAMOND}


def draw(timeline: Timeline, title: str, *, theme: Theme = LIGHT) -> bytes:
    """The picture as PNG. Raises NoFontError where a headline's script has no font here."""
    return png(layout(timeline, title), theme)


def layout(timeline: Timeline, title: str) -> Layout:
    """Where everything stands. The timeline must not be empty."""
    head = _head(timeline, title)
    labels = _labels(timeline)
    top = head[-1].baseline + 78
    tops, bottom = _stacked(labels, timeline, top)
    spots = [(point, y + SMALL_SIZE * 0.55) for point, y in zip(timeline.labelled, tops, strict=True)]
    dots = _dots(timeline.points, spots)
    notes, strokes = _axis(spots, timeline)
    texts = [text for label, y in zip(labels, tops, strict=True) for text in label.texts(y)]
    legend, legend_dots = _legend(timeline, bottom + 76)
    return Layout(
        height=math.ceil(bottom + _FOOT),
        texts=(*head, *texts, *notes, *legend),
        dots=(*dots, *legend_dots),
        strokes=(*strokes,),
    )


# ---------------------------------------------------------------- words


@dataclass(frozen=True, slots=True)
class _Label:
    """The words of a turning point: small print over its headline."""

    small: str
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return _SMALL_LEADING + _HEADLINE_LEADING * len(self.lines)

    def texts(self, top: float) -> tuple[Text, ...]:
        """The lines, the first one beginning at ``top``."""
        baseline = top + SMALL_SIZE * 0.85
        small = Text(_LABEL_X, baseline, self.small, SMALL_SIZE, Ink.MUTED)
        right = bool(self.lines) and fonts.is_right_to_left(self.lines[0])
        x = WIDTH - MARGIN if right else _LABEL_X
        return small, *(
            Text(x, baseline + 4 + _HEADLINE_LEADING * place, line, HEADLINE_SIZE, flush_right=right)
            for place, line in enumerate(self.lines, start=1)
        )


def _head(timeline: Timeline, title: str) -> tuple[Text, ...]:
    room = WIDTH - 2 * MARGIN
    lines = fonts.wrapped(fonts.drawable(title), TITLE_SIZE, room, lines=2, bold=True)
    right = bool(lines) and fonts.is_right_to_left(lines[0])
    x = WIDTH - MARGIN if right else MARGIN
    texts = [
        Text(x, 96 + _TITLE_LEADING * place, line, TITLE_SIZE, bold=True, flush_right=right)
        for place, line in enumerate(lines)
    ]
    baseline = 96 + _TITLE_LEADING * max(len(lines) - 1, 0) + 54
    return *texts, Text(MARGIN, baseline, fonts.shortened(_span(timeline), SMALL_SIZE, room), SMALL_SIZE, Ink.MUTED)


def _span(timeline: Timeline) -> str:
    count = len(timeline.points) + timeline.left_out
    first, last = day(timeline.points[0].at), day(timeline.points[-1].at)
    span = first if first == last else f"{first} – {last}"
    stories = ngettext("{count} story", "{count} stories", count).format(count=number(count))
    if timeline.left_out:
        stories = _("{stories}, {count} shown").format(stories=stories, count=number(len(timeline.points)))
    return f"{stories} · {span}"


def _labels(timeline: Timeline) -> list[_Label]:
    points = timeline.labelled
    lines = HEADLINE_LINES if len(points) <= _MANY_LABELS else FEWER_LINES
    brief = timeline.points[-1].at - timeline.points[0].at < _BRIEF
    room = WIDTH - MARGIN - _LABEL_X
    labels = []
    for point in points:
        told = point.outlets[0] if len(point.outlets) == 1 else outlets(len(point.outlets))
        facts = (moment(point.at) if brief else day(point.at), fonts.drawable(told), point.why)
        headline = fonts.wrapped(fonts.drawable(point.headline), HEADLINE_SIZE, room, lines=lines)
        small = " · ".join(dict.fromkeys(fact for fact in facts if fact))
        labels.append(_Label(fonts.shortened(small, SMALL_SIZE, room), headline))
    return labels


def _legend(timeline: Timeline, baseline: float) -> tuple[list[Text], list[Dot]]:
    """What the marks mean; only those that are shown."""
    words = {Role.TURN: _("turning point"), Role.FOCUS: _("this story"), Role.PLAIN: _("other story")}
    texts: list[Text] = []
    dots: list[Dot] = []
    x = float(MARGIN)
    for role, meaning in words.items():
        if not any(point.role is role for point in timeline.points):
            continue
        dots.append(Dot(x + 13, baseline - 10, 12 * _EMPHASIS[role] ** 0.5, _MARKS[role]))
        texts.append(Text(x + 38, baseline, meaning, SMALL_SIZE, Ink.MUTED))
        x = texts[-1].box.right + 36
    if any(len(point.outlets) > 1 for point in timeline.points):
        texts.append(Text(x, baseline, _("larger: more outlets"), SMALL_SIZE, Ink.MUTED))
    return texts, dots


# ---------------------------------------------------------------- places


def _stacked(labels: Sequence[_Label], timeline: Timeline, top: float) -> tuple[list[float], float]:
    """Where each label begins, and where the last one ends; what room is left goes to where the most time passes."""
    pairs = list(pairwise(timeline.labelled))
    needed = [
        max(label.height + _ROW_GAP, _swarm_height(earlier, later, timeline))
        for label, (earlier, later) in zip(labels, pairs, strict=False)
    ]
    weights = [1 + math.sqrt((later.at - earlier.at).total_seconds()) for earlier, later in pairs]
    spare = max(_LEAST_HEIGHT - _FOOT - top - sum(needed) - labels[-1].height, 0.0)
    tops = [top]
    for height, weight in zip(needed, weights, strict=True):
        tops.append(tops[-1] + height + spare * weight / sum(weights))
    return tops, tops[-1] + labels[-1].height


def _swarm_height(earlier: Point, later: Point, timeline: Timeline) -> float:
    """How much height the dots between two labels need to stand apart, with some air."""
    between = [point for point in timeline.points if not point.labelled and earlier.at <= point.at < later.at]
    area = sum((2 * _radius(point) + _DOT_GAP) ** 2 for point in between)
    return _SWARM_AIR * area / (_SWARM_RIGHT - _SWARM_LEFT) + 2 * _DOT_MOST if between else 0.0


def _axis(spots: Sequence[tuple[Point, float]], timeline: Timeline) -> tuple[list[Text], list[Stroke]]:
    """The line through the dots; dashed, with the time in words, where a long time passes without a story."""
    texts: list[Text] = []
    strokes = []
    span = timeline.points[-1].at - timeline.points[0].at
    for (earlier, top), (later, bottom) in pairwise(spots):
        passed = later.at - earlier.at
        between = any(earlier.at <= point.at <= later.at for point in timeline.points if not point.labelled)
        long = not between and passed >= max(_LONG_GAP, span * _LONG_SHARE)
        strokes.append(Stroke((_AXIS_X, top), (_AXIS_X, bottom), dashed=long))
        if long:
            middle = (top + bottom) / 2
            words = in_words(passed).split(" ")
            texts += [
                Text(_AXIS_X - 26, middle + place * 34, word, SMALL_SIZE - 3, Ink.MUTED, flush_right=True)
                for place, word in enumerate(words)
            ]
    return texts, strokes


def _dots(points: Sequence[Point], spots: Sequence[tuple[Point, float]]) -> list[Dot]:
    """A dot a story: the turning points on the line, the others at their time beside it, none over another."""
    placed = [Dot(_AXIS_X, y, _radius(point), _MARKS[point.role]) for point, y in spots]
    for point in points:
        if not point.labelled:
            placed.append(_settled(_height_of(point, spots), _radius(point), placed))
    return placed


def _radius(point: Point) -> float:
    least = _DOT_LEAST * _EMPHASIS[point.role]
    return min(least + _DOT_GROWTH * math.sqrt(len(point.outlets) - 1), _DOT_MOST)


def _height_of(point: Point, spots: Sequence[tuple[Point, float]]) -> float:
    """The height that belongs to a point's time, between its neighbours among the turning points."""
    for (earlier, top), (later, bottom) in pairwise(spots):
        if earlier.at <= point.at <= later.at:
            whole = (later.at - earlier.at).total_seconds()
            share = (point.at - earlier.at).total_seconds() / whole if whole else 0.5
            return top + (bottom - top) * share
    return spots[0][1] if point.at < spots[0][0].at else spots[-1][1]


def _settled(y: float, radius: float, placed: Sequence[Dot]) -> Dot:
    """The free place nearest to the line at that height, or a little above or below; the line itself if all is full."""
    step = 2 * _DOT_LEAST + _DOT_GAP
    for rise in range(_RISES):
        for drop in (rise * step / 2, -rise * step / 2):
            for shift in range(10):
                for side in (-1, 1):
                    x = _AXIS_X + side * shift * step / 2
                    if x - radius < _SWARM_LEFT or x + radius > _SWARM_RIGHT:
                        continue
                    if all(math.hypot(x - dot.x, y + drop - dot.y) >= radius + dot.radius + _DOT_GAP for dot in placed):
                        return Dot(x, y + drop, radius, Mark.RING)
    return Dot(_AXIS_X, y, _DOT_LEAST, Mark.RING)
