"""A name is new once in a span of time, and what is over is forgotten."""

from __future__ import annotations

from bot.chats.lately import Lately


def test_a_name_has_an_age_until_the_span_is_over() -> None:
    now_s = [100.0]
    lately = Lately(10.0, clock=lambda: now_s[0])
    ages = []
    for at_s, name in (
        (100.0, "a"),
        (101.0, "b"),
        (109.5, "a"),
        (110.0, "a"),
        (110.5, "b"),
        (111.0, "b"),
        (112.0, "a"),
    ):
        now_s[0] = at_s
        ages.append(lately.age_s(name))
    assert ages == [None, None, 9.5, None, 9.5, None, 2.0]
