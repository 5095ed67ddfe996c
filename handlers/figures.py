"""A backtest in words: how much, how often, what is noisy, what is just missed, and examples. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.message import Block, bullets, code, code_block, link, note, paragraph
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


def figures(test: Backtest, before: Backtest | None = None) -> Iterator[Block]:
    """The blocks of a backtest; ``before`` is that of the query which this one would replace."""
    if not test.read:
        yield paragraph("The archive is empty, so there is nothing to test it on yet.")
        return
    yield paragraph(_result(test))
    if before is not None:
        yield paragraph(_difference(before, test))
    if test.hits:
        span = test.span
        yield code_block(f"{day(span.since)} {sparkline(test.by_day)} {day(span.until)}")
        yield bullets(*(_example(each) for each in test.examples))
    yield from _remarks(test)
    yield note(_basis(test))


def in_text(test: Backtest) -> str:
    """The same as plain lines, for the command line."""
    items = (item for block in figures(test) for item in block.items)
    return "\n".join("".join(span.text + (f" <{span.url}>" if span.url else "") for span in item) for item in items)


def _result(test: Backtest) -> str:
    if not test.hits:
        return "Nothing would have alerted."
    return (
        f"{wording.count(test.hits, 'hit')} ({_number(test.hits_a_day)} a day) in {wording.stories(test.stories)}: "
        f"{_rate(test)}."
    )


def _rate(test: Backtest) -> str:
    weekly = test.alerts_a_week
    if weekly < _SELDOM:
        return f"about {_number(weekly)} alerts a week"
    return f"about {wording.count(round(weekly), 'alert')} a week"


def _difference(before: Backtest, after: Backtest) -> str:
    return (
        f"Before: {wording.count(before.hits, 'hit')}, {wording.stories(before.stories)}, {_rate(before)}. "
        f"After: {wording.count(after.hits, 'hit')}, {wording.stories(after.stories)}, {_rate(after)}."
    )


def _example(each: Example) -> tuple[Span | str, ...]:
    title = link(wording.clip(each.title, TITLE_CHARS), each.url)
    return (f"{day(each.at)}: ", title, f" ({each.source}; {each.score:.2f})")


def _remarks(test: Backtest) -> Iterator[Block]:
    if test.passing:
        yield note(f"{wording.count(test.passing, 'more entry', 'more entries')} only in passing, below the bar.")
    if test.noise is not None and test.noise.entries > 1:
        noise = test.noise
        yield note(f"Noisiest: {wording.quoted(noise.alias)} ({noise.concept}), in {noise.entries} of those.")
    near = sorted(test.near, key=lambda each: -each.more)[:NEAR_SHOWN]
    if near:
        parts: list[Span | str] = ["Just missed: "]
        for place, miss in enumerate(near):
            parts += ["; " if place else "", "without ", code(miss.facet), f" {miss.more:,} more"]
        yield note(*parts, ".")


def _basis(test: Backtest) -> str:
    span = test.span
    tail = ""
    if span.archive_ended:
        tail = "; the archive ends there"
    elif span.capped:
        tail = "; older ones were not read"
    return f"Tested on {_entries(test)}{tail}."


def _entries(test: Backtest) -> str:
    return f"{wording.entries(test.read)} from {day(test.span.since)} to {day(test.span.until)}"


def _number(value: float) -> str:
    return f"{value:.1f}" if value < _FEW else f"{value:,.0f}"
