"""From what a person did to what they are told: the only way from a platform to a handler.

The dispatcher parses, registers the chat, checks who may change things, runs the handler and turns every error into
words. It never raises, never logs what people write, and knows no platform beyond the address that a message came from.
"""

from __future__ import annotations

import math
import secrets
import time
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bot.chats.chat import FormStep, Reply
from bot.chats.message import Message, code, code_block, note, paragraph, phrase
from bot.errors import BackstoryError, QueryError, UnknownNameError
from bot.model import Platform
from bot.speech import N_, _, nearest, speak
from handlers import buttons, filled, first, help, homes, places, topic_form, wording  # noqa: A004 - named after its command
from handlers.commands import COMMANDS, row_of
from handlers.flood import Gate, Verdict
from handlers.grammar import parse
from handlers.row import Call
from handlers.words import Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.chats.chat import Inbound
    from bot.chats.message import Button
    from bot.model import Chat
    from handlers.ports import Desk
    from handlers.sayings import Command

_log = structlog.get_logger(__name__)
_REFERENCE_BYTES: Final = 4
_FRAMES_LOGGED: Final = 5
CHOICES: Final = 8
_VERBS: Final = {"show": N_("Show {name}"), "test": N_("Test {name}"), "remove": N_("Remove {name}")}


class Dispatcher:
    """The inbound handler of every chat platform."""

    def __init__(
        self, desk: Desk, may_change: Callable[[Inbound], Awaitable[bool]], *, commands_per_min: int | None = None
    ) -> None:
        self._desk = desk
        self._gate = Gate(commands_per_min)
        self._may_change = may_change
        self._offers = buttons.Offers()

    async def handle(self, inbound: Inbound) -> tuple[Reply, ...]:
        """Answer one text or press. Empty where nothing was meant for the bot; raises nothing but cancellation.

        The answer's language, and the zone of its times, go on in the caller's task, which hands it over.
        """
        edit = False
        speak(inbound.lang)
        try:
            messages, edit = await self._answer(inbound)
        except UnknownNameError as error:
            messages = (first.or_offered(inbound, in_words(error)),)
        except BackstoryError as error:
            messages = (in_words(error),)
        except Exception as error:  # noqa: BLE001 - a fault in one command must not stop the chat
            messages = (_apology(error, inbound),)
        self._offers.remember(inbound.address, messages)
        return tuple(Reply(message, edit=edit and place == 0) for place, message in enumerate(messages))

    async def _answer(self, inbound: Inbound) -> tuple[tuple[Message, ...], bool]:
        """What to say, and whether it takes the place of the message whose button was pressed."""
        if inbound.form is not None or inbound.home or inbound.happening is not None:
            return await self._beside_commands(inbound), False
        # A file that comes without a word is there to be taken in.
        parsed = None if inbound.data else parse(inbound.text or ("/import" if inbound.files else ""))
        if parsed is not None and not _is_for_us(parsed, inbound):
            return (), False
        verdict, wait_s = self._judged(inbound)
        if verdict is not Verdict.GO:
            return ((_too_many(wait_s),) if verdict is Verdict.TELL else ()), False
        if not await self._is_new(inbound):
            return (), False
        host = await self._told_here(inbound)
        if host is not None:
            return await self._answer_guest(host, inbound), False
        why_lost = await places.why_lost(self._desk, inbound)
        messages, edit = await self._carry_out(parsed, inbound)
        return (*messages, places.unreached(why_lost)) if why_lost else messages, edit

    async def _carry_out(self, parsed: Command | Problem | None, inbound: Inbound) -> tuple[tuple[Message, ...], bool]:
        """Do what was typed, or else what was pressed, for the chat that it came from."""
        chat = await self._met(inbound)
        if parsed is None:
            parsed = await self._pressed(chat, inbound)
        if isinstance(parsed, Problem):
            return (await self._helped(chat, parsed, inbound),), False
        row = row_of(parsed)
        if row.changes and not await self._may_change(inbound):
            return (_for_admins(),), False
        return await self._run(chat, parsed, inbound), bool(inbound.data) and row.edits

    async def _is_new(self, inbound: Inbound) -> bool:
        """Whether this was not heard before, in this run or an earlier one.

        That is written down before anything is done: what a crash cuts off is missed by whoever asked, who asks again,
        while a second run might remove what has taken the place of what was removed.
        """
        return not inbound.event or await self._desk.store.hear(inbound.event, now=self._desk.now())

    async def _told_here(self, inbound: Inbound) -> Chat | None:
        """The chat of a story whose button was pressed in a place that this chat sends its alerts to."""
        story_id = buttons.story_of(inbound.data)
        return None if story_id is None else await self._desk.store.told_at(inbound.address, story_id)

    async def _answer_guest(self, host: Chat, inbound: Inbound) -> tuple[Message, ...]:
        """Answer about a story of another chat to whoever was told it here; of that chat nothing else is shown."""
        settings = await self._desk.store.settings_of(host.id)
        speak(settings.lang or inbound.lang, zone=settings.zone)
        command = await self._pressed(host, inbound)
        if isinstance(command, Problem):
            return ()
        if row_of(command).changes and not await self._may_change(inbound):
            return (_for_admins(),)
        return tuple(_about_story(message, inbound) for message in await self._run(host, command, inbound))

    async def _met(self, inbound: Inbound) -> Chat:
        """The chat that it came from. From here on its language is spoken, or the person's where it chose none.

        What a chat of one person hears unasked is in that person's language, too, so it is kept.
        """
        lang = nearest(inbound.lang) if inbound.private and inbound.lang else None
        now = self._desk.now()
        chat = await self._desk.store.chat_at(inbound.address, title=inbound.chat_title, now=now, lang=lang)
        settings = await self._desk.store.settings_of(chat.id)
        speak(settings.lang or inbound.lang or chat.lang, zone=settings.zone)
        return chat

    async def _beside_commands(self, inbound: Inbound) -> tuple[Message, ...]:
        """What to say about a form, on the bot's own page, or (nothing) when something became of a chat.

        Only those who may change things fill in forms.
        """
        if inbound.happening is not None:
            return await places.heed(self._desk, inbound, inbound.happening) if await self._is_new(inbound) else ()
        form = inbound.form
        # Typing into a form and looking at a page cost nobody their commands; what passed the check was counted there.
        counted = "" if form is not None and form.step is FormStep.CHECK else "looking"
        if form is None or form.step is not FormStep.SEND:
            verdict, wait_s = self._judged(inbound, counted)
            if verdict is not Verdict.GO:
                return (_too_many(wait_s),) if form is not None and form.step is FormStep.CHECK else ()
        chat = await self._met(inbound)
        if form is None:
            return await homes.home(self._desk, chat)
        if not await self._may_change(inbound):
            return (_for_admins(),)
        messages = await filled.fill_in(Call(self._desk, chat, form, inbound))
        _log.info("form", action=form.action, step=form.step.name, chat_id=chat.id)
        return messages

    async def _helped(self, chat: Chat, problem: Problem, inbound: Inbound) -> Message:
        """What to type instead; a form as well, where a topic to add was not named.

        What is said to the bot alone and is no command may be a subject to watch.
        """
        subject = first.offered(inbound.text) if problem.kind is ProblemKind.CHATTER and inbound.private else None
        if subject is not None:
            return subject
        message = help.problem(COMMANDS, problem, await self._choices(chat, problem))
        if problem.kind is ProblemKind.UNUSABLE:
            return first.or_offered(inbound, message)
        nameless = (problem.kind, problem.name, problem.verb) == (ProblemKind.MISSING, "topics", "add")
        if nameless and await self._may_change(inbound):
            return replace(message, form=topic_form.new_topic())
        return message

    def _judged(self, inbound: Inbound, doing: str = "") -> tuple[Verdict, float]:
        """Whether this person asks too much of us. The console is the bot's own terminal: it may."""
        if inbound.address.platform is Platform.CONSOLE:
            return Verdict.GO, 0.0
        who = (inbound.address.platform, inbound.address.chat, inbound.user_id, doing)
        return self._gate.judge(who, time.monotonic())

    async def _pressed(self, chat: Chat, inbound: Inbound) -> Command | Problem:
        if inbound.data == buttons.new_topic().data:
            return parse("/topics add")
        topics = await self._desk.store.topics_of(chat.id)
        return buttons.read(
            inbound.data,
            topics=topics,
            proposals=await self._desk.store.proposals_of(chat.id),
            offered=lambda digest: self._offers.command(inbound.address, digest),
        )

    async def _choices(self, chat: Chat, fault: Problem) -> tuple[Button, ...]:
        """What the chat has that the name left out may have meant."""
        match fault.name, fault.verb:
            case "topics", verb if verb in buttons.TOPIC_CHOICES:
                make = buttons.TOPIC_CHOICES[verb]
                topics = await self._desk.store.topics_of(chat.id)
                return tuple(make(topic, _label(_VERBS[verb], topic.name)) for topic in topics[:CHOICES])
            case "feeds", "remove":
                feeds = await self._desk.store.feeds_of(chat.id)
                own = [feed for feed in feeds if not feed.shared]
                return tuple(buttons.feed_remove(feed, _label(_VERBS["remove"], feed.title)) for feed in own[:CHOICES])
        return ()

    async def _run(self, chat: Chat, command: Command, inbound: Inbound) -> tuple[Message, ...]:
        call = Call(self._desk, chat, command, inbound, is_admin=lambda: self._may_change(inbound))
        answer = await row_of(command).handler(call)
        _log.info("command", command=type(command).__name__, chat_id=chat.id)
        return answer if isinstance(answer, tuple) else (answer,)


