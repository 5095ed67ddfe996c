"""The paths at which platforms speak to us. Imports nothing: who only hands requests on need not load their SDKs."""

from __future__ import annotations

from typing import Final

SLACK_EVENTS: Final = "/slack/events"
"""Where Slack is to send commands, events and presses in HTTP mode."""

SLACK_INSTALL: Final = "/slack/install"
"""Where whoever adds the app to a workspace begins, and where Slack sends their browser back to."""
SLACK_REDIRECT: Final = "/slack/oauth_redirect"

TELEGRAM_UPDATES: Final = "/telegram/updates"
"""Where Telegram is to bring updates by webhook."""
