"""Pictures beside answers: drawn off the loop, and only where the chat can show one. Must not decide what they show."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from bot.chats.message import Attachment, AttachmentKind, Block, note
from bot.errors import NoFontError
from bot.model import Platform
from bot.speech import _
from bot.text.dates import day
from handlers import wording

if TYPE_CHECKING:
    from bot.model import Chat
    from bot.pictures.shapes import Theme
    from bot.topics.backtest import Backtest
    from handlers.ports import Desk

_log = structlog.get_logger(__name__)

Drawn = tuple[tuple[Attachment, ...], tuple[Block, ...]]
"""What to attach, and what to say where there is no picture that one could expect."""


class Draw(Protocol):
    """A picture as PNG, but for its colours. Raises NoFontError."""

    def __call__(self, *, theme: Theme) -> bytes: ...  # noqa: D102 - the class says it


# Fonts are shared and not made for several threads; and pictures take 20 MB while they are drawn.
_ONE_AT_A_TIME: Final = threading.Lock()


def _alone(draw: Draw, *, dark: bool) -> bytes:
    from bot.pictures.shapes import DARK, LIGHT  # noqa: PLC0415 - only who draws needs it

    with _ONE_AT_A_TIME:
        return draw(theme=DARK if dark else LIGHT)


async def drawn(desk: Desk, chat: Chat, draw: Draw, *, name: str, alt: str) -> Drawn:
    """The picture that ``draw`` makes on the chat's paper, or a word on why there is none.

    On a console neither, since its text is all.
    """
    if chat.address.platform is Platform.CONSOLE:
        return (), ()
    settings = await desk.store.settings_of(chat.id)
    try:
        data = await asyncio.to_thread(_alone, draw, dark=settings.dark)
    except NoFontError as error:
        return (), (note(_("There is no picture: {fault}.").format(fault=error)),)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a picture, its text must be sent
        _log.exception("a picture could not be drawn", picture=name, error=type(error).__name__)
        return (), (note(_("The picture could not be drawn; this has been noted.")),)
    return (Attachment(AttachmentKind.PICTURE, name, data, alt),), ()


async def charted(desk: Desk, chat: Chat, test: Backtest, title: str) -> Drawn:
    """A backtest's hits by day, where there are any."""
    if not test.hits:
        return (), ()
    from bot.pictures import hits  # noqa: PLC0415 - only who draws needs it

    said = _("Hits of {title} by day: {hits}, {first} to {last}")
    span = {"first": day(test.span.since.date()), "last": day(test.span.until.date())}
    alt = said.format(title=title, hits=wording.hits(test.hits), **span)
    return await drawn(desk, chat, partial(hits.draw, test, title), name="hits.png", alt=alt)
