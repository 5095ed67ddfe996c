"""/export and /import: a chat's feeds and topics as files, to keep, to share, to bring along from another reader."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.chats.message import Attachment, AttachmentKind, Message, bullets, code, heading, note, paragraph, phrase
from bot.errors import CommandError, FeedParseError, QueryError, UnknownNameError
from bot.limits import CONCEPTS_PER_CHAT, OPML_BYTES, TOPICS_PER_CHAT
from bot.model import UNSAVED, ChatConcept, FeedLink, Topic
from bot.reasons import LOST_ADDRESS, retold
from bot.speech import N_, _, ngettext
from bot.text.urls import shown_address
from bot.topics.exchange import read_topics, write_topics
from bot.topics.own import canonical, checked_name, read_aliases
from handlers import buttons, packs, wording

if TYPE_CHECKING:
    from bot.chats.message import Block
    from bot.model import Chat
    from bot.topics.exchange import ListedTopic, TopicsFile
    from handlers.ports import Desk
    from handlers.row import Call
    from handlers.sayings import Export, Import

FEEDS_FILE: Final = "backstory-feeds.opml"
TOPICS_FILE: Final = "backstory-topics.yaml"
FAULTS_SHOWN: Final = 8
_NOTHING: Final = {
    None: N_("This chat has no feeds or topics of its own to export."),
    "feeds": N_("This chat has no feeds of its own to export."),
    "topics": N_("This chat has no topics of its own to export."),
}


async def export(call: Call[Export]) -> Message:
    """The chat's feeds as OPML and its topics as YAML, as files. Raises CommandError where there is nothing."""
    files: list[Attachment] = []
    notes: list[Block] = []
    if call.command.what in {None, "feeds"}:
        listed, notes = await _feeds_file(call)
        files += listed
    if call.command.what in {None, "topics"}:
        files += await _topics_file(call.desk, call.chat)
    if not files and notes:
        return Message(tuple(notes))
    if not files:
        raise CommandError(_(_NOTHING[call.command.what]))
    lines = [(code(file.name), f": {file.alt}") for file in files]
    again = _("Bring them back here, or to another chat: send the file, with {line} as its caption.")
    back = note(*phrase(again, line=code("/import")))
    return Message((heading(_("Your files")), bullets(*lines), *notes, back), attachments=tuple(files))


