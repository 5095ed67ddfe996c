"""Read a topic's name and propose a query: "DPRK-Russia arms" gives ``@dprk & @russia & @arms``.

The name is scanned for the names of concepts in any of the lexicon's languages; words that say nothing (news, crisis)
are dropped; what is left becomes words and phrases. Where the concepts found have a frame in the lexicon, that is
used: it knows how the news speaks of the matter. Pure: the backtest that goes with a proposal is made elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.errors import QueryError
from bot.speech import _
from bot.topics.fold import fold
from bot.topics.leftover import Part, alternatives, capitalised, flat, joined, walkouts, whole_names
from bot.topics.lexicon import Form
from bot.topics.naming import SERIOUS
from bot.topics.query import And, ConceptTerm, Not, Or, Query, Scoped, Words, conjoin, disjoin, parse
from bot.topics.scan import concept_scanner
from bot.topics.tree import is_operator
from bot.topics.unknown import SHORT_CHARS, STEM_CHARS, is_acronym, of_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bot.topics.fold import Folded
    from bot.topics.lexicon import Alias, Concept, Lexicon
    from bot.topics.query import Node
    from bot.topics.scan import Span

# A run of Han and kana, or a word of any other script with what belongs inside it (O'Brien, GPT-5 is two words). The
# vowel signs of Indian scripts are no letters to an expression, and yet no end of a word.
_TOKEN: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff々ー]+"
    r"|(?:[^\W_\u3040-\u30ff\u3400-\u9fff][\u0900-\u0963\u0980-\u0dff]*)+(?:['.&][^\W_]+)*"
)
_NO_SPACES: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_WORD_END: Final = re.compile(r"[^\W_\u1100-\uffff]*")  # Korean and Chinese words go on without saying the same
_HIRAGANA: Final = re.compile(r"[\u3040-\u309f]*\Z")
_ELIDED: Final = re.compile(r"(?:qu|[cdjlmnst])'(?=[^\W_])")
"""A French article or pronoun that is written to its word: d'Ormuz, l'Assemblée."""
_COMPOUNDS_FROM: Final = "\u3040"  # kana, Han and Hangul write two countries as one word
_HANGUL_REST: Final = re.compile(r"[\uac00-\ud7a3]{2,}")
_KOREAN_PARTICLES: Final = frozenset(
    ("에서", "에게", "으로", "까지", "부터", "이나", "이란", "에는", "에도", "처럼", "보다", "마다", "에서의", "에서는")
)
_DENIAL: Final = re.compile(r"\bnot (?:(?:a|an|the|at|be|been|for|in|of|on|so|the|to|yet) )*[^\W_]+")
"""What is not so is a phrase: "not for sale" is no sale."""
_COMPARABLE: Final = ("en", "ru", "uk")
"""The languages of a lexicon's names in which the beginnings of two words tell whether they are one."""
_MANY_FACETS: Final = 4
_VAGUE_ALIASES: Final = 125
_WITHIN_PLACES: Final = ("body", "person")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed query.

    ``parts`` pairs words of the name with what they became; ``unknown`` are those among them that the lexicon does not
    know; ``dropped`` the words that say nothing.
    """

    query: str
    parts: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    dropped: tuple[str, ...] = ()


def suggest(name: str, lexicon: Lexicon) -> Suggestion:
    """The query for a topic's name alone, in any of the lexicon's languages. Raises ``QueryError`` for no name."""
    folded = fold(_spaced(" ".join(name.split()), lexicon))
    denials = [found.span() for found in _DENIAL.finditer(folded.text)]
    chosen = {span: names for span, names in _chosen(folded, lexicon).items() if not _is_inside(span, denials)}
    wholes = [span for span in whole_names(folded, lexicon) if not _is_within(span, chosen)]
    chosen = {span: names for span, names in chosen.items() if not _is_inside(span, wholes)}
    is_local = _is_local(folded, chosen, lexicon)
    narrower = [
        part for span, names in chosen.items() for part in _narrower(folded, span, names, lexicon, is_local=is_local)
    ]
    edges = {(part.start, part.end) for part in narrower}
    spans = {span: names for span, names in chosen.items() if span not in edges}
    known = [
        Part(*span, folded.original_slice(*span), _of_concepts(folded.text[span[0]], names), known=True)
        for span, names in spans.items()
    ]
    unknown, dropped = _leftovers(folded, [*chosen, *denials, *wholes], lexicon)
    unknown = _without_given_names(unknown, [name for names in spans.values() for name in names], lexicon)
    written = [_as_written(folded, span) for span in [*denials, *wholes]]
    unknown = sorted([*unknown, *written, *narrower], key=lambda part: part.start)
    known, unknown = walkouts(known, unknown, lexicon)
    known = _without_general(known, unknown, lexicon)
    if not known and not unknown:
        unknown, dropped = [Part(0, 0, word, Words(word), known=False) for word in dropped], []
    unknown = capitalised(joined(unknown, folded, lexicon), lexicon)
    parts = sorted([*known, *alternatives(unknown, known, lexicon)], key=lambda part: part.start)
    if not parts:
        raise QueryError(_("A topic's name needs at least one word."), query=name, column=0)
    serious = any(fold(word).text in lexicon.naming.serious for word in dropped)
    root = _root(parts, lexicon, serious=serious)
    return Suggestion(
        query=str(parse(str(Query(root)), lexicon)),
        parts=tuple(dict.fromkeys((part.words, str(part.node)) for part in parts)),
        unknown=tuple(part.words for part in parts if not part.known),
        dropped=tuple(dropped),
    )


def _is_inside(span: Span, others: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _is_within(span: Span, others: Iterable[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


def _as_written(folded: Folded, span: Span) -> Part:
    words = folded.original_slice(*span)
    return Part(*span, words, Words(words), known=False, whole=True)


def _places(chosen: Mapping[Span, list[str]], lexicon: Lexicon) -> int:
    return sum(any(lexicon.concepts[name].is_place for name in names) for names in chosen.values())


def _narrower(folded: Folded, span: Span, names: Sequence[str], lexicon: Lexicon, *, is_local: bool) -> Iterator[Part]:
    """The part of a name that means less than the concept it was found by: Shanghai, unless a concept is called so.

    Where the matter is local, a capital is a city and not its country: Berlin's rents.
    """
    concepts = [lexicon.concepts[name] for name in names]
    text = folded.text[slice(*span)]
    if rest := _korean_rest(folded, span, concepts, lexicon):
        words = f"{text}{rest}"
        yield Part(*span, words, Or((Words(words), Words(f"{text} {rest}"))), known=False, narrower=True)
        return
    aliases = [alias for one in concepts for alias in one.aliases if text.startswith(alias.folded)]
    alias = max(aliases, key=lambda one: len(one.folded), default=None)
    is_city = is_local and text in lexicon.naming.cities
    narrower = alias and (
        is_city or alias.folded in lexicon.naming.narrower or all(_is_another(alias, one) for one in concepts)
    )
    if alias and narrower and not any(_is_called(one.label, text) for one in concepts):
        words = folded.original_slice(*span)
        goes_on = alias.form is Form.PREFIX and not is_city
        node = Words(words[: len(alias.folded)] if goes_on else words, prefix=goes_on)
        yield Part(*span, words, node, known=False, narrower=True)


def _spaced(name: str, lexicon: Lexicon) -> str:
    """A Korean compound in its words, as it may be written too, where a place or another concept is in it: 미국대선."""
    folded = fold(name)
    cuts: list[int] = []
    for span, names in _chosen(folded, lexicon).items():
        rest = _HANGUL_REST.match(folded.text, span[1])
        if rest and rest.group() not in _KOREAN_PARTICLES and rest.group() not in lexicon.naming.fillers:
            is_place = any(lexicon.concepts[one].is_place for one in names)
            if is_place or concept_scanner(lexicon, names_only=True).find(fold(rest.group())):
                cuts.append(len(folded.original_slice(0, span[1])))
    for cut in sorted(cuts, reverse=True):
        name = f"{name[:cut]} {name[cut:]}"
    return name


def _korean_rest(folded: Folded, span: Span, concepts: Sequence[Concept], lexicon: Lexicon) -> str:
    """What a Korean compound says beyond the subject that it begins with: rents (전세), frauds with them."""
    rest = _HANGUL_REST.match(folded.text, span[1])
    if rest is None or any(one.kind != "subject" for one in concepts):
        return ""
    says = rest.group()
    says_nothing = says in lexicon.naming.fillers or says in _KOREAN_PARTICLES
    return "" if says_nothing or concept_scanner(lexicon, names_only=True).find(fold(says)) else says


def _is_another(alias: Alias, concept: Concept) -> bool:
    """Whether a person's name is not that of who the concept is called after: King Charles among British leaders."""
    if concept.kind != "person" or alias.lang not in _COMPARABLE or (alias.cased or "").isupper():
        return False
    firsts = (one.folded for one in concept.aliases if one.lang == alias.lang and not one.origin)
    called = fold(concept.label).text if alias.lang == "en" else next(firsts, "")
    begins = {word[:SHORT_CHARS] for word in called.split() if len(word) >= SHORT_CHARS}
    return not any(word[:SHORT_CHARS] in begins for word in alias.folded.split())


