"""A Slack that somebody else wrote, OAuth v2 included: the npm package emulate, on Node.

It is installed once, into the cache folder that it is given. ``UnavailableError`` says why it cannot be had: no Node,
an old one, or no package registry.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "emulate@0.11.2"
NODE = 20
INSTALL_TIMEOUT_S = 60
START_TIMEOUT_S = 20


class UnavailableError(Exception):
    """It cannot be had here; the text says why."""


def installed(folder: Path) -> Path:
    """The folder with the package in it. Raises UnavailableError."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise UnavailableError("needs Node and npm")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=10).stdout  # noqa: S603 - found on the path
    if int(version.removeprefix("v").partition(".")[0]) < NODE:
        raise UnavailableError(f"needs Node {NODE}, this is {version.strip()}")
    whole = folder / PACKAGE
    if not (whole / "node_modules").is_dir():
        # An installation that was broken off must not look like one: it gets its name when it is whole.
        with tempfile.TemporaryDirectory(dir=folder) as made:
            command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", made, PACKAGE]
            try:
                subprocess.run(command, capture_output=True, check=True, timeout=INSTALL_TIMEOUT_S)  # noqa: S603 - the same
            except (subprocess.SubprocessError, OSError) as error:
                raise UnavailableError(f"npm could not install {PACKAGE}: {type(error).__name__}") from error
            whole.mkdir(exist_ok=True)
            # Another process of the same run may have been quicker.
            with suppress(OSError):
                (Path(made) / "node_modules").rename(whole / "node_modules")
    return whole


@contextmanager
def emulate(folder: Path, *, client_id: str, client_secret: str, redirect_url: str) -> Iterator[str]:
    """A running one with an app, two people and a channel; its address. Raises UnavailableError."""
    node = shutil.which("node")
    assert node is not None
    port = free_port()
    app: dict[str, object] = {"client_id": client_id, "client_secret": client_secret, "app_id": "A000000001"}
    app |= {"name": "Backstory", "redirect_uris": [redirect_url]}
    seed = {
        "slack": {
            "team": {"name": "Emulated", "domain": "emulated"},
            "users": [{"name": "ada", "real_name": "Ada", "email": "ada@example.org"}],
            "channels": [{"name": "general", "topic": "General"}],
            "bots": [{"name": "backstory"}],
            "oauth_apps": [app],
        }
    }
    config = folder / f"seed-{port}.json"
    config.write_text(json.dumps(seed))
    program = folder / "node_modules" / "emulate" / "dist" / "index.js"
    process = subprocess.Popen(  # noqa: S603 - found on the path
        [node, str(program), "start", "--service", "slack", "--port", str(port), "--seed", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process)
        yield url
    finally:
        process.kill()
        process.wait(10)
        config.unlink(missing_ok=True)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline_s = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline_s and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/oauth/v2/authorize", timeout=2):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as error:
            error.close()
            return  # it answers
        except OSError:
            time.sleep(0.05)
    raise UnavailableError(f"{PACKAGE} did not start")


def free_port() -> int:
    """A port that is free at the moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
