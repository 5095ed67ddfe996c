from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from handlers import wording
from tests.handlers.told import NOW


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param([], "", id="none"),
        pytest.param(["a"], "a", id="one"),
        pytest.param(["a", "b"], "a and b", id="two"),
        pytest.param(["a", "b", "c"], "a, b and c", id="three"),
    ],
)
def test_lists_read_as_people_say_them(words: list[str], said: str) -> None:
    assert wording.listed(words) == said


def test_counts_agree_with_their_noun() -> None:
    assert [wording.stories(0), wording.stories(1), wording.entries(1204)] == ["0 stories", "1 story", "1,204 entries"]
    assert wording.feeds(2) == "2 feeds"


def test_fresh_is_told_as_ago_and_older_as_a_day() -> None:
    assert wording.when(NOW - timedelta(minutes=3), NOW) == "3 min ago"
    assert wording.when(NOW - timedelta(days=3), NOW) == "17 Jun 2024"


@given(st.text(), st.integers(1, 20))
def test_clipped_text_keeps_to_its_cap(text: str, chars: int) -> None:
    clipped = wording.clip(text, chars)
    assert len(clipped) <= chars
    assert clipped == text or clipped.endswith("…")


@pytest.mark.parametrize(
    ("query", "column", "lines"),
    [
        pytest.param("a & | b", 4, "a & | b\n    ^", id="in the middle"),
        pytest.param("(a", 2, "(a\n  ^", id="at the end"),
        pytest.param("북한 &", 3, "북한 &\n     ^", id="wide letters take two columns"),
        pytest.param("x" * 50 + "!" + "y" * 50, 50, f"…{'x' * 30}!{'y' * 29}…\n{' ' * 31}^", id="a long query is cut"),
        pytest.param("a", 99, "a\n ^", id="a column past the end"),
    ],
)
def test_the_caret_stands_under_the_fault(query: str, column: int, lines: str) -> None:
    assert wording.pointed_at(QueryError("?", query=query, column=column)) == lines
