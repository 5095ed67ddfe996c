"""``python -m tests.stories.gold [--write]``: alerts of the five sample articles, ours beside the program's.

The gold alerts are written by hand in our own words: what a reader should learn. The program's are its choice of
sentences, kept as the first and last words of each with a digest, since the articles are not ours to copy. ``--write``
keeps what the program says now; without it, what differs is printed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.alerts.decide import divide
from bot.model import PastEntry
from bot.stories.background import first_backstory
from bot.stories.fingerprint import fingerprint
from bot.stories.novelty import whats_new
from bot.stories.summary import summarise
from bot.text.sentences import split_sentences
from tests.quality.articles import five

if TYPE_CHECKING:
    from bot.model import Entry

KEPT: Final = Path(__file__).with_name("gold_output.json")
_WHOLE_WORDS: Final = 10


@dataclass(frozen=True, slots=True)
class Gold:
    """What a good alert says of an article: ``earlier`` names the articles before it, nearest first.

    ``must`` are words that the program's alert has to hold too: who, what, how many.
    """

    summary: str
    new: tuple[str, ...]
    earlier: tuple[str, ...]
    must: tuple[str, ...]
    opens: bool = True


GOLD: Final = {
    "ctn": Gold(
        summary="Washington has told Pyongyang to sell Moscow no ammunition, and worries that talks about it go on.",
        new=(),
        earlier=(),
        must=("White House", "munitions", "Kirby"),
    ),
    "pentagon": Gold(
        summary="The Pentagon says that Russia is isolated, and that arming it would break UN resolutions.",
        new=("Arms from Pyongyang would break resolutions for which Moscow itself voted, Singh says.",),
        earlier=("ctn",),
        must=("Singh", "resolutions"),
    ),
    "oreanda": Gold(
        summary="The White House does not mind Putin's trip to North Korea; it minds where the two are heading.",
        new=("Putin comes to Pyongyang late on 18 June and spends the 19th there.",),
        earlier=("pentagon", "ctn"),
        must=("Kirby", "June 18", "June 19"),
    ),
    "ticker": Gold(
        summary="The State Department is greatly concerned about how close the North and Russia have become in arms.",
        new=("More than 11,000 containers of munitions have gone to Russia; 10,000 was the figure before.",),
        earlier=("oreanda", "pentagon", "ctn"),
        must=("State Department", "over 11,000 containers of munitions (earlier: over 10,000)"),
        opens=False,
    ),
    "unn": Gold(
        summary="Washington, Seoul and Tokyo condemn the military dealings of North Korea and Russia in one statement.",
        new=("The three will work more closely on security, and still offer Pyongyang talks.",),
        earlier=("oreanda", "pentagon", "ctn"),
        must=("South Korea and Japan", "condemned", "dialogue remains open"),
    ),
}


def alerts() -> dict[str, dict[str, list[str]]]:
    """What the program says of each article, by part of the alert."""
    entries = {sample.entry.guid: sample.entry for sample in five()}
    return {name: _alert(entries[name], gold, entries) for name, gold in GOLD.items()}


def _alert(entry: Entry, gold: Gold, entries: dict[str, Entry]) -> dict[str, list[str]]:
    earlier = [PastEntry(entries[name], fingerprint(entries[name], {})) for name in gold.earlier]
    made = summarise(entry, sentences=limits.SUMMARY_SENTENCES, chars=limits.SUMMARY_CHARS)
    new = whats_new(entry, fingerprint(entry, {}), earlier, opens=gold.opens)
    summary, shown = divide(split_sentences(made, entry.lang), new)
    return {
        "summary": list(split_sentences(summary, entry.lang)),
        "new": list(shown),
        # Shown where the archive holds nothing earlier.
        "background": list(first_backstory(entry)),
    }


def kept() -> dict[str, dict[str, list[str]]]:
    """The output in the form in which it is kept."""
    return {
        name: {part: [_short(line) for line in lines] for part, lines in alert.items()}
        for name, alert in alerts().items()
    }


def _short(line: str) -> str:
    words = line.split()
    if len(words) <= _WHOLE_WORDS:
        return line
    digest = hashlib.blake2b(line.encode(), digest_size=4).hexdigest()
    return f"{' '.join(words[:4])} … {' '.join(words[-3:])} [{digest}]"


def main(arguments: list[str]) -> int:
    """Write, or compare."""
    now = json.dumps(kept(), ensure_ascii=False, indent=1) + "\n"
    if "--write" in arguments:
        KEPT.write_text(now, encoding="utf-8")
        return 0
    for name, alert in alerts().items():
        gold = GOLD[name]
        sys.stdout.write(f"{name}\n  gold: {gold.summary} NEW {' / '.join(gold.new)}\n")
        sys.stdout.write(f"  ours: {' '.join(alert['summary'])} NEW {' / '.join(alert['new'])}\n")
    return int(now != KEPT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
