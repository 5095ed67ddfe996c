"""What a backtest found, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.topics.backtest import Backtest, Span
from handlers.figures import in_text
from tests.handlers.told import NOW


@pytest.mark.parametrize(
    ("hits", "days", "said"),
    [
        pytest.param(1, 31, "1 hit (<0.1 a day)", id="seldom"),
        pytest.param(2, 31, "2 hits (0.1 a day)", id="now and then"),
        pytest.param(45, 30, "45 hits (1.5 a day)", id="daily"),
    ],
)
def test_hits_a_day_are_never_none_where_there_are_some(hits: int, days: int, said: str) -> None:
    span = Span(NOW - timedelta(days=days), NOW)
    test = Backtest(span, 100, hits, 0, 1, (hits,), None, (), ())
    assert in_text(test).startswith(f"{said} in 1 story: about")
