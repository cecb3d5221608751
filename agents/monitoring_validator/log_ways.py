"""Follows logs where compose files, container platforms and agents' own settings say where they go (4.1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Code,
    Compose,
    Draft,
    Example,
    Infrastructure,
    Places,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    passed,
    unsure,
)

from ._alarms import WATCHING
from ._services import offstage

_SENDING = frozenset(
    {
        "loki",
        "grafana/loki-docker-driver",
        "fluentd",
        "gelf",
        "splunk",
        "awslogs",
        "gcplogs",
        "syslog",
        "logentries",
        "etwlogs",
    }
)
_STAYING = frozenset({"none", "json-file", "local"})
_OF_OTHERS = re.compile(
    r"(^|/)(postgres|mysql|mariadb|redis|valkey|memcached|rabbitmq|nginx|traefik|caddy|grafana|prom|prometheus|loki|alertmanager|"
    r"mongo|elasticsearch|opensearch|vector|fluent\w*|promtail|alloy|otel\w*|minio|telegraf|[\w-]*exporter)(:|@|/|$)",
    re.IGNORECASE,
)
_AGENT = re.compile(
    r"fluent-?bit|fluentd|vector|promtail|alloy|filebeat|datadog/agent|splunk|logspout|otel|newrelic", re.IGNORECASE
)
_WEB = "services:\n  web:\n    image: registry.example/shop:11\n    restart: unless-stopped\n"
_LOKI = "    logging:\n      driver: loki\n      options: {loki-url: https://loki.example/loki/api/v1/push}\n"
_WORKER = "  worker:\n    image: registry.example/shop:11\n    command: work\n    logging: {driver: %s}\n"


@check(
    "OBS-4.1.1",
    shows=BOTH,
    clean=[
        Example("a driver that sends them away", {"compose.yaml": _WEB + _LOKI}),
        Example("each by a driver of its own", {"compose.yaml": _WEB + _LOKI + _WORKER % "fluentd"}),
        Example(
            "beside a database",
            {"compose.yaml": _WEB + _LOKI + "  db:\n    image: postgres:17\n"},
        ),
    ],
    flagged=[
        Example("a worker whose lines are dropped", {"compose.yaml": _WEB + _LOKI + _WORKER % "none"}),
        Example("on the disk of the machine", {"compose.yaml": _WEB + "    logging: {driver: json-file}\n"}),
    ],
    silent=[
        Example("nothing said", {"compose.yaml": _WEB}),
        Example("one of two", {"compose.yaml": _WEB + _LOKI + "  worker:\n    image: registry.example/shop:11\n"}),
        Example(
            "an agent beside it reads the disk",
            {
                "compose.yaml": _WEB + "    logging: {driver: json-file}\n"
                "  vector:\n    image: timberio/vector:0.51.0\n    volumes: "
                "[/var/lib/docker/containers:/containers:ro]\n"
            },
        ),
    ],
)
def drivers_of_compose(compose: Compose) -> Iterator[Draft]:
    """Each service of one's own in a compose file has a driver that sends its lines away."""
    own: list[tuple[str, str, Source]] = []
    agent = False
    for file in compose.files:
        for name, body in file.section("services").items():
            image = str(body.get("image") or "") if isinstance(body, dict) else ""
            agent = agent or _AGENT.search(image) is not None
            if isinstance(body, dict) and not _OF_OTHERS.search(image):
                logging = body.get("logging")
                driver = str(logging.get("driver") or "") if isinstance(logging, dict) else ""
                own.append((name, driver, file.at("services", name)))
    lost = [one for one in own if one[1] == "none" or (one[1] in _STAYING and not agent)]
    if lost:
        yield failed(
            each(lost, name=lambda one: one[0], at=lambda one: one[2]).say(
                "The logs of {} stay where {it|they} {runs|run}"
            ),
            examined(len(own), "services of compose files"),
        )
    elif own and all(driver in _SENDING for _, driver, _ in own):
        yield passed(
            each(own, name=lambda one: one[0], at=lambda one: one[2]).say("{} {sends} {its} logs to a central store"),
            examined(len(own), "services of compose files"),
        )


_APPS = (
    "resource env 'Microsoft.App/managedEnvironments@2024-03-01' = {{\n  name: '{name}'\n  properties: {{\n"
    "    appLogsConfiguration: {{\n      destination: '{to}'\n    }}\n  }}\n}}\n"
)


