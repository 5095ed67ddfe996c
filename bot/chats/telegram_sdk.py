"""Between python-telegram-bot's types and ours: updates, errors, entities and keyboards. Pure translation, no calls."""

from __future__ import annotations

import dataclasses
import os
import re
from typing import TYPE_CHECKING, Final

import httpx
from telegram import (
    ChatMemberAdministrator,
    ChatMemberRestricted,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    MessageEntity,
)
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.chats.chat import Happening, Inbound, InboundFile
from bot.chats.files import check_size, not_handed_over
from bot.chats.message import AttachmentKind
from bot.errors import (
    ChatGoneError,
    ChatMovedError,
    MaybeSentError,
    MessageGoneError,
    NotSentError,
    RefusedError,
    RetryAfterError,
    TokenRefusedError,
)
from bot.model import Address, MessageRef, Platform

if TYPE_CHECKING:
    from telegram import CallbackQuery, Chat, ChatMember, Document, MaybeInaccessibleMessage, Update

    from bot.chats.telegram_entities import Rendered
    from bot.errors import ChatError

# The SDK's own switch to its coming behaviour: without it, each 429 raises a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

TOKEN_REFUSED: Final = "Telegram refuses the token: ask @BotFather for the right one and put it in TELEGRAM_BOT_TOKEN"  # noqa: S105 - a message about a token

_COMMAND: Final = re.compile(r"/(?P<name>\w+)(?:@(?P<bot>\w+))?(?P<rest>\s.*)?", re.DOTALL)

# Telegram tells its refusals apart by words alone (core.telegram.org/api/errors lists the upper-case ones).
_SAME_TEXT: Final = "message is not modified"
_NO_TEXT: Final = "there is no text in the message to edit"
_GONE_MESSAGE: Final = (
    "message to edit not found",
    "message to be replied not found",
    "message to reply not found",
    "replied message not found",
    "message can't be edited",
    "message_id_invalid",
)
_GONE_CHAT: Final = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "channel_private",
    "chat_guest_send_forbidden",
    "chat_restricted",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "user_banned_in_channel",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights",
    "bot is not a member",
    "message thread not found",
    "topic_deleted",
    "topic_closed",
)
_NOT_OF_THIS_KIND: Final = re.compile(r"not enough rights to send (?!text|message)|chat_send_(?!plain_)\w+_forbidden")
"""Of a chat that takes texts, but no pictures or no files."""
_QUOTATION: Final = re.compile(r"(?<!\w)['\"].*", re.DOTALL)
"""From the first quotation on, which may be of what we sent, and hold such words, and quotation marks, itself."""
_NEVER_WRITTEN: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def translated(error: TelegramError, to: Address) -> ChatError:
    """The SDK's error as ours. Order matters: BadRequest and TimedOut are NetworkErrors to the SDK."""
    text = str(error)
    match error:
        case RetryAfter():
            wait = error.retry_after
            ours: ChatError = RetryAfterError(text, seconds=wait if isinstance(wait, int) else wait.total_seconds())
        case ChatMigrated():
            ours = ChatMovedError(text, to=Address(Platform.TELEGRAM, str(error.new_chat_id), to.thread))
        case InvalidToken():
            # The token may be put right while messages wait, so none is given up for it.
            ours = TokenRefusedError(TOKEN_REFUSED)
        case Forbidden() if not _NOT_OF_THIS_KIND.search(_own_words(text)):
            ours = ChatGoneError(text)
        case BadRequest() | Forbidden():
            ours = _refusal(text)
        case NetworkError() if isinstance(error.__cause__, _NEVER_WRITTEN):
            ours = NotSentError(text)
        case _:
            # A time-out, a broken connection, a 5xx, an answer that is no answer: it may have been carried out.
            ours = MaybeSentError(text)
    return ours


def is_same_text(error: RefusedError) -> bool:
    """Whether an edit was refused for changing nothing."""
    return _SAME_TEXT in _own_words(str(error))


def is_captioned(error: RefusedError) -> bool:
    """Whether an edit of the text was refused because the message is a picture or file with a caption."""
    return _NO_TEXT in _own_words(str(error))


def _refusal(text: str) -> ChatError:
    said = _own_words(text)
    if _NOT_OF_THIS_KIND.search(said):
        return RefusedError(text)
    if any(words in said for words in _GONE_MESSAGE):
        return MessageGoneError(text)
    if any(words in said for words in _GONE_CHAT):
        return ChatGoneError(text)
    return RefusedError(text)


