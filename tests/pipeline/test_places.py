"""Alerts that go to another place than the chat that asked for them: published in a feed, seen where they belong.

A forum topic and a channel on Telegram, a channel on Slack. Replies and edits follow the alert to its place; where the
place is gone the chat gets them, and is told so.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot import settings
from bot.app import Bot, remote_chats
from bot.model import Address, NoticeKind, Platform
from bot.workers.notices import Announcer
from tests.doubles.bot_api import ADA, BOT, TOKEN, ApiError, BotApi, User, bad_request
from tests.doubles.slack_api import Refusal
from tests.pipeline.feed_server import feed_server
from tests.pipeline.test_conversation import FISH, PACT, SHELLS, document
from tests.pipeline.test_ingest import pact
from tests.pipeline.test_living import GROUP, Desk, again, api, news, slack, slack_api, telegram  # noqa: F401 - fixtures
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.doubles.slack_api import SlackApi

FORUM = -1005550001
CHANNEL = -1005550002
THREAD = 7
KICKED = ApiError(403, "Forbidden: bot was kicked from the channel chat")
US = User(int(str(BOT["id"])), "Bot")


async def place(desk: Desk, to: Address) -> None:
    (topic,) = await desk.world.store.topics_of(desk.chat.id)
    await desk.world.store.send_to(desk.chat.id, topic.id, to)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("said", "within", "where"),
    [
        pytest.param("/subscribe Arms here", THREAD, (FORUM, THREAD), id="a forum topic"),
        pytest.param(f"/subscribe {CHANNEL} Arms", None, (CHANNEL, None), id="a channel"),
    ],
)
async def test_what_a_feed_publishes_comes_to_its_place_and_can_be_asked_about_there(
    said: str, within: int | None, where: tuple[int, int | None], tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        feeds = await stack.enter_async_context(feed_server())
        spec = SHARED / "specs" / "telegram-bot-api.json"
        bot_api = await stack.enter_async_context(BotApi(spec if spec.exists() else None))
        bot_api.add_group(FORUM, forum=True)
        bot_api.add_channel(CHANNEL)
        for chat in (FORUM, CHANNEL):
            for admin in (ADA, US):
                bot_api.set_member(chat, admin, "administrator")
        configured = settings.load(
            {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_BASE_URL": bot_api.base_url,
                "BACKSTORY_DATA_DIR": str(tmp_path / "data"),
                "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
                "BACKSTORY_POLL_MIN_S": "1",
                "BACKSTORY_POLL_MAX_S": "1",
                "BACKSTORY_ENCODER": "off",
            },
            folder=tmp_path,
        )
        address = feeds.serve("/feed", document(SHELLS, FISH))
        await stack.enter_async_context(Bot(configured, remote_chats(configured), sample_mode=False))

        async def say(text: str, thread: int | None = None) -> str:
            before = len(bot_api.sent)
            more: dict[str, Any] = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
            await bot_api.say(text, chat=FORUM, **more)
            await bot_api.until(lambda: len(bot_api.sent) > before)
            return bot_api.sent[-1].text

        await say(f"/feeds add {address}")
        await say("/topics save Arms = @dprk & @russia & @arms")
        assert "alerts on Arms" in await say(said, within)
        before = len(bot_api.sent)
        feeds.serve("/feed", document(SHELLS, FISH, PACT))
        await bot_api.until(lambda: any(PACT in sent.text for sent in bot_api.sent[before:]))
        (alert,) = [sent for sent in bot_api.sent[before:] if PACT in sent.text]
        assert (alert.chat, alert.thread) == where
        (why,) = [key["callback_data"] for row in alert.keyboard for key in row if key["text"] == "Why"]
        before = len(bot_api.sent)
        if where[0] == CHANNEL:
            while not any("Arms" in window for window in bot_api.windows):  # pressed before it was written down
                bot_api.windows.clear()
                await bot_api.press(alert, why, User(99, "Reader", "en"))
                await bot_api.until(lambda: len(bot_api.windows) > 0)
            assert len(bot_api.sent) == before
        else:
            await bot_api.press(alert, why, User(99, "Reader", "en"))
            await bot_api.until(lambda: len(bot_api.sent) > before)
            assert (bot_api.sent[-1].chat, bot_api.sent[-1].thread) == where
        assert bot_api.violations == []


@pytest.mark.parametrize("thread", [pytest.param(str(THREAD), id="a forum topic"), pytest.param(None, id="a channel")])
async def test_replies_and_edits_follow_the_alert_on_telegram(
    telegram: Desk,  # noqa: F811
    api: BotApi,  # noqa: F811
    thread: str | None,
) -> None:
    there = api.add_group(FORUM, forum=True) if thread else api.add_channel(CHANNEL)
    api.open_thread(FORUM, THREAD)
    await place(telegram, Address(Platform.TELEGRAM, str(there), thread))
    await telegram.tell("Harbour Wire", pact())
    await telegram.tell("Meridian Post", again(), hours=1)
    await telegram.tell("Meridian Post", news(), hours=5)
    alert, reply = api.sent
    assert {(sent.chat, sent.thread) for sent in api.sent} == {(there, int(thread) if thread else None)}
    assert (alert.edits, reply.reply_to) == (1, alert.message_id)


async def test_replies_and_edits_follow_the_alert_on_slack(slack: Desk, slack_api: SlackApi) -> None:  # noqa: F811
    other = next(number for number in await slack_api.all_channels() if number != slack_api.channel)
    await place(slack, Address(Platform.SLACK, other))
    await slack.tell("Harbour Wire", pact())
    await slack.tell("Meridian Post", again(), hours=1)
    await slack.tell("Meridian Post", news(), hours=5)
    alert, reply = slack_api.posts()
    (edit,) = slack_api.posts("chat.update")
    assert {call.body["channel"] for call in (alert, reply, edit)} == {other}
    assert (reply.body["thread_ts"], edit.body["ts"]) == (alert.answer["ts"], alert.answer["ts"])


@pytest.mark.parametrize("refusal", ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"])
async def test_what_was_for_a_thread_that_is_gone_comes_to_the_group_which_is_told(
    telegram: Desk,  # noqa: F811
    api: BotApi,  # noqa: F811
    refusal: str,
) -> None:
    await place(telegram, Address(Platform.TELEGRAM, telegram.chat.address.chat, str(THREAD)))
    api.fault("sendMessage", bad_request(refusal))
    await telegram.tell("Harbour Wire", pact())
    await telegram.send(wait_s=60)
    (alert,) = api.sent
    assert alert.thread is None
    await told_so(telegram)
    assert "come here" in api.sent[-1].text or "this chat" in api.sent[-1].text, api.sent[-1].text


@pytest.mark.parametrize(
    "moved_to", [pytest.param(None, id="to the group itself"), pytest.param("9", id="to another thread")]
)
@pytest.mark.parametrize("refusal", ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"])
async def test_a_thread_that_was_given_up_says_nothing_about_the_chat_when_it_is_gone(
    telegram: Desk,  # noqa: F811
    api: BotApi,  # noqa: F811
    refusal: str,
    moved_to: str | None,
) -> None:
    """A development hangs under its alert in that thread; now it comes to where the topic's alerts go."""
    for thread in (THREAD, 9):
        api.open_thread(GROUP, thread)
    await place(telegram, replace(telegram.chat.address, thread=str(THREAD)))
    await telegram.tell("Harbour Wire", pact())
    await place(telegram, replace(telegram.chat.address, thread=moved_to))
    api.fault("sendMessage", bad_request(refusal))
    await telegram.tell("Meridian Post", news(), hours=5)
    await telegram.send(wait_s=60)
    assert [sent.thread for sent in api.sent] == [THREAD, moved_to and int(moved_to)]
    chat = await telegram.world.store.chat(telegram.chat.id)
    assert chat is not None
    assert chat.active
    assert await telegram.world.store.notices_of(chat.id) == ()


