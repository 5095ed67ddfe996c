"""What a word that the lexicon does not know becomes in a proposed query: as it is, by its stem, or with its capitals.

Pure, and without knowledge of the name around it beyond what it is told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.topics.tree import Or, Words

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.topics.tree import Node

STEM_CHARS: Final = 4
SHORT_CHARS: Final = 3

_CYRILLIC_ENDING: Final = re.compile(
    r"(?:[оеыи]го|[оеыи]му|[иы]ми|[ая]ми|[ая]м|[ая]х|[оеиы]й|[ая]я|[ое]е|[иы]е|[ое]в|[ое]м|[іїаяоеиыуюьй])\Z"
)
_ENGLISH_ENDING: Final = re.compile(r"(?:ies|es|s|ing|ed|e|y)\Z")
_POSSESSIVE: Final = re.compile(r"'s?\Z")
_HISSING: Final = re.compile(r"(?:s|x|z|ch|sh|eto)\Z")
_DOUBLED: Final = re.compile(r"[^aeiou][aeiou][^aeiouwxy]")  # ban, banned; but law, laws
_TWO_OF_ONE: Final = re.compile(r"([^aeiouslzf])\1\Z")  # rigg-ing; but sell-ing

_SHORT_VERB: Final = re.compile(
    "ban|bar|beg|cap|dam|dip|fit|jam|nab|peg|pin|plan|pop|ram|rig|rip|rob|rub|sag|sip|slam|snub|stab|stop|tag|tap|tax|top|"
    "trap|trim|vet|vow|back|bail|bomb|boom|burn|chop|clog|cull|curb|dent|drop|dump|fail|fake|fill|fine|fire|flop|fund|gain|"
    "halt|hack|haul|hike|hunt|jail|jump|kick|kill|leak|link|lock|loot|mask|melt|mine|miss|mock|oust|pass|pave|plot|poll|"
    "raid|rank|riot|rule|sack|sail|ship|slap|skip|slip|soar|spur|swap|tank|test|toll|tour|veto|vote|walk|wane|warn|wipe"
)
"""Words of three and four letters that are verbs too: what a lab does is never labbed."""

_IRREGULAR: Final = re.compile("bet|bid|cut|dig|hit|set|shut|win|bind|find|hide|lend|lose|rise|sell|sink|spin|tear")
"""The same, where the past is another word."""

_PLURALS: Final = {
    "man": "men",
    "woman": "women",
    "wolf": "wolves",
    "knife": "knives",
    "life": "lives",
    "wife": "wives",
    "thief": "thieves",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "goose": "geese",
    "calf": "calves",
    "leaf": "leaves",
}
_NO_PLURAL: Final = frozenset(("aid", "gold", "ice", "rail", "yen"))
_AFTER_HISSING: Final = ("buses", "gases")
_SINGULARS: Final = {many: one for one, many in _PLURALS.items()}


def of_word(original: str, word: str) -> Node:
    """A word as written; a small-letter word also in its other forms, by its stem. ``word`` is it folded."""
    if not original[0].islower():
        return Words(original)
    if not word.isascii():
        return _by_stem(original, word, _CYRILLIC_ENDING.sub("", word))
    word = _POSSESSIVE.sub("", word)
    one = _SINGULARS.get(word, word)
    if one in _PLURALS:
        return Or((Words(one), Words(_PLURALS[one])))
    return _by_stem(word if word in original else original, word, _ENGLISH_ENDING.sub("", word))


def is_acronym(word: str) -> bool:
    """Whether it is made of capitals or letters and digits: NHS, AfD, M23."""
    return (
        len(word) > 1
        and word.isascii()
        and (sum(one.isupper() for one in word) > 1 or not word.isalpha())
        and (word[-1].isupper() or word[-1].isdigit())
    )


def _by_stem(original: str, word: str, stem: str) -> Node:
    if len(stem) == STEM_CHARS and word in {f"{stem}e", f"{stem}es"}:
        stem = f"{stem}e"  # probe, not problem; planes, not plants
    if word.isascii() and word.endswith("ing") and _TWO_OF_ONE.search(stem):
        return _forms(stem[:-1], original)
    if len(word) > STEM_CHARS and len(stem) >= STEM_CHARS:
        return Words(stem, prefix=True)
    if not word.isascii() or not SHORT_CHARS <= len(word) <= STEM_CHARS + 1:
        return Words(original)
    return _forms(_singular(word), original)


def _singular(word: str) -> str:
    """Of a short word: dams, fines, taxes."""
    if len(word) <= SHORT_CHARS or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-2] if word in _AFTER_HISSING or (word.endswith("es") and word[-3] in "xh") else word[:-1]


def _forms(word: str, original: str) -> Node:
    """A short word, all of whose forms are few enough to be listed."""
    if len(word) == STEM_CHARS + 1 or not word.isalpha():
        return Words(original)
    found = [word]
    if word not in _NO_PLURAL and (len(word) == SHORT_CHARS or word[-1] not in "hsxz"):  # tech; French prix
        consonant = len(word) > 1 and word.endswith("y") and word[-2] not in "aeiou"
        found.append(f"{word[:-1]}ies" if consonant else f"{word}es" if _HISSING.search(word) else f"{word}s")
    if (is_regular := _SHORT_VERB.fullmatch(word)) or _IRREGULAR.fullmatch(word):
        stem = word + word[-1] if _DOUBLED.fullmatch(word[-3:]) else word.removesuffix("e")
        found += [f"{stem}ed", f"{stem}ing"] if is_regular else [f"{stem}ing"]
    return Or(tuple(Words(one) for one in found)) if len(found) > 1 else Words(found[0])


def as_capitals(node: Node, everyday: Collection[str]) -> Node:
    """An everyday word that the name writes with a capital is the shop or firm called so: Target is no target."""
    if isinstance(node, Words) and node.key in everyday and node.text[0].isupper() and node.text[1:].islower():
        return Words(node.text, exact=True)
    return node
