"""Follows logs to their store: shipped to one place, and kept for long enough."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    LogStores,
    Part,
    Places,
    Setting,
    Signal,
    Source,
    Typed,
    Workload,
    Workloads,
    check,
    each,
    examined,
    failed,
    many,
    measured,
    passed,
    unsure,
)

_SHIPPER = re.compile(
    r"fluent-?bit|fluentd|amazon-cloudwatch-observability|timberio/vector|promtail|"
    r"filebeat|elastic-agent|splunk|logstash|sumologic|logdna|mezmo|coralogix",
    re.IGNORECASE,
)
SHIPPER_CHART = Signal(
    id="monitoring.log-shipper-chart",
    pattern=r"(chart|name|addon_name|chartName)\"?\s*[:=]\s*[\"']?([\w.-]+/)?(aws-for-)?(fluent-bit|fluentd|promtail|"
    r"filebeat|amazon-cloudwatch-observability)[\"']?\s*$",
    roles=("infra", "config"),
    kept=ALL,
)
DATADOG_LOGS = Signal(
    id="monitoring.datadog-logs",
    pattern=r"DD_LOGS_ENABLED[\"']?\s*[:=]\s*[\"']?true|containerCollectAll:\s*true|^logs_enabled:\s*true",
    roles=("infra", "config"),
)
FILELOG = Signal(
    id="monitoring.filelog-receiver", words=("filelog:", "loki.source.kubernetes"), roles=("infra", "config")
)
LOGS_OFF = Signal(
    id="monitoring.log-agent-off",
    pattern=r"DD_LOGS_ENABLED[\"']?\s*[:=]\s*[\"']?false|containerCollectAll:\s*false|^logs_enabled:\s*false|"
    r"DD_LOGS_ENABLED.{0,12}value:\s*[\"']?false",
    roles=("infra", "config"),
)
SINKHOLE = Signal(
    id="monitoring.log-output-to-nowhere",
    pattern=r"^\s*name\s+(?:null|counter|exit|flowcounter|stdout|file)\s*$|^@type\s+(?:null|stdout|file)\s*$|^type\s*[:=]\s*[\"']?(?:blackhole|console)\b|"
    r"^\s*name\s+\$\{\w+\}\s*$|^@type\s+\"?#\{ENV|^output\.(?:file|console):",
    roles=("infra", "config"),
    kept=ALL,
)
OUTPUT = Signal(
    id="monitoring.log-output",
    pattern=r"^\s*name\s+(?:es|opensearch|loki|cloudwatch(?:_logs)?|splunk|datadog|s3|kafka|forward|http|stackdriver|azure\w*|nrlogs|newrelic|gelf|syslog|"
    r"kinesis\w*|firehose|bigquery|opentelemetry|influxdb|oracle\w*|logdna|coralogix|slack|td)\s*$|"
    r"^@type\s+(?:elasticsearch|opensearch|loki|cloudwatch_logs|splunk\w*|datadog|s3|kafka\w*|forward|http|google[_]cloud|azure\w*|gelf|syslog|remote_syslog)|"
    r"^type\s*[:=]\s*[\"']?(?:elasticsearch|opensearch|loki|aws[_]cloudwatch_logs|aws[_]s3|splunk\w*|datadog_logs|http|kafka|gcp_stackdriver_logs|"
    r"azure_monitor_logs|new_relic|papertrail|vector|socket)\b|^output\.(?:elasticsearch|logstash|kafka|redis):",
    roles=("infra", "config"),
)
LOKI_RETENTION = Signal(
    id="monitoring.loki-retention",
    pattern=r"retention_?period\"?\s*:\s*[\"']?\d+[hdwmy]",
    roles=("infra", "config"),
    kept=ALL,
)

LOKI_STREAM = Signal(
    id="monitoring.loki-stream-retention", words=("retention_stream",), roles=("infra", "config"), kept=ALL
)
LOKI_PERIOD = Signal(
    id="monitoring.loki-period",
    pattern=r"(?<!\w)period[\"']?\s*:\s*[\"']?\d+[hdwmy]",
    roles=("infra", "config"),
    kept=ALL,
)
_DAEMON = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: fluent-bit, namespace: logging}
spec:
  template:
    spec:
      containers:
        - {name: fluent-bit, image: "fluent/fluent-bit:3.1"}
"""
_OUTPUT = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: fluent-bit, namespace: logging}
data:
  fluent-bit.conf: |
    [INPUT]
        Name  tail
        Path  /var/log/containers/*.log
    [OUTPUT]
        Name  %s
        Match *
"""
_TASK = """\
resource "aws_ecs_task_definition" "shop" {
  family = "shop"
  container_definitions = jsonencode([{
    name  = "shop"
    image = "registry.example.org/shop:1.4.0"
    %s
  }])
}
"""


@check(
    "OBS-4.1.1",
    shows=BOTH,
    clean=[
        Example("its lines go to Loki", {"k8s/logging.yaml": _DAEMON + _OUTPUT % "loki"}),
        Example("a log agent on every node", {"k8s/logging.yaml": _DAEMON}),
        Example(
            "of the one cluster, beside a task that logs elsewhere",
            {
                "k8s/logging.yaml": _DAEMON,
                "infra/a.tf": 'resource "aws_eks_cluster" "a" {\n}\n'
                + _TASK % 'logConfiguration = { logDriver = "awslogs" }',
            },
        ),
        Example(
            "its chart, installed by Terraform",
            {
                "infra/logs.tf": 'resource "helm_release" "logs" {\n  name  = "logs"\n  chart = '
                '"aws-for-fluent-bit"\n}\n'
            },
        ),
    ],
    silent=[
        Example(
            "one agent, and two clusters",
            {
                "k8s/logging.yaml": _DAEMON,
                "infra/a.tf": 'resource "aws_eks_cluster" "a" {\n}\nresource "google_container_cluster" "b" {\n}\n',
            },
        ),
        Example(
            "an agent in the cluster, and a task beside it whose logs go nowhere",
            {"k8s/logging.yaml": _DAEMON, "infra/ecs.tf": _TASK % "memory = 512"},
        ),
        Example(
            "the lines of one agent go to Loki, and those of another nowhere",
            {"k8s/logging.yaml": _DAEMON + _OUTPUT % "loki", "office/logging.yaml": _DAEMON + _OUTPUT % "null"},
        ),
        Example("nobody knows where its lines go", {"k8s/logging.yaml": _DAEMON + _OUTPUT % "${LOG_OUTPUT}"}),
        Example(
            "switched off by a second file",
            {
                "dd/values.yaml": "datadog:\n  logs:\n    containerCollectAll: true\n",
                "dd/cheap.yaml": "datadog:\n  logs:\n    containerCollectAll: false\n",
            },
        ),
        Example(
            "an agent that leaves logs alone", {"k8s/dd.yaml": _DAEMON.replace("fluent/fluent-bit", "datadog/agent")}
        ),
        Example(
            "a workload without any", {"k8s/shop.yaml": _DAEMON.replace("fluent-bit", "shop").replace("fluent/", "")}
        ),
    ],
    flagged=[
        Example("an output that drops all", {"k8s/logging.yaml": _DAEMON + _OUTPUT % "null"}),
        Example(
            "an output that drops all, on one line",
            {
                "k8s/logging.yaml": _DAEMON,
                "k8s/settings.json": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "fluent-bit"}, '
                '"data": {"fluent-bit.conf": "[OUTPUT]\\n    Name  null\\n    Match *\\n"}}\n',
            },
        ),
    ],
    reads=[SHIPPER_CHART, FILELOG, DATADOG_LOGS, LOGS_OFF, SINKHOLE, OUTPUT],
)
def node_log_agent(
    kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code, workloads: Workloads
) -> Iterator[Draft]:
    """A log agent runs on every node of the cluster: a DaemonSet, or the chart that brings one."""
    found = next(_agents(kubernetes, infrastructure, code), None)
    others = _beyond_its_nodes(workloads)
    dropping, sending = _outputs(kubernetes, code)
    nowhere, off = Places(hit for hit in dropping if hit.path not in sending), code[LOGS_OFF].places
    if found and nowhere and sending:
        yield unsure(f"{found.message}; those of another agent go nowhere: {nowhere[0].text}", nowhere[0], nowhere)
    elif found and nowhere:
        if "$" in nowhere[0].text or "ENV" in nowhere[0].text:
            yield unsure(f"{found.message}; where they go is decided elsewhere: {nowhere[0].text}", nowhere[0])
        else:
            said = " ".join(nowhere[0].text.split())
            yield failed(f"{found.message}, and they go nowhere: {said}", nowhere[0], nowhere)
    elif found and off:
        yield unsure(f"{found.message}; elsewhere that is switched off: {off[0].text}", off[0])
    elif found and others:
        named = each(others, name=lambda part: part.address, at=lambda part: part.at)
        yield unsure(named.say("{said}; the logs of {} are not shown to be collected", said=found.message))
    elif found:
        yield found


def _outputs(kubernetes: Kubernetes, code: Code) -> tuple[list[Source], set[str]]:
    """
    The lines by which an agent sends what it collects to nobody, and the files with one that sends it to a store.

    What a cluster mounts as settings is read as its text, in whichever way the object of it is written.
    """
    dropping, sending = {(hit.path, hit.text): hit for hit in code[SINKHOLE].places}, set(code[OUTPUT].places.files)
    for settings in kubernetes.of("ConfigMap"):
        for name, text in settings.section("data").items():
            lines = [line.strip() for line in str(text)[:_LONGEST].split("\n")]
            if any(map(_SENDS.search, lines)):
                sending.add(settings.path)
            for line in filter(_DROPS.search, lines):
                place = settings.at("data", name).model_copy(update={"text": line})
                dropping.setdefault((settings.path, line), place)
    return list(dropping.values()), sending


_SENDS = re.compile(OUTPUT.pattern, re.IGNORECASE)
_DROPS = re.compile(SINKHOLE.pattern, re.IGNORECASE)
_LONGEST = 50_000
"""How much of one file of settings is looked at."""


def _beyond_its_nodes(workloads: Workloads) -> list[Workload]:
    """What an agent on the nodes of one cluster does not see: a second cluster, tasks, machines."""
    blocks = [(part, part.thing.block) for part in workloads.parts if part.production and part.thing.block is not None]
    alone = [part for part, block in blocks if _SENDERS.kind(block) in _APART and not _ships(block)]
    return [*workloads.clusters[1:], *alone]


_SENDERS = Typed("resources/log-senders")
_ADDONS = Typed("resources/cluster-addons")
_APART = frozenset({"containers", "machine"})


def _agents(kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    for daemon in kubernetes.of("DaemonSet"):
        images = [str(container.get("image", "")) for _, container in daemon.containers()]
        collects = any(_SHIPPER.search(image) for image in images)
        if collects or (code[FILELOG] and any("collector" in i or "alloy" in i or "agent" in i for i in images)):
            yield passed(f"DaemonSet {daemon.resource} collects the logs of every node", daemon.at("metadata", "name"))
    charts = code[SHIPPER_CHART].places.saying(
        lambda hit: (
            not hit.path.endswith(".tf") and (not hit.text.startswith(("name", "- name")) or _CHART.search(hit.path))
        )
    )
    for block in _ADDONS.among(infrastructure):
        what = str(_ADDONS.value(block, "what") or "")
        if _SHIPPER.search(what):
            said = f"The chart of a log agent is installed: {what}"
            yield passed(said, _ADDONS.place(block, "what"), confidence="medium")
    if charts:
        yield passed(f"The chart of a log agent is installed: {charts[0].text}", charts, confidence="medium")
    elif code[DATADOG_LOGS]:
        hits = code[DATADOG_LOGS].places
        yield passed(f"The Datadog agent collects logs: {hits[0].text}", hits, confidence="medium")


_CHART = re.compile(r"(^|/)(Chart|requirements|helmfile)\.ya?ml$")


@check(
    "OBS-4.1.1",
    shows=BOTH,
    clean=[
        Example(
            "a task that logs to CloudWatch", {"infra/ecs.tf": _TASK % 'logConfiguration = { logDriver = "awslogs" }'}
        ),
        Example(
            "a cluster whose provider collects logs",
            {
                "infra/gke.tf": 'resource "google_container_cluster" "main" {\n'
                '  logging_service = "logging.googleapis.com/kubernetes"\n}\n'
            },
        ),
    ],
    flagged=[
        Example("a task whose logs go nowhere", {"infra/ecs.tf": _TASK % "memory = 512"}),
        Example("a driver that drops them", {"infra/ecs.tf": _TASK % 'logConfiguration = { logDriver = "none" }'}),
        Example(
            "a second task that keeps them on its disk",
            {
                "infra/ecs.tf": _TASK % 'logConfiguration = { logDriver = "awslogs" }',
                "infra/batch.tf": (_TASK % 'logConfiguration = { logDriver = "json-file" }').replace(
                    '" "shop"', '" "batch"'
                ),
            },
        ),
        Example(
            "a function that may not write any",
            {
                "template.yaml": "Transform: AWS::Serverless-2016-10-31\nResources:\n  Quotes:\n    Type: "
                "AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      Policies:\n      - Statement:\n"
                '        - {Effect: Deny, Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*"}\n'
            },
        ),
        Example(
            "a cluster with logging switched off",
            {"infra/gke.tf": 'resource "google_container_cluster" "main" {\n  logging_service = "none"\n}\n'},
        ),
        Example(
            "a cluster whose log agent is switched off",
            {
                "infra/aks.tf": 'resource "azurerm_kubernetes_cluster" "main" {\n'
                "  addon_profile {\n    oms_agent {\n      enabled = false\n    }\n  }\n}\n"
            },
        ),
    ],
    silent=[
        Example(
            "a service whose lines its provider takes by itself",
            {"infra/run.tf": 'resource "google_cloud_run_v2_service" "api" {\n  name = "api"\n}\n'},
        ),
        Example(
            "a cluster that is told nothing of logs",
            {"infra/gke.tf": 'resource "google_container_cluster" "main" {\n  name = "main"\n}\n'},
        ),
        Example(
            "virtual machines, on which anything may run",
            {"infra/vm.tf": 'resource "aws_instance" "web" {\n  ami = "ami-1"\n}\n'},
        ),
    ],
)
def platform_collects_logs(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Each piece of compute in infrastructure code sends its logs to the provider's store, or to another."""
    answers = [(block, _ships(block)) for block in _SENDERS.among(infrastructure)]
    lost = [block for block, ships in answers if ships is False]
    if lost:
        yield failed(
            each(lost, name=lambda b: b.address, at=_logs_at).say("The logs of {} go nowhere"),
            examined(len(answers), "pieces of compute in infrastructure code"),
        )
    elif answers and all(ships for _, ships in answers):
        yield passed(
            each(answers, name=lambda answer: answer[0].address, at=lambda answer: answer[0].at()).say(
                "{} {sends} {its} logs to a central store"
            ),
            examined(len(answers), "pieces of compute in infrastructure code"),
            confidence="medium",
        )
    elif by_itself := [block for block, _ in answers if _SENDERS.kind(block) == "platform"]:
        text = "Its provider may take the lines of {} by itself; nothing here collects them"
        yield unsure(each(by_itself, name=lambda b: b.address, at=lambda b: b.at()).say(text))


def _logs_at(block: Block) -> Source:
    return block.at(*_SENDERS.at(block, "logs"))


def _ships(block: Block) -> bool | None:
    """Whether a piece of compute sends its logs away; None where that is decided elsewhere."""
    kind, said = _SENDERS.kind(block), _SENDERS.at(block, "logs")
    if kind == "always":
        return not _forbidden(block)
    if kind == "platform":
        return None
    if kind == "cluster":
        told = block.get(*said)
        return None if told is None else told != "none"
    if kind == "agent":
        agent = block.flag(*said)
        return True if agent or block.get(*_SENDERS.at(block, "agent")) else agent
    if kind != "containers":
        return True if _SHIPPER.search(str(block.get("user_data", default=""))[:20_000]) else None
    text = str(block.get(*said, default=""))[:100_000]
    if "logConfiguration" in text or "LogConfiguration" in text or '"logConfiguration"' in text:
        drivers = [found.lower() for found in _DRIVER.findall(text)]
        if any(driver in _KEPT_THERE for driver in drivers):
            return False
        essential = len(_IMAGE.findall(text))
        return True if len(drivers) >= essential or len(drivers) != len(re.findall("ogConfiguration", text)) else None
    written = "image" in text.lower() and ("[" in text or "{" in text) and "file(" not in text
    return False if written else None


_DRIVER = re.compile(r"(?i:logdriver)['\"]?\s*[:=]\s*\\?['\"]?([\w-]{1,40})")
_IMAGE = re.compile(r"['\"]?\b[iI]mage\\?['\"]?\s*[:=]")
_KEPT_THERE = frozenset({"none", "json-file", "local"})
"""Drivers that write to the disk of the machine, or nowhere."""
_NO_LINES = re.compile(r"Deny.{0,400}logs:(?:\*|Put|Create)|logs:(?:\*|Put|Create).{0,400}Deny", re.DOTALL)


def _forbidden(block: Block) -> bool:
    """Whether what runs there is denied to write its lines."""
    return bool(_NO_LINES.search(str(block.get("Policies") or block.get("policies") or "")[:20_000]))


_WANTED = 30
_GROUP = 'resource "aws_cloudwatch_log_group" "shop" {\n  name = "/shop"\n%s}\n'


@check(
    "OBS-4.1.5",
    shows=BOTH,
    clean=[
        Example("ninety days", {"infra/logs.tf": _GROUP % "  retention_in_days = 90\n"}),
        Example("never deleted, which is long enough", {"infra/logs.tf": _GROUP % ""}),
    ],
    flagged=[Example("a week", {"infra/logs.tf": _GROUP % "  retention_in_days = 7\n"})],
    silent=[Example("a figure from outside", {"infra/logs.tf": _GROUP % "  retention_in_days = var.days\n"})],
    reads=[LOKI_RETENTION],
)
def log_groups_keep_thirty_days(logs: LogStores, code: Code) -> Iterator[Draft]:
    """Each log store in infrastructure code keeps its lines for thirty days or more."""
    answers = [(store, store.says("retention")) for store in logs.parts if store.kind == "logs"]
    known = sorted(((s, a, a.value) for s, a in answers if a.value is not None), key=lambda answer: answer[2])
    short = [(store, answer) for store, answer, days in known if days < _WANTED]
    told = bool(code[LOKI_RETENTION])
    open_ = [(s, a) for s, a in answers if a.value is None and not (told and "loki" in s.address.lower())]
    least = next((days for _, _, days in known if days != math.inf), None)
    measure = measured("log retention", least, "days", at_least=_WANTED)
    seen = examined(len(answers), "log stores")
    if short:
        period = many(int(known[0][2]), "day")
        yield failed(
            each(short, at=_place).like(
                f"{short[0][0].address} keeps logs for {period}", "{keeps} them for less than 30"
            ),
            seen,
            measure=measure,
        )
    elif open_:
        yield unsure(
            each(open_, name=lambda answer: answer[0].address, at=_place).say(
                "It is not told how long {} {keeps} its lines"
            )
        )
    elif known:
        forever = sum(days == math.inf for _, _, days in known)
        ever = f" ({forever} of them for ever, at a growing cost)" if forever else ""
        yield passed(
            each(answers, at=_place).say("{all:log store} {keeps} {its} lines for 30 days or more{ever}", ever=ever),
            seen,
            measure=measure,
        )


def _place(answer: tuple[Part, Setting]) -> Source:
    return answer[1].at


_HOURS = {"h": 1, "d": 24, "w": 168, "m": 720, "y": 8760}
_LOKI = "auth_enabled: false\nlimits_config:\n  retention_period: %s\n"


@check(
    "OBS-4.1.5",
    shows=BOTH,
    clean=[Example("thirty-one days in Loki", {"loki/loki.yaml": _LOKI % "744h"})],
    flagged=[
        Example("three days in Loki", {"loki/loki.yaml": _LOKI % "72h"}),
        Example(
            "a stream for a day",
            {
                "loki/loki.yaml": _LOKI % "744h"
                + "  retention_stream:\n  - {selector: '{a=\"b\"}', priority: 10, period: 24h}\n"
            },
        ),
        Example(
            "a stream for a day, a line for each word",
            {
                "loki/loki.yaml": _LOKI % "744h"
                + "  retention_stream:\n  - period: 24h\n    priority: 10\n    selector: '{a=\"b\"}'\n"
            },
        ),
        Example(
            "a week, on one line with the period of an index",
            {
                "k8s/loki.json": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "loki"}, "data": '
                '{"loki.yaml": "index: {period: 24h}\\nlimits_config:\\n  retention_period: 168h\\n"}}\n'
            },
        ),
    ],
    reads=[LOKI_RETENTION, LOKI_STREAM, LOKI_PERIOD],
)
def loki_keeps_thirty_days(code: Code, kubernetes: Kubernetes) -> Iterator[Draft]:
    """Loki's retention is thirty days or more."""
    mounted = list(_mounted(kubernetes))
    paths = {place.path for place, _ in mounted}
    hits = Places(
        [
            *code[LOKI_RETENTION].places.saying(
                lambda hit: (
                    "loki" in f"{hit.path} {hit.text}".lower() and hit.path not in paths and _RETENTION.search(hit.text)
                )
            ),
            *(place for place, _ in mounted),
        ]
    )
    streams = code[LOKI_STREAM].places.saying(lambda hit: "loki" in f"{hit.path} {hit.text}".lower())
    brief = [place for stream in streams for days, place in _of_stream(stream, code) if days < _WANTED]
    brief += [place for place, text in mounted for days in _lengths(_PERIOD, _streams(text)) if days < _WANTED]
    told = dict(mounted)
    periods = sorted(
        ((days, hit) for hit in hits for days in _lengths(_RETENTION, told.get(hit, hit.text))), key=_first
    )
    short = [hit for days, hit in periods if days < _WANTED]
    measure = measured("log retention", periods[0][0] if periods else None, "days", at_least=_WANTED)
    if brief and "debug" not in brief[0].text:
        yield failed(f"Loki keeps some logs for less than 30 days: {brief[0].text}", *brief)
    elif short:
        yield failed(f"Loki keeps logs for less than 30 days: {short[0].text}", short[0], *short[1:], measure=measure)
    elif hits:
        yield passed(f"Loki keeps logs for 30 days or more: {hits[0].text}", hits, measure=measure)


def _mounted(kubernetes: Kubernetes) -> Iterator[tuple[Source, str]]:
    """What a cluster mounts as settings of Loki, in whichever way the object of it is written."""
    for settings in kubernetes.of("ConfigMap"):
        for name, value in settings.section("data").items():
            text = str(value)[:_LONGEST]
            said = _RETENTION.search(text)
            if said and "loki" in f"{settings.path} {settings.resource} {name}".lower():
                yield settings.at("data", name).model_copy(update={"text": said[0]}), text


def _streams(text: str) -> str:
    """The few lines of *text* on which streams of their own are told."""
    return "\n".join(text.partition("retention_stream")[2].split("\n")[:_FEW_LINES])


def _of_stream(stream: Source, code: Code) -> Iterator[tuple[float, Source]]:
    """For how many days streams of their own are kept: on the line that names them, or on those below it."""
    for days in _lengths(_PERIOD, stream.text.partition("retention_stream")[2]):
        yield days, stream
    for below in code[LOKI_PERIOD].within(stream.path, stream.line + 1, stream.line + _FEW_LINES):
        if "prefix" not in below.text:
            yield from ((days, below) for days in _lengths(_PERIOD, below.text))


def _lengths(said: re.Pattern[str], text: str) -> list[float]:
    """Each length of time that *text* says, in days; none of them is nought, which stands for ever."""
    return [int(number) * _HOURS[unit] / 24 for number, unit in said.findall(text) if int(number)]


_RETENTION = re.compile(r"retention_?period\W{1,6}(\d{1,9})([hdwmy])")
_PERIOD = re.compile(r"(?<!\w)period\W{1,6}(\d{1,9})([hdwmy])")
_FEW_LINES = 12
"""How far below its name the streams of a setting stand; the periods of an index have a prefix beside them."""
ELASTIC_AGE = Signal(
    id="monitoring.elastic-age",
    pattern=r"\bmin_age\"?\s*[:=]\s*\"?\d{1,5}[dh]\b",
    roles=("infra", "config"),
    kept=ALL,
)
ELASTIC_DELETE = Signal(
    id="monitoring.elastic-delete",
    pattern=r"^\"?delete\"?\s*(?:[:=]\s*)?\{|elasticstack_elasticsearch_index_lifecycle",
    roles=("infra", "config"),
    kept=ALL,
)
_LIFECYCLE = (
    'resource "elasticstack_elasticsearch_index_lifecycle" "logs" {\n  name = "logs"\n  hot {\n    min_age = '
    '"0d"\n  }\n'
    '  delete {\n    min_age = "%s"\n    delete {}\n  }\n}\n'
)


@check(
    "OBS-4.1.5",
    shows=BOTH,
    clean=[
        Example("sixty days", {"elastic/main.tf": _LIFECYCLE % "60d"}),
        Example(
            "ninety, in JSON",
            {
                "elastic/logs-ilm.json": '{"policy": {"phases": {\n  "hot": {"min_age": "0ms"},\n'
                '  "delete": {"min_age": "90d", "actions": {"delete": {}}}\n}}}\n'
            },
        ),
    ],
    flagged=[
        Example("a week", {"elastic/main.tf": _LIFECYCLE % "7d"}),
        Example(
            "one of two",
            {
                "elastic/main.tf": _LIFECYCLE % "60d",
                "elastic/short.tf": (_LIFECYCLE % "3d").replace('"logs"', '"traces"'),
            },
        ),
    ],
    silent=[
        Example(
            "when an index is rolled over", {"elastic/main.tf": (_LIFECYCLE % "60d").partition("  delete")[0] + "}\n"}
        )
    ],
    reads=[ELASTIC_AGE, ELASTIC_DELETE],
)
def elastic_keeps_thirty_days(code: Code, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Each lifecycle policy of Elasticsearch deletes after thirty days or more."""
    ages: list[tuple[float, Source]] = []
    for hit in code[ELASTIC_AGE].places.saying(infrastructure.makes):
        found = re.search(r"min_age\D{1,6}(\d{1,5})([dh])", hit.text)
        deletes = "delete" in hit.text or code[ELASTIC_DELETE].within(hit.path, hit.line - 2, hit.line)
        if found and deletes and int(found[1]):
            ages.append((int(found[1]) * _HOURS[found[2]] / 24, hit))
    ages.sort(key=_first)
    if ages and ages[0][0] < _WANTED:
        days, hit = ages[0]
        yield failed(
            f"Elasticsearch deletes after {days:g} days",
            hit,
            measure=measured("log retention", days, "days", at_least=_WANTED),
        )
    elif ages:
        yield passed(
            f"Elasticsearch deletes after {ages[0][0]:g} days",
            *(hit for _, hit in ages),
            measure=measured("log retention", ages[0][0], "days", at_least=_WANTED),
        )


def _first(period: tuple[float, Source]) -> float:
    return period[0]
