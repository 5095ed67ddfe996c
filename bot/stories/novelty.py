"""Names what an entry says that earlier coverage did not: its own sentences and clauses, never a new wording.

A sentence is news by the numbers, names and dates that no earlier entry had, or by being about something else
altogether. Background ("last year ...", "In July ...") is no news even where the archive is young, and neither is who
said it. A figure that changes an earlier one says so: "over 11,000 containers (earlier: over 10,000)". Judges no truth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.stories.background import PLAIN_CHARS, tells_of_before
from bot.stories.boilerplate import (
    is_attribution,
    is_background,
    is_complete,
    is_definition,
    is_invitation,
    is_leaning,
    is_question,
    is_quotation,
)
from bot.stories.facts import dates_in, names_in, numbers_in
from bot.stories.figures import changes_among, figures_in, has_figure
from bot.stories.reading import readable
from bot.text.datelines import telling_sentences
from bot.text.normalise import normalise
from bot.text.scripts import UNSPACED, main_script
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Entry, Fingerprint, PastEntry
    from bot.stories.figures import Changes, Figure

FACTS: Final = 3
EARLIER_MARK: Final = " (earlier: "
"""Between a fact and the earlier figure that it changes."""
READ_CHARS: Final = 6000
KNOWN_CHARS: Final = 12_000
READ_SENTENCES: Final = 15
FACT_CHARS: Final = 280
LONG_CHARS: Final = 170
"""A sentence longer than this is cut back to the clauses that hold what is new."""
BAR: Final = 2.0
"""What a sentence must bring: a number, or two names, or a name and much that was not said before."""
_LONG_NAME: Final = 9
_WEIGHTS: Final = {"numbers": 2.5, "dates": 1.0, "names": 1.0}
_CHANGE: Final = 2.0
_UNSAID_SHARE: Final = 0.5
_UNSAID_PAIRS_SHARE: Final = 0.4
"""Of pairs of letters, some are in any text: fewer unsaid ones tell as much."""
_UNSAID_TERMS: Final = 5
_REWORDED_TERMS: Final = 2
_REWORDED_SHARE: Final = 0.2
_AGAIN_SHARE: Final = 0.6
_CLAUSE: Final = re.compile(
    r";\s+|\s+[—–]\s+|,\s+(?=(?:which|who|where|while|whereas|as|after|amid|despite|including|citing|adding|with"
    r"|and also"
    r"|который|которая|которое|которые|где|тогда как|поскольку|а также|включая|ссылаясь"
    r"|який|яка|яке|які|де|тоді як|оскільки|а також|зокрема|посилаючись|während|nachdem|sowie)\b)"
)
_WHO: Final = re.compile(r"(?:who|which|whose|котор|який|яка|яке|які)")
_BARE_NAME: Final = re.compile(r"(?:^|, )(?:[A-ZА-ЯЁІЇЄҐ][\w.’'-]*(?: |$))+$")
_LIST_END: Final = re.compile(r"^[^,]*(?:,[^,]*)+?,?\s(?:and|or|и|или|та|і|або|und|oder)\s[^,]+$")
_SPEAKER: Final = re.compile(
    r"\b(?:said|says|told|according|added|announced|reported|сообщил\w*|заяв\w*|сказал\w*|сказав\w*|повідом\w*|sagte"
    r"|teilte|erklärte)\b"
)
_RETOLD: Final = re.compile(
    r"\b(?:has|have|had) (?:already )?(?:revealed|said|reported|disclosed|announced|confirmed|estimated|accused)\b"
    r"|\b(?:previously|earlier|ранее|раніше|до этого|до цього)\b|\bsince (?:[a-z]+day|last|[A-Z])"
    r"|앞서|이전에|지금까지|これまで|此前|早前"
)
"""A sentence about what was known before: its figures are earlier ones, though the same article gives them."""
_LAST_WEEK: Final = re.compile(
    r"\b(?:last|the previous|earlier this) (?:week|month)\.$|\bна прошлой неделе\.$|\bв прошлом месяце\.$"
    r"|\b(?:минулого|того) (?:тижня|місяця)\.$|\bletzte[nr]? (?:woche|monat)\.$"
)
_DENIAL: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ial|ials)|reject(?:s|ed)?|refut(?:es?|ed)|dismiss(?:es|ed)|опроверг\w*|отрица(?:ет|ют|л|ла|ли)"
    r"|отверг\w*|спросту\w*|запереч\w*|відкину\w*|dementier\w*|bestreite\w*|bestritt\w*)\b"
    r"|부인했|부인하|반박|否认|否認|反驳|反駁"
)
"""The first denial of what others reported is news, though it names nothing that they did not."""
_ACCORDING: Final = re.compile(r"^(?:According to|По словам|За словами|Laut)\s[^,]{2,80},\s")
_MONTHLY: Final = re.compile(
    r"[\w\s]{0,20}\bin (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_LATELY: Final = timedelta(days=31)
_YEAR: Final = re.compile(r"(?<![\d.,-])(?:19|20)\d\d(?![\d-]|[.,]\d)")
_PAIRS: Final = ("“”", "«»", "()", "「」", "『』", "（）", "„“")


@dataclass(frozen=True, slots=True)
class _Known:
    """What earlier coverage said. ``comparable`` is False where none of it is in the entry's script.

    ``denied`` says that somebody denied something in it.
    """

    numbers: frozenset[str]
    dates: frozenset[str]
    names: frozenset[str]
    letters: str
    joined: str
    terms: frozenset[str]
    comparable: bool
    denied: bool


@dataclass(frozen=True, slots=True)
class _Fact:
    """What may be said of a sentence: ``text`` is the sentence or a part of it, ``news`` how much it brings."""

    text: str
    sentence: str
    position: int
    news: float


def whats_new(entry: Entry, fp: Fingerprint, earlier: Sequence[PastEntry], *, opens: bool = False) -> tuple[str, ...]:
    """At most three sentences or clauses of the entry that bring what no earlier entry had, in reading order.

    Empty when nothing is new, and when there is nothing earlier to compare with. Against coverage in another script
    only numbers and dates are compared. A figure that changes an earlier one has that behind it in brackets. An entry
    that ``opens`` a story is another event than those before: what it mostly says in other words than they is new,
    and its first sentence stands before the three where it is none of them.
    """
    if not earlier:
        return ()
    known = _known(entry, earlier)
    facts = _facts(entry, readable(entry, chars=READ_CHARS)[:READ_SENTENCES] or fp.sentences, known)
    telling = [fact for fact in facts if fact.news >= BAR]
    best = [fact for fact in telling if not is_leaning(fact.text)]
    lead: list[_Fact] = []
    if opens:
        reworded = _reworded(facts, entry.lang, known)
        # The event itself stands in what the article opens with, and takes no room from its details.
        if best and all(fact.position for fact in best):
            lead = [fact for fact in reworded if fact.position == 0]
        best = best or reworded
    changes: Changes = {}
    if any(has_figure(fact.sentence, entry.lang) for fact in telling):
        own = [fact.sentence for fact in facts if not _is_retold(fact.sentence, lead=fact.position == 0)]
        figures = [figure for sentence in own for figure in _of_this_time(sentence, entry)]
        changes = changes_among(figures, _earlier_figures(entry, earlier), of_one=not opens)
    marked = _with_changes(best or telling, entry.lang, known, changes)
    return tuple(fact.text for fact in (*lead, *_distinct(marked, entry.lang)))


def changes_figure(fact: str) -> bool:
    """Whether a fact gives a figure that differs from an earlier one."""
    return EARLIER_MARK in fact


def without_earlier(fact: str) -> str:
    """A fact without the earlier figure that it changes."""
    return fact.partition(EARLIER_MARK)[0]


def opens_with(entry: Entry, fact: str) -> bool:
    """Whether a fact stands in the entry's first sentence."""
    opening = readable(entry, chars=READ_CHARS)[:1]
    return any(without_earlier(fact).rstrip(" .。…") in sentence for sentence in opening)


