from __future__ import annotations

from dataclasses import replace

import pytest

from bot.stories.group import BAR, LONE, find_story, judge, tell_the_same
from bot.stories.weights import probability
from tests.stories.build import an_entry, background, past, print_of, statistics

QUAKE = (
    "A 6.4-magnitude earthquake struck Hualien in eastern Taiwan on Tuesday, killing at least 9 people. "
    "Dozens were buried. "
    "Rescue workers searched the Marshal Hotel, which collapsed at 11:50 p.m., the interior ministry said. "
    "President Tsai Ing-wen visited the city and thanked the rescue teams."
)
RETOLD = (
    "At least nine people died when an earthquake of magnitude 6.4 hit the Taiwanese city of Hualien late on Tuesday. "
    "The Marshal Hotel came down and rescue workers were looking for dozens of missing, officials said. "
    "Tsai Ing-wen, the president, travelled to Hualien to thank the rescue teams."
)
OTHER_QUAKE = (
    "A 5.9-magnitude earthquake struck Puebla in central Mexico on Saturday, damaging churches and cutting power. "
    "Nobody was killed, the civil protection agency said, but 30 people were treated for injuries. "
    "Governor Sergio Salomon asked residents to stay out of damaged buildings."
)


def grouped(title: str, text: str = "", *, day: float | None = 0.2, lang: str = "en") -> tuple[int | None, bool]:
    archive = [*background(), past(an_entry(1, "Deadly quake hits Hualien in Taiwan", QUAKE), story=1)]
    archive.append(past(an_entry(2, "Deadly quake hits Hualien in Taiwan"), story=2))
    archive = archive[:-1] if text else [*archive[:-2], archive[-1]]
    entry = an_entry(10, title, text, day=day, lang=lang)
    found = find_story(entry, print_of(entry), archive, statistics(archive))
    return (found.same.story_id if found.same else None), found.copy


@pytest.mark.parametrize(
    ("title", "text", "day", "story", "copy"),
    [
        pytest.param("Hualien earthquake kills nine in Taiwan", RETOLD, 0.2, 1, False, id="another outlet"),
        pytest.param("Quake", QUAKE, 0.2, 1, True, id="a copy under another title"),
        pytest.param("Hualien earthquake kills nine in Taiwan", RETOLD, None, 1, False, id="no date"),
        pytest.param("Hualien earthquake kills nine in Taiwan", RETOLD, 30, None, False, id="a month later"),
        pytest.param("Earthquake strikes Puebla in Mexico", OTHER_QUAKE, 0.2, None, False, id="another earthquake"),
        pytest.param(
            "Banks report profits", "Three banks reported higher profits on Monday.", 0.2, None, False, id="other news"
        ),
        pytest.param(
            "Deadly Hualien quake: Taiwan counts its dead", "", 0.2, 2, False, id="bare headlines of one event"
        ),
        pytest.param("Deadly quake hits Hualien in Taiwan", "", 0.2, 2, True, id="the same bare headline"),
        pytest.param("Deadly quake hits Puebla in Mexico", "", 0.2, None, False, id="bare headlines that look alike"),
        pytest.param("", "", 0.2, None, False, id="nothing at all"),
    ],
)
def test_grouping(title: str, text: str, day: float | None, story: int | None, copy: bool) -> None:  # noqa: FBT001
    assert grouped(title, text, day=day) == (story, copy)


@pytest.mark.parametrize(
    ("title", "story"),
    [
        pytest.param("Hualien earthquake: nine dead in Taiwan", 1, id="the same event"),
        pytest.param("Nine dead in Taiwan", 1, id="no more than its outcome"),
        pytest.param("Earthquake strikes Puebla in Mexico", None, id="a look-alike"),
        pytest.param("Taiwan chip maker reports record earnings", None, id="the same country"),
    ],
)
def test_a_bare_headline_joins_a_telling(title: str, story: int | None) -> None:
    archive = [*background(), past(an_entry(1, "Deadly quake hits Hualien in Taiwan", QUAKE), story=1)]
    entry = an_entry(10, title, day=0.2)
    found = find_story(entry, print_of(entry), archive, statistics(archive)).same
    assert (found.story_id if found else None) == story


