"""Pictures and files on each platform: shown where they can be, and never at the cost of the text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bot.chats.chat import CommandHint, Errand, Inbound, Reply
from bot.chats.console import ADDRESS, ConsoleChat
from bot.chats.message import Attachment, AttachmentKind, Button, Message, paragraph, text_message
from bot.chats.telegram import TelegramChat
from bot.errors import MaybeSentError, MessageGoneError, RetryAfterError
from bot.model import Address, Platform
from tests.doubles.bot_api import ADA, TOKEN, ApiError, BotApi, bad_request, too_many_requests
from tests.doubles.bot_api import Fault as TelegramFault
from tests.doubles.slack_api import Fault, Refusal, SlackApi
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.chats.slack import SlackChat

SPEC = SHARED / "specs" / "telegram-bot-api.json"
MENU = (CommandHint("topics", "Your topics"),)
PRIVATE = Address(Platform.TELEGRAM, str(ADA.id))
PNG = b"\x89PNG\r\n\x1a\n and some pixels"
PICTURE = Attachment(AttachmentKind.PICTURE, "timeline.png", PNG, "Timeline of Arms: 3 stories")
FILE = Attachment(AttachmentKind.FILE, "topics.opml", b"<opml/>", "Your feeds")
KEYS = ((Button("Why", "why", "12"),),)
SHORT = Message((paragraph("Three stories."),), KEYS, (PICTURE,))
LONG = Message((paragraph("Three stories. " * 90),), KEYS, (PICTURE,))


# ---------------------------------------------------------------- Telegram


@pytest.fixture
async def bot_api() -> AsyncIterator[BotApi]:
    async with BotApi(SPEC if SPEC.exists() else None) as server:
        server.open_private(ADA.id)
        yield server
    assert server.violations == []


@pytest.fixture
async def telegram(bot_api: BotApi) -> AsyncIterator[TelegramChat]:
    adapter = TelegramChat(TOKEN, base_url=bot_api.base_url, timeout_s=2)
    yield adapter
    await adapter.stop()


async def test_a_short_text_is_the_pictures_caption(telegram: TelegramChat, bot_api: BotApi) -> None:
    ref = await telegram.send(PRIVATE, SHORT)
    (sent,) = bot_api.sent
    assert (sent.photo, sent.text, str(sent.message_id)) == (PNG, "Three stories.", ref.message_id)
    assert sent.keyboard[0][0]["callback_data"] == "why:12"


async def test_a_long_text_follows_its_picture_and_is_the_message(telegram: TelegramChat, bot_api: BotApi) -> None:
    ref = await telegram.send(PRIVATE, LONG)
    picture, text = bot_api.sent
    assert (picture.photo, picture.text, picture.keyboard) == (PNG, "", [])
    assert (text.photo, str(text.message_id)) == (b"", ref.message_id)
    assert text.keyboard


async def test_files_are_offered_as_documents(telegram: TelegramChat, bot_api: BotApi) -> None:
    await telegram.send(PRIVATE, Message((paragraph("Your feeds."),), (), (FILE, PICTURE)))
    assert [sent.document for sent in bot_api.sent] == [("topics.opml", b"<opml/>"), None, None]
    assert [sent.text for sent in bot_api.sent] == ["", "", "Your feeds."]


@pytest.mark.parametrize("message", [SHORT, LONG], ids=["caption", "text of its own"])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(bad_request("IMAGE_PROCESS_FAILED"), id="refused"),
        pytest.param(bad_request("not enough rights to send photos to the chat"), id="a group without pictures"),
        pytest.param(ApiError(403, "Forbidden: CHAT_SEND_PHOTOS_FORBIDDEN"), id="a group without pictures, forbidden"),
        pytest.param(TelegramFault.DROP_BEFORE, id="broken off"),
        pytest.param(TelegramFault.NOT_JSON_AFTER, id="no answer"),
    ],
)
async def test_a_picture_that_fails_does_not_lose_the_text(
    telegram: TelegramChat, bot_api: BotApi, message: Message, fault: object
) -> None:
    bot_api.fault("sendPhoto", fault)  # type: ignore[arg-type]
    ref = await telegram.send(PRIVATE, message)
    assert str(bot_api.sent[-1].message_id) == ref.message_id
    assert bot_api.sent[-1].text.startswith("Three stories.")
    assert bot_api.sent[-1].keyboard


async def test_a_delivery_in_doubt_is_left_to_the_outbox(telegram: TelegramChat, bot_api: BotApi) -> None:
    begun = []

    async def begin() -> None:
        begun.append(1)

    bot_api.fault("sendPhoto", TelegramFault.DROP_AFTER)
    with pytest.raises(MaybeSentError):
        await telegram.send(PRIVATE, SHORT, errand=Errand(7, begin))
    await telegram.send(PRIVATE, LONG, errand=Errand(8, begin))
    assert begun == [1, 1]
    assert [bool(sent.photo) for sent in bot_api.sent] == [True, True, False]


async def test_a_pause_that_is_asked_for_is_kept(telegram: TelegramChat, bot_api: BotApi) -> None:
    bot_api.fault("sendPhoto", too_many_requests(9))
    with pytest.raises(RetryAfterError):
        await telegram.send(PRIVATE, SHORT)
    assert bot_api.sent == []


async def test_edits_change_captions_and_pictures(telegram: TelegramChat, bot_api: BotApi) -> None:
    ref = await telegram.send(PRIVATE, SHORT)
    await telegram.edit(ref, text_message("Four stories."))
    await telegram.edit(ref, text_message("Four stories."))
    (sent,) = bot_api.sent
    assert (sent.photo, sent.text, sent.edits) == (PNG, "Four stories.", 1)
    other = Attachment(AttachmentKind.PICTURE, "timeline.png", PNG + b"!", "")
    await telegram.edit(ref, Message((paragraph("Five."),), KEYS, (other,)))
    assert (sent.photo, sent.text) == (PNG + b"!", "Five.")
    plain = await telegram.send(PRIVATE, text_message("no picture"))
    await telegram.edit(plain, SHORT)
    assert (bot_api.sent[-1].photo, bot_api.sent[-1].text) == (PNG, "Three stories.")


async def test_a_text_that_outgrew_its_caption_must_be_said_anew(telegram: TelegramChat) -> None:
    ref = await telegram.send(PRIVATE, SHORT)
    with pytest.raises(MessageGoneError):
        await telegram.edit(ref, text_message("Three stories. " * 90))


class _Answers:
    def __init__(self, *messages: Message) -> None:
        self.messages = list(messages)

    async def __call__(self, inbound: Inbound) -> tuple[Reply, ...]:
        return (Reply(self.messages.pop(0), edit=bool(inbound.data)),)


async def test_an_answer_that_edits_takes_the_place_if_its_text_fits_the_picture(
    telegram: TelegramChat, bot_api: BotApi
) -> None:
    await telegram.start(_Answers(SHORT, SHORT, LONG), MENU)
    await bot_api.say("/timeline")
    await bot_api.arrived(1)
    first = bot_api.sent[0]
    await bot_api.press(first, "why:12")
    await bot_api.until(lambda: first.edits == 1)
    await bot_api.press(first, "why:12")
    await bot_api.arrived(3)
    assert [bool(sent.photo) for sent in bot_api.sent] == [True, True, False]
    assert first.edits == 1


# ---------------------------------------------------------------- Slack


async def test_slack_posts_the_text_and_shares_the_picture_in_the_same_place(chat: SlackChat, api: SlackApi) -> None:
    home = Address(Platform.SLACK, api.channel)
    parent = await chat.send(home, text_message("an alert"))
    ref = await chat.send(home, SHORT, reply_to=parent)
    (file,) = api.files.values()
    assert (file.name, file.data, file.alt) == ("timeline.png", PNG, PICTURE.alt)
    assert (file.channel, file.thread, file.title) == (api.channel, parent.message_id, PICTURE.alt)
    assert ref.message_id == api.posts()[-1].answer["ts"]
    assert api.posts()[-1].body["text"] == "Three stories."


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        pytest.param("files.getUploadURLExternal", Refusal("missing_scope"), id="no right"),
        pytest.param("files.getUploadURLExternal", Fault.DROP_BEFORE, id="broken off"),
        pytest.param("upload", Fault.PAGE_503, id="bytes refused"),
        pytest.param("upload", Fault.DROP_BEFORE, id="bytes broken off"),
        pytest.param("files.completeUploadExternal", Refusal("ratelimited", 429, 9), id="rate limited"),
    ],
)
async def test_a_file_that_fails_on_slack_does_not_lose_the_text(
    chat: SlackChat, api: SlackApi, method: str, fault: Fault | Refusal
) -> None:
    api.fault(method, fault)
    home = Address(Platform.SLACK, api.channel)
    assert await chat.send(home, SHORT)
    assert api.posts()[-1].body["text"] == "Three stories."
    assert not any(file.channel for file in api.files.values())


async def test_an_answer_for_ones_own_eyes_shows_its_picture_in_direct_messages(chat: SlackChat, api: SlackApi) -> None:
    await chat.start(_Answers(SHORT), MENU)
    assert chat.http_port is not None
    await api.deliver_command(chat.http_port, api.command_fields("/timeline", ""))
    await api.until(lambda: any(file.channel for file in api.files.values()))
    (file,) = api.files.values()
    assert file.channel == f"D-{api.user}"
    (answer,) = api.responses
    assert answer["response_type"] == "ephemeral"
    assert answer["text"].endswith("timeline.png: in our direct messages.")


async def test_where_no_direct_message_opens_the_text_is_all(chat: SlackChat, api: SlackApi) -> None:
    api.fault("conversations.open", Refusal("missing_scope"))
    await chat.start(_Answers(SHORT, text_message("next")), MENU)
    assert chat.http_port is not None
    await api.deliver_command(chat.http_port, api.command_fields("/timeline", ""))
    await api.deliver_command(chat.http_port, api.command_fields("/timeline", ""))
    await api.until(lambda: len(api.responses) == 2)
    assert api.files == {}


async def test_editing_on_slack_leaves_the_picture_where_it_is(chat: SlackChat, api: SlackApi) -> None:
    ref = await chat.send(Address(Platform.SLACK, api.channel), SHORT)
    await chat.edit(ref, SHORT)
    assert len(api.files) == 1


# ---------------------------------------------------------------- console


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_console_saves_files_and_leaves_pictures_out(tmp_path: Path) -> None:
    written: list[str] = []
    chat = ConsoleChat(write=written.append, input_fd=os.open(os.devnull, os.O_RDONLY), exports=tmp_path / "exports")
    for _ in range(2):
        await chat.send(ADDRESS, Message((paragraph("Here."),), (), (FILE, PICTURE)))
    assert names_in(tmp_path / "exports") == ["topics-2.opml", "topics.opml"]
    assert f"Saved as {tmp_path / 'exports' / 'topics.opml'}" in written[0]
    assert "topics-2.opml" in written[1]
    assert "png" not in "".join(written)


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        pytest.param("../../etc/passwd", "etc-passwd", id="other folders"),
        pytest.param("...", "export", id="only dots"),
        pytest.param("주제 목록.opml", "주제-목록.opml", id="another script"),
        pytest.param("no-suffix", "no-suffix", id="no suffix"),
    ],
)
async def test_a_files_name_stays_in_the_folder(tmp_path: Path, name: str, saved: str) -> None:
    chat = ConsoleChat(write=lambda _: None, input_fd=os.open(os.devnull, os.O_RDONLY), exports=tmp_path)
    file = Attachment(AttachmentKind.FILE, name, b"x", "")
    await chat.send(ADDRESS, Message((paragraph("Here."),), (), (file,)))
    assert names_in(tmp_path) == [saved]
    await chat.send(ADDRESS, Message((paragraph("Here."),), (), (file,)))
    assert len(names_in(tmp_path)) == 2


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("a file in its place")
    for folder, words in ((tmp_path / "exports" / "in", "could not be saved"), (None, "cannot be saved here")):
        written: list[str] = []
        chat = ConsoleChat(write=written.append, input_fd=os.open(os.devnull, os.O_RDONLY), exports=folder)
        await chat.send(ADDRESS, Message((paragraph("Here."),), (), (FILE,)))
        assert words in written[0]
        assert "Here." in written[0]
