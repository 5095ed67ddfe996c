"""/mute and /unmute: what this chat does not want to hear of for a while. What is muted is kept: /missed shows it.

A story, an outlet or a topic is found among what the chat can see, whatever id a button carries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.alerts.digest import local
from bot.chats.message import Message, bold, bullets, code, heading, note, paragraph
from bot.errors import CommandError
from bot.model import UNSAVED
from bot.preferences import Mute, MuteKind
from handlers import buttons, wording
from handlers.times import FOREVER
from handlers.words import nearest

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.chats.message import Block
    from bot.model import Chat
    from bot.preferences import ChatSettings
    from bot.store.port import StoryView
    from handlers.ports import Desk
    from handlers.row import Call
    from handlers.sayings import ChooseMute, ListMutes, MuteThing, Unmute

NAME_CHARS: Final = 100
RECENT_STORIES: Final = 50
LISTED: Final = 20
BUTTONS: Final = 8
_KIND: Final = {MuteKind.TOPIC: "Topic", MuteKind.STORY: "Story", MuteKind.OUTLET: "Outlet"}


async def list_mutes(call: Call[ListMutes]) -> Message:
    """What is muted, and until when."""
    desk, chat, now = call.desk, call.chat, call.desk.now()
    mutes = await desk.store.mutes_of(chat.id, now=now)
    if not mutes:
        return Message(
            (
                heading("Nothing is muted"),
                paragraph("Every alert has a Mute button. Or by name: ", code("/mute TOPIC 8h"), " ", code("/mute 2h")),
            ),
            ((buttons.plain("settings", "Settings"),),),
        )
    settings = await desk.store.settings_of(chat.id)
    lines = [(bold(_what(mute)), f", {_until(mute.until, settings)}") for mute in mutes[:LISTED]]
    rows = tuple((buttons.unmute(mute, f"Unmute {_short(mute)}"),) for mute in mutes[:BUTTONS])
    return Message((heading(f"Muted: {wording.count(len(mutes), 'thing')}"), bullets(*lines), _kept()), rows)


async def choose_mute(call: Call[ChooseMute]) -> Message:
    """The three choices under an alert: its story, its outlet, its topic."""
    view = await _story(call.desk, call.chat, call.command.story_id)
    rows = [(buttons.mute(MuteKind.STORY, view.story.id, "This story, 24 h"),)]
    rows.append((buttons.mute(MuteKind.OUTLET, view.story.id, f"Outlet {_clip(_outlet(view))}, 7 days"),))
    if view.topics:
        topics = wording.listed([_clip(name) for name in view.topics])
        rows.append((buttons.mute(MuteKind.TOPIC, view.story.id, f"Topic {topics}, 8 h"),))
    return Message((heading("What should be silent?"), _kept()), tuple(rows))


async def mute_thing(call: Call[MuteThing]) -> Message:
    """Mute it, say until when, and offer to undo it."""
    desk, chat, wanted = call.desk, call.chat, call.command
    now = desk.now()
    made = []
    for kind, name, target in await _meant(desk, chat, wanted):
        until = _end(now, wanted.length or buttons.MUTED_FOR[kind])
        made.append(await desk.store.put_mute(Mute(UNSAVED, chat.id, kind, name, until, now, target)))
    settings = await desk.store.settings_of(chat.id)
    lines = [paragraph(bold(_what(mute)), f": muted {_until(mute.until, settings)}.") for mute in made]
    undo = tuple(buttons.unmute(mute, "Undo" if len(made) == 1 else f"Undo {_short(mute)}") for mute in made)
    return Message((*lines, _kept()), (undo, (buttons.plain("mute", "All mutes"),)))


async def unmute(call: Call[Unmute]) -> Message:
    """End a mute; what it held comes only if it is asked for."""
    desk, chat, what = call.desk, call.chat, call.command.what
    running = await desk.store.mutes_of(chat.id, now=desk.now())
    if not running:
        return Message((paragraph("Nothing is muted."),), ((buttons.plain("settings", "Settings"),),))
    if what is None and len(running) > 1:
        rows = tuple((buttons.unmute(mute, _short(mute)),) for mute in running[:BUTTONS])
        return Message((paragraph("Which of these?"),), rows)
    chosen = running if what in (None, "all") else (_named(running, what or ""),)
    for mute in chosen:
        await desk.store.remove_mutes(chat.id, mute.id)
    blocks = [paragraph(bold(_what(mute)), " is no longer muted.") for mute in chosen]
    held = (await desk.store.held_tally(chat.id)).muted
    if not held:
        return Message(tuple(blocks))
    blocks.append(paragraph(f"{wording.count(held, 'alert')} muted so far, and kept."))
    return Message(tuple(blocks), ((buttons.preset("show-muted", "Show what was muted"),),))


# ---------------------------------------------------------------- what is meant


async def _meant(desk: Desk, chat: Chat, wanted: MuteThing) -> list[tuple[MuteKind, str, int | None]]:
    """Kind, name and id of each thing to mute."""
    if wanted.kind is MuteKind.ALL:
        return [(MuteKind.ALL, "Everything", None)]
    if wanted.story_id is not None:
        return await _of_story(desk, chat, await _story(desk, chat, wanted.story_id), wanted.kind)
    name = wording.clip(wanted.what or "", NAME_CHARS)
    if wanted.kind is not MuteKind.OUTLET:
        topic = await desk.store.topic_named(chat.id, name)
        if topic is not None:
            return [(MuteKind.TOPIC, topic.name, topic.id)]
    outlets = await _outlets(desk, chat)
    known = next((each for each in outlets if each.casefold() == name.casefold()), None)
    if wanted.kind is not MuteKind.TOPIC and (known or wanted.kind is MuteKind.OUTLET):
        return [(MuteKind.OUTLET, known or name, None)]
    topics = tuple(topic.name for topic in await desk.store.topics_of(chat.id))
    near = nearest(name, (*topics, *outlets))
    hint = f" Did you mean {wording.listed([wording.quoted(word) for word in near])}?" if near else ""
    raise CommandError(f"No topic and no outlet here is called {wording.quoted(name)}.{hint}")


async def _of_story(
    desk: Desk, chat: Chat, view: StoryView, kind: MuteKind | None
) -> list[tuple[MuteKind, str, int | None]]:
    if kind is MuteKind.OUTLET:
        return [(MuteKind.OUTLET, _outlet(view), None)]
    if kind is not MuteKind.TOPIC:
        return [(MuteKind.STORY, wording.clip(view.story.headline, NAME_CHARS), view.story.id)]
    topics = [await desk.store.topic_named(chat.id, name) for name in view.topics]
    found: list[tuple[MuteKind, str, int | None]] = [(MuteKind.TOPIC, one.name, one.id) for one in topics if one]
    if not found:
        raise CommandError("The topic of that story is not here any more. /topics lists what is.")
    return found


async def _story(desk: Desk, chat: Chat, story_id: int) -> StoryView:
    view = await desk.store.story_view(chat.id, story_id)
    if view is None:
        raise CommandError("No story of this chat has that number. /latest lists some.")
    return view


async def _outlets(desk: Desk, chat: Chat) -> tuple[str, ...]:
    """The outlets that the chat's last stories came from."""
    views = await desk.store.latest_stories(chat.id, limit=RECENT_STORIES)
    return tuple(dict.fromkeys(name for view in views for name in (view.story.source, *view.story.outlets)))


