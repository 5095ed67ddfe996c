from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.stories.novelty import figure_alone, whats_new
from bot.text.sentences import split_sentences
from tests.stories.build import an_entry, past, print_of

EARLIER = past(
    an_entry(
        1,
        "Kestria ships grain to Moldania",
        "Kestria shipped 10,000 tonnes of grain to Moldania in May, the port of Sund said. "
        "Minister Orlen praised the deal. Ships sail from Sund every week.",
        day=-5,
    ),
    story=1,
)


def new(text: str, lang: str = "en", earlier: tuple[str, str] | None = None) -> tuple[str, ...]:
    entry = an_entry(2, "Grain", text, lang=lang)
    known = past(an_entry(3, *earlier, day=-3)) if earlier else EARLIER
    return whats_new(entry, print_of(entry), [known])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Kestria shipped 11,000 tonnes of grain to Moldania.", 1, id="a new number"),
        pytest.param("Kestria shipped 10,000 tonnes of grain to Moldania in May.", 0, id="told again"),
        pytest.param(
            "The port of Sund said that Kestria had shipped 10 thousand tonnes of grain.",
            0,
            id="the same number in words",
        ),
        pytest.param("Minister Orlen met Admiral Vesk and Governor Tarn in Sund.", 1, id="new names"),
        pytest.param("Last year Kestria shipped 8,000 tonnes of grain to Moldania.", 0, id="background"),
        pytest.param(
            "Investigators seized forged customs papers and arrested the harbour master at dawn.", 1, id="a new act"
        ),
        pytest.param("Ships sail from Sund every week, Minister Orlen said.", 0, id="nothing new"),
        pytest.param("Kestria shipped 12,000 tonnes of grain and", 0, id="cut off"),
        pytest.param("KGA stands for Kestrian Grain Authority of 1922.", 0, id="a definition"),
        pytest.param("In July 2022 Kestria shipped 9,000 tonnes of grain to Belin.", 0, id="dated background"),
        pytest.param("Last year Orlen fell ill. He spent 14 weeks in Dunmar.", 0, id="what leans on background"),
        pytest.param("Jan Corvo, the spokesman for the port, repeated the stance.", 0, id="an attribution, repeated"),
        pytest.param("This is stated in a joint statement, reports Sund Radio.", 0, id="an attribution alone"),
        pytest.param("“We saw Admiral Vesk and Governor Tarn in Dunmar,” he said.", 0, id="a quotation"),
        pytest.param("Moldania rests. Admiral Vesk met Governor Tarn in Dunmar last week.", 0, id="of last week"),
        pytest.param("Admiral Vesk met Governor Tarn in Dunmar last week.", 1, id="an opening of last week"),
        pytest.param("Kestria denied that it ships grain to Moldania.", 1, id="a denial"),
        pytest.param("", 0, id="no text"),
    ],
)
def test_what_counts_as_new(text: str, expected: int) -> None:
    found = new(text)
    assert len(found) == expected
    assert all(fact.partition(" (earlier:")[0] in text for fact in found)


LONG = (
    "which had for many years opposed each and every one of the changes to the rules on grain that ships bring to Sund"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"At noon in Astor the union of sailors of Belin sued 14 harbours, {LONG}.",
            "At noon in Astor the union of sailors of Belin sued 14 harbours",
            id="a clause at the end goes",
        ),
        pytest.param(
            f"At noon in Astor the union of sailors of Belin, {LONG}, sued 14 harbours.",
            f"At noon in Astor the union of sailors of Belin, {LONG}, sued 14 harbours.",
            id="a clause in the middle stays: behind it stands who did what",
        ),
        pytest.param(
            "At noon in Astor the union of sailors of Belin sued 14 harbours, including those of ships that go to "
            "Sund, to the mouth of the river Aras, or to any other port that sells grain.",
            "At noon in Astor the union of sailors of Belin sued 14 harbours",
            id="a list at the end goes",
        ),
        pytest.param(
            "At noon in Astor the union of sailors of Belin sued 14 harbours, among them: the harbour of Sund at the "
            "mouth of the river Aras; the harbour of Torvik in the north; the old harbour of Oske.",
            "At noon in Astor the union of sailors of Belin sued 14 harbours, among them: the harbour of Sund at the "
            "mouth of the river Aras; the harbour of Torvik in the north; the old harbour of Oske.",
            id="a list behind a colon stays whole",
        ),
    ],
)
def test_a_long_fact_is_cut_back_to_what_stands_alone(text: str, expected: str) -> None:
    said = text.replace("sued 14 harbours", "grew")
    assert new(text, earlier=("Sailors of Belin", said)) == (expected,)


