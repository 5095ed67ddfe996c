"""Longer texts for short entries: which are worth a page, what the page must be, what a longer text may change.

::

    matched on the feed's own words, but short --> page fetched --> is it the article? --> matched again --> the better

The feed's title stays, whatever the page says. A longer text may add topics and evidence; it takes a topic away only
where the query itself excludes something that the article says. It does not take one away for being a passing mention
in the long text: title and teaser are the outlet's own word on what the article is about, and a page holds more than
the article now and then. A topic that only the long text names is judged by salience like any other.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from bot import limits
from bot.feeds.pages import PageOutcome
from bot.ingest import Prepared, prepare, read_entry
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.feeds.pages import Page
    from bot.model import Feed, Match, ParsedEntry
    from bot.store.port import Store
    from bot.topics.match import Matcher

Draft = tuple["ParsedEntry", Prepared]
"""An entry as the feed gave it, and as it was prepared from that."""

UNLIKE: Final = "pages.unlike"
"""Counts pages that were fetched and are not the article: a notice of consent, a list of headlines."""


class PageReader(Protocol):
    """What fetches a page and reads the article on it, within its own time; ``bot.feeds.pages.Pages``."""

    async def read(self, url: str, *, feed_url: str) -> Page:
        """The article at an address that a feed named."""
        ...


class Articles:
    """Fetches the pages behind short entries of a poll, together, outside of any transaction."""

    def __init__(self, store: Store, pages: PageReader) -> None:
        self._store = store
        self._pages = pages

    async def lengthen(
        self, feed: Feed, drafts: Sequence[Draft], matcher: Matcher, *, now: datetime
    ) -> tuple[list[Prepared], Counter[str]]:
        """The drafts' entries in their order, with the text of their pages where that helps; and what to count.

        Takes at most ``limits.ARTICLE_PAGE_S`` and what it costs to prepare them again.
        """
        prepared = [item for _, item in drafts]
        short = worth_a_page(prepared)
        pages = await asyncio.gather(*(self._pages.read(drafts[at][0].url, feed_url=feed.url) for at in short))
        counters = Counter(f"pages.{page.outcome}" for page in pages)
        for at, page in zip(short, pages, strict=True):
            text = page.text if page.outcome is PageOutcome.FETCHED else await self._as_stored(prepared[at])
            if text:
                longer = await asyncio.to_thread(with_article, feed, drafts[at], text, matcher, now)
                counters[UNLIKE] += longer is None
                prepared[at] = longer or prepared[at]
        return prepared, +counters

    async def _as_stored(self, item: Prepared) -> str:
        """The text that an entry has in the store: a page that is gone today must not shorten it."""
        known = await self._store.seen(item.keys)
        entry = await self._store.entry(next(iter(known.values()))) if known else None
        return entry.text if entry is not None and len(entry.text) > len(item.entry.text) else ""


def worth_a_page(prepared: Sequence[Prepared]) -> list[int]:
    """The positions of followed entries with a short text and an address, the newest of them at most."""
    short = [
        position
        for position, item in enumerate(prepared)
        if item.followed and item.entry.url and len(item.entry.text) < limits.ARTICLE_SHORT_CHARS
    ]
    short.sort(key=lambda position: prepared[position].entry.at, reverse=True)
    return short[: limits.ARTICLE_PAGES_PER_POLL]


def with_article(feed: Feed, draft: Draft, text: str, matcher: Matcher, now: datetime) -> Prepared | None:
    """The entry with the article's text, cleaned and matched; None if that is no longer or another text."""
    parsed, brief = draft
    entry, dropped = read_entry(replace(parsed, body=text), feed, now=now)
    if len(entry.text) <= len(brief.entry.text) or not _is_like(brief, entry.text):
        return None
    full = prepare(entry, matcher, keys=brief.keys, dropped=dropped)
    matches = _better(brief.matches, full.matches)
    lost = brief.matches and {match.topic_id for match in matches} - {match.topic_id for match in full.matches}
    if lost:
        # Both texts together lack nothing that either has, so what is still false is false by an exclusion.
        both = replace(entry, text=f"{brief.entry.text}\n{entry.text}")
        true = {match.topic_id for match in matcher.match(both, matcher.scan(both))}
        matches = tuple(match for match in matches if match.topic_id not in lost or match.topic_id in true)
    return replace(full, matches=matches, followed=any(match.relevant for match in matches))


def _better(brief: Sequence[Match], full: Sequence[Match]) -> tuple[Match, ...]:
    """For each topic the match on the longer text, unless only the one on the feed's own words is relevant."""
    by_topic: dict[int, Match] = {match.topic_id: match for match in full}
    for match in brief:
        other: Match | None = by_topic.get(match.topic_id)
        if other is None or (match.relevant and not other.relevant):
            by_topic[match.topic_id] = match
    return tuple(by_topic.values())


def _is_like(brief: Prepared, text: str) -> bool:
    """Whether a text says enough of what the entry says to be its article."""
    own: set[str] = set(brief.index_terms)
    return len(own.intersection(index_terms(text, brief.entry.lang))) >= limits.ARTICLE_LIKE_SHARE * len(own)
