"""Every kind of message as each platform gets it: compared with kept drawings, and judged by the platforms' own rules.

``python -m tests.golden --write`` draws the files anew; look at the difference before you commit it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from telegram import Chat, MessageEntity
from telegram import Message as TelegramMessage

from bot.chats import slack_blocks, telegram_entities
from tests.doubles import block_kit
from tests.doubles.bot_api_entities import entity_faults
from tests.doubles.tdlib import TDLIB_NAMES, as_tdlib, tdlib
from tests.golden.drawing import DRAWINGS, golden
from tests.golden.messages import MESSAGES
from tests.shared_data import shared

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.chats.message import Message
    from bot.chats.telegram_entities import Rendered

Json = Any

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("kind", DRAWINGS)
def test_drawings_are_as_kept(name: str, kind: str) -> None:
    draw: Callable[[Message], str] = DRAWINGS[kind]
    assert draw(MESSAGES[name]) == golden(name, kind).read_text(encoding="utf-8")


def rendered_for_telegram() -> list[Json]:
    return [
        pytest.param(part, id=f"{name}-{number}")
        for name, message in MESSAGES.items()
        for number, part in enumerate((telegram_entities.render(message), *telegram_entities.render_parts(message)))
    ]


@pytest.mark.parametrize("rendered", rendered_for_telegram())
def test_telegram_reads_the_text_and_entities_that_we_send(rendered: Rendered) -> None:
    parsed = tdlib("parseTextEntities", text=as_html(rendered), parse_mode={"@type": "textParseModeHTML"})
    assert parsed["@type"] == "formattedText", parsed
    assert parsed["text"] == rendered.text
    found = {
        (TDLIB_NAMES[e["type"]["@type"]], e["offset"], e["length"], e["type"].get("url")) for e in parsed["entities"]
    }
    assert found == {(e.type, e.offset, e.length, e.url) for e in rendered.entities}


@pytest.mark.parametrize("rendered", rendered_for_telegram())
def test_telegram_takes_the_entities_that_we_send(rendered: Rendered) -> None:
    taken = tdlib("getMarkdownText", text=as_tdlib(rendered))
    assert taken["@type"] == "formattedText", taken


@pytest.mark.parametrize("rendered", rendered_for_telegram())
def test_telegram_finds_no_mention_in_a_text(rendered: Rendered) -> None:
    found = tdlib("getTextEntities", text=rendered.text)["entities"]
    bare = [(e.offset, e.offset + e.length) for e in rendered.entities if e.type in ("code", "pre")]
    mentions = [e for e in found if "Mention" in e["type"]["@type"]]
    assert [e for e in mentions if not any(start <= e["offset"] < end for start, end in bare)] == []


@pytest.mark.parametrize("rendered", rendered_for_telegram())
def test_telegram_limits_hold(rendered: Rendered) -> None:
    assert 1 <= len(rendered.text.encode("utf-16-le")) // 2 <= 4096
    entities = [{"type": e.type, "offset": e.offset, "length": e.length, "url": e.url} for e in rendered.entities]
    assert entity_faults(rendered.text, entities) == []
    keys = [key for row in rendered.keyboard for key in row]
    assert all(len(row) <= 8 for row in rendered.keyboard)
    assert all(len((key.data or "").encode()) <= 64 for key in keys)


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_limits_hold(name: str) -> None:
    for payload in (slack_blocks.render(MESSAGES[name]), *slack_blocks.render_parts(MESSAGES[name])):
        assert block_kit.faults(list(payload.blocks)) == []
        assert 1 <= len(payload.text) <= 4000


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_blocks_are_of_the_published_shape(name: str) -> None:
    schema = json.loads(shared("specs", "slack", "Blocks.schema.json").read_text(encoding="utf-8"))
    payload = slack_blocks.render(MESSAGES[name])
    jsonschema.Draft7Validator(schema).validate(list(payload.blocks))


@pytest.mark.parametrize("name", MESSAGES)
def test_nothing_in_a_slack_message_calls_anybody(name: str) -> None:
    payload = slack_blocks.render(MESSAGES[name])
    for text in (payload.text, *block_kit.texts(list(payload.blocks))):
        assert not any(call in text for call in ("<!", "<@", "<#"))


@pytest.mark.parametrize("name", MESSAGES)
def test_a_pipe_gets_no_control_characters(name: str) -> None:
    text = golden(name, "console.txt").read_text(encoding="utf-8")
    assert all(char == "\n" or char.isprintable() or char in "\u200c\u200d" for char in text)


def as_html(rendered: Rendered) -> str:
    """The text and entities as HTML, by the SDK's own conversion."""
    entities = [MessageEntity(e.type, e.offset, e.length, url=e.url) for e in rendered.entities]
    chat = Chat(1, Chat.PRIVATE)
    return TelegramMessage(1, _EPOCH, chat, text=rendered.text, entities=entities).text_html
