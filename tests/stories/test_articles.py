from __future__ import annotations

from tests.quality import articles
from tests.shared_data import shared


def test_the_five_articles_tie_as_a_reader_ties_them() -> None:
    shared("data", "articles")
    assert articles.faults() == []
