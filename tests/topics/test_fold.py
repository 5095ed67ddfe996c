from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics.fold import _CLUSTER, _fold_cluster, fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Moscow", "moscow", id="case"),
        pytest.param("Ещё", "еще", id="yo"),
        pytest.param("Türkiye Erdoğan", "turkiye erdogan", id="latin accents"),
        pytest.param("Україна й її", "україна й її", id="ukrainian letters stay"),
        pytest.param("NK\u2013Russia\u00a0ties", "nk russia ties", id="dashes and hard spaces"),
        pytest.param("Kim\u2019s", "kim's", id="apostrophes"),
        pytest.param("Mos\u200bcow\u202e", "moscow", id="invisible characters"),
        pytest.param("ＤＰＲＫ", "dprk", id="full width"),
        pytest.param("ﾛｼｱ", "ロシア", id="half-width katakana"),
        pytest.param("Рoссия", "россия", id="a Latin o in a Russian word"),
        pytest.param("Mоscow", "moscow", id="a Cyrillic o in an English word"),
        pytest.param(unicodedata.normalize("NFD", "Київ 북한"), "київ 북한", id="decomposed"),
    ],
)
def test_folds(text: str, expected: str) -> None:
    assert fold(text).text == expected


@pytest.mark.parametrize(
    ("text", "word", "original"),
    [
        pytest.param("in Mos\u200bcow today", "moscow", "Mos\u200bcow", id="zero width"),
        pytest.param("die Straße nach", "strasse", "Straße", id="longer when folded"),
        pytest.param(unicodedata.normalize("NFD", "é Київ!"), "київ", unicodedata.normalize("NFD", "Київ"), id="NFD"),
        pytest.param("plain Moscow", "moscow", "Moscow", id="plain"),
    ],
)
def test_finds_the_way_back(text: str, word: str, original: str) -> None:
    folded = fold(text)
    start = folded.text.index(word)
    assert folded.original_slice(start, start + len(word)) == original


@given(st.text())
def test_every_place_leads_into_the_original(text: str) -> None:
    folded = fold(text)
    places = [folded.original_span(at, at)[0] for at in range(len(folded.text) + 1)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


@given(st.text(alphabet="abcdеёжіЕН北韓 -'\u200b"))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


def test_what_is_folded_in_stretches_keeps_its_length() -> None:
    """Places in a long text are counted by stretches: a character in one must fold to exactly one."""
    passed = [char for char in map(chr, range(0x11000)) if _CLUSTER.match(char) is None]
    assert len(passed) > 20_000
    assert [char for char in passed if len(_fold_cluster(char)) != 1] == []
