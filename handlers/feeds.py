"""/feeds: where the news comes from. Fetching and checking an address is the desk's; this module only talks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.chats.message import Message, Span, bold, bullets, code, heading, link, note, paragraph, phrase
from bot.errors import CommandError, FeedParseError, FetchError, UnsafeAddressError
from bot.limits import URL_CHARS
from bot.model import FeedState
from bot.reasons import LOST_ADDRESS, retold
from bot.speech import N_, _, ngettext, number
from bot.text.dates import ago
from bot.text.urls import feed_name, registrable_domain, shown_address
from handlers import buttons, wording
from handlers.packs import found_at_once

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.chats.message import Block
    from bot.model import Feed, FeedLink, ParsedEntry
    from handlers.ports import AddedFeed, Desk
    from handlers.row import Call
    from handlers.sayings import AddFeed, ListFeeds, OfferFeed, RemoveFeed

FEEDS_PER_MESSAGE: Final = 20
TITLE_CHARS: Final = 80
HEADLINE_CHARS: Final = 160
ERROR_CHARS: Final = 140
FLOOD_SHOWN: Final = timedelta(days=7)
BUTTON_CHARS: Final = 40
_LOOK_FOR_IT: Final = N_("Look on the site for its “RSS” link, and send me the address behind it.")


async def list_feeds(call: Call[ListFeeds]) -> tuple[Message, ...]:
    """Each feed with its number, site and health."""
    feeds = await call.desk.store.feeds_of(call.chat.id)
    if not feeds:
        return (
            Message(
                (
                    heading(_("No feed yet")),
                    paragraph(*phrase(_("Take a list: {line}"), line=code("/feeds packs"))),
                    paragraph(
                        *phrase(
                            _("Or add one by its address: {line}"),
                            line=code("/feeds add https://www.example.org/rss"),
                        )
                    ),
                ),
                ((buttons.plain("packs"),),),
            ),
        )
    now = call.desk.now()
    lines = [_feed_line(feed, now) for feed in feeds]
    messages = [
        Message((bullets(*lines[start : start + FEEDS_PER_MESSAGE]),))
        for start in range(0, len(lines), FEEDS_PER_MESSAGE)
    ]
    failing = sum(feed.failures > 0 or feed.is_lost or feed.state is FeedState.GONE for feed in feeds)
    troubled = _(", {count} in trouble").format(count=number(failing)) if failing else ""
    title = wording.feeds(len(feeds)) + troubled
    messages[0] = Message((heading(title), *messages[0].blocks))
    hint = note(
        *phrase(_("Add one: {add} · drop one: {drop}"), add=code("/feeds add URL"), drop=code("/feeds remove NUMBER"))
    )
    messages[-1] = Message((*messages[-1].blocks, hint))
    return tuple(messages)


async def add_feed(call: Call[AddFeed]) -> Message:
    """Fetch and check the feed, then let it serve this chat. Raises CommandError with what to try instead."""
    url = call.command.url
    if len(url) > URL_CHARS:
        longer = _("That address is longer than {most} characters, which is more than I take.")
        raise CommandError(longer.format(most=URL_CHARS))
    try:
        added = await call.desk.add_feed(call.chat, url)
    except UnsafeAddressError:
        raise
    except FetchError as error:
        raise CommandError(f"{retold(str(error))}\n{_(_LOOK_FOR_IT)}") from error
    except FeedParseError as error:
        return await _from_page(call, error)
    return await _added(call, added)


async def _from_page(call: Call[AddFeed], fault: FeedParseError) -> Message:
    """The address is no feed: take the one that its page names, or let a person choose among several."""
    named = await _named_on_page(call.desk, call.command.url)
    if not named:
        raise CommandError(f"{retold(str(fault))}\n{_(_LOOK_FOR_IT)}") from fault
    if len(named) > 1:
        return _choice(call.command.url, named)
    try:
        return await _added(call, await call.desk.add_feed(call.chat, named[0].url))
    except (FetchError, FeedParseError) as error:
        said = _("The page names {url} as its feed, but: {fault}")
        raise CommandError(said.format(url=shown_address(named[0].url), fault=retold(str(error)))) from error


async def _named_on_page(desk: Desk, url: str) -> tuple[FeedLink, ...]:
    try:
        return await desk.feeds_on_page(url)
    except FetchError:
        return ()


def _choice(url: str, named: Sequence[FeedLink]) -> Message:
    """The feeds of a page, each with a button."""
    names = [feed_name(feed.title, feed.url) for feed in named]
    lines = [
        (bold(wording.clip(name, TITLE_CHARS)), " ", code(shown_address(feed.url)))
        for name, feed in zip(names, named, strict=True)
    ]
    made = [
        (buttons.offer(wording.clip(name, BUTTON_CHARS), _adding(feed.url)),)
        for name, feed in zip(names, named, strict=True)
    ]
    title = ngettext("{site} has {count} feed: which one?", "{site} has {count} feeds: which one?", len(named))
    title = wording.counted(title, len(named), site=registrable_domain(url))
    return Message((heading(title), bullets(*lines)), tuple(made))


async def _added(call: Call[AddFeed], added: AddedFeed) -> Message:
    """What the chat follows from now on, with the newest of what is there."""
    feed = added.feed
    domain = registrable_domain(feed.url)
    if added.known:
        known = _("{feed} ({site}) is here already, as number {number}.")
        text = paragraph(*phrase(known, feed=bold(_title(feed)), site=domain, number=str(feed.id)))
        return Message((text,), ((buttons.plain("feeds"), buttons.feed_remove(feed)),))
    holds = _("{entries} now").format(entries=wording.entries(added.entries))
    blocks = [
        heading(*phrase(_("Added {feed}"), feed=_title(feed))),
        note(" · ".join((domain, holds, _("number {number}").format(number=feed.id)))),
    ]
    if added.newest:
        blocks.append(bullets(*(_entry_line(entry, call.desk.now()) for entry in added.newest)))
    if added.left_samples:
        blocks.append(
            note(_("This is your first real feed: the sample coverage has ended, and your topics came along."))
        )
    else:  # with the samples ended, the chat's topics are not here any more but where the feed is
        blocks += await found_at_once(call.desk, call.chat)
    return Message(tuple(blocks), ((buttons.plain("feeds"), buttons.feed_remove(feed)),))


async def offer_feed(call: Call[OfferFeed]) -> Message:
    """An address came alone: show what is there, and ask before it is followed."""
    url = call.command.url
    add = url
    known = next((feed for feed in await call.desk.store.feeds_of(call.chat.id) if _same_address(feed.url, url)), None)
    if known is not None:
        here = _("{feed} is here already, as number {number}.")
        text = paragraph(*phrase(here, feed=bold(_title(known)), number=str(known.id)))
        return Message((text,), ((buttons.plain("feeds"), buttons.feed_remove(known)),))
    try:
        preview = await call.desk.preview_feed(url)
    except FeedParseError:
        named = await _named_on_page(call.desk, url)
        if len(named) > 1:
            return _choice(url, named)
        if named:
            add = named[0].url
        return _asked(registrable_domain(url) or _("this address"), add)
    except FetchError as error:
        raise CommandError(f"{retold(str(error))}\n{_(_LOOK_FOR_IT)}") from error
    lines = [bullets(*(_entry_line(entry, call.desk.now()) for entry in preview.newest))] if preview.newest else []
    return _asked(wording.clip(preview.title, TITLE_CHARS), add, *lines)


def _asked(name: str, url: str, *more: Block) -> Message:
    """Whether to follow a feed; it is added by a button or by the line typed."""
    asked = paragraph(*phrase(_("Shall I follow {name} as a feed?"), name=bold(name)))
    typed = [note(code(_adding(url)))] if _is_open(url) else []
    return Message((asked, *more, *typed), ((buttons.offer(_("Add this feed"), _adding(url)),),))


def _adding(url: str) -> str:
    return f"/feeds add {url}"


def _is_open(url: str) -> bool:
    """Whether an address may be said in full; one that may not is left to a button, which remembers it."""
    return shown_address(url) == url


async def remove_feed(call: Call[RemoveFeed]) -> Message:
    """Stop one of this chat's feeds, by number or address; what it brought stays."""
    which = call.command.which
    feeds = await call.desk.store.feeds_of(call.chat.id)
    feed = next((feed for feed in feeds if str(feed.id) == which or _same_address(feed.url, which)), None)
    if feed is None:
        # By its exact address a feed is found whose address cannot be read any more, too.
        at_address = await call.desk.store.feed_at(which)
        feed = next((feed for feed in feeds if at_address is not None and feed.id == at_address.id), None)
    if feed is None:
        raise CommandError(_("This chat has no such feed. /feeds lists them with their numbers."))
    if not await call.desk.store.unfollow(call.chat.id, feed.id):
        shared = _("{feed} serves every chat and cannot be dropped from one.")
        raise CommandError(shared.format(feed=_title(feed)))
    again = _adding(feed.url)
    blocks = [paragraph(*phrase(_("{feed} no longer serves this chat."), feed=bold(_title(feed))))]
    if _is_open(feed.url) and not feed.is_lost:
        blocks.append(note(*phrase(_("Bring it back: {line}"), line=code(again))))
    if feed.shared:
        blocks.append(note(_("It also serves every chat, so its entries still count here.")))
    return Message(tuple(blocks), () if feed.is_lost else ((buttons.offer(_("Bring it back"), again),),))