def _own_words(text: str) -> str:
    """What Telegram says by itself in a refusal, in lower case."""
    return _QUOTATION.sub("", text).lower()


def inbound_of(update: Update, username: str) -> Inbound | None:
    """What the update asks of the bot called ``username``, if anything. Never raises."""
    try:
        return _inbound_of(update, username)
    except (AttributeError, TypeError):
        # The SDK hands on what it was sent, even without what the Bot API says is always there: that asks nothing.
        return None


def _inbound_of(update: Update, username: str) -> Inbound | None:
    if update.callback_query is not None:
        pressed = _press(update.callback_query)
        return None if pressed is None else dataclasses.replace(pressed, bot_name=username)
    message = update.message or update.channel_post
    # What a channel posts comes again in the group that is linked to it, by nobody who asks for anything there.
    if message is None or message.is_automatic_forward:
        return None
    private = message.chat.type == ChatType.PRIVATE
    text = _command_text(message.text or message.caption or "", username, private=private)
    # To the bot alone a file may come without a word; in a group it is for others.
    files = (_file(message.document),) if message.document is not None and (text or private) else ()
    if not text and not files:
        return None
    address = _address(message)
    return Inbound(
        address,
        user_id=_sender(message),
        text=text,
        chat_title=message.chat.effective_name or "",
        private=private,
        replied_to=_replied_to(message, address),
        lang=(message.from_user.language_code if message.from_user else None) or "en",
        bot_name=username,
        files=files,
    )


def in_channel(query: CallbackQuery) -> bool:
    """Whether a button was pressed in a channel, where only its admins write."""
    return query.message is not None and query.message.chat.type == ChatType.CHANNEL


def number_of(update: Update, bot_id: int) -> str:
    """What an update is known by where it comes again: Telegram waits for the next poll to say that it came.

    Ids begin anew at any number after a quiet week, so the press or the moment is named as well.
    """
    query, message, member = update.callback_query, update.effective_message, update.my_chat_member
    at = member.date if member is not None else message.date if message is not None else None
    what = query.id if query is not None else "" if at is None else f"{at.timestamp():.0f}"
    return f"telegram:{bot_id}:{update.update_id}:{what}"


def happening_of(update: Update) -> Inbound | None:
    """What became of the bot in a chat, or of the chat itself; None where the update says nothing of it."""
    changed, message = update.my_chat_member, update.message or update.channel_post
    if changed is not None:
        kind, old, new = changed.chat.type, changed.old_chat_member, changed.new_chat_member
        before, now = may_post(old, kind), may_post(new, kind)
        # In a group where only admins may write, nothing else tells that one who is made an admin may again.
        promoted = new.status == ChatMemberStatus.ADMINISTRATOR != old.status
        if before == now and not (now and promoted):
            return None
        # Who opens or opens again a private chat writes next; a channel's readers are told nothing of us.
        greeted = kind in {ChatType.GROUP, ChatType.SUPERGROUP} and not before
        came = Happening.JOINED if greeted else Happening.BACK
        if now:
            return _happened(changed.chat, came)
        blocked = changed.chat.type == ChatType.PRIVATE
        silenced = new.status in {ChatMemberStatus.RESTRICTED, ChatMemberStatus.ADMINISTRATOR}
        why = "the person blocked me" if blocked else "I may not write there" if silenced else "I was removed"
        return dataclasses.replace(_happened(changed.chat, Happening.GONE), text=why)
    if message is not None and message.migrate_to_chat_id is not None:
        to = Address(Platform.TELEGRAM, str(message.migrate_to_chat_id))
        return dataclasses.replace(_happened(message.chat, Happening.MOVED), moved_to=to)
    if message is not None and message.new_chat_title is not None:
        return dataclasses.replace(_happened(message.chat, Happening.RENAMED), chat_title=message.new_chat_title)
    return None


def _happened(chat: Chat, happening: Happening) -> Inbound:
    address = Address(Platform.TELEGRAM, str(chat.id))
    private = chat.type == ChatType.PRIVATE
    return Inbound(address, "", chat_title=chat.effective_name or "", private=private, happening=happening)


