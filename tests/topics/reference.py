"""A slow and simple judge of queries, to hold the fast one against.

It knows only texts made of plain lower-case words, with ". " between sentences and a line break between paragraphs (the
title is the first), and it works on lists of words instead of places in a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.topics.tree import And, Lang, Near, Not, Or, Regex, Same, Scoped, Words

if TYPE_CHECKING:
    from bot.topics.tree import Node


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    at: int
    sentence: int
    paragraph: int


def words_of(title: str, text: str) -> list[Word]:
    words: list[Word] = []
    sentence = 0
    for paragraph, line in enumerate([title, *text.split("\n")]):
        for piece in line.split(". "):
            words += [Word(one.strip("."), len(words) + n, sentence, paragraph) for n, one in enumerate(piece.split())]
            sentence += 1
    return words


def is_true(node: Node, words: list[Word], lang: str) -> bool:  # noqa: PLR0911 - one for each kind of node
    match node:
        case And(parts=parts):
            return all(is_true(part, words, lang) for part in parts)
        case Or(parts=parts):
            return any(is_true(part, words, lang) for part in parts)
        case Not(part=part):
            return not is_true(part, words, lang)
        case Scoped(part=part):  # only titles are made here
            return is_true(part, [word for word in words if word.paragraph == 0], lang)
        case Lang(code=code):
            return lang == code
        case Near(words=most, first=first, second=second):
            return any(
                a[-1].paragraph == b[0].paragraph and max(a[0].at - b[-1].at, b[0].at - a[-1].at) - 1 <= most
                for a in runs(first, words)
                for b in runs(second, words)
            )
        case Same(unit=unit, parts=parts):
            every = [{getattr(run[0], unit) for run in runs(part, words)} for part in parts]
            return bool(set.intersection(*every))
        case _:
            return bool(runs(node, words))


def runs(node: Node, words: list[Word]) -> list[list[Word]]:
    """The runs of words that a term stands for."""
    if isinstance(node, Or):
        return [run for part in node.parts for run in runs(part, words)]
    if isinstance(node, Regex):  # only whole words are made here
        return [[word] for word in words if re.fullmatch(node.pattern.replace(r"\b", ""), word.text)]
    assert isinstance(node, Words)
    wanted = node.text.split()
    found = []
    for at in range(len(words) - len(wanted) + 1):
        run = words[at : at + len(wanted)]
        texts = [word.text for word in run]
        last = texts[-1].startswith(wanted[-1]) if node.prefix else texts[-1] == wanted[-1]
        # A phrase is words with one space between them: no full stop and no line break.
        if texts[:-1] == wanted[:-1] and last and run[0].sentence == run[-1].sentence:
            found.append(run)
    return found
