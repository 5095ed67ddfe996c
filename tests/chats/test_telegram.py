"""The Telegram adapter against a Bot API server on localhost."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest

from bot.chats.chat import CommandHint, Happening, Inbound, Reply
from bot.chats.message import Button, Message, paragraph, text_message
from bot.chats.telegram import TelegramChat
from bot.errors import (
    ChatError,
    ChatGoneError,
    ChatMovedError,
    MaybeSentError,
    MessageGoneError,
    NotSentError,
    RefusedError,
    RetryAfterError,
    SettingsError,
    TokenRefusedError,
)
from bot.model import Address, MessageRef, Platform
from tests.doubles.bot_api import ADA, TOKEN, ApiError, BotApi, Fault, User, bad_request, too_many_requests
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SPEC = SHARED / "specs" / "telegram-bot-api.json"
MENU = (CommandHint("topics", "Your topics"), CommandHint("help", "What I can do"))
PRIVATE = Address(Platform.TELEGRAM, str(ADA.id))
GROUP = Address(Platform.TELEGRAM, "-100200300")


class Echo:
    """A handler that keeps what comes in and answers with the text."""

    def __init__(self) -> None:
        self.inbound: list[Inbound] = []

    async def __call__(self, inbound: Inbound) -> tuple[Reply, ...]:
        self.inbound.append(inbound)
        return (Reply(text_message(f"you said {inbound.text or inbound.data}")),)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(SPEC if SPEC.exists() else None) as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def chat(api: BotApi) -> AsyncIterator[TelegramChat]:
    adapter = TelegramChat(TOKEN, base_url=api.base_url, timeout_s=2)
    yield adapter
    await adapter.stop()


@pytest.fixture
async def echo(api: BotApi, chat: TelegramChat) -> Echo:
    handler = Echo()
    await chat.start(handler, MENU)
    await api.say("/start")
    await api.arrived(1)
    handler.inbound.clear()
    api.sent.clear()
    return handler


async def test_an_update_that_a_killed_process_left_unconfirmed_comes_with_the_same_number(api: BotApi) -> None:
    """So that whoever takes it can know that it was heard; another update has another number."""
    heard = Echo()
    await api.say("/start")
    for run in (1, 2, 3):
        adapter = TelegramChat(TOKEN, base_url=api.base_url, timeout_s=2)
        await adapter.start(heard, MENU)
        await api.arrived(run)
        await adapter.stop()
        await (api.bring_again(api.brought[0]) if run == 1 else api.say("/start"))
    first, again, other = [inbound.event for inbound in heard.inbound]
    assert first == again != other


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(True, id="no message"),
        pytest.param({"text": 7}, id="a message without a chat"),
        pytest.param({"message_id": 1, "date": 2**70, "chat": {"id": 1, "type": "private"}}, id="a date beyond all"),
        pytest.param({"message_id": 1, "date": 1, "chat": {"id": [], "type": "private"}}, id="a chat without a number"),
    ],
)
async def test_an_update_that_cannot_be_read_holds_up_no_other(
    api: BotApi, chat: TelegramChat, message: object, caplog: pytest.LogCaptureFixture
) -> None:
    await chat.start(echo := Echo(), MENU)
    await api.bring_again({"update_id": 1, "message": message})
    await api.bring_again({"update_id": 1, "message": message})
    await api.say("/after what no log should hold")
    await api.arrived(1)
    assert [inbound.text for inbound in echo.inbound] == ["/after what no log should hold"]
    assert "no log should hold" not in caplog.text
    polls = [call for call in api.calls if call[0] == "getUpdates"]
    assert len(polls) < 10


async def test_where_an_earlier_run_was_asked_to_wait_answers_wait_too(api: BotApi, chat: TelegramChat) -> None:
    api.add_group(int(GROUP.chat))
    await chat.hold(PRIVATE, 60)
    with pytest.raises(RetryAfterError):
        await chat.send(PRIVATE, text_message("Too soon."))
    await chat.send(GROUP, text_message("Elsewhere."))
    assert [sent.text for sent in api.sent] == ["Elsewhere."]


async def test_start_sets_the_menu_and_a_command_gets_its_answer(api: BotApi, chat: TelegramChat) -> None:
    echo = Echo()
    await chat.start(echo, MENU)
    assert set(api.menus) == {"", "ru", "uk", "ko"}
    assert api.menus[""] == [
        {"command": "topics", "description": "Your topics"},
        {"command": "help", "description": "What I can do"},
    ]
    await api.say("/topics add DPRK-Russia arms", User(7001, "Ada", "ko"))
    (answer,) = await api.arrived(1)
    assert answer.text == "you said /topics add DPRK-Russia arms"
    assert echo.inbound == [
        Inbound(
            PRIVATE,
            "7001",
            "/topics add DPRK-Russia arms",
            chat_title="Ada",
            private=True,
            lang="ko",
            bot_name="BackstoryTestBot",
        )
    ]


@pytest.mark.parametrize(
    ("text", "passed_on"),
    [
        pytest.param("/topics@BackstoryTestBot add x", "/topics add x", id="our own name is taken off"),
        pytest.param("/topics@backstorytestbot", "/topics", id="in any case"),
        pytest.param("hello there", "hello there", id="talk in private is passed on"),
        pytest.param("/topics add a\nb", "/topics add a\nb", id="several lines"),
    ],
)
async def test_private_texts(api: BotApi, echo: Echo, text: str, passed_on: str) -> None:
    await api.say(text)
    await api.arrived(1)
    assert [inbound.text for inbound in echo.inbound] == [passed_on]


async def test_a_group_passes_on_commands_for_us_alone_and_answers_under_them(api: BotApi, echo: Echo) -> None:
    group = api.add_group(int(GROUP.chat))
    await api.say("talk among themselves", chat=group)
    await api.say("/topics@OtherBot", chat=group)
    asked = await api.say("/topics", chat=group)
    (answer,) = await api.arrived(1)
    assert [(i.text, i.private, i.chat_title) for i in echo.inbound] == [("/topics", False, "Desk")]
    assert (answer.chat, answer.reply_to) == (group, asked["message_id"])


async def test_a_forum_topic_is_kept(api: BotApi, echo: Echo) -> None:
    group = api.add_group(int(GROUP.chat), forum=True)
    created = {"message_id": 1, "date": 0, "chat": {"id": group, "type": "supergroup"}}
    first = created | {"forum_topic_created": {"name": "Arms", "icon_color": 7322096}}
    await api.say("/topics", chat=group, message_thread_id=42, is_topic_message=True, reply_to_message=first)
    (answer,) = await api.arrived(1)
    assert echo.inbound[0].address == Address(Platform.TELEGRAM, GROUP.chat, "42")
    assert echo.inbound[0].replied_to is None
    assert answer.thread == 42


@pytest.mark.parametrize("gone", [False, True])
async def test_an_answer_that_edits_takes_the_messages_place_or_stands_alone(
    api: BotApi, chat: TelegramChat, *, gone: bool
) -> None:
    async def saved(_: Inbound) -> tuple[Reply, ...]:
        return (Reply(text_message("saved"), edit=True),)

    await chat.start(saved, MENU)
    await api.say("/start")
    await api.arrived(1)
    api.sent.clear()
    await chat.send(PRIVATE, Message((paragraph("Proposal"),), ((Button("Save", "save", "1"),),)))
    (sent,) = await api.arrived(1)
    if gone:
        api.messages.clear()
        api.sent.clear()
    await api.press(sent, "save:1")
    await api.until(lambda: [each.text for each in api.sent] == ["saved"])
    assert api.sent[0].edits == (0 if gone else 1)
    assert not api.sent[0].keyboard


async def test_a_reply_and_a_press_name_the_message_that_they_are_about(
    api: BotApi, chat: TelegramChat, echo: Echo
) -> None:
    alert = Message((paragraph("An alert"),), ((Button("Why", "why", "12"),),))
    ref = await chat.send(PRIVATE, alert)
    (sent,) = await api.arrived(1)
    await api.press(sent, "why:12")
    await api.until(lambda: len(echo.inbound) == 1)
    await api.say("/why", reply_to_message=api._message_json(sent))  # noqa: SLF001 - as a client would quote it
    answers = await api.arrived(3)
    press, command = echo.inbound
    assert (press.data, press.text, press.replied_to) == ("why:12", "", ref)
    assert (command.text, command.replied_to) == ("/why", ref)
    assert len(api.answered) == 1
    assert answers[1].reply_to == sent.message_id


async def test_edit_replaces_the_text_and_the_same_text_is_no_error(
    api: BotApi, chat: TelegramChat, echo: Echo
) -> None:
    ref = await chat.send(PRIVATE, text_message("first"))
    await chat.edit(ref, text_message("second"))
    (sent,) = api.sent
    assert (sent.text, sent.edits) == ("second", 1)
    await chat.edit(ref, text_message("second"))
    assert sent.edits == 1
    assert echo.inbound == []


async def test_edit_of_a_deleted_message_is_told_apart(api: BotApi, chat: TelegramChat, echo: Echo) -> None:
    ref = await chat.send(PRIVATE, text_message("first"))
    api.forget(api.sent[0])
    with pytest.raises(MessageGoneError):
        await chat.edit(ref, text_message("second"))
    assert echo.inbound == []


async def test_a_reply_hangs_under_its_message_unless_that_is_gone_or_elsewhere(
    api: BotApi, chat: TelegramChat, echo: Echo
) -> None:
    first = await chat.send(PRIVATE, text_message("first"))
    await chat.send(PRIVATE, text_message("second"), reply_to=first)
    await chat.send(PRIVATE, text_message("third"), reply_to=MessageRef(PRIVATE, "9999"))
    assert [sent.reply_to for sent in api.sent] == [None, int(first.message_id), None]
    api.fault("sendMessage", bad_request("message to be replied not found"))
    await chat.send(PRIVATE, text_message("fourth"), reply_to=first)
    api.add_group(int(GROUP.chat))
    await chat.send(GROUP, text_message("fifth"), reply_to=first)
    assert [(sent.text, sent.reply_to) for sent in api.sent[3:]] == [("fourth", None), ("fifth", None)]
    assert echo.inbound == []


@pytest.mark.parametrize(
    ("fault", "kind", "arrives"),
    [
        pytest.param(too_many_requests(7), RetryAfterError, 0, id="429"),
        pytest.param(ApiError(403, "Forbidden: bot was blocked by the user"), ChatGoneError, 0, id="blocked"),
        pytest.param(bad_request("chat not found"), ChatGoneError, 0, id="chat not found"),
        pytest.param(
            bad_request("not enough rights to send text messages to the chat"), ChatGoneError, 0, id="no rights"
        ),
        pytest.param(ApiError(403, "Forbidden: CHAT_SEND_PLAIN_FORBIDDEN"), ChatGoneError, 0, id="no leave to write"),
        pytest.param(bad_request("CHAT_RESTRICTED"), ChatGoneError, 0, id="a chat that Telegram has closed"),
        pytest.param(bad_request("USER_BANNED_IN_CHANNEL"), ChatGoneError, 0, id="a bot that Telegram has silenced"),
        pytest.param(
            ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": -1009},
            ),
            ChatMovedError,
            0,
            id="migrated",
        ),
        pytest.param(bad_request("message to be replied not found"), MessageGoneError, 0, id="reply target gone"),
        pytest.param(bad_request("message text is empty"), RefusedError, 0, id="any other refusal"),
        pytest.param(ApiError(401, "Unauthorized"), TokenRefusedError, 0, id="token revoked"),
        pytest.param(ApiError(502, "Bad Gateway"), MaybeSentError, 0, id="502"),
        pytest.param(ApiError(500, "Internal Server Error"), MaybeSentError, 0, id="500"),
        pytest.param(Fault.HANG_AFTER, MaybeSentError, 1, id="delivered but never answered"),
        pytest.param(Fault.DROP_AFTER, MaybeSentError, 1, id="delivered, then the connection broke"),
        pytest.param(Fault.DROP_BEFORE, MaybeSentError, 0, id="the connection broke after writing"),
        pytest.param(Fault.NOT_JSON_AFTER, MaybeSentError, 1, id="an answer that is none"),
    ],
)
async def test_faults_become_our_errors(
    api: BotApi, chat: TelegramChat, echo: Echo, fault: ApiError | Fault, kind: type[ChatError], arrives: int
) -> None:
    api.fault("sendMessage", fault)
    with pytest.raises(kind) as caught:
        await chat.send(PRIVATE, text_message("news"))
    assert type(caught.value) is kind
    assert len(api.sent) == arrives
    assert TOKEN not in str(caught.value)
    if isinstance(caught.value, RetryAfterError):
        assert caught.value.seconds == 7
    if isinstance(caught.value, ChatMovedError):
        assert caught.value.to == Address(Platform.TELEGRAM, "-1009")
    assert echo.inbound == []


async def test_nothing_is_sent_before_retry_after_is_over(api: BotApi, chat: TelegramChat, echo: Echo) -> None:
    api.fault("sendMessage", too_many_requests(60))
    with pytest.raises(RetryAfterError):
        await chat.send(PRIVATE, text_message("one"))
    calls = len(api.calls)
    with pytest.raises(RetryAfterError) as caught:
        await chat.send(PRIVATE, text_message("two"))
    assert caught.value.seconds > 55
    assert [call for call in api.calls[calls:] if call[0] == "sendMessage"] == []
    assert echo.inbound == []


async def test_an_answer_that_is_told_to_wait_is_made_known(api: BotApi, echo: Echo) -> None:
    api.fault("sendMessage", too_many_requests(60))
    await api.say("/help")
    while len(echo.inbound) < 2:  # noqa: ASYNC110 - what a handler hears sets no event
        await asyncio.sleep(0.01)
    assert [(one.happening, one.wait_s) for one in echo.inbound] == [(None, 0), (Happening.HUSHED, 60)]
    assert echo.inbound[1].address == echo.inbound[0].address


async def test_no_server_means_not_sent() -> None:
    async with BotApi() as api:
        base_url = api.base_url
    chat = TelegramChat(TOKEN, base_url=base_url, timeout_s=2)
    with pytest.raises(NotSentError):
        await chat.send(PRIVATE, text_message("news"))
    await chat.stop()


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "setMyCommands"])
async def test_a_network_that_is_down_at_the_start_does_not_stop_the_bot(
    api: BotApi, chat: TelegramChat, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr("bot.chats.telegram_connection._FIRST_RETRY_S", 0.01)
    api.fault(method, Fault.DROP_BEFORE, ApiError(502, "Bad Gateway"))
    await chat.start(Echo(), MENU)
    await api.say("/help")
    (answer,) = await api.arrived(1)
    assert answer.text == "you said /help"


async def test_a_refused_token_is_said_in_words_without_the_token(api: BotApi) -> None:
    chat = TelegramChat("1:wrong", base_url=api.base_url)
    for attempt in (chat.check, lambda: chat.start(Echo(), MENU)):
        with pytest.raises(SettingsError, match="BotFather") as caught:
            await attempt()
        assert "1:wrong" not in str(caught.value)
    await chat.stop()


@pytest.mark.parametrize("suffix", ["", "/", "/bot", "/bot/"])
async def test_the_base_url_may_end_in_bot(api: BotApi, suffix: str) -> None:
    chat = TelegramChat(TOKEN, base_url=api.base_url + suffix)
    assert await chat.check() == "Telegram: @BackstoryTestBot (Backstory)"
    await chat.stop()
    await chat.stop()


@pytest.mark.parametrize(
    ("status", "may"),
    [("creator", True), ("administrator", True), ("member", False), ("left", False)],
)
async def test_in_groups_admins_change_things(
    api: BotApi, chat: TelegramChat, echo: Echo, *, status: str, may: bool
) -> None:
    api.add_group(int(GROUP.chat))
    api.set_member(int(GROUP.chat), ADA, status)
    inbound = Inbound(GROUP, str(ADA.id), "/topics", private=False)
    assert [await chat.may_change(inbound) for _ in range(3)] == [may] * 3
    assert [name for name, *_ in api.calls].count("getChatMember") == 1
    assert echo.inbound == []


async def test_an_anonymous_admin_is_an_admin_and_everybody_is_in_private(
    api: BotApi, chat: TelegramChat, echo: Echo
) -> None:
    group = api.add_group(int(GROUP.chat))
    as_group = {"sender_chat": {"id": group, "type": "supergroup", "title": "Desk"}}
    await api.say("/topics add x", User(1087968824, "Group"), chat=group, **as_group)
    await api.arrived(1)
    assert await chat.may_change(echo.inbound[0])
    assert await chat.may_change(Inbound(PRIVATE, "7001"))
    assert "getChatMember" not in [name for name, *_ in api.calls]


async def test_a_slow_chat_does_not_hold_up_another_and_keeps_its_own_order(api: BotApi, chat: TelegramChat) -> None:
    release = asyncio.Event()
    done: list[str] = []

    async def handler(inbound: Inbound) -> tuple[Reply, ...]:
        if inbound.text == "/slow":
            await release.wait()
        done.append(inbound.text)
        return ()

    await chat.start(handler, MENU)
    await api.say("/slow", User(1))
    await api.say("/after", User(1))
    await api.say("/quick", User(2))
    await api.until(lambda: done == ["/quick"])
    release.set()
    await api.until(lambda: done == ["/quick", "/slow", "/after"])


async def test_a_handler_that_fails_ends_nothing(
    api: BotApi, chat: TelegramChat, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(inbound: Inbound) -> tuple[Reply, ...]:
        if inbound.text == "/bad":
            raise ZeroDivisionError
        return (Reply(text_message("fine")),)

    await chat.start(handler, MENU)
    await api.say("/bad")
    await api.say("/good")
    assert [sent.text for sent in await api.arrived(1)] == ["fine"]
    assert "a handler failed" in caplog.text


async def test_stop_lets_a_handler_finish(api: BotApi, chat: TelegramChat) -> None:
    begun = asyncio.Event()

    async def handler(_: Inbound) -> tuple[Reply, ...]:
        begun.set()
        await asyncio.sleep(0.05)
        return (Reply(text_message("done")),)

    await chat.start(handler, MENU)
    await api.say("/slow")
    await begun.wait()
    await chat.stop()
    assert [sent.text for sent in api.sent] == ["done"]


async def test_a_long_answer_comes_in_parts(api: BotApi, chat: TelegramChat) -> None:
    async def handler(_: Inbound) -> tuple[Reply, ...]:
        return (Reply(text_message(*(f"Line {n}. " + "word " * 100 for n in range(10)))),)

    await chat.start(handler, MENU)
    await api.say("/long")
    parts = await api.arrived(2)
    assert "".join(part.text for part in parts).count("Line") == 10


async def test_the_token_reaches_no_log(api: BotApi, chat: TelegramChat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    await chat.start(Echo(), MENU)
    await api.say("/help")
    await api.arrived(1)
    api.fault("sendMessage", Fault.DROP_AFTER)
    with pytest.raises(MaybeSentError):
        await chat.send(PRIVATE, text_message("x"))
    assert TOKEN not in caplog.text


async def test_a_fan_out_keeps_to_the_overall_pace(api: BotApi, chat: TelegramChat) -> None:
    people = [User(id=number) for number in range(1, 46)]
    for person in people:
        await api.say("/start", person)
    addresses = [Address(Platform.TELEGRAM, str(person.id)) for person in people]
    await asyncio.gather(*(chat.send(address, text_message("news")) for address in addresses))
    times = sorted(at for name, _, at in api.calls if name == "sendMessage")
    assert len(times) == 45
    assert times[-1] - times[0] >= 44 / 30 - 0.1
    assert api.floods == 0


@pytest.mark.parametrize("address", ["general", "", "12x"])
async def test_what_is_no_chat_of_telegrams_is_refused(chat: TelegramChat, address: str) -> None:
    with pytest.raises(RefusedError):
        await chat.send(Address(Platform.TELEGRAM, address), text_message("x"))


async def test_polling_goes_on_after_faults(
    api: BotApi, chat: TelegramChat, echo: Echo, caplog: pytest.LogCaptureFixture
) -> None:
    api.fault("getUpdates", Fault.DROP_BEFORE, ApiError(502, "Bad Gateway"))
    await api.say("/one")
    await api.until(lambda: [inbound.text for inbound in echo.inbound] == ["/one"])
    await api.say("/two")
    await api.until(lambda: [inbound.text for inbound in echo.inbound] == ["/one", "/two"])
    await chat.stop()
    assert "is tried again" in caplog.text
