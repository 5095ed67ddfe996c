"""Alerts: deciding whether to speak, and composing what is said. Pure."""
