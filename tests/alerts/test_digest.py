"""Digests: what leads, what fits, and that every platform takes each part whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.digest import ROOM_FOR_DETAIL, compose_digest, pack, ranked
from bot.chats.message import BlockKind
from bot.chats.slack_blocks import render_parts
from bot.chats.telegram_entities import render as telegram_text
from bot.chats.telegram_entities import render_parts as telegram_parts
from bot.limits import SLACK_BLOCKS, TELEGRAM_CALLBACK_BYTES
from bot.preferences import ChatSettings, Every, Held, Rhythm
from tests.examples import ALERT, DELIVERY, LINKS, NOW

if TYPE_CHECKING:
    from bot.model import Alert, BackstoryLink, Delivery

SEOUL = ChatSettings(zone="Asia/Seoul", digest=Rhythm(Every.DAILY))
LATER = NOW + timedelta(hours=13)


def held(number: int, topic: str = "Arms", *, story: int | None = None, score: float = 0.5, **fields: object) -> Held:
    """Delivery ``number`` of a story of its own, or of this one."""
    story_id = story or number
    alert = replace(ALERT, id=number, story_id=story_id, **{"headline": f"Headline {number}", **fields})  # type: ignore[arg-type]
    return Held(replace(DELIVERY, id=number, alert_id=number, story_id=story_id, topics=(topic,)), alert, score)


def many(count: int) -> list[Held]:
    return [held(number, f"Topic {number % 5}", score=1 / number) for number in range(1, count + 1)]


def parts(waiting: list[Held]) -> list[list[Held]]:
    """The digest's parts as they are sent, one after the other."""
    made = []
    while waiting:
        packed = pack(waiting)
        by_id = {one.delivery.id: one for one in waiting}
        placed = [
            replace(by_id[number], delivery=replace(by_id[number].delivery, bundle_place=place))
            for number, place in packed.places.items()
        ]
        made.append(placed[: packed.size])
        waiting = placed[packed.size :]
    return made


def test_topics_stand_together_best_first() -> None:
    told = ranked([held(1, "Trade", score=0.4), held(2, score=0.3), held(3, score=0.9), held(4, "Trade", score=0.8)])
    assert [(story.topic, story.ids) for story in told] == [
        ("Arms", (3,)),
        ("Arms", (2,)),
        ("Trade", (4,)),
        ("Trade", (1,)),
    ]


@pytest.mark.parametrize(
    "better",
    [
        pytest.param({"score": 0.6}, id="a better match"),
        pytest.param({"others": ("A", "B")}, id="more outlets"),
        pytest.param({"new": ("one", "two")}, id="more that is new"),
        pytest.param({"earlier": LINKS}, id="a backstory"),
    ],
)
def test_what_leads(better: dict[str, object]) -> None:
    plain: dict[str, object] = {"others": (), "new": (), "earlier": ()}
    told = ranked([held(1, **plain), held(2, **{**plain, **better})])  # type: ignore[arg-type]
    assert [story.ids for story in told] == [(2,), (1,)]


def test_a_story_is_told_once_its_newest_alert_first() -> None:
    waiting = [held(1, story=7), held(2), held(3, story=7, headline="It grew", new=("Forty more.",), earlier=())]
    text = compose_digest(waiting, SEOUL, LATER).plain_text
    assert "- It grew (Harbour Wire). New: Forty more. Before that: Headline 1\n" in f"{text}\n"
    assert text.startswith("Daily digest: 2 stories")
    assert (sorted(pack(waiting).places), pack(waiting).size) == ([1, 2, 3], 3)


@pytest.mark.parametrize(
    ("headlines", "said"),
    [
        pytest.param(["A", "B"], "- B (W). Before that: A", id="nothing new"),
        pytest.param(["A", "B", "A", "B"], "- B (W). Before that: A", id="a headline is named once"),
        pytest.param(["A", "A"], "- A (W)", id="the same headline"),
        pytest.param(list("ABCDEF"), "- F (W). Before that: E; D; C +2", id="many"),
    ],
)
def test_what_a_story_was_before(headlines: list[str], said: str) -> None:
    plain: dict[str, object] = {"others": (), "new": (), "earlier": (), "source": "W"}
    waiting = [held(at, story=7, headline=each, **plain) for at, each in enumerate(headlines, 1)]  # type: ignore[arg-type]
    assert compose_digest(waiting, SEOUL, LATER).plain_text.splitlines()[-1] == said


def test_of_many_stories_each_still_names_its_earlier_alerts() -> None:
    waiting = [held(at, story=500, headline=each) for at, each in enumerate("ABC", 1)]
    waiting += [held(number) for number in range(4, 4 + 120)]
    first, *_ = parts(waiting)
    assert " Before that: B; A" in compose_digest(first, SEOUL, LATER).plain_text


