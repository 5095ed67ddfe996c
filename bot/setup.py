"""`backstory setup`: asks for what is needed, tries each thing live, and writes ``.env``.

A conversation with one person, so it is blocking; what it tries runs in a loop of its own. It writes once, at the end:
whoever stops in the middle leaves everything as it was. A secret is never shown, not even the one that was typed.
"""

from __future__ import annotations

import asyncio
import dataclasses
import getpass
import re
import secrets
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from dotenv import dotenv_values

from bot import envfile, settings
from bot.errors import BackstoryError, SettingsError, UnsafeAddressError
from bot.text.urls import feed_name, shown_address

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from pathlib import Path

    from bot.chats.chat import ChatPort
    from bot.settings import Settings

TRIES: Final = 3
_NONE: Final = "-"
_TELEGRAM_TOKEN: Final = re.compile(r"\d+:[A-Za-z0-9_-]+")

_WELCOME: Final = """\
This asks for what Backstory needs and writes it to .env in this folder. Everything can be skipped with Enter:
with nothing set, the bot runs in the console with sample coverage. Ctrl-C leaves everything as it is."""
_TELEGRAM: Final = """
1. Telegram
   Open Telegram, write to @BotFather and type /newbot. Choose a name, then a username that ends in "bot".
   BotFather answers with a token, such as 123456789:AAH... Paste it here; it is not shown."""
_SLACK: Final = """
2. Slack
   On api.slack.com/apps: Create New App, From a manifest; paste deploy/slack-manifest.yaml. Then Install App.
   The bot token (xoxb-...) stands under OAuth & Permissions."""
_SLACK_WAY: Final = """\
   And the way in: an app-level token (xapp-..., Basic Information, App-Level Tokens, scope connections:write) for
   Socket Mode, which needs no public address. Or the Signing Secret, if Slack shall reach you over HTTP."""
_SLACK_OTHERS: Final = """\
   May other workspaces add your app? Then the Client ID and Client Secret (Basic Information); see the README for
   what to set in the app."""
_CLIENT_ID: Final = re.compile(r"\d+\.\d+")
_KEY_BYTES: Final = 32
_HOSTS: Final = """
3. Feeds
   Feeds are fetched from public addresses only. If some of yours lie on your own network, name those hosts here,
   as they stand in the feed's address (such as wiki.local or 10.0.0.5:8080)."""
_FEEDS: Final = """\
   Feeds for every chat: addresses, separated by spaces. Chats add more of their own with /feeds add URL."""
_KEY_MADE: Final = """\

   A key was made (BACKSTORY_SECRET_KEY): it seals feeds' passwords and workspaces' tokens in the database. Keep a copy
   of it, apart from the database's backups, which cannot be read whole without it."""


class Dialogue(Protocol):
    """Where questions are asked. Both raise EOFError where nobody is left to answer."""

    def say(self, words: str) -> None:
        """Show something."""
        ...

    def ask(self, question: str, *, secret: bool = False) -> str:
        """One line, without the spaces around it; a secret is not echoed."""
        ...