# ---------------------------------------------------------------- pieces


def _title(feed: Feed) -> str:
    name = wording.clip(feed.title, TITLE_CHARS) or registrable_domain(feed.url)
    return name or _("number {number}").format(number=feed.id)


def _feed_line(feed: Feed, now: datetime) -> tuple[Span | str, ...]:
    if feed.is_lost:
        return (f"{feed.id}. ", bold(_title(feed)), f": ⚠ {retold(LOST_ADDRESS)}")
    shared = _(", shared") if feed.shared else ""
    return (f"{feed.id}. ", bold(_title(feed)), f" ({registrable_domain(feed.url)}{shared}): {_health(feed, now)}")


def _health(feed: Feed, now: datetime) -> str:
    if feed.state is FeedState.GONE:
        return _("ended by its site, not polled any more")
    if feed.last_polled_at is None:
        return _("not polled yet")
    soon = feed.next_poll_at <= now
    due = _("due now") if soon else _("again {when}").format(when=ago(feed.next_poll_at, now))
    if feed.failures:
        reason = retold(feed.last_error) if feed.last_error else _("no reason given")
        said = ngettext(
            "⚠ failing ({count} poll in a row: {reason}), {due}",
            "⚠ failing ({count} polls in a row: {reason}), {due}",
            feed.failures,
        )
        return wording.counted(said, feed.failures, reason=wording.clip(reason, ERROR_CHARS).rstrip("."), due=due)
    if feed.flooded_at is not None and now - feed.flooded_at < FLOOD_SHOWN:
        flood = _("⚠ issued very many entries at once {when}, which came as one digest; ")
        flood = flood.format(when=ago(feed.flooded_at, now))
    else:
        flood = ""
    newest = ""
    if feed.last_entry_at:
        newest = _(", last entry {when}").format(when=wording.when(feed.last_entry_at, now))
    polled = _("polled {when}, {due}").format(when=ago(feed.last_polled_at, now), due=due)
    return f"{flood}{polled}{newest}"


def _entry_line(entry: ParsedEntry, now: datetime) -> tuple[Span | str, ...]:
    at = f"{wording.when(entry.published_at, now)}: " if entry.published_at else ""
    return (at, link(wording.clip(entry.title, HEADLINE_CHARS), entry.url))


def _same_address(one: str, other: str) -> bool:
    """Whether two addresses differ only in scheme, the host's case or a final slash."""
    return _plain_address(one) == _plain_address(other)


def _plain_address(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket without its pair
        return ("", url, "")
    return (parts.netloc.casefold(), parts.path.rstrip("/"), parts.query)