def test_it_reads_as_a_reader_wants_it() -> None:
    message = compose_digest([held(1, others=("Yonhap", "Tass")), held(2, "Trade", new=(), earlier=())], SEOUL, LATER)
    assert message.plain_text.splitlines() == [
        "Daily digest: 2 stories",
        "Tue 18 Jun, 18:30 – Wed 19 Jun, 07:30 (Asia/Seoul)",
        "Arms",
        (
            "- Headline 1 (Harbour Wire, Yonhap, Tass). New: It covers training and supplies."
            " Earlier: 13 Sep 2023: Leaders meet at a spaceport (Meridian Post)"
        ),
        "Trade",
        "- Headline 2 (Harbour Wire)",
    ]
    assert [[button.label for button in row] for row in message.buttons] == [
        ["Latest", "Settings"],
        ["Mute Arms…", "Mute Trade…"],
    ]
    links = [span.url for block in message.blocks for item in block.items for span in item if span.url]
    assert links == [ALERT.url, LINKS[0].url, ALERT.url]


def test_a_repeat_is_marked_whole_or_part() -> None:
    one, two = held(1), held(2)
    carrier = replace(one, delivery=replace(one.delivery, bundle_id=1, maybe_sent=True))
    part = replace(two, delivery=replace(two.delivery, bundle_id=1))
    assert "↻ This may repeat a message" in compose_digest([carrier, part], SEOUL, LATER).plain_text
    doubted = replace(part, delivery=replace(part.delivery, maybe_sent=True))
    sure = replace(carrier, delivery=replace(carrier.delivery, maybe_sent=False))
    lines = compose_digest([sure, doubted], SEOUL, LATER).plain_text.splitlines()
    assert ["↻" in line for line in lines if line.startswith("- ")] == [False, True]


def test_a_later_part_says_so_and_keeps_the_order() -> None:
    first, second, *_ = parts(many(200))
    assert compose_digest(first, SEOUL, LATER).plain_text.startswith("Daily digest: ")
    assert compose_digest(second, SEOUL, LATER).plain_text.startswith("Daily digest, continued: ")
    shown = [
        block.items[0][0].text
        for block in compose_digest(second, SEOUL, LATER).blocks
        if block.kind is BlockKind.BULLETS
    ]
    assert shown[0] == second[0].alert.headline


def test_of_many_stories_each_gets_a_short_line() -> None:
    fewer, more = parts(many(ROOM_FOR_DETAIL)), parts(many(ROOM_FOR_DETAIL + 1))
    assert len(more) < len(fewer)
    assert "New:" in compose_digest(fewer[0], SEOUL, LATER).plain_text
    assert "New:" not in compose_digest(more[0], SEOUL, LATER).plain_text


def test_what_came_meanwhile_comes_behind_what_has_its_place() -> None:
    placed = replace(held(1, score=0.1), delivery=replace(DELIVERY, id=1, story_id=1, bundle_place=4))
    assert pack([held(2, score=0.9), placed]).places == {1: 4, 2: 5}


words = st.text(st.characters(codec="utf-8"), max_size=700)
alerts = st.builds(
    lambda headline, source, others, new, url: replace(
        ALERT, headline=headline or "x", source=source[:100], others=tuple(others), new=tuple(new), url=url
    ),
    words,
    words,
    st.lists(words.map(lambda text: text[:80]), max_size=6),
    st.lists(words, max_size=3),
    st.sampled_from(["https://a.example/x", "javascript:alert(1)", ""]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(alerts, words.map(lambda text: text[:80]), st.floats(0, 1)), min_size=1, max_size=70))
def test_each_part_is_one_whole_message_on_every_platform(drawn: list[tuple[Alert, str, float]]) -> None:
    waiting = [
        Held(
            replace(DELIVERY, id=number, story_id=number, topics=(topic,)),
            replace(alert, id=number, story_id=number),
            score,
        )
        for number, (alert, topic, score) in enumerate(drawn, start=1)
    ]
    made = parts(waiting)
    assert sorted(one.delivery.id for part in made for one in part) == [one.delivery.id for one in waiting], "each once"
    for part in made:
        message = compose_digest(part, SEOUL, LATER)
        assert len(telegram_parts(message)) == 1
        assert len(render_parts(message)) == 1
        assert len(render_parts(message)[0].blocks) <= SLACK_BLOCKS
        assert all(len(button.data.encode()) <= TELEGRAM_CALLBACK_BYTES for row in message.buttons for button in row)


def test_names_that_are_parted_for_telegram_cut_nothing() -> None:
    """In each "@name" it gets a joiner, so that the name calls nobody: that is a unit more."""
    waiting = [held(n, "@c " * 20, headline="@a " * 66, new=("@b " * 79,)) for n in range(1, ROOM_FOR_DETAIL + 1)]
    for part in parts(waiting):
        message = compose_digest(part, SEOUL, LATER)
        assert "…" not in telegram_text(message).text
        assert len(telegram_parts(message)) == 1


def test_earlier_names_the_nearest() -> None:
    older: BackstoryLink = replace(LINKS[0], at=datetime(2020, 1, 1, tzinfo=UTC), headline="Oldest")
    text = compose_digest([held(1, earlier=(older, LINKS[0]))], SEOUL, LATER).plain_text
    assert "Leaders meet" in text
    assert "Oldest" not in text


def test_a_delivery_without_topics_still_comes() -> None:
    bare: Delivery = replace(DELIVERY, topics=())
    message = compose_digest([Held(bare, ALERT)], ChatSettings(), LATER)
    assert message.plain_text.splitlines()[:1] == ["Digest: 1 story"]
    assert len(message.buttons) == 1
