"""/search: the stored entries that this chat may see, by words, newest or best first, a page at a time.

What is searched for is kept in the store under an id; the buttons carry that id, the order and the page, so they work
after a restart and in this chat alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.chats.message import Button, Message, code, heading, link, note, paragraph, phrase
from bot.errors import CommandError
from bot.model import TermQuery
from bot.speech import _, number
from bot.text.datelines import telling_sentences
from bot.text.searching import Searched, hits, holds, read_search, telling_sentence, word_groups
from handlers import buttons, wording
from handlers.stories import marked

if TYPE_CHECKING:
    from bot.chats.message import Block
    from bot.model import SavedSearch
    from bot.store.port import TracedEntry
    from handlers.row import Call
    from handlers.sayings import Search

READ_CHARS: Final = 6000
WORDS_COUNTED: Final = 6
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown: some entries of ``total``; ``looked_through`` where not all that the index gave were read."""

    entries: tuple[TracedEntry, ...]
    first: int
    total: int
    looked_through: int | None = None


async def search(call: Call[Search]) -> Message:
    """A page of what the archive holds on these words. Raises CommandError where nothing can be looked for."""
    command, now = call.command, call.desk.now()
    if command.saved is None:
        words = wording.clip(command.words, limits.SEARCH_CHARS)
        saved = None
    else:
        saved = await call.desk.store.kept_search(call.chat.id, command.saved)
        if saved is None:
            raise CommandError(_("That search is not kept any more. Please type it again: /search WORDS"))
        words = saved.words
    searched = read_search(words, most=limits.SEARCH_WORDS)
    if not searched.query.all_of:
        raise CommandError(_nothing_to_look_for(searched))
    saved = saved or await call.desk.store.keep_search(call.chat.id, words, now=now)
    page = await _page(call, searched)
    if not page.total:
        return await _nothing_found(call, searched, words)
    return await _shown(call, searched, saved, page)


async def _page(call: Call[Search], searched: Searched) -> Page:
    """The page asked for; what the index cannot tell is checked on the text of what it gives."""
    store, chat_id, command = call.desk.store, call.chat.id, call.command
    below = (command.page - 1) * limits.SEARCH_PAGE
    if not searched.reads_text and not command.best:
        found = await store.search(chat_id, searched.query, best=False, below=below, limit=limits.SEARCH_PAGE)
        return Page(found.entries, below + 1, found.total)
    most = limits.SEARCH_READ if searched.reads_text else limits.SEARCH_BEST
    found = await store.search(chat_id, searched.query, best=command.best, below=0, limit=most)
    entries = [traced for traced in found.entries if holds(searched, traced.entry)]
    if command.best:
        entries.sort(key=lambda traced: -hits(searched, traced.entry.title, traced.entry.lang))
    total = len(entries) if searched.reads_text else found.total
    short = most if found.total > most else None
    return Page(tuple(entries[below : below + limits.SEARCH_PAGE]), below + 1, total, short)


async def _shown(call: Call[Search], searched: Searched, saved: SavedSearch, page: Page) -> Message:
    blocks: list[Block] = [heading(*phrase(_("Search: {words}"), words=saved.words)), note(_place(call, page))]
    for traced in page.entries:
        blocks += _entry(searched, traced, call)
    rows = [_turning(call.command, saved, page), *await _stories(call, page)]
    if searched.idle:
        blocks.append(
            note(_("Not looked for, too short or too common: {words}").format(words=", ".join(searched.idle)))
        )
    return Message(tuple(blocks), tuple(row for row in rows if row))


def _place(call: Call[Search], page: Page) -> str:
    best = call.command.best
    last = page.first + len(page.entries) - 1
    span = number(page.first) if page.first == last else f"{number(page.first)}–{number(last)}"
    where = span if page.entries else _("nothing more")
    facts = [
        _("{place} of {total}").format(place=where, total=number(page.total)),
        _("best first") if best else _("newest first"),
    ]
    if page.looked_through is not None:
        said = _("the best {count} looked through") if best else _("the newest {count} looked through")
        facts.append(said.format(count=page.looked_through))
    return " · ".join(facts)


