"""What an outlet serves is read back the same by the parser that reads everybody's feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.feeds.parse import parse_feed
from bot.samples.coverage import FeedFormat, SampleEntry, SampleOutlet, load
from bot.samples.documents import body_html, feed_path, render

COVERAGE = load()
OUTLETS = [pytest.param(outlet, id=f"{outlet.id}-{outlet.format}") for outlet in COVERAGE.outlets]
FORMATS = [pytest.param(feed_format, id=feed_format) for feed_format in FeedFormat]


def entries_of(outlet: SampleOutlet) -> list[SampleEntry]:
    return [entry for entry in COVERAGE.entries if entry.outlet == outlet]


def an_entry(outlet: SampleOutlet, *paragraphs: str, title: str = "Tides & currents") -> SampleEntry:
    at = datetime(2024, 6, 12, 10, tzinfo=UTC)
    return SampleEntry(id="one", outlet=outlet, at=at, title=title, paragraphs=paragraphs, event="tide")


@pytest.mark.parametrize("outlet", OUTLETS)
def test_titles_dates_links_and_language_survive(outlet: SampleOutlet) -> None:
    entries = entries_of(outlet)
    document = render(outlet, entries)
    feed = parse_feed(document.body, url="https://feeds.example/one", content_type=document.content_type)
    assert feed.bozo is None
    assert feed.title == outlet.title
    assert feed.lang == outlet.lang
    assert [(entry.title, entry.published_at, entry.url) for entry in feed.entries] == [
        (entry.title, entry.at, entry.url) for entry in reversed(entries)
    ]


@pytest.mark.parametrize("outlet", OUTLETS)
def test_no_word_of_a_body_is_lost(outlet: SampleOutlet) -> None:
    entries = entries_of(outlet)
    feed = parse_feed(render(outlet, entries).body, url="https://feeds.example/one")
    for sent, got in zip(reversed(entries), feed.entries, strict=True):
        assert all(paragraph in got.body or paragraph.startswith("<") for paragraph in sent.paragraphs)


@pytest.mark.parametrize("feed_format", FORMATS)
def test_a_later_headline_keeps_the_guid_and_changes_the_etag(feed_format: FeedFormat) -> None:
    outlet = SampleOutlet(id="quay", title="The Quay", lang="en", format=feed_format)
    before = an_entry(outlet, "The tide is high.")
    after = replace(before, title="Low water", updated_at=datetime(2024, 6, 12, 11, tzinfo=UTC))
    first, second = render(outlet, [before]), render(outlet, [after])
    (was,) = parse_feed(first.body, url="https://feeds.example/one").entries
    (now,) = parse_feed(second.body, url="https://feeds.example/one").entries
    assert was.guid
    assert was.guid == now.guid
    assert (was.title, now.title) == (before.title, after.title)
    assert now.published_at == before.at
    assert first.etag != second.etag
    assert first == render(outlet, [before])


@pytest.mark.parametrize("feed_format", FORMATS)
def test_what_an_entry_says_cannot_break_the_document(feed_format: FeedFormat) -> None:
    outlet = SampleOutlet(id="quay", title="Quay & Sons", lang="en", format=feed_format)
    entry = an_entry(outlet, "1 < 2 && ]]> </item>", "<p>markup &amp; more</p>")
    feed = parse_feed(render(outlet, [entry]).body, url="https://feeds.example/one")
    assert feed.title == outlet.title
    assert [found.title for found in feed.entries] == [entry.title]
    assert "1 &lt; 2 &amp;&amp; ]]&gt; &lt;/item&gt;" in feed.entries[0].body


@pytest.mark.parametrize("feed_format", FORMATS)
def test_an_outlet_with_nothing_released_yet_serves_an_empty_feed(feed_format: FeedFormat) -> None:
    outlet = SampleOutlet(id="quay", title="The Quay", lang="en", format=feed_format)
    feed = parse_feed(render(outlet, []).body, url="https://feeds.example/one")
    assert (feed.title, feed.entries) == ("The Quay", ())


def test_a_plain_outlet_serves_text_without_markup() -> None:
    outlet = SampleOutlet(id="mole", title="The Mole", lang="en", format=FeedFormat.JSON, plain=True)
    (entry,) = parse_feed(
        render(outlet, [an_entry(outlet, "High water.", "Low water.")]).body, url="https://feeds.example/one"
    ).entries
    assert "High water." in entry.body
    assert "<p>" not in entry.body


def test_plain_paragraphs_are_escaped_and_markup_is_not() -> None:
    outlet = SampleOutlet(id="quay", title="The Quay", lang="en", format=FeedFormat.RSS)
    assert body_html(an_entry(outlet, 'a "b" <c>', "<p>d</p>")) == '<p>a "b" &lt;c&gt;</p>\n<p>d</p>'


def test_paths_tell_the_outlets_apart() -> None:
    paths = [feed_path(outlet) for outlet in COVERAGE.outlets]
    assert len(set(paths)) == len(paths)
    assert {path.rpartition(".")[2] for path in paths} == {"xml", "json"}
