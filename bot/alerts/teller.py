"""Writes what each chat is due: the alerts and the outbox rows of one plan, numbered, and who was told what.

Told anew, told again, corrected, merged: every word that leaves the bot about a story is decided here. A chat is shown
nothing that came by a feed which does not serve it. Groups nothing and looks nothing up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import limits
from bot.alerts import decide
from bot.alerts.content import content, rehomed, retold
from bot.alerts.correction import corrected
from bot.merging import Told, by_chat, merged, told_by
from bot.model import Action, DeliveryState, NewDelivery
from bot.stories.news import News, headline_news, news_beside
from bot.stories.novelty import without_earlier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.alerts.correction import Correction
    from bot.alerts.decide import Telling
    from bot.ingest import Audience, History
    from bot.model import Alert, Context, Delivery, Entry, Match, PastEntry, Story


def _heard(rows: Sequence[Delivery], alerts: Mapping[int, Alert]) -> list[Delivery]:
    """The rows that tell a chat something: what never got through does not, nor do edits of it, which found nothing."""

    def message(row: Delivery) -> tuple[int, int | None]:
        alert = alerts.get(row.alert_id)
        return row.chat_id, None if alert is None else alert.entry_id

    living = [row for row in rows if row.state is not DeliveryState.DEAD]
    there = {message(row) for row in living if row.action is not Action.EDIT}
    dead = {message(row) for row in rows if row.action is not Action.EDIT and row.state is DeliveryState.DEAD} - there
    return [row for row in living if row.action is not Action.EDIT or message(row) not in dead]


class Teller:
    """The alerts and deliveries of one plan, as they come together."""

    def __init__(self, history: History, audience: Audience, *, now: datetime) -> None:
        self._context = history.context
        self._readers = dict(history.context.readers)
        self._statistics = history.statistics
        self._audience = audience
        self._now = now
        self._next_alert = history.next_ids.alert
        self._alerts: dict[int, dict[int, Alert]] = {}
        self._told: dict[int, list[Told]] = {}
        self._news: dict[tuple[tuple[int, ...], ...], News] = {}
        self._new_alerts: dict[int, Alert] = {}
        self._deliveries: list[NewDelivery] = []
        self.learn(history.context)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The new alerts, in order of id."""
        return tuple(self._new_alerts.values())

    @property
    def deliveries(self) -> tuple[NewDelivery, ...]:
        """The new outbox rows, in the order in which they were decided."""
        return tuple(self._deliveries)

    def learn(self, context: Context) -> None:
        """Take in what was told of further stories, and whom further feeds serve."""
        self._readers |= context.readers
        for story, alerts in context.alerts.items():
            self._alerts.setdefault(story, {}).update((each.id, each) for each in alerts)
        for story, rows in context.deliveries.items():
            self._told[story] = [told_by(row) for row in _heard(rows, self._alerts.get(story, {}))]

    def announce(self, entry: Entry, telling: Telling, matches: Sequence[Match]) -> Action:
        """Write what each chat is due for an entry; the strongest action stands for the entry."""
        if self.is_archived(entry) or self.is_stale(entry):
            return Action.NONE
        story = telling.story
        self._news.clear()
        chats = decide.audience(matches, self._context.subscribers, self._context.followers)
        written: dict[object, Alert] = {}
        actions: set[Action] = set()
        for chat_id, mine in chats.items():
            names = tuple(dict.fromkeys(self._audience.topics[match.topic_id].name for match in mine))
            heard = [row for row in self._told.get(story.id, ()) if row.chat_id == chat_id]
            seen = self._as_seen(telling, chat_id)
            due = decide.due(names, seen, heard, self._alerts.get(story.id, {}))
            if due is None:
                continue
            # Chats share an alert where it would say the same; one chat's topics never show in another's.
            about = due.base.id if due.base else (tuple(match.topic_id for match in mine), seen.links)
            same = (due.action, about, seen.new, seen.escalates)
            if same not in written:
                written[same] = self._number(content(due, entry, seen, mine, self._now))
            self._say(written[same], chat_id, due.topics)
            actions.add(due.action)
        if not chats:
            actions.add(decide.told_to_everybody(entry, telling))
        return next((action for action in (Action.ALERT, Action.REPLY, Action.EDIT) if action in actions), Action.NONE)

    def correct(self, correction: Correction, story_id: int) -> Action:
        """Show a correction in every alert that the entry led; nobody is told anew.

        An alert is edited for it once in ``CORRECTION_PAUSE_S``: what comes meanwhile waits, and comes in one edit.
        """
        action = Action.NONE
        entry = correction.after
        if self._audience.silent or self._now - entry.at > timedelta(days=limits.CORRECTED_FOR_DAYS):
            return action
        for told in self._newest(story_id).values():
            base = self._alerts.get(story_id, {}).get(told.alert_id)
            if base is not None and base.entry_id == entry.id:
                rested_at = base.created_at + timedelta(seconds=limits.CORRECTION_PAUSE_S)
                alert = self._number(corrected(base, correction))
                self._say(alert, told.chat_id, told.topics, after=rested_at if base.action is Action.EDIT else None)
                action = Action.EDIT
        return action

    def merge(self, kept: Story, gone: int) -> None:
        """Tell what was told of the story that is gone as the kept one's: its outlets there, and a pointer here.

        A chat that was shown both has its second message closed; one that was shown only the story that is gone keeps
        its message, which is the kept story's from now on, and so are the updates that are still to be sent.
        """
        ours, theirs = self._newest(kept.id), self._newest(gone)
        left = self._adopt(kept.id, gone)
        if self._audience.silent:
            return
        alerts = self._alerts.get(kept.id, {})
        for told in self._newest(kept.id).values():
            base = alerts.get(told.alert_id)
            if base is not None:
                # The event's message is about what either was about, an update of it about its own alone.
                before = (each.get(told.chat_id, told) for each in (ours, theirs))
                about = (told,) if base.is_update else (told, *before)
                topics = tuple(dict.fromkeys(name for each in about for name in each.topics))
                self._say(self._number(retold(base, kept)), told.chat_id, topics)
        for chat_id, told in sorted(left.items()):
            base, first = alerts.get(told.alert_id), alerts.get(ours[chat_id].alert_id)
            if base is not None and first is not None:
                closing = self._number(decide.closed(base, first))
                # The row stays with the story that is gone: that is how its message is found.
                self._put(closing, chat_id, told.topics, story_id=gone)

    def is_archived(self, entry: Entry) -> bool:
        """Whether an entry is stored without a word."""
        news = self._audience.news
        is_news = news is not None and entry.published_at is not None and news[0] < entry.published_at < news[1]
        return self._audience.silent and not is_news

    def is_stale(self, entry: Entry) -> bool:
        """Whether an entry was old when it was first seen, or has been here for long: then without a date, too."""
        before = self._audience.stale_before
        is_dated = entry.published_at is not None or entry.first_seen_at < self._now
        return before is not None and is_dated and entry.at < before

    # ------------------------------------------------------------ pieces

    def _as_seen(self, telling: Telling, chat_id: int) -> Telling:
        """The telling without what came by feeds that do not serve the chat; the same attention is asked for once."""
        links = tuple(link for link in telling.links if not self._hidden(link.feed_id, chat_id))
        news = self._news_to(chat_id, telling)
        raised = any(
            alert.escalates
            for row in self._told.get(telling.story.id, ())
            if row.chat_id == chat_id and (alert := self._alerts.get(telling.story.id, {}).get(row.alert_id))
        )
        escalates = telling.escalates and not raised
        return replace(telling, links=links, new=news.facts, firsts=news.firsts, escalates=escalates)

    def _news_to(self, chat_id: int, telling: Telling) -> News:
        """What of a telling is new to a chat: beside what it was shown, and what came within hours of its last word.

        What came later, and would have been told here, was told to others alone, or to nobody.
        """
        told = self._newest(telling.story.id).get(chat_id)
        base = self._alerts.get(telling.story.id, {}).get(told.alert_id) if told else None
        until = decide.develops_from(base.at) if base else None
        shown = [past for past in telling.compared if not self._hidden(past.entry.feed_id, chat_id)]
        if telling.joins is not None:
            heard = [past for past in shown if until is None or past.entry.at < until]
            if heard and len(heard) < len(telling.compared):
                since = [past for past in shown if until is not None and past.entry.at >= until]
                return self._news_beside(telling.joins, heard, since, copied=telling.copied)
        if len(shown) < len(telling.compared):
            return News(tuple(map(without_earlier, telling.new)), tuple(map(without_earlier, telling.firsts)))
        return News(telling.new, telling.firsts)

    def _news_beside(
        self, me: PastEntry, heard: Sequence[PastEntry], since: Sequence[PastEntry], *, copied: bool
    ) -> News:
        """As ``news_beside``, or else what outlets lead with ``since``; once for all chats that have heard the same."""
        key = tuple(tuple(past.entry.id for past in part) for part in (heard, since))
        if key not in self._news:
            news = news_beside(me, heard, copied=copied)
            if not news.facts and (led := headline_news(me, heard, since, self._statistics)):
                news = News((led,))
            self._news[key] = news
        return self._news[key]

    def _hidden(self, feed_id: int | None, chat_id: int) -> bool:
        readers = None if feed_id is None else self._readers.get(feed_id)
        return readers is not None and chat_id not in readers

    def _newest(self, story_id: int) -> dict[int, Told]:
        """What each chat's newest message of a story shows."""
        return {told.chat_id: told for told in self._told.get(story_id, ())}

    def _adopt(self, kept: int, gone: int) -> dict[int, Told]:
        """Make the alerts, rows and memories of a story the kept one's.

        Returns, by chat, the newest of what stays with the story that is gone, to be closed.
        """
        alerts = self._alerts.pop(kept, {}) | self._alerts.pop(gone, {})
        self._alerts[kept] = {alert.id: rehomed(alert, kept=kept, gone=gone) for alert in alerts.values()}
        self._new_alerts |= {each.id: each for each in self._alerts[kept].values() if each.id in self._new_alerts}
        ours, theirs = by_chat(self._told.pop(kept, ())), by_chat(self._told.pop(gone, ()))
        chats = {chat_id: merged(ours.get(chat_id, ()), theirs.get(chat_id, ())) for chat_id in theirs | ours}
        self._told[kept] = [row for both in chats.values() for row in both.stays]
        places = {(row.chat_id, row.alert_id): kept for row in self._told[kept]}
        places |= {(row.chat_id, row.alert_id): gone for both in chats.values() for row in both.left}
        self._deliveries = [
            replace(row, story_id=places.get((row.chat_id, row.alert_id), row.story_id))
            for row in self._deliveries
            if row.story_id not in {kept, gone} or (row.chat_id, row.alert_id) in places
        ]
        return {chat_id: both.left[-1] for chat_id, both in chats.items() if both.left}

    def _number(self, unnumbered: Alert) -> Alert:
        alert = replace(unnumbered, id=self._next_alert, created_at=self._now)
        self._next_alert += 1
        self._new_alerts[alert.id] = alert
        self._alerts.setdefault(alert.story_id, {})[alert.id] = alert
        return alert

    def _say(self, alert: Alert, chat_id: int, topics: tuple[str, ...], *, after: datetime | None = None) -> None:
        self._put(alert, chat_id, topics, story_id=alert.story_id)
        if after is not None and after > self._deliveries[-1].not_before:
            self._deliveries[-1] = replace(self._deliveries[-1], not_before=after)
        self._told.setdefault(alert.story_id, []).append(Told(chat_id, alert.action, alert.id, topics))

    def _put(self, alert: Alert, chat_id: int, topics: tuple[str, ...], *, story_id: int) -> None:
        # An edit waits a little, so that the outlets of one minute come in one edit.
        wait_s = limits.EDIT_DELAY_S if alert.action is Action.EDIT else 0.0
        due_at = self._now + timedelta(seconds=wait_s)
        self._deliveries.append(NewDelivery(chat_id, alert.id, story_id, alert.action, topics, due_at))
