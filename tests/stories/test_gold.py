"""The five sample articles' alerts: as they were when last read, and with nothing in them that no article says."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from bot.text.normalise import normalise
from tests.quality.articles import five
from tests.shared_data import shared
from tests.stories import gold

NAMES = [pytest.param(name, id=name) for name in gold.GOLD]


@cache
def alerts() -> dict[str, dict[str, list[str]]]:
    shared("data", "articles")
    return gold.alerts()


def test_the_alerts_are_those_that_were_read_and_kept() -> None:
    shared("data", "articles")
    # Changed on purpose? Read them (python -m tests.stories.gold), then keep them (--write).
    assert gold.kept() == json.loads(gold.KEPT.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_an_alert_holds_what_the_gold_alert_cannot_do_without(name: str) -> None:
    said = " ".join(line for lines in alerts()[name].values() for line in lines)
    assert [words for words in gold.GOLD[name].must if words not in said] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_alert_is_short_and_stands_alone(name: str) -> None:
    alert = alerts()[name]
    assert 1 <= len(alert["summary"]) <= 3
    assert len(alert["new"]) <= 3
    opening = alert["summary"][0]
    assert not re.match(r"[“\"(-]|(?:He|She|It|They|About|Earlier|Last)\b|In \w+,|On \w+ \d", opening)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_and_name_of_an_alert_stands_in_the_articles(name: str) -> None:
    of = gold.GOLD[name]
    texts = [
        f"{sample.entry.title}\n{sample.entry.text}" for sample in five() if sample.entry.guid in {name, *of.earlier}
    ]
    source = normalise("\n".join(texts))
    said = " ".join(line for lines in alerts()[name].values() for line in lines).replace(" (earlier:", " ")
    words = re.findall(r"\d[\d,.]*\d|\d|\b[A-Z][\w’'-]+", said)
    assert [word for word in words if normalise(word) not in source] == []
