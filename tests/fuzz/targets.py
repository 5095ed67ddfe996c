"""What strangers' bytes reach, each as a function that takes bytes: only errors made for it may come out.

A target's ``seeds`` are where mutation starts. The captured feeds beside the project are added where they are there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, Final

from telegram import Update

from bot.chats import slack_inbound
from bot.chats.telegram_sdk import inbound_of
from bot.errors import CommandError, FeedParseError, QueryError
from bot.feeds import delta
from bot.feeds.discover import feed_links
from bot.feeds.opml import read_opml
from bot.feeds.parse import parse_feed, parse_plain_feed
from bot.feeds.skips import read_skips
from bot.feeds.websub import announced
from bot.feeds.wire import feed_fields, feed_of
from bot.limits import PARSE_HERE_BYTES, QUERY_CHARS, TEXT_CHARS
from bot.text.clean import clean, repeated_footers
from bot.topics import lexicon
from bot.topics.exchange import read_topics
from bot.topics.query import parse as parse_query
from handlers import buttons, grammar
from tests.fuzz.mutants import FLOODS_BYTES
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.feeds.parse import ParsedFeed
    from bot.topics.lexicon import Lexicon

URL: Final = "https://outlet.example/feed"
_COMMANDS: Final = (
    "/topics add DPRK-Russia arms = @dprk & @russia",
    '/topics set "a b" = title:kim | near/20(kim, putin) -football',
    "/feeds add https://example.org/feed.xml",
    "/mute topic x for 3 days",
    "/digest daily 08:00",
    "/quiet 22:00-07:00",
    "/settings zone Europe/Berlin",
    "/search #12 newest 3",
    "/whynot https://example.org/a?b=c#d",
    "/missed replay 3",
    "/timeline 5",
    "/lexicon add shells = shell*, 포탄",
    "/help",
)
_QUERIES: Final = (
    '@dprk & @russia & (@arms | "strategic partnership") -football',
    "title:kim lang:ru source:tass.com near/20(kim, putin)",
    r"/missil(e|es)\b/ | re:/x+/",
    "+a -b && !c AND d NOT e",
    "「北朝鮮」 & ロシア | 北核",
    "kim NEAR/5 putin | AT&T merger",
    'title:=Target & near/5(="Arms Deal*", =Gap)',
)
_PAGE: Final = (
    b"<html><head><base href='/x/'><link rel=alternate type='application/rss+xml' href='f.xml' title=a></head>"
    b"<body><p>One &amp; two.</p><ul><li>a<li>b</ul><pre> x </pre><a href='feed'>RSS</a><table><tr><td>c</table></body>"
)
_PLAIN_TEXT: Final = b"Talks failed on Monday, Kim said.\nNobody was hurt.\n"
_OPML: Final = (
    b"<?xml version='1.0'?><opml version='2.0'><head><title>a</title></head><body><outline text='g'>"
    b"<outline type='rss' text='b' xmlUrl='https://example.org/feed'/></outline></body></opml>"
)
_TOPICS: Final = (
    b"topics:\n- name: Arms\n  query: '@dprk & @arms'\n  sensitivity: wide\nconcepts:\n- {name: s, aliases: [a, b]}\n"
)
_FEEDS: Final = (
    (
        b"<?xml version='1.0'?><rss version='2.0'><channel><title>a</title><ttl>5</ttl><item><title>b &amp;lt;</title>"
        b"<guid>1</guid><link>/1</link><pubDate>Sat, 28 Mar 2026 10:00:00 GMT</pubDate><description/></item>"
        b"<item><title>e</title><guid>2</guid><description><![CDATA[<p>f</p>]]></description></item></channel></rss>"
    ),
    (
        b"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='ru'><title>a</title><entry><id>u:1</id><title>b"
        b"</title><link href='/1'/><updated>2026-03-28T10:00:00Z</updated><content type='xhtml'><div>c</div></content>"
        b"</entry></feed>"
    ),
    (
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "a", "items": [{"id": 1, "url": "/1", "title": "b",'
        b' "content_html": "<p>c</p>", "date_published": "2026-03-28T10:00:00Z", "authors": [{}]}]}'
    ),
)
_CHAT: Final = {"id": -100123, "type": "supergroup", "title": "x", "is_forum": True}
_USER: Final = {"id": 5, "is_bot": False, "first_name": "A", "language_code": "ru"}
_MESSAGE: Final = {
    "message_id": 7,
    "date": 1_774_000_000,
    "chat": _CHAT,
    "from": _USER,
    "text": "/topics@BackstoryBot add x",
}
_UPDATES: Final = (
    {"update_id": 1, "message": {**_MESSAGE, "message_thread_id": 3, "is_topic_message": True}},
    {
        "update_id": 2,
        "callback_query": {"id": "1", "from": _USER, "chat_instance": "1", "data": "why:1", "message": _MESSAGE},
    },
    {"update_id": 3, "channel_post": {**_MESSAGE, "sender_chat": _CHAT, "reply_to_message": _MESSAGE}},
    {
        "update_id": 4,
        "message": {**_MESSAGE, "document": {"file_id": "a", "file_unique_id": "b", "file_name": "f.opml"}},
    },
)
_EVENT: Final = {
    "type": "message",
    "channel": "D1",
    "channel_type": "im",
    "user": "U1",
    "text": "topics &lt;a&gt; <http://x|y>",
    "ts": "1.2",
}
_PAYLOADS: Final = (
    {"command": "/backstory", "text": "topics add <#C1|general> x", "channel_id": "C1", "user_id": "U1"},
    {
        **_EVENT,
        "thread_ts": "1.1",
        "subtype": "file_share",
        "files": [{"name": "a", "size": 3, "url_private": "https://files.slack.com/a"}],
    },
    {**_EVENT, "type": "app_mention", "channel": "C1", "text": "<@U9> latest"},
    {
        "type": "block_actions",
        "actions": [{"action_id": "a", "value": "why:1"}],
        "channel": {"id": "C1", "name": "x"},
        "user": {"id": "U1"},
        "message": {"ts": "1.2", "thread_ts": "1.1"},
        "container": {"channel_id": "C1", "message_ts": "1.2"},
    },
)


@dataclass(frozen=True, slots=True)
class Target:
    """One way in. ``run`` raises what escaped; ``seeds`` gives what to mutate; ``floods_bytes`` how long floods are."""

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    floods_bytes: tuple[int, ...] = FLOODS_BYTES


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape" if data[:1] == b"\xff" else "replace")


def _read(body: bytes) -> ParsedFeed | None:
    try:
        return parse_feed(body, url=URL, content_type="application/rss+xml" if len(body) % 2 else "")
    except FeedParseError:
        return None


def _read_plain(body: bytes) -> ParsedFeed | None:
    return parse_plain_feed(body, url=URL, content_type="application/rss+xml")


def feed(body: bytes) -> None:
    """A feed's body: read or refused, and what was read can go from one process to another and be stored."""
    found = _read(body)
    if found is None:
        return
    sent = json.loads(json.dumps(feed_fields(found)))
    assert feed_of(sent) == found, "it is another feed after its way from process to process"
    repr(found).encode()  # no half of a character is left in it: no database would take it


