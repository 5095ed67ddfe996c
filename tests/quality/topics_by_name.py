"""How well topics made from their names alone find the right headlines, and which names the lexicon knows.

``topics/<slug>.tsv`` holds labels given by reading: the id of a headline of the public 2025 stream, and 1 where it is
about the topic; no text. The headlines of ``tests.topics`` and of ``wordings.yaml`` are our own. CLDR and
``tests.quality.names`` give the names whose share the lexicon knows; what it takes from CLDR itself it knows of course,
so capitals, leaders and demonyms tell more.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml
from rich.console import Console
from rich.table import Table

from bot.model import Entry, Topic
from bot.topics.fold import fold
from bot.topics.lexicon import load
from bot.topics.match import Matcher
from bot.topics.scan import concept_scanner
from bot.topics.suggest import suggest
from tests.quality import topics_in_articles
from tests.quality.names import KINDS, NAMES
from tests.quality.streams import DATA
from tests.topics import arms_headlines, test_headlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EPOCH: Final = datetime(2025, 1, 1, tzinfo=UTC)
LABELS: Final = Path(__file__).with_name("topics")
WORDINGS: Final = Path(__file__).with_name("wordings.yaml")
STREAM: Final = DATA / "topics" / "headline_stream_2025.jsonl"
TOPICS: Final[Mapping[str, str]] = {
    "dprk_russia_arms": "DPRK-Russia arms",
    "us_tariffs": "US tariffs",
    "taiwan": "Taiwan Strait tensions",
    "venezuela": "Venezuela crisis",
    "gaza_ceasefire": "Gaza ceasefire",
    "iran_nuclear": "Iran nuclear program",
    "chips": "AI chip export controls",
    "opec": "OPEC oil cuts",
    "ukraine_talks": "Ukraine peace talks",
    "sudan": "Sudan war",
    "nvidia_earnings": "Nvidia earnings",
    "thai_cambodia": "Thailand-Cambodia conflict",
    "japan_china": "Japan-China row",
    "nato_drones": "Russian drones NATO airspace",
    "nigeria": "Nigeria kidnappings",
    "climate_cop": "COP30 climate summit",
    "russia_sanctions": "Russia sanctions",
    "shutdown": "US government shutdown",
    "fed": "Fed interest rates",
    "epstein": "Epstein files",
    "boat_strikes": "Caribbean boat strikes",
    "west_bank": "West Bank settlements",
    "afghan": "Pakistan-Afghanistan clashes",
    "bolsonaro": "Bolsonaro trial",
    "famine": "Gaza famine",
    "france": "France political crisis",
    "refineries": "Ukraine drone strikes on Russian refineries",
    "immigration": "US immigration raids",
}
"""The labelled sets, with the names that the topics are made from."""

UNTRIED: Final[Mapping[str, str]] = {
    "Caribbean boat strikes": "F1 .20",
    "West Bank settlements": "F1 .47",
    "Pakistan-Afghanistan clashes": "F1 .59",
    "Bolsonaro trial": "F1 .54",
    "Gaza famine": "F1 .81",
    "France political crisis": "F1 .34",
    "Ukraine drone strikes on Russian refineries": "F1 .30",
    "US immigration raids": "F1 .20",
    "wordings, first round": "P .99 R .78",
    "wordings, second round": "P .99 R .78",
    "wordings, third round": "P .99 R .91",
    "wordings, fourth round, another's, nine topics": "P .96 R .91 of 233",
    "wordings, fourth round, six languages": "P 1.00 R .90 of 70",
    "DPRK-Russia arms, fourth round": "P 1.00 R .78 of 54",
    "DPRK-Russia arms, fifth round": "P 1.00 R .65 of 31",
    "DPRK-Russia arms, told without naming a country or arms": "P .95 R .43 of 46",
}
"""Figures from before anything was tried on a set: what to expect of a topic that nobody has tuned on."""

LANGUAGES: Final = ("en", "ru", "uk", "ko", "ja", "zh", "fr", "de", "es", "ar")

GOALS: Final = "P and R .95 on DPRK-Russia arms, .85 elsewhere; R .90 in every language"

Labelled = tuple[str, str, bool]
"""A headline, its language, and whether it is about the topic."""


def tables() -> Iterable[Table]:
    """All figures, ready to print."""
    for title, figures in (
        (f"Topics from their names, headlines of 2025 ({GOALS})", by_topic()),
        ("Topics from their names, headlines of our own", by_language()),
        ("Topics from their names, wordings of our own", by_wording()),
        ("Figures of sets when they were new", UNTRIED),
        ("Topics from their names, articles with an editor's topic", topics_in_articles.by_topic()),
        ("Share of names that the lexicon knows", known_names()),
    ):
        table = Table("what", "figures", title=title)
        for name, figure in figures.items():
            table.add_row(name, figure)
        yield table


def by_topic() -> dict[str, str]:
    """Precision, recall and F1 of each labelled set."""
    titles = _titles()
    figures: dict[str, str] = {}
    for slug, name in TOPICS.items():
        rows = [line.split("\t") for line in (LABELS / f"{slug}.tsv").read_text("utf-8").splitlines()]
        figures[name] = _figure(name, [(titles[row[0]], "en", row[1] == "1") for row in rows])
    return figures


def by_language() -> dict[str, str]:
    """The same for our own headlines on the sample topic, by language, and for those on the other topics."""
    about, not_about = arms_headlines.ABOUT, arms_headlines.NOT_ABOUT
    figures = {
        f"{arms_headlines.NAME}, own, {lang}": _figure(
            arms_headlines.NAME,
            [(title, lang, True) for title in about[lang]] + [(title, lang, False) for title in not_about[lang]],
        )
        for lang in about
    }
    for name, titles in test_headlines.ABOUT.items():
        others = test_headlines.NOT_ABOUT.get(name, [])
        labelled = [(title, "", True) for title in titles] + [(title, "", False) for title in others]
        figures[f"{name}, own, six languages"] = _figure(name, labelled)
    return figures


def by_wording() -> dict[str, str]:
    """The same for headlines worded as desks word them, by topic and by language."""
    groups: dict[str, list[tuple[str, Labelled]]] = {}
    for name, sets in yaml.safe_load(WORDINGS.read_text("utf-8")).items():
        for key, about in (("about", True), ("not_about", False)):
            for lang, titles in sets[key].items():
                rows: list[tuple[str, Labelled]] = [(name, (title, lang, about)) for title in titles]
                groups.setdefault(name, []).extend(rows)
                groups.setdefault(lang, []).extend(rows)
    return {
        group: _summed((is_hit(name, title, lang), true) for name, (title, lang, true) in rows)
        for group, rows in groups.items()
    }


def known_names() -> dict[str, str]:
    """The share of names that the lexicon finds, by language and kind."""
    figures: dict[str, str] = {}
    for lang in LANGUAGES:
        shares = []
        for kind in KINDS:
            names = NAMES[kind].get(lang, ())
            known = sum(_is_known(name) for name in names)
            shares.append(f"{kind} {known / len(names):.2f} of {len(names)}")
        figures[lang] = ", ".join(shares)
    return figures


def is_hit(name: str, title: str, lang: str) -> bool:
    """Whether a bare headline would alert a topic of this name."""
    matcher = _matcher(name)
    entry = Entry(1, 1, "guid", "https://news.example/1", title, "", lang or "en", "The Example", EPOCH)
    return any(match.relevant for match in matcher.match(entry, matcher.scan(entry)))


def _is_known(name: str) -> bool:
    """Found, and not only a part of it: the find covers at least half of the name's letters."""
    folded = fold(name)
    found = concept_scanner(load()).find(folded)
    longest = max((end - start for spans in found.values() for start, end in spans), default=0)
    return longest * 2 >= len(folded.text.strip())


def _figure(name: str, labelled: Iterable[Labelled]) -> str:
    return _summed((is_hit(name, title, lang), true) for title, lang, true in labelled)


def _summed(found_and_true: Iterable[tuple[bool, bool]]) -> str:
    """Precision, recall and F1 of what was found against what is true."""
    hits = wrong = missed = negatives = 0
    for found, true in found_and_true:
        hits += found and true
        wrong += found and not true
        missed += true and not found
        negatives += not true
    precision = hits / (hits + wrong) if hits + wrong else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"P {precision:.2f} R {recall:.2f} F1 {f1:.2f} ({hits + missed} of {hits + missed + negatives})"


@cache
def _matcher(name: str) -> Matcher:
    return Matcher(load(), [Topic(1, None, name, suggest(name, load()).query, EPOCH)])


@cache
def _titles() -> dict[str, str]:
    rows = (json.loads(line) for line in STREAM.read_text("utf-8").splitlines())
    return {row["id"]: row["title"] for row in rows}


if __name__ == "__main__":
    for each in tables():
        Console().print(each)
