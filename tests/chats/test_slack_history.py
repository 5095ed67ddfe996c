"""Before it repeats a message, Slack is asked whether the first one arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.chats.chat import Errand, Sight
from bot.chats.message import Attachment, AttachmentKind, Message, paragraph, text_message
from bot.errors import MaybeSentError, NotSentError, RetryAfterError
from bot.model import Address, MessageRef, Platform
from tests.doubles.slack_api import Fault, Refusal, SlackApi
from tests.shared_data import SHARED

SCHEMAS = SHARED / "specs" / "slack"
if TYPE_CHECKING:
    from bot.chats.slack import SlackChat

WITH_A_FILE = Message(
    (paragraph("on its own"),), attachments=(Attachment(AttachmentKind.FILE, "export.json", b"{}", "An export"),)
)
SINCE = datetime.now(UTC) - timedelta(minutes=1)


@pytest.fixture
def home(api: SlackApi) -> Address:
    return Address(Platform.SLACK, api.channel)


async def begin() -> None:
    """Nothing stands against it."""


async def test_a_message_that_arrived_though_nobody_said_so_is_found(
    chat: SlackChat, api: SlackApi, home: Address
) -> None:
    api.fault("chat.postMessage", Fault.DROP_AFTER)
    with pytest.raises(MaybeSentError):
        await chat.send(home, text_message("news"), errand=Errand(4711, begin))
    found = await chat.find_sent(home, 4711, since=SINCE)
    assert isinstance(found, MessageRef)
    assert found.message_id == api.posts()[-1].answer["ts"]
    assert await chat.find_sent(home, 4712, since=SINCE) is Sight.ABSENT


async def test_a_reply_is_found_in_its_thread(chat: SlackChat, api: SlackApi, home: Address) -> None:
    first = await chat.send(home, text_message("news"), errand=Errand(1001, begin))
    api.fault("chat.postMessage", Fault.DROP_AFTER)
    with pytest.raises(MaybeSentError):
        await chat.send(home, text_message("more"), reply_to=first, errand=Errand(1002, begin))
    found = await chat.find_sent(home, 1002, since=SINCE, reply_to=first)
    assert isinstance(found, MessageRef)
    assert (found.message_id, found.address.thread) == (api.posts()[-1].answer["ts"], first.message_id)


async def test_a_reply_to_a_message_that_was_deleted_stands_in_the_channel_and_begins_a_thread_there(
    chat: SlackChat, api: SlackApi, home: Address
) -> None:
    """Slack refuses no such reply: that it is in no thread is said by its answer alone."""
    first = await chat.send(home, text_message("news"), errand=Errand(1, begin))
    reply = await chat.send(home, text_message("more"), reply_to=first, errand=Errand(2, begin))
    assert reply.address.thread == first.message_id
    await api.delete(first.message_id)
    alone = await chat.send(home, WITH_A_FILE, reply_to=reply, errand=Errand(3, begin))
    assert alone.address == home
    assert [file.thread for file in api.files.values()] == [None], "a file is where its text is"
    later = await chat.send(home, text_message("later"), reply_to=alone, errand=Errand(4, begin))
    assert later.address.thread == alone.message_id
    assert await chat.find_sent(home, 4, since=SINCE, reply_to=alone) == later


@pytest.mark.parametrize("replies", [pytest.param(0, id="nothing else"), pytest.param(1, id="another reply")])
async def test_a_reply_of_which_nobody_said_that_it_is_in_no_thread_is_found_in_the_channel(
    chat: SlackChat, api: SlackApi, home: Address, replies: int
) -> None:
    first = await chat.send(home, text_message("news"), errand=Errand(1, begin))
    for _ in range(replies):
        await chat.send(home, text_message("more"), reply_to=first, errand=Errand(2, begin))
    await api.delete(first.message_id)
    api.fault("chat.postMessage", Fault.DROP_AFTER)
    with pytest.raises(MaybeSentError):
        await chat.send(home, text_message("later"), reply_to=first, errand=Errand(3, begin))
    found = await chat.find_sent(home, 3, since=SINCE, reply_to=first)
    assert found == MessageRef(home, api.posts()[-1].answer["ts"])
    nothing = await chat.find_sent(home, 4, since=SINCE, reply_to=first)
    assert nothing is (Sight.ABSENT if replies else None), "of a thread that is not there nobody knows what was in it"


async def test_what_never_arrived_is_not_found(chat: SlackChat, api: SlackApi, home: Address) -> None:
    api.fault("chat.postMessage", Fault.DROP_BEFORE)
    with pytest.raises(MaybeSentError):
        await chat.send(home, text_message("news"), errand=Errand(2001, begin))
    assert await chat.find_sent(home, 2001, since=SINCE) is Sight.ABSENT


@pytest.mark.parametrize("refusal", ["missing_scope", "not_in_channel", "channel_not_found"])
async def test_where_slack_does_not_let_us_look_we_do_not_know(
    refusal: str, chat: SlackChat, api: SlackApi, home: Address
) -> None:
    api.fault("conversations.history", Refusal(refusal))
    assert await chat.find_sent(home, 1, since=SINCE) is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param(Fault.PAGE_503, NotSentError, id="a proxy's page"),
        pytest.param(Refusal("ratelimited", 429, retry_after=9), RetryAfterError, id="asked to wait"),
    ],
)
async def test_a_look_that_fails_is_made_again_later(
    fault: Fault | Refusal, error: type[Exception], chat: SlackChat, api: SlackApi, home: Address
) -> None:
    api.fault("conversations.history", fault)
    with pytest.raises(error):
        await chat.find_sent(home, 1, since=SINCE)


async def test_an_errand_that_may_not_begin_posts_nothing(chat: SlackChat, api: SlackApi, home: Address) -> None:
    async def refuse() -> None:
        raise NotSentError("the lease is another's")

    with pytest.raises(NotSentError):
        await chat.send(home, text_message("news"), errand=Errand(1, refuse))
    assert api.posts() == []
