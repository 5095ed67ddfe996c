"""Makes paragraphs of article text out of what a feed or a page gave.

Takes out markup and what is not the article: doubled bodies, the title said again, captions, counters, comment forms,
links to other news, footers, spam set into sentences. Every removal is listed with its kind, so that it can be counted
and doubted. The rules are about how such debris looks anywhere, never about one outlet; a rule that is not sure leaves
the line alone, since a stray footer costs less than a lost paragraph. Fetches nothing, and knows nothing of topics.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.limits import TEXT_CHARS, TEXT_LINES
from bot.text import debris
from bot.text.markup import plain_text
from bot.text.normalise import displayable, normalise
from bot.text.scripts import main_script, script_counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MARKS: Final = re.compile(r"[\W_]+")

KEPT_BODIES: Final = 64
"""More than the footers of one document are looked for in."""
KEPT_CHARS: Final = 10_000
FOOTER_ENTRIES: Final = 3
FOOTER_SHARE: Final = 0.6
FOOTER_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that was taken out: ``kind`` names the rule, ``text`` is what went."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article's own paragraphs in order, without the title, and what was dropped on the way."""

    paragraphs: tuple[str, ...]
    dropped: tuple[Dropped, ...]

    @property
    def text(self) -> str:
        """The paragraphs as ``Entry.text`` holds them."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class _Read:
    """A body as ``plain_text`` reads it: its lines as a chat may show them, what went, and its main script.

    ``keys`` are those of lines that were asked for; any thread may add to them.
    """

    lines: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    script: str | None
    keys: dict[str, str]

    def key(self, line: str) -> str:
        found = self.keys.get(line)
        return found if found is not None else self.keys.setdefault(line, _key(line))


@dataclass(slots=True)
class _Work:
    """The body on its way through the rules."""

    lines: list[str]
    dropped: list[Dropped]
    title: str
    script: str | None
    key: Callable[[str], str]

    def drop(self, kind: str, positions: set[int]) -> None:
        if not positions:
            return
        for position in sorted(positions):
            self.dropped.append(Dropped(kind, self.lines[position]))
        self.lines = [line for position, line in enumerate(self.lines) if position not in positions]

    def drop_where(self, kind: str, is_debris: Callable[[str], bool]) -> None:
        self.drop(kind, {position for position, line in enumerate(self.lines) if is_debris(line)})


def clean(body: str, *, title: str, lang: str | None, footers: frozenset[str] = frozenset()) -> Cleaned:
    """The article's paragraphs from a feed's HTML or plain text. An empty body gives no paragraphs.

    ``title`` is the entry's own, to be found and removed at the top; ``lang`` a hint that may be wrong or None;
    ``footers`` what ``repeated_footers`` found in the same document.
    """
    del lang  # The script of the body says enough so far; the language is the seam for rules that need it.
    read = _read(body[: 4 * TEXT_CHARS])
    work = _Work(list(read.lines), list(read.dropped), _key(title), read.script, read.key)
    _drop_repeated(work, footers)
    _drop_title(work)
    _drop_doubles(work)
    work.drop_where("debris", debris.is_debris)
    work.drop_where("counter", debris.is_counter)
    work.drop_where("caption", debris.is_caption)
    _drop_head(work)
    _drop_foreign_lines(work)
    work.drop("related", _linked(work.lines))
    work.drop_where("footer", debris.is_furniture)
    _join_attributions(work)
    _drop_foot(work)
    _drop_spam_words(work)
    return Cleaned(tuple(_capped(work.lines)), tuple(work.dropped))


def repeated_footers(bodies: Sequence[str]) -> frozenset[str]:
    """The lines that end most entries of one document, as ``clean`` takes them: no article's own, whatever they say.

    A line counts from three entries and 60% of them on. Bodies that open alike are one (an entry issued again), and a
    body's only line is never a footer.
    """
    reads = [read for body in bodies if len((read := _read(body[:TEXT_CHARS])).lines) > 1]
    endings = list({read.key(read.lines[0]): (read, read.lines) for read in reads}.values())
    needed = max(FOOTER_ENTRIES, FOOTER_SHARE * len(endings))
    found: set[str] = set()
    for _ in range(FOOTER_LINES):
        counts = Counter(read.key(lines[-1]) for read, lines in endings)
        common = {key for key, count in counts.items() if key and count >= needed}
        if not common:
            break
        found |= common
        endings = [
            (read, lines[:-1])
            for read, lines in endings
            if read.key(lines[-1]) in common and len(lines) > 2  # noqa: PLR2004 - the first line and one more
        ]
    return frozenset(found)


def _read(body: str) -> _Read:
    """A body taken apart; one that a document's footers were looked for in a moment ago is not taken apart again."""
    return _read_short(body) if len(body) <= KEPT_CHARS else _read_any(body)


@lru_cache(maxsize=KEPT_BODIES)
def _read_short(body: str) -> _Read:
    return _read_any(body)


def _read_any(body: str) -> _Read:
    text, removed = plain_text(body)
    lines = tuple(islice((line for line in displayable(text).split("\n") if line), TEXT_LINES))
    dropped = tuple(Dropped(kind, displayable(gone)) for kind, gone in removed)
    return _Read(lines, dropped, main_script(text), {})


def _drop_repeated(work: _Work, footers: frozenset[str]) -> None:
    if not footers:
        return
    gone: set[int] = set()
    for position in range(len(work.lines) - 1, 0, -1):
        if work.key(work.lines[position]) not in footers:
            break
        gone.add(position)
    work.drop("footer", gone)


