"""Files that people send: what every platform's adapter says of one that it cannot hand over. Must not fetch any."""

from __future__ import annotations

from bot import limits
from bot.errors import CommandError
from bot.speech import _


def check_size(size_bytes: int) -> None:
    """Raise CommandError for a file that is larger than any that we take."""
    if size_bytes > limits.OPML_BYTES:
        most = limits.OPML_BYTES // 1024 // 1024
        raise CommandError(_("That file is larger than {size} MiB, which is more than I take.").format(size=most))


def not_handed_over(platform: str, reason: str) -> CommandError:
    """The platform has the file and does not give it to us."""
    said = _("{platform} did not hand over the file ({reason}). Please send it again in a moment.")
    return CommandError(said.format(platform=platform, reason=reason))
