"""Slack's errors, and those of the HTTP client beneath the SDK, as ours. Pure."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import (
    ChatGoneError,
    MaybeSentError,
    MessageGoneError,
    NotSentError,
    RefusedError,
    RetryAfterError,
    TokenRefusedError,
)

if TYPE_CHECKING:
    from bot.errors import ChatError

_DEFAULT_RETRY_AFTER_S: Final = 30.0

# Error names: docs.slack.dev/reference/methods/chat.postMessage and chat.update.
REVOKED: Final = frozenset({"account_inactive", "token_revoked"})
"""What Slack says of a token that will never do again: the app was removed, or the workspace is gone."""
REFUSED_TOKEN: Final = REVOKED | {"invalid_auth", "not_authed", "token_expired"}
"""What Slack says of a token that will not do: a matter for whoever set the bot up."""
_NOT_ALLOWED: Final = frozenset({
    "access_denied", "accesslimited", "ekm_access_denied", "external_channel_migrating", "message_limit_exceeded",
    "messages_tab_disabled", "missing_scope", "no_permission", "org_login_required", "restricted_action",
    "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "team_access_not_granted",
    "team_added_to_org",
})  # fmt: skip
"""What somebody may allow, or what passes by itself: nothing about the message."""
_GONE_CHAT: Final = frozenset(
    {"channel_not_found", "is_archived", "is_inactive", "not_in_channel", "user_not_in_channel"}
)
_GONE_MESSAGE: Final = frozenset({
    "cannot_reply_to_message", "cant_update_message", "edit_window_closed", "message_not_found",
    "message_not_owned_by_app", "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
    "thread_locked", "thread_not_found",
})  # fmt: skip
_UNSURE: Final = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "update_failed"})


def translated(error: Exception) -> ChatError:
    """The SDK's or aiohttp's error as ours."""
    if isinstance(error, SlackApiError):
        return _refusal(error)
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return NotSentError(text)
    # The request was written, or may have been.
    return MaybeSentError(text)


def _refusal(error: SlackApiError) -> ChatError:
    code = error_code(error)
    status = getattr(error.response, "status_code", 0)
    text = f"Slack: {code or status}"
    if code in {"ratelimited", "rate_limited"} or status == HTTPStatus.TOO_MANY_REQUESTS:
        after = str(error.response.headers.get("Retry-After", "")) if error.response.headers else ""
        return RetryAfterError(text, seconds=float(after) if after.isdecimal() else _DEFAULT_RETRY_AFTER_S)
    if code in _UNSURE or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return MaybeSentError(text)
    if code in REFUSED_TOKEN:
        return TokenRefusedError(text, code=code)
    kinds = ((_NOT_ALLOWED, NotSentError), (_GONE_CHAT, ChatGoneError), (_GONE_MESSAGE, MessageGoneError))
    for codes, kind in kinds:
        if code in codes:
            return kind(text)
    return RefusedError(text)


def is_answer(error: ChatError) -> bool:
    """Whether Slack has answered, with a no; another error may be over in a moment."""
    return isinstance(error.__cause__, SlackApiError) and not isinstance(error, RetryAfterError | MaybeSentError)


def error_code(error: SlackApiError) -> str:
    """Slack's name for what went wrong; empty where it gave none."""
    try:
        return str(error.response.get("error") or "")
    except (AttributeError, ValueError):
        return ""  # the answer was no JSON object
