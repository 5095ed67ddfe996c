"""What is kept of a field that a stranger has filled in."""

from __future__ import annotations

import pytest

from bot.feeds.fields import absolute, keepable, one_line
from bot.text.markup import plain_text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("lamps\fnext", "lamps next", id="form feed"),
        pytest.param("lamps\x0bnext", "lamps next", id="vertical tab"),
        pytest.param("lamps\x85next", "lamps next", id="next line"),
        pytest.param("la\x00mps\x07", "lamps", id="others part nothing"),
        pytest.param("two\nlines", "two\nlines", id="lines stay"),
    ],
)
def test_what_parts_lines_parts_words(text: str, kept: str) -> None:
    assert keepable(text, limit=99) == kept
    assert one_line(text, limit=99) == " ".join(kept.split())


def test_no_address_gets_a_space() -> None:
    """One that was stored before stays the same."""
    assert absolute("https://sund.example/a\x0cb\x85c", "") == "https://sund.example/abc"


def test_markup_keeps_words_apart_as_well() -> None:
    assert plain_text("<p>lamps\fnext <b>la\x00mps</b></p>")[0].strip() == "lamps next lamps"
