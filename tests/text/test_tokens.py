from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import displayable
from bot.text.tokens import _TERMS, index_terms


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        pytest.param(
            "en", "Russia's 11,000 containers of missiles", ("russia", "11000", "contain", "missil"), id="English stems"
        ),
        pytest.param("en", "They won't and didn't", (), id="contractions are stop words"),
        pytest.param(
            "ru", "Россия и КНДР подписали договор", ("росс", "кндр", "подписа", "договор"), id="Russian stems"
        ),
        pytest.param("ru", "ракеты ATACMS", ("ракет", "atacm"), id="a Latin word in a Russian text"),
        pytest.param("uk", "ракети, об'єкт", ("ракета", "обєкт"), id="Ukrainian lemmas and apostrophes"),
        pytest.param("zh", "朝鲜发射2枚", ("朝鲜", "鲜发", "发射", "2", "枚"), id="Chinese pairs"),
        pytest.param("ja", "ミサイル発射", ("ミサ", "サイ", "イル", "ル発", "発射"), id="Japanese pairs"),
        pytest.param("ko", "푸틴 방북, Kim", ("푸틴", "방북", "kim"), id="Korean pairs keep to the word"),
        pytest.param("hi", "दुनिया के लोगों ने", ("दउनइय", "लओग"), id="Hindi words stay whole"),
    ],
)
def test_terms(lang: str, text: str, expected: tuple[str, ...]) -> None:
    assert index_terms(text, lang) == expected


@pytest.mark.parametrize("pair", [("missile", "missiles"), ("supplied", "supplies"), ("Korean", "KOREAN")])
def test_forms_of_a_word_share_a_term(pair: tuple[str, str]) -> None:
    assert index_terms(pair[0], "en") == index_terms(pair[1], "en")


@pytest.mark.parametrize(
    ("lang", "forms"),
    [
        pytest.param("ar", "العقوبات عقوبات بالعقوبات للعقوبات والعقوبات عقوبة العُقُوبَات", id="an Arabic noun"),
        pytest.param("ar", "إيران ايران وإيران إيراني الإيرانية", id="an Arabic name"),
        pytest.param("ar", "شخص شخصا الشخص", id="the accusative"),
        pytest.param("ar", "وزير الوزير", id="a word that begins with the letter of and"),
        pytest.param("ar", "ارتفع ارتفعت وارتفعت", id="an Arabic verb"),
        pytest.param("hi", "लोग लोगों", id="Hindi plurals"),
        pytest.param("hi", "सरकार सरकारें", id="Hindi feminines"),
    ],
)
def test_forms_that_a_language_writes_as_one_word_share_a_term(lang: str, forms: str) -> None:
    assert len({index_terms(form, lang) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        pytest.param("ar", "العراق", "العرب", id="Arabic"),
        pytest.param("ar", "وزارة", "وكالة", id="Arabic, both with the letter of and"),
        pytest.param("hi", "रूस", "रात", id="Hindi"),
        pytest.param("bn", "ভারত", "ভোরের", id="Bengali"),
    ],
)
def test_other_words_keep_terms_of_their_own(lang: str, one: str, other: str) -> None:
    assert len(index_terms(one, lang)) == len(index_terms(other, lang)) == 1
    assert index_terms(one, lang) != index_terms(other, lang)


@given(st.text(), st.sampled_from(["en", "ru", "uk", "ko", "ja", "zh", "ar", "hi", "xx"]))
def test_a_term_is_one_word_to_any_index(text: str, lang: str) -> None:
    for term in index_terms(text, lang):
        assert term
        assert all(char.isalnum() for char in term), term


WRITTEN = st.text(alphabet="ab nt's’1,0 яйї'한국日本タイ.é\u0301-", max_size=40).map(displayable)


@given(WRITTEN, WRITTEN, st.sampled_from(["en", "ru", "uk", "ko", "ja", "fr"]))
def test_the_terms_of_title_and_text_are_those_of_both(title: str, text: str, lang: str) -> None:
    """An entry's parts are read once each: what is indexed must not depend on that."""
    assert index_terms(f"{title}\n{text}", lang) == index_terms(title, lang) + index_terms(text, lang)


def test_more_words_than_are_remembered_are_indexed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"harbours{chr(97 + n % 26)}{chr(97 + n // 26)}x" for n in range(60)]
    texts = [(" ".join(words[at : at + 20]), lang) for lang in ("sv", "da", "no") for at in (0, 20, 40)]
    expected = [index_terms(*each) for each in texts]
    monkeypatch.setattr("bot.text.tokens.TERMS_KEPT", 35)
    _TERMS.clear()
    for each, terms in zip(texts, expected, strict=True):
        assert index_terms(*each) == terms
        assert sum(map(len, _TERMS.values())) <= 35, "of all languages together"
