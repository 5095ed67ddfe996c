"""/mute and /unmute: what this chat does not want to hear of for a while. What is muted is kept: /missed shows it.

A story, an outlet or a topic is found among what the chat can see, whatever id a button carries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.alerts.digest import local
from bot.chats.message import Message, bold, bullets, code, heading, note, paragraph, phrase
from bot.errors import CommandError, UnknownNameError
from bot.model import UNSAVED
from bot.preferences import Mute, MuteKind
from bot.speech import N_, _, ngettext
from handlers import buttons, wording
from handlers.times import FOREVER
from handlers.timing_words import ALL_WORDS
from handlers.words import near_names

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
EVERYTHING: Final = N_("Everything")
"""The name, as it is stored, of a mute of everything."""

RECENT_STORIES: Final = 50
LISTED: Final = 20
BUTTONS: Final = 8
_KIND: Final = {
    MuteKind.TOPIC: N_("Topic {name}"),
    MuteKind.STORY: N_("Story {name}"),
    MuteKind.OUTLET: N_("Outlet {name}"),
}


async def list_mutes(call: Call[ListMutes]) -> Message:
    """What is muted, and until when."""
    desk, chat, now = call.desk, call.chat, call.desk.now()
    mutes = await desk.store.mutes_of(chat.id, now=now)
    if not mutes:
        return Message(
            (
                heading(_("Nothing is muted")),
                paragraph(
                    *phrase(
                        _("Every alert has a Mute button. Or by name: {lines}"),
                        lines=(code("/mute TOPIC 8h"), " ", code("/mute 2h")),
                    )
                ),
            ),
            ((buttons.plain("settings"),),),
        )
    settings = await desk.store.settings_of(chat.id)
    lines = [(bold(_what(mute)), f", {_until(mute.until, settings)}") for mute in mutes[:LISTED]]
    label = _("Unmute {name}")
    rows = tuple((buttons.unmute(mute, label.format(name=_short(mute))),) for mute in mutes[:BUTTONS])
    lead = wording.counted(ngettext("Muted: {count} thing", "Muted: {count} things", len(mutes)), len(mutes))
    return Message((heading(lead), bullets(*lines), _kept()), rows)


async def choose_mute(call: Call[ChooseMute]) -> Message:
    """The three choices under an alert: its story, its outlet, its topic."""
    view = await _story(call.desk, call.chat, call.command.story_id)
    rows = [(buttons.mute(MuteKind.STORY, view.story.id, _("This story, 24 h")),)]
    outlet = _("Outlet {name}, 7 days").format(name=_clip(_outlet(view)))
    rows.append((buttons.mute(MuteKind.OUTLET, view.story.id, outlet),))
    if view.topics:
        topics = wording.listed([_clip(name) for name in view.topics])
        rows.append((buttons.mute(MuteKind.TOPIC, view.story.id, _("Topic {name}, 8 h").format(name=topics)),))
    return Message((heading(_("What should be silent?")), _kept()), tuple(rows))


async def mute_thing(call: Call[MuteThing]) -> Message:
    """Mute it, say until when, and offer to undo it."""
    desk, chat, wanted = call.desk, call.chat, call.command
    now = desk.now()
    made = []
    for kind, name, target in await _meant(desk, chat, wanted):
        until = _end(now, wanted.length or buttons.MUTED_FOR[kind])
        made.append(await desk.store.put_mute(Mute(UNSAVED, chat.id, kind, name, until, now, target)))
    settings = await desk.store.settings_of(chat.id)
    said = _("{thing}: muted {until}.")
    lines = [paragraph(*phrase(said, thing=bold(_what(mute)), until=_until(mute.until, settings))) for mute in made]
    label = _("Undo") if len(made) == 1 else _("Undo {name}")
    undo = tuple(buttons.unmute(mute, label.format(name=_short(mute))) for mute in made)
    return Message((*lines, _kept()), (undo, (buttons.plain("mute", _("All mutes")),)))


async def unmute(call: Call[Unmute]) -> Message:
    """End a mute; what it held comes only if it is asked for."""
    desk, chat, what = call.desk, call.chat, call.command.what
    running = await desk.store.mutes_of(chat.id, now=desk.now())
    if not running:
        return Message((paragraph(_("Nothing is muted.")),), ((buttons.plain("settings"),),))
    if what is None and len(running) > 1:
        rows = tuple((buttons.unmute(mute, _short(mute)),) for mute in running[:BUTTONS])
        return Message((paragraph(_("Which of these?")),), rows)
    chosen = running if what in (None, "all") else (_named(running, call.command),)
    for mute in chosen:
        await desk.store.remove_mutes(chat.id, mute.id)
    blocks = [paragraph(*phrase(_("{thing} is no longer muted."), thing=bold(_what(mute)))) for mute in chosen]
    held = (await desk.store.held_tally(chat.id)).muted
    if not held:
        return Message(tuple(blocks))
    kept = ngettext("{count} alert muted so far, and kept.", "{count} alerts muted so far, and kept.", held)
    blocks.append(paragraph(wording.counted(kept, held)))
    return Message(tuple(blocks), ((buttons.preset("show-muted", _("Show what was muted")),),))


# ---------------------------------------------------------------- what is meant


async def _meant(desk: Desk, chat: Chat, wanted: MuteThing) -> list[tuple[MuteKind, str, int | None]]:
    """Kind, name and id of each thing to mute."""
    if wanted.kind is MuteKind.ALL:
        return [(MuteKind.ALL, EVERYTHING, None)]
    called_so = await desk.store.topic_named(chat.id, wanted.whole) if wanted.whole else None
    if called_so is not None:
        return [(MuteKind.TOPIC, called_so.name, called_so.id)]
    if wanted.story_id is not None:
        return await _of_story(desk, chat, await _story(desk, chat, wanted.story_id), wanted.kind)
    if wanted.kind is MuteKind.STORY:
        raise UnknownNameError(_("A story is named by its number; /latest shows those of the last ones."))
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
    length = _unread(name, (*topics, *outlets, *ALL_WORDS))
    if length:
        raise CommandError(
            _("I cannot read “{word}” as how long. Say 30m, 8h, 3 days, 2w or forever.").format(word=length)
        )
    near = near_names(name, (*topics, *outlets))
    none = _("No topic and no outlet here is called {name}.").format(name=wording.quoted(name))
    raise UnknownNameError(f"{none} {wording.did_you_mean(near)}".rstrip())


def _unread(name: str, known: tuple[str, ...]) -> str:
    """What stands behind a known name, or is a number of something: a length of time that was not read as one."""
    if name[:1].isdecimal():
        return name
    behind = [name[len(each) :].strip() for each in known if name.casefold().startswith(f"{each.casefold()} ")]
    return min(behind, key=len, default="").removeprefix("for ")


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
        raise CommandError(_("The topic of that story is not here any more. /topics lists what is."))
    return found


async def _story(desk: Desk, chat: Chat, story_id: int) -> StoryView:
    view = await desk.store.story_view(chat.id, story_id)
    if view is None:
        raise CommandError(_("No story of this chat has that number. /latest lists some."))
    return view


async def _outlets(desk: Desk, chat: Chat) -> tuple[str, ...]:
    """The outlets that the chat's last stories came from."""
    views = await desk.store.latest_stories(chat.id, limit=RECENT_STORIES)
    return tuple(dict.fromkeys(name for view in views for name in (view.story.source, *view.story.outlets)))


