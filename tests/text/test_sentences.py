from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import split_sentences


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        pytest.param("en", ["He met Mr. Smith at 9:00 p.m. ET on Friday.", "Nobody spoke."], id="a time with its zone"),
        pytest.param("en", ["He came at 9 p.m.", "Everyone slept."], id="a time at the end"),
        pytest.param("en", ["It sank at 9 p.m. Sunday off Sund.", "By 7 a. m. Feb. 1 it was gone."], id="and its day"),
        pytest.param("en", ["It ends at 8 p.m. Moscow time.", "Nobody came."], id="a city's time"),
        pytest.param("en", ["The Wham! singer sang.", "Guess? shares fell.", "Why?", "Why not?"], id="a name's mark"),
        pytest.param("ru", ["По данным INTERFAX.RU, вырос спрос.", "Цены тоже."], id="an address in capitals"),
        pytest.param("en", ["The U.S. Senate voted.", "The U.N. met."], id="initialisms"),
        pytest.param("en", ["Lt. Gen. Kim left.", "He was late."], id="ranks"),
        pytest.param("en", ["Resolution No. 1718 stands.", "Nothing changed."], id="a number after No."),
        pytest.param("en", ["“We go!” she said.", "They went."], id="a quotation and who said it"),
        pytest.param(
            "en", ['"We are not worried. We are concerned," Kirby said.', "He left."], id="a quotation of two sentences"
        ),
        pytest.param("ru", ["Об этом сказал В. В. Путин.", "«Мы идем!» — сказал он.", "Все ушли."], id="Russian"),
        pytest.param("en", ['"Sail!" Orlen wrote on Monday.', "Nobody sailed."], id="a name behind an exclamation"),
        pytest.param("en", ["“Why now?” Jan Orlen asked.", "“Nobody knows!”"], id="a name behind a question"),
        pytest.param("en", ["“It is over.”", "Orlen said so on Monday."], id="a name behind a full stop"),
        pytest.param("en", ["It sank approx. 40 miles off at 12 pct. of its price.", "It is lost."], id="shortened"),
        pytest.param("ru", ["Так решила канцелярия премьер-министра Б. Орлова.", "Он молчит."], id="Russian initial"),
        pytest.param("uk", ["«Пливемо!» — сказав В. Орленко.", "Усі пливли."], id="Ukrainian initial"),
        pytest.param("ru", ["В Сундской обл. утонули 5 тыс. чел. за год.", "Прибыл ген. Орлов."], id="Russian, short"),
        pytest.param(
            "ru", ["Это стоит 5 млн руб.", "Об этом сообщил мэр.", "Так было в 2023 г. Орлов ушел."], id="руб."
        ),
        pytest.param("uk", ["Дали 5 млн грн.", "Про це повідомив мер.", "У 2023 р. В. Орленко пішов."], id="грн."),
        pytest.param("fr", ["M. Orlen a vu Mme. Sund.", "Il est parti."], id="French titles"),
        pytest.param("fr", ["Avec J.-L. Orlen est venu N. Sund.", "Le plan B.", "Il est parti."], id="French initials"),
        pytest.param("es", ["J. Orlen y A. Sund hablan.", "Hay un plan B.", "El rey calla."], id="Spanish initials"),
        pytest.param(
            "de",
            ["Im 2. Quartal verlor der 1. FC Sund.", "Im 1. und 2. Halbjahr auch.", "Er ist 45.", "Sie auch."],
            id="German ordinals",
        ),
        pytest.param("ar", ["قال د. محمد إنه وصل.", "في عام 2024 م. وصل الوفد."], id="Arabic titles"),
        pytest.param("de", ["Das schrieb Orlen auf X.", "Die Suche dauere an."], id="German, the network X"),
        pytest.param("fr", ["Il l'a écrit sur X.", "Orlen a répondu."], id="French, the network X"),
        pytest.param("de", ["Die Zahl ist auf 27 gestiegen.", "154 Menschen wurden verletzt."], id="a German count"),
        pytest.param("de", ["„Die Zahl ist gestiegen. 154 Menschen leiden“, sagte Orlen."], id="in a German quotation"),
        pytest.param("de", ["Orlen kam am 3. März mit inkl. 20 Schiffen und J. Sund an."], id="no end in German"),
        pytest.param("hi", ["डॉ. शर्मा ने बात की।", "वह लौटे।"], id="Hindi"),
        pytest.param("ja", ["北朝鮮は「遺憾だ。許さない。」と述べた。", "金氏は訪問した。"], id="Japanese quotation"),
        pytest.param("ja", ["U.S.スチールは否定した。", "株価は上がった。"], id="initials within Japanese"),
        pytest.param(
            "ja", ["県が発表した。", "3人が「逃げた。2人だ。」と話した。", "18日だ。"], id="ja, digits open sentences"
        ),
        pytest.param("zh", ["已致10人遇难。", "18日11时（北京。8时），3人失联。"], id="zh, digits open sentences"),
        pytest.param("zh", ["“真的吗？”记者问。", "“我们不会退让！”", "他还说，会谈将继续。"], id="Chinese quotations"),
        pytest.param("ko", ['그는 "끝났다. 이겼다."라고 말했다.', "모두 떠났다."], id="Korean quotation"),
        pytest.param("ko", ["조선중앙통신이 보도했다.", "푸틴 대통령은 방문한다고 말했다."], id="Korean"),
    ],
)
def test_sentences(lang: str, sentences: list[str]) -> None:
    joined = "" if lang in {"ja", "zh"} else " "
    assert split_sentences(joined.join(sentences), lang) == tuple(sentences)


def test_a_line_break_ends_a_sentence() -> None:
    assert split_sentences("A heading\nThe text begins.", "en") == ("A heading", "The text begins.")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_no_letter_is_lost(text: str) -> None:
    kept = "".join("".join(split_sentences(text, "en")).split())
    assert kept == "".join(text.split())
