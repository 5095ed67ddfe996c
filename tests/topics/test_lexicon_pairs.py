"""Signs of two parts, a few words apart: a verb and what it is done to."""

from __future__ import annotations

import pytest

from bot.topics.fold import fold
from bot.topics.lexicon import build, load
from bot.topics.lexicon_files import LexiconError
from bot.topics.scan import concept_scanner

APART = (
    ("site_closures", "Volkswagen shuts Dresden plant after two decades", "shuts Dresden plant"),
    ("site_closures", "Carmaker to close two of its German factories", "close two of its German factories"),
    ("site_closures", "Steel group mothballs historic Welsh mill", "mothballs historic Welsh mill"),
    ("site_closures", "Michelin ferme son usine de Cholet", "ferme son usine"),
    ("site_closures", "Bosch will sein Werk in Leinfelden schließen", "Werk in Leinfelden schließen"),
    ("layoffs", "Nestlé axes 16,000 white collar jobs worldwide", "axes 16,000 white collar jobs"),
    ("layoffs", "Bosch streicht 13.000 weitere Stellen", "streicht 13.000 weitere Stellen"),
    ("police_violence", "Police shot a fleeing teenage boy", "Police shot a fleeing teenage boy"),
)
NOT_ONE = (
    ("layoffs", "Central bank cuts rates to save jobs"),
    ("layoffs", "Prices were cut. Jobs are next"),
    ("layoffs", "Chancellor cuts tax for employees"),
    ("layoffs", "Ministers cut waiting lists in half; staff welcome it"),
    ("layoffs", "Cut and dried: how to win over hearts, minds and a great many other jobs"),
    ("site_closures", "Workers close to the plant were warned"),
    ("site_closures", "Plant lovers crowd a garden show"),
    ("site_closures", "Road closes, factory untouched"),
    ("police_violence", "Police officer killed, man arrested"),
    ("police_violence", "Officer shot by man"),
)


def spans(name: str, text: str) -> list[str]:
    folded = fold(text)
    return [folded.original_slice(*span) for span in concept_scanner(load()).find(folded).get(f"@{name}", ())]


@pytest.mark.parametrize(("name", "text", "words"), APART)
def test_a_verb_and_its_object_with_words_between(name: str, text: str, words: str) -> None:
    assert spans(name, text) == [words]


@pytest.mark.parametrize(("name", "text"), NOT_ONE)
def test_another_thought_is_no_pair(name: str, text: str) -> None:
    assert spans(name, text) == []


def test_parts_are_never_found_by_themselves() -> None:
    found = concept_scanner(load()).find(fold("The plant shuts its jobs page, cuts and all"))
    assert all(key.startswith("@") for key in found)


def test_a_pair_in_another_meanings_context_does_not_count() -> None:
    lexicon = build({"subjects.yaml": "closed:\n  en: closure\n  pairs: shut + plant\n  not_in: shut pepper plant\n"})
    assert "@closed" not in concept_scanner(lexicon).find(fold("they shut pepper plant"))
    assert "@closed" in concept_scanner(lexicon).find(fold("they shut salt plant"))


def test_a_pair_belongs_to_what_includes_its_concept() -> None:
    files = {"subjects.yaml": "closed:\n  en: closure\n  pairs: shut + plant\nwork:\n  en: work\n  includes: closed\n"}
    assert concept_scanner(build(files)).find(fold("they shut the plant")).keys() == {"@closed", "@work"}


def test_a_pair_without_its_other_half_is_refused_with_its_line() -> None:
    with pytest.raises(LexiconError, match=r"line 3: @closed: pairs: two words with a \+ between"):
        build({"subjects.yaml": "closed:\n  en: closure\n  pairs: shut plant\n"})