def figure_alone(fact: str, lang: str) -> str:
    """The figure that changed with the earlier one behind it, for who has read the rest; all of it where in doubt."""
    told, mark, before = fact.partition(EARLIER_MARK)
    figures = figures_in(told, lang)
    if mark and len(figures) > 1:
        counted = frozenset().union(*(figure.unit for figure in figures_in(before, lang)))
        figures = tuple(figure for figure in figures if figure.unit & counted)
    return f"{figures[0].phrase}{mark}{before}" if mark and len(figures) == 1 else fact


def _facts(entry: Entry, sentences: Sequence[str], known: _Known) -> list[_Fact]:
    """What can be shown of each sentence that may hold news, with how much of it is new."""
    facts = []
    aside = False
    for position, sentence in enumerate(sentences):
        # "He ..." behind "Last year the minister ..." tells of last year, too.
        # Of last week: how the story stood, unless that is what the article opens with.
        old = position > 0 and _is_of_last_week(sentence)
        aside = old or _is_aside(sentence, entry, lead=position == 0) or (aside and is_leaning(sentence))
        if aside or not is_complete(sentence) or is_definition(sentence) or is_attribution(sentence):
            continue
        if is_invitation(sentence) or is_question(sentence):
            continue
        text = _shown(sentence, entry.lang, known)
        if text:
            # A bare figure stands for what its sentence says of it.
            told = sentence if is_quotation(sentence) else text
            facts.append(_Fact(text, sentence, position, _news(told, entry.lang, known)))
    return facts


