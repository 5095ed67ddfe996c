"""Subjects that a newsroom asks for by name, and regions: what they find, in whose words, and what they leave alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model import UNSAVED, Entry, Topic
from bot.topics.fold import fold
from bot.topics.lexicon import load
from bot.topics.match import Matcher
from bot.topics.scan import concept_scanner

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def concepts_in(text: str) -> set[str]:
    return {key[1:] for key in concept_scanner(load()).find(fold(text))}


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        pytest.param("prisoner_swap", "Russia and Ukraine exchanged prisoners on Friday", id="swap, en"),
        pytest.param("prisoner_swap", "Россия и Украина провели обмен военнопленными", id="swap, ru"),
        pytest.param("prisoner_swap", "Відбувся обмін полоненими", id="swap, uk"),
        pytest.param("prisoner_swap", "러시아와 우크라이나가 포로 교환에 합의했다", id="swap, ko"),
        pytest.param("prisoner_swap", "Ein Gefangenenaustausch mit Belarus", id="swap, de"),
        pytest.param("martial_law", "윤 대통령이 비상계엄을 선포했다", id="martial law, ko"),
        pytest.param("martial_law", "В стране введено военное положение", id="martial law, ru"),
        pytest.param("martial_law", "La loi martiale est levée", id="martial law, fr"),
        pytest.param("state_of_emergency", "Ecuador's president declared a state of emergency", id="emergency, en"),
        pytest.param("state_of_emergency", "Мэр ввел режим ЧС", id="emergency, ru"),
        pytest.param("state_of_emergency", "El Gobierno decreta el estado de excepción", id="emergency, es"),
        pytest.param("death_penalty", "He was sentenced to death by a Saudi court", id="death penalty, en"),
        pytest.param("death_penalty", "死刑が執行された", id="death penalty, ja"),
        pytest.param("human_trafficking", "Police broke up a people smuggling ring", id="trafficking, en"),
        pytest.param("human_trafficking", "경찰이 인신매매 조직을 적발했다", id="trafficking, ko"),
        pytest.param("money_laundering", "The bank was fined for laundering millions", id="laundering, en"),
        pytest.param("money_laundering", "Razzia wegen Geldwäscheverdachts", id="laundering, de"),
        pytest.param("plane_crash", "Two dead as helicopter crashes near Oslo", id="air crash, en"),
        pytest.param("plane_crash", "Крушение самолета в Актау", id="air crash, ru"),
        pytest.param("plane_crash", "无安国际机场空难", id="air crash, zh"),
        pytest.param("rail_accident", "Freight train derails in Ohio", id="rail, en"),
        pytest.param("rail_accident", "Zug entgleist bei Riedlingen", id="rail, de"),
        pytest.param("blackout", "Spain hit by massive power cut", id="blackout, en"),
        pytest.param("blackout", "Екстрені відключення світла у Києві", id="blackout, uk"),
        pytest.param("undersea_cables", "Finland seizes ship over damaged undersea power cable", id="cables, en"),
        pytest.param("undersea_cables", "台灣海纜再度中斷", id="cables, zh"),
        pytest.param("no_confidence", "French government toppled in no-confidence vote", id="confidence, en"),
        pytest.param("no_confidence", "Une motion de censure est déposée", id="confidence, fr"),
        pytest.param("russian_assets", "EU agrees to use frozen Russian assets for loan", id="assets, en"),
        pytest.param("russian_assets", "Евросоюз обсуждает замороженные российские активы", id="assets, ru"),
        pytest.param("frozen_assets", "Iran asks for its frozen funds", id="frozen funds"),
        pytest.param("shadow_fleet", "Эстония задержала танкер теневого флота", id="fleet, ru"),
        pytest.param("shadow_fleet", "Neue Sanktionen gegen die Schattenflotte", id="fleet, de"),
        pytest.param("asylum", "Protest outside a hotel that houses asylum seekers", id="asylum, en"),
        pytest.param("visas", "US revokes student visas", id="visas, en"),
        pytest.param("visas", "Польща змінює правила видачі віз", id="visas, uk"),
        pytest.param("water_shortage", "Teheran droht akuter Wassermangel", id="water, de"),
        pytest.param("gps_jamming", "GPS signals jammed over the Baltic", id="jamming, en"),
        pytest.param("gps_jamming", "북한이 GPS 교란 신호를 발사했다", id="jamming, ko"),
        pytest.param("gangs", "Haitian gang leader Barbecue", id="gangs, en"),
    ],
)
def test_a_subject_is_found_in_the_words_of_its_news(concept: str, text: str) -> None:
    assert concept in concepts_in(text)


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        pytest.param("visas", "Visa and Mastercard raise their fees", id="a company"),
        pytest.param("gangs", "The Gang of Eight was briefed on the OPEC cartel", id="no criminals"),
        pytest.param("plane_crash", "Markets crash as airlines warn of losses", id="a market"),
        pytest.param("death_penalty", "The company executed its plan", id="a plan"),
        pytest.param("africa", "African American voters in Georgia", id="a people"),
        pytest.param("europe", "Trump speaks in Ohio", id="elsewhere"),
    ],
)
def test_what_only_sounds_like_it_is_left_alone(concept: str, text: str) -> None:
    assert concept not in concepts_in(text)


@pytest.mark.parametrize(
    ("region", "text"),
    [
        pytest.param("africa", "Kenya's president dissolves his cabinet", id="a country"),
        pytest.param("west_africa", "Переворот в Мали", id="a region in the region"),
        pytest.param("southern_africa", "South Africa's coalition holds", id="part of another name"),
        pytest.param("latin_america", "Guatemala extradites a drug lord", id="two steps"),
        pytest.param("gulf_states", "카타르가 중재에 나섰다", id="ko"),
        pytest.param("europe", "Brussels opens a case against Meta", id="the union"),
        pytest.param("balkans", "Сербия отложила выборы", id="ru"),
    ],
)
def test_a_region_is_where_its_countries_are(region: str, text: str) -> None:
    assert region in concepts_in(text)


def test_a_region_makes_no_two_stories_alike() -> None:
    entry = Entry(1, 1, "1", "https://news.example/1", "Floods in Kenya", "", "en", "The Example", NOW)
    matcher = Matcher(load(), [Topic(UNSAVED, 1, "Africa", "@africa", NOW)])
    scan = matcher.scan(entry)
    assert set(scan.concepts) == {"kenya", "flood"}
    assert [match.relevant for match in matcher.match(entry, scan)] == [True]
