"""Judges section 7.1 as far as code decides it: what is measured, what scales in, what is spot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    Block,
    Code,
    Dashboards,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Resource,
    Signal,
    Source,
    Typed,
    as_number,
    check,
    each,
    examined,
    failed,
    is_file_elsewhere,
    many,
    passed,
    unsure,
)

from ._examples import NO_CLOUD

_EXPORTER_YAML = (
    "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: node-exporter}\nspec:\n  template:\n    spec:\n"
    "      containers:\n      - {name: node-exporter, image: 'quay.io/prometheus/node-exporter:v1.9.0'}\n"
)


def _board(*metrics: str) -> str:
    """A dashboard with one panel per metric."""
    panels = ", ".join(
        f'{{"title": "{m}", "type": "timeseries", "targets": [{{"expr": "rate({m}[5m])"}}]}}' for m in metrics
    )
    return f'{{"title": "Nodes", "schemaVersion": 39, "panels": [{panels}]}}'


_FOUR = (
    "node_cpu_seconds_total",
    "node_memory_Active_bytes",
    "node_disk_io_time_seconds_total",
    "node_network_receive_bytes_total",
)


_PODS = (
    "container_cpu_usage_seconds_total",
    "container_memory_working_set_bytes",
    "container_fs_usage_bytes",
    "container_network_transmit_bytes_total",
)
_INSIGHTS = """resource "aws_cloudwatch_dashboard" "main" {
  dashboard_body = jsonencode({ widgets = [
    { type = "metric", properties = { title = "tasks", metrics = [
      ["ECS/ContainerInsights", "CpuUtilized"], [".", "MemoryUtilized"],
      [".", "NetworkRxBytes"], [".", "EphemeralStorageUtilized"]] } }
  ] })
}
"""
_SCRAPED = "scrape_configs:\n  - job_name: node\n    static_configs:\n      - targets: ['10.0.0.4:9100']\n"
NODE_EXPORTER = Signal(
    id="cost.node-exporter",
    pattern=r"\bjob_name:\s?['\"]?node\b|^['\"]?node[-_]?exporter['\"]?:\s?\{|prometheus\.exporter\.unix|\bhostmetrics\b|inputs\.(?:cpu|disk)\b",
    roles=("infra", "config", "source", "other"),
)


@check(
    "CST-7.1.1",
    shows=PASS,
    clean=[
        Example("an exporter on each node, all four on a board",
                {"k8s/exporter.yaml": _EXPORTER_YAML, "grafana/nodes.json": _board(*_FOUR)}),
        Example("an exporter that is scraped", {"prometheus.yml": _SCRAPED, "grafana/nodes.json": _board(*_FOUR)}),
        Example("what the kubelet measures", {"grafana/pods.json": _board(*_PODS)}),
        Example("what the provider measures", {"infra/board.tf": _INSIGHTS}),
        Example("and an agent on a machine",
                {"infra/board.tf": _INSIGHTS + 'resource "aws_instance" "reports" {\n'
                                   '  user_data = "yum install -y amazon-cloudwatch-agent"\n}\n'}),
    ],
    flagged=[
        Example("a machine beside the tasks of a provider",
                {"infra/board.tf": _INSIGHTS + 'resource "aws_instance" "reports" {\n  ami = "ami-1"\n}\n'}),
        Example("disk and network are not shown",
                {"k8s/exporter.yaml": _EXPORTER_YAML, "grafana/nodes.json": _board(*_FOUR[:2])}),
        Example("nothing exports what is shown", {"grafana/nodes.json": _board(*_FOUR)}),
        Example("the provider is told not to measure",
                {"infra/board.tf": _INSIGHTS + 'resource "aws_ecs_cluster" "a" {\n  setting {\n'
                                   '    name  = "containerInsights"\n    value = "disabled"\n  }\n}\n'}),
    ],
    silent=[NO_CLOUD],
    reads=[NODE_EXPORTER],
)  # fmt: skip
def usage_monitored(
    kubernetes: Kubernetes, dashboards: Dashboards, infrastructure: Infrastructure, code: Code
) -> Iterator[Draft]:
    """Dashboards that show CPU, memory, disk and network, of what an agent, the cluster or the provider measures."""
    agents = [
        d.at(*keys, "image")
        for d in kubernetes.of("DaemonSet")
        for keys, c in d.containers()
        if _EXPORTER.search(str(c.get("image")))
    ]
    agents += code[NODE_EXPORTER].first[:1]
    shown: dict[str, Source] = {}
    ours: list[str] = []
    for board in dashboards.made(infrastructure):
        for expression in board.expressions:
            for name, pattern in _RESOURCES.items():
                if (found := pattern.search(expression)) is not None:
                    shown.setdefault(name, board.source)
                    if _OWN_AGENT.match(found[0]):
                        ours.append(found[0])
    off = [b for b in _CLUSTERS.among(infrastructure) if _insights(b) == "disabled"]
    machines = [b for b in infrastructure.some if _is_deaf(b)]
    if len(shown) == len(_RESOURCES) and machines and not agents:
        yield unsure(
            each(machines, name=lambda b: b.address, at=lambda b: b.at()).say(
                "CPU, memory, disk and network are shown, and of {} no agent measures memory and disk"
            )
        )
    elif len(shown) == len(_RESOURCES) and not off and (agents or not ours):
        yield passed(
            "CPU, memory, disk and network are measured and shown",
            *agents[:1],
            *shown.values(),
            confidence="medium",
        )


def _is_deaf(block: Block) -> bool:
    """Whether *block* is a machine for people, and nothing that it runs when it starts names an agent."""
    machine = _WORKLOADS.kind(block) == "machine" and not is_file_elsewhere(block.path)
    return machine and _EXPORTER.search(str(block.body)[:50_000]) is None


def _insights(cluster: Block) -> str:
    settings = cluster.nested("setting")
    return next((str(s.get("value")) for s in settings if s.get("name") == "containerInsights"), "")


_EXPORTER = re.compile(
    r"node[-_]exporter|datadog[-/]agent|cloudwatch-agent|cadvisor|newrelic-infra|netdata|ops-agent|telegraf|"
    r"AzureMonitor\w*Agent|otelcol"
)
_OWN_AGENT = re.compile(r"(?:node|windows)_", re.IGNORECASE)
"""Series of an agent that somebody has to install."""
_MEASURED = (
    r"(?:node|container|system|kube_pod|pod|instance|fly_instance|nomad_client_allocs|windows|host|kubernetes\.io)"
)
_RESOURCES = {
    "cpu": re.compile(
        rf"{_MEASURED}\w{{0,40}}[_./:]cpu|cpu[_/]utili[sz]ation|CPUUtili[sz]ation|CpuUtili[sz]ed|CpuPercentage|cpu_percent|"
        r"UsageNanoCores|cpu_total_time|:container_cpu",
        re.IGNORECASE,
    ),
    "memory": re.compile(
        rf"{_MEASURED}\w{{0,40}}[_./:]mem|memory[_/]utili[sz]ation|MemoryUtili[sz]ation|MemoryUtili[sz]ed|MemoryPercentage|"
        r"WorkingSetBytes|FreeableMemory|mem_used|memory/usage|:container_memory",
        re.IGNORECASE,
    ),
    "disk": re.compile(
        rf"{_MEASURED}\w{{0,40}}[_./:](?:disk|filesystem|fs_)|kubelet_volume|EphemeralStorageUtili[sz]ed|FreeStorageSpace|"
        r"disk[_/](?:utili[sz]ation|bytes_used|quota|used)|storage_percent|VolumeBytesUsed|StorageBytes|tmp_used|"
        r"DiskSpace|storage/usage",
        re.IGNORECASE,
    ),
    "network": re.compile(
        rf"{_MEASURED}\w{{0,40}}[_./:]net|Network(?:Rx|Tx|In|Out|Receive|Transmit)|network/(?:sent|received)|\b[RT]xBytes|"
        r"total_network|BytesIn\b|BytesOut\b|egress",
        re.IGNORECASE,
    ),
}


@check(
    "CST-7.1.5",
    shows=PASS,
    clean=[
        Example(
            "batch jobs on spot capacity",
            {
                "batch.tf": (
                    'resource "aws_batch_compute_environment" "nightly" {\n  type = "MANAGED"\n'
                    '  compute_resources {\n    type      = "SPOT"\n    max_vcpus = 64\n  }\n}\n'
                )
            },
        )
    ],
    flagged=[
        Example(
            "batch jobs on demand",
            {
                "batch.tf": (
                    'resource "aws_batch_compute_environment" "nightly" {\n  type = "MANAGED"\n'
                    '  compute_resources {\n    type      = "EC2"\n    max_vcpus = 64\n  }\n}\n'
                )
            },
        )
    ],
    silent=[NO_CLOUD],
)
def spot_capacity(infrastructure: Infrastructure, kubernetes: Kubernetes) -> Iterator[Draft]:
    """Spot capacity for batch work: compute environments, node pools and Karpenter pools."""
    batch = _SPOT.among(infrastructure, "batch")
    if batch and all(_SPOT.says(environment, "spot").value for environment in batch):
        yield passed(f"{batch[0].address} runs on spot capacity", _SPOT.place(batch[0], "spot"))
    if kubernetes.of("Job", "CronJob"):
        for pool in _SPOT.among(infrastructure, "nodes"):
            said = [s for s in (_SPOT.says(pool, "spot"), _SPOT.says(pool, "preemptible")) if s.value is True]
            if said:
                yield passed(f"{pool.address} offers spot nodes to the jobs of this repository", said[0].at)


_CLUSTERS = Typed("resources/task-clusters")
_WORKLOADS = Typed("estate/workloads")
_SPOT = Typed("resources/spot-capacity")
_ELASTIC = Typed("resources/elastic-nodes")

_WEB = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n"
    "      containers: [{name: web, image: 'web:1'}]\n"
)
_HPA = (
    "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec:\n"
    "  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n  minReplicas: MIN\n  maxReplicas: 9\n"
)
_NODES = 'resource "google_container_cluster" "main" {\n  enable_autopilot = true\n}\n'
_POOL = (
    "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {{name: main}}\nspec:\n"
    "  disruption: {{consolidationPolicy: WhenEmpty, consolidateAfter: {after}}}\n"
)


@check(
    "CST-7.1.6",
    shows=BOTH,
    clean=[
        Example(
            "pods and nodes scale in",
            {"k8s/web.yaml": _WEB, "k8s/hpa.yaml": _HPA.replace("MIN", "2"), "infra/gke.tf": _NODES},
        ),
        Example(
            "pods, and nodes of Karpenter",
            {
                "k8s/web.yaml": _WEB,
                "k8s/hpa.yaml": _HPA.replace("MIN", "2"),
                "k8s/pool.yaml": _POOL.format(after="60s"),
            },
        ),
    ],
    flagged=[
        Example("an autoscaler that cannot scale", {"k8s/web.yaml": _WEB, "k8s/hpa.yaml": _HPA.replace("MIN", "9")}),
        Example(
            "an autoscaler that only adds",
            {
                "k8s/web.yaml": _WEB,
                "k8s/hpa.yaml": _HPA.replace("MIN", "2") + "  behavior: {scaleDown: {selectPolicy: Disabled}}\n",
                "infra/gke.tf": _NODES,
            },
        ),
    ],
    silent=[
        NO_CLOUD,
        Example("one of two scales", {"k8s/web.yaml": _WEB + "---\n" + _WEB.replace("web", "api"),
                                      "k8s/hpa.yaml": _HPA.replace("MIN", "2"), "infra/gke.tf": _NODES}),
        Example("pods go, and their nodes stay", {"k8s/web.yaml": _WEB, "k8s/hpa.yaml": _HPA.replace("MIN", "2"),
                                                  "k8s/pool.yaml": _POOL.format(after="Never")}),
    ],
)  # fmt: skip
def scales_in(kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Autoscalers of every deployment, whether they have room to scale in, and nodes that follow."""
    scalers = kubernetes.of("HorizontalPodAutoscaler")
    stuck = [s for s in scalers if _fixed(s)]
    for scaler in stuck[:1]:
        number = int(as_number(scaler.get("spec", "maxReplicas")) or 0)
        yield failed(
            each(stuck, at=lambda s: s.at("spec", "minReplicas")).like(
                f"HorizontalPodAutoscaler {scaler.resource} never scales in"
                if only_grows(scaler)
                else f"HorizontalPodAutoscaler {scaler.resource} runs {many(number, 'replica')} at all times"
            ),
            examined(len(scalers), "autoscalers"),
        )
    deployments = [s for s in kubernetes.servers if s.kind in ("Deployment", "Rollout")]
    targets = {str(s.get("spec", "scaleTargetRef", "name")) for s in (*scalers, *kubernetes.of("ScaledObject"))}
    nodes = elastic_nodes(kubernetes, infrastructure)
    if deployments and not stuck and nodes and all(d.resource in targets for d in deployments):
        count = examined(len(deployments), "deployments with an autoscaler")
        yield passed(
            each(deployments).say("{all:deployment} and {its} nodes scale in"),
            scalers[0].at() if scalers else nodes[0],
            nodes[0],
            count,
        )


