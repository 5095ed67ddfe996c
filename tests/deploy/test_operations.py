"""Every deployment file does what it says, as far as this machine can tell: each is built, parsed or verified."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kubernetes_validate
import promql_parser
import pytest
import yaml
from prometheus_client import ProcessCollector

from bot.clock import SystemClock
from bot.metrics import Moment, exposition
from bot.model import DeliveryState
from bot.settings import Settings
from bot.store.port import Lags, StoreStatus
from tests.deploy.commands import PAGE, commands_text, with_commands

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent


def run(*command: str, **more: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401 - as subprocess takes them
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)  # noqa: S603 - our own words


# ------------------------------------------------------------ the image


def test_the_dockerfile_holds_no_fault_that_its_linter_knows() -> None:
    done = run(str(BIN / "hadolint"), "--failure-threshold", "info", str(DEPLOY / "Dockerfile"))
    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_image_copies_is_there_and_nothing_else_goes_to_the_engine() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    copied = [
        name for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE) for name in line.split()[:-1]
    ]
    assert copied
    for name in copied:
        assert (ROOT / name).exists()
    let_in = set(re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8"), re.MULTILINE))
    assert let_in == set(copied)
    assert re.search(r"^USER 10001:10001$", dockerfile, re.MULTILINE)


def test_the_steps_of_the_image_are_those_of_the_script() -> None:
    steps = re.findall(r"^RUN sh deploy/build.sh (\w+)", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    script = (DEPLOY / "build.sh").read_text("utf-8")
    assert steps == re.findall(r"^(\w+)\)$", script, re.MULTILINE)
    assert "--require-hashes" in script
    done = run("sh", str(DEPLOY / "build.sh"), "fly", "nowhere")
    assert (done.returncode, "no such step" in done.stderr) == (2, True)


def test_the_images_check_asks_the_port_that_is_set() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    (check,) = re.findall(r"^HEALTHCHECK .*\n +CMD (\[.+\])$", dockerfile, re.MULTILINE)
    asked = []

    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing to be read."""

    program, *arguments = json.loads(check)
    assert program == "python"
    with ThreadingHTTPServer(("127.0.0.1", 0), Healthy) as server:
        environment = {**os.environ, "BACKSTORY_METRICS_PORT": str(server.server_port)}
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        assert run(sys.executable, *arguments, env=environment).returncode == 0
        server.shutdown()
    assert asked == ["/healthz"]
    assert run(sys.executable, *arguments, env=environment).returncode != 0


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bot installed as the image has it: by the script's own step, beside the packages that are here already."""
    folder = tmp_path_factory.mktemp("image")
    (folder / "bin").mkdir()
    python = folder / "bin" / "python"
    python.write_text(f'#!/bin/sh\nPIP_TARGET="{folder}/lib" exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    done = run("sh", str(DEPLOY / "build.sh"), "app", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def test_the_installed_bot_has_all_its_data_and_runs(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed / "lib"), "BACKSTORY_DATA_DIR": str(tmp_path)}
    where = run(sys.executable, "-c", "import bot; print(bot.__file__)", cwd=tmp_path, env=environment)
    assert where.stdout.strip() == str(installed / "lib" / "bot" / "__init__.py")
    demo = run(sys.executable, "-m", "bot", "demo", cwd=tmp_path, env=environment)
    assert demo.returncode == 0, demo.stderr
    assert "Earlier:" in demo.stdout
    assert "matched dprk: North Korea" in demo.stdout
    assert not any(installed.rglob("tests"))


# ------------------------------------------------------------ compose, systemd, Kubernetes


def test_compose_has_a_bot_alone_and_one_on_postgresql() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    services = compose["services"]
    assert "profiles" not in services["bot"]
    assert services["fleet"]["profiles"] == services["postgres"]["profiles"] == ["fleet"]
    for name in ("bot", "fleet"):
        service = services[name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["build"] == {"context": "..", "dockerfile": "deploy/Dockerfile"}
        assert service["env_file"] == [{"path": "../.env", "required": False}]
    assert services["fleet"]["environment"]["BACKSTORY_DATABASE_URL"].startswith("postgresql+psycopg://")
    mounted = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert mounted == set(compose["volumes"])


def test_compose_itself_accepts_it() -> None:
    if run("docker", "compose", "version").returncode if shutil.which("docker") else True:
        pytest.skip("docker compose is not installed here")
    done = run("docker", "compose", "-f", str(DEPLOY / "compose.yaml"), "--profile", "fleet", "config", "-q")
    assert done.returncode == 0, done.stderr


def test_systemd_accepts_the_unit_and_finds_it_confined(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed here")
    unit = (DEPLOY / "systemd" / "backstory.service").read_text("utf-8")
    # The program is where an installation puts it; here another one stands in.
    assert unit.count("ExecStart=/opt/backstory/bin/backstory run") == 1
    there = tmp_path / "backstory.service"
    there.write_text(unit.replace("/opt/backstory/bin/backstory run", "/bin/true"))
    done = run("systemd-analyze", "verify", "--man=no", str(there))
    assert (done.returncode, done.stderr) == (0, "")
    done = run("systemd-analyze", "security", "--offline=true", "--threshold=20", str(there))
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd cannot judge a unit that is not running")
    assert done.returncode == 0, done.stdout[-300:]


def test_the_unit_leaves_the_process_what_its_own_figures_are_read_from(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to("/proc/self")
    assert list(ProcessCollector("", lambda: "self", str(tmp_path), None).collect()) == []  # as with ProcSubset=pid
    unit = (DEPLOY / "systemd" / "backstory.service").read_text("utf-8")
    assert re.findall(r"^ProcSubset=(?!all$).*", unit, re.MULTILINE) == []


ALONE, FLEET = "kubernetes.yaml", "kubernetes-fleet.yaml"
both = pytest.mark.parametrize("name", [ALONE, FLEET])


def manifests(name: str = ALONE) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text("utf-8")))


def pod_of(name: str) -> dict[str, Any]:
    """What the pods of a deployment are made of."""
    (deployment,) = (one for one in manifests(name) if one["kind"] == "Deployment")
    pod: dict[str, Any] = deployment["spec"]["template"]["spec"]
    return pod


@pytest.mark.parametrize(
    "manifest",
    [pytest.param(one, id=f"{one['kind']} of {name}") for name in (ALONE, FLEET) for one in manifests(name)],
)
def test_kubernetes_accepts_each_manifest(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


@both
def test_the_manifests_fit_each_other(name: str) -> None:
    by_kind = {manifest["kind"]: manifest for manifest in manifests(name)}
    deployment = by_kind["Deployment"]["spec"]
    pod = deployment["template"]
    labels = pod["metadata"]["labels"]
    assert deployment["selector"]["matchLabels"] == labels == by_kind["Service"]["spec"]["selector"]
    assert by_kind["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels
    (container,) = pod["spec"]["containers"]
    (port,) = container["ports"]
    environment = {row["name"]: row.get("value") for row in container["env"]}
    assert environment["BACKSTORY_METRICS_PORT"] == str(port["containerPort"])
    assert by_kind["Service"]["spec"]["ports"][0]["targetPort"] == port["name"]
    assert {container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")} == {
        "/healthz",
        "/readyz",
    }
    volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes


def test_a_bot_alone_has_one_pod_at_a_time_and_its_claim() -> None:
    by_kind = {manifest["kind"]: manifest for manifest in manifests(ALONE)}
    deployment = by_kind["Deployment"]["spec"]
    assert (deployment["replicas"], deployment["strategy"]) == (1, {"type": "Recreate"})
    claim = next(row for row in pod_of(ALONE)["volumes"] if "persistentVolumeClaim" in row)["persistentVolumeClaim"]
    assert claim["claimName"] == by_kind["PersistentVolumeClaim"]["metadata"]["name"]


def test_a_fleet_is_renewed_and_moved_worker_by_worker_and_keeps_nothing_in_its_pods() -> None:
    by_kind = {manifest["kind"]: manifest for manifest in manifests(FLEET)}
    deployment, budget = by_kind["Deployment"]["spec"], by_kind["PodDisruptionBudget"]["spec"]
    assert deployment["replicas"] > budget["maxUnavailable"] > deployment["strategy"]["rollingUpdate"]["maxUnavailable"]
    assert budget["selector"] == deployment["selector"]
    pod = pod_of(FLEET)
    (container,) = pod["containers"]
    assert container["args"] == ["worker"]
    (url,) = (row["valueFrom"] for row in container["env"] if row["name"] == "BACKSTORY_DATABASE_URL")
    assert set(url) == {"secretKeyRef"}
    assert all("emptyDir" in volume for volume in pod["volumes"])
    assert by_kind["Service"]["spec"]["clusterIP"] == "None"


def test_a_worker_is_confined_and_watched_as_the_bot_alone_is() -> None:
    alone, fleet = pod_of(ALONE), pod_of(FLEET)
    # Where nothing is kept, no file is another user's.
    assert alone["securityContext"] == fleet["securityContext"] | {"fsGroupChangePolicy": "OnRootMismatch"}
    (one,), (worker,) = alone["containers"], fleet["containers"]
    for part in ("securityContext", "resources", "startupProbe", "livenessProbe", "readinessProbe", "volumeMounts"):
        assert worker[part] == one[part], part
    # A drain takes as long as that of the bot alone, after whatever comes first.
    first_s = int(worker["lifecycle"]["preStop"]["exec"]["command"][1])
    assert fleet["terminationGracePeriodSeconds"] == alone["terminationGracePeriodSeconds"] + first_s


def opened(name: str) -> str:
    """A file with its optional lines switched on: those with no space behind their ``#``."""
    return re.sub(r"^( *)#(?=\S)", r"\1", (DEPLOY / name).read_text("utf-8"), flags=re.MULTILINE)


@both
def test_kubernetes_can_be_opened_to_the_internet(name: str) -> None:
    opened_manifests = list(yaml.safe_load_all(opened(name)))
    for manifest in opened_manifests:
        kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)
    deployment, policy = (
        next(manifest["spec"] for manifest in opened_manifests if manifest["kind"] == kind)
        for kind in ("Deployment", "NetworkPolicy")
    )
    (container,) = deployment["template"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    (host,) = (row for row in container["env"] if row["name"] == "BACKSTORY_HTTP_HOST")
    own = {"valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}
    assert host == {"name": "BACKSTORY_HTTP_HOST", **({"value": "0.0.0.0"} if name == ALONE else own)}  # noqa: S104 - in a pod
    assert ports["http"] == Settings(Path(), "").http_port
    services = [manifest["spec"] for manifest in opened_manifests if manifest["kind"] == "Service"]
    assert {spec["ports"][0]["targetPort"] for spec in services} == set(ports)
    assert {tuple(spec["selector"].items()) for spec in services} == {
        tuple(deployment["selector"]["matchLabels"].items())
    }
    let_in = [(next(iter(rule["from"][0])), rule["ports"][0]["port"]) for rule in policy["ingress"]]
    outside = {("namespaceSelector", port) for port in ports.values()}
    # The workers of a fleet reach one another.
    assert sorted(let_in) == sorted(outside | ({("podSelector", ports["http"])} if name == FLEET else set()))


@pytest.mark.parametrize("name", ["bot", "fleet"])
def test_compose_can_be_opened_to_this_machine(name: str) -> None:
    shut, service = (
        yaml.safe_load(text)["services"][name]
        for text in ((DEPLOY / "compose.yaml").read_text("utf-8"), opened("compose.yaml"))
    )
    assert "ports" not in shut
    hosts = {service["environment"][f"BACKSTORY_{which}_HOST"] for which in ("HTTP", "METRICS")}
    assert hosts == {"0.0.0.0"}  # noqa: S104 - in a container
    inside = [port.rpartition(":")[2] for port in service["ports"]]
    assert inside == [str(Settings(Path(), "").http_port), metrics_port()]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def metrics_port() -> str:
    """Where the image serves its figures."""
    (port,) = re.findall(r"BACKSTORY_METRICS_PORT=(\d+)", (DEPLOY / "Dockerfile").read_text("utf-8"))
    return str(port)


def test_prometheus_finds_the_bot_under_the_name_that_the_alerts_ask_for() -> None:
    for text in ((DEPLOY / "prometheus-scrape.yaml").read_text("utf-8"), opened("prometheus-scrape.yaml")):
        (job,) = yaml.safe_load(text)["scrape_configs"]
        targets = [target for group in job["static_configs"] for target in group["targets"]]
        assert {target.rpartition(":")[2] for target in targets} == {metrics_port()}
        named = {name for rule in rules() for name in re.findall(r'job="(\w+)"', rule["expr"])}
        assert named == {job["job_name"]}
    service, workers = (
        next(manifest["metadata"]["name"] for manifest in manifests(name) if manifest["kind"] == "Service")
        for name in (ALONE, FLEET)
    )
    assert f"{service}.backstory.svc:{metrics_port()}" in targets
    names = [name for look_up in job["dns_sd_configs"] for name in look_up["names"]]
    assert names == ["fleet", f"{workers}.backstory.svc"]
    assert {look_up["port"] for look_up in job["dns_sd_configs"]} == {int(metrics_port())}


def test_a_bot_that_nobody_finds_is_down() -> None:
    (down,) = (rule["expr"] for rule in rules() if rule["alert"] == "BackstoryDown")
    assert 'absent(up{job="backstory"})' in down


# ------------------------------------------------------------ alert rules and dashboard


def known_metrics() -> set[str]:
    """Every metric that a bot gives."""
    full = StoreStatus(
        1,
        1,
        1,
        1,
        1,
        1,
        outbox=dict.fromkeys(DeliveryState, 1),
        last_entry_at=SystemClock().now(),
        counters={"entries": 1},
        lags=Lags(1, (1.0, 1.0), (1.0, 1.0)),
    )
    text = exposition(Moment(SystemClock().now(), full, 0.0, (("telegram", True),))).decode()
    return {line.split("{")[0].split(" ")[0] for line in text.splitlines() if not line.startswith("#")} | {"up"}


def asked(expression: str) -> set[str]:
    """The metrics that an expression names; it must parse."""
    promql_parser.parse(expression)
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|(?:by|without|on|ignoring)\s*\([^)]*\)', " ", expression)
    return set(re.findall(r"\b(?:backstory_\w+|process_\w+|up)\b", bare))


def dashboard_expressions() -> Iterator[str]:
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "prometheus-alerts.yaml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_metric_that_is_asked_for_exists() -> None:
    known = known_metrics()
    expressions = [*dashboard_expressions(), *(rule["expr"] for rule in rules())]
    assert len(expressions) > 20
    for expression in expressions:
        names = asked(expression)
        assert names, expression
        assert names <= known, expression


def test_what_every_worker_of_a_fleet_tells_alike_is_shown_once() -> None:
    own = {"backstory_tick_age_seconds", "backstory_chat_connected"}
    for expression in dashboard_expressions():
        processes = {name for name in asked(expression) if name.startswith("process_")}
        assert expression.count('{job="backstory"}') == len(processes), expression
        assert expression.startswith("max") is not bool(processes or asked(expression) & own), expression


def test_the_dashboard_is_whole() -> None:
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)
    places = {
        (x, y)
        for panel in dashboard["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    }
    assert len(places) == sum(panel["gridPos"]["w"] * panel["gridPos"]["h"] for panel in dashboard["panels"])
    assert max(x for x, _ in places) == 23
    assert {panel["datasource"]["uid"] for panel in dashboard["panels"]} == {"${datasource}"}


def test_each_alert_leads_to_a_page_of_the_runbook() -> None:
    pages = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^## (.+)$", (DEPLOY / "RUNBOOK.md").read_text("utf-8"), re.MULTILINE)
    }
    for rule in rules():
        file, _, page = rule["annotations"]["runbook"].partition("#")
        assert (file, page in pages) == ("deploy/RUNBOOK.md", True), rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}


# ------------------------------------------------------------ texts


def test_botfathers_commands_are_those_of_the_table() -> None:
    page = PAGE.read_text("utf-8")
    assert with_commands(page) == page, "write it anew: python -m tests.deploy"


def test_botfather_takes_the_texts() -> None:
    for line in commands_text().splitlines():
        name, _, summary = line.partition(" - ")
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(summary) <= 256
    about, description, _ = re.findall(r"```text\n(.*?)\n```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(about) <= 120
    assert len(description) <= 512


@cache
def known_commands() -> set[str]:
    done = run(sys.executable, "-m", "bot", "--help", cwd=ROOT)
    return set(re.findall(r"^    (\w+)", done.stdout, re.MULTILINE))


@pytest.mark.parametrize("name", ["README.md", "deploy/RUNBOOK.md", "deploy/SECURITY.md", "deploy/botfather.md"])
def test_what_a_page_names_exists(name: str) -> None:
    page = (ROOT / name).read_text("utf-8")
    for path in re.findall(r"`((?:tests|deploy|bot|handlers)/[\w/.-]+)`", page):
        assert (ROOT / path).exists(), path
    for module in re.findall(r"python -m ([\w.]+)", page):
        assert importlib.util.find_spec(module), module
    settings_file = (ROOT / "bot" / "settings.py").read_text("utf-8")
    for setting in set(re.findall(r"\bBACKSTORY_[A-Z_]+\b", page)):
        assert f'"{setting}"' in settings_file, setting
    assert set(re.findall(r"`backstory (\w+)", page)) <= known_commands()


def runbook() -> str:
    return (DEPLOY / "RUNBOOK.md").read_text("utf-8")


def test_the_runbook_speaks_of_the_services_that_compose_has() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    spoken = re.findall(
        r"compose -f deploy/compose\.yaml( --profile fleet)? (?:exec(?: -T)?|run --rm|up -d|cp|logs) (\w+)", runbook()
    )
    assert {name for _, name in spoken} == set(compose["services"])
    for profile, name in spoken:
        assert compose["services"][name].get("profiles", []) == profile.split()[1:], name
    (volume,) = re.findall(r"inspect -f '\{\{\.Mountpoint\}\}' (\w+)", runbook())
    assert volume.removeprefix(f"{compose['name']}_") in compose["volumes"]


def test_the_runbook_runs_commands_as_the_unit_does() -> None:
    unit = (DEPLOY / "systemd" / "backstory.service").read_text("utf-8")
    (function,) = re.findall(r"^backstory_as_service\(\) \{(.+?)\}$", runbook(), re.MULTILINE | re.DOTALL)
    given = dict(word.split("=", 1) for word in re.findall(r"-p (\S+)", function))
    assert given.pop("User") == "backstory"  # a dynamic user is named after its unit
    assert given.keys() == {
        "DynamicUser",
        "StateDirectory",
        "StateDirectoryMode",
        "WorkingDirectory",
        "EnvironmentFile",
    }
    for name, value in given.items():
        assert f"{name}={value}" in unit.splitlines()
    assert re.findall(r"-E (\S+)", function)[0] in unit
    assert f"{function.split()[-2]} run" in unit
    assert run("sh", "-n", input=f"f() {{{function}}}").returncode == 0


def test_the_runbooks_pod_fits_the_deployment() -> None:
    (text,) = re.findall(r"--overrides='(.+?)'\n", runbook(), re.DOTALL)
    spec = json.loads(text)["spec"]
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "once"}, "spec": spec}
    kubernetes_validate.validate(pod, kubernetes_validate.latest_version(), strict=True)
    deployed = next(one for one in manifests() if one["kind"] == "Deployment")["spec"]["template"]["spec"]
    (ours,), (theirs,) = spec["containers"], deployed["containers"]
    assert [ours[key] for key in ("image", "envFrom")] == [theirs[key] for key in ("image", "envFrom")]
    assert ours["volumeMounts"][0] in theirs["volumeMounts"]
    assert spec["volumes"][0] in deployed["volumes"]
    assert spec["securityContext"].items() <= deployed["securityContext"].items()
