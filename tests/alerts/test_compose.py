"""What a reader sees of an alert."""

from __future__ import annotations

from dataclasses import replace

from bot.alerts.compose import compose, outlets
from bot.chats.message import BlockKind, Message
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
        ["good:5", "bad:5"],
    ]


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


def test_a_reply_says_that_it_is_an_update() -> None:
    assert lines(compose(replace(ALERT, action=Action.REPLY), DELIVERY))[0] == "Update: Envoys sign a defence pact"


def test_a_possible_repeat_is_marked() -> None:
    assert "↻ This may repeat a message" in compose(ALERT, replace(DELIVERY, maybe_sent=True)).plain_text


def test_a_link_of_another_scheme_stays_text() -> None:
    message = compose(replace(ALERT, url="javascript:alert(1)"), DELIVERY)
    assert message.blocks[0].items[0][0].url is None


def test_many_outlets_are_counted() -> None:
    assert outlets(("A", "B")) == "A, B"
    assert outlets(("A", "B", "C", "D", "E", "F")) == "A, B, C, D +2"