@check(
    "OBS-4.1.1",
    shows=BOTH,
    clean=[
        Example("to Log Analytics", {"infra/main.bicep": _APPS.format(name="shop", to="log-analytics")}),
        Example(
            "to a workspace, in Terraform",
            {
                "main.tf": 'resource "azurerm_container_app_environment" "shop" {\n  name = "shop"\n'
                "  log_analytics_workspace_id = azurerm_log_analytics_workspace.shop.id\n}\n"
            },
        ),
    ],
    flagged=[
        Example(
            "a second environment sends them nowhere",
            {
                "infra/main.bicep": _APPS.format(name="shop", to="log-analytics"),
                "infra/office.bicep": _APPS.format(name="office", to="none"),
            },
        ),
    ],
    silent=[
        Example(
            "nothing said",
            {
                "infra/main.bicep": "resource env 'Microsoft.App/managedEnvironments@2024-03-01' = {\n  name: "
                "'shop'\n}\n"
            },
        )
    ],
)
def environments_of_container_apps(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Each environment of container apps says to which store its lines go."""
    found = [block for block in infrastructure.some if WATCHING.kind(block) == "apps"]
    to = [
        str(
            block.get("properties", "appLogsConfiguration", "destination")
            or block.get("logs_destination")
            or ("log-analytics" if block.get("log_analytics_workspace_id") else "")
        )
        for block in found
    ]
    lost = [block for block, where in zip(found, to, strict=True) if where == "none"]
    if lost:
        yield failed(each(lost, name=lambda b: b.address, at=lambda b: b.at()).say("The logs of {} go nowhere"))
    elif found and all(where in ("log-analytics", "azure-monitor") for where in to):
        yield passed(
            each(found, name=lambda b: b.address, at=lambda b: b.at()).say("{} {sends} {its} logs to a central store"),
            examined(len(found), "environments of container apps"),
        )


READ = Signal(
    id="monitoring.logs-read",
    pattern=r"^name\s+(?:tail|systemd|docker|forward)\s*$|^@type\s+(?:tail|systemd|forward)\s*$|"
    r"^(?:\w+:\s*\{\s*)?\"?type\"?\s*[:=]\s*[\"']?(?:journald|docker_logs|kubernetes_logs|fluent|file|syslog)\b|^-\s*type:\s*(?:filestream|container|journald)\b",
    roles=("infra", "config"),
    kept=ALL,
)
WRITTEN = Signal(
    id="monitoring.logs-sent",
    pattern=r"^name\s+(?:es|opensearch|loki|cloudwatch(?:_logs)?|splunk|datadog|kafka|http|stackdriver|azure\w*|nrlogs|newrelic|gelf|"
    r"kinesis\w*|bigquery|opentelemetry|coralogix)\s*$|"
    r"^@type\s+(?:elasticsearch|opensearch|loki|cloudwatch_logs|splunk\w*|datadog|google[_]cloud|azure\w*|gelf)\b|"
    r"^(?:\w+:\s*\{\s*)?\"?type\"?\s*[:=]\s*[\"']?(?:elasticsearch|opensearch|loki|aws[_]cloudwatch_logs|splunk\w*|datadog_logs|"
    r"gcp_stackdriver_logs|azure_monitor_logs|new_relic|papertrail)\b|^output\.(?:elasticsearch|logstash):",
    roles=("infra", "config"),
    kept=ALL,
)
DROPPED = Signal(
    id="monitoring.logs-dropped",
    pattern=r"^name\s+(?:null|counter|exit|flowcounter|stdout|file)\s*$|^@type\s+(?:null|stdout|file)\s*$|"
    r"^(?:\w+:\s*\{\s*)?\"?type\"?\s*[:=]\s*[\"']?(?:blackhole|console)\b|^name\s+\$\{\w+\}\s*$|^output\.(?:file|console):",
    roles=("infra", "config"),
)
IN_CODE = Signal(
    id="monitoring.log-driver-in-code",
    pattern=r"\bLogDrivers?\.(?:awsLogs|aws[_]logs|splunk|fluentd|gelf|firelens)\(|logging:\s*ecs\.LogDriver|new "
    r"ecs\.AwsLogDriver\(",
    roles=("source", "infra"),
)
DRIVER_OF_KAMAL = Signal(
    id="monitoring.log-driver-of-kamal",
    pattern=r"^logging:\s*\{\s*driver:\s*[\"']?(?:fluentd|gelf|loki|awslogs|splunk|gcplogs|syslog)\b",
    roles=("infra", "config"),
)
_VECTOR = '[sources.journal]\ntype = "journald"\n\n[sinks.store]\ntype = "%s"\ninputs = ["journal"]\n'
_FLUENT = (
    "config:\n  inputs: |\n    [INPUT]\n        Name tail\n        Path /var/log/containers/*.log\n"
    "  outputs: |\n    [OUTPUT]\n        Name %s\n"
)


TO_FILE = Signal(
    id="monitoring.log-to-file",
    pattern=r"\b(?:Rotating|TimedRotating|Watched)?FileHandler\(|transports\.File\(|pino/file|\.WriteTo\.File\(|"
    r"lumberjack\.Logger\{|(?:Rolling)?FileAppender\b|\bLogger\.new\(\s*[\"'][\w./-]*\.log",
    roles=("source", "config"),
    kept=ALL,
)
TO_CONSOLE = Signal(
    id="monitoring.log-to-console",
    pattern=r"\bStreamHandler\(|ConsoleAppender|transports\.Console|\.WriteTo\.Console\(|\bstdout\b|\bstderr\b|"
    r"dictConfig|addHandler\(|\bMultiWriter\(",
    roles=("source", "config"),
    kept=ALL,
)


@check(
    "OBS-4.1.1",
    shows=PASS,
    clean=[
        Example("Vector, from the journal to Loki", {"infra/vector.toml": _VECTOR % "loki"}),
        Example("the values of Fluent Bit's chart", {"infra/fluent-bit.yaml": _FLUENT % "cloudwatch_logs"}),
        Example(
            "the platform pushes them to a bucket",
            {
                "main.tf": 'resource "cloudflare_logpush_job" "workers" {\n  dataset = "workers_trace_events"\n'
                '  destination_conf = "s3://logs"\n  enabled = true\n}\n'
            },
        ),
        Example(
            "to the console, and to a file as well",
            {
                "infra/fluent-bit.yaml": _FLUENT % "loki",
                "app.py": "basicConfig(handlers=[RotatingFileHandler('/srv/app.log'), StreamHandler()])\n",
            },
        ),
        Example(
            "a driver in the CDK",
            {"cdk/app.ts": "task.addContainer('web', { logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'web' }) })\n"},
        ),
    ],
    flagged=[
        Example("Vector, into nothing", {"infra/vector.toml": _VECTOR % "blackhole"}),
        Example("an output that is a variable", {"infra/fluent-bit.yaml": _FLUENT % "${LOG_OUTPUT}"}),
        Example(
            "an application that writes a file in its container",
            {
                "infra/fluent-bit.yaml": _FLUENT % "loki",
                "app.py": "basicConfig(handlers=[RotatingFileHandler('/srv/app.log', backupCount=3)])\n",
            },
        ),
        Example("a sink without a source", {"infra/vector.toml": '[sinks.store]\ntype = "loki"\n'}),
        Example(
            "a push that is switched off",
            {
                "main.tf": 'resource "cloudflare_logpush_job" "workers" {\n  dataset = "workers_trace_events"\n'
                '  destination_conf = "s3://logs"\n  enabled = false\n}\n'
            },
        ),
    ],
    reads=[READ, WRITTEN, DROPPED, IN_CODE, DRIVER_OF_KAMAL, TO_FILE, TO_CONSOLE],
)
def settings_of_agents(code: Code, infrastructure: Infrastructure) -> Iterator[Draft]:
    """The settings of a log agent take lines in and send them to a store; or a program declares where they go."""
    read, written = code[READ].places, code[WRITTEN].places
    whole = [hit for hit in written if hit.path in read.files]
    pushed = [b for b in infrastructure.some if WATCHING.kind(b) == "push" and b.flag("enabled") is not False]
    declared: Places = code[IN_CODE].places
    kamal = code[DRIVER_OF_KAMAL].places
    if alone := _to_files(code):
        yield unsure(f"Lines are written to a file, which nothing is seen to collect: {alone[0].text}", alone[0], alone)
        return
    if code[DROPPED].places:
        return
    if whole:
        yield passed(f"A log agent's settings send lines to a store: {whole[0].text}", *whole, confidence="medium")
    elif kamal:
        yield passed(f"Containers' lines are sent away: {kamal[0].text}", kamal, confidence="medium")
    elif pushed:
        yield passed(f"{pushed[0].address} sends logs to a store", *(b.at() for b in pushed), confidence="medium")
    elif declared:
        yield passed(f"A program declares where logs go: {declared[0].text}", declared, confidence="medium")


def _to_files(code: Code) -> Places:
    """Where an application writes its lines to a file of its own, and says nothing of a console."""
    console = code[TO_CONSOLE].places.files
    return code[TO_FILE].places.under(lambda path: path not in console and not offstage(path))
