"""What becomes of the bot in Telegram's chats, and whose channels alerts may go to."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chats.chat import Happening, Inbound, Reply
from bot.chats.message import Button, Message, paragraph, text_message
from bot.chats.telegram_sdk import happening_of, inbound_of, is_captioned, is_same_text, translated
from bot.errors import ChatError, ChatGoneError, CommandError, MessageGoneError, RefusedError, TokenRefusedError
from bot.model import Address, MessageRef, Platform
from tests.chats.test_telegram import GROUP, PRIVATE, api, chat, echo  # noqa: F401 - fixtures
from tests.doubles.bot_api import ADA, BOT, TOKEN, BotApi, User, bad_request

if TYPE_CHECKING:
    from bot.chats.telegram import TelegramChat

RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
)
ADMIN = dict.fromkeys(RIGHTS.split(), True)


def member_update(kind: str, before: str, after: str) -> Update:
    def member(status: str) -> dict[str, Any]:
        bot = {"id": 7, "is_bot": True, "first_name": "Bot"}
        banned = {"until_date": 0} if status == "kicked" else {}
        rights = {**ADMIN, "can_post_messages": True} if status == "administrator" else {}
        if status == "silent administrator":
            status, rights = "administrator", {**ADMIN, "can_post_messages": False}
        return {"status": status, "user": bot, **banned, **rights}

    changed = {
        "chat": {"id": -1001, "type": kind, "title": "Desk"},
        "from": {"id": 5, "is_bot": False, "first_name": "Ada"},
        "date": int(time.time()),
        "old_chat_member": member(before),
        "new_chat_member": member(after),
    }
    update = Update.de_json({"update_id": 1, "my_chat_member": changed}, None)
    assert update is not None
    return update


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        pytest.param("supergroup", "left", "member", Happening.JOINED, id="added to a group"),
        pytest.param("group", "kicked", "member", Happening.JOINED, id="let in again"),
        pytest.param("supergroup", "member", "kicked", Happening.GONE, id="removed"),
        pytest.param("supergroup", "administrator", "left", Happening.GONE, id="left"),
        pytest.param("private", "member", "kicked", Happening.GONE, id="blocked by a person"),
        pytest.param("private", "kicked", "member", Happening.BACK, id="unblocked: no greeting"),
        pytest.param("channel", "left", "administrator", Happening.BACK, id="a channel is not greeted"),
        pytest.param("supergroup", "member", "administrator", Happening.BACK, id="made an admin: no second greeting"),
        pytest.param("supergroup", "administrator", "member", None, id="an admin no more"),
        pytest.param("supergroup", "left", "administrator", Happening.JOINED, id="added to a group as an admin"),
        pytest.param("channel", "left", "silent administrator", None, id="added to a channel, and may not post"),
        pytest.param("channel", "silent administrator", "administrator", Happening.BACK, id="may post from now on"),
        pytest.param("channel", "administrator", "silent administrator", Happening.GONE, id="may not post any more"),
    ],
)
def test_what_becomes_of_the_bot(kind: str, before: str, after: str, expected: Happening | None) -> None:
    happened = happening_of(member_update(kind, before, after))
    assert (happened.happening if happened else None) is expected
    if happened is not None:
        assert bool(happened.text) is (expected is Happening.GONE), "why it went is for the bot's owner"


async def test_a_group_that_becomes_a_supergroup_says_where_it_is(api: BotApi, echo: Any) -> None:  # noqa: ANN401, F811
    api.add_group(int(GROUP.chat))
    before = len(echo.inbound)
    await api.say("", chat=int(GROUP.chat), migrate_to_chat_id=-100555)
    await api.until(lambda: len(echo.inbound) > before)
    moved = echo.inbound[-1]
    assert (moved.happening, moved.moved_to) == (Happening.MOVED, Address(Platform.TELEGRAM, "-100555"))


@pytest.mark.parametrize(
    ("kind", "chat_type"),
    [pytest.param("message", "supergroup", id="a group"), pytest.param("channel_post", "channel", id="a channel")],
)
def test_a_chat_that_is_renamed_says_its_new_title(kind: str, chat_type: str) -> None:
    said = {"message_id": 3, "date": 1, "chat": {"id": -1007, "type": chat_type, "title": "Before"}}
    update = Update.de_json({"update_id": 1, kind: said | {"new_chat_title": "After"}}, None)
    assert update is not None
    happened = happening_of(update)
    assert happened is not None
    assert (happened.happening, happened.chat_title) == (Happening.RENAMED, "After")
    assert inbound_of(update, "BackstoryTestBot") is None


async def test_only_an_admin_may_have_alerts_sent_to_a_place(
    api: BotApi,  # noqa: F811
    chat: TelegramChat,  # noqa: F811
    echo: Any,  # noqa: ANN401, ARG001, F811
) -> None:
    api.add_group(int(GROUP.chat))
    asked = Inbound(PRIVATE, str(ADA.id))
    with pytest.raises(CommandError, match="Only an admin"):
        await chat.find_place(asked, GROUP.chat)
    api.set_member(int(GROUP.chat), ADA, "administrator")
    assert (await chat.find_place(asked, GROUP.chat)).address == GROUP
    with pytest.raises(CommandError, match="I cannot see"):
        await chat.find_place(asked, "-1009999999")
    with pytest.raises(CommandError, match="Ask me in private"):
        await chat.find_place(Inbound(GROUP, GROUP.chat), GROUP.chat)


# ---------------------------------------------------------------- a token that is refused while the bot runs


async def test_a_token_that_is_revoked_is_told_once_and_the_bot_comes_back_by_itself(
    api: BotApi,  # noqa: F811
    chat: TelegramChat,  # noqa: F811
    echo: Any,  # noqa: ANN401, F811
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.chats.telegram_connection._POLL_S", 0)
    api.token_revoked = True
    for _ in range(2):
        with pytest.raises(TokenRefusedError):
            await chat.send(PRIVATE, text_message("news"))
    await api.say("/topics")
    await api.until(lambda: any("is tried again" in record.message for record in caplog.records))
    api.token_revoked = False
    await api.say("/latest")
    await api.until(lambda: any(one.text == "/latest" for one in echo.inbound))
    await api.until(lambda: [one for one in echo.inbound if one.happening][-1].happening is Happening.ACCEPTED)
    told = [one for one in echo.inbound if one.happening is not None]
    assert {one.address for one in told} == {Address(Platform.TELEGRAM, "")}
    # A poll that was under way may end well in between.
    assert [one.happening for one in told] == [Happening.REFUSED, Happening.ACCEPTED] * (len(told) // 2)
    assert "BotFather" in told[0].text
    assert TOKEN not in caplog.text


# ---------------------------------------------------------------- channels, anonymous admins, old messages


async def test_who_presses_in_a_channel_is_answered_alone(
    api: BotApi,  # noqa: F811
    chat: TelegramChat,  # noqa: F811
    echo: Any,  # noqa: ANN401, F811
) -> None:
    channel = Address(Platform.TELEGRAM, str(api.add_channel(-1007)))
    await chat.send(channel, Message((paragraph("news"),), ((Button("Why", "why", "12"),),)))
    await api.press(api.sent[0], "why:12", User(99, "Reader", "en"))
    await api.until(lambda: len(api.windows) > 0)
    assert api.windows == ["you said why:12"]
    assert len(api.sent) == 1, "what all readers would see is not one reader's to post"
    assert [(one.address, one.user_id, one.private) for one in echo.inbound] == [(channel, "99", False)]


async def test_a_long_answer_in_a_channel_is_cut_and_none_ends_the_waiting(
    api: BotApi,  # noqa: F811
    chat: TelegramChat,  # noqa: F811
) -> None:
    said = [(Reply(text_message("ж" * 500)), Reply(text_message("more"))), ()]

    async def handler(_: Inbound) -> tuple[Reply, ...]:
        return said.pop(0)

    await chat.start(handler, ())
    channel = Address(Platform.TELEGRAM, str(api.add_channel(-1007)))
    await chat.send(channel, Message((paragraph("news"),), ((Button("Why", "why", "12"),),)))
    await api.press(api.sent[0], "why:12")
    await api.until(lambda: len(api.answered) == 1)
    await api.press(api.sent[0], "why:12")
    await api.until(lambda: len(api.answered) == 2)
    (window,) = api.windows
    assert len(window) <= 200
    assert window.endswith("…")


@pytest.mark.parametrize(
    ("speaks_as", "allowed"),
    [
        pytest.param(int(GROUP.chat), True, id="an anonymous admin speaks as the group"),
        pytest.param(-100777, False, id="who speaks as another channel is nobody's admin"),
    ],
)
async def test_who_speaks_as_a_chat(
    api: BotApi,  # noqa: F811
    chat: TelegramChat,  # noqa: F811
    echo: Any,  # noqa: ANN401, F811
    speaks_as: int,
    allowed: bool,  # noqa: FBT001 - a case's second value
) -> None:
    api.add_group(int(GROUP.chat))
    anonymous: Any = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    speaker = {"id": speaks_as, "type": "supergroup" if allowed else "channel", "title": "x"}
    await api.say("/topics@BackstoryTestBot", chat=int(GROUP.chat), sender_chat=speaker, **{"from": anonymous})
    await api.until(lambda: echo.inbound)
    (inbound,) = echo.inbound
    assert (inbound.text, inbound.user_id) == ("/topics", str(speaks_as))
    assert await chat.may_change(inbound) is allowed
    with pytest.raises(CommandError, match="Ask me in private"):
        await chat.find_place(inbound, GROUP.chat)


@pytest.mark.parametrize(
    ("text", "passed_on"),
    [
        pytest.param("/topics@BackstoryTestBot add x", ["/topics add x"], id="ours"),
        pytest.param("/topics@AnotherBot add x", [], id="another bot's"),
        pytest.param("talk about /topics", [], id="talk"),
    ],
)
async def test_of_a_channels_posts_commands_to_us_are_heeded(text: str, passed_on: list[str]) -> None:
    post = {"message_id": 3, "date": 1, "chat": {"id": -1007, "type": "channel", "title": "Ours"}, "text": text}
    post["sender_chat"] = post["chat"]
    update = Update.de_json({"update_id": 1, "channel_post": post}, None)
    assert update is not None
    inbound = inbound_of(update, "BackstoryTestBot")
    assert ([] if inbound is None else [inbound.text]) == passed_on
    assert inbound is None or inbound.user_id == inbound.address.chat, "only its admins write in a channel"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"text": "/topics@BackstoryTestBot"}, id="a command"),
        pytest.param(
            {"caption": "/import", "document": {"file_id": "f", "file_unique_id": "u"}}, id="a file with a command"
        ),
    ],
)
def test_what_a_channel_posts_is_not_said_again_in_the_group_that_talks_about_it(more: Any) -> None:  # noqa: ANN401 - fields
    """Telegram forwards each post of a channel into the group that is linked to it."""
    said = {"message_id": 3, "date": 1, "chat": {"id": -1008, "type": "supergroup", "title": "Talk"}, **more}
    channel = {"id": -1007, "type": "channel", "title": "Ours"}
    origin = {"type": "channel", "date": 1, "chat": channel, "message_id": 9}
    forwarded = said | {"sender_chat": channel, "forward_origin": origin, "is_automatic_forward": True}
    for message, heeded in ((said, True), (forwarded, False)):
        update = Update.de_json({"update_id": 1, "message": message}, None)
        assert update is not None
        assert (inbound_of(update, "BackstoryTestBot") is not None) is heeded


async def test_a_press_under_a_message_that_is_too_old_to_be_seen_counts() -> None:
    query = {
        "id": "1",
        "from": {"id": 5, "is_bot": False, "first_name": "Ada"},
        "chat_instance": "1",
        "message": {"message_id": 3, "date": 0, "chat": {"id": -1001, "type": "supergroup", "title": "Desk"}},
        "data": "why:12",
    }
    update = Update.de_json({"update_id": 1, "callback_query": query}, None)
    assert update is not None
    pressed = inbound_of(update, "BackstoryTestBot")
    assert pressed is not None
    place = Address(Platform.TELEGRAM, "-1001")
    assert (pressed.data, pressed.address, pressed.replied_to) == ("why:12", place, MessageRef(place, "3"))


async def test_a_channel_by_its_name_is_its_admins_to_choose(
    api: BotApi,  # noqa: F811
    chat: TelegramChat,  # noqa: F811
    echo: Any,  # noqa: ANN401, ARG001, F811
) -> None:
    api.add_channel(-1007)
    asked = Inbound(PRIVATE, str(ADA.id))
    with pytest.raises(CommandError):
        await chat.find_place(asked, "-1007")
    api.set_member(-1007, ADA, "administrator")
    with pytest.raises(CommandError, match="I am not allowed to post"):
        await chat.find_place(asked, "-1007")
    api.set_member(-1007, User(int(str(BOT["id"])), "Bot"), "administrator")
    assert (await chat.find_place(asked, "-1007")).address == Address(Platform.TELEGRAM, "-1007")


async def test_a_forum_topic_that_is_closed_or_deleted_is_a_place_that_is_gone_until_it_is_opened_again(
    api: BotApi,  # noqa: F811
    chat: TelegramChat,  # noqa: F811
) -> None:
    group = api.add_group(int(GROUP.chat), forum=True)
    there = Address(Platform.TELEGRAM, GROUP.chat, "7")
    for change, taken in (
        (api.open_thread, True),
        (api.close_thread, False),
        (api.open_thread, True),
        (api.delete_thread, False),
    ):
        change(group, 7)
        before = len(api.sent)
        with nullcontext() if taken else pytest.raises(ChatGoneError):
            await chat.send(there, text_message("news"))
        assert len(api.sent) == before + taken
    api.fault("sendMessage", bad_request("TOPIC_DELETED"))  # so it is called elsewhere
    with pytest.raises(ChatGoneError):
        await chat.send(there, text_message("news"))


# ---------------------------------------------------------------- what Telegram says, and what it quotes of us


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        pytest.param(BadRequest("Bad Request: chat not found"), ChatGoneError, id="its own words about the chat"),
        pytest.param(BadRequest("Bad Request: message can't be edited"), MessageGoneError, id="with an apostrophe"),
        pytest.param(
            BadRequest("Bad Request: inline keyboard button URL 'https://a.example/chat not found' is invalid"),
            RefusedError,
            id="a link that says that a chat is gone",
        ),
        pytest.param(
            BadRequest("Bad Request: inline keyboard button URL 'https://a.example/it's a user not found' is invalid"),
            RefusedError,
            id="a link with a quotation mark in it",
        ),
        pytest.param(
            BadRequest('Bad Request: can\'t parse "message to edit not found": it is no JSON'),
            RefusedError,
            id="double quotation marks, after an apostrophe",
        ),
        pytest.param(
            BadRequest("Bad Request: URL 'https://a.example/not enough rights to send photos' with chat not found"),
            RefusedError,
            id="nothing behind a quotation counts: nobody can tell where it ends",
        ),
        pytest.param(
            Forbidden("Forbidden: bot was blocked by 'chat_send_photos_forbidden'"), ChatGoneError, id="who forbids"
        ),
    ],
)
def test_what_telegram_quotes_of_us_says_nothing_of_the_chat(error: TelegramError, kind: type[ChatError]) -> None:
    assert type(translated(error, PRIVATE)) is kind


@pytest.mark.parametrize("asks", [is_same_text, is_captioned])
def test_an_edit_is_not_judged_by_what_telegram_quotes_of_it(asks: Any) -> None:  # noqa: ANN401 - either of the two
    own = {is_same_text: "message is not modified", is_captioned: "there is no text in the message to edit"}[asks]
    assert asks(RefusedError(f"Bad Request: {own}"))
    assert not asks(RefusedError(f"Bad Request: URL 'https://a.example/{own}' is invalid"))