DEADLY = "Deadly quake hits Hualien in Taiwan"
IN_SHORT = "The island was shaken before midnight. Schools stay closed on Wednesday."


@pytest.mark.parametrize(
    ("title", "text", "day", "story"),
    [
        pytest.param(DEADLY, "", 0.2, 1, id="without a text"),
        pytest.param(DEADLY, IN_SHORT, 0.2, 1, id="with another text"),
        pytest.param(f"{DEADLY} - Harbour Wire", "", 0.9, 1, id="with an outlet's name behind it"),
        pytest.param("Deadly Briefing: quake, storm, flood", IN_SHORT, 0.2, None, id="a standing title"),
    ],
)
def test_one_headline_within_a_day_is_one_story(title: str, text: str, day: float, story: int | None) -> None:
    archive = [*background(), past(an_entry(1, DEADLY, QUAKE), story=1)]
    entry = replace(an_entry(10, title, text, day=day), source="Another")
    found = find_story(entry, print_of(entry), archive, statistics(archive))
    assert (found.same.story_id if found.same else None) == story
    assert found.copy == (story == 1 and not text), "a bare headline adds no witness"


def test_an_outlets_column_is_another_story_each_day() -> None:
    monday = past(an_entry(1, "Letters from the far north", QUAKE), story=1)
    tuesday = an_entry(2, "Letters from the far north", "Our bell tower leans. The mayor has asked a mason.", day=0.9)
    (judged,) = judge(tuesday, print_of(tuesday), [monday], statistics([*background(), monday]))
    assert not judged.titled


def test_an_empty_archive_has_no_story() -> None:
    entry = an_entry(1, "Deadly quake hits Hualien in Taiwan", QUAKE)
    found = find_story(entry, print_of(entry), (), statistics(()))
    assert (found.same, found.score, found.copy) == (None, 0.0, False)
    assert found.reason


def test_an_entry_is_not_its_own_story() -> None:
    me = past(an_entry(1, "Deadly quake hits Hualien in Taiwan", QUAKE), story=1)
    assert find_story(me.entry, me.fingerprint, [me], statistics([me])).same is None


def test_one_stray_member_does_not_pull_an_entry_in() -> None:
    stray = past(an_entry(1, "Deadly quake hits Hualien in Taiwan", RETOLD), story=7)
    members = [
        past(an_entry(20 + n, title, text), story=7)
        for n, (title, text) in enumerate([("Bank raises rates", OTHER_QUAKE)])
    ]
    archive = [*background(), stray, *members]
    entry = an_entry(10, "Hualien quake", QUAKE)
    alone = find_story(entry, print_of(entry), [*background(), stray], statistics(archive)).score
    together = find_story(entry, print_of(entry), archive, statistics(archive)).score
    assert together < alone


def test_the_reason_names_what_spoke_for_it() -> None:
    archive = [*background(), past(an_entry(1, "Deadly quake hits Hualien in Taiwan", QUAKE), story=1)]
    entry = an_entry(10, "Hualien earthquake kills nine in Taiwan", RETOLD)
    found = find_story(entry, print_of(entry), archive, statistics(archive))
    assert "names" in found.reason or "wording" in found.reason


def test_a_bare_headline_in_another_language_is_not_asked_where_a_telling_can_be() -> None:
    arms = {"dprk": 2, "russia": 2, "arms": 1}
    title = "Norland and Esteria sign deal on shell plant"
    told = past(
        an_entry(1, title, "The deal on a shell plant near Arda was signed. It will make 200,000 rounds a year."),
        arms,
        story=1,
    )
    bare = past(an_entry(2, title), arms, story=1)
    other = an_entry(
        3,
        "Эстерия передала Норландии зенитные комплексы",
        "Эстерия передала Норландии шесть зенитных комплексов. Партия из 6 машин прибыла в порт в понедельник.",
        day=0.1,
        lang="ru",
    )
    archive = [*background(), told, bare]
    alone = find_story(other, print_of(other, arms), [*background(), told], statistics(archive))
    both = find_story(other, print_of(other, arms), archive, statistics(archive))
    assert both.score <= alone.score


