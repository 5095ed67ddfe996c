"""Who speaks, where only a pronoun says so: named where that is sure, in six languages, and else left alone."""

from __future__ import annotations

import pytest

from bot.stories.speakers import with_speakers


@pytest.mark.parametrize(
    ("lang", "before", "sentence", "shown"),
    [
        pytest.param(
            "en",
            "About it at the briefing stated Deputy Minister Jana Orlen.",
            "According to her, the pact binds.",
            "According to [Jana Orlen], the pact binds.",
            id="en, a title's speaker",
        ),
        pytest.param(
            "ru",
            "Министр обороны Олег Дымов заявил, что договор подписан.",
            "Он добавил, что поставки начнутся в мае.",
            "[Олег Дымов] добавил, что поставки начнутся в мае.",
            id="ru",
        ),
        pytest.param(
            "ru",
            "Официальный представитель ведомства Анна Лескова сообщила о встрече.",
            "Она также отметила роль посредников.",
            "[Анна Лескова] также отметила роль посредников.",
            id="ru, she",
        ),
        pytest.param(
            "uk",
            "Речник відомства Тарас Вільний заявив, що угоду підписано.",
            "Він додав, що поставки почнуться в травні.",
            "[Тарас Вільний] додав, що поставки почнуться в травні.",
            id="uk",
        ),
        pytest.param(
            "ko",
            "이도현 대변인은 19일 협정이 체결됐다고 밝혔다.",
            "그는 5월부터 공급이 시작된다고 덧붙였다.",
            "[이도현 대변인]은 5월부터 공급이 시작된다고 덧붙였다.",
            id="ko",
        ),
        pytest.param(
            "ja",
            "山野報道官は19日、協定が署名されたと述べた。",
            "同報道官は、5月に供給が始まると付け加えた。",
            "[山野報道官]は、5月に供給が始まると付け加えた。",
            id="ja",
        ),
        pytest.param(
            "zh",
            "外交部发言人林岚19日在记者会上表示，协议已经签署。",
            "她还说，供应将于五月开始。",
            "[发言人林岚]还说，供应将于五月开始。",
            id="zh",
        ),
    ],
)
def test_a_speaker_is_named(lang: str, before: str, sentence: str, shown: str) -> None:
    assert with_speakers([before, sentence], lang) == [before, shown]


@pytest.mark.parametrize(
    ("lang", "before", "sentence"),
    [
        pytest.param("en", "Jana Orlen said that it rained.", "She added that it snowed.", id="en, no such opening"),
        pytest.param("ru", "Олег Дымов заявил о договоре.", "Она добавила, что идёт дождь.", id="ru, another person"),
        pytest.param("ru", "Олег Дымов заявил о договоре.", "По его словам, идёт дождь.", id="ru, another case"),
        pytest.param("ru", "Договор подписан.", "Он добавил, что идёт дождь.", id="ru, nobody spoke"),
        pytest.param("uk", "Посли зустріли Тараса Вільного.", "Він додав, що йде дощ.", id="uk, not the subject"),
        pytest.param("ko", "협정이 체결됐다.", "그는 비가 온다고 말했다.", id="ko, nobody spoke"),
        pytest.param("ja", "協定が署名された。", "彼は雨だと述べた。", id="ja, nobody spoke"),
        pytest.param("zh", "协议已经签署。", "他说下雨了。", id="zh, nobody spoke"),
    ],
)
def test_where_there_is_a_doubt_nobody_is_named(lang: str, before: str, sentence: str) -> None:
    assert with_speakers([before, sentence], lang) == [before, sentence]


def test_one_speaker_is_named_in_each_sentence_that_follows() -> None:
    said = ["Олег Дымов заявил о договоре.", "Он добавил, что идёт снег.", "Он отметил, что холодно.", "Снег шёл."]
    assert [each.startswith("[Олег Дымов]") for each in with_speakers(said, "ru")] == [False, True, True, False]