def _outlet(view: StoryView) -> str:
    return view.alert.source if view.alert is not None else view.story.source


def _named(running: tuple[Mute, ...], what: str) -> Mute:
    for mute in running:
        if what.removeprefix("#") == str(mute.id) or what.casefold() == mute.name.casefold():
            return mute
    near = nearest(what, tuple(mute.name for mute in running))
    hint = f" Did you mean {wording.listed([wording.quoted(word) for word in near])}?" if near else ""
    raise CommandError(f"{wording.quoted(wording.clip(what, NAME_CHARS))} is not muted.{hint} /mute lists what is.")


# ---------------------------------------------------------------- words


def _end(now: datetime, length: timedelta) -> datetime | None:
    return None if length == FOREVER else now + length


def _until(until: datetime | None, settings: ChatSettings) -> str:
    return f"until {local(until, settings)} ({settings.zone})" if until else "until you unmute it"


def _what(mute: Mute) -> str:
    return mute.name if mute.kind is MuteKind.ALL else f"{_KIND[mute.kind]} {wording.quoted(mute.name)}"


def _short(mute: Mute) -> str:
    return wording.clip(mute.name, buttons.LABEL_NAME_CHARS)


def _clip(name: str) -> str:
    return wording.clip(name, buttons.LABEL_NAME_CHARS)


def _kept() -> Block:
    return note("What is muted is kept: ", code("/missed"), " shows it.")