NAKHODKA = (
    "Около 300 контейнеров, предположительно с боеприпасами из КНДР, разгружены в порту Находка, "
    "показали спутниковые снимки."
)
AT_NAKHODKA = "러시아 나홋카항에서 북한산 탄약으로 추정되는 컨테이너 300개가 하역된 것으로 위성사진에서 확인됐다."
AT_VOSTOCHNY = "러시아 선박이 북한 포탄을 실은 컨테이너 120개를 보스토치니항으로 옮겼다고 국가정보원이 밝혔다."
UNLOADED = {"dprk": 2, "munitions": 1, "arms": 1, "russia": 1, "space": 1}
BROUGHT = {"dprk": 2, "munitions": 2, "arms": 2, "russia": 1, "vessels": 1, "shipping": 1}
PUNISHED = {"usa": 2, "sanctions": 2, "tensions": 2, "dprk": 2, "russia": 2, "arms": 2}
"""What the lexicon finds in these."""


def lone(title: str, text: str, *, concepts: dict[str, int]) -> float:
    """The score of an entry beside the one Russian telling that there is."""
    told = past(
        an_entry(1, "В порту Находка разгрузили 300 контейнеров из КНДР", NAKHODKA, lang="ru"), UNLOADED, story=1
    )
    archive = [*background(), told]
    entry = an_entry(10, title, text, day=0.1, lang="ko")
    return find_story(entry, print_of(entry, concepts), archive, statistics(archive)).score


@pytest.mark.parametrize(
    ("title", "text", "concepts", "same"),
    [
        pytest.param("나홋카항서 북한 컨테이너 300개 하역", AT_NAKHODKA, UNLOADED, True, id="the same event"),
        pytest.param(
            "보스토치니항에 북한 포탄 컨테이너 120개 도착", AT_VOSTOCHNY, BROUGHT, False, id="another count elsewhere"
        ),
        pytest.param(
            "러, 북한 무기 거래로 제재",
            "미국이 북한과 러시아의 무기 거래에 관여한 기업들을 제재했다.",
            PUNISHED,
            False,
            id="what others did about it",
        ),
    ],
)
def test_one_telling_abroad_takes_in_the_same_event_alone(
    title: str,
    text: str,
    concepts: dict[str, int],
    same: bool,  # noqa: FBT001
) -> None:
    assert (lone(title, text, concepts=concepts) >= BAR) == same


def test_a_lone_telling_abroad_must_be_surer_to_take_in_than_to_be_another_event() -> None:
    told = past(
        an_entry(1, "В порту Находка разгрузили 300 контейнеров из КНДР", NAKHODKA, lang="ru"), UNLOADED, story=1
    )
    entry = an_entry(10, "나홋카항서 북한 컨테이너 300개 하역", AT_NAKHODKA, day=0.1, lang="ko")
    found = find_story(entry, print_of(entry, UNLOADED), [told], statistics([told]))
    (judged,) = found.judged
    assert found.score == pytest.approx(probability(judged.score - LONE))
    assert tell_the_same([replace(judged, score=LONE / 2)])


def test_two_tellings_abroad_are_believed() -> None:
    title = "В порту Находка разгрузили 300 контейнеров из КНДР"
    archive = [past(an_entry(each, title, NAKHODKA, lang="ru"), UNLOADED, story=1) for each in (1, 2)]
    entry = an_entry(10, "나홋카항서 북한 컨테이너 300개 하역", AT_NAKHODKA, day=0.1, lang="ko")
    found = find_story(entry, print_of(entry, UNLOADED), archive, statistics(archive))
    assert found.score == pytest.approx(probability(sum(each.score for each in found.judged) / 2))