def _may_speak(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return bool(member.is_member and member.can_send_messages)
    return member.status not in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


def may_post(member: ChatMember, chat_type: str) -> bool:
    """Whether a member may write: in a channel admins with leave to post, in groups all but the restricted."""
    if chat_type == ChatType.CHANNEL:
        posts = isinstance(member, ChatMemberAdministrator) and member.can_post_messages
        return bool(posts or member.status == ChatMemberStatus.OWNER)
    return _may_speak(member)


def _file(document: Document) -> InboundFile:
    """A file that is fetched when it is wanted. Bots are given at most 20 MB (core.telegram.org/bots/api#getfile)."""

    async def read() -> bytes:
        check_size(document.file_size or 0)
        try:
            file = await document.get_file()
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            # Its own words may hold the file's address, and that holds the token.
            raise not_handed_over("Telegram", type(error).__name__) from None

    return InboundFile(document.file_name or "file", document.file_size or 0, read)


def asked_in(update: Update, inbound: Inbound) -> MessageRef | None:
    """The message to hang an answer on: the one whose button was pressed; in groups the command itself."""
    if inbound.data:
        return inbound.replied_to
    message = update.effective_message
    return None if inbound.private or message is None else MessageRef(inbound.address, str(message.message_id))


def _press(query: CallbackQuery) -> Inbound | None:
    message = query.message
    if message is None or not query.data:
        return None
    address = _address(message)
    return Inbound(
        address,
        user_id=str(query.from_user.id),
        data=query.data,
        chat_title=message.chat.effective_name or "",
        private=message.chat.type == ChatType.PRIVATE,
        replied_to=MessageRef(address, str(message.message_id)),
        lang=query.from_user.language_code or "en",
    )


def _command_text(text: str, username: str, *, private: bool) -> str:
    """The command without ``@OurBot``; empty for other bots' commands and for groups' talk among themselves."""
    match = _COMMAND.fullmatch(text.strip())
    if match is None:
        return text.strip() if private else ""
    if match["bot"] and match["bot"].lower() != username.lower():
        return ""
    return f"/{match['name']}{match['rest'] or ''}"


def _address(message: MaybeInaccessibleMessage) -> Address:
    # Replies in plain supergroups carry a thread id as well; only a forum topic is a place to write to.
    topic = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    return Address(Platform.TELEGRAM, str(message.chat.id), str(topic) if topic else None)


def _sender(message: Message) -> str:
    """The user's id; an anonymous admin and a channel's author are known by the chat that they speak as."""
    if message.sender_chat is not None:
        return str(message.sender_chat.id)
    return str(message.from_user.id) if message.from_user else ""


def _replied_to(message: Message, address: Address) -> MessageRef | None:
    replied = message.reply_to_message
    # In a forum topic every message replies to the topic's own first message.
    if replied is None or replied.forum_topic_created is not None:
        return None
    return MessageRef(address, str(replied.message_id))


def chat_id(address: Address) -> int | str:
    """The chat as the Bot API wants it: a number, or a public name. Raises RefusedError for what is neither."""
    if address.chat.startswith("@"):
        return address.chat
    return number(address.chat)


def number(text: str) -> int:
    """The id of a chat, topic or message. Raises RefusedError: Telegram would not take what is none."""
    try:
        return int(text)
    except ValueError:
        message = f"{text!r} is no id of Telegram's"
        raise RefusedError(message) from None


def entities(rendered: Rendered) -> list[MessageEntity]:
    """The entities in the SDK's type."""
    return [MessageEntity(e.type, e.offset, e.length, url=e.url) for e in rendered.entities]


def keyboard(rendered: Rendered) -> InlineKeyboardMarkup | None:
    """The keyboard in the SDK's type; None where there is none."""
    rows = [
        [InlineKeyboardButton(key.label, callback_data=key.data, url=key.url) for key in row]
        for row in rendered.keyboard
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def media(rendered: Rendered) -> InputMediaPhoto | InputMediaDocument:
    """The attachment with its caption in the SDK's type. Raises RefusedError where there is none."""
    attached = rendered.attachment
    if attached is None:
        raise RefusedError("there is nothing attached")
    made = InputMediaPhoto if attached.kind is AttachmentKind.PICTURE else InputMediaDocument
    return made(attached.data, caption=rendered.text, caption_entities=entities(rendered), filename=attached.name)
