from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.facts import dates_in, dates_of, names_in, near_figures, numbers_in, numbers_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It shipped 11,000 containers.", {"11000"}, id="thousands"),
        pytest.param("It shipped 11 thousand containers.", {"11000"}, id="scale word"),
        pytest.param("поставили 11 тыс. контейнеров", {"11000"}, id="Russian scale"),
        pytest.param("1.1万の箱", {"11000"}, id="Japanese scale"),
        pytest.param("コンテナ約300個が荷揚げ", {"300"}, id="Japanese within a run of letters"),
        pytest.param("運ばれたコンテナ120個", {"120"}, id="Japanese right behind a letter"),
        pytest.param("7日发射2枚导弹，飞行约700公里", {"2", "700"}, id="Chinese, and a day is no number"),
        pytest.param("1万1000人、1만 2천 명", {"11000", "12000"}, id="numbers of two parts"),
        pytest.param("5천만 달러", {"50000000"}, id="a scale of two parts"),
        pytest.param("3日間と3시간", {"3"}, id="how long is a number"),
        pytest.param("오후 3시 20분, 11일 규모 6.1", {"6.1"}, id="Korean hours and days are none"),
        pytest.param("1,5 Milliarden Euro, 2 Mio Menschen", {"1500000000", "2000000"}, id="German scales"),
        pytest.param("двое погибли, пятеро ранены, четверо зникли", {"2", "4", "5"}, id="people told in one word"),
        pytest.param("F16 and Mi-24", {"24"}, id="a Latin letter makes a digit part of a name"),
        pytest.param("worth $1.5 billion", {"1500000000"}, id="billions with a fraction"),
        pytest.param("Three soldiers and two officers", {"3", "2"}, id="number words"),
        pytest.param("Forty-five dead, twenty hurt", {"45", "20"}, id="tens and units are one number"),
        pytest.param(
            "тридцать один, cuarenta y dos, soixante et onze", {"31", "42", "11"}, id="tens in other languages"
        ),
        pytest.param("twenty, two of them children", {"20", "2"}, id="tens, and then a number of its own"),
        pytest.param("失踪，2.3万人", {"23000"}, id="right behind a full-width comma"),
        pytest.param("화재…12명 대피", {"12"}, id="right behind dots"),
        pytest.param(
            "بقوة ٦٫٤ درجات، ٢٧ قتيلا و١٥٤ جريحا", {"6.4", "27", "154"}, id="Arabic, a word written to a number"
        ),
        pytest.param("12 ألف بحار و3 آلاف", {"12000", "3000"}, id="Arabic thousands"),
        pytest.param("۲ میلیون دلار", {"2000000"}, id="Persian millions"),
        pytest.param("2 लाख रुपये", {"200000"}, id="Hindi hundred thousands"),
        pytest.param("3,5 milhões de euros", {"3500000"}, id="Portuguese millions"),
        pytest.param("version 2.0.1, 5 bins", {"2", "5"}, id="no scale, and no number behind the second point"),
        pytest.param("grew 3.5% to 40", {"3.5", "40"}, id="per cent"),
        pytest.param("On June 18, 2024 at 10:30", set(), id="dates and times are no numbers"),
        pytest.param("no figures here", set(), id="none"),
    ],
)
def test_numbers(text: str, expected: set[str]) -> None:
    assert numbers_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("on June 18, 2024", {"06-18", "2024"}, id="English"),
        pytest.param("on 18 June", {"06-18"}, id="day first"),
        pytest.param("18 июня 2024 года", {"06-18", "2024"}, id="Russian"),
        pytest.param("24 червня", {"06-24"}, id="Ukrainian"),
        pytest.param("6月18日", {"06-18"}, id="Chinese and Japanese"),
        pytest.param("6월 18일", {"06-18"}, id="Korean"),
        pytest.param("于2024年7月3日", {"2024", "07-03"}, id="a Chinese year within a run of letters"),
        pytest.param("2000人", set(), id="a count of people is no year"),
        pytest.param("2024-06-18", {"06-18", "2024"}, id="ISO"),
        pytest.param("in 24 years", set(), id="a span is no date"),
    ],
)
def test_dates(text: str, expected: set[str]) -> None:
    assert dates_in(text) == expected


@pytest.mark.parametrize(
    ("text", "names", "others"),
    [
        pytest.param(
            "He met Kim Jong-un in Pyongyang.", {"kimjongun", "kim", "pyongyang"}, {"he"}, id="inside a sentence"
        ),
        pytest.param(
            "Officials met. Nobody spoke to Kirby.", {"kirby"}, {"officials", "nobody"}, id="openers are no names"
        ),
        pytest.param("John Kirby spoke.", {"johnkirby", "john", "kirby"}, set(), id="a name as opener"),
        pytest.param(
            "Президент Владимир Путин прибыл.", {"владимирпутин", "путин"} - {"владимирпутин"}, {"прибыл"}, id="Russian"
        ),
        pytest.param("プーチン大統領とセルゲイ・ショイグ", {"プーチン", "セルゲイ・ショイグ"}, set(), id="katakana"),
    ],
)
def test_names(text: str, names: set[str], others: set[str]) -> None:
    found = names_in(text)
    assert names <= found
    assert not others & found


@given(st.text())
def test_any_text_has_facts_or_none(text: str) -> None:
    for fact in names_in(text) | numbers_in(text) | dates_in(text):
        assert fact


_SAID = (
    "12 of june, may 5: 2024-06-18 10:30 seven hundred 3 - million two forty five twenty-one treinta y often 6月18日"
    " 1.1万 слово дев'ять 40% june. 7 тыс. 3천만 1만 1천 2024年 コンテナ120個 the market summary xx, yy; zz. 11,000"
)


@given(st.lists(st.sampled_from(_SAID.split()), max_size=40).map(" ".join))
def test_what_stands_near_figures_tells_all_dates_and_numbers(text: str) -> None:
    near = near_figures(text)
    assert (dates_of(near), numbers_of(near)) == (dates_of(text), numbers_of(text))


def test_what_stands_far_from_figures_is_left_out() -> None:
    assert near_figures("a b c d e f 12 g h i j k l").split() == ["e", "f", "12", "g", "h", "i"]
