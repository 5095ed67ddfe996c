from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.searching import Searched, hits, holds, read_search, telling_sentence
from bot.text.tokens import index_terms
from tests.store.stock import new_entry


def _finds(words: str, text: str, lang: str) -> bool:
    """What the index and the check on the text say together."""
    searched = read_search(words, most=12)
    terms = set(index_terms(text, lang))
    in_index = all(not terms.isdisjoint(group) for group in searched.query.all_of)
    entry = new_entry(1, title="", text=text, lang=lang).entry
    return in_index and terms.isdisjoint(searched.query.none_of) and holds(searched, entry)


@pytest.mark.parametrize(
    ("words", "text", "lang", "found"),
    [
        pytest.param("missile", "Two missiles were fired.", "en", True, id="English plural"),
        pytest.param("supplying weapons", "They supplied weapons.", "en", True, id="English verb"),
        pytest.param("снаряд", "Поставки снарядов растут.", "ru", True, id="Russian case"),
        pytest.param("снаряд", "Постачання снарядів зростає.", "uk", True, id="Ukrainian case"),
        pytest.param("북한의", "북한이 미사일을 발사했다.", "ko", True, id="Korean particle"),
        pytest.param("ミサイル", "北朝鮮がミサイルを発射した。", "ja", True, id="Japanese"),
        pytest.param("朝鲜", "朝鲜向俄罗斯运送弹药。", "zh", True, id="Chinese of two letters"),
        pytest.param("عقوبات", "أعلنت الوزارة العقوبات الجديدة.", "ar", True, id="Arabic, the article in the text"),
        pytest.param("والسفن", "أبحرت سفن من سوند.", "ar", True, id="Arabic, article and conjunction in the search"),
        pytest.param("प्रतिबंध", "क्वेर्नोव पर नए प्रतिबंध लगे।", "hi", True, id="Hindi"),
        pytest.param("रात", "रूस ने बात की।", "hi", False, id="another Hindi word"),
        pytest.param("gemi", "Gemiler Sund'dan ayrıldı.", "tr", True, id="Turkish plural"),
        pytest.param("Waffen", "Die Waffe wurde geliefert.", "de", True, id="German plural"),
        pytest.param("arms deal", "An arms race.", "en", False, id="every word must be there"),
        pytest.param('"arms deal"', "The arms deal is done.", "en", True, id="a phrase"),
        pytest.param('"deal of the year"', "The deal of the year.", "en", True, id="a phrase with everyday words"),
        pytest.param("deal of year", "The year's deal.", "en", True, id="everyday words need not be there"),
        pytest.param('"arms deal"', "A deal on arms.", "en", False, id="its words in another order"),
        pytest.param("“arms deal”", "The arms\ndeal is done.", "en", True, id="curly quotes, a line break"),
        pytest.param('"arms deal"', "The arms dealer left.", "en", False, id="a phrase is no prefix"),
        pytest.param('"北朝鮮"', "北朝鮮がミサイルを発射した。", "ja", True, id="a phrase without spaces"),
        pytest.param("arms -football", "Football and arms.", "en", False, id="a word kept out"),
        pytest.param('arms -"peace talks"', "Arms and peace talks.", "en", False, id="a phrase kept out"),
        pytest.param('arms -"peace talks"', "Talks of peace and arms.", "en", True, id="only the phrase is kept out"),
        pytest.param("arms -미사일", "arms 미사일", "ko", False, id="a word of several pairs kept out"),
        pytest.param("arms source:exam", "Arms.", "en", True, id="part of the outlet's name"),
        pytest.param("arms source:tass", "Arms.", "en", False, id="another outlet"),
        pytest.param("Russia's", "The russia thing.", "en", True, id="a possessive"),
        pytest.param("11,000", "More than 11000 containers.", "en", True, id="a grouped number"),
    ],
)
def test_what_a_search_finds(words: str, text: str, lang: str, found: bool) -> None:  # noqa: FBT001 - a table's column
    assert _finds(words, text, lang) is found


def test_a_search_tells_its_parts_apart() -> None:
    searched = read_search('Kim "strategic partnership" -football lang:RU source:TASS the x', most=12)
    assert searched.words == ("Kim", "strategic", "partnership", "the")
    assert (searched.phrases, searched.not_phrases, searched.source) == (("strategic partnership",), (), "tass")
    assert (searched.query.lang, searched.idle) == ("ru", ("x",))


def test_words_beyond_the_most_are_left_out() -> None:
    assert read_search("alpha beta gamma", most=2).words == ("alpha", "beta")


def test_single_letters_are_idle_and_ask_for_nothing() -> None:
    searched = read_search("a I", most=12)
    assert searched.idle == ("a", "I") or not searched.query.all_of


def test_the_telling_sentence_holds_most_of_the_words() -> None:
    searched = read_search("missile Russia", most=12)
    sentences = ("Nothing here.", "A missile flew.", "Russia fired missiles.")
    assert telling_sentence(searched, sentences, "en") == "Russia fired missiles."
    assert telling_sentence(searched, ("Nothing here.",), "en") == ""
    assert hits(searched, "Missiles", "en") == 1


@given(st.text(max_size=200))
def test_any_text_is_understood(text: str) -> None:
    searched = read_search(text, most=12)
    assert isinstance(searched, Searched)
    assert all(group and all(group) for group in searched.query.all_of)