def test_a_long_fact_is_not_cut_behind_a_name_that_waits_for_its_verb() -> None:
    text = (
        "Before 14 masters of harbours in Astor, in the far north, Mr. Orlen, who had opposed the changes to the rules "
        "on grain for many years, praised the port of Sund for its sailors and the weekly ships."
    )
    assert new(text) == (text,)


@pytest.mark.parametrize(
    ("earlier", "text", "lang"),
    [
        pytest.param("Кестрия отправила Молдании зерно.", "Кестрия опровергла, что отправила зерно.", "ru", id="ru"),
        pytest.param("Кестрія відправила Молданії зерно.", "Кестрія спростувала, що відправила зерно.", "uk", id="uk"),
        pytest.param(
            "케스트리아가 몰다니아에 곡물을 보냈다.", "케스트리아는 곡물을 보냈다는 것을 부인했다.", "ko", id="ko"
        ),
    ],
)
def test_the_first_denial_is_news(earlier: str, text: str, lang: str) -> None:
    assert new(text, lang, ("Grain", earlier)) == (text,)
    assert new(text, lang, ("Grain", f"{earlier} {text}")) == ()


def test_at_most_three_in_reading_order() -> None:
    text = (
        "Kestria sold 14,000 horses to Belin. A fire in Astor destroyed 35 warehouses. The weather was mild. "
        "Doctors treated 212 sailors for fever. Engineers under Jan Corvo reopened 3 tunnels near Dunmar."
    )
    found = new(text)
    assert len(found) == 3
    assert [text.index(fact) for fact in found] == sorted(text.index(fact) for fact in found)


def test_with_nothing_earlier_nothing_is_new() -> None:
    entry = an_entry(2, "Grain", "Kestria shipped 11,000 tonnes of grain.")
    assert whats_new(entry, print_of(entry), ()) == ()


def test_across_scripts_only_figures_count() -> None:
    russian = ("Зерно", "Кестрия отправила 10 тыс. тонн зерна в Молданию.")
    assert new("Kestria shipped 10,000 tonnes of grain to Moldania.", earlier=russian) == ()
    assert len(new("Kestria shipped 11,000 tonnes of grain to Moldania.", earlier=russian)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "SUND (Kestrel Wire) - Doctors treated 212 sailors for fever.",
            "Doctors treated 212 sailors for fever.",
            id="without the dateline",
        ),
        pytest.param(
            "Kestria has shipped over 11,000 tonnes of grain to Moldania.",
            "Kestria has shipped over 11,000 tonnes of grain to Moldania (earlier: 10,000 tonnes of grain)",
            id="a changed figure",
        ),
        pytest.param(
            "“They have shipped over 11,000 tonnes of grain to Moldania,” he said.",
            "over 11,000 tonnes of grain (earlier: 10,000)",
            id="of a quotation the figure alone",
        ),
        pytest.param(
            "Doctors of the port treated 212 sailors for fever in a tent beside the old lighthouse, which the guild of "
            "pilots had built of stone and painted white so that every ship could see it from far out at night.",
            "Doctors of the port treated 212 sailors for fever in a tent beside the old lighthouse",
            id="a long sentence without what is not new",
        ),
    ],
)
def test_what_is_shown_of_it(text: str, expected: str) -> None:
    assert new(text) == (expected,)


def test_a_figure_that_the_article_itself_calls_known_is_the_earlier_one() -> None:
    text = (
        "Kestria has sent 15,000 crates of grain to Belin. "
        "The port has revealed that it sent Belin 14,000 crates since May."
    )
    assert new(text) == ("Kestria has sent 15,000 crates of grain to Belin (earlier: 14,000 crates)",)


@pytest.mark.parametrize(
    ("lang", "earlier", "text", "shown"),
    [
        pytest.param(
            "en", "At least 12 sailors died in Sund.", "About 31 sailors died in Sund.", "at least 12", id="English"
        ),
        pytest.param(
            "ru", "Около 12 моряков погибли в Сунде.", "Более 31 моряка погибли в Сунде.", "около 12", id="Russian"
        ),
    ],
)
def test_an_earlier_figure_that_opened_its_sentence_stands_in_mid_sentence(
    lang: str, earlier: str, text: str, shown: str
) -> None:
    heard = past(an_entry(3, "Sund", earlier, lang=lang, day=-1))
    entry = an_entry(4, "Sund", text, lang=lang)
    (fact,) = whats_new(entry, print_of(entry), [heard])
    assert f"(earlier: {shown}" in fact


