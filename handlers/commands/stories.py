"""Rows of the command table: stories, the archive and what readers think of alerts."""

from __future__ import annotations

from typing import Final

from bot.speech import N_
from handlers import cards, feedback, sayings, search, stories, timelines, whynot
from handlers.row import Row

ROWS: Final[tuple[Row, ...]] = (
    Row(
        name="latest",
        usage="/latest [TOPIC]",
        summary=N_("The last five stories."),
        example="/latest DPRK-Russia arms",
        kind=sayings.Latest,
        handler=stories.latest,
    ),
    Row(
        name="why",
        usage="/why [STORY]",
        summary=N_("Why a story alerted; or reply to an alert with it."),
        example="/why",
        kind=sayings.Why,
        handler=stories.why,
    ),
    Row(
        name="earlier",
        usage="/earlier [STORY]",
        summary=N_("All the earlier coverage that a story continues."),
        example="/earlier",
        kind=sayings.Earlier,
        handler=stories.earlier,
    ),
    Row(
        name="story",
        usage="/story [STORY]",
        summary=N_("A story at a glance: what happened, who tells it, what came before and after."),
        example="/story",
        kind=sayings.ShowStory,
        handler=cards.show_story,
    ),
    Row(
        name="timeline",
        usage="/timeline [TOPIC or STORY]",
        summary=N_("How it went on over time, as a picture, with its turning points."),
        example="/timeline DPRK-Russia arms",
        kind=sayings.ShowTimeline,
        handler=timelines.show_timeline,
    ),
    Row(
        name="whynot",
        usage="/whynot URL",
        summary=N_("Why an article led to no alert."),
        example="/whynot https://www.example.org/article",
        kind=sayings.WhyNot,
        handler=whynot.whynot,
    ),
    Row(
        name="search",
        usage="/search WORDS",
        summary=N_('Search the archive: words, a "phrase", -word, lang:ru, source:tass.'),
        example='/search munitions "North Korea"',
        kind=sayings.Search,
        handler=search.search,
        edits=True,
    ),
    Row(
        name="good",
        usage="/good [STORY]",
        summary=N_("👍: more like this."),
        example="/good",
        kind=sayings.RateStory,
        handler=feedback.good,
    ),
    Row(
        name="bad",
        usage="/bad [STORY]",
        summary=N_("👎: less like this."),
        example="/bad",
        kind=sayings.BlameStory,
        handler=feedback.bad,
    ),
)