def _is_aside(sentence: str, entry: Entry, *, lead: bool) -> bool:
    return is_background(sentence, lead=lead) or tells_of_before(sentence, entry.at)


def _is_of_last_week(sentence: str) -> bool:
    """Whether a short plain sentence closes with a time gone by: "Parliament passed the bill last week."."""
    text = normalise(sentence)
    return len(text) <= PLAIN_CHARS and bool(_LAST_WEEK.search(text)) and not _SPEAKER.search(text)


def _reworded(facts: Sequence[_Fact], lang: str, known: _Known) -> list[_Fact]:
    """The facts that say most that was not said before, where no number, name or act stands out."""
    if not known.comparable:
        return []
    found = []
    said: set[str] = set()
    for fact in facts:
        terms = set(index_terms(fact.text, lang))
        unsaid = terms - known.terms
        # What an article opens with is its event: "acquitted" may be all that is new in it.
        least, share = (_REWORDED_TERMS, _REWORDED_SHARE) if fact.position else (1, _REWORDED_SHARE / 4)
        again = len(terms & said) > _AGAIN_SHARE * len(terms)  # the entry's own words, once more
        if not (again or is_leaning(fact.text)) and len(unsaid) >= max(least, share * len(terms)):
            found.append(replace(fact, news=len(unsaid) / len(terms)))
        said |= terms
    return found


def _known(entry: Entry, earlier: Sequence[PastEntry]) -> _Known:
    texts = [f"{past.entry.title}\n{past.entry.text[:KNOWN_CHARS]}" for past in earlier]
    script = main_script(f"{entry.title} {entry.text[:500]}")
    comparable = any(main_script(text[:500]) == script for text in texts)
    letters = " ".join(map(normalise, texts))
    return _Known(
        numbers=frozenset().union(*map(numbers_in, texts)),
        dates=frozenset().union(*map(dates_in, texts)),
        names=frozenset().union(*map(names_in, texts)),
        letters=letters,
        joined="".join(filter(str.isalnum, letters)),
        terms=frozenset(
            term for past, text in zip(earlier, texts, strict=True) for term in index_terms(text, past.entry.lang)
        ),
        comparable=comparable,
        denied=bool(_DENIAL.search(letters)),
    )


