"""Judges whether only healthy instances get traffic, in how many zones they run and how many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orchestrator import (
    BOTH,
    Block,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Resource,
    Several,
    Source,
    Typed,
    Workloads,
    as_number,
    check,
    each,
    examined,
    failed,
    is_file_elsewhere,
    measured,
    passed,
    unsure,
)
from orchestrator import Workload as Running

from . import _examples as ex
from ._clouds import SERVED, Clouds
from ._types import TARGETS
from ._workloads import Estate, Workload, addressed, knative, titled

_TARGET_GROUP = 'resource "aws_lb_target_group" "web" {\n  port = 80\n'
_CHECKED = _TARGET_GROUP + '  health_check {\n    path = "/ready"\n  }\n}\n'


@check(
    "INF-1.1.8",
    shows=BOTH,
    clean=[
        Example("Readiness and liveness", {"k8s/web.yaml": ex.WEB + ex.PROBES + ex.SERVICE}),
        Example("Both in OpenShift", {"k8s/web.yaml": ex.of_openshift(ex.WEB) + ex.PROBES + ex.SERVICE}),
        Example("A check of Nomad that restarts what fails it", {"shop.nomad.hcl": ex.NOMAD}),
        Example(
            "A web app beside it that is asked too",
            {
                "k8s/web.yaml": ex.WEB + ex.PROBES + ex.SERVICE,
                "web.tf": 'resource "azurerm_linux_web_app" "till" {\n  site_config {\n'
                '    health_check_path = "/ready"\n  }\n}\n',
            },
        ),
        Example(
            "A job that only lets its numbers be fetched, in Nomad",
            {
                "shop.nomad.hcl": ex.NOMAD,
                "work.nomad.hcl": 'job "work" {\n  group "work" {\n    count = 2\n    network {\n      port "metrics" '
                '{ to = 9100 }\n    }\n    service {\n      name = "work-metrics"\n      port = "metrics"\n    }\n'
                '    task "work" {\n      driver = "docker"\n      config {\n        image = "shop/work:1"\n      }\n'
                "    }\n  }\n}\n",
            },
        ),
        Example(
            "An exporter, which answers no user",
            {
                "k8s/web.yaml": ex.WEB + ex.PROBES + ex.SERVICE,
                "k8s/exporter.yaml": ex.renamed(ex.WEB + ex.SERVICE, "numbers").replace(
                    "shop/numbers", "percona/mongodb_exporter"
                ),
            },
        ),
        Example(
            "A database without probes is another matter",
            {
                "k8s/web.yaml": ex.WEB + ex.PROBES + ex.SERVICE,
                "k8s/db.yaml": ex.renamed(ex.WEB + ex.SERVICE, "db").replace("shop/db", "library/postgres"),
            },
        ),
    ],
    flagged=[
        Example("No probes at all", {"k8s/web.yaml": ex.WEB + ex.SERVICE}),
        Example(
            "A workload of OpenShift without any",
            {
                "k8s/web.yaml": ex.WEB + ex.PROBES + ex.SERVICE,
                "k8s/desk.yaml": ex.renamed(ex.of_openshift(ex.WEB) + ex.SERVICE, "desk"),
            },
        ),
        Example("A service of Nomad without a check", {"shop.nomad.hcl": ex.NOMAD.replace(ex.NOMAD_CHECK, "")}),
        Example(
            "Only liveness",
            {"k8s/web.yaml": ex.WEB + "          livenessProbe: {tcpSocket: {port: 80}}\n" + ex.SERVICE},
        ),
    ],
    silent=[
        Example(
            "Probes in the cluster, none at a web app beside it",
            {
                "k8s/web.yaml": ex.WEB + ex.PROBES + ex.SERVICE,
                "web.tf": 'resource "azurerm_linux_web_app" "till" {\n  site_config {\n    always_on = true\n  }\n}\n',
            },
        ),
        Example(
            "A scaling group that looks at the machine alone",
            {
                "k8s/web.yaml": ex.WEB + ex.PROBES + ex.SERVICE,
                "asg.tf": 'resource "aws_autoscaling_group" "till" {\n  health_check_type = "EC2"\n}\n',
            },
        ),
        Example(
            "A second container that listens and is not asked",
            {
                "k8s/web.yaml": ex.WEB
                + ex.PROBES
                + "        - name: proxy\n          image: shop/proxy:1.0.0\n          ports: [{containerPort: 80}]\n"
                + ex.SERVICE
            },
        ),
        Example("Only readiness", {"k8s/web.yaml": ex.WEB + ex.PROBES.partition("          live")[0] + ex.SERVICE}),
        Example(
            "Probes that the values of a chart decide",
            {
                "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
                "web/values.yaml": "readinessProbe: {}\n",
                "web/templates/web.yaml": ex.WEB
                + "          {{- with .Values.readinessProbe }}\n          readinessProbe:\n"
                + "            {{- toYaml . | nindent 12 }}\n          {{- end }}\n"
                + ex.SERVICE,
            },
        ),
        Example(
            "An overlay that may add them",
            {
                "base/kustomization.yaml": "resources: [web.yaml]\n",
                "base/web.yaml": ex.WEB + ex.SERVICE,
                "prod/kustomization.yaml": "resources: [../base]\npatches: [{path: web.yaml}]\n",
                "prod/web.yaml": ex.WEB + ex.PROBES,
            },
        ),
    ],
)
def probes(kubernetes: Kubernetes, workloads: Workloads, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Every workload behind a Service has a readiness and a liveness probe, and so has what runs elsewhere."""
    estate = Estate(kubernetes)
    unready = [w for w in estate.answering if _lacks(w, estate, "readinessProbe")]
    unchecked = [w for w in estate.answering if not _everywhere(w, "readinessProbe", "livenessProbe")]
    clouds = Clouds(infrastructure)
    apart_ = {one.address for one in (*clouds.serving, *clouds.workers) if one.probed or one in clouds.workers}
    elsewhere = [w for w in workloads.elsewhere if w.says("probed").value is not True and w.address not in apart_]
    measure = measured("workloads without a readiness probe", len(unready), at_most=0)
    if unready:
        yield failed(
            titled(unready, at=_container).say("{} {has} no readiness probe"),
            examined(len(estate.answering), "workloads behind Services"),
            measure=measure,
        )
    elif unchecked:
        yield unsure(
            titled(unchecked, at=_container).say(
                "Readiness is not followed by a liveness probe everywhere, or a template decides: {}"
            )
        )
    elif estate.answering and elsewhere:
        yield unsure(apart(elsewhere).say("{} {is} not shown to be checked before requests come"))
    elif estate.answering:
        yield passed(
            titled(estate.answering, at=_container).say("{all:serving workload} {has} readiness and liveness probes"),
            examined(len(estate.answering), "workloads behind Services"),
            measure=measure,
        )


