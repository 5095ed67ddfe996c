"""A thousand feeds on 127.0.0.1, in a process of their own: `python -m tests.benchmarks.feed_farm FEEDS`.

The feeds are invented, the same in every run, and as mixed as real ones: RSS as blogs, broadcasters and podcasts write
it, Atom, RDF, ten languages, 20 to 50 entries, some in old encodings, some ill-formed; one entry of 200 is about a
subject that a topic wants. ``/stage/2``
gives each of them one new entry in place of its oldest. Answers carry an ETag; sent back, it brings a 304.

The server knows HTTP/1.1 with keep-alive and nothing else, so that it costs the other processes little.
"""

from __future__ import annotations

import asyncio
import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable

NOW: Final = datetime(2024, 6, 18, 6, tzinfo=UTC)
LEAST_ENTRIES: Final = 20
MOST_ENTRIES: Final = 50
_WORDS: Final = {
    "en": "the government of minister said talks on trade after president and new report in city police court over to"
    " military officials energy market from people with election plan region company bank border security weapons",
    "ru": "правительство министр заявил о переговорах на торговле после президент и новый доклад в городе суд"
    " по военные"
    " энергетика рынок люди выборы план регион компания банк граница безопасность оружие что также года",
    "uk": "уряд міністр заявив про переговори торгівля після президент і нова доповідь у місті суд військові"
    " енергетика"
    " ринок люди вибори план регіон компанія банк кордон безпека зброя що також року",
    "de": "die regierung minister sagte gespräche über handel nach präsident und neuer bericht stadt polizei gericht"
    " militär energie markt menschen wahl plan region firma bank grenze sicherheit waffen der mit auf",
    "fr": "le gouvernement ministre a dit négociations sur commerce après président et nouveau rapport dans"
    " ville police"
    " tribunal militaire énergie marché gens élection plan région société banque frontière sécurité armes",
    "es": "el gobierno ministro dijo negociaciones sobre comercio tras presidente y nuevo informe en ciudad policía"
    " tribunal militar energía mercado gente elección plan región empresa banco frontera seguridad armas",
    "ko": "정부는 장관은 회담을 무역에 대통령이 새로운 보고서를 도시에서 경찰은 법원은 군사 에너지 시장"
    " 사람들 선거 계획 지역 회사"
    " 은행 국경 안보 무기 밝혔다 대해 위해",
    "ja": "政府は 大臣が 会談を 貿易について 大統領は 新しい 報告書を 都市で 警察は 裁判所 軍事 エネルギー"
    " 市場 人々 選挙 計画 地域"
    " 会社 銀行 国境 安全保障 兵器 述べた",
    "zh": "政府 部长 表示 会谈 贸易 总统 新的 报告 城市 警方 法院 军事 能源 市场 人民 选举 计划 地区 公司"
    " 银行 边境 安全 武器 举行 关于",
    "ar": "الحكومة الوزير قال محادثات حول التجارة بعد الرئيس و تقرير جديد في المدينة الشرطة المحكمة عسكري"
    " الطاقة السوق"
    " الناس انتخابات خطة منطقة شركة بنك حدود أمن أسلحة",
}
_NAMES: Final = ("Anders", "Berlin", "Lisbon", "Jakarta", "OPEC", "Tesla", "Geneva", "Lagos", "Lima", "Osaka", "Quito")
_WANTED: Final = "North Korea ships artillery shells and missiles to Russia, officials say"
_WANTED_SHARE: Final = 200
_SPACES: Final = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


