"""Looks for the metrics of machines and databases."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    Code,
    DataStore,
    DataStores,
    Draft,
    Example,
    Kubernetes,
    Places,
    Resource,
    Signal,
    Source,
    Workload,
    Workloads,
    check,
    each,
    examined,
    failed,
    passed,
    unsure,
)

NODE_METRICS = Signal(
    id="monitoring.node-metrics",
    pattern=r"^-?\s*\"?(image|chart|name|addon_name|repository|job_name|receivers)\"?\s*[:=].{0,80}(node[-_]exporter|"
    r"kube-prometheus-stack|cadvisor|telegraf|"
    r"netdata|metricbeat|datadog/agent|cloudwatch-(agent|observability)|newrelic/infrastructure|hostmetrics|"
    r"kubeletstats|docker_stats)|"
    r"^(hostmetrics|kubeletstats|docker_stats)(/\w+)?:|(path|replacement)\"?:\s*[\"']?/?metrics/cadvisor",
    roles=("infra", "config"),
    kept=ALL,
)
PART_OFF = Signal(
    id="monitoring.node-collectors-off",
    pattern=r"--no-collector\.(?:cpu|meminfo|filesystem|diskstats|netdev)\b|--collector\.disable-defaults|"
    r"--collectors?\.enabled[= ]\"?(?!.{0,200}(?:net).{0,200})\w",
    roles=("infra", "config"),
    kept=ALL,
)
PART_ON = Signal(
    id="monitoring.node-collectors-on",
    pattern=r"--collector\.(?:meminfo|filesystem|diskstats|netdev)\b",
    roles=("infra", "config"),
    kept=ALL,
)
DISCARDED = Signal(
    id="monitoring.machine-metrics-discarded",
    pattern=r"^\[\[outputs\.discard\]\]|^\[\[outputs\.file\]\]",
    roles=("infra", "config"),
)
PASSED_ON = Signal(
    id="monitoring.machine-metrics-passed-on",
    pattern=r"^\[\[outputs\.(?!discard|file\b)\w+\]\]",
    roles=("infra", "config"),
)
_CLUSTER = (
    'resource "aws_ecs_cluster" "main" {\n  name = "main"\n  setting {\n    name  = "containerInsights"\n'
    '    value = "%s"\n  }\n}\n'
)

_NODES = (
    "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: node}\nspec:\n  template:\n"
    "    spec:\n      containers:\n      - image: prom/node-exporter:v1.9\n"
)
_ARGS = "        args: [%s]\n"
_EKS = 'resource "aws_eks_cluster" "%s" {\n}\n'


@check(
    "OBS-4.2.3",
    shows=BOTH,
    clean=[
        Example(
            "the node exporter",
            {
                "k8s/node.yaml": _NODES,
            },
        ),
        Example("Container Insights", {"infra/ecs.tf": _CLUSTER % "enabled"}),
        Example(
            "an exporter in its cluster, and one that its provider measures",
            {
                "k8s/node.yaml": _NODES,
                "infra/a.tf": _EKS % "a" + 'resource "google_container_cluster" "b" {\n}\n' + _CLUSTER % "enabled",
            },
        ),
    ],
    flagged=[
        Example(
            "an exporter without disk and network",
            {"k8s/node.yaml": _NODES + _ARGS % "--no-collector.filesystem, --no-collector.netdev"},
        ),
        Example(
            "an exporter of CPU alone",
            {"k8s/node.yaml": _NODES + _ARGS % '"--collector.disable-defaults", "--collector.cpu"'},
        ),
        Example(
            "figures that are thrown away",
            {
                "compose.yaml": "services:\n  telegraf:\n    image: telegraf:1.32\n    restart: always\n",
                "telegraf/telegraf.conf": "[[inputs.cpu]]\n[[inputs.mem]]\n[[outputs.discard]]\n",
            },
        ),
        Example("Container Insights switched off", {"infra/ecs.tf": _CLUSTER % "disabled"}),
        Example(
            "an exporter on the nodes of one cluster, and another one unmeasured",
            {
                "k8s/node.yaml": _NODES,
                "infra/ecs.yaml": "Resources:\n  Batch:\n    Type: AWS::ECS::Cluster\n    Properties:\n"
                "      ClusterSettings: [{Name: containerInsights, Value: disabled}]\n",
            },
        ),
    ],
    silent=[
        Example("nothing said", {"k8s/shop.yaml": "kind: Deployment\nmetadata: {name: shop}\n"}),
        Example("an exporter in one of two clusters", {"k8s/node.yaml": _NODES, "infra/a.tf": _EKS % "a" + _EKS % "b"}),
        Example(
            "an exporter in a cluster, and tasks beside it",
            {"k8s/node.yaml": _NODES, "infra/a.tf": 'resource "aws_ecs_cluster" "a" {\n}\n'},
        ),
        Example(
            "an exporter on the nodes of a cluster, and machines beside it",
            {
                "k8s/node.yaml": _NODES,
                "tf/web.tf": 'resource "aws_autoscaling_group" "web" {\n  min_size = 2\n  max_size = 6\n}\n',
            },
        ),
        Example(
            "an agent that sends its figures, and one that throws them away",
            {
                "k8s/node.yaml": _NODES,
                "compose.yaml": "services:\n  telegraf:\n    image: telegraf:1.32\n    restart: always\n",
                "telegraf/telegraf.conf": "[[inputs.cpu]]\n[[outputs.discard]]\n",
                "other/telegraf.conf": "[[inputs.cpu]]\n[[outputs.influxdb]]\n",
            },
        ),
        Example(
            "an agent beside one container, for its traces",
            {"infra/task.tf": 'locals {\n  agent = {\n    image = "public.ecr.aws/cloudwatch-agent:1"\n  }\n}\n'},
        ),
    ],
    reads=[NODE_METRICS, PART_OFF, PART_ON, DISCARDED, PASSED_ON],
)
def machine_metrics(code: Code, workloads: Workloads, kubernetes: Kubernetes) -> Iterator[Draft]:
    """CPU, memory, disk and network are collected: an exporter or agent, or the provider's own collection."""
    hits = code[NODE_METRICS].places.saying(lambda hit: _installed(hit))
    answers = [(part, part.says("measured")) for part in workloads.parts if part.kind == "cluster"]
    off = [(part, answer) for part, answer in answers if answer.value is False]
    on = [(part, answer) for part, answer in answers if answer.value]
    parts = (_told_to_leave_out(kubernetes) or _left_out(code)) if hits else []
    if parts:
        yield failed(f"The exporter leaves out part of CPU, memory, disk and network: {hits[0].text}", *parts)
    elif hits and code[DISCARDED] and not code[PASSED_ON]:
        thrown = code[DISCARDED].places
        yield failed(f"What is measured of machines is thrown away: {thrown[0].text}", thrown[0], thrown)
    elif off:
        yield failed(
            each(off, name=lambda pair: pair[0].address, at=lambda pair: pair[1].at).say(
                "{} {has} {its} infrastructure metrics switched off"
            )
        )
    elif hits and (lost := _elsewhere(code)):
        yield unsure(f"What another agent measures is thrown away: {lost[0].text}", *lost, hits[0])
    elif hits and (others := [*_beyond(workloads), *_groups(workloads, hits)]):
        named = each(others, name=lambda part: part.address, at=lambda part: part.at)
        yield unsure(named.say("The machines of {} are not shown to be measured: {text}", text=hits[0].text), hits[0])
    elif on and len(on) == len(answers) and (others := _groups(workloads, Places())):
        named = each(others, name=lambda part: part.address, at=lambda part: part.at)
        yield unsure(named.say("The provider measures {on}; {} are not shown to be measured", on=on[0][0].address))
    elif hits:
        yield passed(f"Machines are measured: {hits[0].text}", hits)
    elif on and len(on) == len(answers):
        yield passed(
            each(on, name=lambda pair: pair[0].address, at=lambda pair: pair[1].at).say(
                "The provider measures the machines of {}"
            ),
            confidence="medium",
        )


