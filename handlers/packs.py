"""/feeds packs, pack and follow: curated lists of feeds, for whoever has no address at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.message import Message, bold, bullets, code, heading, note, paragraph, phrase
from bot.errors import CommandError
from bot.speech import _, ngettext
from bot.text.urls import registrable_domain
from handlers import buttons, first, wording
from handlers.words import nearest

if TYPE_CHECKING:
    from bot.chats.message import Block
    from bot.model import Chat, FeedList
    from handlers.ports import Desk, Followed
    from handlers.row import Call
    from handlers.sayings import FollowPack, ListPacks, ShowPack

NEWEST_SHOWN: Final = 3
_PER_ROW: Final = 3


async def list_packs(call: Call[ListPacks]) -> Message:
    """The packs, each with what it is for and a button that opens it."""
    packs = call.desk.packs()
    lines = [(bold(_(pack.title)), f" ({wording.feeds(len(pack.feeds))}): {_(pack.about)}") for pack in packs.values()]
    made = [buttons.pack(name, _(pack.title)) for name, pack in packs.items()]
    rows = tuple(tuple(made[start : start + _PER_ROW]) for start in range(0, len(made), _PER_ROW))
    how = _("Look into one: {look} · follow it: {follow}")
    hint = note(*phrase(how, look=code("/feeds pack world"), follow=code("/feeds follow world")))
    return Message((heading(_("Lists of feeds")), bullets(*lines), hint), rows)


async def show_pack(call: Call[ShowPack]) -> Message:
    """What a pack holds. Raises CommandError with near names if there is none of this name."""
    name, pack = _named(call.desk, call.command.name)
    here = {feed.url for feed in await call.desk.store.feeds_of(call.chat.id)}
    already = _(", here already")
    lines = [
        (bold(feed.title), f" ({registrable_domain(feed.url)}{already if feed.url in here else ''})")
        for feed in pack.feeds
    ]
    new = sum(feed.url not in here for feed in pack.feeds)
    label = _("Follow all {count}") if new == len(pack.feeds) else _("Follow the other {count}")
    follow = buttons.follow_pack(name, label.format(count=new))
    row = ((follow,) if new else ()) + (buttons.plain("packs", _("Other lists")),)
    return Message((heading(_(pack.title)), paragraph(_(pack.about)), bullets(*lines)), (row,))


async def follow_pack(call: Call[FollowPack]) -> Message:
    """Follow a pack's feeds, and show at once what the chat's topics find in them."""
    name, pack = _named(call.desk, call.command.name)
    followed = await call.desk.follow_feeds(call.chat, pack.feeds)
    return Message(
        (heading(f"{_(pack.title)}: ", outcome(followed)), *await after_following(call, followed)),
        ((buttons.plain("feeds"), buttons.plain("topics"), buttons.pack(name, _(pack.title))),),
    )


def outcome(followed: Followed) -> str:
    """What became of a list of feeds, in one line."""
    parts = [wording.counted(ngettext("{count} new feed", "{count} new feeds", followed.added), followed.added)]
    if followed.known:
        parts.append(_("{count} here already").format(count=followed.known))
    if followed.refused:
        parts.append(_("{count} more than this chat may have").format(count=followed.refused))
    return ", ".join(parts)


async def after_following(call: Call[FollowPack] | Call[object], followed: Followed) -> list[Block]:
    """What to know after feeds were added: how they answer, what the topics find in them already."""
    desk, chat = call.desk, call.chat
    blocks: list[Block] = []
    if followed.left_samples:
        blocks.append(note(_("Your first real feeds: the sample coverage has ended, and your topics came along.")))
    if followed.failing:
        failing = _("{count} of them did not answer well; I go on trying, /feeds says how it goes.")
        blocks.append(note(failing.format(count=followed.failing)))
    if followed.answered < followed.added:
        blocks.append(note(_("I ask the others within the next minutes.")))
    if not followed.added or followed.left_samples:  # in the latter case the topics are where the feeds are
        return blocks
    return [*blocks, *await found_at_once(desk, chat)]


async def found_at_once(desk: Desk, chat: Chat) -> tuple[Block, ...]:
    """What the chat's topics find in what its feeds hold already."""
    topics = len(await desk.store.subscriptions_of(chat.id))
    newest = await desk.store.latest_stories(chat.id, limit=NEWEST_SHOWN) if topics else ()
    return first.at_work(newest, topics=topics, now=desk.now())


def _named(desk: Desk, name: str) -> tuple[str, FeedList]:
    packs = desk.packs()
    if name in packs:
        return name, packs[name]
    by_title = {title.casefold(): known for known, pack in packs.items() for title in (pack.title, _(pack.title))}
    if name.casefold() in by_title:
        return by_title[name.casefold()], packs[by_title[name.casefold()]]
    near = nearest(name, tuple(packs))
    none = _("There is no list called {name}.").format(name=wording.quoted(wording.clip(name, 40)))
    raise CommandError(" ".join(filter(None, (none, wording.did_you_mean(near), _("/feeds packs shows all.")))))