def _key(line: str) -> str:
    """What two lines must share to be the same line to a reader."""
    return _MARKS.sub("", "".join(normalise(line).split()))


def _capped(lines: list[str]) -> Iterator[str]:
    room = TEXT_CHARS
    for line in lines:
        if len(line) >= room:
            return
        room -= len(line) + 1
        yield line


def _drop_title(work: _Work) -> None:
    """The title among the first lines goes, and so does the short menu text that stood above it."""
    if not work.title:
        return
    top = [position for position, line in enumerate(work.lines[: debris.HEAD_LINES]) if work.key(line) == work.title]
    if not top:
        return
    above = set(range(top[-1])) - set(top)
    if all(debris.is_fragment(work.lines[position]) for position in above):
        work.drop("head", above)
        top = [
            position for position, line in enumerate(work.lines[: debris.HEAD_LINES]) if work.key(line) == work.title
        ]
    work.drop("title", set(top))


def _drop_doubles(work: _Work) -> None:
    """A long paragraph that stood before, and the second half of a paragraph that says itself twice."""
    seen: set[str] = set()
    doubled: set[int] = set()
    for position, line in enumerate(work.lines if len(work.lines) > 1 else ()):
        key = work.key(line)
        if len(key) >= debris.DOUBLE_CHARS and key in seen:
            doubled.add(position)
        seen.add(key)
    work.drop("doubled", doubled)
    for position, line in enumerate(work.lines):
        cut = debris.second_copy(line)
        if cut is not None:
            work.dropped.append(Dropped("doubled", line[cut:].strip()))
            work.lines[position] = line[:cut].strip()


def _drop_foreign_lines(work: _Work) -> None:
    """Short lines in another script than the body's: links to news in the outlet's other languages."""
    if work.script is None:
        return
    family = debris.FAMILIES.get(work.script, {work.script})
    foreign = {position for position, line in enumerate(work.lines) if debris.is_foreign(line, family)}
    # Most bodies have none; whether the body is long and plain enough to call them so is asked of the others alone.
    if not foreign:
        return
    total = script_counts("\n".join(work.lines))
    letters = sum(total.values())
    if letters >= debris.BODY_LETTERS and sum(total.get(script, 0) for script in family) >= debris.MAIN_SHARE * letters:
        work.drop("related", foreign)


def _linked(lines: list[str]) -> set[int]:
    """Links to other news: lines that say so, and headlines below a heading that does."""
    gone: set[int] = set()
    below = False
    for position, line in enumerate(lines):
        related = debris.is_related(line)
        headline = len(line) <= debris.HEADLINE_CHARS and not debris.is_sentence(line)
        below = (related and debris.opens_links(line)) or (below and headline)
        if related or below:
            gone.add(position)
    return gone


def _drop_head(work: _Work) -> None:
    """Dates, sources and bylines above the first sentence; the source's name glued to the text goes with its line."""
    source = ""
    gone: set[int] = set()
    for position, line in enumerate(work.lines[: debris.HEAD_LINES]):
        source = debris.source_name(line) or source
        if debris.is_date_line(line) or debris.source_name(line) or debris.is_byline(line):
            gone.add(position)
        elif not debris.is_fragment(line):
            break
    if len(gone) < len(work.lines):
        work.drop("head", gone)
    if source and work.lines and work.lines[0].startswith(f"{source} "):
        work.dropped.append(Dropped("head", source))
        work.lines[0] = work.lines[0][len(source) :].lstrip(" -–—:")


def _join_attributions(work: _Work) -> None:
    """A line "- the statement says." goes to the paragraph above, which a block quotation had parted from it."""
    for position in range(len(work.lines) - 1, 0, -1):
        if debris.is_attribution_line(work.lines[position]) and not debris.is_sentence(work.lines[position - 1]):
            work.lines[position - 1] += f" {work.lines.pop(position)}"


def _drop_foot(work: _Work) -> None:
    """All after the mark that ends an article (a comment form, "Continue Reading"), and the scraps before it."""
    total = sum(map(len, work.lines))
    before = 0
    last: int | None = None  # most bodies have no footer, and are not searched
    gone: set[int] = set()
    for position, line in enumerate(work.lines):
        if debris.is_footer(line):
            if last is None:
                last = _last_paragraph(work.lines)
            amid = position < last and debris.is_call(line)
            if before >= debris.BODY_SHARE * total and position and not amid:
                gone.update(range(position, len(work.lines)))
                break
            gone.add(position)
        before += len(line)
    work.drop("footer", gone)
    sentences = sum(not debris.is_fragment(line) for line in work.lines)
    if sentences >= debris.FEW_SENTENCES:
        scraps: set[int] = set()
        for position in range(len(work.lines) - 1, 0, -1):
            if not (debris.is_scrap(work.lines[position]) or debris.is_date_line(work.lines[position])):
                break
            scraps.add(position)
        work.drop("footer", scraps)


def _last_paragraph(lines: list[str]) -> int:
    """Where the last paragraph stands; -1 if there is none. What stands above it stands amid the article."""
    return next((at for at in range(len(lines) - 1, -1, -1) if debris.is_paragraph(lines[at])), -1)


def _drop_spam_words(work: _Work) -> None:
    for position, line in enumerate(work.lines):
        kept, gone = debris.without_spam(line, work.script)
        work.dropped += [Dropped("spam", word) for word in gone]
        work.lines[position] = kept
    work.lines = [line for line in work.lines if line]
