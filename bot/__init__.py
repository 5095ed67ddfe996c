"""Backstory: alerts for Telegram and Slack that say what is new and what it continues."""

__version__ = "0.1.0"