def _shown(sentence: str, lang: str, known: _Known) -> str:
    """What is shown of a sentence: all of it, its first clauses, or the bare figure; "" if nothing of it can be.

    Of a quotation only a new figure is shown: it may be a translation back, and who speaks may stand a sentence away.
    """
    if len(sentence) <= LONG_CHARS and not is_quotation(sentence):
        return sentence
    short = "" if is_quotation(sentence) else _cut_back(sentence, lang, known)
    if short and len(short) <= FACT_CHARS:
        return short
    return next((figure.phrase for figure in figures_in(sentence, lang) if figure.value not in known.numbers), "")


def _cut_back(sentence: str, lang: str, known: _Known) -> str:
    """The sentence without its last clauses, as long as these hold nothing new and do not say who speaks."""
    news = _news(sentence, lang, known)
    kept = sentence
    for cut in reversed(list(_CLAUSE.finditer(sentence))):
        head, tail = sentence[: cut.start()], sentence[cut.end() :]
        if _SPEAKER.search(normalise(tail)) or not _balanced(head) or len(head.split()) < _UNSAID_TERMS:
            continue
        if _goes_on(cut.group(), tail) or (";" in cut.group() and ":" in head):
            continue  # "The crew are: a cook; two divers" is a list
        if _WHO.match(tail) and _BARE_NAME.search(head):
            continue  # "In Sund, Mr. Orlen, who ..., said" waits for its verb
        if _news(head, lang, known) < news:
            break
        kept = head
    return kept


def _goes_on(mark: str, tail: str) -> bool:
    """Whether what ``mark`` opens may close again before the sentence ends: "the party, which lost, has sued".

    Commas do not tell the end of a clause from a list, unless an "and" closes the list with the sentence.
    """
    if ";" in mark:
        return False
    if "," in mark:
        rest = _CLAUSE.sub("; ", tail)
        return "," in rest and not _LIST_END.search(rest)
    return any(dash in tail for dash in (" — ", " – "))


def _balanced(text: str) -> bool:
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS) and text.count('"') % 2 == 0


def _is_retold(sentence: str, *, lead: bool) -> bool:
    """Whether a sentence tells what was known before; what an article opens with is its own news."""
    return not lead and not is_quotation(sentence) and bool(_RETOLD.search(sentence))


def _of_this_time(sentence: str, entry: Entry) -> list[Figure]:
    """The figures of a sentence but for those whom something of another year befell: "since 2007, when 600 died"."""
    figures = list(figures_in(sentence, entry.lang))
    own = {str(entry.at.year), str((entry.at - _LATELY).year)}  # in January last year may be last week
    if any(figure.bound for figure in figures) and set(_YEAR.findall(sentence)) - own:
        return [figure for figure in figures if not figure.bound]
    return figures


def _earlier_figures(entry: Entry, earlier: Sequence[PastEntry]) -> list[Figure]:
    """The figures of earlier coverage, newest first, and those that the entry itself calls known.

    What was said after an entry that comes late is no earlier figure.
    """
    found: list[Figure] = []
    before = [past for past in earlier if past.entry.at <= entry.at]
    for past in sorted(before, key=lambda past: past.entry.at, reverse=True):
        lines = f"{past.entry.title}\n{past.entry.text[:READ_CHARS]}"
        for sentence in telling_sentences(lines, past.entry.lang):
            found += _of_this_time(sentence, past.entry)
    for position, sentence in enumerate(readable(entry, chars=READ_CHARS)):
        if _is_retold(sentence, lead=position == 0):
            found += figures_in(sentence, entry.lang)
    return found