def _fixed(scaler: Resource) -> bool:
    low, high = as_number(scaler.get("spec", "minReplicas")), as_number(scaler.get("spec", "maxReplicas"))
    return (low is not None and high is not None and low >= high) or only_grows(scaler)


def only_grows(scaler: Resource) -> bool:
    """Whether an autoscaler of Kubernetes is told to take no pod away."""
    given = ("spec", "advanced", "horizontalPodAutoscalerConfig") if scaler.kind == "ScaledObject" else ("spec",)
    return str(scaler.get(*given, "behavior", "scaleDown", "selectPolicy")) == "Disabled"


def _keeps_nodes(pool: Resource) -> bool:
    """Whether a pool of Karpenter is told to leave nodes that are no longer needed."""
    always = [b for b in pool.items("spec", "disruption", "budgets") if isinstance(b, dict) and "schedule" not in b]
    none = any(str(budget.get("nodes")) in ("0", "0%") and "reasons" not in budget for budget in always)
    return none or pool.get("spec", "disruption", "consolidateAfter") == "Never"


def elastic_nodes(kubernetes: Kubernetes, infrastructure: Infrastructure) -> list[Source]:
    """Places that let the number of nodes follow the pods."""
    pools = [pool for pool in kubernetes.of("NodePool", "Provisioner") if "karpenter" in pool.api_version]
    found = [pool.at() for pool in pools if not _keeps_nodes(pool)]
    for nodes in _ELASTIC.among(infrastructure):
        said = [s for s in (_ELASTIC.says(nodes, "whole"), _ELASTIC.says(nodes, "elastic")) if s.value is True]
        found += [s.at for s in said[:1]]
    return found
