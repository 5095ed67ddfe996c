"""Timelines and backtests to draw: one story, many, long headlines, six scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model import BackstoryLink, Story
from bot.topics.backtest import Backtest, Span

START = datetime(2024, 6, 1, 8, tzinfo=UTC)
OUTLETS = ("Reuters", "Yonhap", "ТАСС", "朝日新聞", "新华社", "رويترز", "Kyodo", "AFP", "BBC")
SIX_SCRIPTS = (
    "Putin and Kim sign a partnership pact",
    "Путин прибыл в КНДР с государственным визитом впервые за 24 года",
    "Україна застерігає: КНДР може надіслати війська",
    "김정은 위원장, 푸틴 대통령과 정상회담 개최… 포괄적 전략 동반자 조약 서명",
    "プーチン大統領が北朝鮮を訪問、金正恩氏と会談し条約に署名（ロイター通信）",
    "普京訪問朝鮮，簽署全面戰略夥伴條約",
    "普京访问朝鲜，签署全面战略伙伴关系条约",
    "بوتين يزور كوريا الشمالية (2024) ويوقع اتفاقية مع Kim",
)


def a_story(number: int, headline: str, *, days: float, outlets: int = 1) -> Story:
    """A story ``days`` after the start, told by so many outlets."""
    at = START + timedelta(days=days)
    names = OUTLETS[:outlets]
    return Story(number, number, headline, f"https://example.org/{number}", names[0], "en", at, at, 1, names, "")


def stories(*headlines: str, apart_days: float = 1.0) -> list[Story]:
    """A story a headline, the oldest first, each with more outlets than the one before, up to four."""
    return [
        a_story(number, headline, days=number * apart_days, outlets=1 + number % 4)
        for number, headline in enumerate(headlines, start=1)
    ]


def a_link(later: Story, earlier: Story) -> BackstoryLink:
    """The later story continues the earlier one."""
    return BackstoryLink(
        story_id=later.id,
        entry_id=earlier.first_entry_id,
        past_story_id=earlier.id,
        rank=1,
        score=0.8,
        why="",
        at=earlier.started_at,
        headline=earlier.headline,
        url=earlier.url,
        source=earlier.source,
    )


def a_backtest(*by_day: int) -> Backtest:
    """A backtest with so many hits on each day."""
    span = Span(START, START + timedelta(days=len(by_day) - 1))
    return Backtest(span, 500, sum(by_day), 0, sum(by_day) // 2, by_day, None, (), ())
