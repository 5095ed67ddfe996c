"""Cleaning, on texts whose debris we planted ourselves: what outlets add goes, what they report stays word for word."""

from __future__ import annotations

import re
from functools import cache

import pytest

from bot.feeds.parse import parse_feed
from bot.samples.coverage import SampleEntry, load
from bot.samples.documents import render
from bot.text.clean import clean
from bot.text.datelines import telling_sentences

COVERAGE = load()
ENTRIES = [pytest.param(entry, id=entry.id) for entry in COVERAGE.entries]

# A paragraph that holds one of these is the outlet's, not the story's.
DEBRIS = re.compile(
    r"follow us|sign up|related:|share this story|join the discussion|folgen sie uns|lesen sie auch"
    r"|читайте также|подписывайтесь|просмотров|читайте також|переглядів|архівне фото|무단전재|関連記事|责任编辑|关注",
    re.IGNORECASE,
)
SPAM = re.compile(r"온라인카지노\s*|百家樂\s*")


@cache
def cleaned() -> dict[str, tuple[str, ...]]:
    paragraphs = {}
    for outlet in COVERAGE.outlets:
        samples = [entry for entry in COVERAGE.entries if entry.outlet == outlet]
        feed = parse_feed(render(outlet, samples).body, url=f"{outlet.site}/feed")
        for sample, parsed in zip(reversed(samples), feed.entries, strict=True):
            paragraphs[sample.id] = clean(parsed.body, title=sample.title, lang=outlet.lang).paragraphs
    return paragraphs


def told(entry: SampleEntry) -> list[str]:
    """What the entry reports: each paragraph once, without debris and planted words."""
    return [SPAM.sub("", text) for text in dict.fromkeys(entry.paragraphs) if not DEBRIS.search(text)]


@pytest.mark.parametrize("entry", ENTRIES)
def test_nothing_that_is_reported_gets_lost(entry: SampleEntry) -> None:
    kept = [SPAM.sub("", text) for text in cleaned()[entry.id] if not DEBRIS.search(text)]
    assert kept == told(entry)


def test_what_outlets_add_is_dropped() -> None:
    planted = [text for entry in COVERAGE.entries for text in entry.paragraphs if DEBRIS.search(text)]
    kept = [text for paragraphs in cleaned().values() for text in paragraphs if DEBRIS.search(text)]
    assert len(planted) > 40
    assert kept == []


def test_a_doubled_body_is_given_once() -> None:
    (doubled,) = (entry for entry in COVERAGE.entries if entry.paragraphs.count(entry.paragraphs[0]) > 1)
    assert cleaned()[doubled.id].count(doubled.paragraphs[0]) == 1


def test_a_spam_word_in_another_script_goes_and_its_sentence_stays() -> None:
    (spammed,) = (entry for entry in COVERAGE.entries if any("카지노" in text for text in entry.paragraphs))
    assert not [text for text in cleaned()[spammed.id] if "카지노" in text]


@pytest.mark.parametrize("sample", ENTRIES)
def test_no_sentence_that_is_shown_begins_with_its_dateline(sample: SampleEntry) -> None:
    for sentence in telling_sentences("\n".join(cleaned()[sample.id]), sample.outlet.lang):
        assert not re.match(r"[A-ZА-ЯІЇЄ ]{4,}(?: \([^)]*\))? ?[-–—:] |\(\w+[ )=]|[\[【]", sentence), sentence
