"""Why a feed or a message did not get through, in the language spoken.

Such a reason is written down in English, when nobody listens yet (at a poll, at a send), and shown later. Here stand
the forms that it can have, which are those of ``bot.feeds`` and ``bot.workers``. What has none of them (what a platform
said itself) stays as it is. Pure.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter
from typing import Final

from bot.speech import ENGLISH, N_, _, language

LOST_ADDRESS: Final = N_("its address cannot be read any more: add the feed again")
"""Of a feed whose address is sealed with a key that is not set."""

FORMS: Final = (
    N_("{host} redirects more than {count} times"),
    N_("{host} is not a host that can be asked"),
    N_("{host} broke off or garbled its answer"),
    N_("{host} does not answer in proper HTTP"),
    N_("{host} closed the connection or could not be asked ({fault})"),
    N_("{host} did not answer in full within {seconds} s"),
    N_(
        "{host} is not on the public internet. If this is a feed of your own network, whoever runs this bot can allow"
        " its host in {setting}."
    ),
    N_("{host} is not on the public internet, and it was another host that led there"),
    N_("{host} cannot be found: there is no such host, or name resolution (DNS) does not work here"),
    N_("{host} has no valid certificate"),
    N_("{host} does not speak HTTPS there"),
    N_("{host} takes no connection"),
    N_("{host} redirects to nowhere (status {status})"),
    N_("{host} redirects to an address that cannot be read"),
    N_("{host} answered {status}"),
    N_("{host} sent more than {size} MiB"),
    N_("reading it takes longer than {seconds} s"),
    N_("reading it takes more time or memory than is allowed"),
    N_("the file is not OPML: its XML cannot be read"),
    N_("the file is not OPML: it does not begin with <opml>"),
    N_("there is no feed in the file: no outline of it has an xmlUrl that can be fetched"),
    LOST_ADDRESS,
    N_("internal error, see the log"),
    N_("no answer within {seconds} s"),
)


def retold(reason: str) -> str:
    """The reason in the language spoken."""
    if language() == ENGLISH:
        return reason
    for form, pattern in _patterns():
        found = pattern.fullmatch(reason)
        if found is not None:
            return _(form).format(**found.groupdict())
    return _(reason)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, re.compile(_pattern(form), re.DOTALL)) for form in FORMS)


def _pattern(form: str) -> str:
    parts = (
        re.escape(text) + (f"(?P<{name}>.{{1,200}}?)" if name else "")
        for text, name, _spec, _how in Formatter().parse(form)
    )
    return "".join(parts)
