"""When two stories are one, and what the one then is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.stories.merge import find_twin, merged_links, merged_story
from tests.examples import LINKS, STORY
from tests.stories.build import START, an_entry, background, past, statistics

if TYPE_CHECKING:
    from bot.model import BackstoryLink, PastEntry

TEXT = (
    "Leader Ada Brandt and President Omar Castell signed a mutual defence treaty in Port Lagan on Wednesday. "
    "It binds Norland and Esteria to send each other arms and troops if either of them is attacked. "
    "The two leaders spoke for nine hours, and a choir sang at the dinner, officials in Port Lagan said. "
    "Castell had last come to Port Lagan twenty-four years before, and was met at the airport by Brandt. "
    "Opposition parties in Esteria called the treaty a mistake and asked for a debate in parliament."
)
SENTENCES = TEXT.split(". ")
FIRST = past(an_entry(1, "Brandt and Castell sign treaty", ". ".join(SENTENCES[:4]) + "."), story=1)
SECOND = past(an_entry(2, "Norland, Esteria in treaty", ". ".join(SENTENCES[1:]), day=0.1), story=2)
BOTH = past(an_entry(3, "Brandt and Castell sign treaty in Port Lagan", TEXT, day=0.2))
QUAKE = past(an_entry(4, "Quake in Sund", "A quake shook Sund on Wednesday and cut its roads.", day=0.1), story=4)


@pytest.mark.parametrize(
    ("pool", "twin"),
    [
        pytest.param([FIRST, SECOND], 2, id="a text that both printed"),
        pytest.param([FIRST, QUAKE], None, id="another event"),
        pytest.param([FIRST], None, id="one story alone"),
        pytest.param([SECOND, QUAKE], None, id="none of its own story among the candidates"),
        pytest.param(
            [FIRST, replace(SECOND, entry=replace(SECOND.entry, published_at=START - timedelta(days=30)))],
            None,
            id="a month apart: a text that came back",
        ),
    ],
)
def test_find_twin(pool: list[PastEntry], twin: int | None) -> None:
    archive = [*background(), *pool]
    assert find_twin(BOTH, 1, archive, statistics(archive)) == twin


def test_the_kept_story_keeps_its_face_and_holds_what_both_held() -> None:
    gone = replace(STORY, id=9, headline="Other", outlets=("Post", "Harbour Wire"), origins=("TASS",), entry_count=3)
    gone = replace(gone, started_at=STORY.started_at - timedelta(hours=2), updated_at=STORY.updated_at)
    both = merged_story(replace(STORY, origins=("KCNA",)), gone)
    assert (both.id, both.headline, both.entry_count) == (STORY.id, STORY.headline, 4)
    assert (both.outlets, both.origins) == (("Harbour Wire", "Post"), ("KCNA", "TASS"))
    assert both.started_at == gone.started_at


def test_links_lead_to_each_story_once_to_none_of_its_own_and_never_ahead() -> None:
    best, other = LINKS
    twice = replace(other, entry_id=77, past_story_id=best.past_story_id, score=0.1)
    inside: BackstoryLink = replace(other, entry_id=78, past_story_id=9, score=0.9)
    ahead = replace(other, entry_id=79, past_story_id=6, at=STORY.started_at + timedelta(minutes=1), score=0.9)
    found = merged_links(STORY, (other, twice, inside, ahead, best), limit=4, inside=(STORY.id, 9))
    assert [(link.entry_id, link.rank, link.story_id) for link in found] == [
        (best.entry_id, 0, STORY.id),
        (other.entry_id, 1, STORY.id),
    ]
    assert len(merged_links(STORY, LINKS, limit=1)) == 1
