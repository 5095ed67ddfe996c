"""A backtest in words: how much, how often, what is noisy, what is just missed, and examples. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.message import Block, bullets, code, code_block, link, note, paragraph, phrase
from bot.speech import _, decimal, ngettext, number
from bot.text.dates import day
from bot.topics.backtest import sparkline
from handlers import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.chats.message import Span
    from bot.topics.backtest import Backtest, Example

TITLE_CHARS: Final = 140
NEAR_SHOWN: Final = 3
_SELDOM: Final = 0.95
_FEW: Final = 10
_LEAST: Final = 0.1


def figures(test: Backtest, before: Backtest | None = None) -> Iterator[Block]:
    """The blocks of a backtest; ``before`` is that of the query which this one would replace."""
    if not test.read:
        yield paragraph(_("The archive is empty, so there is nothing to test it on yet."))
        return
    yield paragraph(_result(test))
    if before is not None:
        yield paragraph(_difference(before, test))
    if test.hits:
        span = test.span
        # A phone shows some 35 letters of this kind in a line.
        yield code_block(f"{sparkline(test.by_day)}\n{day(span.since.date())} – {day(span.until.date())}")
        yield bullets(*(_example(each) for each in test.examples))
    yield from _remarks(test)
    yield note(_basis(test))


def in_text(test: Backtest) -> str:
    """The same as plain lines, for the command line."""
    items = (item for block in figures(test) for item in block.items)
    return "\n".join("".join(span.text + (f" <{span.url}>" if span.url else "") for span in item) for item in items)


def _result(test: Backtest) -> str:
    if not test.hits:
        return _("Nothing would have alerted.")
    said = ngettext(
        "{hits} ({daily} a day) in {count} story: {rate}.",
        "{hits} ({daily} a day) in {count} stories: {rate}.",
        test.stories,
    )
    return wording.counted(said, test.stories, hits=wording.hits(test.hits), daily=_daily(test), rate=_rate(test))


def _daily(test: Backtest) -> str:
    """Hits a day; what would be rounded to none is not none."""
    return f"<{_number(_LEAST)}" if test.hits_a_day < _LEAST / 2 else _number(test.hits_a_day)


def _rate(test: Backtest) -> str:
    weekly = test.alerts_a_week
    if weekly < _SELDOM:
        return _("about {count} alerts a week").format(count=_number(weekly))
    whole = round(weekly)
    return wording.counted(ngettext("about {count} alert a week", "about {count} alerts a week", whole), whole)


def _difference(before: Backtest, after: Backtest) -> str:
    return _("Before: {before}. After: {after}.").format(before=_amount(before), after=_amount(after))


def _amount(test: Backtest) -> str:
    return f"{wording.hits(test.hits)}, {wording.stories(test.stories)}, {_rate(test)}"


def _example(each: Example) -> tuple[Span | str, ...]:
    title = link(wording.clip(each.title, TITLE_CHARS), each.url)
    return (f"{day(each.at)}: ", title, f" ({each.source}; {each.score:.2f})")


def _remarks(test: Backtest) -> Iterator[Block]:
    if test.passing:
        passing = ngettext(
            "{count} more entry only in passing, below the bar.",
            "{count} more entries only in passing, below the bar.",
            test.passing,
        )
        yield note(wording.counted(passing, test.passing))
    if test.noise is not None and test.noise.entries > 1:
        noise = test.noise
        said = _("Noisiest: {alias} ({concept}), in {count} of those.")
        yield note(said.format(alias=wording.quoted(noise.alias), concept=noise.concept, count=noise.entries))
    near = sorted(test.near, key=lambda each: -each.more)[:NEAR_SHOWN]
    if near:
        parts: list[Span | str] = []
        for place, miss in enumerate(near):
            more = phrase(_("without {facet} {count} more"), facet=code(miss.facet), count=number(miss.more))
            parts += ["; " if place else "", *more]
        yield note(*phrase(_("Just missed: {parts}."), parts=parts))


def _basis(test: Backtest) -> str:
    span = test.span
    if span.archive_ended:
        said = _("Tested on {entries}; the archive ends there.")
    elif span.capped:
        said = _("Tested on {entries}; older ones were not read.")
    else:
        said = _("Tested on {entries}.")
    return said.format(entries=_entries(test))


def _entries(test: Backtest) -> str:
    said = ngettext("{count} entry from {first} to {last}", "{count} entries from {first} to {last}", test.read)
    return wording.counted(said, test.read, first=day(test.span.since.date()), last=day(test.span.until.date()))


def _number(value: float) -> str:
    return decimal(value) if value < _FEW else number(round(value))
