"""Names: people, places and bodies that a sentence names must be named by a source, in whatever spelling or script.

The lexicon makes "КНДР" and "North Korea" one; a coarse code of consonants makes "Шойгу" and "Shoigu" one. First names
and titles must stand with the surname that a source gives them to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.stories.facts import names_in
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.reading import is_body, name_words, words_of_names
from bot.stories.grounding.spelling import may_be_one
from bot.stories.grounding.support import is_borne
from bot.stories.grounding.vocabulary import AUXILIARIES, LIGHT, OFFICES, PAST, TITLES
from bot.stories.names import sound
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading, Word

SOUND_CODES: Final = 3
SPELLING_LETTERS: Final = 4
_PLACE: Final = re.compile(r"\bin (?:(?:central|northern|southern|eastern|western|downtown) )?([A-Z][a-z]{2,})")
_TIME: Final = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$|[a-z]+day$")
_PINYIN: Final = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:[aeiou]|ai|ei|ao|ou|ia|ie|iao|iu|ua|uo|uai|ui|ue|ve)(?:ng?|r)?){1,3}"
)
"""Chinese names in Latin letters: nobody here can tell which characters they are."""
_CYRILLIC_TITLE: Final = re.compile(
    r"президент|вице|віце|премьер|прем'єр|министр|міністр|генпрокурор|прокурор|сенатор|конгрессмен|губернатор|судья"
    r"|суддя|посол|генерал|полковник|глава|канцлер|директор|депутат|спикер|спікер|мэр|лидер|лідер|адвокат|экс|екс"
)
"""Titles before a name: they have a capital only where they open a sentence."""
_WARS: Final = frozenset({"first", "second"})
"""Of the world: "World War II" has no such word."""
_ENDING_LETTERS: Final = 4
_INITIALS_MIN: Final = 2


def check_names(sentence: Reading, sources: Sequence[Reading], context: Sequence[Reading] = ()) -> Iterator[Fault]:
    """Names that no source has, nor the text around them, and names put together from two."""
    everywhere = (*sources, *context)
    text = normalise("\n".join(source.text for source in everywhere))
    known = {key for source in everywhere for key in source.known}
    spellings = spellings_of(everywhere)
    unread = sentence.is_spaced and any(source.lang == "zh" for source in sources)
    stems = frozenset(word.stem for source in sources for word in source.words if word.stem)
    same_language = any(source.lang == sentence.lang for source in sources)
    covered: set[int] = set()
    for key, spans in sentence.concepts.items():
        shown = sentence.text[slice(*spans[0])]
        words = [word for word in sentence.words for span in spans if span[0] <= word.start < span[1]]
        inside = {word.place for word in words}
        if key in known or normalise(shown) in text:
            covered |= inside
        elif is_body(key) and (
            all(is_known_name(word, spellings, text) or is_borne(word.stem, stems) for word in words)
            or (not same_language and _is_called(key, everywhere))
        ):
            covered |= inside  # "the Israeli military" for "Israel's army", 米下院 for "the House"
        elif any(word.is_name for word in words) or not sentence.is_spaced:
            covered |= inside
            yield Fault(FaultKind.NAME, f"{shown} is in no source")
    for word in (*name_words(sentence), *_strange_opening(sentence, stems)):
        titled = not word.place and (bool(_CYRILLIC_TITLE.match(word.plain)) or _is_noun(sentence))
        titled = titled or (word.plain in _WARS and "world war" in text)
        office = titled or (word.plain in OFFICES | TITLES and (not same_language or is_borne(word.stem, stems)))
        undecided = unread and bool(_PINYIN.fullmatch(word.plain))
        if word.place not in covered and not office and not undecided and not is_known_name(word, spellings, text):
            yield Fault(FaultKind.NAME, f"{word.text} is in no source")
    if not sentence.is_spaced:
        for name in names_in(sentence.text):
            if name not in text and not _sounds_known(name, spellings):
                yield Fault(FaultKind.NAME, f"{name} is in no source")
    yield from _mixed(sentence, sources)
    yield from _wrong_title(sentence, sources)
    yield from _wrong_noun(sentence, everywhere)
    yield from _wrong_place(sentence, sources)


def _is_noun(sentence: Reading) -> bool:
    """Whether a sentence in Cyrillic letters opens with a noun: nobody is called by one name before initials."""
    first, second = (sentence.words[0].text, sentence.words[1].text) if len(sentence.words) > 1 else ("", "")
    return bool(first) and not first.isascii() and len(second) > 1 and second.isupper()


def _is_called(key: str, sources: Sequence[Reading]) -> bool:
    """Whether a source calls a body by a word of one of its names."""
    words = words_of_names(key)
    return any(word.is_name and word.plain in words for source in sources for word in source.words)


def _wrong_place(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Where it happened, if the source that tells this says "in Paris", and the sentence "in Cannes"."""
    english = sentence.lang == "en" and any(source.lang == "en" for source in sources)
    if not english or len(sources) == 1:
        return  # with one source, a place from nowhere is a name from nowhere
    stems = {word.stem for word in sentence.words if word.stem and not word.is_name}
    nearest = max(sources, key=lambda source: len(stems & {word.stem for word in source.words if word.stem}))
    ours, theirs = _places(sentence), _places(nearest)
    told = normalise(nearest.text)
    strange = [place for place in ours if place not in told]
    if strange and theirs and not theirs & ours and not any(place in normalise(sentence.text) for place in theirs):
        yield Fault(FaultKind.NAME, f"“{strange[0]}”: the source that tells this says “{min(theirs)}”")