def _without_given_names(unknown: Sequence[Part], names: Sequence[str], lexicon: Lexicon) -> list[Part]:
    """Leave out the given names of the persons found: headlines say Putin, seldom Vladimir Putin."""
    people = (lexicon.concepts[name] for name in names if lexicon.concepts[name].kind == "person")
    given = {word for one in people for word in fold(one.label).text.split()}
    return [part for part in unknown if fold(part.words).text not in given]


def _root(parts: Sequence[Part], lexicon: Lexicon, *, serious: bool) -> Node:
    nodes = _without_broader(list(dict.fromkeys(part.node for part in parts)), lexicon)
    facets = frozenset(part.name for node in nodes for part in flat(node) if isinstance(part, ConceptTerm))
    others = [node for node in nodes if not all(isinstance(part, ConceptTerm) for part in flat(node))]
    for frame in lexicon.naming.frames:
        if frame.facets == facets:
            return conjoin([parse(frame.query, lexicon).root, *others])
    guards = [lexicon.naming.guards[name] for name in sorted(facets) if name in lexicon.naming.guards]
    only_places = not others and all(lexicon.concepts[name].is_place for name in facets)
    if only_places and serious and SERIOUS in lexicon.naming.guards:
        guards.append(lexicon.naming.guards[SERIOUS])
    return conjoin([_loosened(nodes, lexicon), *_guard(guards, facets, lexicon)])