def _about_story(message: Message, inbound: Inbound) -> Message:
    """The message with those of its buttons that are about the same story, or lead out."""
    story_id = buttons.story_of(inbound.data)
    rows = (
        tuple(button for button in row if button.url or buttons.story_of(button.data) == story_id)
        for row in message.buttons
    )
    return replace(message, buttons=tuple(row for row in rows if row), form=None)


def _label(verb: str, name: str) -> str:
    return _(verb).format(name=wording.clip(name, buttons.LABEL_NAME_CHARS))


def _is_for_us(parsed: Command | Problem, inbound: Inbound) -> bool:
    """Whether to answer: always in private; in groups only what begins with a slash, on Telegram no other bot's."""
    if inbound.private:
        return True
    if not inbound.text.lstrip().startswith("/"):
        return False
    # A Telegram group may hold several bots, and all of them see "/weather".
    strange = isinstance(parsed, Problem) and parsed.kind is ProblemKind.UNKNOWN and not parsed.near
    return not strange or inbound.address.platform is not Platform.TELEGRAM


def in_words(error: BackstoryError) -> Message:
    """An error as its answer; a query's fault is pointed at."""
    if isinstance(error, QueryError):
        return Message(
            (
                paragraph(_("That query does not parse: {fault}").format(fault=error)),
                code_block(wording.pointed_at(error)),
                help.about_queries(),
            ),
            ((buttons.offer(_("How queries are written"), f"/help {help.QUERIES}"),),),
        )
    return Message(
        tuple(paragraph(line) for line in str(error).splitlines() if line.strip()) or (paragraph(_("Sorry, no.")),)
    )