def _places(reading: Reading) -> frozenset[str]:
    """Names behind "in", as far as a capital tells them: "in central Paris"; months and days are none."""
    found = {normalise(match[1]) for match in _PLACE.finditer(reading.text)}
    return frozenset(place for place in found if not _TIME.match(place))


def _strange_opening(sentence: Reading, stems: frozenset[str]) -> Iterator[Word]:
    """A first word that can only be a name: one that no source has, before a verb, and no plural."""
    if sentence.lang != "en" or len(sentence.words) < 2:  # noqa: PLR2004
        return
    first, second = sentence.words[:2]
    if first.text[0].isupper() and sentence.text[first.start + len(first.text) :][:2] in {"'s", "’s"}:
        if not first.is_name and first.stem and first.plain not in LIGHT and not is_borne(first.stem, stems):
            yield first  # "Walmart's"
        return
    verb = second.plain in AUXILIARIES or second.plain in PAST or second.plain.endswith("ed")
    if first.is_name or not first.stem or not verb or first.plain.endswith("s") or first.stem.isdigit():
        return
    if first.text[0].isupper() and first.plain not in LIGHT and not is_borne(first.stem, stems):
        yield first


def spellings_of(sources: Sequence[Reading]) -> frozenset[str]:
    """Every word of the sources that could be a name's, normalised."""
    words = {word.plain for source in sources for word in source.words}
    words |= {name for source in sources for name in names_in(source.text)}
    words |= {_initials(source) for source in sources}
    words |= {letters for source in sources for letters in _title_initials(source)}
    return frozenset(words)


def _title_initials(source: Reading) -> set[str]:
    """The first letters of a title with the word before it: "FM" for a foreign minister."""
    return {
        one.plain[0] + two.plain[0]
        for one, two in pairwise(source.words)
        if two.plain in TITLES and one.plain in OFFICES
    }


def _initials(source: Reading) -> str:
    return "".join(word.plain[0] for word in name_words(source))


def is_known_name(word: Word, spellings: frozenset[str], text: str) -> bool:
    """Whether a name is among these spellings, or in the text, in another form or script."""
    plain = word.plain
    if plain in spellings:
        return True
    if word.text.isupper() and len(plain) >= _INITIALS_MIN and any(plain in other for other in spellings):
        return True
    if not plain.isascii() and plain in text:
        return True
    if _stands_alone(plain, text) or (len(plain) > SPELLING_LETTERS and _abbreviated(plain, text)):
        return True
    return any(_same_spelling(plain, other) for other in spellings) or _sounds_known(plain, spellings)


def _stands_alone(plain: str, text: str) -> bool:
    """Whether a Latin name stands between letters of a script without spaces: "名为DNC的"."""
    return plain.isascii() and bool(re.search(rf"(?<![a-z]){re.escape(plain)}(?![a-z])", text))


def _abbreviated(plain: str, text: str) -> bool:
    """Whether a name is cut short by a full stop: "Calif."."""
    return any(plain.startswith(short) for short in re.findall(rf"\b({plain[:3]}[a-z]+)\.", text))


def _same_spelling(one: str, other: str) -> bool:
    """One name with another ending ("Ukraine", "Ukrainian") or a doubled letter ("Zelensky", "Zelenskyy")."""
    if one[:1] != other[:1] or min(len(one), len(other)) < SPELLING_LETTERS:
        return False
    if not one.isascii() and _region(one) == _region(other) != "":
        return True
    shared = next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), None)
    shared = min(len(one), len(other)) if shared is None else shared
    rest = max(len(one), len(other)) - shared
    return (
        shared >= SPELLING_LETTERS and rest <= _ENDING_LETTERS and shared >= rest + 1 and _endings(one, other, shared)
    )