async def test_a_channel_that_is_lost_when_an_old_thread_is_closed_says_nothing_about_the_chat(
    telegram: Desk,  # noqa: F811
    api: BotApi,  # noqa: F811
) -> None:
    """The development goes to its alert's thread first, then to where the topic's alerts go by now: that is lost."""
    api.open_thread(GROUP, THREAD)
    await place(telegram, replace(telegram.chat.address, thread=str(THREAD)))
    await telegram.tell("Harbour Wire", pact())
    await place(telegram, Address(Platform.TELEGRAM, str(api.add_channel(CHANNEL))))
    api.close_thread(GROUP, THREAD)
    api.gone[CHANNEL] = KICKED
    await telegram.tell("Meridian Post", news(), hours=5)
    chat = await telegram.world.store.chat(telegram.chat.id)
    assert chat is not None
    assert chat.active
    await telegram.send(wait_s=60)
    assert [(sent.chat, sent.thread) for sent in api.sent] == [(GROUP, THREAD), (GROUP, None)]
    await told_so(telegram)


async def test_what_was_for_a_channel_that_is_archived_comes_to_the_one_that_asked(
    slack: Desk,  # noqa: F811
    slack_api: SlackApi,  # noqa: F811
) -> None:
    await place(slack, Address(Platform.SLACK, "C0ARCHIVED"))
    slack_api.fault("chat.postMessage", Refusal("is_archived"))
    await slack.tell("Harbour Wire", pact())
    await slack.send(wait_s=60)
    assert slack_api.posts()[0].body["channel"] == slack_api.channel
    await told_so(slack)
    assert "is_archived" in slack_api.posts()[-1].body["text"]


