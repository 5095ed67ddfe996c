"""One conversation, typed alike in every language, as a console shows it: the golden files are drawn from it.

After a change that is meant, draw them anew and read them: ``python -m tests.handlers.scenario``.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.alerts.compose import Before, compose
from bot.alerts.digest import compose_digest
from bot.alerts.notices import compose_notice
from bot.chats.console_text import plain, render
from bot.model import Action, Delivery, Notice, NoticeKind
from bot.preferences import ChatSettings, Every, Held, Rhythm
from bot.speech import LANGUAGES, speaking
from bot.store.sql import open_store
from bot.topics import lexicon
from tests.examples import ALERT
from tests.handlers.house import House, ScriptedDesk
from tests.handlers.past import PARADE, SHELLS, SITE, past
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from bot.chats.message import Message
    from bot.model import Alert

GOLDEN: Final = Path(__file__).resolve().parents[1] / "golden"
_TOKEN: Final = re.compile(r"(?<=take )(?:share-)?[\w-]{20,}")
TYPED: Final = (
    "/start", "/help", "/help topics", "/help queries", "/topics", "/topics add DPRK-Russia arms",
    "/topics save DPRK-Russia arms", "/topics add", "/topics edit Nothing", "/topcs", "hello there?",
    "/topics add Kim = (title:kim", "/topics", "/topics show DPRK-Russia arms", "/topics test DPRK-Russia arms",
    "/topics set DPRK-Russia arms wide", "/topics pause DPRK-Russia arms", "/topics resume DPRK-Russia arms",
    "/topics rename DPRK-Russia arms = Arms", "/topics share Arms", "/topics tune Arms", "/topics stricter Arms",
    "/latest", "/story", "/why", "/earlier", "/timeline Arms", "/good", "/bad",
    f"/whynot {SITE}/0", "/whynot https://elsewhere.example/1", "/search shells", "/search xyzzy plugh",
    "/feeds", "/feeds packs", "/feeds pack korea", "/feeds follow korea", "/feeds add https://news.example.org/rss",
    "/feeds remove 99", "/lexicon", "/lexicon @dprk", "/lexicon missile", "/lexicon add @shells = shell*",
    "/digest", "/digest daily 08:00", "/digest sometimes", "/quiet 22:00-07:00", "/mute", "/mute Arms 8h",
    "/mute outlet Nobody", "/unmute all", "/settings", "/settings zone", "/settings cap", "/settings urgent",
    "/settings pictures", "/settings zone Seoul", "/settings nothing", "/missed", "/missed replay 7", "/status",
    "/export topics", "/import",
    "/subscribe", "/unsubscribe Arms", "/subscribe Arms here", "/topics remove Arms",
)  # fmt: skip


async def transcript(lang: str) -> str:
    """What is typed and what is answered, and what comes unasked."""
    store = await open_store("sqlite+aiosqlite://")
    try:
        house = House(ScriptedDesk(store, lexicon.load()), lang=lang)
        await past(house, SHELLS, PARADE)
        parts = []
        for typed in TYPED:
            answer = await house.say(typed)
            parts.append(f"> {typed}\n{_TOKEN.sub('TOKEN', ''.join(map(drawn, answer)))}")
        return "\n".join([*parts, *unasked(lang)])
    finally:
        await store.close()


def unasked(lang: str) -> list[str]:
    """An alert, an update, a digest and every notice."""
    facts: dict[str, str | int | float] = {
        "feed_id": 3,
        "title": "Wire",
        "url": f"{SITE}/rss",
        "to": f"{SITE}/new",
        "days": 9,
        "usual_days": 1.2,
    }
    facts |= {"reason": "harbour.example answered 503", "entries": 812, "topic": "Arms", "topic_id": 1, "failing": 3}
    facts |= {"feeds": 14, "topics": "“Arms”"}
    with speaking(lang):
        told = {ALERT.story_id: Before(NOW)}
        update = replace(ALERT, action=Action.REPLY)
        made = [compose(ALERT, delivery(ALERT, Action.ALERT)), compose(update, delivery(update, Action.REPLY), told)]
        held = Held(delivery(ALERT, Action.ALERT), ALERT, 0.8)
        made.append(compose_digest([held], ChatSettings(digest=Rhythm(Every.DAILY)), NOW))
        made += [compose_notice(Notice(1, 1, kind, "3", facts, NOW, NOW, maybe_sent=True)) for kind in NoticeKind]
        return [drawn(message) for message in made]


def delivery(alert: Alert, action: Action) -> Delivery:
    """A row of the outbox for it."""
    return Delivery(1, 1, alert.id, alert.story_id, action, ("Arms",), NOW)


def drawn(message: Message) -> str:
    """A message as a pipe shows it."""
    return plain(render(message, number=lambda _: 1))


async def main() -> None:
    """Draw every golden file anew."""
    for lang in LANGUAGES:
        (GOLDEN / f"transcript.{lang}.txt").write_text(await transcript(lang), "utf-8")


if __name__ == "__main__":
    asyncio.run(main())
