"""Write the commands into BotFather's page."""

from __future__ import annotations

from tests.deploy.commands import PAGE, with_commands

PAGE.write_text(with_commands(PAGE.read_text("utf-8")), "utf-8")