def _told_to_leave_out(kubernetes: Kubernetes) -> list[Source]:
    """Where an exporter of a cluster is told to leave out CPU, memory, disk or network."""
    found = []
    for workload in kubernetes.written("DaemonSet", "Deployment"):
        for keys, container in workload.containers():
            said = " ".join(map(str, container.get("args") or ()))
            if "node" in str(container.get("image")) and "exporter" in str(container.get("image")):
                wanted = all(f"--collector.{part}" in said for part in ("meminfo", "netdev"))
                if _NEVER.search(said) or ("--collector.disable-defaults" in said and not wanted):
                    found.append(workload.at(*keys, "args"))
    return found


_NEVER = re.compile(r"--no-collector\.(?:cpu|meminfo|filesystem|diskstats|netdev)\b")


def _left_out(code: Code) -> list[Source]:
    """Where the node exporter is told to leave out CPU, memory, disk or network."""
    off = list(code[PART_OFF].places)
    if any("disable-defaults" in hit.text for hit in off):
        on = " ".join(hit.text for hit in code[PART_ON].places)
        return [] if "meminfo" in on and "netdev" in on and ("filesystem" in on or "diskstats" in on) else off
    return off


def _elsewhere(code: Code) -> list[Source]:
    """Where an agent throws away what it measures, in settings that send nothing anywhere."""
    sending = {place.path for place in code[PASSED_ON].places}
    return [place for place in code[DISCARDED].places if place.path not in sending]


