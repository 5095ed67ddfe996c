from __future__ import annotations

from bot.stories.backstory import find_backstory
from bot.stories.fingerprint import fingerprint
from bot.stories.group import find_story, judge
from tests.stories.build import an_entry, background, past, print_of, statistics

ROOT = past(
    an_entry(
        1,
        "Kestria and Moldania open talks on the Aras dam",
        "Kestria and Moldania opened talks on the Aras dam on Monday. Foreign Minister Orlen said water was at stake. "
        "Aras is short for the Aras River Authority, and stands for a shared river.",
        day=-60,
    ),
    story=1,
)
TURN = past(
    an_entry(
        2,
        "Kestria walks out of Aras dam talks",
        "Kestria walked out of the Aras dam talks on Thursday. "
        "Foreign Minister Orlen blamed Moldania for filling the dam early.",
        day=-10,
    ),
    story=2,
)
TWIN = past(
    an_entry(
        3,
        "Kestria leaves the Aras dam talks",
        "Kestria left the talks on the Aras dam on Thursday; Orlen blamed Moldania for filling the dam early.",
        day=-10,
    ),
    story=2,
)
LOOK_ALIKE = past(
    an_entry(
        4,
        "Talks open on airline merger",
        "Two airlines opened talks on a merger on Monday, a person familiar said.",
        day=-5,
    ),
    story=4,
)
FUTURE = past(
    an_entry(
        5, "Kestria and Moldania sign Aras dam treaty", "Kestria and Moldania signed a treaty on the Aras dam.", day=20
    ),
    story=5,
)
NEWS = an_entry(
    10,
    "Kestria returns to talks on the Aras dam",
    "Kestria returned to talks with Moldania on the Aras dam on Friday. "
    "Foreign Minister Orlen said the filling had stopped.",
)
ARCHIVE = [*background(), ROOT, TURN, TWIN, LOOK_ALIKE, FUTURE]


def linked(limit: int = 4) -> list[int]:
    found = find_backstory(NEWS, print_of(NEWS), ARCHIVE, statistics(ARCHIVE), limit=limit)
    return [link.past.entry.id for link in found]


def test_earlier_stories_of_the_thread_are_found() -> None:
    assert ROOT.entry.id in linked()
    assert {TURN.entry.id, TWIN.entry.id} & set(linked())


def test_one_link_for_each_event() -> None:
    assert len({TURN.entry.id, TWIN.entry.id} & set(linked(10))) == 1


def test_twins_that_the_archive_did_not_group_count_once() -> None:
    loose = [past(TURN.entry), past(an_entry(6, TURN.entry.title, TURN.entry.text, day=-9))]
    found = find_backstory(NEWS, print_of(NEWS), [*background(), *loose], statistics(ARCHIVE), limit=4)
    assert len(found) == 1


def test_the_future_and_other_news_are_not_linked() -> None:
    assert not {FUTURE.entry.id, LOOK_ALIKE.entry.id, 900, 901, 902} & set(linked())


def test_the_entrys_own_event_is_no_backstory() -> None:
    same = past(an_entry(7, NEWS.title, NEWS.text, day=-0.1), story=7)
    also = past(
        an_entry(8, "Orlen back at Aras talks", "Orlen said the filling had stopped. Kestria is back.", day=-0.05),
        story=7,
    )
    found = find_backstory(NEWS, print_of(NEWS), [*ARCHIVE, same, also], statistics(ARCHIVE), limit=10)
    assert not {7, 8} & {link.past.entry.id for link in found}


def test_a_story_of_which_one_telling_looks_the_same_is_the_nearest_predecessor() -> None:
    news = an_entry(
        20,
        "Council to meet over the Aras dam deal",
        "The council will meet on Monday over the deal of Kestria and Orlen's ministry on the Aras dam. "
        "Three members asked for the meeting.",
        day=1,
    )
    told = [
        past(
            an_entry(
                22,
                "Kestria signs deal on the Aras dam",
                "Kestria signed a deal on the Aras dam that keeps the filling slow until the spring. "
                "Governor Ilse Marn welcomed it and named the engineers.",
                day=0,
            ),
            story=21,
        ),
        past(
            an_entry(23, "Farmers relieved by Kestria", "Ilse Marn told farmers that water would last.", day=0.1),
            story=21,
        ),
    ]
    archive = [*background(), *told]
    assert any(each.score > 0 for each in judge(news, print_of(news), told, statistics(archive)))
    assert find_story(news, print_of(news), archive, statistics(archive)).same is None
    found = find_backstory(news, print_of(news), archive, statistics(archive), limit=4)
    assert [link.past.story_id for link in found] == [21]


