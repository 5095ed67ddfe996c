from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.first_poll import JUST_NOW, news_of
from bot.model import UNSAVED, Feed, ParsedEntry

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
ADDED = NOW - timedelta(hours=1)
UNTIL = NOW - JUST_NOW


def document(*minutes_ago: float | None) -> list[ParsedEntry]:
    """A document whose entries are dated so many minutes ago; None for no date."""
    dates = (None if each is None else NOW - timedelta(minutes=each) for each in minutes_ago)
    return [ParsedEntry(f"g{place}", f"https://a.example/{place}", "T", "", date) for place, date in enumerate(dates)]


@pytest.mark.parametrize(
    ("added_at", "entries", "expected"),
    [
        pytest.param(ADDED, document(10, 90, 300), (ADDED, UNTIL), id="one was published since"),
        pytest.param(ADDED, document(10), (ADDED, UNTIL), id="one is all that it holds"),
        pytest.param(ADDED, document(10, 10, 300, 400), (ADDED, UNTIL), id="two of one minute are no stamp"),
        pytest.param(None, document(10, 90), None, id="nobody knows when it was added"),
        pytest.param(ADDED, document(None, None), None, id="no dates"),
        pytest.param(ADDED, [], None, id="it is empty"),
        pytest.param(ADDED, document(10, 10, 10), None, id="all are dated when the document was made"),
        pytest.param(ADDED, document(10, 10, 10, 300, None), None, id="most are dated when it was made"),
        pytest.param(NOW, document(10, 90), None, id="it was added just now"),
        pytest.param(NOW + timedelta(hours=1), document(10, 90), None, id="the clock was set back since"),
    ],
)
def test_what_of_a_first_document_is_news(
    added_at: datetime | None, entries: list[ParsedEntry], expected: tuple[datetime, datetime] | None
) -> None:
    feed = Feed(UNSAVED, "https://a.example/feed", "A", NOW, added_at=added_at)
    assert news_of(feed, entries, now=NOW) == expected