def _groups(workloads: Workloads, hits: Places) -> list[Workload]:
    """Machines, and groups of them, on which no agent is seen: one in a container is where that runs."""
    theirs = [hit for hit in hits if not _OF_CONTAINERS.search(hit.text)]
    groups = [
        w for w in workloads.parts if w.kind in ("group", "machine") and w.production and w.thing.block is not None
    ]
    return groups[len(theirs) :]


_OF_CONTAINERS = re.compile(r"\bimage\"?\s*[:=]")


def _beyond(workloads: Workloads) -> list[Workload]:
    """What an exporter on the nodes of one cluster does not see, and no provider measures."""
    nodes = [cluster for cluster in workloads.clusters if cluster.says("measured").value is not True]
    return [*nodes[1:], *(c for c in workloads.task_clusters if c.says("measured").value is not True)]


def _installed(hit: Source) -> bool:
    """
    Whether a line installs what it names.

    Anything may bear a name; only in a chart's list of parts is it what gets installed. A CloudWatch agent in a task
    definition stands beside one container and may pass on nothing but traces.
    """
    if "cloudwatch-agent" in hit.text and hit.path.endswith((".tf", ".json")):
        return False
    return not hit.text.lstrip('-" ').startswith("name") or bool(_CHART.search(hit.path))


_CHART = re.compile(r"(^|/)(Chart|requirements|helmfile)\.ya?ml$")


DATABASE_METRICS = Signal(
    id="monitoring.database-metrics",
    pattern=r"^-?\s*\"?(image|chart|name|addon_name|repository|job_name)\"?\s*[:=].{0,80}((postgres|pg|mysqld?|mongodb)[-_]exporter)|"
    r"^(postgresql|mysql|mongodb)(/\w+)?:\s*$|django_prometheus\.db\.backends",
    roles=("infra", "config", "source"),
    kept=ALL,
)
_INSTANCE = 'resource "aws_db_instance" "main" {\n  engine = "postgres"\n%s}\n'

_EXPORTER = "services:\n  pgx:\n    image: prometheuscommunity/postgres-exporter\n"


