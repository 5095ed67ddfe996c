from __future__ import annotations

import pytest

from bot.topics import salience
from bot.topics.fold import fold


def sentences(text: str) -> list[str]:
    folded = fold(text).text
    layout = salience.lay_out(folded, 0)
    ends = [*layout.starts[1:], len(folded)]
    return [folded[start:end].strip() for start, end in zip(layout.starts, ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One. Two! Three?", ["one.", "two!", "three?"], id="plain"),
        pytest.param("The U.S. Navy came. It left.", ["the u.s. navy came.", "it left."], id="initials"),
        pytest.param("Mr. Kim met Gen. Park. They spoke.", ["mr. kim met gen. park.", "they spoke."], id="titles"),
        pytest.param("“Go.” He went.", ["“go.”", "he went."], id="a closing quote"),
        pytest.param("北朝鮮が発射した。日本が非難した。", ["北朝鮮が発射した。", "日本が非難した。"], id="no spaces"),
        pytest.param("One\nTwo", ["one", "two"], id="lines"),
        pytest.param("It grew 3.5 per cent", ["it grew 3.5 per cent"], id="a number"),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_where_things_stand() -> None:
    title, text = "a title", "first sentence. " + "x" * 300 + ". " + "second. third. " * 40
    layout = salience.lay_out(f"{title}\n{text}", len(title))
    assert layout.where(0) == "title"
    assert layout.where(len(title) + 3) == "lead"
    assert layout.where(len(title) + 700) == "text"


def test_more_finds_and_higher_places_weigh_more() -> None:
    layout = salience.Layout(title_end=10, lead_end=100, length=3000, starts=(0, 11, 100))
    once, often = ((2000, 2005),), tuple((at, at + 5) for at in range(2000, 2500, 50))
    lead, title = ((50, 55),), ((2, 7),)
    values = [salience.of_term(spans, layout) for spans in (once, often, lead, title)]
    assert values == sorted(values)
    assert len(set(values)) == 4


def test_a_conjunction_is_held_to_its_weakest_part() -> None:
    assert salience.of_all([1.0, 1.0, 0.1]) < salience.of_all([0.5, 0.5, 0.5])


def test_together_means_one_sentence_and_more_of_them_count_more() -> None:
    layout = salience.Layout(title_end=0, lead_end=10, length=100, starts=(0, 50))
    once = salience.together([[(1, 3)], [(20, 25)]], layout)
    twice = salience.together([[(1, 3), (51, 53)], [(20, 25), (60, 65)]], layout)
    assert 0 < once < twice
    assert salience.together([[(1, 3)], [(60, 65)]], layout) == 0
    assert salience.together([], layout) == 0
