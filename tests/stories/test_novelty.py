from __future__ import annotations

import pytest

from bot.stories.novelty import whats_new
from tests.stories.build import an_entry, past, print_of

EARLIER = past(
    an_entry(
        1,
        "Kestria ships grain to Moldania",
        "Kestria shipped 10,000 tonnes of grain to Moldania in May, the port of Sund said. "
        "Minister Orlen praised the deal. Ships sail from Sund every week.",
        day=-5,
    ),
    story=1,
)


def new(text: str, lang: str = "en", earlier: tuple[str, str] | None = None) -> tuple[str, ...]:
    entry = an_entry(2, "Grain", text, lang=lang)
    known = past(an_entry(3, *earlier, day=-3)) if earlier else EARLIER
    return whats_new(entry, print_of(entry), [known])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Kestria shipped 11,000 tonnes of grain to Moldania.", 1, id="a new number"),
        pytest.param("Kestria shipped 10,000 tonnes of grain to Moldania in May.", 0, id="told again"),
        pytest.param(
            "The port of Sund said that Kestria had shipped 10 thousand tonnes of grain.",
            0,
            id="the same number in words",
        ),
        pytest.param("Minister Orlen met Admiral Vesk and Governor Tarn in Sund.", 1, id="new names"),
        pytest.param("Last year Kestria shipped 8,000 tonnes of grain to Moldania.", 0, id="background"),
        pytest.param(
            "Investigators seized forged customs papers and arrested the harbour master at dawn.", 1, id="a new act"
        ),
        pytest.param("Ships sail from Sund every week, Minister Orlen said.", 0, id="nothing new"),
        pytest.param("Kestria shipped 12,000 tonnes of grain and", 0, id="cut off"),
        pytest.param("KGA stands for Kestrian Grain Authority of 1922.", 0, id="a definition"),
        pytest.param("", 0, id="no text"),
    ],
)
def test_what_counts_as_new(text: str, expected: int) -> None:
    found = new(text)
    assert len(found) == expected
    assert all(fact.partition(" (earlier:")[0] in text for fact in found)


def test_at_most_three_in_reading_order() -> None:
    text = (
        "Kestria sold 14,000 horses to Belin. A fire in Astor destroyed 35 warehouses. The weather was mild. "
        "Doctors treated 212 sailors for fever. Engineers under Jan Corvo reopened 3 tunnels near Dunmar."
    )
    found = new(text)
    assert len(found) == 3
    assert [text.index(fact) for fact in found] == sorted(text.index(fact) for fact in found)


def test_with_nothing_earlier_nothing_is_new() -> None:
    entry = an_entry(2, "Grain", "Kestria shipped 11,000 tonnes of grain.")
    assert whats_new(entry, print_of(entry), ()) == ()


def test_across_scripts_only_figures_count() -> None:
    russian = ("Зерно", "Кестрия отправила 10 тыс. тонн зерна в Молданию.")
    assert new("Kestria shipped 10,000 tonnes of grain to Moldania.", earlier=russian) == ()
    assert len(new("Kestria shipped 11,000 tonnes of grain to Moldania.", earlier=russian)) == 1