def _judged_apart(infrastructure: Infrastructure) -> set[str]:
    """The services of clouds, which have a check of their own."""
    clouds = Clouds(infrastructure)
    return {one.address for one in (*clouds.serving, *clouds.workers)}


_TASK = (
    'resource "aws_ecs_service" "web" {\n  desired_count = 2\n'
    "  task_definition = aws_ecs_task_definition.web.arn\n%s}\n"
    'resource "aws_ecs_task_definition" "web" {\n  container_definitions = jsonencode([{ name = "web", '
    "portMappings = [{ containerPort = 80 }]%s }])\n}\n"
)
_HANDED = "  load_balancer {\n    target_group_arn = aws_lb_target_group.web.arn\n  }\n"
_SITE = 'resource "azurerm_linux_web_app" "%s" {\n  site_config {\n%s  }\n}\n'
_PATH = '    health_check_path = "/ready"\n'
_APP = (
    "resource api 'Microsoft.App/containerApps@2024-03-01' = "
    "{\n  name: 'api'\n  properties: {\n    managedEnvironmentId: env.id\n"
    "    configuration: {ingress: {external: true}}\n    template: "
    "{\n      containers: [{name: 'api', image: 'shop/api:1'%s}]\n"
    "      scale: {minReplicas: 2, maxReplicas: 9}\n    }\n  }\n}\n"
)
_ENVIRONMENT = (
    "resource env 'Microsoft.App/managedEnvironments@2024-03-01' = "
    "{\n  name: 'env'\n  properties: {zoneRedundant: %s}\n}\n"
)