@check(
    "OBS-4.2.4",
    shows=BOTH,
    clean=[
        Example("Performance Insights", {"infra/db.tf": _INSTANCE % "  performance_insights_enabled = true\n"}),
        Example(
            "an exporter beside the database",
            {"compose.yaml": _EXPORTER},
        ),
        Example(
            "an exporter for one database, and another that its provider measures",
            {
                "compose.yaml": _EXPORTER,
                "infra/db.tf": _INSTANCE % ""
                + (_INSTANCE % "  performance_insights_enabled = true\n").replace("main", "desk"),
            },
        ),
    ],
    flagged=[Example("switched off", {"infra/db.tf": _INSTANCE % "  performance_insights_enabled = false\n"})],
    silent=[
        Example("nothing said", {"infra/db.tf": _INSTANCE % ""}),
        Example(
            "an exporter for one of two databases",
            {"compose.yaml": _EXPORTER, "infra/db.tf": _INSTANCE % "" + (_INSTANCE % "").replace("main", "desk")},
        ),
        Example(
            "an exporter that runs, and one that never does",
            {
                "compose.yaml": _EXPORTER,
                "k8s/exporter.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: exporter}\nspec:\n"
                "  replicas: 0\n  template:\n    spec:\n      containers:\n"
                "      - {name: exporter, image: 'prometheuscommunity/postgres-exporter:1'}\n",
            },
        ),
        Example(
            "one database of an operator is scraped, another is not",
            {
                f"k8s/{name}.yaml": "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\n"
                f"metadata: {{name: {name}}}\nspec: {{instances: 2, monitoring: {{enablePodMonitor: {on}}}}}\n"
                for name, on in (("shop", "true"), ("desk", "false"))
            },
        ),
        Example(
            "a database is not an exporter", {"compose.yaml": "services:\n  postgresql:\n    image: postgres:17\n"}
        ),
        Example(
            "only where a setting says so",
            {"shop/settings.py": "E = 'django_prometheus.db.backends.postgresql' if METRICS else 'postgresql'\n"},
        ),
    ],
    reads=[DATABASE_METRICS],
)
def database_metrics(code: Code, stores: DataStores, kubernetes: Kubernetes) -> Iterator[Draft]:
    """The database's connections and queries are measured: an exporter, a collector's receiver, or managed insights."""
    hits = code[DATABASE_METRICS].places.saying(
        lambda h: not h.text.rstrip().endswith(":") or re.search(r"otel|collector", h.path)
    )
    answers = [(store, store.says("queries")) for store in stores.databases]
    off = [(store, answer) for store, answer in answers if answer.value is False]
    sometimes = [h for h in hits if re.search(r"\bif\b.{1,200}\belse\b", h.text)]
    if off:
        yield failed(
            each(off, name=lambda pair: pair[0].address, at=lambda pair: pair[1].at).say(
                "{} {has} query metrics switched off"
            )
        )
    elif idle := _idle_exporters(kubernetes):
        yield unsure(f"{idle[0].title} measures a database and never runs", idle[0].at())
    elif unseen := _in_clusters(stores, hits):
        named = each(unseen, name=lambda store: store.address, at=lambda store: store.at)
        yield unsure(named.say("{} {has} nothing beside {it|them} that measures {it|them}"))
    elif hits and len(sometimes) == hits.total:
        yield unsure(f"A setting decides whether the database is measured: {hits[0].text}", hits[0])
    elif hits and hits.total < len(dark := [store for store, answer in answers if not answer.value]):
        named = each(dark, name=lambda store: store.address, at=lambda store: store.at)
        yield unsure(named.say("Which of {} is measured is not told: {text}", text=hits[0].text), hits[0])
    elif hits:
        yield passed(f"The database is measured: {hits[0].text}", hits)
    elif answers and all(answer.value for _, answer in answers):
        yield passed(
            each(answers, name=lambda found: found[0].address, at=lambda found: found[1].at).say(
                "{} {reports} {its} connections and query times"
            ),
            examined(len(answers), "databases"),
        )


def _idle_exporters(kubernetes: Kubernetes) -> list[Resource]:
    """Exporters of databases that are written and of which no instance runs."""
    kinds = ("Deployment", "StatefulSet")
    running = {(r.path, r.line) for r in kubernetes.of(*kinds)}
    return [r for r in kubernetes.written(*kinds) if (r.path, r.line) not in running and _exports(r)]


def _exports(resource: Resource) -> bool:
    return any(_EXPORTS.search(str(container.get("image"))) for _, container in resource.containers())


_EXPORTS = re.compile(r"(?:postgres|pg|mysqld?|mongodb|pgbouncer)[-_]exporter", re.IGNORECASE)


def _in_clusters(stores: DataStores, hits: Places) -> list[DataStore]:
    """The databases of a cluster that nothing measures, where there are several and fewer exporters than that."""
    own = [(store, store.thing.resource) for store in stores.databases if store.thing.resource is not None]
    dark = [store for store, resource in own if not _exports(resource) and not _is_monitored(resource)]
    return dark if len(own) > 1 and len(dark) > hits.total else []


def _is_monitored(resource: Resource) -> bool:
    """Whether an operator is told to let a database be scraped, or by default does so."""
    told = resource.get("spec", "monitoring", "enablePodMonitor")
    return told is True or (told is None and resource.kind != "StatefulSet")
