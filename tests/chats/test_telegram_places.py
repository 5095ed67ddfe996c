"""What becomes of the bot in Telegram's chats, and whose channels alerts may go to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Update

from bot.chats.chat import Happening, Inbound
from bot.chats.telegram_sdk import happening_of
from bot.errors import CommandError
from bot.model import Address, Platform
from tests.chats.test_telegram import GROUP, PRIVATE, api, chat, echo  # noqa: F401 - fixtures
from tests.doubles.bot_api import ADA, BotApi

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
        return {"status": status, "user": bot, **banned, **(ADMIN if status == "administrator" else {})}

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
        pytest.param("supergroup", "member", "administrator", None, id="made an admin"),
    ],
)
def test_what_becomes_of_the_bot(kind: str, before: str, after: str, expected: Happening | None) -> None:
    happened = happening_of(member_update(kind, before, after))
    assert (happened.happening if happened else None) is expected


async def test_a_group_that_becomes_a_supergroup_says_where_it_is(api: BotApi, echo: Any) -> None:  # noqa: ANN401, F811
    api.add_group(int(GROUP.chat))
    before = len(echo.inbound)
    await api.say("", chat=int(GROUP.chat), migrate_to_chat_id=-100555)
    await api.until(lambda: len(echo.inbound) > before)
    moved = echo.inbound[-1]
    assert (moved.happening, moved.moved_to) == (Happening.MOVED, Address(Platform.TELEGRAM, "-100555"))


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