def _too_many(wait_s: float) -> Message:
    said = _("That was a lot at once. I answer again in {seconds} s; until then I say nothing.")
    return Message((paragraph(said.format(seconds=math.ceil(wait_s))),))


def _for_admins() -> Message:
    return Message(
        (
            paragraph(_("Here only the group's admins change topics and feeds. Please ask one of them.")),
            note(
                *phrase(_("Anyone may read: {lines}"), lines=(code("/topics"), " ", code("/latest"), " ", code("/why")))
            ),
        ),
        ((buttons.plain("topics"), buttons.plain("latest")),),
    )


def _apology(error: Exception, inbound: Inbound) -> Message:
    """Own up with a reference that finds the log line; the log gets the place, never the error's text.

    An exception's text may quote what a person typed or a statement's parameters: it is logged at DEBUG only.
    """
    reference = secrets.token_hex(_REFERENCE_BYTES)
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES_LOGGED:]
    _log.error(
        "command failed",
        reference=reference,
        error=type(error).__name__,
        platform=inbound.address.platform.value,
        frames=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    )
    _log.debug("command failed: details", reference=reference, exc_info=error)
    return Message(
        (
            paragraph(_("Something went wrong on my side, and it has been noted. Please try again in a moment.")),
            note(*phrase(_("Reference: {reference}"), reference=code(reference))),
        )
    )
