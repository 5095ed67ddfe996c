"""Rows of the command table: what was missed, how the bot is, the first contact."""

from __future__ import annotations

from typing import Final

from bot.speech import N_
from handlers import about, missed, sayings
from handlers.row import Row

ROWS: Final[tuple[Row, ...]] = (
    Row(
        name="missed",
        usage="/missed",
        summary=N_("Alerts that did not get through, and why."),
        example="/missed",
        kind=sayings.Missed,
        handler=missed.missed,
    ),
    Row(
        name="missed",
        verb="replay",
        usage="/missed replay NUMBER | all | muted",
        summary=N_("Send them now, marked if they may have arrived."),
        example="/missed replay all",
        kind=sayings.Replay,
        handler=missed.replay,
        changes=True,
    ),
    Row(
        name="status",
        usage="/status",
        summary=N_("How feeds, archive and alerts are doing."),
        example="/status",
        kind=sayings.Status,
        handler=about.status,
    ),
    Row(
        name="start",
        usage="/start",
        summary=N_("What this is, and the next step."),
        example="/start",
        kind=sayings.Start,
        handler=about.start,
    ),
)
