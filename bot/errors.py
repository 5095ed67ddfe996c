"""Every error that Backstory raises on purpose.

::

    BackstoryError                 says what is wrong and what to do about it, in words for a person
    |-- SettingsError              the environment or .env holds something unusable
    |-- QueryError                 a topic's query does not parse; knows the column
    |-- CommandError               a chat command cannot be carried out; its text goes back to the chat
    |   `-- UnknownNameError       nothing there is called what it names: perhaps it was no command at all
    |-- ImportFileError            a file given to `import` or `replay` cannot be read
    |-- FetchError                 a feed or page could not be fetched
    |   |-- UnsafeAddressError     the address is private or its scheme is not http(s): never retried
    |   |-- TooLargeError          the body passed its cap
    |   `-- HttpStatusError        the server answered with an error; may know a Retry-After
    |-- FeedParseError             the body is no feed
    |-- NoFontError                the letters that a picture should show cannot be drawn
    `-- ChatError                  a chat platform did not take a message
        |-- RetryAfterError        it asks to wait
        |   `-- PaceError          we wait of ourselves, to keep to its pace
        |-- NotSentError           it never got the request: safe to send again
        |   `-- TokenRefusedError  it does not take our token: a matter for the bot's owner
        |-- MaybeSentError         it may have got it: a repeat must be marked
        |-- MessageGoneError       the message to edit or reply to is not there any more
        |-- ChatMovedError         the chat has a new address
        |-- ChatGoneError          the bot may not write there any more
        `-- RefusedError           it will never take this message
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.limits import RETRY_AFTER_CAP_S
from bot.speech import _

if TYPE_CHECKING:
    from bot.model import Address


class BackstoryError(Exception):
    """The root: ``str()`` of it is fit to be shown to a person."""


class SettingsError(BackstoryError):
    """A setting is missing or unusable."""


class QueryError(BackstoryError):
    """A query does not parse. ``column`` counts from 0 in ``query``."""

    def __init__(self, message: str, *, query: str, column: int) -> None:
        super().__init__(message)
        self.query = query
        self.column = column


class CommandError(BackstoryError):
    """A command cannot be carried out; the text is the answer."""


class UnknownNameError(CommandError):
    """A command names what is not there."""


class ImportFileError(BackstoryError):
    """A file cannot be read as coverage."""


class FetchError(BackstoryError):
    """A feed or page could not be fetched."""


class UnsafeAddressError(FetchError):
    """The address is not a public http(s) one."""


class TooLargeError(FetchError):
    """The body passed its cap."""


class HttpStatusError(FetchError):
    """The server answered with an error status."""

    def __init__(self, message: str, *, status: int, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_s = retry_after_s


class FeedParseError(BackstoryError):
    """The body is no feed that we can read."""


class NoFontError(BackstoryError):
    """The letters of a script cannot be drawn here, so there can be no picture."""

    def __init__(self, script: str) -> None:
        super().__init__(_("{script} letters cannot be drawn here").format(script=script))
        self.script = script


class ChatError(BackstoryError):
    """A chat platform did not take a message."""


class RetryAfterError(ChatError):
    """The platform asks to wait ``seconds`` before the next try: no more than a week, whatever it says."""

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = min(max(seconds, 0.0), RETRY_AFTER_CAP_S)


class PaceError(RetryAfterError):
    """Nobody asked, but we speak no faster than the platform allows, and this turn is ``seconds`` away."""


class NotSentError(ChatError):
    """The request never reached the platform."""


class TokenRefusedError(NotSentError):
    """The platform does not take our token (any more). ``code`` is its own word for why, where it has one."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class MaybeSentError(ChatError):
    """The request may have been carried out: a time-out is "maybe sent", never "failed"."""


class MessageGoneError(ChatError):
    """The message to edit or to reply to is not there any more."""


class ChatMovedError(ChatError):
    """The chat has a new address (a Telegram group became a supergroup)."""

    def __init__(self, message: str, *, to: Address) -> None:
        super().__init__(message)
        self.to = to


class ChatGoneError(ChatError):
    """The bot was removed or blocked, or the chat is archived or deleted."""


class RefusedError(ChatError):
    """The platform will never take this message."""
