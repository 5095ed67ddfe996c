from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import _ODD, displayable, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Пётр", "петр", id="yo is ye"),
        pytest.param("ＤＰＲＫ ﬁle", "dprk file", id="compatibility forms"),
        pytest.param("STRASSE Straße", "strasse strasse", id="case folding"),
        pytest.param("Py\u200bong\u202eyang\ufeff", "pyongyang", id="invisible characters"),
        pytest.param("переглядi\u0432", "переглядів", id="Latin i in a Ukrainian word"),
        pytest.param("ПУTИН", "путин", id="Latin T in a Russian word"),
        pytest.param("p\u0430ypal", "paypal", id="Cyrillic a in a Latin word"),
        pytest.param("KNDR и НАТО", "kndr и нато", id="words in two scripts side by side"),
        pytest.param("Zürich", "zürich", id="accents stay"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_a_word_whose_foreign_letters_have_no_twin_is_left_alone() -> None:
    assert normalise("wфd") == "wфd"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("  a \t b\u00a0c ", "a b c", id="white space"),
        pytest.param("a\r\nb\rc\u2028d", "a\nb\nc\nd", id="line ends"),
        pytest.param("a\n\n\n\nb", "a\n\nb", id="blank lines"),
        pytest.param("pay\u202elap\u2066\u200b", "paylap", id="bidi overrides"),
        pytest.param("a\x00b\x1bc\x07", "abc", id="control characters"),
        pytest.param("می\u200cرود", "می\u200cرود", id="Persian joiner stays"),
        pytest.param("Tiếng Việt", "Tiếng Việt", id="Vietnamese marks stay"),
        pytest.param("Ёлка «да»", "Ёлка «да»", id="letters stay as written"),
    ],
)
def test_displayable(text: str, expected: str) -> None:
    assert displayable(text) == expected


def test_stacked_marks_are_capped() -> None:
    shown = displayable("Z" + "\u0335" * 40 + "algo")
    assert shown.endswith("algo")
    assert sum(unicodedata.combining(char) > 0 for char in shown) <= 3


@given(st.text())
def test_displayable_hides_nothing_twice(text: str) -> None:
    once = displayable(text)
    assert displayable(once) == once
    assert not any(unicodedata.category(char) == "Cc" for char in once.replace("\n", ""))


@given(st.text())
def test_normalise_survives_any_text(text: str) -> None:
    assert "\u200b" not in normalise(text)


def test_what_is_passed_over_holds_nothing_invisible_and_no_mark() -> None:
    """The quick look that spares most texts a loop must not miss a character that the loop would take out."""
    passed = [char for char in map(chr, range(0x11000)) if _ODD.match(char) is None]
    assert len(passed) > 20_000
    hidden = {"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"}
    assert [char for char in passed if unicodedata.category(char) in hidden and char not in "\n\t"] == []


@given(st.text())
def test_normalise_takes_out_what_nobody_sees_wherever_it_stands(text: str) -> None:
    seen = [char for char in normalise(text) if unicodedata.category(char) in {"Cf", "Cs", "Co", "Cn"}]
    assert seen == [] or text.isascii()