def _guard(guards: Sequence[str], facets: frozenset[str], lexicon: Lexicon) -> Iterator[Node]:
    """What a title must not be about, without what the name itself asks for."""
    roots = [parse(guard, lexicon).root for guard in guards]
    unwanted = [part for root in roots for part in (root.parts if isinstance(root, Or) else (root,))]
    kept = [part for part in unwanted if not (isinstance(part, ConceptTerm) and part.name in facets)]
    if kept:
        yield Not(Scoped("title", Or(tuple(dict.fromkeys(kept))) if len(kept) > 1 else kept[0]))


def _loosened(nodes: Sequence[Node], lexicon: Lexicon) -> Node:
    """All of them; of four and more, one may be missing: no headline says everything that a long name lists.

    But no subject of very many words (attacks) may be left alone with the names: that would be another, wider topic.
    """
    if len(nodes) < _MANY_FACETS:
        return conjoin(list(nodes))
    shorter = [[node for node in nodes if node is not missing] for missing in reversed(nodes)]
    telling = [rest for rest in shorter if any(_is_telling(node, lexicon) for node in rest)]
    return disjoin([conjoin(rest) for rest in telling or shorter])


def _is_telling(node: Node, lexicon: Lexicon) -> bool:
    """Whether it is a subject, or a word, that few others stand for: not a place, person or body, and not attacks."""
    concepts = [lexicon.concepts[one.name] for one in flat(node) if isinstance(one, ConceptTerm)]
    return all(one.kind == "subject" and len(one.aliases) < _VAGUE_ALIASES for one in concepts)