@pytest.mark.parametrize(
    "given_up", [pytest.param(False, id="lost only now"), pytest.param(True, id="the topic has another place by now")]
)
async def test_an_edit_in_a_channel_that_is_lost_says_nothing_about_the_chat(
    telegram: Desk,  # noqa: F811
    api: BotApi,  # noqa: F811
    *,
    given_up: bool,
) -> None:
    await place(telegram, Address(Platform.TELEGRAM, str(api.add_channel(CHANNEL))))
    await telegram.tell("Harbour Wire", pact())
    if given_up:
        await place(telegram, telegram.chat.address)
    api.fault("editMessageText", KICKED, KICKED)
    await telegram.tell("Meridian Post", again(), hours=1)
    await telegram.send(wait_s=60)
    await telegram.tell("Meridian Post", news(), hours=5)
    assert [sent.chat for sent in api.sent] == [CHANNEL, GROUP]


async def test_an_edit_in_a_channel_that_is_archived_says_nothing_about_the_chat(
    slack: Desk,  # noqa: F811
    slack_api: SlackApi,  # noqa: F811
) -> None:
    other = next(number for number in await slack_api.all_channels() if number != slack_api.channel)
    await place(slack, Address(Platform.SLACK, other))
    await slack.tell("Harbour Wire", pact())
    slack_api.fault("chat.update", Refusal("is_archived"), Refusal("is_archived"))
    await slack.tell("Meridian Post", again(), hours=1)
    await slack.send(wait_s=60)
    await slack.tell("Meridian Post", news(), hours=5)
    assert [post.body["channel"] for post in slack_api.posts()] == [other, slack_api.channel]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": -1009}),
            id="it says where the group went",
        ),
        pytest.param(ApiError(403, "Forbidden: bot was kicked from the group chat"), id="the old group knows us not"),
        pytest.param(bad_request("message to edit not found"), id="the message is not there"),
    ],
)
async def test_what_was_told_before_a_group_became_a_supergroup_holds_nothing_up(
    telegram: Desk,  # noqa: F811
    api: BotApi,  # noqa: F811
    answer: ApiError,
) -> None:
    await telegram.tell("Harbour Wire", pact())
    await telegram.world.store.move_chat(telegram.chat.id, Address(Platform.TELEGRAM, str(api.add_group(-1009))))
    api.fault("editMessageText", *[answer] * 9)
    await telegram.tell("Meridian Post", again(), hours=1)
    await telegram.tell("Meridian Post", news(), hours=5)
    assert [sent.chat for sent in api.sent] == [GROUP, -1009]


async def told_so(desk: Desk) -> None:
    """Let the notice be said that a place is lost."""
    (notice,) = await desk.world.store.notices_of(desk.chat.id)
    assert notice.kind is NoticeKind.PLACE_LOST
    announcer = Announcer(desk.world.store, {desk.port.platform: desk.port}, desk.clock)
    for job in await announcer.claim(5):
        await job
