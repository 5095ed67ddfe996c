from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import language
from bot.text.language import detect


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        pytest.param("Путин прибыл в Пхеньян", None, "ru", id="Russian by its letters"),
        pytest.param("Ракети КНДР впали у відкрите море", None, "uk", id="Ukrainian by i"),
        pytest.param("15601 переглядiв статті", "ru", "uk", id="homoglyphs do not hide Ukrainian; the hint was wrong"),
        pytest.param(
            "Министерството представи план за развитие на региона",
            None,
            "bg",
            id="no letter tells: the identifier does",
        ),
        pytest.param("김정은 방러", None, "ko", id="Hangul"),
        pytest.param("北朝鮮がミサイルを発射", "en", "ja", id="kana beat a wrong hint"),
        pytest.param("朝鮮半島情勢", "ja", "ja", id="kanji alone follow the feed"),
        pytest.param("朝鲜发射导弹", None, "zh", id="characters alone are Chinese"),
        pytest.param("両政府、経済対話再開", None, "ja", id="characters that are written so in Japan alone"),
        pytest.param(
            "两国政府宣布重启经济对话，外交部发言人说，" * 3 + "広田昨日抵达",
            None,
            "zh",
            id="a Japanese name in Chinese",
        ),
        pytest.param("北韓發射飛彈", "zh-TW", "zh", id="a tag with a region"),
        pytest.param("Kim Jong Un meets Putin in the far east of Russia", None, "en", id="English"),
        pytest.param("Kim Jong Un reist nach Russland und trifft dort Präsident Putin", None, "de", id="German"),
        pytest.param(
            "Corea del Norte lanza un misil balístico hacia el mar de Japón", "en", "es", id="Spanish, wrong hint"
        ),
        pytest.param("La Corée du Nord tire un missile balistique vers la mer du Japon", None, "fr", id="French"),
        pytest.param("Kim in Wladiwostok", "de", "de", id="short Latin text follows the feed"),
        pytest.param("كوريا الشمالية تطلق صاروخا", None, "ar", id="Arabic"),
        pytest.param("کره شمالی موشک پرتاب کرد", None, "fa", id="Persian"),
        pytest.param(
            '<p class="entry-content" lang="en">КНДР запустила ракету</p>', None, "ru", id="markup is no language"
        ),
        pytest.param(
            "De regering heeft gisteren bekendgemaakt dat die verkiezing hier in november wordt gehouden, als het kan",
            "de",
            "nl",
            id="words that a neighbour shares prove nothing",
        ),
        pytest.param(
            "O Governo anunciou na segunda-feira que as eleições serão realizadas em novembro, e não antes do verão",
            "es",
            "pt",
            id="Portuguese, wrong hint",
        ),
        pytest.param("", "uk", "uk", id="nothing to read"),
        pytest.param(
            "I was there when the minister said that he has no plan for the talks, and I saw him go",
            None,
            "en",
            id="English that says I",
        ),
        pytest.param("12:30 - 14", None, "en", id="no letters and no hint"),
    ],
)
def test_detect(text: str, hint: str | None, expected: str) -> None:
    assert detect(text, hint=hint) == expected


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        pytest.param("de", "Die Regierung will noch nicht sagen, wie sie mit den Folgen der Wahl umgeht", id="German"),
        pytest.param("fr", "Le ministre a dit aux élus que tout sera prêt dans un mois, après les fêtes", id="French"),
        pytest.param("es", "El ministro dijo ayer que los comicios y las obras no tienen fecha aún", id="Spanish"),
    ],
)
def test_a_feed_that_is_right_needs_no_identifier(lang: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{text}. {text}."
    assert detect(text) == lang
    monkeypatch.setattr(language, "_identify", lambda text, _languages: text)
    assert detect(text, hint=lang) == lang
    assert detect(text) != lang


@given(st.text(), st.none() | st.text(max_size=8))
def test_any_text_has_a_language(text: str, hint: str | None) -> None:
    assert detect(text, hint=hint) or not hint
