"""Ask whether the locked packages have known holes: ``python -m tests.audit``, a part of ``make check``.

Advisories come from a service on the network. Where that cannot be reached nothing is known, which is said and is no
failure: a hole that is known is one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

LOCK: Final = Path(__file__).resolve().parents[1] / "requirements.lock"
_TIMEOUT_S: Final = 120.0


def verdict(report: str) -> tuple[int, str]:
    """The exit status and the words for a report of pip-audit's, which is JSON if it came to an end."""
    try:
        packages: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return 0, "Known holes: not asked, since no advisory service could be reached."
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {' or '.join(hole['fix_versions']) or 'none'}"
        for package in packages
        for hole in package.get("vulns", ())
    ]
    asked = sum("skip_reason" not in package for package in packages)
    if holes:
        return 1, "Known holes:\n" + "\n".join(holes)
    if asked < len(packages):
        return (
            0,
            f"Known holes: none in {asked} packages; of {len(packages) - asked} the advisory service knows nothing.",
        )
    return 0, f"Known holes: none in {asked} packages."


def _report() -> str:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner=off"]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            [*command, "--timeout=5", "--format=json", f"--requirement={LOCK}"],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


if __name__ == "__main__":
    status, words = verdict(_report())
    sys.stdout.write(words + "\n")
    sys.exit(status)
