"""Values that several tests start from. All of it is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model import Action, Address, Alert, BackstoryLink, Chat, Delivery, Platform, Story

NOW = datetime(2024, 6, 18, 9, 30, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)

STORY = Story(
    id=5,
    first_entry_id=41,
    headline="Envoys sign a defence pact",
    url="https://harbour.example/pact",
    source="Harbour Wire",
    lang="en",
    started_at=YESTERDAY,
    updated_at=NOW,
    entry_count=1,
    outlets=("Harbour Wire",),
    summary="Envoys of two countries signed a defence pact on Monday.",
)

LINKS = (
    BackstoryLink(
        story_id=5,
        entry_id=12,
        past_story_id=2,
        rank=0,
        score=0.8,
        why="The two sides agreed to draft a pact in September.",
        at=datetime(2023, 9, 13, tzinfo=UTC),
        headline="Leaders meet at a spaceport",
        url="https://meridian.example/spaceport",
        source="Meridian Post",
    ),
    BackstoryLink(
        story_id=5,
        entry_id=3,
        past_story_id=1,
        rank=1,
        score=0.6,
        why="A defence minister visited in July.",
        at=datetime(2023, 7, 27, 8, 5, tzinfo=UTC),
        headline="Minister visits for a parade",
        url="https://harbour.example/parade",
        source="Harbour Wire",
    ),
)

ALERT = Alert(
    id=1,
    story_id=5,
    entry_id=41,
    action=Action.ALERT,
    created_at=NOW,
    headline="Envoys sign a defence pact",
    url="https://harbour.example/pact",
    source="Harbour Wire",
    at=NOW,
    summary="Envoys of two countries signed a defence pact on Monday. It covers training and supplies.",
    new=("It covers training and supplies.",),
    earlier=LINKS,
    others=(),
    why=("dprk: Pyongyang", "russia: Moscow"),
)

CHAT = Chat(id=1, address=Address(Platform.CONSOLE, "console"), title="console", created_at=YESTERDAY)

DELIVERY = Delivery(
    id=9, chat_id=1, alert_id=1, story_id=5, action=Action.ALERT, topics=("DPRK-Russia arms",), not_before=NOW
)
