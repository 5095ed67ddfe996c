from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NoFontError
from bot.pictures import fonts
from bot.pictures.coverage import Coverage, read_coverage
from tests.pictures.build import SIX_SCRIPTS

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 38
ROOM = 718


@pytest.mark.parametrize("headline", SIX_SCRIPTS)
def test_every_script_of_the_product_has_a_font(headline: str) -> None:
    assert fonts.drawable(headline) == headline
    assert fonts.width(headline, SIZE) > len(headline) * SIZE / 4


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        pytest.param("🚀 Launch ☎️ seen 🇺🇦", "Launch ☎ seen", id="emoji; a sign of a font stays, without its colour"),
        pytest.param("a\u200bb\u202e c", "ab c", id="hidden and reordering characters"),
        pytest.param("two\n lines\t here", "two lines here", id="one line"),
        pytest.param("e\u0301lan", "élan", id="a composed letter"),
    ],
)
def test_what_no_picture_needs_is_left_out(text: str, drawn: str) -> None:
    assert fonts.drawable(text) == drawn


@pytest.mark.parametrize(
    ("text", "script", "found"),
    [
        pytest.param("Bangkok: ประเทศไทย", "Thai", None, id="no font"),
        pytest.param(
            "Delhi: नई दिल्ली", "Devanagari", fonts.Face("a.ttf"), id="letters that join, and nothing joins them"
        ),
    ],
)
def test_a_script_that_cannot_be_drawn_is_named(
    monkeypatch: pytest.MonkeyPatch, text: str, script: str, found: fonts.Face | None
) -> None:
    monkeypatch.setattr(fonts, "_system_face", lambda _: found)
    with pytest.raises(NoFontError) as caught:
        fonts.drawable(text)
    assert caught.value.script == script


@pytest.mark.parametrize("headline", SIX_SCRIPTS)
@pytest.mark.parametrize("lines", [1, 2, 3])
def test_wrapped_lines_fit_and_say_what_the_text_says(headline: str, lines: int) -> None:
    wrapped = fonts.wrapped(headline, SIZE, ROOM, lines=lines)
    assert 1 <= len(wrapped) <= lines
    assert all(fonts.width(line, SIZE) <= ROOM for line in wrapped)
    rest = headline
    for line in wrapped:
        rest = rest.strip()
        assert rest.startswith(line.removesuffix("…") if line is wrapped[-1] else line)
        rest = rest[len(line) :]


@given(text=st.text(alphabet="abc АБВ 日本。、（） 한국어 longer", max_size=200), lines=st.integers(1, 4))
def test_any_text_wraps_to_lines_that_fit(text: str, lines: int) -> None:
    wrapped = fonts.wrapped(text, 40, 300, lines=lines)
    assert len(wrapped) <= lines
    assert all(fonts.width(line, 40) <= 300 for line in wrapped)


def test_words_stay_whole_and_no_line_begins_with_a_closing_sign() -> None:
    assert fonts.wrapped("Kim meets Putin at Vostochny cosmodrome", SIZE, 420, lines=3) == (
        "Kim meets Putin at",
        "Vostochny",
        "cosmodrome",
    )
    japanese = fonts.wrapped("大統領が北朝鮮を訪問、金正恩氏と会談。条約に署名（ロイター通信）", SIZE, 300, lines=9)
    assert all(line[0] not in "、。）" for line in japanese)


def test_arabic_is_joined_and_runs_from_the_right() -> None:
    shaped = fonts.shaped("قال كيم (2024)")
    assert shaped.startswith("(2024)")
    assert all("\ufb50" <= char <= "\ufeff" for char in shaped if char.isalpha())
    assert fonts.is_right_to_left("«قال» Kim")
    assert not fonts.is_right_to_left("2024: Kim قال")


def test_a_file_that_is_no_font_covers_nothing(tmp_path: Path) -> None:
    (tmp_path / "torn.ttf").write_bytes(b"\x00\x01\x00\x00\x00\xff" + b"cmap" * 3)
    assert "a" not in read_coverage(tmp_path / "torn.ttf")
    assert "a" not in read_coverage(tmp_path / "absent.ttf")


def test_coverage_is_a_set_of_ranges() -> None:
    coverage = Coverage((65, 97), (90, 122))
    assert all(char in coverage for char in "AZaz")
    assert not any(char in coverage for char in "@[`{\u00e9")