@dataclass(frozen=True, slots=True)
class Post:
    """An invented entry."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    at: datetime

    @property
    def html(self) -> str:
        """Its text as outlets write it."""
        shown = "".join(f'<p>{text} <a href="/about?a=1&b=2">more</a></p>\n' for text in self.paragraphs)
        return f'<figure><img src="/img/{self.number}.jpg" alt="" width="600"/></figure>\n{shown}'


def posts(feed: int, lang: str, count: int) -> list[Post]:
    """A feed's entries, the newest first; one more than it shows at a time."""
    rng = random.Random(feed)
    words = [*_WORDS[lang].split(), *_NAMES]
    glue = "" if lang in {"ja", "zh"} else " "

    def sentence(least: int, most: int) -> str:
        text = glue.join(rng.choice(words) for _ in range(rng.randint(least, most)))
        return text[:1].upper() + text[1:]

    made = []
    at = NOW - timedelta(minutes=rng.randint(1, 90))
    for number in range(count + 1, 0, -1):
        length = rng.choice((1, 1, 2, 3, 4))
        text = tuple(". ".join(sentence(8, 18) for _ in range(rng.randint(2, 4))) + "." for _ in range(length))
        title = f"{sentence(5, 9)} {rng.randint(2, 900)}"
        if rng.randrange(_WANTED_SHARE) == 0:
            title = f"{_WANTED}: {title}"
        made.append(Post(feed * 1000 + number, title, text, at))
        at -= timedelta(minutes=rng.randint(10, 300))
    return made


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def _blog(site: str, lang: str, shown: list[Post]) -> str:
    items = "".join(
        f"<item>\n<title>{escape(post.title)}</title>\n<link>{site}/{post.number}/</link>\n"
        f"<comments>{site}/{post.number}/#comments</comments>\n<dc:creator>{_cdata('A. Writer')}</dc:creator>\n"
        f"<pubDate>{format_datetime(post.at)}</pubDate>\n<category>{_cdata('World')}</category>\n"
        f'<category>{_cdata("Politics")}</category>\n<guid isPermaLink="false">{site}/?p={post.number}</guid>\n'
        f"<description>{_cdata(post.paragraphs[0][:200] + ' [&#8230;]')}</description>\n"
        f"<content:encoded>{_cdata(post.html)}</content:encoded>\n"
        f"<wfw:commentRss>{site}/{post.number}/feed/</wfw:commentRss>\n<slash:comments>0</slash:comments>\n</item>\n"
        for post in shown
    )
    return (
        f'<rss version="2.0" {_SPACES}>\n<channel>\n<title>Outlet</title>\n<atom:link href="{site}/feed/" rel="self"'
        f' type="application/rss+xml" />\n<link>{site}</link>\n<description>News</description>\n<lastBuildDate>'
        f"{format_datetime(shown[0].at)}</lastBuildDate>\n<language>{lang}</language>\n<sy:updatePeriod>hourly"
        "</sy:updatePeriod>\n<sy:updateFrequency>1</sy:updateFrequency>\n<generator>https://wordpress.org/?v=6.5"
        f"</generator>\n<image>\n<url>{site}/icon.png</url>\n<title>Outlet</title>\n<link>{site}</link>\n<width>32"
        f"</width>\n<height>32</height>\n</image>\n{items}</channel>\n</rss>\n"
    )


def _broadcaster(site: str, lang: str, shown: list[Post]) -> str:
    items = "".join(
        f"<item><title>{_cdata(post.title)}</title><description>{_cdata(' '.join(post.paragraphs))}</description>"
        f'<link>{site}/news/{post.number}?at_medium=RSS&amp;at_campaign=x</link><guid isPermaLink="true">{site}/news/'
        f"{post.number}</guid><pubDate>{format_datetime(post.at, usegmt=True)}</pubDate>"
        f'<media:thumbnail width="240" height="135" url="{site}/img/{post.number}.jpg"/></item>'
        for post in shown
    )
    return (
        f'<rss version="2.0" {_SPACES}><channel><title>{_cdata("Outlet")}</title><description>{_cdata("News")}'
        f"</description><link>{site}</link><image><url>{site}/icon.gif</url><title>Outlet</title><link>{site}</link>"
        f"</image><generator>RSS for Node</generator><lastBuildDate>{format_datetime(shown[0].at, usegmt=True)}"
        f'</lastBuildDate><atom:link href="{site}/rss.xml" rel="self" type="application/rss+xml"/><language>{lang}'
        f"</language><ttl>15</ttl>{items}</channel></rss>"
    )


def _podcast(site: str, lang: str, shown: list[Post]) -> str:
    items = "".join(
        f"<item><title>{escape(post.title)}</title><itunes:title>{escape(post.title)}</itunes:title><description>"
        f"{escape(post.html)}</description><itunes:summary>{escape(post.paragraphs[0])}</itunes:summary><enclosure url="
        f'"{site}/{post.number}.mp3" length="1000" type="audio/mpeg"/><guid isPermaLink="false">e{post.number}</guid>'
        f"<pubDate>{format_datetime(post.at)}</pubDate><itunes:duration>1800</itunes:duration><itunes:explicit>no"
        f"</itunes:explicit><link>{site}/{post.number}</link></item>\n"
        for post in shown
    )
    return (
        f'<rss version="2.0" {_SPACES}><channel><title>Outlet</title><link>{site}</link><language>{lang}</language>'
        f'<itunes:author>A. Speaker</itunes:author><itunes:category text="News"/><itunes:image href="{site}/a.png"/>'
        f"<description>A podcast</description>{items}</channel></rss>"
    )