def arrival(body: bytes) -> None:
    """What a body of any size meets before a process of its own may read it."""
    read_skips(body)
    announced(body, url=URL, links=body[:8000].decode("latin-1"))
    _two_versions(body, _read_plain)


def documents(body: bytes) -> None:
    """Two versions of a feed: what is read of the new one alone is what a whole reading gives for it."""
    _two_versions(body, _read)


def _two_versions(body: bytes, read: Callable[[bytes], ParsedFeed | None]) -> None:
    before = read(body)
    if before is None:
        return
    kept = delta.unpack(delta.pack(delta.remembered(body, before, content_type="", feed_id=1, footers=frozenset())))
    assert kept is not None
    random = Random(len(body))
    at = random.randrange(len(body))
    after = body[:at] + body[at : at + random.randrange(1, 400)] + body[at:]
    cut = delta.reduced(after, content_type="", before=kept)
    if cut is None or not cut.positions:
        return
    part = read(cut.document)
    if part is not None:
        delta.joined(cut, part, body=after, feed_id=1)


def article(body: bytes) -> None:
    """An entry's HTML."""
    text = _text(body)
    cleaned = clean(text, title=text[:40], lang=None, footers=repeated_footers([text, text[20:]]))
    "\n".join(cleaned.paragraphs).encode()


