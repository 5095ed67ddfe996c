"""Doctor: looks at settings, database, clock, tokens and feeds, and says what to do about each fault."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.app import remote_chats
from bot.clock import SystemClock
from bot.errors import BackstoryError, FetchError, UnsafeAddressError
from bot.model import FeedState
from bot.parts import open_parts
from bot.seal import Seal, State
from bot.store.migrate import fault_in_words
from bot.text.dates import moment
from bot.text.normalise import displayable
from bot.text.urls import shown_address

if TYPE_CHECKING:
    from bot.chats.chat import ChatPort
    from bot.model import Feed
    from bot.parts import Parts
    from bot.settings import Settings

_OVERDUE = timedelta(hours=1)
_CHECKED_AT_ONCE = 10
_LOST_SHOWN = 10
_TITLE_CHARS = 60
_SEAL = "set BACKSTORY_SECRET_KEY (openssl rand -base64 32) and start the bot: it seals what is there"
_RESTORE = "restore a backup (backstory restore FILE), or make one of what is left before anything else"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``remedy`` is what to do where it is not well."""

    subject: str
    well: bool
    words: str
    remedy: str = ""

    def as_text(self) -> str:
        """One or two lines for a terminal."""
        line = f"{'ok   ' if self.well else 'FAULT'}  {self.subject}: {self.words}"
        return f"{line}\n       -> {self.remedy}" if self.remedy else line


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything; never raises for a fault, since finding faults is the purpose."""
    findings = [_settings(settings)]
    findings += await asyncio.gather(*(_chat(chat) for chat in remote_chats(settings).values()))
    try:
        async with open_parts(settings, url=settings.database_url, clock=SystemClock()) as parts:
            findings.append(await _database(parts))
            findings += await _integrity(parts)
            findings += await _connections(parts)
            findings.append(await _clock(parts))
            findings += await _feeds(parts)
    except BackstoryError as error:  # its words say what to do
        findings.append(Finding("database", well=False, words=str(error)))
    except Exception as error:  # noqa: BLE001 - a damaged database raises wherever it is read
        words = f"it cannot be read: {getattr(error, 'orig', None) or type(error).__name__}"
        known = fault_in_words(error)  # a full disk, or a server that has gone, is mended by no backup
        findings.append(Finding("database", well=False, words=known or words, remedy="" if known else _RESTORE))
    return findings


def _settings(settings: Settings) -> Finding:
    names = []
    if settings.telegram_token:
        names.append("Telegram")
    if settings.has_slack:
        several = ", for all workspaces that install it" if settings.slack_client_id else ""
        names.append("Slack by Socket Mode" if settings.slack_app_token else f"Slack by HTTP{several}")
    if names:
        return Finding("settings", well=True, words=f"chats: console, {', '.join(names)}")
    return Finding(
        "settings",
        well=True,
        words="no chat token is set, so only the console chat runs",
        remedy="to connect a chat, set TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN, in .env",
    )


async def _chat(chat: ChatPort) -> Finding:
    name = chat.platform.value
    try:
        return Finding(name, well=True, words=await chat.check())
    except BackstoryError as error:
        remedy = f"check the {name} token in .env or the environment, and that this machine reaches the platform"
        return Finding(name, well=False, words=str(error), remedy=remedy)
    finally:
        await chat.stop()


async def _database(parts: Parts) -> Finding:
    status = await parts.store.status()
    kind = "SQLite" if parts.settings.database_url.startswith("sqlite") else "PostgreSQL"
    words = f"{kind}, {status.entries} entries, {status.stories} stories, {status.topics} topics"
    return Finding("database", well=True, words=words)


async def _integrity(parts: Parts) -> list[Finding]:
    """The database looked over as a whole: on a large archive this takes a while."""
    faults = await parts.store.faults()
    return [Finding("database", well=False, words=fault, remedy=_RESTORE) for fault in faults] or [
        Finding("database", well=True, words="pages, references, full-text index and counts agree")
    ]


async def _connections(parts: Parts) -> list[Finding]:
    """What was found out while the bot ran: refused tokens, chats that take nothing, tokens that stand in clear."""
    store, found = parts.store, []
    for trouble in await store.troubles():
        words = f"{trouble.words} (since {moment(trouble.since)})"
        found.append(Finding(trouble.platform.value, well=False, words=displayable(words), remedy="see the README"))
    installed = await store.installations()
    if installed and not parts.settings.secret_keys:
        words = f"the tokens of {len(installed)} workspaces stand in clear in the database, and in its backups"
        found.append(Finding("slack", well=False, words=words, remedy=_SEAL))
    found += await _addresses(parts)
    lost = await store.lost_chats(limit=_LOST_SHOWN)
    if lost:
        names = "; ".join(
            f"{chat.title or chat.address.chat}: {chat.gone_why or 'no reason was given'}" for chat in lost
        )
        words = f"these take nothing at the moment, and keep what they have: {names}"
        found.append(Finding("chats", well=True, words=displayable(words)))
    return found


async def _addresses(parts: Parts) -> list[Finding]:
    """What feeds are read with, where it stands in clear or cannot be read any more."""
    secrets, has_key, found = await parts.store.secrets(), bool(parts.settings.secret_keys), []
    lost = sum(feed.is_lost for feed in await parts.store.polled_feeds())
    if secrets.shut:
        which, how = ("another", "the old key back, behind the new one, after a space") if has_key else ("a", "it back")
        words = f"{secrets.shut} addresses or secrets are sealed with {which} BACKSTORY_SECRET_KEY that is not set"
        remedy = f"put {how}; if it is lost, add those feeds again: /feeds"
        # Of feeds that nobody follows any more, it is worth a word, but no fault.
        found.append(Finding("feeds", well=not lost, words=words, remedy=remedy if lost else ""))
    tokens = [Seal(parts.settings.secret_keys).state(one.team, one.token) for one in await parts.store.installations()]
    stale = secrets.stale + tokens.count(State.STALE)
    if stale:
        words = f"{stale} addresses, secrets or tokens are sealed with a BACKSTORY_SECRET_KEY behind the first"
        remedy = "start the bot, which seals them with the first, before you take the old key out"
        found.append(Finding("keys", well=True, words=words, remedy=remedy))
    if secrets.clear:
        words = f"{secrets.clear} addresses or secrets may hold a password or a key, and stand in clear"
        remedy = "start the bot: it seals them" if has_key else _SEAL
        found.append(Finding("feeds", well=True, words=f"{words} in the database and its backups", remedy=remedy))
    return found


async def _clock(parts: Parts) -> Finding:
    """A clock that was set back shows as polls that seem to lie in the future."""
    now = parts.clock.now()
    polled = [feed.last_polled_at for feed in await parts.store.polled_feeds() if feed.last_polled_at is not None]
    latest = max(polled, default=now)
    if latest > now + timedelta(minutes=1):
        words = f"it says {now:%Y-%m-%d %H:%M} UTC, but a feed was polled at {latest:%Y-%m-%d %H:%M} UTC"
        return Finding("clock", well=False, words=words, remedy="set the machine's clock (for instance with NTP)")
    return Finding("clock", well=True, words=f"{now:%Y-%m-%d %H:%M} UTC")


async def _feeds(parts: Parts) -> list[Finding]:
    feeds = await parts.store.polled_feeds()
    if not feeds:
        remedy = "add one in a chat: /feeds add URL"
        return [Finding("feeds", well=True, words="none yet", remedy=remedy)]
    gate = asyncio.Semaphore(_CHECKED_AT_ONCE)

    async def gated(feed: Feed) -> Finding:
        async with gate:
            return await _feed(parts, feed)

    return list(await asyncio.gather(*(gated(feed) for feed in feeds if not feed.is_lost)))


async def _feed(parts: Parts, feed: Feed) -> Finding:
    host = urlsplit(feed.url).hostname
    title = displayable(feed.title)[:_TITLE_CHARS]
    subject = f"feed {feed.id}, {host}" if title in {"", host} else f"feed {feed.id}, {title} ({host})"
    if feed.state is FeedState.GONE:
        return Finding(subject, well=False, words="the server says it has ended (410)", remedy="remove it: /feeds")
    url = shown_address(feed.url)
    try:
        checked = await parts.poller.check(feed.url)
    except UnsafeAddressError as error:  # its words say what to do
        return Finding(subject, well=False, words=str(error))
    except FetchError as error:
        remedy = f"open {url} in a browser; if it has moved, remove it and add the new address: /feeds"
        return Finding(subject, well=False, words=str(error), remedy=remedy)
    except BackstoryError as error:
        remedy = f"{url} answers with something else than a feed; look for its feed address"
        return Finding(subject, well=False, words=str(error), remedy=remedy)
    overdue = parts.clock.now() - feed.next_poll_at
    if feed.last_polled_at is not None and overdue > _OVERDUE:
        words = f"answers, but its poll is {int(overdue.total_seconds() // 3600)} h overdue"
        return Finding(subject, well=True, words=words, remedy="start the bot: backstory run")
    return Finding(subject, well=True, words=f"{len(checked.feed.entries)} entries, answers")