@check(
    "INF-1.1.8",
    shows=BOTH,
    clean=[
        Example("A service of ECS in a target group that asks", {"main.tf": _TASK % (_HANDED, "") + _CHECKED}),
        Example("A container that asks itself", {"main.tf": _TASK % ("", ", healthCheck = { command = [] }")}),
        Example("A web app with a path", {"main.tf": _SITE % ("web", _PATH)}),
        Example(
            "A service of Knative with readiness",
            {
                "run.yaml": "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: web}\nspec:\n  "
                "template:\n    spec:\n"
                "      containers: [{image: 'shop/web:1', readinessProbe: {httpGet: {path: /ready}}}]\n"
            },
        ),
        Example("A container app with readiness", {"main.bicep": _APP % ", probes: [{type: 'Readiness'}]"}),
        Example(
            "A worker that opens no port beside it",
            {
                "main.tf": _TASK % (_HANDED, "")
                + _CHECKED
                + 'resource "aws_ecs_service" "work" {\n  task_definition = aws_ecs_task_definition.work.arn\n}\n'
                'resource "aws_ecs_task_definition" "work" {\n'
                '  container_definitions = jsonencode([{ name = "work" }])\n}\n'
            },
        ),
    ],
    flagged=[
        Example("A service behind no balancer", {"main.tf": _TASK % ("", "")}),
        Example("A second web app without a path", {"main.tf": _SITE % ("web", _PATH) + _SITE % ("desk", "")}),
        Example("A container app with liveness alone", {"main.bicep": _APP % ", probes: [{type: 'Liveness'}]"}),
    ],
    silent=[
        Example(
            "A target group with the provider's defaults", {"main.tf": _TASK % (_HANDED, "") + _TARGET_GROUP + "}\n"}
        ),
        Example(
            "A group of another module",
            {"main.tf": _TASK % (_HANDED.replace("aws_lb_target_group.web", "module.lb"), "")},
        ),
        Example(
            "A machine beside it",
            {"main.tf": _SITE % ("web", _PATH) + 'resource "aws_autoscaling_group" "till" {\n}\n'},
        ),
    ],
)
def probes_of_services(kubernetes: Kubernetes, infrastructure: Infrastructure, workloads: Workloads) -> Iterator[Draft]:
    """Each service of a cloud that answers requests is asked for its health by what hands it on, or by itself."""
    clouds = Clouds(infrastructure)
    serving = [one for one in clouds.serving if one.probed is not None or not _is_regional(one.block)]
    run = knative(kubernetes)
    ready = [s for s in run if _is_ready(s)]
    unasked = [one for one in serving if one.probed is False]
    named = _judged_apart(infrastructure) | {f"{s.kind} {s.resource}" for s in run}
    others = [w for w in workloads.elsewhere if w.address not in named and w.says("probed").value is not True]
    if unasked:
        yield failed(
            each(unasked, name=lambda one: one.address, at=lambda one: one.at).say(
                "{} {is} asked for {its} health by nothing"
            ),
            examined(len(serving), "services of clouds"),
            remedy="Give each a health check of its target group, a health check path or a readiness probe.",
        )
    elif serving and (open_ := [one for one in serving if one.probed is None]):
        yield unsure(
            each(open_, name=lambda one: one.address, at=lambda one: one.at).say(
                "{} {is} not shown to be checked before requests come"
            )
        )
    elif (serving or run) and others:
        yield unsure(apart(others).say("{} {is} not shown to be checked before requests come"))
    elif unready := [one for one in run if one not in ready]:
        yield unsure(each(unready, name=lambda s: s.title, at=lambda s: s.at()).say("{} {has} no readiness probe"))
    elif ready and not serving:
        yield passed(
            each(ready, name=lambda s: s.title, at=lambda s: s.at("spec", "template", "spec")).say(
                "{all:service} {has} a readiness probe: {}"
            ),
            examined(len(ready), "services"),
        )
    elif serving:
        yield passed(
            each(serving, name=lambda one: one.address, at=lambda one: one.at).say(
                "{all:service} {is} asked for {its} health: {}"
            ),
            examined(len(serving), "services of clouds"),
        )


