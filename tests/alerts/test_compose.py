"""What a reader sees of an alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.alerts.compose import Before, compose, outlets, sources, told_by
from bot.alerts.decide import closed, edited
from bot.chats.message import BlockKind, Message, Span
from bot.model import Action
from tests.examples import ALERT, DELIVERY


def lines(message: Message) -> list[str]:
    return message.plain_text.splitlines()


def test_an_alert_says_everything_that_a_reader_needs() -> None:
    message = compose(ALERT, DELIVERY)
    assert lines(message) == [
        "Envoys sign a defence pact",
        "Harbour Wire · 18 Jun 2024, 09:30 UTC",
        "Envoys of two countries signed a defence pact on Monday. It covers training and supplies.",
        "New:",
        "- It covers training and supplies.",
        "Earlier:",
        "- 13 Sep 2023: Leaders meet at a spaceport (Meridian Post)",
        "- 27 Jul 2023: Minister visits for a parade (Harbour Wire)",
        "Topic: DPRK-Russia arms · matched dprk: Pyongyang; russia: Moscow",
    ]
    assert [[button.data for button in row] for row in message.buttons] == [
        ["earlier:5", "timeline:5", "why:5"],
        ["mute-menu:5", "good:5", "bad:5"],
    ]


def test_several_topics_are_called_so() -> None:
    assert "Topics: Arms, Chips · matched" in compose(ALERT, replace(DELIVERY, topics=("Arms", "Chips"))).plain_text


def test_the_headline_and_every_earlier_story_are_linked() -> None:
    links = [span.url for block in compose(ALERT, DELIVERY).blocks for item in block.items for span in item if span.url]
    assert links == [
        "https://harbour.example/pact",
        "https://meridian.example/spaceport",
        "https://harbour.example/parade",
    ]


def test_without_earlier_coverage_nothing_is_called_new_or_earlier() -> None:
    message = compose(replace(ALERT, new=(), earlier=()), DELIVERY)
    assert not any(block.kind is BlockKind.BULLETS for block in message.blocks)


def test_an_article_tells_its_own_backstory_where_the_archive_holds_none() -> None:
    alone = replace(ALERT, earlier=(), background=("In July 2023, envoys first spoke of a pact.",))
    shown = lines(compose(alone, DELIVERY))
    at = shown.index("Earlier, from the article itself:")
    assert shown[at + 1] == "- In July 2023, envoys first spoke of a pact."
    both = lines(compose(replace(alone, earlier=ALERT.earlier), DELIVERY))
    assert "Earlier, from the article itself:" not in both


TOLD = Before(datetime(2023, 9, 14, 6, 0, tzinfo=UTC), "https://t.me/c/77/12")
UNLINKED = Before(datetime(2023, 9, 14, 6, 0, tzinfo=UTC))


def test_an_update_quotes_what_is_new_and_leads_back() -> None:
    message = compose(replace(ALERT, action=Action.REPLY), DELIVERY, {ALERT.story_id: TOLD})
    shown = lines(message)
    assert shown[0] == "Update: Envoys sign a defence pact"
    assert shown[2] == "Follows your alert"
    quoted = [block for block in message.blocks if block.kind is BlockKind.QUOTE]
    assert [span.text for block in quoted for span in block.items[0]] == list(ALERT.new)


def test_an_update_that_is_edited_stays_an_update() -> None:
    update = replace(ALERT, action=Action.REPLY)
    for _ in range(2):
        before = lines(compose(update, DELIVERY, {ALERT.story_id: TOLD}))
        update = edited(update, others=())
        assert lines(compose(update, DELIVERY, {ALERT.story_id: TOLD})) == before


def test_where_messages_have_no_address_the_day_stands_for_the_link() -> None:
    update = compose(replace(ALERT, action=Action.REPLY), DELIVERY, {ALERT.story_id: UNLINKED})
    assert lines(update)[2] == "Follows your alert of 14 Sep 2023"
    assert not any("Follows" in line for line in lines(compose(replace(ALERT, action=Action.REPLY), DELIVERY)))


def test_the_chats_own_alert_on_an_earlier_story_is_linked() -> None:
    message = compose(ALERT, DELIVERY, {2: TOLD, 1: UNLINKED})
    earlier = next(block for block in message.blocks if block.kind is BlockKind.BULLETS and len(block.items) == 2)
    assert earlier.items[0][-1] == Span("your alert", url="https://t.me/c/77/12")
    assert earlier.items[1][-1] == Span("your alert of 14 Sep 2023")


def test_a_message_whose_story_was_merged_says_where_it_went_and_nothing_else() -> None:
    kept = replace(ALERT, id=2, story_id=3, headline="Pact signed", source="Meridian Post", url="https://m.example/p")
    shown = lines(compose(closed(ALERT, kept), DELIVERY, {3: TOLD}))
    assert shown == [
        "Envoys sign a defence pact",
        "Harbour Wire · 18 Jun 2024, 09:30 UTC",
        "Same story as Pact signed (Meridian Post), merged · your alert",
    ]


@pytest.mark.parametrize(
    ("names", "origins", "shown"),
    [
        pytest.param(("Harbour Wire",), ("Harbour Wire",), "Harbour Wire", id="its own report"),
        pytest.param(("Harbour Wire",), (), "Harbour Wire", id="stored before origins were counted"),
        pytest.param(("Harbour Wire",), ("Reuters",), "Harbour Wire · 1 origin: Reuters", id="an agency's report"),
        pytest.param(("Yonhap News",), ("Yonhap",), "Yonhap News", id="an agency by another of its names"),
        pytest.param(
            ("Reuters", "Yonhap", "A", "B", "C", "D", "E"),
            ("Reuters", "Yonhap"),
            "Reuters, Yonhap +5 · 2 origins",
            id="many outlets, two origins",
        ),
        pytest.param(
            ("Post", "Times", "Sun"),
            ("KCNA",),
            "Post, Times +1 · 1 origin: KCNA (state media)",
            id="one origin behind many is named",
        ),
        pytest.param(("TASS", "Post"), ("TASS", "Post"), "TASS (state media), Post · 2 origins", id="state media"),
    ],
)
def test_who_tells_a_story(names: tuple[str, ...], origins: tuple[str, ...], shown: str) -> None:
    assert sources(names, origins) == shown


def test_a_storys_card_names_the_origins() -> None:
    assert told_by(("KCNA", "Yonhap"), names=True) == "2 origins: KCNA (state media), Yonhap"
    assert told_by(("A", "B", "C", "D", "E"), names=True) == "5 origins: A, B, C +2"


def test_a_possible_repeat_is_marked() -> None:
    assert "↻ This may repeat a message" in compose(ALERT, replace(DELIVERY, maybe_sent=True)).plain_text


def test_a_link_of_another_scheme_stays_text() -> None:
    message = compose(replace(ALERT, url="javascript:alert(1)"), DELIVERY)
    assert message.blocks[0].items[0][0].url is None


def test_many_outlets_are_counted() -> None:
    assert outlets(("A", "B")) == "A, B"
    assert outlets(("A", "B", "C", "D", "E", "F")) == "A, B, C, D +2"