def _without_broader(nodes: Sequence[Node], lexicon: Lexicon) -> list[Node]:
    """Leave out a concept that holds another one of the name: an Ebola outbreak says no more than Ebola."""
    broader = _broader({node.name for node in nodes if isinstance(node, ConceptTerm)}, lexicon)
    return [node for node in nodes if not (isinstance(node, ConceptTerm) and node.name in broader)]


def _broader(names: AbstractSet[str], lexicon: Lexicon) -> set[str]:
    """Those of the concepts that hold another one of them."""

    def held(name: str) -> Iterator[str]:
        yield from lexicon.concepts[name].holds
        yield from (alias.origin for alias in lexicon.concepts[name].aliases)

    return {name for name in names if any(one in names - {name} for one in held(name))}


# ---------------------------------------------------------------- what the lexicon knows


def _chosen(folded: Folded, lexicon: Lexicon) -> dict[Span, list[str]]:
    """The concepts that the name speaks of, by span: the longest span wins, spans do not overlap."""
    found: dict[Span, list[str]] = {}
    any_case = folded.original in {folded.original.lower(), folded.original.upper()}  # capitals say nothing here
    finds = concept_scanner(lexicon, names_only=True, any_case=any_case).find(folded)
    for key, spans in finds.items():
        others = lexicon.naming.only_beside.get(key[1:])
        for start, end in spans if others is None or any(f"@{one}" in finds for one in others) else ():
            whole = _WORD_END.match(folded.text, end)
            found.setdefault((start, whole.end() if whole else end), []).append(key[1:])
    chosen: dict[Span, list[str]] = {}
    for span in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
        if all(span[1] <= start or span[0] >= end for start, end in chosen):
            chosen[span] = _meant(folded.text[slice(*span)], found[span], lexicon)
    chosen = _elsewhere(chosen, lexicon)
    if _places(chosen, lexicon) and not _is_of_workers(folded, chosen, lexicon):
        return chosen
    return {
        span: names for span, names in chosen.items() if folded.text[slice(*span)] not in lexicon.naming.beside_places
    }


def _is_of_workers(folded: Folded, chosen: Mapping[Span, list[str]], lexicon: Lexicon) -> bool:
    """Whether those who strike, if any do, are at work: French rail strikes, the doctors of Kenya."""
    at_work = any(name in lexicon.naming.workplaces for names in chosen.values() for name in names)
    return at_work or any(word in lexicon.naming.workers for word in _TOKEN.findall(folded.text))


def _is_local(folded: Folded, chosen: Mapping[Span, list[str]], lexicon: Lexicon) -> bool:
    """Whether the name speaks of one place only, and of what happens within it."""
    at_home = any(name in lexicon.naming.local for names in chosen.values() for name in names)
    within = at_home or any(word in lexicon.naming.local_words for word in _TOKEN.findall(folded.text))
    return within and _places(chosen, lexicon) == 1


def _elsewhere(chosen: Mapping[Span, list[str]], lexicon: Lexicon) -> dict[Span, list[str]]:
    """Pakistan's Supreme Court is not the American one: what it is beside another country's name."""
    places = {name for names in chosen.values() for name in names if lexicon.concepts[name].is_place}

    def read(name: str) -> str:
        country, other = lexicon.naming.elsewhere.get(name, ("", ""))
        return other if other and places and country not in places else name

    return {span: [read(name) for name in names] for span, names in chosen.items()}


