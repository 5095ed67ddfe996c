"""The five sample articles as entries, and the ties that must come out of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bot.model import Entry
from bot.text.clean import clean
from tests.quality.corpus import Sample
from tests.quality.streams import DATA, play

TITLES: Final = {
    "ctn": "White House Warns North Korea Against Arms Sales to Russia Amid Ukraine Crisis",
    "pentagon": "The DPRK will become complicit in the murders of Ukrainians if "
    "it supplies ammunition to the Russian Federation",
    "oreanda": "The White House expressed concern about the relations between Russia and North Korea",
    "ticker": "US calls deepening NK-Russia ties trend of ‘great concern’ ahead of Putin’s Pyongyang visit",
    "unn": "The United States, South Korea and Japan condemned the deepening "
    "of military cooperation between the DPRK and the russian federation",
}


def five() -> list[Sample]:
    """The articles by date; the event of each is its label."""
    entries: list[Sample] = []
    for path in sorted((DATA / "articles").glob("*.txt"), key=lambda path: path.stem.split("_")[1]):
        name, day = path.stem.split("_")
        cleaned = clean(path.read_text("utf-8"), title=TITLES[name], lang="en")
        entry = Entry(
            id=len(entries) + 1,
            feed_id=1,
            guid=name,
            url=f"https://example.org/{name}",
            title=TITLES[name],
            text=cleaned.text,
            lang="en",
            source=name,
            first_seen_at=datetime.fromisoformat(day).replace(tzinfo=UTC),
            published_at=datetime.fromisoformat(day).replace(tzinfo=UTC),
        )
        entries.append(Sample(entry, "concern" if name in {"oreanda", "ticker"} else name))
    return entries


def ties() -> tuple[dict[str, str], dict[str, list[str]]]:
    """By article: the one that began its story, and its backstory in order."""
    names: dict[int, str] = {}
    stories: dict[str, str] = {}
    links: dict[str, list[str]] = {}
    for played in play(five(), links=4):
        entry = played.sample.entry
        names[entry.id] = entry.guid
        stories[entry.guid] = names[played.story]
        links[entry.guid] = [link.past.entry.guid for link in played.links]
    return stories, links


def faults() -> list[str]:
    """What is wrong with the ties, in words; empty if all is right."""
    stories, links = ties()
    june = {"oreanda", "ticker"}
    wrong = []
    if stories["oreanda"] != stories["ticker"] or len(set(stories.values())) != len(stories) - 1:
        wrong.append(f"stories {stories}")
    if links["ctn"] or links["pentagon"] != ["ctn"]:
        wrong.append(f"pentagon {links['pentagon']}")
    wrong += [f"{name} {links[name]}" for name in sorted(june) if sorted(links[name]) != ["ctn", "pentagon"]]
    if len(links["unn"]) != 3 or not june & set(links["unn"]) or not {"pentagon", "ctn"} <= set(links["unn"]):
        wrong.append(f"unn {links['unn']}")
    return wrong