def test_the_event_of_a_new_story_is_news_in_other_words() -> None:
    entry = an_entry(
        2, "Ministers", "Minister Orlen regretted the delayed ships from Sund. Minister Orlen praised the deal."
    )
    assert whats_new(entry, print_of(entry), [EARLIER]) == ()
    assert whats_new(entry, print_of(entry), [EARLIER], opens=True) == (
        "Minister Orlen regretted the delayed ships from Sund.",
    )


def test_the_event_of_a_new_story_is_told_before_its_details() -> None:
    entry = an_entry(
        2, "Pilots", "The last pilots left the port of Sund on foot. The guild of Jana Brask gave them 40 lamps."
    )
    assert whats_new(entry, print_of(entry), [EARLIER], opens=True) == tuple(split_sentences(entry.text, "en"))


def test_what_a_story_opens_with_takes_no_room_from_three_details() -> None:
    details = (
        "The guild of Jana Brask gave them 40 lamps.",
        "Astor sent 17 doctors by rail.",
        "Nine barges burned near Lagan, the coastguard of Moldania found.",
    )
    entry = an_entry(2, "Pilots", " ".join(("The last pilots left the port of Sund on foot.", *details)))
    assert whats_new(entry, print_of(entry), [EARLIER], opens=True)[1:] == details


def test_one_new_word_of_what_a_story_opens_with_is_enough() -> None:
    text = "The port of Sund acquitted Minister Orlen. The guild of Jana Brask gave them 40 lamps."
    entry = an_entry(2, "Orlen", text)
    assert whats_new(entry, print_of(entry), [EARLIER], opens=True)[0] == "The port of Sund acquitted Minister Orlen."


def test_a_lead_is_news_though_it_says_since_when() -> None:
    text = "The port of Sund was closed to all 40 ships for the first time in nine years."
    assert new(f"{text} Last year it was closed to 12 barges for the first time in May.") == (text,)


@pytest.mark.parametrize(
    ("lang", "earlier", "text", "expected"),
    [
        pytest.param(
            "ru",
            "Кестрия отправила в Сунд около 10 тысяч ящиков зерна.",
            "СУНД, 19 июня /КВ/. Кестрия отправила в Сунд более 11 тысяч ящиков зерна.",
            "Кестрия отправила в Сунд более 11 тысяч ящиков зерна (earlier: около 10 тысяч ящиков)",
            id="Russian",
        ),
        pytest.param(
            "uk",
            "Кестрія передала Сунду понад тисячу ящиків із зерном.",
            "Кестрія передала Сунду понад 11 тисяч ящиків із зерном.",
            "Кестрія передала Сунду понад 11 тисяч ящиків із зерном (earlier: понад тисячу ящиків із зерном)",
            id="Ukrainian",
        ),
        pytest.param(
            "ko",
            "케스트리아는 순드에 곡물 상자 6700개를 보냈다.",
            "(순드=나루뉴스) 케스트리아는 순드에 곡물 상자 1만1000개를 보냈다.",
            "케스트리아는 순드에 곡물 상자 1만1000개를 보냈다 (earlier: 6700개)",
            id="Korean",
        ),
        pytest.param(
            "ja",
            "ケストリアはスンドに船員約1500人を送った。",
            "【スンド共同】ケストリアはスンドに船員約3000人を送った。",
            "ケストリアはスンドに船員約3000人を送った (earlier: 約1500人)",
            id="Japanese",
        ),
        pytest.param(
            "zh",
            "北国向南港派出1500名水手。",
            "【北京时间】北国向南港派出3000名水手。",
            "北国向南港派出3000名水手 (earlier: 1500名)",
            id="Chinese",
        ),
    ],
)
def test_changed_figures_in_other_languages(lang: str, earlier: str, text: str, expected: str) -> None:
    known = past(an_entry(3, "", earlier, day=-3, lang=lang))
    entry = an_entry(2, "", text, lang=lang)
    assert whats_new(entry, print_of(entry), [known]) == (expected,)


def test_a_figure_so_far_is_news_where_the_article_opens_with_it_and_what_is_expected_another() -> None:
    known = past(an_entry(3, "", "케스트리아 선원 1500명이 배를 타고 순드로 이동했다.", day=-3, lang="ko"))
    text = (
        "장관은 지금까지 순드로 이동한 케스트리아 선원이 3000여 명이라고 보고했다. "
        "연말까지 케스트리아 선원 1만여 명이 순드로 이동할 것으로 내다봤다."
    )
    entry = an_entry(2, "", text, lang="ko")
    first, second = whats_new(entry, print_of(entry), [known], opens=True)
    assert first.endswith("3000여 명이라고 보고했다 (earlier: 1500명)")
    assert second.endswith("것으로 내다봤다.")