def _meant(text: str, names: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Which of several concepts with the same alias: the one called so; what belongs to a place; the places; the first.

    But before that none that holds another of them: a plane crash is no airline's news.
    A label is English: that @hamas is called Хамас, and @gaza only spoken of by it, shows by its having fewer words.
    """
    broader = _broader(frozenset(names), lexicon)
    names = [name for name in names if name not in broader]
    if len(names) == 1:
        return names
    called = [name for name in names if _is_called(lexicon.concepts[name].label, text)]
    if called:
        return [min(called, key=lambda name: len(lexicon.concepts[name].label))]
    places = [name for name in names if lexicon.concepts[name].is_place]
    order = list(lexicon.concepts)
    fewest = min((len(lexicon.concepts[name].aliases) for name in places), default=0)
    within = [
        name
        for name in names
        if lexicon.concepts[name].kind in _WITHIN_PLACES and len(lexicon.concepts[name].aliases) < fewest
    ]
    if within:
        return [min(within, key=order.index)]
    return sorted(places, key=order.index) if places else [min(names, key=order.index)]


def _is_called(label: str, text: str) -> bool:
    words, own = text.split(), fold(label).text.split()
    return any(word[:STEM_CHARS] == one[:STEM_CHARS] for word in words[:1] for one in own[:1])


def _of_concepts(first_char: str, names: Sequence[str]) -> Node:
    """One concept; both of a compound (朝俄); any of several that a place belongs to (Karabakh)."""
    terms = tuple(ConceptTerm(name) for name in names)
    if len(terms) == 1:
        return terms[0]
    return And(terms) if first_char >= _COMPOUNDS_FROM else Or(terms)


# ---------------------------------------------------------------- what is left


def _leftovers(folded: Folded, spans: Sequence[Span], lexicon: Lexicon) -> tuple[list[Part], list[str]]:
    unknown: list[Part] = []
    dropped: list[str] = []
    tokens = list(_free_tokens(folded.text, spans))
    for place, (token_start, end) in enumerate(tokens):
        elided = _ELIDED.match(folded.text, token_start, end)
        is_elided = elided is not None and folded.original_slice(*elided.span()).islower()  # not D'Souza
        start = elided.end() if elided and is_elided else token_start
        original = folded.original_slice(start, end)
        word = folded.text[start:end]
        begins = word in lexicon.naming.beginnings and _begins_name(folded, tokens[place : place + 3], lexicon)
        says_nothing = word in lexicon.naming.fillers and not begins and not _is_acronym_in(folded.original, original)
        if says_nothing or _HIRAGANA.match(word) or (len(word) == 1 and not word.isdigit()):
            dropped.append(original)
        else:
            unknown.append(Part(start, end, original, of_word(original, word), known=False))
    return unknown, dropped


def _begins_name(folded: Folded, tokens: Sequence[Span], lexicon: Lexicon) -> bool:
    """National Rally is a name and no rally: the first of two capitalised words, of which the other says something."""
    run = 0
    for (start, end), (after, after_end) in pairwise(tokens):
        both = folded.original_slice(start, start + 1) + folded.original_slice(after, after + 1)
        says_nothing = folded.text[after:after_end] in lexicon.naming.fillers
        if folded.text[end:after].strip() or not both.isupper() or says_nothing:
            break
        run += 1
    return run == 1


def _is_acronym_in(name: str, word: str) -> bool:
    """MIT is not the German mit; but AND is no acronym, nor is anything in a name that is all capitals."""
    return word.isupper() and is_acronym(word) and not name.isupper() and not is_operator(word)


def _free_tokens(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Tokens that no concept covers. Scripts without spaces are cut at the concepts' edges and at fillers' hiragana."""
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        inside = sorted(span for span in spans if span[0] < end and span[1] > start)
        if not inside:
            yield start, end
        elif _NO_SPACES.match(token.group()):
            for low, high in [*inside, (end, end)]:
                if low > start:
                    yield start, low
                start = max(start, high)


def _without_general(known: Sequence[Part], unknown: Sequence[Part], lexicon: Lexicon) -> list[Part]:
    """Leave out a subject that an unknown word is a sign of: a hantavirus outbreak is no epidemic of something else."""
    signs = {key[1:] for part in unknown for key in concept_scanner(lexicon).find(fold(part.words))}
    general = {name for name in signs if lexicon.concepts[name].kind == "subject"}
    return [part for part in known if not (isinstance(part.node, ConceptTerm) and part.node.name in general)]
