"""The data file of agencies and state media, and what goes wrong in it."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.stories.agencies import agencies, is_state_media, known_as, mentioned, named, parse, publishing

GOOD = "- name: Some Wire\n  aliases: [SW]\n  domains: [wire.example]\n  country: GB\n"


def test_no_name_or_site_stands_for_two_agencies() -> None:
    words = Counter(word.rstrip("*") for each in agencies() for word in {each.name, *each.aliases})
    sites = Counter(domain for each in agencies() for domain in each.domains)
    assert [word for word, count in words.items() if count > 1] == []
    assert [site for site, count in sites.items() if count > 1] == []


def test_the_mark_is_given_on_every_side() -> None:
    marked = {each.country for each in agencies() if each.state}
    assert {"KP", "RU", "UA", "CN", "US", "IR", "TR"} <= marked


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(GOOD.replace("country: GB", "country: Britain"), "country", id="country"),
        pytest.param(GOOD + "  colour: red\n", "colour", id="unknown field"),
        pytest.param(GOOD.replace("[SW]", "[1]"), "lists of texts", id="alias that is no text"),
        pytest.param(GOOD + "  state: perhaps\n", "true or false", id="state"),
        pytest.param("- aliases: []\n  domains: []\n  country: GB\n", "name", id="no name"),
    ],
)
def test_a_fault_in_the_file_is_named(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(text)
    assert parse(GOOD)[0].name == "Some Wire"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        pytest.param("Associated Press", "AP", id="en"),
        pytest.param("Интерфаксом", "Interfax", id="ru, inflected"),
        pytest.param("Укрінформу", "Ukrinform", id="uk, inflected"),
        pytest.param("연합뉴스", "Yonhap", id="ko"),
        pytest.param("朝鮮中央通信", "KCNA", id="ja"),
        pytest.param("新华社", "Xinhua", id="zh"),
    ],
)
def test_an_agency_is_known_in_six_languages(words: str, name: str) -> None:
    found = named(words)
    assert found is not None
    assert found.name == name
    assert mentioned(f"x {words} y")


def test_an_outlet_that_is_an_agency_is_known_by_its_site_or_its_name() -> None:
    assert [found.name if found else None for found in (
        publishing("World news", "en.yna.co.kr"),
        publishing("TASS", "feeds.example"),
        publishing("Harbour Wire", "harbour.example"),
        publishing("", "notreuters.com"),
    )] == ["Yonhap", "TASS", None, None]  # fmt: skip
    assert (known_as("Yonhap News"), known_as("Harbour Wire")) == ("Yonhap", "Harbour Wire")


def test_state_media_are_marked_under_any_name_and_others_are_not() -> None:
    assert is_state_media("KCNA")
    assert is_state_media("조선중앙통신")
    assert not is_state_media("Yonhap")
    assert not is_state_media("Harbour Wire")