def _atom(site: str, lang: str, shown: list[Post]) -> str:
    entries = "".join(
        f'<entry><title type="html">{escape(post.title)}</title><link rel="alternate" type="text/html" href="{site}/'
        f'{post.number}"/><id>tag:outlet.example,2024:{post.number}</id><published>{post.at.isoformat()}</published>'
        f"<updated>{post.at.isoformat()}</updated><author><name>A. Writer</name></author><summary>"
        f'{escape(post.paragraphs[0][:150])}</summary><content type="html">{escape(post.html)}</content></entry>\n'
        for post in shown
    )
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}"><title>Outlet</title><link href="{site}/"/>'
        f'<link rel="self" href="{site}/atom.xml"/><id>{site}/</id><updated>{shown[0].at.isoformat()}</updated>'
        f"{entries}</feed>"
    )


def _rdf(site: str, lang: str, shown: list[Post]) -> str:
    listed = "".join(f'<rdf:li rdf:resource="{site}/{post.number}"/>' for post in shown)
    items = "".join(
        f'<item rdf:about="{site}/{post.number}"><title>{escape(post.title)}</title><link>{site}/{post.number}</link>'
        f"<description>{escape(' '.join(post.paragraphs))}</description><dc:date>{post.at.isoformat()}"
        "</dc:date></item>\n"
        for post in shown
    )
    return (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{site}"><title>Outlet</title><link>{site}'
        f"</link><description>News</description><dc:language>{lang}</dc:language><items><rdf:Seq>{listed}</rdf:Seq>"
        f"</items></channel>{items}</rdf:RDF>"
    )


def _untidy(site: str, lang: str, shown: list[Post]) -> str:
    """An entity that no XML knows, as many hand-made feeds have it: read by feedparser's forgiving parser."""
    return _broadcaster(site, lang, shown).replace("<generator>RSS for Node", "<generator>Made&nbsp;by hand")


_FORMS: Final[tuple[tuple[Callable[[str, str, list[Post]], str], str, int], ...]] = (
    (_blog, "application/rss+xml; charset=UTF-8", 40),
    (_broadcaster, "text/xml; charset=utf-8", 30),
    (_atom, "application/atom+xml", 15),
    (_podcast, "application/rss+xml", 7),
    (_rdf, "application/rdf+xml", 4),
    (_untidy, "application/rss+xml", 4),
)
"""Each with its share in a hundred."""


def document(feed: int, stage: int) -> tuple[bytes, str]:
    """A feed's body and content type; at stage 2 with one new entry."""
    rng = random.Random(feed * 7)
    lang = rng.choice(tuple(_WORDS))
    count = rng.randint(LEAST_ENTRIES, MOST_ENTRIES)
    form, content_type, _ = rng.choices(_FORMS, weights=[share for *_, share in _FORMS])[0]
    made = posts(feed, lang, count)
    shown = made[:-1] if stage > 1 else made[1:]
    legacy = lang == "ru" and form is not _untidy and rng.randrange(4) == 0
    encoding = "windows-1251" if legacy else "utf-8"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n{form(f"https://outlet{feed}.example", lang, shown)}'
    if legacy:
        content_type = content_type.partition(";")[0].replace("text/xml", "application/xml")
    return text.encode(encoding, "xmlcharrefreplace"), content_type


class _Farm(asyncio.Protocol):
    """One connection."""

    def __init__(self, answers: dict[int, list[tuple[bytes, bytes]]], state: list[int]) -> None:
        self._answers = answers
        self._state = state
        self._waiting = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            request, self._waiting = self._waiting[:end], self._waiting[end + 4 :]
            if self._transport is not None:
                self._transport.write(self._answer(request))

    def _answer(self, request: bytes) -> bytes:
        path = request.split(b" ", 2)[1].decode()
        kind, _, number = path.strip("/").partition("/")
        if kind == "stage":
            self._state[0] = int(number)
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        if kind != "feed":
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        etag, answer = self._answers[self._state[0]][int(number.partition("?")[0])]
        if etag in request:
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"
        return answer


def _answers(feeds: int, stage: int) -> list[tuple[bytes, bytes]]:
    made = []
    for feed in range(feeds):
        body, content_type = document(feed, stage)
        etag = f'"{stage}-{feed}"'.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\nETag: "
        made.append((etag, head.encode() + etag + b"\r\n\r\n" + body))
    return made


async def serve(feeds: int) -> None:
    """Serve until the process is ended; says its port on one line."""
    answers = {stage: _answers(feeds, stage) for stage in (1, 2)}
    state = [1]
    server = await asyncio.get_running_loop().create_server(lambda: _Farm(answers, state), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
