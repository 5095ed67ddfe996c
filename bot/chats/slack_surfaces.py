"""Slack beside its messages: modals that open, are tried while they are filled in and are sent, and the App Home.

Slack gives three seconds to open a modal after a press, and three to say what is wrong with one that is sent. So a
modal opens at once and gets its figures later, and a form is checked by itself before it is acted upon. Draws nothing.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bot.chats.chat import FilledForm, FormStep, Inbound
from bot.chats.inbox import DRAIN_TIMEOUT_S, persist
from bot.chats.message import Button, Message, note, text_message
from bot.chats.slack_inbound import is_direct
from bot.chats.slack_views import (
    FORM,
    Origin,
    answer_view,
    faults_under,
    filled_in,
    first_field,
    form_view,
    home_view,
    origin_of,
)
from bot.errors import ChatError
from bot.speech import N_, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from bot.chats.chat import InboundHandler, Reply
    from bot.chats.inbox import Inbox
    from bot.chats.message import Form
    from bot.chats.slack_inbound import Payload
    from bot.chats.slack_web import SlackWeb

TYPING_PAUSE_S: Final = 0.6
"""How long somebody stops typing before what they typed is tried."""
CHECK_TIMEOUT_S: Final = 2.3
SHORTCUT: Final = "topic-new:"
"""What the shortcut of the app's manifest stands for: the press of the button that adds a topic."""

_WAIT: Final = N_("One moment …")
_LATE: Final = N_("That took me too long to check. Please press the button once more.")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Doors:
    """Where things go: what answers them, what keeps their order in a chat, and how a chat is told."""

    handler: InboundHandler
    inbox: Inbox
    tell: Callable[[Inbound, str | None, Reply], Awaitable[None]]