@pytest.mark.parametrize(
    ("fact", "short"),
    [
        pytest.param("Sund sent over 40 lamps (earlier: 30 lamps)", "over 40 lamps (earlier: 30 lamps)", id="one"),
        pytest.param("Sund sent 7 sailors 40 lamps (earlier: 30 lamps)", "40 lamps (earlier: 30 lamps)", id="of two"),
        pytest.param("Of 50 lamps 40 lamps went (earlier: 30 lamps)", None, id="in doubt"),
        pytest.param("Sund sent over 40 lamps home.", None, id="nothing changed"),
    ],
)
def test_a_changed_figure_can_stand_alone(fact: str, short: str | None) -> None:
    assert figure_alone(fact, "en") == (short or fact)


def test_the_dead_of_one_event_do_not_change_those_of_another() -> None:
    known = past(an_entry(1, "Blast in Sund", "A blast at the port of Sund killed 26 sailors on Friday.", day=-9))
    entry = an_entry(2, "Blast in Sund", "A second blast at the port of Sund killed 15 sailors on Monday.")
    (other,) = whats_new(entry, print_of(entry), [known], opens=True)
    assert other == "A second blast at the port of Sund killed 15 sailors on Monday."
    (same,) = whats_new(entry, print_of(entry), [known])
    assert same.endswith("(earlier: 26 sailors)")


def test_beside_another_count_an_earlier_one_says_what_it_counted() -> None:
    known = past(an_entry(1, "", "Floods over Sund killed 10 people, the mayor said on Friday.", day=-1))
    both = an_entry(2, "", "Floods over Sund left 15 people missing and killed 14 people, the mayor said on Saturday.")
    alone = an_entry(3, "", "Floods over Sund killed 14 people, the mayor said on Saturday.")
    (beside,) = whats_new(both, print_of(both), [known])
    assert beside.endswith("(earlier: killed 10 people)")
    (single,) = whats_new(alone, print_of(alone), [known])
    assert single.endswith("(earlier: 10 people)")


def test_what_one_month_counted_changes_no_figure_of_another() -> None:
    before = past(an_entry(1, "Jobs", "Employers in Norland shed 159,000 jobs in September.", day=-30), story=1)
    entry = an_entry(2, "Jobs", "Employers in Norland shed more than 500,000 jobs in November, the office said.", day=0)
    assert not any("(earlier:" in fact for fact in whats_new(entry, print_of(entry), [before]))


DAYS = [
    past(an_entry(1, "", "Floods over Sund killed at least five people on Friday, the mayor said.", day=-3)),
    past(an_entry(2, "", "The floods over Sund have killed 31 people and left 12 people missing.", day=-2)),
]


@pytest.mark.parametrize(
    ("text", "before"),
    [
        pytest.param("The death toll from floods over Sund rose to 44 on Monday.", "31 people", id="the newest"),
        pytest.param(
            "The death toll from floods over Sund rose to 44 on Monday and left 19 people missing.",
            "killed 31 people; 12 people missing",
            id="both figures of a sentence",
        ),
        pytest.param("The death toll from floods over Sund was lowered to 29 from 31.", None, id="said by itself"),
        pytest.param("The death toll from the floods over Sund of 1953 was 118.", None, id="of another year"),
    ],
)
def test_a_toll_changes_the_newest_count_of_the_dead(text: str, before: str | None) -> None:
    entry = an_entry(3, "Floods in Sund", text)
    facts = whats_new(entry, print_of(entry), DAYS)
    assert [fact.partition("(earlier: ")[2].rstrip(")") or None for fact in facts] == [before]


def test_what_an_earlier_report_told_of_another_year_is_no_earlier_toll() -> None:
    worst = past(
        an_entry(4, "", "It is the worst flood in Sund since 1953, when the floods killed 118 people.", day=-1)
    )
    entry = an_entry(3, "Floods in Sund", "The death toll from floods over Sund rose to 44 on Monday.")
    (fact,) = whats_new(entry, print_of(entry), [*DAYS, worst])
    assert fact.endswith("(earlier: 31 people)")


def test_in_january_the_year_before_is_no_other_time() -> None:
    day = datetime(2025, 1, 1, 9, 0, tzinfo=UTC)
    told = "A flood in Sund killed at least {} people on 31 December 2024, the mayor said."
    heard = past(replace(an_entry(1, "Flood in Sund", told.format(12)), published_at=day, first_seen_at=day))
    entry = replace(an_entry(2, "Flood in Sund", told.format(44)), published_at=day, first_seen_at=day)
    (fact,) = whats_new(entry, print_of(entry), [heard])
    assert fact.endswith("(earlier: at least 12 people)")
