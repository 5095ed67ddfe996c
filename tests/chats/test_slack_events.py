"""What Slack tells of channels and of the app itself: pure readings, and what becomes of a channel's alerts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from bot.chats.chat import Happening
from bot.chats.slack import HttpMode, SlackChat
from bot.chats.slack_inbound import (
    bot_ids,
    event_id,
    from_command,
    from_direct_message,
    from_event,
    from_mention,
    from_press,
)
from bot.model import Address, Platform
from bot.store.sql import open_store
from bot.topics import lexicon as lexicons
from handlers.commands import menu
from handlers.dispatch import Dispatcher
from tests.doubles.slack_api import SIGNING_SECRET
from tests.handlers.house import ScriptedDesk
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.store.port import Store
    from tests.doubles.slack_api import SlackApi

US = frozenset({"UBOT"})
HERE = Address(Platform.SLACK, "C1")


@pytest.mark.parametrize(
    ("event", "happening"),
    [
        pytest.param({"type": "channel_archive", "channel": "C1", "user": "U1"}, Happening.GONE, id="archived"),
        pytest.param({"type": "channel_unarchive", "channel": "C1", "user": "U1"}, Happening.BACK, id="unarchived"),
        pytest.param({"type": "channel_deleted", "channel": "C1"}, Happening.GONE, id="deleted"),
        pytest.param({"type": "channel_left", "channel": "C1"}, Happening.GONE, id="the bot was removed"),
        pytest.param({"type": "group_left", "channel": "C1"}, Happening.GONE, id="removed from a private channel"),
        pytest.param(
            {"type": "member_left_channel", "channel": "C1", "user": "UBOT"}, Happening.GONE, id="the bot left"
        ),
        pytest.param(
            {"type": "member_joined_channel", "channel": "C1", "user": "UBOT"}, Happening.BACK, id="the bot came"
        ),
        pytest.param(
            {"type": "member_joined_channel", "channel": "C1", "user": "UBOT", "inviter": "U1"},
            Happening.JOINED,
            id="the bot was invited",
        ),
        pytest.param({"type": "member_left_channel", "channel": "C1", "user": "U1"}, None, id="somebody else left"),
        pytest.param({"type": "member_joined_channel", "channel": "C1", "user": "U1"}, None, id="somebody else came"),
        pytest.param({"type": "reaction_added", "channel": "C1"}, None, id="an event that means nothing"),
        pytest.param(
            {"type": "channel_id_changed", "old_channel_id": "C1", "new_channel_id": "C2"},
            Happening.MOVED,
            id="another id: it was shared with another organisation",
        ),
        pytest.param({"type": "channel_id_changed", "old_channel_id": "C1"}, None, id="another id that is not named"),
        pytest.param({"type": "channel_id_changed", "new_channel_id": "C2"}, None, id="the id of nobody knows what"),
        pytest.param({"type": "channel_archive"}, None, id="no channel"),
        pytest.param({"type": "channel_rename", "channel": {"id": 7}}, None, id="a channel that is a number"),
        pytest.param({}, None, id="nothing at all"),
    ],
)
def test_events_of_channels(event: dict[str, Any], happening: Happening | None) -> None:
    inbound = from_event(event, US)
    assert (inbound.happening if inbound else None) is happening
    assert inbound is None or inbound.address == HERE


@pytest.mark.parametrize(
    ("text", "command"),
    [
        pytest.param("<@UBOT> topics add x", "/topics add x", id="the mention, then the command"),
        pytest.param("hey <@UBOT> topics", "/topics", id="words before the mention are talk"),
        pytest.param("hey <@UBOT|backstory>, topics", "/topics", id="by its name, and a comma"),
        pytest.param("<@U1> ask <@UBOT> topics", "/topics", id="somebody else is named first"),
        pytest.param("<@UBOT> topics add <@U1>", "/topics add @U1", id="somebody else is named behind it"),
        pytest.param("<@UBOT> <@UBOT> topics", "/topics", id="named twice"),
        pytest.param("topics add x <@UBOT>", "/topics add x", id="the mention comes last"),
        pytest.param("<@U0BOT1> topics", "/topics", id="by an id of which Slack does not say that it is the bot's"),
        pytest.param("hey <@UBOT>", "/hey", id="no command"),
        pytest.param("<@UBOT>", "/help", id="nothing but the mention"),
        pytest.param("topics", "/topics", id="no mention at all"),
    ],
)
def test_what_a_mention_asks_for(text: str, command: str) -> None:
    inbound = from_mention({"channel": "C1", "user": "U1", "ts": "1.1", "text": text}, US)
    assert inbound is not None
    assert inbound.text == command


@pytest.mark.parametrize(
    ("subtype", "heard"),
    [
        pytest.param({}, True, id="a message"),
        pytest.param({"subtype": "file_share"}, True, id="with a file"),
        pytest.param({"subtype": "thread_broadcast"}, True, id="a reply in a thread that is shown in the chat, too"),
        pytest.param({"subtype": "message_changed"}, False, id="an edit"),
    ],
)
def test_what_is_said_to_the_bot_alone(subtype: dict[str, str], heard: bool) -> None:  # noqa: FBT001 - a case's second value
    said = {"channel": "D1", "channel_type": "im", "user": "U1", "ts": "1.2", "thread_ts": "1.1", "text": "topics"}
    inbound = from_direct_message(said | subtype, {"topics"})
    assert (inbound is not None) is heard
    if inbound is not None:
        assert (inbound.text, inbound.address) == ("/topics", Address(Platform.SLACK, "D1", "1.1"))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        pytest.param("general", "general", id="a public channel"),
        pytest.param("privategroup", "", id="a private one, of which Slack does not say its name"),
        pytest.param("directmessage", "", id="a direct message"),
    ],
)
def test_what_slack_calls_a_channel_by_its_kind_is_no_title(name: str, title: str) -> None:
    command = from_command({"command": "/topics", "channel_id": "C1", "channel_name": name, "user_id": "U1"})
    press = from_press(
        {
            "actions": [{"value": "why:1", "action_id": "why"}],
            "channel": {"id": "C1", "name": name},
            "message": {"ts": "1.1"},
        }
    )
    assert press is not None
    assert (command.chat_title, press.chat_title) == (title, title)


def test_a_rename_brings_the_new_name() -> None:
    inbound = from_event({"type": "channel_rename", "channel": {"id": "C1", "name": "new-name", "created": 1}}, US)
    assert inbound is not None
    assert (inbound.address, inbound.chat_title, inbound.happening) == (HERE, "new-name", Happening.RENAMED)


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        pytest.param({"authorizations": [{"user_id": "UBOT", "is_bot": True}]}, {"UBOT"}, id="the bot"),
        pytest.param({"authorizations": [{"user_id": "U1", "is_bot": False}]}, set(), id="a person"),
        pytest.param({"authorizations": "all"}, set(), id="a text"),
        pytest.param({}, set(), id="none"),
    ],
)
def test_who_the_bot_is(body: dict[str, Any], ids: set[str]) -> None:
    assert bot_ids(body) == ids


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    opened = await open_store("sqlite://")
    yield opened
    await opened.close()


@pytest.fixture
async def port(api: SlackApi, store: Store) -> AsyncIterator[int]:
    adapter = SlackChat(api.token, http=HttpMode(SIGNING_SECRET, port=0), base_url=api.base_url, timeout_s=2)
    await adapter.start(Dispatcher(ScriptedDesk(store, lexicons.load()), adapter.may_change).handle, menu())
    assert adapter.http_port is not None
    yield adapter.http_port
    await adapter.stop()


async def until_active(api: SlackApi, store: Store, *, active: bool) -> None:
    async def is_so() -> bool:
        chat = await store.known_chat(HERE)
        return chat is not None and chat.active is active

    while not await is_so():  # the test's own time-out ends it
        await api.until(lambda: True)


async def test_a_channels_alerts_wait_while_nobody_may_speak_there(api: SlackApi, store: Store, port: int) -> None:
    await store.chat_at(HERE, title="general", now=NOW)
    for kind, active in (
        ("channel_archive", False), ("channel_unarchive", True), ("channel_left", False), ("channel_unarchive", True)
    ):  # fmt: skip
        await api.deliver_event(port, api.event_body({"type": kind, "channel": "C1", "user": "U1"}))
        await until_active(api, store, active=active)


async def test_a_renamed_channel_is_called_so(api: SlackApi, store: Store, port: int) -> None:
    await store.chat_at(HERE, title="general", now=NOW)
    event = {"type": "channel_rename", "channel": {"id": "C1", "name": "press", "created": 1_700_000_000}}
    await api.deliver_event(port, api.event_body(event))
    while (chat := await store.known_chat(HERE)) is None or chat.title != "press":
        await api.until(lambda: True)


async def test_a_private_channel_that_is_shared_is_the_same_one_by_another_id(
    api: SlackApi, store: Store, port: int
) -> None:
    before = await store.chat_at(HERE, title="general", now=NOW)
    event = {"type": "channel_id_changed", "old_channel_id": "C1", "new_channel_id": "C2"}
    await api.deliver_event(port, api.event_body(event))
    while (chat := await store.known_chat(Address(Platform.SLACK, "C2"))) is None:
        await api.until(lambda: True)
    assert chat.id == before.id
    assert await store.known_chat(HERE) is None


async def test_channels_that_are_none_of_ours_are_not_taken_in(api: SlackApi, store: Store, port: int) -> None:
    await store.chat_at(HERE, title="general", now=NOW)
    for kind in ("channel_archive", "channel_unarchive", "channel_rename"):
        await api.deliver_event(port, api.event_body({"type": kind, "channel": "C2", "user": "U1"}))
    await api.deliver_event(port, api.event_body({"type": "channel_archive", "channel": "C1", "user": "U1"}))
    await until_active(api, store, active=False)
    assert await store.known_chat(Address(Platform.SLACK, "C2")) is None


async def test_a_removed_app_is_said_to_the_owner(api: SlackApi, port: int, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        await api.deliver_event(port, api.event_body({"type": "app_uninstalled"}))
        await api.until(lambda: "install the app again" in caplog.text)
    assert api.posts() == []


async def test_who_invites_the_bot_is_told_alone_what_to_do_next(api: SlackApi, store: Store, port: int) -> None:
    event = {"type": "member_joined_channel", "channel": api.channel, "user": "UBOT", "inviter": api.user}
    await api.deliver_event(port, api.event_body(event))
    await api.until(lambda: api.posts("chat.postEphemeral"))
    (whisper,) = api.posts("chat.postEphemeral")
    assert (whisper.body["user"], whisper.body["channel"]) == (api.user, api.channel)
    assert api.posts() == []
    assert await store.known_chat(Address(Platform.SLACK, api.channel)) is not None


async def until_answered(api: SlackApi, times: int) -> None:
    await api.until(lambda: len(api.posts("chat.postEphemeral")) >= times)


async def test_an_event_that_is_told_again_after_a_restart_is_no_second_command(api: SlackApi, tmp_path: Path) -> None:
    """Commands by mention: the second run has a memory of its own, and the store of the first."""
    say = {"type": "app_mention", "user": api.user, "channel": api.channel, "ts": "1700000001.000100"}
    told = [api.event_body({**say, "text": f"<@U0BOT1> {text}"}) for text in ("topics save A = @arms", "topics")]
    for answers, bodies in enumerate((told[:1], told), start=1):
        store = await open_store(f"sqlite:///{tmp_path}/b.db")
        adapter = SlackChat(api.token, http=HttpMode(SIGNING_SECRET, port=0), base_url=api.base_url, timeout_s=2)
        await adapter.start(Dispatcher(ScriptedDesk(store, lexicons.load()), adapter.may_change).handle, menu())
        for body in bodies:
            await api.deliver_event(adapter.http_port or 0, body)
        await until_answered(api, answers)
        await adapter.stop()
        await store.close()
    saved, listed = api.posts("chat.postEphemeral")
    assert "Your topics" not in saved.body["text"]
    assert "A" in listed.body["text"]


@pytest.mark.parametrize("body", [{}, {"event_id": None}, {"event_id": 7}], ids=["none", "null", "a number"])
async def test_events_without_an_id_are_all_heard(body: dict[str, Any]) -> None:
    assert event_id(body) == ""
