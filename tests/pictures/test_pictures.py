"""Pictures by their layout: everything inside, nothing over anything, and pixels that are there."""

from __future__ import annotations

from io import BytesIO
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageColor

from bot.pictures import hits
from bot.pictures import timeline as timelines
from bot.pictures.shapes import DARK, LIGHT, MARGIN, WIDTH, Dot, Mark
from bot.stories.timeline import timeline
from tests.pictures.build import SIX_SCRIPTS, a_backtest, a_link, a_story, stories

if TYPE_CHECKING:
    from bot.model import BackstoryLink, Story
    from bot.pictures.shapes import Layout, Theme
    from bot.topics.backtest import Backtest

LONG = "An extraordinarily long headline that goes on " * 8


def _chained(all_of: list[Story]) -> list[BackstoryLink]:
    return [a_link(later, earlier) for earlier, later in pairwise(all_of)]


def _crowd(count: int, *, days: float) -> list[Story]:
    return [
        a_story(number, f"Story {number} of many", days=(number * 37 % count) * days / count, outlets=1 + number % 6)
        for number in range(1, count + 1)
    ]


CASES = {
    "two stories, months apart": stories("Kim meets Putin", "Putin visits Pyongyang", apart_days=280),
    "six scripts": stories(*SIX_SCRIPTS, apart_days=9),
    "very long headlines": stories(*[f"{number} {LONG}" for number in range(12)], apart_days=0.3),
    "one unbroken word": stories("x" * 300, "語" * 300, "ب" * 300),
    "300 stories in 200 days": _crowd(300, days=200),
    "70 stories in an hour": _crowd(70, days=0.04),
    "five at one moment": stories("a", "b", "c", "d", "e", apart_days=0),
}
every_case = pytest.mark.parametrize("told", [pytest.param(told, id=name) for name, told in CASES.items()])


def _timeline(told: list[Story]) -> Layout:
    return timelines.layout(timeline(told, _chained(told), focus=told[1].id), told[0].headline)


def _check(layout: Layout) -> None:
    boxes = [text.box for text in layout.texts]
    assert all(text.text for text in layout.texts)
    for box in [*boxes, *(dot.box for dot in layout.dots), *(bar.box for bar in layout.bars)]:
        assert box.left >= 0
        assert box.right <= WIDTH - MARGIN + 1
        assert box.top >= 0
        assert box.bottom <= layout.height
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert not any(box.overlaps(dot.box) for box in boxes for dot in layout.dots)


@every_case
def test_a_timeline_has_everything_inside_and_nothing_over_anything(told: list[Story]) -> None:
    layout = _timeline(told)
    _check(layout)
    assert WIDTH <= layout.height <= 2 * WIDTH


@pytest.mark.parametrize("told", [CASES["300 stories in 200 days"], CASES["six scripts"]], ids=["many", "few"])
def test_dots_stand_apart(told: list[Story]) -> None:
    def apart(one: Dot, other: Dot) -> bool:
        return (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= (one.radius + other.radius) ** 2

    assert all(apart(one, other) for one, other in combinations(_timeline(told).dots, 2))


def test_dots_grow_with_outlets_and_shapes_tell_the_roles_apart() -> None:
    told = [a_story(number, "Same", days=number, outlets=number) for number in range(1, 10)]
    dots = sorted(_timeline(told).dots, key=lambda dot: dot.y)
    rings = [dot.radius for dot in dots if dot.mark is Mark.RING]
    assert rings[:-1] == sorted(rings[:-1])  # the last one is the legend's
    assert {dot.mark for dot in dots} == set(Mark)


def test_a_long_silence_is_written_out() -> None:
    layout = _timeline(CASES["two stories, months apart"])
    assert "months" in [text.text for text in layout.texts]
    assert any(stroke.dashed for stroke in layout.strokes)


@pytest.mark.parametrize(
    ("test", "title"),
    [
        pytest.param(a_backtest(*([0, 2, 5] * 10)), "DPRK-Russia arms", id="30 days"),
        pytest.param(a_backtest(*range(400)), "북러 무기 거래", id="400 days, by week"),
        pytest.param(a_backtest(*([1] * 4000)), "عشر سنوات", id="ten years"),
        pytest.param(a_backtest(0, 0, 1), LONG, id="one hit, a long title"),
        pytest.param(a_backtest(1, 1_234_567), "Everything", id="a million"),
        pytest.param(a_backtest(3), "One day", id="one day"),
    ],
)
def test_a_chart_has_everything_inside(test: Backtest, title: str) -> None:
    layout = hits.layout(test, title)
    _check(layout)
    assert 1 <= len(layout.bars) <= 62
    assert all(bar.box.bottom > bar.box.top for bar in layout.bars)


def test_bars_are_as_high_as_their_days() -> None:
    heights = [bar.box.bottom - bar.box.top for bar in hits.layout(a_backtest(2, 4, 0, 8), "x").bars]
    assert [round(height / heights[0], 3) for height in heights] == [1, 2, 4]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_picture_is_a_png_of_that_size_with_ink_on_its_paper_and_the_same_each_time(theme: Theme) -> None:
    shown = timeline(CASES["six scripts"], [])
    data = timelines.draw(shown, "Six scripts", theme=theme)
    assert data == timelines.draw(shown, "Six scripts", theme=theme)
    assert Image.open(BytesIO(data)).convert("RGB").getpixel((0, 0)) == ImageColor.getrgb(theme.paper)
    image = Image.open(BytesIO(data)).convert("L")
    assert image.size == (WIDTH, timelines.layout(shown, "Six scripts").height)
    histogram = image.histogram()
    paper = max(range(256), key=histogram.__getitem__)
    ink = 1 - sum(histogram[max(paper - 8, 0) : paper + 9]) / sum(histogram)
    assert 0.02 < ink < 0.4
    assert len(data) < 300_000
    # Nothing is cut off: the outermost pixels are paper.
    sides = [image.crop((x, 0, x + 1, image.height)).getextrema() for x in (0, WIDTH - 1)]
    assert all(abs(float(value) - paper) < 12 for side in sides for value in side if not isinstance(value, tuple))
