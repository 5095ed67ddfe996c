"""Buttons for an answer to carry. Each names what its press stands for, typed; labels are in the language spoken."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.chats.message import Button
from bot.preferences import MuteKind
from bot.speech import N_, _
from handlers.times import length_as_typed
from handlers.words import as_typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.model import Feed, Proposal, SavedSearch, Topic
    from bot.preferences import Mute

LABEL_NAME_CHARS: Final = 30
NEW_TOPIC: Final = "topic-new"
"""The action that asks for a new topic: by a form where there are forms, else it says what to type."""
_CHANGES: Final = {
    "save": N_("Save"),
    "stricter": N_("Stricter"),
    "wider": N_("Wider"),
    "edit": N_("Edit"),
    "tune": N_("Propose a change"),
}
_PLAIN: Final = {
    "topics": N_("Topics"),
    "feeds": N_("Feeds"),
    "packs": N_("Lists of feeds"),
    "latest": N_("Latest"),
    "lexicon": N_("Lexicon"),
    "status": N_("Status"),
    "help": N_("Help"),
    "digest": N_("Digest"),
    "quiet": N_("Quiet hours"),
    "settings": N_("Settings"),
    "mute": N_("Mutes"),
}
OFFER: Final = "do"
"""The action of a button that stands for a whole command."""

_DIGEST_CHARS: Final = 20

MUTED_FOR: Final = {
    MuteKind.ALL: timedelta(hours=8),
    MuteKind.TOPIC: timedelta(hours=8),
    MuteKind.STORY: timedelta(hours=24),
    MuteKind.OUTLET: timedelta(days=7),
}
"""How long a mute lasts when nobody says how long."""

PRESETS: Final = {
    "digest-off": "/digest off",
    "digest-hourly": "/digest hourly",
    "digest-daily": "/digest daily 08:00",
    "digest-weekly": "/digest weekly Mon 08:00",
    "digest-now": "/digest now",
    "quiet-off": "/quiet off",
    "quiet-night": "/quiet 22:00-07:00",
    "quiet-late": "/quiet 00:00-08:00",
    "zone": "/settings zone",
    "cap": "/settings cap",
    "cap-off": "/settings cap off",
    "cap-6": "/settings cap 6",
    "cap-12": "/settings cap 12",
    "cap-30": "/settings cap 30",
    "urgent-on": "/settings urgent on",
    "urgent-off": "/settings urgent off",
    "language": "/settings language",
    "language-en": "/settings language en",
    "language-ru": "/settings language ru",
    "language-uk": "/settings language uk",
    "language-ko": "/settings language ko",
    "language-auto": "/settings language auto",
    "pictures": "/settings pictures",
    "pictures-dark": "/settings pictures dark",
    "pictures-light": "/settings pictures light",
    "show-muted": "/missed replay muted",
}
"""Choices that are always the same: unlike offers, they outlive a restart."""


def new_topic() -> Button:
    """Ask for a new topic."""
    return Button(_("Add a topic"), NEW_TOPIC, command="/topics add NAME")


def why(story_id: int, label: str | None = None) -> Button:
    """Why this story alerted."""
    return Button(label or _("Why"), "why", str(story_id), command=f"/why {story_id}")


def earlier(story_id: int, label: str | None = None) -> Button:
    """The story's earlier coverage."""
    return Button(label or _("Earlier"), "earlier", str(story_id), command=f"/earlier {story_id}")


def story(story_id: int, label: str | None = None) -> Button:
    """The story at a glance."""
    return Button(label or _("Story"), "story", str(story_id), command=f"/story {story_id}")


def timeline(story_id: int, label: str | None = None) -> Button:
    """How the thread of a story went on."""
    return Button(label or _("Timeline"), "timeline", str(story_id), command=f"/timeline {story_id}")


def plain(action: str, label: str | None = None) -> Button:
    """A command without arguments: topics, feeds, latest, lexicon, status, help."""
    return Button(label or _(_PLAIN[action]), action, command="/feeds packs" if action == "packs" else f"/{action}")


def topic_latest(topic: Topic, label: str | None = None) -> Button:
    """The topic's last stories."""
    return Button(label or _("Latest"), "topic-latest", str(topic.id), command=f"/latest {as_typed(topic.name)}")


def topic_timeline(topic: Topic, label: str | None = None) -> Button:
    """How the topic went on."""
    return Button(
        label or _("Timeline"), "topic-timeline", str(topic.id), command=f"/timeline {_not_a_number(topic.name)}"
    )


def topic_show(topic: Topic, label: str | None = None) -> Button:
    """The topic at length."""
    return Button(label or _("Show"), "topic-show", str(topic.id), command=f"/topics show {as_typed(topic.name)}")