def _outlet(view: StoryView) -> str:
    return view.alert.source if view.alert is not None else view.story.source


def _named(running: tuple[Mute, ...], wanted: Unmute) -> Mute:
    what, whole, story_id = wanted.what or "", wanted.whole or "", wanted.story_id
    for mute in running:
        if whole.casefold() == mute.name.casefold():
            return mute
    for mute in running:
        its_number = what.removeprefix("#") == str(mute.id)
        its_story = mute.kind is MuteKind.STORY and mute.target_id == story_id
        if its_story if story_id is not None else its_number or what.casefold() == mute.name.casefold():
            return mute
    near = near_names(what, tuple(mute.name for mute in running))
    none = _("{name} is not muted.").format(name=wording.quoted(wording.clip(what, NAME_CHARS)))
    hint = wording.did_you_mean(near)
    raise CommandError(" ".join(filter(None, (none, hint, _("/mute lists what is.")))))


# ---------------------------------------------------------------- words


def _end(now: datetime, length: timedelta) -> datetime | None:
    return None if length == FOREVER else now + length


def _until(until: datetime | None, settings: ChatSettings) -> str:
    if until is None:
        return _("until you unmute it")
    return _("until {when} ({zone})").format(when=local(until, settings), zone=settings.zone_said)


def _what(mute: Mute) -> str:
    if mute.kind is MuteKind.ALL:
        return _(EVERYTHING)
    return _(_KIND[mute.kind]).format(name=wording.quoted(mute.name))


def _short(mute: Mute) -> str:
    name = _(EVERYTHING) if mute.kind is MuteKind.ALL else mute.name
    return wording.clip(name, buttons.LABEL_NAME_CHARS)


def _clip(name: str) -> str:
    return wording.clip(name, buttons.LABEL_NAME_CHARS)


def _kept() -> Block:
    return note(*phrase(_("What is muted is kept: {line} shows it."), line=code("/missed")))
