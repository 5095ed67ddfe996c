"""What a timeline shows: which stories, and which of them are the turning points. Pure; draws and asks nothing.

A turning point is a story that the rest hangs on: the root of the thread, one that several later ones continue, one
that many outlets told, the first after a long silence, the newest. Each says which of these it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.model import BackstoryLink, Story

POINTS: Final = 40
"""How many stories a timeline shows at most."""

LABELS: Final = 8
"""How many of them are labelled at most, turning points first: so many are legible on a phone."""

_LONG_SILENCE: Final = timedelta(days=21)
_SILENCE_SHARE: Final = 0.2  # of the whole span: in a thread of three days, half a day is a silence
_LEAST_TURNS: Final = 2
_TURNS_SHARE: Final = 3  # one in so many stories more may be a turning point: where all are, none is
_CROWDED: Final = 0.4  # what is left of the worth of a story right beside a turning point
_ROOT_WORTH: Final = 2.0
_NEWEST_WORTH: Final = 1.5
_SILENCE_WORTH: Final = 1.0
_CONTINUED_WORTH: Final = 1.2
_OUTLETS_WORTH: Final = 1.0


class Role(StrEnum):
    """What a story is on its timeline."""

    PLAIN = "plain"
    TURN = "turning point"
    FOCUS = "the story asked for"


@dataclass(frozen=True, slots=True)
class Point:
    """A story on a timeline. ``story_id`` is None for an article of the archive that belongs to none.

    ``outlets`` holds at least one name; ``why`` says in a few words why it is a turning point. All turning points are
    ``labelled``, and some others where there are few.
    """

    at: datetime
    headline: str
    url: str
    outlets: tuple[str, ...]
    story_id: int | None = None
    role: Role = Role.PLAIN
    why: str = ""
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Points from the oldest to the newest; ``left_out`` more were found and not shown."""

    points: tuple[Point, ...]
    left_out: int = 0

    @property
    def labelled(self) -> tuple[Point, ...]:
        """The points to tell in words."""
        return tuple(point for point in self.points if point.labelled)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A point before its role is settled. ``worth`` is how much speaks for it as a turning point."""

    point: Point
    worth: float
    why: str


def timeline(stories: Sequence[Story], links: Sequence[BackstoryLink], *, focus: int | None = None) -> Timeline:
    """The timeline of these stories and of the archived articles that they link to.

    ``links`` say which story continues which; ``focus`` is the id of the story asked about, which is always shown.
    """
    points = sorted(_points(stories, links), key=lambda point: (point.at, point.story_id or 0, point.url))
    candidates = _weighed(points, links)
    chosen = _turning(candidates, focus)
    shown = _kept(candidates, chosen)
    told = [_with_role(candidates[place], focus, turning=place in chosen) for place in sorted(shown)]
    return Timeline(_labelled(told), left_out=len(points) - len(told))


def _points(stories: Iterable[Story], links: Iterable[BackstoryLink]) -> list[Point]:
    known = {story.id for story in stories}
    points = [
        Point(story.started_at, story.headline, story.url, story.outlets or (story.source,), story.id)
        for story in stories
    ]
    # A link's story that is not among these is not this chat's to see; of the link it sees what /earlier shows.
    others = {link.past_story_id or link.url: link for link in links if link.past_story_id not in known}
    return points + [Point(link.at, link.headline, link.url, (link.source,)) for link in others.values()]


def _weighed(points: Sequence[Point], links: Iterable[BackstoryLink]) -> list[_Candidate]:
    """Each point with what speaks for it, and the strongest of the reasons in words."""
    continued: dict[int | str, int] = {}
    for link in links:
        key = link.past_story_id or link.url
        continued[key] = continued.get(key, 0) + 1
    linking = {link.story_id for link in links}
    span = points[-1].at - points[0].at if points else timedelta(0)
    silence = min(_LONG_SILENCE, span * _SILENCE_SHARE) if len(points) > 2 else _LONG_SILENCE  # noqa: PLR2004 - two points have one gap
    candidates = []
    for place, point in enumerate(points):
        later = continued.get(point.story_id or 0, 0) + continued.get(point.url, 0)
        pause = point.at - points[place - 1].at if place else timedelta(0)
        reasons = [
            (_ROOT_WORTH * (place == 0), _("the first known")),
            (_NEWEST_WORTH * (place == len(points) - 1), _("the newest")),
            (_CONTINUED_WORTH * math.log2(1 + later), _follow_ups(later)),
            (_OUTLETS_WORTH * math.log2(len(point.outlets)), outlets(len(point.outlets))),
            (
                _SILENCE_WORTH * (timedelta(0) < silence <= pause),
                _("after {time} of silence").format(time=in_words(pause)),
            ),
        ]
        root = later > 0 and point.story_id not in linking
        told = max((reason for reason in reasons if reason[0] > 0), default=(0.0, ""), key=lambda reason: reason[0])
        candidates.append(_Candidate(point, sum(worth for worth, _ in reasons) + root, told[1]))
    return candidates


def _follow_ups(count: int) -> str:
    return ngettext("{count} follow-up", "{count} follow-ups", count).format(count=count)


def outlets(count: int) -> str:
    """A number of outlets."""
    return ngettext("{count} outlet", "{count} outlets", count).format(count=count)


def _turning(candidates: Sequence[_Candidate], focus: int | None) -> frozenset[int]:
    """The places of the turning points: both ends, then the worthiest; a story beside another one counts less."""
    if not candidates:
        return frozenset()
    span = candidates[-1].point.at - candidates[0].point.at
    apart = span / LABELS
    asked = {place for place, each in enumerate(candidates) if focus is not None and each.point.story_id == focus}
    chosen = asked | {0, len(candidates) - 1}
    left = {place for place, each in enumerate(candidates) if each.worth > 0} - chosen

    def worth(place: int) -> tuple[float, int]:
        nearest = min(abs(candidates[other].point.at - candidates[place].point.at) for other in chosen)
        share = min(nearest / apart, 1.0) if apart else 0.0
        return candidates[place].worth * (_CROWDED + (1 - _CROWDED) * share), -place

    most = min(LABELS, _LEAST_TURNS + len(candidates) // _TURNS_SHARE)
    while left and len(chosen) < most:
        best = max(left, key=worth)
        chosen.add(best)
        left.remove(best)
    return frozenset(chosen)


def _kept(candidates: Sequence[_Candidate], chosen: frozenset[int]) -> frozenset[int]:
    """The places to show: the turning points, the worthiest of the rest, and others spread evenly over the order."""
    room = POINTS - len(chosen)
    rest = sorted(set(range(len(candidates))) - chosen, key=lambda place: (-candidates[place].worth, place))
    worthiest, others = rest[: room // 2], sorted(rest[room // 2 :])
    left = room - len(worthiest)
    if len(others) > left:
        others = [others[step * len(others) // left] for step in range(left)]
    return chosen | frozenset(worthiest) | frozenset(others)


def _with_role(candidate: _Candidate, focus: int | None, *, turning: bool) -> Point:
    if focus is not None and candidate.point.story_id == focus:
        return replace(candidate.point, role=Role.FOCUS, why=_("this story"))
    return replace(candidate.point, role=Role.TURN, why=candidate.why) if turning else candidate.point


def _labelled(points: Sequence[Point]) -> tuple[Point, ...]:
    """The points with labels on the turning points and, up to ``LABELS``, on those farthest from any label."""
    places = [place for place, point in enumerate(points) if point.role is not Role.PLAIN]
    left = set(range(len(points))) - set(places)
    while left and len(places) < LABELS:
        far = max(left, key=lambda place: (min((abs(place - other) for other in places), default=0), -place))
        places.append(far)
        left.remove(far)
    return tuple(replace(point, labelled=place in places) for place, point in enumerate(points))


def in_words(span: timedelta) -> str:
    """A stretch of time in one unit: "5 hours", "3 days", "7 weeks", "8 months", "2 years"."""
    days = span / timedelta(days=1)
    years, months, weeks = round(days / 365.25), round(days / 30.44), round(days / 7)
    if days >= 730:  # noqa: PLR2004 - units change where the number of them is still small
        count, said = years, ngettext("{count} year", "{count} years", years)
    elif days >= 61:  # noqa: PLR2004 - the same
        count, said = months, ngettext("{count} month", "{count} months", months)
    elif days >= 21:  # noqa: PLR2004 - the same
        count, said = weeks, ngettext("{count} week", "{count} weeks", weeks)
    elif days >= 2:  # noqa: PLR2004 - the same
        count, said = round(days), ngettext("{count} day", "{count} days", round(days))
    else:
        count = max(round(days * 24), 1)
        said = ngettext("{count} hour", "{count} hours", count)
    return said.format(count=count)