def topic_test(topic: Topic, label: str | None = None) -> Button:
    """What the topic would have found."""
    return Button(label or _("Test"), "topic-test", str(topic.id), command=f"/topics test {as_typed(topic.name)}")


def topic_change(action: str, topic: Topic) -> Button:
    """Propose a change of the topic: stricter, wider, edit, tune."""
    command = f"/topics {action} {as_typed(topic.name)}"
    return Button(_(_CHANGES[action]), f"topic-{action}", str(topic.id), command=command)


def proposal(action: str, offered: Proposal) -> Button:
    """What to do with a proposal: save, stricter, wider, edit."""
    command = f"/topics {action} {as_typed(offered.name)}"
    return Button(_(_CHANGES[action]), action, str(offered.id), command=command)


def topic_remove(topic: Topic, label: str | None = None) -> Button:
    """Stop watching the topic."""
    return Button(label or _("Remove"), "topic-remove", str(topic.id), command=f"/topics remove {as_typed(topic.name)}")


def subscribe(topic: Topic, label: str | None = None) -> Button:
    """Get the topic's alerts."""
    return Button(label or _("Turn on"), "subscribe", str(topic.id), command=f"/subscribe {as_typed(topic.name)}")


def unsubscribe(topic: Topic, label: str | None = None) -> Button:
    """Stop the topic's alerts."""
    return Button(label or _("Turn off"), "unsubscribe", str(topic.id), command=f"/unsubscribe {as_typed(topic.name)}")


def pack(name: str, label: str) -> Button:
    """What a curated list of feeds holds."""
    return Button(label, "pack", name, command=f"/feeds pack {name}")


def follow_pack(name: str, label: str) -> Button:
    """Follow a curated list of feeds."""
    return Button(label, "follow-pack", name, command=f"/feeds follow {name}")


def feed_remove(feed: Feed, label: str | None = None) -> Button:
    """Stop the feed for this chat."""
    return Button(label or _("Remove"), "feed-remove", str(feed.id), command=f"/feeds remove {feed.id}")


def search(label: str, saved: SavedSearch, *, best: bool, page: int = 1) -> Button:
    """A page of what a chat searched for."""
    order = "best" if best else "newest"
    return Button(label, f"search-{order}", f"{saved.id}.{page}", command=f"/search #{saved.id} {order} {page}")


def _not_a_number(name: str) -> str:
    """The name as it must stand where a number would be a story's."""
    return f'"{name}"' if name.strip().removeprefix("#").isdecimal() else as_typed(name)


def offer(label: str, command: str) -> Button:
    """A whole command to press instead of to type."""
    digest = hashlib.sha256(command.encode()).hexdigest()[:_DIGEST_CHARS]
    return Button(label, OFFER, digest, command=command)


def preset(name: str, label: str) -> Button:
    """A choice that is always the same, see ``PRESETS``."""
    return Button(label, "preset", name, command=PRESETS[name])


def zone(name: str) -> Button:
    """A time zone by its IANA name."""
    return Button(name.replace("_", " "), "zone", name, command=f"/settings zone {name}")


def mute(kind: MuteKind, story_id: int, label: str) -> Button:
    """Mute a story, its outlet or its topic for the usual time."""
    length = length_as_typed(MUTED_FOR[kind])
    return Button(label, f"mute-{kind.value}", str(story_id), command=f"/mute {kind.value} {story_id} {length}")


def unmute(muted: Mute, label: str) -> Button:
    """End a mute."""
    return Button(label, "unmute", str(muted.id), command=f"/unmute {muted.id}")


def replay(delivery_id: int, label: str) -> Button:
    """Send one alert that did not get through, or was held."""
    return Button(label, "replay", str(delivery_id), command=f"/missed replay {delivery_id}")


def topic_pause(topic: Topic) -> Button:
    """Pause the topic, or resume it."""
    verb, label = ("resume", _("Resume")) if topic.paused else ("pause", _("Pause"))
    return Button(label, f"topic-{verb}", str(topic.id), command=f"/topics {verb} {as_typed(topic.name)}")


def topic_share(topic: Topic, label: str | None = None) -> Button:
    """Offer the topic to other chats."""
    return Button(label or _("Share"), "topic-share", str(topic.id), command=f"/topics share {as_typed(topic.name)}")


def topics_page(page: int, label: str) -> Button:
    """A page of the list of topics."""
    return Button(label, "topics-page", str(page), command=f"/topics page {page}")


def shared(token: str, label: str) -> Button:
    """Take a topic that somebody offers."""
    return Button(label, "shared", token, command=f"/topics take {token}")


TOPIC_CHOICES: Final[dict[str, Callable[[Topic, str], Button]]] = {
    "show": topic_show,
    "test": topic_test,
    "remove": topic_remove,
}
"""What a command about a topic offers where the name was left out."""