def _is_ready(service: Resource) -> bool:
    """Whether a service of Knative asks a container for its readiness, and each that opens a port."""
    every = [container for _, container in service.containers()]
    asked = [c for c in every if isinstance(c.get("readinessProbe"), dict)]
    return bool(asked) and all(c in asked for c in every if c.get("ports"))


def _is_regional(block: Block) -> bool:
    return SERVED.kind(block) == "regional"


@check(
    "INF-1.1.7",
    shows=BOTH,
    clean=[
        Example(
            "Tasks in subnets of three zones",
            {
                "main.tf": _TASK
                % (_HANDED + "  network_configuration {\n    subnets = [for s in aws_subnet.a : s.id]\n  }\n", "")
                + 'resource "aws_subnet" "a" {\n  for_each = { a = "10.0.1.0/24", b = "10.0.2.0/24" }\n'
                '  availability_zone = "eu-central-1${each.key}"\n}\n'
            },
        ),
        Example("An environment that is zone redundant", {"main.bicep": _APP % "" + _ENVIRONMENT % "true"}),
        Example(
            "A plan that balances over zones",
            {
                "main.tf": 'resource "azurerm_service_plan" "p" {\n  worker_count = 3\n'
                "  zone_balancing_enabled = true\n}\n"
                'resource "azurerm_linux_web_app" "w" {\n  service_plan_id = azurerm_service_plan.p.id\n}\n'
            },
        ),
    ],
    flagged=[
        Example(
            "Tasks in one subnet",
            {
                "main.tf": _TASK % (_HANDED + "  network_configuration {\n    subnets = [aws_subnet.a.id]\n  }\n", "")
                + 'resource "aws_subnet" "a" {\n  availability_zone = "eu-central-1a"\n}\n'
            },
        ),
    ],
    silent=[
        Example("An environment that says nothing of zones", {"main.bicep": _APP % "" + _ENVIRONMENT % "false"}),
        Example(
            "Subnets that a module makes",
            {"main.tf": _TASK % (_HANDED + "  network_configuration {\n    subnets = module.vpc.private\n  }\n", "")},
        ),
        Example(
            "Cloud Run, of which nothing says zones", {"main.tf": 'resource "google_cloud_run_v2_service" "w" {\n}\n'}
        ),
    ],
)
def zones_of_services(infrastructure: Infrastructure, workloads: Workloads) -> Iterator[Draft]:
    """Each service of a cloud runs at least twice, in subnets or an environment of several zones."""
    clouds = Clouds(infrastructure)
    serving = clouds.serving
    single = [one for one in serving if one.spread is False and SERVED.kind(one.block) == "task"]
    named = _judged_apart(infrastructure)
    others = [w for w in workloads.elsewhere if w.address not in named and w.kind != "group"]
    told = [one for one in serving if one.spread and (one.least or 0) >= 2 and not _is_regional(one.block)]
    if single:
        yield failed(
            each(single, name=lambda one: one.address, at=lambda one: one.spread_at).say("{} {runs} in a single zone"),
            measure=measured("fewest zones", 1, at_least=2),
        )
    elif serving and (open_ := [one for one in serving if one not in told]):
        yield unsure(
            each(open_, name=lambda one: one.address, at=lambda one: one.at).say(
                "{} {is} not shown to run twice over several zones"
            )
        )
    elif serving and others:
        yield unsure(apart(others).say("{} {is} not shown to run in several zones"))
    elif serving:
        yield passed(
            each(told, name=lambda one: one.address, at=lambda one: one.spread_at).say("{} {runs} over several zones"),
            examined(len(serving), "services of clouds"),
        )