class Terminal:
    """A person at a terminal, or lines from a pipe."""

    def say(self, words: str) -> None:
        """Show something."""
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

    def ask(self, question: str, *, secret: bool = False) -> str:
        """One line; from a pipe it is never echoed."""
        if secret and sys.stdin.isatty():
            return getpass.getpass(f"   {question}: ").strip()
        sys.stdout.write(f"   {question}: ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        if not sys.stdin.isatty():
            sys.stdout.write("\n")
        return line.strip()


@dataclass
class _Setup:
    dialogue: Dialogue
    settings: Settings
    old: Mapping[str, str]  # what .env sets now
    values: dict[str, str] = field(default_factory=dict)
    next_steps: list[str] = field(default_factory=list)

    def now(self, name: str) -> str:
        """A setting as it will be."""
        return self.values.get(name, self.old.get(name, ""))


def set_up(dialogue: Dialogue, settings: Settings, folder: Path) -> int:
    """Hold the whole conversation; returns 0 if it came to its end, 1 if nobody was left to answer.

    ``settings`` say where the platforms are (their base URLs may name doubles). Raises BackstoryError if ``.env``
    cannot be read or written.
    """
    path = folder / ".env"
    text = _text_of(path)
    old = {name: value for name, value in dotenv_values(path).items() if value} if text else {}
    work = _Setup(dialogue, settings, old)
    dialogue.say(_WELCOME)
    try:
        _telegram(work)
        _slack(work)
        _feeds(work)
        _secret_key(work)
    except EOFError:
        dialogue.say("\nThere was no answer any more: nothing was written.")
        return 1
    try:
        if work.values:
            envfile.write(path, envfile.edited(text, work.values))
            path.chmod(envfile.OWNER_ONLY)
    except OSError as error:
        raise BackstoryError(f"{path} cannot be written: {error.strerror}") from error
    _farewell(work, path)
    return 0


def _text_of(path: Path) -> str:
    """What ``.env`` holds now. Raises BackstoryError where it cannot be read, so not be kept either."""
    try:
        return path.read_text("utf-8") if path.is_file() else ""
    except OSError as error:
        raise BackstoryError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise BackstoryError(f"{path} is no text in UTF-8: save it anew as such in an editor.") from None


# ---------------------------------------------------------------- steps


def _telegram(work: _Setup) -> None:
    work.dialogue.say(_TELEGRAM)

    def tried(token: str) -> str:
        if not _TELEGRAM_TOKEN.fullmatch(token):
            raise BackstoryError("A token is digits, a colon and letters: copy all of BotFather's line.")
        from bot.chats.telegram import TelegramChat  # noqa: PLC0415 - slow to import, and not always needed

        return _checked(lambda: TelegramChat(token, base_url=work.settings.telegram_api_base_url))

    found = _ask_secret(work, "TELEGRAM_BOT_TOKEN", "Telegram token", tried)
    if found:
        name = next((word for word in found.split() if word.startswith("@")), "your bot")
        work.next_steps.append(f"In Telegram, open a chat with {name} and press Start.")


def _slack(work: _Setup) -> None:
    work.dialogue.say(_SLACK)
    has_way_in = bool(work.old.get("SLACK_APP_TOKEN") or work.old.get("SLACK_SIGNING_SECRET"))

    def tried(token: str) -> str:
        if token.startswith("xapp-"):
            raise BackstoryError("That is an app-level token. The bot token begins with xoxb-.")
        # The way in comes next; who we are can be asked without one.
        return _slack_checked(work, token, signing_secret="not known yet")  # noqa: S106 - none

    is_new = _ask_secret(work, "SLACK_BOT_TOKEN", "Slack bot token", tried) is not None
    if work.now("SLACK_BOT_TOKEN"):
        # What Enter kept is kept whole.
        if is_new or not has_way_in:
            _slack_way(work)
    elif has_way_in and not work.old.get("SLACK_CLIENT_ID"):
        work.values |= {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": ""}


def _slack_way(work: _Setup) -> None:
    """How Slack's requests reach us: by an app-level token or with a signing secret."""
    work.dialogue.say(_SLACK_WAY)

    def tried(secret: str) -> str:
        token = work.now("SLACK_BOT_TOKEN")
        if secret.startswith("xapp-"):
            return _slack_checked(work, token, app_token=secret)
        return _slack_checked(work, token, signing_secret=secret)

    if not _ask_secret(work, "SLACK_APP_TOKEN", "App-level token or Signing Secret", tried):
        if not (work.now("SLACK_APP_TOKEN") or work.now("SLACK_SIGNING_SECRET")):
            work.values["SLACK_BOT_TOKEN"] = ""
            work.dialogue.say("   Without a way in, Slack is left out.")
        return
    secret = work.values["SLACK_APP_TOKEN"]
    if not secret.startswith("xapp-"):
        work.values |= {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": secret}
        work.dialogue.say("   A Signing Secret shows whether it is right with Slack's first request only.")
        work.next_steps.append("Let Slack reach this machine at https://YOUR-HOST/slack/events (see the README).")
        _slack_others(work)
    elif work.old.get("SLACK_SIGNING_SECRET"):
        work.values["SLACK_SIGNING_SECRET"] = ""
    work.next_steps.append("In a Slack channel, type /topics add and a subject, or /backstory help.")


def _slack_others(work: _Setup) -> None:
    """Whether other workspaces may install the app."""
    work.dialogue.say(_SLACK_OTHERS)
    client = work.dialogue.ask(_question(work, "SLACK_CLIENT_ID", "Client ID"))
    if client == _NONE:
        work.values |= {"SLACK_CLIENT_ID": "", "SLACK_CLIENT_SECRET": ""}
    if client in {"", _NONE}:
        return
    secret = work.dialogue.ask("Client Secret", secret=True)
    if not (_CLIENT_ID.fullmatch(client) and secret):
        work.dialogue.say(
            "   no    A Client ID is digits, a dot and digits, and it needs its secret. Left out for now."
        )
        return
    work.values |= {"SLACK_CLIENT_ID": client, "SLACK_CLIENT_SECRET": secret}
    work.next_steps.append("Let others add the app at https://YOUR-HOST/slack/install.")


def _slack_checked(work: _Setup, token: str, *, app_token: str = "", signing_secret: str = "") -> str:
    from bot.chats.slack import HttpMode, SlackChat  # noqa: PLC0415 - slow to import, and not always needed

    http = HttpMode(signing_secret) if signing_secret else None
    url = work.settings.slack_api_base_url
    return _checked(lambda: SlackChat(token, app_token=app_token or None, http=http, base_url=url))


def _feeds(work: _Setup) -> None:
    work.dialogue.say(_HOSTS)
    _private_hosts(work)
    work.dialogue.say(_FEEDS)
    for _ in range(TRIES):
        answer = work.dialogue.ask(_question(work, "BACKSTORY_FEEDS", "Feeds"))
        if not answer:
            return
        if answer == _NONE:
            work.values["BACKSTORY_FEEDS"] = ""
            return
        addresses = settings.addresses(answer)
        good = [address for address in addresses if _feed_answers(work, address)]
        if len(good) == len(addresses):
            break
        work.dialogue.say("   Type the addresses again, corrected; or Enter to go on with those that answered.")
    else:
        work.dialogue.say("   Going on with those that answered.")
    if good:
        work.values["BACKSTORY_FEEDS"] = " ".join(good)


def _private_hosts(work: _Setup) -> None:
    for _ in range(TRIES):
        answer = work.dialogue.ask(_question(work, "BACKSTORY_ALLOWED_PRIVATE_HOSTS", "Private hosts"))
        if not answer:
            return
        hosts = "" if answer == _NONE else answer
        try:
            settings.private_hosts(hosts)
        except SettingsError as error:
            work.dialogue.say(f"   no    {error}")
            continue
        work.values["BACKSTORY_ALLOWED_PRIVATE_HOSTS"] = hosts
        return


def _secret_key(work: _Setup) -> None:
    """A key that seals what must not stand in clear in the database, made where there is none."""
    if work.values and not work.now("BACKSTORY_SECRET_KEY"):
        work.values["BACKSTORY_SECRET_KEY"] = secrets.token_urlsafe(_KEY_BYTES)
        work.dialogue.say(_KEY_MADE)


def _feed_answers(work: _Setup, address: str) -> bool:
    try:
        hosts = settings.private_hosts(work.now("BACKSTORY_ALLOWED_PRIVATE_HOSTS"))
        title, entries = asyncio.run(_look_at(address, dataclasses.replace(work.settings, allowed_private_hosts=hosts)))
    except UnsafeAddressError as error:
        shown = shown_address(address)
        work.dialogue.say(f"   no    {shown}: {error}. Is it yours? Then name its host under private hosts.")
        return False
    except BackstoryError as error:
        work.dialogue.say(f"   no    {shown_address(address)}: {error}")
        return False
    work.dialogue.say(f"   good  {feed_name(title, address)}, {entries} entries")
    return True


async def _look_at(address: str, settings: Settings) -> tuple[str, int]:
    from bot.feeds.fetch import Fetcher  # noqa: PLC0415 - slow to import, and not always needed
    from bot.feeds.parsers import Parsers  # noqa: PLC0415

    hosts = settings.allowed_private_hosts
    parsers = Parsers()
    try:
        async with Fetcher(user_agent=settings.user_agent, allowed_private_hosts=hosts) as fetcher:
            fetched = await fetcher.get(address)
        feed = await parsers.feed(fetched.body, url=fetched.url, content_type=fetched.content_type)
    finally:
        await parsers.close()
    return feed.title, len(feed.entries)


def _farewell(work: _Setup, path: Path) -> None:
    if work.values:
        work.dialogue.say(f"\nWritten to {path.name}: {', '.join(name for name in work.values)}.")
    else:
        work.dialogue.say("\nNothing was changed.")
    steps = ["Start the bot: make run (or: backstory run).", *work.next_steps]
    steps.append("Look after it: backstory doctor tells what is wrong, backstory status how it is doing.")
    work.dialogue.say("\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1)))


# ---------------------------------------------------------------- asking


def _question(work: _Setup, name: str, words: str) -> str:
    """A question with what Enter means."""
    return f"{words} (Enter keeps what is set, {_NONE} removes it)" if work.old.get(name) else f"{words} (Enter: none)"


def _ask_secret(work: _Setup, name: str, words: str, tried: Callable[[str], str]) -> str | None:
    """Ask for a secret until it works; returns what the platform said of it, None if nothing new was given."""
    for _ in range(TRIES):
        answer = work.dialogue.ask(_question(work, name, words), secret=True)
        if not answer:
            return None
        if answer == _NONE:
            work.values[name] = ""
            return None
        try:
            said = tried(answer)
        except BackstoryError as error:
            work.dialogue.say(f"   no    {error}")
            continue
        work.values[name] = answer
        work.dialogue.say(f"   good  {said}")
        return said
    work.dialogue.say("   Left out for now: run backstory setup again when you have it.")
    return None


def _checked(make: Callable[[], ChatPort]) -> str:
    """What a platform says of us. Raises BackstoryError if it refuses, or is out of reach."""

    async def check() -> str:
        chat = make()
        try:
            return await chat.check()
        finally:
            await chat.stop()

    work: Coroutine[None, None, str] = check()
    return asyncio.run(work)