class SlackSurfaces:
    """The modals and the home page of one workspace."""

    def __init__(self, web: SlackWeb, doors: Doors, *, typing_pause_s: float = TYPING_PAUSE_S) -> None:
        self._web = web
        self._doors = doors
        self._pause_s = typing_pause_s
        self._newest: dict[str, object] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        """Try nothing more, and let what is under way finish; what takes too long is given up."""
        self._newest.clear()
        if self._tasks:
            _done, late = await asyncio.wait(tuple(self._tasks), timeout=DRAIN_TIMEOUT_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def open(self, trigger_id: str, form: Form, inbound: Inbound, url: str | None) -> bool:
        """Open a form for who just did something; False where Slack does not let us any more."""
        origin = Origin(inbound.address.chat, inbound.address.thread, url)
        try:
            view_id = await self._web.open_view(trigger_id, form_view(form, origin))
        except ChatError as error:
            log.info("a form was not opened, so its text is sent instead: %s", error)
            return False
        self._try_as_it_stands(view_id, form, inbound, origin)
        return True

    def pressed(self, body: Payload) -> None:
        """A press, or a change in a field, within a view."""
        view, actions = body.get("view"), body.get("actions")
        action = actions[0] if isinstance(actions, list) and actions else None
        origin = origin_of(view) if isinstance(view, dict) else None
        if origin is None or not isinstance(view, dict) or not isinstance(action, dict):
            return
        inbound = _inbound(body, origin)
        if view.get("callback_id") == FORM:
            form = filled_in(view, FormStep.TRY)
            if form is not None:
                self._try(str(view.get("id")), replace(inbound, form=form), origin, pause_s=self._pause_s)
        elif action.get("type") == "button" and action.get("value"):
            inbound = replace(inbound, data=str(action["value"]))
            view_id = str(view.get("id")) if view.get("type") == "modal" else None
            self._spawn(self._answer_aside(inbound, origin, view_id, str(body.get("trigger_id", ""))))

    # ------------------------------------------------------------ forms

    def _try_as_it_stands(self, view_id: str, form: Form, inbound: Inbound, origin: Origin) -> None:
        """Show what a form leads to that opens with something in it."""
        values = {field.name: field.value for field in form.fields}
        if any(field.value for field in form.fields if not field.choices):
            filled = FilledForm(form.action, form.argument, values, FormStep.TRY)
            asked = replace(inbound, text="", data="", form=filled, files=())
            self._try(view_id, asked, origin, pause_s=0.0)

    def _try(self, view_id: str, inbound: Inbound, origin: Origin, *, pause_s: float) -> None:
        """Try what stands in a form, unless something newer does before the pause is over."""
        mine = self._newest[view_id] = object()

        async def soon() -> None:
            await asyncio.sleep(pause_s)
            try:
                replies = await self._doors.handler(inbound) if self._newest.get(view_id) is mine else ()
                for reply in replies:
                    if reply.message.form is not None and self._newest.get(view_id) is mine:
                        await self._web.update_view(view_id, form_view(reply.message.form, origin))
            finally:
                if self._newest.get(view_id) is mine:
                    del self._newest[view_id]

        # What is older is not cancelled, only dropped: a read that is torn off costs its connection.
        self._spawn(soon())

    async def submitted(self, ack: Callable[..., Awaitable[Any]], body: Payload, view: Payload) -> None:
        """Say what is wrong with a form; where nothing is, close it and do what it says."""
        origin, form = origin_of(view), filled_in(view, FormStep.CHECK)
        if origin is None or form is None:
            await ack()
            return
        inbound = replace(_inbound(body, origin), form=form)
        self._newest.pop(str(view.get("id")), None)
        faults = await self._faults(inbound, first_field(view))
        if faults:
            await ack(response_action="errors", errors=faults)
            return
        inbound = replace(inbound, form=replace(form, step=FormStep.SEND))
        if origin.aside:
            await ack(response_action="update", view=answer_view((text_message(_(_WAIT)),), origin))
            self._spawn(self._answer_aside(inbound, origin, str(view.get("id")), ""))
        else:
            await ack()
            self._doors.inbox.put(inbound, partial(self._doors.tell, inbound, origin.url))

    async def _faults(self, inbound: Inbound, first: str) -> dict[str, str]:
        """What is wrong, by field; what concerns none of them stands under the first."""
        checking = asyncio.ensure_future(self._doors.handler(inbound))
        _done, late = await asyncio.wait((checking,), timeout=CHECK_TIMEOUT_S)
        if late:
            return {first: _(_LATE)}
        replies = await checking
        faults: dict[str, str] = {}
        for reply in replies:
            form = reply.message.form
            faults |= faults_under(form) if form is not None else {first: reply.message.plain_text}
        return faults

    # ------------------------------------------------------------ the home page, and answers beside it

    def home_opened(self, event: Payload) -> None:
        """Somebody looks at the bot's own page."""
        channel, user = event.get("channel"), event.get("user")
        if event.get("tab") == "home" and isinstance(channel, str) and isinstance(user, str) and is_direct(channel):
            self._spawn(self._publish(Inbound(Origin(channel).address, user, home=True)))

    async def _publish(self, inbound: Inbound) -> None:
        parts = [reply.message for reply in await self._doors.handler(inbound)]
        if parts:
            origin = Origin(inbound.address.chat, aside=True)
            await self._web.publish_home(inbound.user_id, home_view(parts, origin))

    def shortcut_used(self, body: Payload) -> None:
        """Somebody wants a new topic, from anywhere: it is one of their direct messages'."""
        user, trigger_id = body.get("user"), str(body.get("trigger_id", ""))
        if isinstance(user, dict) and isinstance(user.get("id"), str):
            self._spawn(self._answer_shortcut(user["id"], trigger_id))

    async def _answer_shortcut(self, user: str, trigger_id: str) -> None:
        origin = Origin(await self._web.direct_channel(user), aside=True)
        inbound = Inbound(origin.address, user, data=SHORTCUT)
        await self._answer_aside(inbound, origin, None, trigger_id)

    async def _answer_aside(self, inbound: Inbound, origin: Origin, view_id: str | None, trigger_id: str) -> None:
        """Answer in a modal: the one that is open, or one that opens at once and is filled when the answer is there.

        The home page then shows what has changed.
        """
        try:
            view_id = view_id or await self._web.open_view(trigger_id, answer_view((text_message(_(_WAIT)),), origin))
        except ChatError as error:
            log.info("a modal was not opened, so the answer is sent as a message: %s", error)
        shown: list[Message] = []

        async def show(reply: Reply) -> None:
            shown.append(_without_files(reply.message))
            if view_id is None:
                await self._doors.tell(inbound, None, reply)
                return
            form = reply.message.form
            view = answer_view(shown, origin) if form is None else form_view(form, origin)
            await persist(partial(self._web.update_view, view_id, view))
            if form is not None:
                self._try_as_it_stands(view_id, form, inbound, origin)

        await self._doors.inbox.put(inbound, show)
        if origin.aside:
            await self._publish(replace(inbound, text="", data="", form=None, home=True))

    # ------------------------------------------------------------ tasks

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def with_opener(message: Message) -> Message:
    """A message with a form that could not be opened: its text, and a button that opens it."""
    if message.form is None:
        return message
    opener = Button(_("Open the form"), message.form.action, message.form.argument)
    return replace(message, buttons=((opener,), *message.buttons), form=None)


def _without_files(message: Message) -> Message:
    """A modal shows no file, and says what is left out."""
    if not message.attachments:
        return message
    names = ", ".join(attachment.name for attachment in message.attachments)
    left_out = note(_("Left out here: {files}.").format(files=names))
    return replace(message, blocks=(*message.blocks, left_out), attachments=())


def _inbound(body: Payload, origin: Origin) -> Inbound:
    user = body.get("user")
    user_id = str(user.get("id", "")) if isinstance(user, dict) else ""
    return Inbound(origin.address, user_id, private=is_direct(origin.chat))


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except ChatError as error:
        log.info("a view was not drawn: %s", error)  # as a rule because the person has closed it
    except Exception:
        log.exception("a view failed")