@check(
    "INF-1.2.3",
    shows=BOTH,
    clean=[
        Example("A check of Nomad", {"shop.nomad.hcl": ex.NOMAD}),
        Example("A readiness probe behind each Service", {"k8s/web.yaml": ex.WEB + ex.PROBES + ex.SERVICE}),
        Example("A target group with a health check", {"main.tf": _CHECKED}),
    ],
    flagged=[
        Example(
            "A load balancer in front of a workload without readiness",
            {"k8s/web.yaml": ex.WEB + ex.SERVICE.replace("  ports", "  type: LoadBalancer\n  ports")},
        ),
        Example(
            "A second backend of Google without a check",
            {
                "main.tf": 'resource "google_compute_backend_service" "a" {\n'
                "  health_checks = [google_compute_health_check.a.id]\n}\n"
                'resource "google_compute_backend_service" "b" {\n}\n'
            },
        ),
        Example(
            "Health checks switched off",
            {"main.tf": _TARGET_GROUP + "  health_check {\n    enabled = false\n  }\n}\n"},
        ),
    ],
    silent=[
        Example("A target group with the provider's defaults", {"main.tf": _TARGET_GROUP + "}\n"}),
        Example(
            "Nearly any answer is health", {"main.tf": _CHECKED.replace('"/ready"', '"/"\n    matcher = "200-499"')}
        ),
        Example(
            "An hour until it is told",
            {"main.tf": _CHECKED.replace('"/ready"', '"/"\n    interval = 300\n    unhealthy_threshold = 10')},
        ),
        Example("No Service is written that would balance", {"k8s/web.yaml": ex.WEB + ex.PROBES}),
        Example(
            "A backend without machines",
            {
                "main.tf": 'resource "google_compute_backend_service" "web" {\n  backend {\n'
                "    group = google_compute_region_network_endpoint_group.web.id\n  }\n}\n"
            },
        ),
    ],
)
def balanced_by_health(kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """What distributes requests checks its backends: target groups by health checks, Services by readiness."""
    estate = Estate(kubernetes)
    groups = [g for g in TARGETS.among(infrastructure) if not is_file_elsewhere(g.path)]
    groups = [g for g in groups if TARGETS.says(g, "function").value is not True]
    off = [g for g in groups if TARGETS.says(g, "on").value is False]
    bare = [g for g in groups if TARGETS.kind(g) == "bare" and TARGETS.says(g, "asked").value is False]
    far = [g for g in bare if _NO_MACHINES.search(str(TARGETS.value(g, "backends"))[:2_000])]
    bare = [g for g in bare if g not in far]
    loose = [g for g in groups if _is_loose(g)]
    unready = [w for w in estate.answering if _lacks(w, estate, "readinessProbe")]
    if off:
        yield failed(
            addressed(off, at=lambda b: TARGETS.place(b, "asked")).say("{} {has} {its} health check switched off")
        )
    if bare:
        yield failed(
            addressed(bare).say("{} {hands} on requests without asking {its} backends for their health"),
            examined(len(groups), "backends of balancers"),
        )
    if unready:
        yield failed(
            titled(unready, at=_container).say("Services send requests to {} without a readiness probe to go by"),
            examined(len(estate.answering), "workloads behind Services"),
            measure=measured("workloads without a readiness probe", len(unready), at_most=0),
        )
    known = all(_everywhere(w, "readinessProbe") for w in estate.answering)
    checked = all(TARGETS.says(g, "asked").value for g in groups)
    if loose:
        yield unsure(
            addressed(loose).say(
                "{} {takes} nearly any answer for health, or {takes} many minutes to tell: next to nothing is "
                "routed around"
            )
        )
    elif not off and not unready and known and checked and (groups or (estate.answering and estate.selected)):
        yield passed(
            "Backends are checked before they get requests",
            *[TARGETS.place(g, "asked") for g in groups],
            *[_container(w) for w in estate.answering],
            examined(len(groups) + len(estate.answering), "target groups and workloads behind Services"),
        )


_NO_MACHINES = re.compile(r"network_endpoint_group|serverless|backend_bucket")
"""Backends without machines to ask, which their platform answers for."""
_WORST_STATUS = 399
_LONGEST_WAIT = 600
"""Seconds; what has failed for longer has failed everybody."""


def _is_loose(group: Block) -> bool:
    """Whether what *group* takes for healthy says next to nothing, or is said too late."""
    matcher = str(TARGETS.value(group, "matcher") or "")
    worst = max((int(n) for n in re.findall(r"\d{3}", matcher)), default=0)
    interval, times = (as_number(TARGETS.value(group, what)) for what in ("interval", "times"))
    return worst > _WORST_STATUS or (interval or 0) * (times or 1) > _LONGEST_WAIT


@check(
    "INF-1.1.7",
    shows=BOTH,
    clean=[
        Example("Spread over zones", {"k8s/web.yaml": ex.WEB + ex.SPREAD + ex.SERVICE}),
        Example("Spread over datacenters of Nomad", {"shop.nomad.hcl": ex.NOMAD}),
        Example("A scaling group in two subnets", {"main.tf": ex.GROUP}),
    ],
    flagged=[
        Example(
            "Pinned to one zone",
            {"k8s/web.yaml": ex.WEB + "      nodeSelector: {topology.kubernetes.io/zone: eu-west-1a}\n" + ex.SERVICE},
        ),
        Example(
            "A scaling group in one zone",
            {
                "main.tf": ex.GROUP.replace(
                    "vpc_zone_identifier = [aws_subnet.a.id, aws_subnet.b.id]", 'availability_zones = ["a"]'
                )
            },
        ),
        Example(
            "A zonal cluster",
            {"main.tf": 'resource "google_container_cluster" "main" {\n  location = "europe-west1-b"\n}\n'},
        ),
    ],
    silent=[
        Example("Nothing said: the scheduler spreads by default", {"k8s/web.yaml": ex.WEB + ex.SERVICE}),
        Example(
            "Spread, but only one of it",
            {"k8s/web.yaml": (ex.WEB + ex.SPREAD + ex.SERVICE).replace("replicas: 3", "replicas: 1")},
        ),
    ],
)
def zones(kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Workloads spread over zones, and scaling groups and clusters name more than one."""
    estate = Estate(kubernetes)
    pinned = [
        (w.title, c.at(*c.pod, "nodeSelector"))
        for w in estate.serving
        for c in w.copies
        if _pinned(c.section(*c.pod, "nodeSelector"))
    ]
    blocks = [b for b in _ZONAL.among(infrastructure) if not is_file_elsewhere(b.path)]
    pinned += [(b.address, _zone_place(b)) for b in blocks if _zones(b) == 1]
    if pinned:
        yield failed(
            each(pinned, name=lambda pin: pin[0], at=lambda pin: pin[1]).say("{} {runs} in a single zone"),
            measure=measured("fewest zones", 1, at_least=2),
        )
        return
    spread = [w for w in estate.serving if all(spread_over_zones(c.section(*c.pod)) for c in w.copies)]
    several = [w for w in spread if (estate.replicas(w) or 0) >= 2]
    groups = [b for b in blocks if _zones(b) > 1]
    if (estate.serving or groups) and len(several) == len(estate.serving) and len(groups) == len(blocks):
        yield passed(
            "Instances are spread over zones",
            *[w.copies[0].at(*w.copies[0].pod, "topologySpreadConstraints") for w in several],
            *map(_zone_place, groups),
            examined(len(several) + len(groups), "workloads and scaling groups"),
            measure=measured("fewest zones", min(map(_zones, groups), default=None), at_least=2),
        )


def spread_over_zones(pod: dict[str, object]) -> bool:
    """Whether a pod's constraints or its anti-affinity name zones."""
    constraints = pod.get("topologySpreadConstraints")
    listed_keys = (
        [c.get("topologyKey") for c in constraints if isinstance(c, dict) and not _uneven(c)]
        if isinstance(constraints, list)
        else []
    )
    affinity = pod.get("affinity")
    anti = affinity.get("podAntiAffinity") if isinstance(affinity, dict) else None
    for terms in anti.values() if isinstance(anti, dict) else []:
        for term in terms if isinstance(terms, list) else []:
            inner = term.get("podAffinityTerm", term) if isinstance(term, dict) else {}
            listed_keys.append(inner.get("topologyKey") if isinstance(inner, dict) else None)
    return any(isinstance(key, str) and key.endswith("/zone") for key in listed_keys)


_MOST_SKEW = 5


def _uneven(constraint: dict[str, object]) -> bool:
    """Whether a constraint lets one zone have so many more than another that all may be in it."""
    skew = constraint.get("maxSkew")
    return isinstance(skew, int) and skew > _MOST_SKEW


_ZONAL = Typed("resources/zonal")


def _zone_place(block: Block) -> Source:
    """Where *block* says in which zones it runs."""
    said = next((what for what in ("subnets", "zones", "place") if _ZONAL.at(block, what)), "")
    return _ZONAL.place(block, said)


def _zones(block: Block) -> int:
    """How many zones *block* names; 0 where it cannot be told."""
    if _ZONAL.kind(block) == "placed":
        place = _ZONAL.value(block, "place")
        parts = place.split("-") if isinstance(place, str) and "." not in place else []
        return 1 if len(parts) == 3 and not _ZONAL.says(block, "more").value else 0
    values = [_ZONAL.value(block, what) for what in ("subnets", "zones")]
    return next((len({str(one) for one in v}) for v in values if isinstance(v, list) and v and not _computed(v)), 0)


def _computed(values: list[object]) -> bool:
    """Whether a single entry may stand for many, such as a list spelt out elsewhere."""
    marks = ("[*]", "var.", "local.", "module.", "data.", "{'!")
    return len(values) == 1 and any(mark in str(values[0]) for mark in marks)


def _pinned(selector: dict[str, object]) -> bool:
    return any(key.endswith("/zone") and isinstance(value, str) for key, value in selector.items())


def _lacks(workload: Workload, estate: Estate, probe: str) -> bool:
    """Whether a copy of *workload* certainly has no such probe on any container."""
    return not estate.patched(workload) and any(
        not any(container.get(probe) or copy.open(*keys, probe) for keys, container in copy.containers())
        for copy in workload.copies
        if any(True for _ in copy.containers())
    )


def _everywhere(workload: Workload, *wanted: str) -> bool:
    """Whether each copy has such probes: at one of its containers, and at all that listen on a port."""
    return all(
        any(isinstance(container.get(p), dict) for _, container in copy.containers())
        and all(isinstance(container.get(p), dict) for _, container in copy.containers() if container.get("ports"))
        for copy in workload.copies
        for p in wanted
    )


def apart(workloads: Sequence[Running]) -> Several:
    """The workloads outside Kubernetes, or of a kind of object that its Services know nothing of."""
    return each(workloads, name=lambda w: w.address, at=lambda w: w.at)


def _container(workload: Workload) -> Source:
    copy = workload.copies[0]
    return next((copy.at(*keys) for keys, _ in copy.containers()), copy.at())
