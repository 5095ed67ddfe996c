from __future__ import annotations

import subprocess
import sys

import pytest

from bot.model import TermStatistics
from bot.stories.fingerprint import candidate_terms, query_terms
from bot.stories.likeness import resemblance
from tests.stories.build import an_entry, background, past, print_of, statistics

TEXT = (
    "The two governments signed a treaty on grain exports in the harbour town on Monday. "
    "The treaty allows ships to carry up to 40,000 tonnes a month through the strait. "
    "Ministers of both countries said that the first ships would sail before the end of June."
)


def test_the_same_in_every_process() -> None:
    code = (
        "from tests.stories.build import an_entry, print_of; from tests.stories.test_fingerprint import TEXT;"
        "fp = print_of(an_entry(1, 'Treaty', TEXT)); print(fp.shingles, sorted(fp.terms.items()), sorted(fp.names))"
    )
    runs = {
        subprocess.run(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        pytest.param(TEXT, 1.0, 1.0, id="the same text"),
        pytest.param("REUTERS - " + TEXT + " Reporting by staff.", 0.7, 1.0, id="a copy with a credit"),
        pytest.param(
            "A quite different report about trams and the council's new budget for roads and parks.", 0, 0, id="another"
        ),
    ],
)
def test_shingles_tell_copies(text: str, low: float, high: float) -> None:
    one, other = print_of(an_entry(1, "Treaty", TEXT)), print_of(an_entry(2, "Grain treaty signed", text))
    assert low <= resemblance(one.shingles, other.shingles) <= high


def test_long_words_share_no_shingles() -> None:
    texts = [
        "Donaudampfschifffahrtsgesellschaft Hafenverwaltungsbehörde Rechtsschutzversicherungen beanstandete",
        "Grundstücksverkehrsgenehmigung Landwirtschaftsministerium Lebensmittelüberwachung kontrollierte",
    ]
    one, other = (print_of(an_entry(number, "Titel", text)) for number, text in enumerate(texts))
    assert resemblance(one.shingles, other.shingles) == 0


def test_query_terms_are_rare_known_words() -> None:
    archive = [*background(), past(an_entry(1, "Treaty on grain", TEXT)), past(an_entry(2, "Grain ships sail", TEXT))]
    fp = print_of(an_entry(3, "Grain treaty at risk", "The council said on Tuesday that the grain treaty was at risk."))
    terms = query_terms(fp, statistics(archive), limit=3)
    assert set(terms) >= {"grain", "treati"}
    assert len(terms) == 3
    assert "risk" not in terms  # nobody else has it: it would find nothing


def test_query_terms_of_an_empty_archive_are_none() -> None:
    fp = print_of(an_entry(1, "Treaty", TEXT))
    assert query_terms(fp, TermStatistics(0, {}), limit=12) == ()


def test_candidate_terms_cover_the_title() -> None:
    fp = print_of(an_entry(1, "Treaty signed", TEXT))
    assert fp.title_terms <= set(candidate_terms(fp))


@pytest.mark.parametrize("title", ["", "...", "Breaking"])
def test_almost_nothing_to_go_by(title: str) -> None:
    fp = print_of(an_entry(1, title))
    assert fp.sentences == ()
    assert fp.shingles == ()
