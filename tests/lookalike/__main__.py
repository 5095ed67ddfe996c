"""``make pictures``: every kind of message as a phone shows it, in light and dark, for people to look at.

A newcomer's first day is played on both doubles, and what they recorded is drawn; then messages that no day brings.
Arguments: the folder for the pictures, and words of which their names must hold one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.alerts.notices import compose_notice
from bot.chats import slack_blocks, telegram_entities
from bot.model import Notice, NoticeKind
from tests.doubles.bot_api import SentMessage
from tests.examples import NOW
from tests.golden.messages import MESSAGES
from tests.golden.scenario import SEATS, Play, first_day, stage
from tests.lookalike import browser, slack_page, telegram_page
from tests.pipeline.people import SlackPerson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chats.message import Message

Json = Any
Screens = dict[str, list[Any]]
"""What is on each screen, from top to bottom, by the picture's name."""

THEMES: Final = ("light", "dark")
# Where on the first day each screen begins and ends: by what was done, in the words of the log.
_SCREENS: Final = {
    "start": ("> /start", "> [Save]"),
    "feeds": ("> [Save]", "(19 Jun, 09:30"),
    "alert": ("(19 Jun, 09:30", "> [Why]"),
    "why": ("> [Why]", "(19 Jun, 10:30"),
    "living": ("(19 Jun, 10:31", "> [Timeline]"),
    "timeline": ("> [Timeline]", "> [Mute]"),
    "mute": ("> [Mute]", "> /unmute all"),
    "digest": ("> /digest daily 08:00", "> /topics"),
    "lists": ("> /topics", "> /help"),
    "help": ("> /help", "> /topics add"),
    "proposal": ("> /topics add", "> [Edit]"),
    "edit": ("> [Edit]", "> the end"),
}
_KEPT: Final = ("scripts", "hostile", "alert", "digest", "topics")
_NOTICES: Final[dict[NoticeKind, dict[str, str | int | float]]] = {
    NoticeKind.QUIET: {"topic": "DPRK-Russia arms", "topic_id": 1, "days": 9, "usual_days": 1.2, "feeds": 14},
    NoticeKind.FEEDS_FAILING: {"failing": 3, "feeds": 14, "quiet": "“DPRK-Russia arms”"},
    NoticeKind.FEED_GONE: {"feed_id": 4, "title": "Harbour Wire", "url": "https://harbour.example/rss"},
}


async def evening(play: Play) -> None:
    """What a first day has no place for: help, a backtest over what is stored by now, a change."""
    await play.write("/help")
    await play.write("/topics add Putin and Kim", "until you save it")
    await play.tap("Edit", "@putin & Kim")
    play.log.append("> the end")


async def played(platform: str) -> tuple[Play, Json]:
    """The log of a day on a platform; on Slack with the Home tab at its end."""
    with TemporaryDirectory() as folder:
        async with stage(SEATS[platform], Path(folder)) as play:
            await first_day(play)
            await evening(play)
            home = await _home(play.person) if isinstance(play.person, SlackPerson) else None
            return play, home


async def _home(person: SlackPerson) -> Json:
    port, direct = person.chat.http_port or 0, "D0000HOME"
    fields = person.api.command_fields("/topics", "save Sanctions = @sanctions & @russia", channel=direct)
    before = len(person.api.responses)
    await person.api.deliver_command(port, fields)
    await person.api.until(lambda: len(person.api.responses) > before)
    opened = {"type": "app_home_opened", "user": person.api.user, "channel": direct, "tab": "home"}
    await person.api.deliver_event(port, person.api.event_body(opened))
    await person.api.until(lambda: person.api.posts("views.publish"))
    view = person.api.posts("views.publish")[-1].body["view"]
    return json.loads(view) if isinstance(view, str) else view


def cut(log: Sequence[Any]) -> Screens:
    """The log as screens."""
    texts = [item if isinstance(item, str) else "" for item in log]
    starts = {
        name: next(i for i, text in enumerate(texts) if text.startswith(first)) for name, (first, _) in _SCREENS.items()
    }
    ends = {
        name: next(i for i, text in enumerate(texts) if text.startswith(last)) for name, (_, last) in _SCREENS.items()
    }
    return {name: [_plain(item) for item in log[starts[name] : ends[name]]] for name in _SCREENS}


def _plain(item: Any) -> Any:  # noqa: ANN401 - a line of the log, or what was shown
    return item.removeprefix("> ") if isinstance(item, str) else item


def others() -> dict[str, Message]:
    """Messages of which a day brings none, by name."""
    notices = {
        f"notice-{kind.value}": compose_notice(Notice(1, 1, kind, "", facts, NOW, NOW + timedelta()))
        for kind, facts in _NOTICES.items()
    }
    return {f"kept-{name}": MESSAGES[name] for name in _KEPT} | notices


def on_telegram(message: Message) -> list[SentMessage]:
    """A message as the parts in which Telegram gets it."""
    return [
        SentMessage(
            1,
            number,
            part.text,
            [asdict(entity) for entity in part.entities],
            [[{"text": key.label} for key in row] for row in part.keyboard],
            None,
            None,
        )
        for number, part in enumerate(telegram_entities.render_parts(message), start=1)
    ]


def telegram_screens(play: Play) -> Screens:
    """What Telegram's double recorded, screen by screen."""
    drawn = {name: [getattr(item, "request", item) for item in items] for name, items in cut(play.log).items()}
    return drawn | {name: list(on_telegram(message)) for name, message in others().items()}


def slack_screens(play: Play, home: Json) -> Screens:
    """What Slack's double recorded, screen by screen."""
    person = play.person
    assert isinstance(person, SlackPerson)
    pictures = [file.data for file in person.api.files.values() if file.name.endswith(".png")]
    drawn = {name: [_slack_item(item) for item in items] for name, items in cut(play.log).items()}
    if pictures:
        drawn["timeline"].append({"how": "in our direct messages", "blocks": [], "picture": pictures[0]})
    for name, message in others().items():
        drawn[name] = [{"how": "", "blocks": list(part.blocks)} for part in slack_blocks.render_parts(message)]
    return drawn | {"home": [{"view": home}]}


def _slack_item(item: Any) -> Any:  # noqa: ANN401 - a line of the log, or what was shown
    if isinstance(item, str):
        return item
    body = item.request.body
    if "view" in body:
        view = body["view"]
        return {"view": json.loads(view) if isinstance(view, str) else view}
    blocks = body.get("blocks", [])
    return {"how": item.how, "blocks": json.loads(blocks) if isinstance(blocks, str) else blocks}


async def main(folder: Path, wanted: Sequence[str]) -> int:
    chromium = browser.find()
    if chromium is None:
        sys.stdout.write(browser.HOW_TO_GET_ONE + "\n")
        return 0
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    telegram, _ = await played("telegram")
    slack, home = await played("slack")
    pages: dict[str, tuple[str, int]] = {}
    for theme in THEMES:
        for name, items in telegram_screens(telegram).items():
            pages[f"telegram-{name}-{theme}"] = telegram_page.page(items, theme=theme), telegram_page.WIDTH_PX
        for name, items in slack_screens(slack, home).items():
            pages[f"slack-{name}-{theme}"] = slack_page.page(items, theme=theme), slack_page.WIDTH_PX
    for name, (html, width_px) in pages.items():
        if not wanted or any(word in name for word in wanted):
            path = folder / f"{name}.png"
            browser.draw(chromium, html, width_px=width_px, to=path)
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(gettempdir()) / "backstory-pictures"
    out.mkdir(parents=True, exist_ok=True)
    sys.exit(asyncio.run(main(out, sys.argv[2:])))