async def take_in(call: Call[Import]) -> Message:
    """Feeds from an OPML file or topics from a YAML file. Raises CommandError in plain words."""
    if not call.inbound.files:
        raise UnknownNameError(
            _(
                "Send me the file: an OPML list of feeds, or a file of topics as /export makes it, "
                "with /import as its caption. On the console: /import and the file's path."
            )
        )
    file = call.inbound.files[0]
    if file.size_bytes > OPML_BYTES:
        larger = _("That file is larger than {size} MiB, which is more than I take.")
        raise CommandError(larger.format(size=OPML_BYTES // 1024 // 1024))
    data = await file.read()
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return await _feeds_in(call, data)
    # A quarter of a megabyte of YAML takes a second: others are answered meanwhile.
    return await _topics_in(call, await asyncio.to_thread(read_topics, data))


# ---------------------------------------------------------------- out


async def _feeds_file(call: Call[Export]) -> tuple[list[Attachment], list[Block]]:
    """The file, and what has to be said of the passwords and keys that are in it or not.

    Those of the chat's own feeds are for its admins; those of the shared feeds are the bot's owner's, and for nobody.
    """
    feeds = await call.desk.store.feeds_of(call.chat.id)
    if not feeds:
        return [], []
    locked = [feed for feed in feeds if not feed.is_lost and shown_address(feed.url) != feed.url]
    own = {feed.id for feed in locked if not feed.shared}
    given = own if own and await call.is_admin() else set()
    readable = [feed for feed in feeds if not feed.is_lost]
    links = [FeedLink(feed.url if feed.id in given else shown_address(feed.url), feed.title) for feed in readable]
    lost = [note(f"{feed.title or feed.id}: {retold(LOST_ADDRESS)}") for feed in feeds if feed.is_lost]
    if not links:
        return [], [*lost]
    data = call.desk.write_feed_list(links, title=_("Backstory feeds"))
    alt = _("{feeds}, as OPML").format(feeds=wording.feeds(len(links)))
    notes = _of_keys(len(given), len(locked) - len(given), askable=bool(own - given))
    return [Attachment(AttachmentKind.FILE, FEEDS_FILE, data, alt)], [*notes, *lost]


def _of_keys(given: int, left_out: int, *, askable: bool) -> list[Block]:
    """What is said of the feeds that are read with a password or key."""
    notes: list[Block] = []
    if given:
        said = ngettext(
            "The file holds the password or key of {count} feed: whoever has the file can use it.",
            "The file holds the passwords or keys of {count} feeds: whoever has the file can use them.",
            given,
        )
        notes.append(note(wording.counted(said, given)))
    if left_out:
        said = ngettext(
            "{count} feed is read with a password or key, which is not in the file.",
            "{count} feeds are read with passwords or keys, which are not in the file.",
            left_out,
        )
        more = " " + _("Those of this chat's own feeds are in it when an admin asks for it.") if askable else ""
        notes.append(note(wording.counted(said, left_out) + more))
    return notes


async def _topics_file(desk: Desk, chat: Chat) -> list[Attachment]:
    topics = [topic for topic in await desk.store.topics_of(chat.id) if topic.chat_id == chat.id]
    concepts = await desk.store.concepts_of(chat.id)
    if not topics and not concepts:
        return []
    held = wording.topics(len(topics)) + (f", {wording.concepts(len(concepts))}" if concepts else "")
    data = write_topics(topics, concepts).encode()
    return [Attachment(AttachmentKind.FILE, TOPICS_FILE, data, _("{topics}, as YAML").format(topics=held))]


# ---------------------------------------------------------------- in


async def _feeds_in(call: Call[Import], data: bytes) -> Message:
    try:
        given = await call.desk.read_feed_list(data)
    except FeedParseError as error:
        raise CommandError(_("I cannot take that in: {fault}.").format(fault=error)) from error
    followed = await call.desk.follow_feeds(call.chat, given.feeds)
    lead = heading(*phrase(_("Feeds: {outcome}"), outcome=packs.outcome(followed)))
    blocks = [lead, *await packs.after_following(call, followed)]
    if given.unusable:
        unusable = ngettext(
            "{count} address in the file cannot be fetched.",
            "{count} addresses in the file cannot be fetched.",
            given.unusable,
        )
        blocks.append(note(wording.counted(unusable, given.unusable)))
    return Message(tuple(blocks), ((buttons.plain("feeds"), buttons.plain("topics")),))


async def _topics_in(call: Call[Import], given: TopicsFile) -> Message:
    """Add what is new, leave what the chat has, and say what could not be understood."""
    desk, chat = call.desk, call.chat
    faults = list(given.faults)
    concepts = await _concepts_in(desk, chat, given, faults)
    taken: list[Topic] = []
    known = 0
    room = TOPICS_PER_CHAT - sum(topic.chat_id == chat.id for topic in await desk.store.topics_of(chat.id))
    for listed in given.topics:
        if await desk.store.topic_named(chat.id, listed.name) is not None:
            known += 1
        elif len(taken) >= room:
            faults.append(_("{name}: this chat may have {most} topics").format(name=listed.name, most=TOPICS_PER_CHAT))
        else:
            taken += await _topic_in(desk, chat, listed, concepts, faults)
    if taken:
        await desk.backfill(*taken)
    parts = [wording.counted(ngettext("{count} new topic", "{count} new topics", len(taken)), len(taken))]
    if known:
        parts.append(_("{count} here already").format(count=known))
    blocks = [heading(*phrase(_("Topics: {outcome}"), outcome=", ".join(parts)))]
    if taken:
        names = ", ".join(topic.name for topic in taken)
        blocks.append(paragraph(*phrase(_("Watching from here on: {topics}"), topics=names)))
    if faults:
        shown = [wording.clip(fault, 160) for fault in faults[:FAULTS_SHOWN]]
        left = len(faults) - FAULTS_SHOWN
        more = [_("and {count} more").format(count=left)] if left > 0 else []
        blocks += [paragraph(_("Left out:")), bullets(*shown, *more)]
    return Message(tuple(blocks), ((buttons.plain("topics"), buttons.plain("latest")),))


async def _concepts_in(desk: Desk, chat: Chat, given: TopicsFile, faults: list[str]) -> tuple[ChatConcept, ...]:
    """The chat's concepts with those of the file; what the chat has stays as it is."""
    own = {one.name: one for one in await desk.store.concepts_of(chat.id)}
    for listed in given.concepts:
        try:
            name = checked_name(listed.name, desk.lexicon)
            aliases = read_aliases(", ".join(listed.aliases), desk.lexicon)
        except CommandError as error:
            faults.append(_("concept {name}: {fault}").format(name=listed.name, fault=error))
            continue
        if name in own:
            continue
        if len(own) >= CONCEPTS_PER_CHAT:
            faults.append(_("concept {name}: this chat may have {most}").format(name=name, most=CONCEPTS_PER_CHAT))
            continue
        own[name] = ChatConcept(chat.id, name, aliases)
        await desk.store.put_concept(own[name])
    return tuple(own.values())


async def _topic_in(
    desk: Desk, chat: Chat, listed: ListedTopic, concepts: tuple[ChatConcept, ...], faults: list[str]
) -> list[Topic]:
    try:
        query = canonical(listed.query, concepts, desk.lexicon)
    except QueryError as error:
        faults.append(f"{listed.name}: {error}")
        return []
    wanted = Topic(UNSAVED, chat.id, listed.name, query, desk.now(), listed.sensitivity)
    return [await desk.store.add_topic(wanted, alerts=True)]
