"""A chat's topics and concepts as a file that people can read and edit: YAML, in and out. Must not store or match.

::

    topics:
      - name: DPRK-Russia arms
        query: '@dprk & @russia & @arms'
        sensitivity: normal
    concepts:
      - name: shells
        aliases: ['shell*', 포탄]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

from bot import limits
from bot.errors import CommandError
from bot.model import Sensitivity
from bot.speech import _
from bot.text.normalise import displayable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import ChatConcept, Topic

_HEAD: Final = "# Topics of Backstory. Edit freely; send it back with /import.\n"
_COLUMNS: Final = 100
_TOKENS: Final = 20_000
"""Of YAML: what a chat may have at most makes some 4,000."""
_DEPTH: Final = 20


class _Loader(yaml.BaseLoader):
    """Every value as the text that it is written as, and no more of them than a chat could have.

    Numbers and dates can be made that Python refuses to build or to print, and merge keys whose content doubles from
    line to line. Of brackets and commas alone the largest file takes many seconds.
    """

    def fetch_more_tokens(self) -> None:
        """Read on, as far as any file of topics goes."""
        if self.tokens_taken > _TOKENS or self.flow_level > _DEPTH:
            raise yaml.MarkedYAMLError(problem="more than any list of topics holds", problem_mark=self.get_mark())
        super().fetch_more_tokens()


@dataclass(frozen=True, slots=True)
class ListedTopic:
    """A topic as a file gives it; nothing about its query is checked yet."""

    name: str
    query: str
    sensitivity: Sensitivity = Sensitivity.NORMAL


@dataclass(frozen=True, slots=True)
class ListedConcept:
    """A concept as a file gives it: ``aliases`` in a query's words."""

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicsFile:
    """What a file of topics holds; ``faults`` names in plain words what of it could not be read."""

    topics: tuple[ListedTopic, ...]
    concepts: tuple[ListedConcept, ...] = ()
    faults: tuple[str, ...] = ()


def write_topics(topics: Sequence[Topic], concepts: Sequence[ChatConcept]) -> str:
    """The file of these topics and concepts."""
    content: dict[str, list[dict[str, object]]] = {
        "topics": [{"name": one.name, "query": one.query, "sensitivity": one.sensitivity.value} for one in topics]
    }
    if concepts:
        content["concepts"] = [{"name": one.name, "aliases": list(one.aliases)} for one in concepts]
    return _HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=_COLUMNS)


def read_topics(data: bytes) -> TopicsFile:
    """Read a file of topics, as far as it can be read.

    Raises:
        CommandError: it is too large, no YAML, or holds no list of topics; the text says what would be right.
    """
    if len(data) > limits.TOPICS_FILE_BYTES:
        large = _("That file is larger than {size} KiB, which is more than I take.")
        raise CommandError(large.format(size=limits.TOPICS_FILE_BYTES // 1024))
    try:
        content = yaml.load(data.decode("utf-8-sig"), _Loader)  # noqa: S506 - it builds texts, lists and dicts
    except UnicodeDecodeError as error:
        raise CommandError(_("That file is not UTF-8 text. Save it as UTF-8 and send it again.")) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        unread = _("That file cannot be read as YAML. /export topics shows the form.")
        if mark is not None:
            unread = _("That file cannot be read as YAML (line {line}). /export topics shows the form.")
            unread = unread.format(line=mark.line + 1)
        raise CommandError(unread) from error
    if not isinstance(content, dict) or not isinstance(content.get("topics", []), list):
        raise CommandError(_("That file has no list of topics. /export topics shows the form."))
    faults: list[str] = []
    listed = content.get("topics", [])[: limits.TOPICS_PER_CHAT * 2]
    topics = [_topic(row, place, faults) for place, row in enumerate(listed, 1)]
    given = content.get("concepts")
    rows = given[: limits.CONCEPTS_PER_CHAT * 2] if isinstance(given, list) else []
    concepts = [_concept(row, place, faults) for place, row in enumerate(rows, 1)]
    return TopicsFile(tuple(filter(None, topics)), tuple(filter(None, concepts)), tuple(faults))


def _topic(row: object, place: int, faults: list[str]) -> ListedTopic | None:
    name, query = _text(row, "name"), _text(row, "query")
    level = _text(row, "sensitivity") or Sensitivity.NORMAL.value
    if not name or not query:
        faults.append(_("topic {place}: it needs a name and a query").format(place=place))
    elif len(name) > limits.TOPIC_NAME_CHARS:
        long = _("topic {place}: its name is longer than {most} characters")
        faults.append(long.format(place=place, most=limits.TOPIC_NAME_CHARS))
    elif level not in set(Sensitivity):
        odd = _("topic {place} ({name}): sensitivity is strict, normal or wide")
        faults.append(odd.format(place=place, name=name))
    else:
        return ListedTopic(name, query, Sensitivity(level))
    return None


def _concept(row: object, place: int, faults: list[str]) -> ListedConcept | None:
    name = _text(row, "name")
    given = row.get("aliases") if isinstance(row, dict) else None
    aliases = tuple(filter(None, (_line(one) for one in given))) if isinstance(given, list) else ()
    if not name or not aliases:
        faults.append(_("concept {place}: it needs a name and a list of aliases").format(place=place))
        return None
    return ListedConcept(name, aliases)


def _text(row: object, field: str) -> str:
    return _line(row.get(field)) if isinstance(row, dict) else ""


def _line(value: object) -> str:
    """A value as one line of text; a list or a mapping is none."""
    return " ".join(displayable(value).split()) if isinstance(value, str) else ""