def test_best_first_within_the_limit() -> None:
    found = find_backstory(NEWS, print_of(NEWS), ARCHIVE, statistics(ARCHIVE), limit=10)
    scores = [link.score for link in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len(linked(1)) == 1
    assert linked(0) == []


def test_the_reason_is_a_sentence_of_the_earlier_entry() -> None:
    for link in find_backstory(NEWS, print_of(NEWS), ARCHIVE, statistics(ARCHIVE), limit=4):
        assert link.why in link.past.entry.text
        assert "Aras" in link.why
        assert "stands for" not in link.why


def test_a_bare_headline_is_its_own_reason() -> None:
    bare = past(an_entry(9, "Kestria halts Aras dam talks with Moldania", day=-20), story=9)
    found = find_backstory(NEWS, print_of(NEWS), [*background(), bare], statistics([*ARCHIVE, bare]), limit=4)
    assert [link.why for link in found] == [bare.entry.title]


def test_nothing_to_link() -> None:
    assert find_backstory(NEWS, print_of(NEWS), background(), statistics(ARCHIVE), limit=4) == ()
    assert find_backstory(NEWS, print_of(NEWS), (), statistics(()), limit=4) == ()


def test_what_no_topic_wanted_is_no_backstory_beside_stories() -> None:
    stray = past(an_entry(11, "Dam tourists visit Kestria", "Tourists from Moldania visited Kestria.", day=-20))
    kept = past(stray.entry, story=11)
    for each, found in ((stray, False), (kept, True)):
        links = find_backstory(NEWS, print_of(NEWS), [*ARCHIVE, each], statistics(ARCHIVE), limit=4)
        assert (11 in {link.past.entry.id for link in links}) is found


def test_earlier_events_are_found_in_another_language() -> None:
    arms = {"dprk": 2, "russia": 2, "arms": 3, "white_house": 1}
    entry = an_entry(12, "Moscow and Pyongyang sign arms pact", "The two sides signed on Monday.")
    earlier = past(
        an_entry(13, "러시아·북한 무기 협상", "미국은 협상이 진전됐다고 밝혔다.", day=-40, lang="ko"), arms, story=13
    )
    other = past(an_entry(14, "물가 상승", "지난달 물가가 올랐다.", day=-40, lang="ko"), {"inflation": 2}, story=14)
    found = find_backstory(entry, print_of(entry, arms), [earlier, other], statistics(ARCHIVE), limit=4)
    assert [link.past.entry.id for link in found] == [13]


def test_an_earlier_event_is_shown_as_the_readers_language_tells_it() -> None:
    arms = {"dprk": 2, "russia": 2, "arms": 2}
    korean = past(
        an_entry(13, "러시아·북한 무기 협상", "미국은 협상이 진전됐다고 밝혔다.", day=-40, lang="ko"), arms, story=13
    )
    dull = past(an_entry(14, "White House warns Moscow", "A spokesman warned on Monday.", day=-39), story=13)
    entry = an_entry(15, "Moscow and Pyongyang sign pact", "Russia and North Korea signed a pact on arms.")
    print_ = print_of(entry, arms)
    archive = [*background(), korean, dull]
    (link,) = find_backstory(entry, print_, archive, statistics(archive), limit=4)
    assert link.past.entry.id == dull.entry.id
    assert "warned" in link.why
    (alone,) = find_backstory(entry, print_, archive[:-1], statistics(archive), limit=4)
    assert alone.past.entry.id == korean.entry.id


def test_the_reason_is_a_sentence_that_stands_alone() -> None:
    text = (
        "Kestria and Moldania opened talks on the Aras dam. It wants Moldania to empty the Aras dam by June. "
        "“Moldania must empty the Aras dam by June,” he said."
    )
    opened = past(an_entry(1, "Aras dam talks", text, day=-10), story=1)
    entry = an_entry(
        9, "Moldania will not empty the Aras dam", "Moldania said it would not empty the Aras dam by June."
    )
    archive = [*background(), opened]
    (link,) = find_backstory(entry, print_of(entry), archive, statistics(archive), limit=1)
    assert link.why == "Kestria and Moldania opened talks on the Aras dam."


ELSEWHERE = past(
    an_entry(
        20,
        "Dam bursts above Torvik",
        "A dam above Torvik gave way on Tuesday after days of rain, said Mayor Hanna Lund. Rescuers from Oske and "
        "Brenn reached the farms of Skarn by boat. The owner, Nordvann, had promised repairs. Elias Dahl flew in.",
        day=-40,
    ),
    {"disaster": 2},
    story=20,
)


def test_the_same_elsewhere_is_no_earlier_story_though_the_words_are_the_same() -> None:
    told = (
        "A dam near Mabeni gave way on Friday after weeks of rain, said Governor Juma Otieno. Crews from Kaloleni and "
        "Ruiru searched the market of Athi by helicopter. Schools are shut. Grace Wanjiru visits tomorrow."
    )
    again = told.replace("Mabeni", "Torvik").replace("Grace Wanjiru", "Elias Dahl")
    for text, links in ((told, []), (again, [ELSEWHERE.entry.id])):
        entry = an_entry(21, "Dam breaks", text)
        fp = fingerprint(entry, {"disaster": 2})
        found = find_backstory(entry, fp, [*background(), ELSEWHERE], statistics([*ARCHIVE, ELSEWHERE]), limit=4)
        assert [link.past.entry.id for link in found] == links


def test_the_reason_tells_the_earlier_event_rather_than_what_was_before_it() -> None:
    text = (
        "Kestria and Moldania opened talks on the Aras dam at noon. "
        "In March 2024 Moldania had begun to fill the Aras dam. Kestria denies it."
    )
    opened = past(an_entry(1, "Aras dam talks", text, day=-10), story=1)
    entry = an_entry(9, "Moldania stops filling the Aras dam", "Moldania no longer wants to fill the Aras dam.")
    archive = [*background(), opened]
    (link,) = find_backstory(entry, print_of(entry), archive, statistics(archive), limit=1)
    assert link.why == "Kestria and Moldania opened talks on the Aras dam at noon."


def test_between_languages_the_same_kind_of_event_elsewhere_is_no_earlier_story() -> None:
    text = "알타섬에서 규모 6의 지진이 나 건물 여러 채가 무너졌다고 당국이 밝혔다."
    quake = past(an_entry(31, "알타섬 지진", text, day=-40, lang="ko"), {"earthquake": 3, "kestria": 2}, story=31)
    entry = an_entry(32, "Strong earthquake", "A strong earthquake brought down houses on Tuesday, officials said.")
    archive = [*background(), quake]
    for here, links in (("moldania", []), ("kestria", [31])):
        fp = fingerprint(entry, {"earthquake": 3, here: 2})
        found = find_backstory(entry, fp, archive, statistics(archive), limit=4)
        assert [link.past.entry.id for link in found] == links
