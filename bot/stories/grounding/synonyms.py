"""English words that mean the opposite, and where those that mean the same stand.

Data, no logic. A line of ``synonyms.txt`` is one group; a word may stand in several. Words are compared by their stems,
so one form of each is enough unless its forms have different stems.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

OPPOSITE: Final = (
    (
        "rise increase climb grow jump surge soar rose risen gain up raise lift hike boost expand double triple spike",
        "fall fallen drop decline decrease sink plunge fell slide down cut lower reduce slash shrink halve trim",
    ),
    ("higher", "lower"),
    ("correct correctly accurate accurately", "wrong wrongly incorrect incorrectly inaccurate inaccurately"),
    ("approve pass adopt endorse", "reject veto block"),
    ("accept accepted", "reject refuse decline"),
    ("confirm confirmed admit admitted acknowledge", "deny denied"),
    ("support back favour favor supported", "oppose opposed opposition resist"),
    ("win won victory", "lose lost defeat"),
    ("begin start open began", "end finish stop close halt"),
    ("arrive arrived enter entered", "leave left depart departed exit"),
    ("before", "after"),
    ("more", "fewer less"),
    ("strengthen deepen bolster", "weaken weakened"),
    ("allow permit authorise lift", "ban prohibit bar forbid"),
    ("succeed success successful successfully", "fail failed failure unsuccessful"),
    ("survive survived", "die died killed"),
    ("import imports", "export exports"),
    ("winning", "losing"),
    ("peaceful peacefully calm", "violent violently"),
    ("accident accidental", "arson murder deliberate"),
    ("natural", "murder murdered suicide"),
    ("guilty convicted", "innocent acquitted cleared"),
    ("praise hail welcome", "condemn criticise criticize denounce denunciation attack"),
    ("release released freed", "arrest arrested detain detained jailed"),
    ("join joined", "leave quit left"),
    ("remain stay", "leave left quit exit withdraw"),
    ("rescind revoke cancel scrap withdraw undo", "extend expand keep maintain uphold preserve"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("former", "current"),
    ("warm", "cold"),
    ("pleased happy delighted satisfied glad", "disappointed disappointment angry upset dismayed unhappy outraged"),
    ("first", "last final"),
    ("escalate", "de-escalate ease"),
    ("slow slowed slower", "accelerate accelerated quicken faster"),
    ("change amend alter abolish repeal", "keep maintain preserve retain"),
    ("acquit acquitted cleared", "convict convicted ban banned jail jailed sentence sentenced guilty"),
    ("alive living", "body corpse dead remains"),
    ("safe", "dangerous unsafe"),
    ("legal lawful", "illegal unlawful"),
    ("resume resumed reopen", "suspend halt suspended"),
    ("ally allies", "enemy enemies foe"),
    ("hire hired", "fire sack sacked dismiss laid"),
)


def same() -> str:
    """Groups of words that mean the same in the news, one a line."""
    return files(__package__).joinpath("synonyms.txt").read_text(encoding="utf-8")
