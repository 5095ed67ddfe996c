"""Whether the lexicon knows every state: its names, capital, adjectives, leader and news agency."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import yaml
from countrynames.data import DATA

from bot.topics.fold import fold
from bot.topics.lexicon import Role, load
from bot.topics.scan import concept_scanner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CAPITALS_ELSEWHERE: Final = {
    "AG": "St. John's is a name of many towns",
    "GD": "St. George's is a name of many towns",
    "GY": "Georgetown is a name of many towns, and of a university",
}
ADJECTIVES_ELSEWHERE: Final = {
    "CF": "central African may be any of several states",
    "CG": "Congolese is mostly said of the larger Congo",
    "DM": "Dominican is mostly said of the Dominican Republic",
    "GE": "Georgian may be the American state, or an architecture",
}
NAMES_ELSEWHERE: Final = {
    "CG": "콩고 is mostly the larger Congo",
    "GA": "가봉 is also a past form of to go",
    "GH": "가나 is also an ending of questions",
    "GN": "기니 is also an ending of nouns",
    "GU": "괌 is one syllable",
    "IM": "the Isle of Man is not in the news",
    "JE": "저지 and ジャージー are also to block, and clothes",
    "ML": "말리 is also to stop somebody",
    "NR": "나우루 stands in other words",
    "OM": "오만 is also arrogance",
    "SD": "수단 is also a means",
    "TD": "차드 is a part of Richard",
    "TG": "토고 is also an ending of verbs",
    "TO": "통가 is also a house",
}
"""Names that are common words, or other places: the lexicon holds longer forms of them."""

_OURS: Final = re.compile(r"[\uac00-\ud7a3\u3040-\u30ff\u4e00-\u9fff]")
_MISSPELT: Final = re.compile(r" {2}-|肯雅|千里達")


def _states() -> Iterator[list[str]]:
    text = Path(__file__).with_name("states.tsv").read_text("utf-8")
    yield from (line.split("\t") for line in text.splitlines() if not line.startswith("#"))


def _concepts() -> Mapping[str, str]:
    """Concept by territory code."""
    folder = resources.files("bot.topics").joinpath("lexicon_data")
    by_code = {"CD": "drc", "CG": "congo_brazzaville"}
    for name, values in yaml.safe_load(folder.joinpath("countries.yaml").read_text("utf-8")).items():
        by_code.update(dict.fromkeys((code.strip() for code in values.get("cldr", "").split(",")), name))
    labels = {concept.label: name for name, concept in load().concepts.items()}
    for line in folder.joinpath("cldr.tsv").read_text("utf-8").splitlines():
        code, _, rest = line.partition("\t")
        label = rest.partition("\t")[0]
        if label in labels:
            by_code.setdefault(code, labels[label])
    return by_code


CONCEPT_OF: Final = _concepts()


def _knows(code: str, text: str) -> bool:
    return f"@{CONCEPT_OF[code]}" in concept_scanner(load()).find(fold(text))


def _inflected(adjective: str) -> tuple[str, ...]:
    """A Russian or Ukrainian adjective in -кий in three more forms."""
    stem = adjective[:-2]
    endings = ("ого", "ая", "их", "ими") if adjective.endswith("ий") and not adjective.endswith("ький") else ()
    return (adjective, *(stem + ending for ending in endings or ("ого", "а", "их", "ими")))


@pytest.mark.parametrize("row", [pytest.param(row, id=row[0]) for row in _states()])
def test_a_state_has_all_that_the_news_calls_it_by(row: list[str]) -> None:
    code, capital, demonym, adjective_ru, adjective_uk, leader, agency = row
    missing = []
    if code not in CAPITALS_ELSEWHERE and not _knows(code, capital):
        missing.append(capital)
    if code not in ADJECTIVES_ELSEWHERE:
        forms = (demonym, *_inflected(adjective_ru), *_inflected(adjective_uk))
        missing += [form for form in forms if not _knows(code, form)]
    if not _knows(code, leader):
        missing.append(leader)
    supports = [alias for alias in load().concepts[CONCEPT_OF[code]].aliases if alias.role is Role.SUPPORT]
    if agency != "-" and not supports and not _knows(code, agency):
        missing.append(agency)
    assert missing == []


@pytest.mark.parametrize("code", sorted({row[0] for row in _states()} - NAMES_ELSEWHERE.keys()))
def test_a_states_names_in_korean_japanese_and_chinese_are_its_own(code: str) -> None:
    names = [name for name in DATA.get(code, ()) if _OURS.search(name) and not _MISSPELT.search(name)]
    assert [name for name in names if not _knows(code, name)] == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("Hellenic Republic", "GR", id="Greece"),
        pytest.param("Lao People's Democratic Republic", "LA", id="Laos"),
        pytest.param("Swiss Confederation", "CH", id="Switzerland"),
        pytest.param("Kyrgyz Republic", "KG", id="Kyrgyzstan"),
        pytest.param("Hashemite Kingdom", "JO", id="Jordan"),
        pytest.param("Republic of Korea", "KR", id="South Korea"),
        pytest.param("Korea, Democratic People's Republic of", "KP", id="North Korea"),
        pytest.param("Commonwealth of Australia", "AU", id="Australia"),
        pytest.param("Корейская Народно-Демократическая Республика", "KP", id="North Korea, ru"),
        pytest.param("Корейської Народно-Демократичної Республіки", "KP", id="North Korea, uk"),
        pytest.param("Республика Корея", "KR", id="South Korea, ru"),
        pytest.param("Китайской Народной Республики", "CN", id="China, ru"),
        pytest.param("Швейцарской Конфедерации", "CH", id="Switzerland, ru"),
        pytest.param("Соединённое Королевство", "GB", id="United Kingdom, ru"),
        pytest.param("Сполученого Королівства", "GB", id="United Kingdom, uk"),
        pytest.param("중화인민공화국", "CN", id="China, ko"),
        pytest.param("대한민국", "KR", id="South Korea, ko"),
        pytest.param("조선민주주의인민공화국", "KP", id="North Korea, ko"),
        pytest.param("中華人民共和国", "CN", id="China, ja"),
        pytest.param("大韓民国", "KR", id="South Korea, ja"),
        pytest.param("大韩民国", "KR", id="South Korea, zh"),
        pytest.param("République populaire de Chine", "CN", id="China, fr"),
        pytest.param("Volksrepublik China", "CN", id="China, de"),
        pytest.param("República Popular Democrática de Corea", "KP", id="North Korea, es"),
        pytest.param("République populaire démocratique de Corée", "KP", id="North Korea, fr"),
        pytest.param("Demokratische Volksrepublik Korea", "KP", id="North Korea, de"),
        pytest.param("جمهورية كوريا الديمقراطية الشعبية", "KP", id="North Korea, ar"),
        pytest.param("Russische Föderation", "RU", id="Russia, de"),
    ],
)
def test_official_names(name: str, code: str) -> None:
    assert _knows(code, name)


def test_no_alias_is_dead() -> None:
    """An alias that stands alone finds its concept: no exception takes it away, no other name covers it."""
    scanner = concept_scanner(load())
    dead = [
        (concept.name, alias.text)
        for concept in load().concepts.values()
        for alias in concept.aliases
        if alias.role is not Role.SUPPORT and not alias.origin
        if f"@{concept.name}" not in scanner.find(fold(alias.text))
    ]
    assert dead == []


def test_a_leaders_name_is_no_everyday_word() -> None:
    found = concept_scanner(load()).find(fold("A gallant man hit a store."))
    assert {"@norway", "@israel"}.isdisjoint(found)
    assert {"@norway", "@leader_of_norway"} <= set(concept_scanner(load()).find(fold("Støre spoke in Oslo.")))