def _with_changes(facts: Sequence[_Fact], lang: str, known: _Known, changes: Changes) -> list[_Fact]:
    """The facts, with the earlier figure behind each that changes one; a fact that gives that figure is none itself."""
    marked: list[_Fact] = []
    before: list[str] = []
    for fact in facts:
        text, news = fact.text, fact.news
        figures = figures_in(fact.sentence, lang)
        changed: list[str] = []
        for figure in figures:
            other = changes.get((figure.value, figure.unit)) if figure.value not in known.numbers else None
            if other is None or figure.phrase not in text:
                continue
            if not (_says_itself(other, figure, fact) or _is_of_a_month(figure, fact)):
                before.append(other.phrase)
                alone = sum(bool(figure.unit & each.unit) for each in figures) == 1
                # Beside "15 people missing and 14 dead" a bare "10 people" does not say which it was.
                said = other.amount if text == figure.phrase else other.phrase if alone else other.told
                said = _in_mid_sentence(said, lang)
                if said not in changed:
                    changed.append(said)
        if changed:
            text, news = f"{text.rstrip(' .。')}{EARLIER_MARK}{'; '.join(changed)})", news + _CHANGE
        marked.append(replace(fact, text=text, news=news))
    return [fact for fact in marked if not any(phrase in fact.text.partition(EARLIER_MARK)[0] for phrase in before)]


def _in_mid_sentence(phrase: str, lang: str) -> str:
    """Such as "at least 31 people", though it opened its sentence; but German "Hunderte" is a noun."""
    opened = phrase[:1].isupper() and phrase[1:2].islower() and lang != "de"
    return phrase[0].lower() + phrase[1:] if opened else phrase


def _says_itself(other: Figure, figure: Figure, fact: _Fact) -> bool:
    """Whether a sentence gives the earlier figure, too: of a toll as the bare number, "to 29 from 31"."""
    return other.phrase in fact.sentence or (figure.toll and other.value in numbers_in(fact.sentence))


def _is_of_a_month(figure: Figure, fact: _Fact) -> bool:
    """Whether a figure is what one month counted: "500,000 jobs in November" changes no figure of October."""
    behind = fact.sentence.partition(figure.phrase)[2]
    return bool(_MONTHLY.match(behind))


def _news(fact: str, lang: str, known: _Known) -> float:
    """How much a sentence brings that is not known. Who says it is no news."""
    fact = _ACCORDING.sub("", fact)
    numbers = numbers_in(fact) - known.numbers
    dates = {day for day in dates_in(fact) - known.dates if "-" in day}
    score = _WEIGHTS["numbers"] * min(len(numbers), 2) + _WEIGHTS["dates"] * len(dates)
    if not known.comparable:
        return score
    # A name in another case or inflection is no new name: it must not stand anywhere in the earlier letters.
    names = {name for name in names_in(fact) - known.names if not _is_known(name, known)}
    terms = set(index_terms(fact, lang))
    unsaid = terms - known.terms
    share = _UNSAID_PAIRS_SHARE if main_script(fact) in UNSPACED else _UNSAID_SHARE
    if len(unsaid) >= _UNSAID_TERMS and len(unsaid) >= share * len(terms):
        score += 2.0
    if not known.denied and _DENIAL.search(normalise(fact)):
        score += BAR
    return score + _WEIGHTS["names"] * min(len(names), 3)


def _is_known(name: str, known: _Known) -> bool:
    """Whether a name, or a run of names and titles joined into one, begins like letters that were there before."""
    return name[:6] in known.letters or (len(name) > _LONG_NAME and name[:_LONG_NAME] in known.joined)


def _distinct(facts: Sequence[_Fact], lang: str) -> list[_Fact]:
    """The best facts that do not say each other again, in reading order."""
    chosen: list[tuple[_Fact, set[str]]] = []
    for fact in sorted(facts, key=lambda fact: (0.05 * fact.position - fact.news, fact.position)):
        terms = set(index_terms(fact.text, lang))
        if len(chosen) < FACTS and not any(len(terms & other) > _UNSAID_SHARE * len(terms) for _, other in chosen):
            chosen.append((fact, terms))
    return sorted((fact for fact, _ in chosen), key=lambda fact: fact.position)
