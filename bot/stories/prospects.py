"""Whether a clause tells of what is to come, or only may be: planned, expected, possible. Judges by closed-class words.

"Will be sent" and "were sent" count two things, and "in December they will meet" is no background. Knows one clause or
sentence at a time, and no verb but auxiliaries and those that plan.
"""

from __future__ import annotations

import re
from typing import Final

from bot.text.normalise import normalise

_TO_COME: Final = re.compile(
    r"\b(?:will|shall|is (?:expected|scheduled|due|set|planned|to)|are (?:expected|scheduled|due|set|to)"
    r"|plans? to|would|будет|будут|состоится|пройдет|планиру\w+|ожидается|намерен\w*|должн\w+|буде|будуть|відбудеться"
    r"|планує\w*|очікується|має|мають|wird|werden|soll|sollen)\b|예정|계획"
    r"|것으로 보인다|전망|予定|見通し|方針|将|將|计划|預計|预计"
)
_RIEUL: Final = "".join(map(chr, range(ord("갈"), ord("힣"), ord("개") - ord("가"))))
"""Korean syllables that end as verbs do before what has yet to be done: "파병될 것"."""
_MAY_BE: Final = re.compile(
    r"\bmay\b(?<!in may)(?<!since may)(?<!last may)(?<!of may)(?<!by may)(?<!until may)(?<!\d may)(?! \d)"
    r"|\b(?:might|could|expect(?:s|ed|ing)?|planned|planning|intend(?:s|ed)?|likely"
    r"|possibl[ey]|potential(?:ly)?|capable|(?:able|ready|prepar\w+|decided|agreed|vowed|pledged|promised|offered|wants?|aims?"
    r"|hopes?|due|set|going) to|being prepared"
    r"|может|могут|мог(?:ла|ло|ли)?\b|возможно|способ\w+|ожида\w+|готов(?:ы|а|о|ит\w*|ят\w*|ится)?\b|собира\w+"
    r"|обеща\w+|пообеща\w+|може|можуть|могли|можлив\w*|очіку\w+|готу\w+|збира\w+|обіця\w+|планув\w+"
    r"|könn(?:en|te|ten)|dürften?|sollten?|kann|geplant|erwartet|voraussichtlich|möglicherweise)\b"
    rf"|[{_RIEUL}] (?:것|수 있)|예상|목표|가능성|내다[봤보]|見込|可能性|だろう|でしょう|計画|目標|可能|拟|擬|有望|計劃"
)
_MOVED: Final = re.compile(r"[将將](?=[约約近逾这這其]?\d)")
"""Chinese marks what is acted on by the word that also tells of what is to come."""


def lies_ahead(text: str) -> bool:
    """Whether a normalised text tells of what is to come: a date in it lies ahead."""
    return bool(_TO_COME.search(text))


def is_prospect(clause: str) -> bool:
    """Whether what a clause tells of has yet to happen, or only may: "10,000 are expected", "1만 명이 파병될 것"."""
    text = _MOVED.sub("", normalise(clause))
    return lies_ahead(text) or bool(_MAY_BE.search(text))
