"""Judges whether what answers requests is paid for as it is needed: by use, or by a number that follows the load."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from orchestrator import (
    BOTH,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Resource,
    Signal,
    Source,
    Typed,
    Workload,
    Workloads,
    as_number,
    check,
    each,
    failed,
    passed,
    unsure,
)

from ._examples import NO_CLOUD
from .rightsizing import elastic_nodes, only_grows

SCALED = Typed("resources/scaled")
SCALERS = Typed("resources/scalers")
_SERVED = Typed("resources/served")
_FARGATE = """resource "aws_ecs_service" "web" {{
  desired_count = 2
  load_balancer {{
    container_port = 80
  }}
}}

resource "aws_appautoscaling_target" "web" {{
  resource_id  = "service/shop/${{aws_ecs_service.web.name}}"
  min_capacity = {least}
  max_capacity = 9
}}

resource "aws_appautoscaling_policy" "cpu" {{
  policy_type = "TargetTrackingScaling"
  resource_id = aws_appautoscaling_target.web.resource_id
}}
"""
_ONLY_OUT = _FARGATE.format(least=2).replace(
    '  policy_type = "TargetTrackingScaling"\n',
    "  target_tracking_scaling_policy_configuration {\n    disable_scale_in = true\n  }\n",
)
_INSTANCES = """resource "google_cloud_run_v2_service" "web" {{
  template {{
    scaling {{
      min_instance_count = {least}
      max_instance_count = 15
    }}
  }}
}}
"""
_WEB = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n"
    "      containers: [{name: web, image: 'registry.example/web:1'}]\n"
)
_HPA = (
    "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec:\n"
    "  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n  minReplicas: 2\n  maxReplicas: 9\n"
)
_APP = """resource api 'Microsoft.App/containerApps@2024-03-01' = {{
  name: 'api'
  properties: {{
    template: {{
      scale: {{
        minReplicas: {least}
        maxReplicas: 6
      }}
    }}
  }}
}}
"""
_RUN = (
    "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: web}\nspec:\n  template:\n    metadata:\n"
    "      annotations: {autoscaling.knative.dev/minScale: '1', autoscaling.knative.dev/maxScale: '8'}\n"
    "    spec:\n      containers: [{image: 'registry.example/web:1'}]\n"
)
_SAM = (
    "Transform: AWS::Serverless-2016-10-31\nResources:\n  Order:\n    Type: AWS::Serverless::Function\n"
    "    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}\n"
)


WORKER = Signal(
    id="cost.worker-at-the-edge",
    pattern=r"^['\"]?main['\"]?\s?[:=]\s?['\"][^'\"]{1,120}['\"]",
    roles=("config", "infra", "source", "other"),
)
"""What a worker of Cloudflare runs, in the file that sets it up."""


@check(
    "CST-7.1.6",
    shows=BOTH,
    reads=[WORKER],
    clean=[
        Example("tasks that follow the load", {"infra/ecs.tf": _FARGATE.format(least=2)}),
        Example("pods in a cluster of the platform's", {"k8s/web.yaml": _WEB, "k8s/hpa.yaml": _HPA}),
        Example("a container app", {"infra/main.bicep": _APP.format(least=1)}),
        Example("Cloud Run", {"run/web.yaml": _RUN}),
        Example("Cloud Run in Terraform", {"run.tf": _INSTANCES.format(least=0)}),
        Example("functions", {"template.yaml": _SAM}),
        Example("a worker at the edge", {"wrangler.toml": 'name = "site"\nmain = "src/index.ts"\n'}),
    ],
    flagged=[
        Example("as many tasks at night as at noon", {"infra/ecs.tf": _FARGATE.format(least=9)}),
        Example("as many replicas at all times", {"infra/main.bicep": _APP.format(least=6)}),
        Example("as many instances of Cloud Run at all times", {"run.tf": _INSTANCES.format(least=15)}),
        Example("tasks that are only ever added", {"infra/ecs.tf": _ONLY_OUT}),
    ],
    silent=[
        NO_CLOUD,
        Example("one of two deployments follows the load",
                {"k8s/web.yaml": _WEB, "k8s/hpa.yaml": _HPA,
                 "k8s/api.yaml": _WEB.replace("web", "api").replace("spec:\n", "spec:\n  replicas: 4\n", 1)}),
        Example("pods follow the load, and their nodes do not",
                {"k8s/web.yaml": _WEB, "k8s/hpa.yaml": _HPA,
                 "infra/eks.tf": 'resource "aws_eks_cluster" "main" {\n  name = "main"\n}\n'}),
        Example("a machine beside functions",
                {"template.yaml": _SAM + "  Box:\n    Type: AWS::EC2::Instance\n"
                                         "    Properties: {InstanceType: m7g.large}\n"}),
        Example("a service without a policy",
                {"infra/ecs.tf": _FARGATE.format(least=2).partition('resource "aws_appautoscaling_target"')[0]}),
    ],
)  # fmt: skip
def follows_the_load(
    kubernetes: Kubernetes, infrastructure: Infrastructure, workloads: Workloads, code: Code
) -> Iterator[Draft]:
    """Every workload that answers requests is paid for by use, or scales in; what is there once has nothing to lose."""
    bounds = SCALERS.among(infrastructure, "bounds") if SCALERS.among(infrastructure, "service") else []
    growing = _only_out(infrastructure)
    rooms = {label: room for target in bounds for label, room in _rooms_of(target, growing)}
    pods = _scaled_pods(kubernetes)
    shown: list[Source] = []
    fixed: list[Source] = []
    open_: list[Workload] = []
    for part in workloads.parts:
        if not part.production or part.kind in ("job", "cluster"):
            continue
        block, resource = part.thing.block, part.thing.resource
        room = _room_of(block, rooms) if block is not None else _room_of_pods(resource, pods)
        if room is None:
            open_.append(part)
        elif room is False:
            fixed.append(part.at)
        elif part.kind == "function" or room is True:
            shown.append(part.at)
    for service in kubernetes.of("Service"):
        if "knative" in service.api_version:
            (shown if _knative(service) else fixed).append(service.at())
    shown += [hit for hit in code[WORKER].first if hit.path.rpartition("/")[2].startswith("wrangler.")]
    if fixed and not open_:
        yield failed(
            each(fixed, at=lambda place: place).say("{number:workload} {runs} in the same number at all times"),
            confidence="medium",
        )
    elif open_ and shown:
        yield unsure(
            each(open_, name=lambda part: part.address, at=lambda part: part.at).say(
                "Other workloads scale in, and of {} nothing says so"
            )
        )
    elif shown and not open_ and not fixed and not _nodes_stay(workloads, kubernetes, infrastructure):
        yield passed(
            each(shown, at=lambda place: place).say("{all:workload} {follows} the load"),
            confidence="medium",
        )


_ONCE = "once"
"""There is one of it, which has no room to scale in."""


def _nodes_stay(workloads: Workloads, kubernetes: Kubernetes, infrastructure: Infrastructure) -> bool:
    """Whether a cluster of the tree has nodes of which nothing says that their number follows."""
    return (
        bool(workloads.clusters)
        and not elastic_nodes(kubernetes, infrastructure)
        and any(
            cluster.thing.block is not None and _OF_NODES.search(cluster.thing.block.type)
            for cluster in workloads.clusters
        )
    )


_OF_NODES = re.compile(r"eks|container_cluster|kubernetes|EKS|managedClusters|gke", re.IGNORECASE)
_BY_USE = re.compile(
    r"lambda|Lambda|Serverless::Function|cloudfunctions|cloud_run|apprunner|AppRunner|function_app|Functions|"
    r"_sfn_|sites/functions"
)


def _only_out(infrastructure: Infrastructure) -> set[str]:
    """The labels of targets that all policies naming them may only grow."""
    policies = [
        (SCALERS.named(SCALERS.value(policy, "of")), SCALERS.says(policy, "grows").value is not False)
        for policy in SCALERS.among(infrastructure, "service")
    ]
    shrinking = {label for labels, grows in policies if not grows for label in labels}
    return {label for labels, grows in policies if grows for label in labels} - shrinking


def _rooms_of(target: Block, growing: Collection[str]) -> Iterator[tuple[str, bool | None]]:
    """The names of the services that a target bounds, and whether it leaves them room."""
    least, most = (as_number(SCALERS.value(target, what)) for what in ("least", "most"))
    room = None if least is None or most is None else least < most and target.label not in growing
    yield from ((name, room) for name in re.findall(r"[A-Za-z_][\w-]*", str(SCALERS.value(target, "of"))[:300]))


_MOST_BY_DEFAULT = 10
"""Instances of a container app of which nothing says how many there may be; Cloud Run has more."""


def _room_of(block: Block, rooms: dict[str, bool | None]) -> bool | str | None:
    """Whether a resource of a cloud has room to scale in; None where that cannot be told."""
    if _SERVED.kind(block) in ("app", "regional"):
        said, bound = _SERVED.value(block, "least"), _SERVED.value(block, "most")
        least = as_number(0 if said is None else said)
        most = as_number(_MOST_BY_DEFAULT if bound is None else bound)
        return None if least is None or most is None else _ONCE if most <= 1 else least < most
    if _BY_USE.search(block.type):
        return True
    if SCALED.kind(block) == "service":
        if block.label in rooms:
            return rooms[block.label]
        return _ONCE if as_number(SCALED.value(block, "count")) == 1 else None
    return None


def _scaled_pods(kubernetes: Kubernetes) -> dict[str, bool | None]:
    """Whether the autoscaler of each workload of Kubernetes, by its name, has room."""
    found: dict[str, bool | None] = {}
    for scaler in kubernetes.of("HorizontalPodAutoscaler", "ScaledObject"):
        low = as_number(scaler.get("spec", "minReplicas", default=scaler.get("spec", "minReplicaCount", default=0)))
        high = as_number(scaler.get("spec", "maxReplicas", default=scaler.get("spec", "maxReplicaCount", default=100)))
        room = None if low is None or high is None else low < high
        found[str(scaler.get("spec", "scaleTargetRef", "name"))] = False if only_grows(scaler) else room
    return found


def _room_of_pods(resource: Resource | None, pods: dict[str, bool | None]) -> bool | str | None:
    """Whether a workload of Kubernetes has an autoscaler with room; None where that cannot be told."""
    if resource is None:
        return _ONCE  # of a compose file, which is for one machine
    if resource.kind not in ("Deployment", "Rollout") or resource.path.endswith((".nomad", ".nomad.hcl", ".hcl")):
        return None
    if resource.resource in pods:
        return pods[resource.resource]
    return _ONCE if as_number(resource.get("spec", "replicas", default=1)) == 1 else None


def _knative(service: Resource) -> bool:
    """Whether a service of Cloud Run or Knative may have fewer instances than at most."""
    annotations = service.get("spec", "template", "metadata", "annotations")
    said = annotations if isinstance(annotations, dict) else {}
    least = as_number(said.get("autoscaling.knative.dev/minScale", 0))
    most = as_number(said.get("autoscaling.knative.dev/maxScale", 100))
    return least is not None and most is not None and least < most