def _entry(searched: Searched, traced: TracedEntry, call: Call[Search]) -> list[Block]:
    entry = traced.entry
    facts = [wording.when(entry.at, call.desk.now()), entry.source, entry.lang]
    blocks = [paragraph(link(entry.title or entry.url, entry.url)), note(" · ".join(fact for fact in facts if fact))]
    sentences = telling_sentences(entry.text[:READ_CHARS], entry.lang)
    sentence = telling_sentence(searched, sentences, entry.lang)
    if sentence and sentence != entry.title:
        blocks.append(paragraph(*marked(sentence, _as_they_stand(searched, sentence, entry.lang))))
    return blocks


def _as_they_stand(searched: Searched, sentence: str, lang: str) -> list[str]:
    """The sentence's own words that are forms of those asked for."""
    asked = {term for group in searched.query.all_of for term in group}
    words = dict.fromkeys(_WORD.findall(sentence))
    found = [word for word in words if any(term in asked for group in word_groups(word, lang) for term in group)]
    return [word for word in searched.words if word in sentence] if lang in {"ja", "zh", "ko"} else found


def _turning(command: Search, saved: SavedSearch, page: Page) -> tuple[Button, ...]:
    """Newest or best, back and on."""
    other = buttons.search(_("Newest") if command.best else _("Best"), saved, best=not command.best)
    row = [other] if page.total > 1 else []
    reach = min(page.total, limits.SEARCH_BEST) if command.best else page.total
    if command.page > 1:
        row.insert(0, buttons.search(_("‹ Back"), saved, best=command.best, page=command.page - 1))
    if page.first + limits.SEARCH_PAGE <= reach:
        row.append(buttons.search(_("More ›"), saved, best=command.best, page=command.page + 1))
    return tuple(row)


async def _stories(call: Call[Search], page: Page) -> list[tuple[Button, ...]]:
    """A button for each story on this page that the chat may see."""
    ids = dict.fromkeys(traced.story_id for traced in page.entries if traced.story_id is not None)
    made = []
    for story_id in ids:
        view = await call.desk.store.story_view(call.chat.id, story_id)
        if view is not None:
            made.append(buttons.story(story_id, _("Story {number}").format(number=story_id)))
    return [tuple(made)] if made else []


def _nothing_to_look_for(searched: Searched) -> str:
    if searched.idle:
        these = wording.listed([wording.quoted(word) for word in searched.idle])
        idle = _("The index does not hold {words}: single letters and everyday words. Add a word that says more.")
        return idle.format(words=these)
    return _("Say at least one word that must be there, as in: /search munitions -football")


async def _nothing_found(call: Call[Search], searched: Searched, words: str) -> Message:
    """Say how often each word stands in the archive, and where to look next."""
    counted = []
    for word in searched.words[:WORDS_COUNTED]:
        alone = TermQuery(word_groups(word, searched.query.lang), lang=searched.query.lang)
        found = await call.desk.store.search(call.chat.id, alone, best=False, below=0, limit=1)
        counted.append(f"{word}: {number(found.total)}")
    dates = await call.desk.store.archive_dates(call.chat.id)
    blocks: list[Block] = [paragraph(_("Nothing in this chat's archive has all of that: {words}").format(words=words))]
    if dates is None:
        blocks = [
            paragraph(
                *phrase(
                    _("This chat's archive is empty: it fills as feeds are read. Add one: {line}"),
                    line=code("/feeds add URL"),
                )
            )
        ]
    elif len(counted) > 1 or searched.reads_text:
        blocks.append(note(*phrase(_("Entries with each word alone: {counts}"), counts=" · ".join(counted))))
    ask = _("Missing an article that you know? {line} says what became of it.")
    blocks.append(note(*phrase(ask, line=code("/whynot URL"))))
    return Message(tuple(blocks), ((buttons.plain("feeds"), buttons.plain("latest", _("Latest stories"))),))
