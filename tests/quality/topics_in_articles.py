"""How well topics made from their names find long articles to which an editor gave that topic.

The set gives each article one topic of many, so recall is exact and the share of alarms on others an upper bound: an
article about a court may well be about elections too.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.model import Entry, Topic
from bot.topics.lexicon import load
from bot.topics.match import Matcher
from bot.topics.suggest import suggest
from tests.quality.streams import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES: Final[Mapping[str, str]] = {
    "coronavirus": "Coronavirus",
    "ebola": "Ebola",
    "immigration": "Immigration",
    "supreme_court": "US Supreme Court",
    "terrorism": "Terrorism",
    "gun_control_and_gun_rights": "Gun control",
    "impeachment": "Impeachment",
    "isis": "ISIS",
    "healthcare": "Healthcare",
    "fbi": "FBI",
    "abortion": "Abortion",
    "elections": "US elections",
    "education": "Education",
    "taxes": "Taxes",
    "russia": "Russia",
    "israel": "Israel",
    "china": "China",
    "energy": "Energy",
    "great_britain": "Great Britain",
    "economy_and_jobs": "US economy",
}
"""The editors' topics, with the names that ours are made from."""

PER_TOPIC: Final = 40
_SEED: Final = 3
_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)


def by_topic() -> dict[str, str]:
    """Recall of each name on its articles, and the share of all others on which it alerts."""
    queries = [suggest(name, load()).query for name in NAMES.values()]
    topics = [Topic(number, None, "", query, _EPOCH) for number, query in enumerate(queries)]
    matcher = Matcher(load(), topics)
    found: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    known: Counter[str] = Counter()
    articles = _sample()
    for label, entry in articles:
        relevant = {match.topic_id for match in matcher.match(entry, matcher.scan(entry)) if match.relevant}
        known[label] += 1
        for number, name in enumerate(NAMES):
            if number in relevant:
                (found if name == label else alarms)[name] += 1
    return {
        NAMES[name]: f"R {found[name] / known[name]:.2f} of {known[name]}, "
        f"alarms on others {alarms[name] / (len(articles) - known[name]):.3f}"
        for name in NAMES
    }


def _sample() -> list[tuple[str, Entry]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in (DATA / "topics" / "allsides.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        rows[row["label"]].append(row)
    chance = random.Random(_SEED)
    return [
        (label, Entry(1, 1, "guid", "https://news.example/1", row["title"], row["text"], "en", "The Example", _EPOCH))
        for label in sorted(rows)
        for row in chance.sample(rows[label], min(PER_TOPIC, len(rows[label])))
    ]