def _region(name: str) -> str:
    """The place in a Slavic adjective or region of it: "чернігів" of "чернігівський", "чернігівщина"; "" in others."""
    found = _OF_PLACE.match(name)
    return found[1] if found else ""


def _endings(one: str, other: str, shared: int) -> bool:
    """Whether what differs at the end of two names may be endings of one name."""
    return all(_is_ending(rest) for rest in (one[shared:], other[shared:]))


def _is_ending(rest: str) -> bool:
    return bool(_ENDINGS.fullmatch(rest)) or (not rest.isascii() and len(rest) <= 3)  # noqa: PLR2004 - endings of inflection are short


_OF_PLACE: Final = re.compile(r"(\w{4,}?)(?:[сзц]ь?к\w{1,3}|щин\w{1,2}|ччин\w{1,2})$")
_ENDINGS: Final = re.compile(
    r"(?:a|e|i|n|s|y|s?m[ae]n|ans?|es|ese|ians?|ish|yy|ij|ii|iy|aya|ens?|er|ers|is|ova?|ic|ne|ine|inian|ch)?"
)


def _sounds_known(name: str, spellings: frozenset[str]) -> bool:
    code = sound(name)
    script = name.isascii()
    foreign = [other for other in spellings if other.isascii() != script]
    if len(code) >= SOUND_CODES and any(_near(code, sound(other)) for other in foreign):
        return True
    return any(may_be_one(name, other) for other in foreign)


def _near(one: str, other: str) -> bool:
    """Codes that agree but for an ending."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= SOUND_CODES and longer.startswith(shorter) and len(longer) - len(shorter) <= 1


def _mixed(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """A first name of one person before the surname of another."""
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        for one, two in _pairs(source):
            after[one.plain].add(two.plain)
            before[two.plain].add(one.plain)
        for one, _, last in zip(source.words, source.words[1:], source.words[2:], strict=False):
            if one.is_name and last.is_name:
                after[one.plain].add(last.plain)  # a middle name may be left out
    for one, two in _pairs(sentence):
        if after.get(one.plain) and before.get(two.plain) and two.plain not in after[one.plain]:
            yield Fault(FaultKind.NAME, f"{one.text} {two.text} is in no source under that name")


def _pairs(reading: Reading) -> Iterator[tuple[Word, Word]]:
    for one, two in zip(reading.words, reading.words[1:], strict=False):
        adjacent = reading.text[one.start + len(one.text) : two.start].isspace()
        if one.is_name and two.is_name and adjacent and one.plain not in TITLES and two.plain not in TITLES:
            yield one, two


def _wrong_title(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """A defence minister of the foreign minister's name."""
    given: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        for name, words in _titles(source):
            given[name] |= words
    everybodys = {word for words in given.values() for word in words}
    for name, words in _titles(sentence):
        if not given.get(name):
            continue
        strange = sorted(
            word for word in words & everybodys - given[name] if not any(_same_spelling(word, o) for o in given[name])
        )
        if strange:
            yield Fault(FaultKind.ROLE, f"{name} is not called {' '.join(strange)} in a source")


def _wrong_noun(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """The same in Cyrillic letters, where no list of titles is: the noun right before a first name and a surname."""
    given = [pair for source in sources for pair in _nouns(source)]
    for name, noun in _nouns(sentence):
        own = {other for surname, other in given if surname == name or _same_spelling(surname, name)}
        if own and noun not in own and noun in {other for _, other in given}:
            yield Fault(FaultKind.ROLE, f"{name} is not called {noun} in a source")


def _nouns(reading: Reading) -> Iterator[tuple[str, str]]:
    """Surnames with the stem of the word before first name and surname: хокинс, судья."""
    for noun, first, last in zip(reading.words, reading.words[1:], reading.words[2:], strict=False):
        is_named = first.is_name and last.is_name and first.clause == noun.clause == last.clause
        if is_named and not last.plain.isascii() and noun.stem and (not noun.is_name or not noun.place):
            yield last.plain, noun.stem


def _titles(reading: Reading) -> Iterator[tuple[str, set[str]]]:
    """Surnames with the words of the title before them: lavrov, {foreign, minister}."""
    words = reading.words
    for place, word in enumerate(words):
        if word.plain not in TITLES or place + 1 >= len(words):
            continue
        last = place
        while last + 1 < len(words) and words[last + 1].is_name and words[last + 1].plain not in TITLES:
            last += 1
        if last == place:
            continue
        first = place
        while first > 0 and words[first - 1].stem and words[first - 1].clause == word.clause and place - first < 3:  # noqa: PLR2004
            first -= 1
        yield words[last].plain, {each.plain for each in words[first : place + 1]}