def page(body: bytes) -> None:
    """A web page that may name feeds."""
    for link in feed_links(body, url=URL):
        assert link.url.startswith(("http://", "https://"))


def opml(body: bytes) -> None:
    """A list of feeds."""
    try:
        read_opml(body)
    except FeedParseError:
        return


def topics_file(body: bytes) -> None:
    """A file of topics."""
    try:
        read_topics(body)
    except CommandError:
        return


@cache
def _lexicon() -> Lexicon:
    return lexicon.load()


def query(body: bytes) -> None:
    """A topic's query: understood, or refused at a column that it has."""
    text = _text(body)
    try:
        parse_query(text, _lexicon())
    except QueryError as error:
        assert 0 <= error.column <= max(len(text), QUERY_CHARS)  # noqa: PT017 - a mutant may be understood as well


def command(body: bytes) -> None:
    """What a person typed."""
    grammar.parse(_text(body))


def press(body: bytes) -> None:
    """A button's data, which anybody can forge."""
    try:
        buttons.read(_text(body), topics=(), proposals=(), offered=lambda _: None)
    except CommandError:
        return


def telegram(body: bytes) -> None:
    """An update of the Bot API, as the SDK makes it."""
    content = _json(body)
    try:
        update = Update.de_json(content, None) if isinstance(content, dict) else None
    except Exception:  # noqa: BLE001 - the SDK refuses it before it reaches us
        return
    if update is not None:
        inbound_of(update, "BackstoryBot")


def slack(body: bytes) -> None:
    """A payload of Slack's, of whatever kind."""
    content = _json(body)
    if isinstance(content, dict):
        slack_inbound.from_command(content)
        slack_inbound.from_mention(content, frozenset({"UBOT"}))
        slack_inbound.from_direct_message(content, frozenset({"topics"}))
        slack_inbound.files_of(content)
        slack_inbound.from_press(content)


def _json(body: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _captured(*parts: str, suffixes: tuple[str, ...]) -> list[bytes]:
    root = SHARED.joinpath("data", "feeds", *parts)
    found: list[Path] = sorted(path for path in root.rglob("*") if path.suffix in suffixes) if root.exists() else []
    return [path.read_bytes() for path in found]


@cache
def _all_feeds() -> list[bytes]:
    captured = [_captured(name, suffixes=(".xml", ".json")) for name in ("feedparser", "gofeed")]
    return [*_FEEDS, *(body for group in captured for body in group if len(body) < 40_000)]


def _texts(*samples: str) -> Callable[[], list[bytes]]:
    return lambda: [sample.encode() for sample in samples]


def _objects(*samples: dict[str, Any]) -> Callable[[], list[bytes]]:
    return lambda: [json.dumps(sample).encode() for sample in samples]


TARGETS: Final = (
    Target("feed", feed, lambda: [*_all_feeds()], floods_bytes=(PARSE_HERE_BYTES,)),
    Target("documents", documents, lambda: [*_all_feeds()], floods_bytes=(PARSE_HERE_BYTES,)),
    Target("arrival", arrival, lambda: [*_all_feeds()]),
    Target("article", article, lambda: [_PLAIN_TEXT, _PAGE, *_all_feeds()[:400]], floods_bytes=(TEXT_CHARS,)),
    Target("page", page, lambda: [_PAGE]),
    Target("opml", opml, lambda: [_OPML, *_captured("opml", suffixes=(".opml", ".xml"))[:50]]),
    Target("topics file", topics_file, lambda: [_TOPICS]),
    Target("query", query, _texts(*_QUERIES)),
    Target("command", command, _texts(*_COMMANDS)),
    Target(
        "press", press, _texts("why:1", "topic-show:5", "search-best:12.3", "zone:Europe/Berlin", "preset:cap", "do:ab")
    ),
    Target("telegram", telegram, _objects(*_UPDATES)),
    Target("slack", slack, _objects(*_PAYLOADS)),
)
