"""How much true text cleaning costs: on real pages whose body editors marked, and on articles that are clean."""

from __future__ import annotations

import json
import re
from collections import Counter

from bot.errors import FeedParseError
from bot.feeds.article import extract_page
from bot.feeds.textfile import read_article
from bot.text.clean import clean
from bot.text.normalise import displayable
from tests.quality.corpus import read
from tests.quality.streams import DATA, FILES

_FURNITURE = re.compile(r"(?s)<(figcaption|script|style|form|button)\b.*?</\1>")
_FILLER = "orem ipsum"
_PARAGRAPH_WORDS = 20
_WORD = re.compile(r"\w+")


def pages_kept() -> float:
    """The share of the words of the expected bodies that comes through. Pages of filler say one paragraph again."""
    kept = total = 0
    for path in sorted((DATA / "pages").glob("*/expected.html")):
        markup = path.read_text("utf-8")
        if _FILLER in markup:
            continue
        total += len(_WORD.findall(displayable(re.sub(r"<[^>]+>", "", _FURNITURE.sub(" ", markup)))))
        kept += len(_WORD.findall(clean(markup, title="", lang=None).text))
    return kept / total


def pages_read() -> tuple[float, float]:
    """The shares of the expected words that come through, and of what came through that was expected.

    The way of an article's page into an entry, as a poll takes it. Words are counted as often as they stand there.
    """
    kept = expected = found = 0
    for path in sorted((DATA / "pages").glob("*/expected.html")):
        markup = path.read_text("utf-8")
        if _FILLER in markup:
            continue
        title = json.loads((path.parent / "expected-metadata.json").read_text("utf-8")).get("title") or ""
        wanted = Counter(_WORD.findall(displayable(re.sub(r"<[^>]+>", "", _FURNITURE.sub(" ", markup)))))
        try:
            text = extract_page((path.parent / "source.html").read_bytes(), url="https://page.example/").body
        except FeedParseError:
            text = ""
        got = Counter(_WORD.findall(clean(text, title=title, lang=None).text))
        kept += (wanted & got).total()
        expected += wanted.total()
        found += got.total()
    return kept / expected, kept / found


def articles_kept() -> float:
    """The share of the five sample articles' true bodies (their longest lines, each counted once) that stays."""
    kept = total = 0
    for path in sorted((DATA / "articles").glob("*.txt")):
        article = read_article(path.read_text("utf-8"), name=path.stem)
        text = clean(article.body, title=article.title, lang=None).text
        body = {line.strip() for line in article.body.splitlines() if len(line.split()) >= _PARAGRAPH_WORDS}
        words = {line: Counter(displayable(line).split()) for line in body}
        left = Counter(text.split())
        kept += sum((count & left).total() for count in words.values())
        total += sum(count.total() for count in words.values())
    return kept / total


def clean_text_dropped() -> tuple[float, Counter[str]]:
    """The share of the letters of clean articles that is dropped, and how many by rule; their titles are rightly."""
    total = 0
    dropped: Counter[str] = Counter()
    for row in read(DATA / FILES["basil"]):
        total += len(row["text"])
        for piece in clean(row["text"], title=row["title"], lang=row.get("lang")).dropped:
            if piece.kind != "title":
                dropped[piece.kind] += len(piece.text)
    return dropped.total() / total, dropped


def rows() -> list[tuple[str, str, str, str]]:
    """The measures as (name, ours, peer, goal)."""
    share, _ = clean_text_dropped()
    recall, precision = pages_read()
    return [
        ("cleaning: words kept of real pages", f"{pages_kept():.3f}", "", ".98"),
        ("article pages: expected words that come through", f"{recall:.3f}", "", ".98"),
        ("article pages: words that are the article's", f"{precision:.3f}", "", ""),
        ("cleaning: words kept of the five articles", f"{articles_kept():.3f}", "", ".98"),
        ("cleaning: dropped of clean articles", f"{share:.2%}", "", "< .5%"),
    ]
