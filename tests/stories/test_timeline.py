from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.timeline import LABELS, POINTS, Role, Timeline, in_words, timeline
from tests.pictures.build import a_link, a_story, stories


def _turning(shown: Timeline) -> list[str]:
    return [point.headline for point in shown.points if point.role is Role.TURN]


def test_stories_stand_in_order_of_time() -> None:
    told = stories("one", "two", "three")
    assert [point.headline for point in timeline(told[::-1], []).points] == ["one", "two", "three"]


def test_first_and_newest_are_turning_points_and_say_so() -> None:
    shown = timeline([a_story(number, str(number), days=number) for number in range(1, 5)], [])
    assert [(point.headline, point.why) for point in shown.points if point.role is Role.TURN] == [
        ("1", "the first known"),
        ("4", "the newest"),
    ] or _turning(shown)[0] == "1"
    assert shown.points[-1].why == "the newest"


@pytest.mark.parametrize(
    ("outlets", "links", "days", "why"),
    [
        pytest.param(9, 0, 5.0, "9 outlets", id="told by many"),
        pytest.param(1, 5, 5.0, "5 follow-ups", id="continued by many"),
    ],
)
def test_what_stands_out_is_a_turning_point(outlets: int, links: int, days: float, why: str) -> None:
    told = [a_story(number, str(number), days=number) for number in range(1, 13)]
    told[4] = a_story(5, "5", days=days, outlets=outlets)
    shown = timeline(told, [a_link(told[5 + place], told[4]) for place in range(links)])
    point = next(point for point in shown.points if point.headline == "5")
    assert (point.role, point.why) == (Role.TURN, why)


def test_the_first_word_after_a_long_silence_is_a_turning_point() -> None:
    told = [a_story(number, str(number), days=number + 90 * (number > 6)) for number in range(1, 13)]
    point = timeline(told, []).points[6]
    assert (point.role, point.why) == (Role.TURN, "after 3 months of silence")


def test_the_story_asked_about_is_always_shown_and_marked() -> None:
    told = [a_story(number, str(number), days=number, outlets=1 + number % 7) for number in range(1, 200)]
    shown = timeline(told, [], focus=101)
    assert [point.headline for point in shown.points if point.role is Role.FOCUS] == ["101"]
    assert next(point for point in shown.points if point.headline == "101").labelled


def test_an_archived_article_of_no_story_is_a_point_of_its_own_once() -> None:
    one, two, three = stories("one", "two", "three")
    article = replace(a_link(two, one), past_story_id=None, url="https://example.org/old", headline="old")
    shown = timeline([two, three], [article, replace(article, story_id=three.id)])
    assert [(point.headline, point.story_id) for point in shown.points] == [("old", None), ("two", 2), ("three", 3)]
    assert shown.points[0].why in {"the first known", "2 follow-ups"}


def test_turning_points_are_spread_over_time() -> None:
    rush = [a_story(number, f"rush {number}", days=number / 24, outlets=6) for number in range(1, 31)]
    slow = [a_story(100 + number, f"slow {number}", days=20 * number, outlets=3) for number in range(1, 7)]
    turning = _turning(timeline([*rush, *slow], []))
    assert sum(name.startswith("slow") for name in turning) >= len(turning) // 2


@given(
    days=st.lists(st.floats(0, 1000, allow_nan=False), max_size=90),
    outlets=st.integers(1, 9),
    focus=st.none() | st.integers(1, 90),
)
def test_any_stories_make_a_timeline_within_its_bounds(days: list[float], outlets: int, focus: int | None) -> None:
    told = [a_story(number, str(number), days=day, outlets=outlets) for number, day in enumerate(days, start=1)]
    shown = timeline(told, [], focus=focus)
    assert len(shown.points) == min(len(told), POINTS)
    assert len(shown.points) + shown.left_out == len(told)
    assert [point.at for point in shown.points] == sorted(point.at for point in shown.points)
    assert min(len(told), 2) <= len(shown.labelled) <= LABELS
    assert all(point.labelled for point in shown.points if point.role is not Role.PLAIN)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        pytest.param(timedelta(minutes=20), "1 hour", id="less than an hour"),
        pytest.param(timedelta(hours=7), "7 hours", id="hours"),
        pytest.param(timedelta(days=2), "2 days", id="days"),
        pytest.param(timedelta(weeks=5), "5 weeks", id="weeks"),
        pytest.param(timedelta(days=280), "9 months", id="months"),
        pytest.param(timedelta(days=800), "2 years", id="years"),
    ],
)
def test_spans_in_words(span: timedelta, words: str) -> None:
    assert in_words(span) == words
