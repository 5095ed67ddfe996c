"""Datelines go for any outlet's name; text that only looks a little like one stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.datelines import telling_sentences, without_dateline


@pytest.mark.parametrize(
    ("dateline", "text"),
    [
        pytest.param("SUND, Kestria, July 22, 2025 /KWNewswire/ -- ", "Kestrel today announced.", id="a press release"),
        pytest.param("SUND (Kestrel Wire) - ", "The ministry signed.", id="place and outlet"),
        pytest.param("SUND, Kestria (KW) — ", "The ministry signed.", id="place, land and outlet"),
        pytest.param("SUND, June 19 (Kestrel Wire) -- ", "Kestria signed.", id="place, day and outlet"),
        pytest.param("東京（海鳥）18日、", "首相は会談した。", id="Japanese, outlet and day"),
        pytest.param("غزة/سالم ماجد/النورس ", "قال الوزير إن السفن وصلت.", id="Arabic, a reporter between slashes"),
        pytest.param("Сунд, 18 июня - Kestrel. ", "Министр прибыл.", id="Russian, an outlet in Latin letters"),
        pytest.param("Sund (Kestrel Wire) – ", "The ministry signed.", id="place in small letters"),
        pytest.param("(Kestrel Wire) – ", "The ministry signed.", id="outlet alone"),
        pytest.param("June 18 (Kestrel Wire) - ", "Kestria Corp. gained 3%.", id="day and outlet, no place"),
        pytest.param("18 juin (Kestrel) - ", "Le groupe a gagné.", id="French, no place"),
        pytest.param("New Sund, Jun 18 (KWN) ", "Kestria signed.", id="initials in brackets, no dash"),
        pytest.param("Súnd, 18 jun (KWN).- ", "El ministerio firmó.", id="Spanish"),
        pytest.param("Сунд. 18 июня. KESTREL.RU - ", "Министерство молчит.", id="Russian, an address"),
        pytest.param("Сунд. 18 июня. КВН. ", "Министерство молчит.", id="Russian, initials"),
        pytest.param("(KWN)", "The ministry signed.", id="initials without a dash"),
        pytest.param("SUND, Kestria — ", "“We signed,” the minister said.", id="no outlet, then a quotation"),
        pytest.param("DUNMAR: ", "Kestria on Monday signed. “We shall see,” Orlen said.", id="place and a colon"),
        pytest.param("NEW SUND, June 19: ", "Kestria signed.", id="two words, a day and a colon"),
        pytest.param("KESTREL-NEWS ", "The ministry signed.", id="outlet glued to the text"),
        pytest.param("SUND, 18. Juni (kw) - ", "Das Ministerium unterschrieb.", id="German"),
        pytest.param("СУНД, 19 июня /КВ/. ", "Министерство подписало договор.", id="Russian, slashes"),
        pytest.param("СУНД, 19 июн — Вести Сунда. ", "Министерство подписало договор.", id="Russian, a sentence"),
        pytest.param("СУНД, 19 июн — Вечерний вестник. ", "Министерство молчит.", id="Russian, a paper"),
        pytest.param("СУНД, 19 июня — ", "Орлен прилетел. Все спали.", id="Russian, then a short sentence"),
        pytest.param("СУНД. 19 червня. КВ. ", "Міністерство підписало угоду.", id="Ukrainian"),
        pytest.param("[순드=나루뉴스] 홍길동 기자 = ", "부처가 협정에 서명했다.", id="Korean, brackets"),
        pytest.param("(순드=나루뉴스) 홍길동 특파원 = ", "부처가 협정에 서명했다.", id="Korean, parentheses"),
        pytest.param("(순드=나루뉴스) ", "부처가 협정에 서명했다.", id="Korean, no reporter"),
        pytest.param("(순드 6월 18일발 나루통신)", "부처가 협정에 서명했다.", id="Korean, of the North"),
        pytest.param("スンド（ＫＷＮ） ", "省は協定に署名した。", id="Japanese, initials"),
        pytest.param("سوند (الأفق) - ", "وقعت الوزارة الاتفاق.", id="Arabic, brackets"),
        pytest.param("【スンド共同】", "省は協定に署名した。", id="Japanese"),
        pytest.param("［スンド　１９日　汐見］ - ", "省は協定に署名した。", id="Japanese, full width"),
        pytest.param("Updated: ", "Kestria signed on Monday.", id="brought up to date"),
        pytest.param("Срочно: ", "Кестрия подписала договор.", id="Russian, urgent"),
        pytest.param("Деталі: ", "Міністерство підписало угоду.", id="Ukrainian, what a paragraph is"),
        pytest.param("सुंद, 3 मार्च (नदी वार्ता)। ", "जहाज़ पहुँच गए।", id="Hindi, a sentence of its own"),
        pytest.param("नया सुंद, 12 जून (नदी) ", "जहाज़ पहुँच गए।", id="Hindi"),
        pytest.param("سوند - الأفق: ", "وقعت الوزارة الاتفاق.", id="Arabic"),
        pytest.param("【北京时间】", "外交部签署了协议。", id="Chinese"),
        pytest.param("远帆社北京6月19日电（记者 张三）", "外交部签署了协议。", id="Chinese wire"),
        pytest.param("（海鸥日报讯）", "外交部签署了协议。", id="Chinese paper in brackets"),
        pytest.param("本报讯（记者 张三）", "外交部签署了协议。", id="Chinese paper"),
    ],
)
def test_datelines_go(dateline: str, text: str) -> None:
    assert without_dateline(dateline + text) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Jan Orlen (김정은) — the minister — said so.", id="an aside"),
        pytest.param("KAPO – the alliance – said so.", id="initials with an aside"),
        pytest.param("ORLEN: We will win, and you will see it.", id="a speaker"),
        pytest.param("أورلن: سنفوز قريبا.", id="an Arabic speaker"),
        pytest.param("KWN: Kestria has won.", id="initials and a colon"),
        pytest.param("(Orlen) said so.", id="an inserted name"),
        pytest.param("Kestrel 11 (KWN): The crew is safe.", id="a number that is no day"),
        pytest.param("世界保健機関（KWO）は発表した。", id="ja, what initials stand for"),
        pytest.param("[The] minister said so.", id="an inserted article"),
        pytest.param("Orlen said on June 19 - the day of the vote - that he had signed.", id="a dash in a sentence"),
        pytest.param("KAPO-Kestria talks began.", id="a compound"),
        pytest.param("Updated rules: ships pay less in Sund.", id="a word before the colon"),
        pytest.param("Иван Орлов (Кестрия) - министр.", id="Russian has no 'is'"),
        pytest.param("「署名した」と大臣は述べた。", id="a Japanese quotation"),
        pytest.param("《条约》签署了。", id="a Chinese title"),
        pytest.param("СССР распался в 1991 году.", id="Russian initials"),
        pytest.param("(Kestrel Wire) – ", id="nothing but a dateline"),
        pytest.param("東京（港区）で18日、会談した。", id="Japanese, a ward"),
        pytest.param("Сунд, 18 июня - Президент. Встреча прошла.", id="Russian, no outlet"),
    ],
)
def test_text_stays(text: str) -> None:
    assert without_dateline(text) == text


def test_each_paragraph_has_its_own() -> None:
    text = "SUND (Kestrel Wire) - The ministry signed. It was late.\nDUNMAR (Kestrel Wire) - Rain fell."
    assert telling_sentences(text, "en") == ("The ministry signed.", "It was late.", "Rain fell.")


@given(st.text(max_size=200))
def test_only_a_beginning_ever_goes(text: str) -> None:
    rest = without_dateline(text)
    assert text.endswith(rest)
    assert bool(rest) == bool(text)
