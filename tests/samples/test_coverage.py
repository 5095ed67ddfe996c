"""The bundled coverage keeps its promises, and a faulty file is refused with words that name the place."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from bot.errors import ImportFileError
from bot.samples.coverage import FeedFormat, load, parse

if TYPE_CHECKING:
    from pathlib import Path

COVERAGE = load()

SMALL = """
opening_ends: 2024-06-10T00:00:00Z
topics: [Tides]
outlets:
  - {id: quay, title: The Quay, lang: en, format: rss}
  - {id: mole, title: The Mole, lang: en, format: json, markup: text}
events:
  - {id: tide, about: pact, what: High water}
entries:
  - id: first
    outlet: quay
    at: 2024-06-01T10:00:00Z
    event: tide
    title: High water
    body: |-
      The tide is high.

      <p>Follow us</p>
  - id: second
    outlet: mole
    at: 2024-06-12T10:00:00Z
    event: tide
    copy_of: first
    title: High water
    edit: {at: 2024-06-12T10:30:00Z, title: Low water}
    body: The tide is high.
  - id: third
    outlet: quay
    at: 2024-06-12T11:30:00Z
    lookalike: no water in it
    title: Sand
    body: Sand.
"""


def test_about_sixty_entries_of_eight_outlets_in_six_languages_and_four_formats() -> None:
    assert 60 <= len(COVERAGE.entries) <= 70
    assert len({entry.outlet.id for entry in COVERAGE.entries}) >= 8
    assert {entry.outlet.lang for entry in COVERAGE.entries} >= {"en", "ru", "uk", "ko", "ja", "zh"}
    assert {outlet.format for outlet in COVERAGE.outlets} == set(FeedFormat)


def test_everything_happens_from_july_2023_to_november_2024() -> None:
    first, last = COVERAGE.entries[0].at, COVERAGE.entries[-1].at
    assert datetime(2023, 7, 1, tzinfo=UTC) <= first
    assert last < datetime(2024, 12, 1, tzinfo=UTC)


def test_every_event_is_told_by_two_outlets_and_most_in_two_languages() -> None:
    outlets: defaultdict[str, set[str]] = defaultdict(set)
    languages: defaultdict[str, set[str]] = defaultdict(set)
    for entry in COVERAGE.entries:
        if entry.event:
            outlets[entry.event].add(entry.outlet.id)
            languages[entry.event].add(entry.outlet.lang)
    assert outlets.keys() == {event.id for event in COVERAGE.events}
    assert not [event for event, names in outlets.items() if len(names) < 2]
    assert sum(len(langs) > 1 for langs in languages.values()) >= len(languages) * 0.8


def test_events_are_days_and_not_weeks_long() -> None:
    moments: defaultdict[str, list[datetime]] = defaultdict(list)
    for entry in COVERAGE.entries:
        if entry.event:
            moments[entry.event].append(entry.at)
    assert {event: max(at) - min(at) for event, at in moments.items() if max(at) - min(at) > timedelta(days=2)} == {}


def test_bodies_are_of_realistic_length() -> None:
    lengths = {entry.id: len(" ".join(entry.paragraphs)) for entry in COVERAGE.entries}
    assert {entry_id: length for entry_id, length in lengths.items() if not 80 <= length <= 3000} == {}
    assert all(len(entry.paragraphs) >= 2 for entry in COVERAGE.entries)


def test_copies_repeat_their_original_and_credit_its_outlet() -> None:
    by_id = {entry.id: entry for entry in COVERAGE.entries}
    copies = [entry for entry in COVERAGE.entries if entry.copy_of]
    assert len(copies) >= 5
    for copy in copies:
        original = by_id[copy.copy_of or ""]
        assert original.outlet != copy.outlet
        assert f"({original.outlet.title})" in copy.paragraphs[0]
        words, copied = (Counter(" ".join(entry.paragraphs).split()) for entry in (original, copy))
        assert (words & copied).total() >= 0.8 * words.total()  # an outlet may cut the last paragraph


def test_a_dozen_lookalikes_on_both_sides_of_the_opening() -> None:
    lookalikes = {entry.id for entry in COVERAGE.entries if entry.lookalike}
    assert len(lookalikes) >= 10
    assert lookalikes & {entry.id for entry in COVERAGE.opening}
    assert lookalikes & {entry.id for step in COVERAGE.steps for entry in step.entries}


def test_addresses_are_unique_and_reserved_for_examples() -> None:
    urls = [entry.url for entry in COVERAGE.entries]
    assert len(set(urls)) == len(urls)
    assert all(url.split("/")[2].endswith(".example") for url in urls)


def test_no_markup_links_outside_the_example_domain() -> None:
    for paragraph in chain.from_iterable(entry.paragraphs for entry in COVERAGE.entries):
        assert paragraph.count("http") == paragraph.count(".example/")


def test_the_opening_and_the_steps_are_everything_once() -> None:
    later = [version for step in COVERAGE.steps for version in step.entries]
    assert len(COVERAGE.opening) + len(later) == len(COVERAGE.entries) + len(COVERAGE.edits)
    assert all(entry.appears_at < COVERAGE.opening_ends for entry in COVERAGE.opening)
    assert all(version.appears_at >= COVERAGE.opening_ends for version in later)
    assert [step.at for step in COVERAGE.steps] == sorted(step.at for step in COVERAGE.steps)
    assert all(version.appears_at <= step.at for step in COVERAGE.steps for version in step.entries)


def test_the_first_step_is_one_english_entry_on_the_topic() -> None:
    (entry,) = COVERAGE.steps[0].entries
    assert entry.outlet.lang == "en"
    assert entry.event == "june-concern"


def test_a_headline_is_edited_while_the_coverage_plays() -> None:
    (edit,) = COVERAGE.edits
    assert edit.appears_at > COVERAGE.opening_ends
    (before,) = (entry for entry in COVERAGE.entries if entry.id == edit.id)
    assert (edit.url, edit.paragraphs, edit.at) == (before.url, before.paragraphs, before.at)
    assert edit.title != before.title


def test_steps_gather_what_is_published_within_the_hour() -> None:
    coverage = parse(SMALL, name="small")
    assert [entry.id for entry in coverage.opening] == ["first"]
    assert [[version.title for version in step.entries] for step in coverage.steps] == [
        ["High water", "Low water"],
        ["Sand"],
    ]
    assert coverage.steps[0].at == datetime(2024, 6, 12, 10, 30, tzinfo=UTC)


def test_an_edit_before_the_end_of_the_opening_replaces_the_first_version() -> None:
    coverage = parse(SMALL.replace("2024-06-10T00", "2024-06-13T00"), name="small")
    assert [entry.title for entry in coverage.opening] == ["High water", "Low water", "Sand"]
    assert coverage.steps == ()


def test_paragraphs_are_parted_by_blank_lines() -> None:
    coverage = parse(SMALL, name="small")
    assert coverage.entries[0].paragraphs == ("The tide is high.", "<p>Follow us</p>")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param("topics: [Tides]", "topics: [", "is not YAML", id="not-yaml"),
        pytest.param(SMALL, "- one\n- two", "the file: must be a mapping of fields, not list", id="not-a-mapping"),
        pytest.param("topics: [Tides]", "", "the file: topics is missing", id="missing"),
        pytest.param("topics: [Tides]", "topics: []", "topics must be a list with something in it", id="empty"),
        pytest.param("topics: [Tides]", "topics: [7]", "topics must be a list of texts", id="no-texts"),
        pytest.param("topics:", "colour: red\ntopics:", "the file: unknown field colour", id="unknown-field"),
        pytest.param("format: rss", "format: rs", "outlets, quay: format must be one of", id="format"),
        pytest.param("markup: text", "markup: tex", "outlets, mole: markup must be html or text", id="markup"),
        pytest.param("about: pact", "about: fish", "events, tide: about must be one of", id="about"),
        pytest.param("id: tide,", "id: High Tide,", "an id is made of small letters", id="slug"),
        pytest.param("id: second", "id: first", "entries, first: this id is used twice", id="twice"),
        pytest.param("outlet: mole", "outlet: hole", "entries, second: unknown outlet hole", id="outlet"),
        pytest.param("lookalike:", "event:", "entries, third: unknown event no water in it", id="event"),
        pytest.param("lookalike: no water in it", "", "either an event or a lookalike", id="unlabelled"),
        pytest.param("lookalike:", "event: tide\n    lookalike:", "either an event or a lookalike", id="both-labels"),
        pytest.param("copy_of: first", "copy_of: third", "copy_of names no earlier entry: third", id="copy"),
        pytest.param("12T11:30:00Z", "11T11:30:00Z", "before the entry above it", id="order"),
        pytest.param("2024-06-12T11:30:00Z", "2024-06-12T11:30:00", "with its zone", id="naive"),
        pytest.param("2024-06-12T11:30:00Z", "yesterday", "at must be a date and time", id="no-date"),
        pytest.param("12T10:30:00Z", "12T09:30:00Z", "second, edit: at must be later", id="edit-before"),
        pytest.param("title: Low water", "title: High water", "the title is the same as before", id="same-title"),
        pytest.param("body: The tide is high.", "body: <p>The tide</p>", "no markup in the body", id="markup-in-text"),
        pytest.param("title: Sand", "title: ' '", "entries, third: title must be text", id="blank"),
        pytest.param("title: Sand", "headline: Sand", "entries, third: title is missing", id="misspelt"),
    ],
)
def test_a_fault_is_named_with_its_place(old: str, new: str, fault: str) -> None:
    broken = SMALL.replace(old, new)
    assert broken != SMALL
    with pytest.raises(ImportFileError) as caught:
        parse(broken, name="small.yaml")
    assert str(caught.value).startswith("small.yaml")
    assert fault in str(caught.value)


def test_an_event_that_nobody_tells_is_a_fault() -> None:
    extra = SMALL.replace("entries:", "  - {id: ebb, about: pact, what: Low water}\nentries:")
    with pytest.raises(ImportFileError, match="no entry tells the event ebb"):
        parse(extra, name="small.yaml")


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"none\.yaml cannot be read"):
        load(tmp_path / "none.yaml")
