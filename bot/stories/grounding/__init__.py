"""Whether a sentence says only what its source sentences say. See ``check``."""

from bot.stories.grounding.against import check_summary
from bot.stories.grounding.check import check
from bot.stories.grounding.closeness import Closeness
from bot.stories.grounding.faults import Fault, FaultKind

__all__ = ["Closeness", "Fault", "FaultKind", "check", "check_summary"]
