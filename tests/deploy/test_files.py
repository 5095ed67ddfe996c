"""The deployment files say what the program reads, and what the platforms accept."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot import settings
from bot.chats.slack_inbound import HAPPENINGS
from bot.chats.slack_workspaces import REMOVED
from tests.shared_data import shared

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"


def names_read() -> set[str]:
    return set(re.findall(r'"((?:BACKSTORY|TELEGRAM|SLACK)_[A-Z_]+)"', Path(settings.__file__).read_text("utf-8")))


def test_the_example_environment_names_every_setting_and_no_other() -> None:
    example = (DEPLOY / "env.example").read_text("utf-8")
    assert set(re.findall(r"^#?([A-Z][A-Z_]+)=", example, re.MULTILINE)) == names_read()


def test_the_example_environment_loads_with_every_line_switched_on(tmp_path: Path) -> None:
    example = (DEPLOY / "env.example").read_text("utf-8")
    (tmp_path / ".env").write_text(re.sub(r"^#([A-Z])", r"\1", example, flags=re.MULTILINE), "utf-8")
    found = settings.load({}, folder=tmp_path)
    assert found.http_port == 3000
    assert found.database_url.startswith("postgresql+psycopg://")


def test_the_slack_manifest_is_one_that_slack_accepts() -> None:
    schema = json.loads(shared("specs", "slack", "manifest.schema.2.0.0.json").read_text("utf-8"))
    manifest = yaml.safe_load((DEPLOY / "slack-manifest.yaml").read_text("utf-8"))
    jsonschema.validate(manifest, schema)


def test_the_slack_manifest_can_be_switched_to_http() -> None:
    text = (DEPLOY / "slack-manifest.yaml").read_text("utf-8")
    opened = re.sub(r"^( *)#(?=\S)", r"\1", text, flags=re.MULTILINE).replace("YOUR-HOST", "bot.example.org")
    manifest = yaml.safe_load(opened.replace("socket_mode_enabled: true", "socket_mode_enabled: false"))
    jsonschema.validate(manifest, json.loads(shared("specs", "slack", "manifest.schema.2.0.0.json").read_text("utf-8")))
    commands, settings_ = manifest["features"]["slash_commands"], manifest["settings"]
    addresses = [row["url"] for row in commands]
    addresses += [settings_[part]["request_url"] for part in ("event_subscriptions", "interactivity")]
    assert set(addresses) == {"https://bot.example.org/slack/events"}
    assert manifest["oauth_config"]["redirect_urls"] == ["https://bot.example.org/slack/oauth_redirect"]


@pytest.mark.parametrize("command", ["/topics", "/backstory"])
def test_the_slack_manifest_has_the_commands_that_the_adapter_takes(command: str) -> None:
    manifest = yaml.safe_load((DEPLOY / "slack-manifest.yaml").read_text("utf-8"))
    assert command in {row["command"] for row in manifest["features"]["slash_commands"]}


def test_the_slack_manifest_asks_for_what_the_app_home_and_the_form_need() -> None:
    manifest = yaml.safe_load((DEPLOY / "slack-manifest.yaml").read_text("utf-8"))
    features, settings_ = manifest["features"], manifest["settings"]
    assert features["app_home"]["home_tab_enabled"]
    assert "app_home_opened" in settings_["event_subscriptions"]["bot_events"]
    assert settings_["interactivity"]["is_enabled"]
    assert [(row["type"], len(row["name"]) <= 24) for row in features["shortcuts"]] == [("global", True)]


def test_the_slack_manifest_subscribes_to_what_becomes_of_a_channel() -> None:
    manifest = yaml.safe_load((DEPLOY / "slack-manifest.yaml").read_text("utf-8"))
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert set(HAPPENINGS) < set(events)
    assert set(REMOVED) < set(events)


def test_every_decision_is_listed() -> None:
    index = (DEPLOY / "adr" / "README.md").read_text("utf-8")
    for page in (DEPLOY / "adr").glob("0*.md"):
        assert f"({page.name})" in index
