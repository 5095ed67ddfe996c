"""Counts that grow while an event goes on, and what they say of two tellings."""

from __future__ import annotations

import pytest

from bot.stories.group import find_story
from bot.stories.likeness import Comparer
from bot.stories.tolls import SENTENCES, tolls_of
from tests.stories.build import an_entry, background, past, print_of, statistics


@pytest.mark.parametrize(
    ("lang", "sentence", "tolls"),
    [
        pytest.param("en", "At least 12 people were killed in Sund.", {"12"}, id="the dead"),
        pytest.param("en", "Twenty-seven people died and 60 were wounded.", {"27", "60"}, id="in words"),
        pytest.param("en", "Divers found 11 bodies; nine are still missing.", {"11", "9"}, id="found and missing"),
        pytest.param("en", "Measles cases rise to 1,180.", {"1180"}, id="the sick"),
        pytest.param("en", "Police detained 57 people.", {"57"}, id="the arrested"),
        pytest.param("ru", "Число погибших выросло до 22, ранен 51 человек.", {"22", "51"}, id="Russian"),
        pytest.param("uk", "Кількість загиблих зросла до дев'яти.", {"9"}, id="Ukrainian, in words"),
        pytest.param("de", "Zahl der Toten steigt auf 31.", {"31"}, id="German"),
        pytest.param("fr", "Le bilan monte à 82 morts.", {"82"}, id="French"),
        pytest.param("es", "Suman 36 muertos.", {"36"}, id="Spanish"),
        pytest.param("pt", "Sobe para 27 o número de mortos.", {"27"}, id="Portuguese"),
        pytest.param("tr", "Can kaybı 27'ye yükseldi.", {"27"}, id="Turkish"),
        pytest.param("ar", "ارتفاع حصيلة الضحايا إلى ٢٧ قتيلا.", {"27"}, id="Arabic"),
        pytest.param("fa", "شمار کشته‌شدگان به ۲۷ نفر رسید.", {"27"}, id="Persian"),
        pytest.param("hi", "मरने वालों की संख्या 27 हुई, 80 घायल।", {"27", "80"}, id="Hindi"),
        pytest.param("ko", "사망자가 131명으로 늘었다.", {"131"}, id="Korean"),
        pytest.param("ja", "地震の死者は8人に増えた。", {"8"}, id="Japanese"),
        pytest.param("zh", "事故死亡人数升至17人。", {"17"}, id="Chinese"),
        pytest.param("en", "A magnitude 6.4 earthquake killed three people.", {"3"}, id="no measure of strength"),
        pytest.param("en", "Ships carried 300 containers to the port.", set(), id="what is counted once and for all"),
        pytest.param("en", "Rates rose to 4 percent.", set(), id="rates"),
        pytest.param("de", "Die Bank senkt die Zinsen um 2 Punkte.", set(), id="a German article"),
        pytest.param("fi", "Ainakin 12 ihmistä kuoli.", set(), id="a language that is not known"),
    ],
)
def test_tolls(lang: str, sentence: str, tolls: set[str]) -> None:
    assert tolls_of(sentence, (), lang) == tolls
    assert tolls_of("", (sentence,), lang) == tolls


def test_what_stands_far_down_is_detail() -> None:
    filler = ("The square was empty.",) * SENTENCES
    assert tolls_of("In Sund", (*filler, "In 1990 a fire killed 87 people."), "en") == frozenset()


FIRST = ("Missile hits market in Kestria, 12 killed", "At least 12 people were killed when a missile hit a market.")


@pytest.mark.parametrize(
    ("title", "text", "against"),
    [
        pytest.param("Market attack: toll rises", "The number of dead has risen to 27.", False, id="a toll that rose"),
        pytest.param("Market attack", "Forty were wounded, 3 of them children.", False, id="another toll"),
        pytest.param("Market attack", "The missile was one of 40 that flew that night.", True, id="another number"),
        pytest.param("Market attack", "All 12 dead have been named.", False, id="the same toll"),
    ],
)
def test_only_numbers_that_are_no_tolls_speak_against_one_event(title: str, text: str, *, against: bool) -> None:
    first = an_entry(1, FIRST[0], f"{FIRST[1]} It was one of 55 launched.")
    other = an_entry(2, title, text)
    comparer = Comparer(other, print_of(other), statistics([past(first)]), [past(first)])
    assert (comparer.compare(first, print_of(first)).miscount > 0) == against


RISING = [
    (
        "Missile strike on Kharkiv market kills 12",
        "At least 12 people were killed when a missile hit a market in Kharkiv on Tuesday morning, the governor said.",
    ),
    (
        "Death toll in Kharkiv market attack rises to 19",
        "Rescuers pulled seven more bodies from the ruins of a market in Kharkiv, bringing the number of dead to 19.",
    ),
    (
        "27 dead, dozens hurt after strike on Ukrainian market",
        "Twenty-seven people died and more than 60 were wounded in the strike on a market in Kharkiv, officials said.",
    ),
]
ELSEWHERE = (
    "Glide bombs hit Zaporizhzhia apartment block, 19 dead",
    "Nineteen people were killed when glide bombs hit an apartment block in Zaporizhzhia, local officials said.",
)


def test_an_event_whose_toll_rises_stays_one_story() -> None:
    archive = background()
    stories: list[int] = []
    for number, telling in enumerate((*RISING, ELSEWHERE), 1):
        entry = an_entry(number, *telling, day=number / 12)
        found = find_story(entry, print_of(entry), archive, statistics(archive)).same
        stories.append(found.story_id if found and found.story_id else number)
        archive = [*archive, past(entry, story=stories[-1])]
    assert stories == [1, 1, 1, 4]
