"""The Bot API calls that carry a rendered message: post it, put it in another one's place. Errors are the SDK's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import LinkPreviewOptions, ReplyParameters

from bot.chats.message import AttachmentKind
from bot.chats.telegram_sdk import chat_id, entities, keyboard, media, number

if TYPE_CHECKING:
    from telegram import Bot
    from telegram import Message as TelegramMessage

    from bot.chats.telegram_entities import Rendered
    from bot.model import Address, MessageRef

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def post(bot: Bot, to: Address, rendered: Rendered, reply_to: MessageRef | None) -> TelegramMessage:
    """One new message: a text, or a picture or file with its caption."""
    thread = number(to.thread) if to.thread else None
    reply = ReplyParameters(number(reply_to.message_id), allow_sending_without_reply=True) if reply_to else None
    attached = rendered.attachment
    if attached is None:
        return await bot.send_message(
            chat_id(to),
            rendered.text,
            entities=entities(rendered),
            reply_markup=keyboard(rendered),
            message_thread_id=thread,
            reply_parameters=reply,
            link_preview_options=_NO_PREVIEW,
        )
    send = bot.send_photo if attached.kind is AttachmentKind.PICTURE else bot.send_document
    return await send(
        chat_id(to),
        attached.data,
        caption=rendered.text or None,
        caption_entities=entities(rendered),
        filename=attached.name,
        reply_markup=keyboard(rendered),
        message_thread_id=thread,
        reply_parameters=reply,
    )


async def edit_text(bot: Bot, ref: MessageRef, rendered: Rendered) -> object:
    """Replace the text of a message that has one."""
    return await bot.edit_message_text(
        rendered.text,
        chat_id=chat_id(ref.address),
        message_id=number(ref.message_id),
        entities=entities(rendered),
        reply_markup=keyboard(rendered),
        link_preview_options=_NO_PREVIEW,
    )


async def edit_caption(bot: Bot, ref: MessageRef, rendered: Rendered) -> object:
    """Replace the caption of a picture or file, which stays."""
    return await bot.edit_message_caption(
        chat_id=chat_id(ref.address),
        message_id=number(ref.message_id),
        caption=rendered.text,
        caption_entities=entities(rendered),
        reply_markup=keyboard(rendered),
    )


async def edit_media(bot: Bot, ref: MessageRef, rendered: Rendered) -> object:
    """Replace a message, a text one as well, by a picture or file with its caption."""
    return await bot.edit_message_media(
        media(rendered),
        chat_id=chat_id(ref.address),
        message_id=number(ref.message_id),
        reply_markup=keyboard(rendered),
    )
