"""Judges autoscaling: whether serving compute scales by itself, within which bounds, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    Alerts,
    Block,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Resource,
    Source,
    Workloads,
    as_number,
    check,
    each,
    examined,
    failed,
    first_of,
    is_file_elsewhere,
    measured,
    passed,
    unsure,
)

from . import _examples as ex
from ._clouds import SERVED
from ._types import SCALED, SCALERS
from ._workloads import KNATIVE, Estate, Workload, addressed, knative, titled


@check(
    "INF-1.1.1",
    shows=BOTH,
    clean=[
        Example("A policy of Nomad on CPU", {"shop.nomad.hcl": ex.NOMAD}),
        Example("An autoscaler on CPU for the only serving workload", {"k8s/web.yaml": ex.WEB + ex.SERVICE + ex.HPA}),
        Example(
            "KEDA on memory",
            {
                "k8s/web.yaml": ex.WEB
                + ex.SERVICE
                + "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: web}\nspec:\n"
                "  scaleTargetRef: {name: web}\n  triggers:\n  - type: memory\n    metadata: {value: '70'}\n"
            },
        ),
        Example(
            "A worker that scales as well as what serves",
            {
                "k8s/web.yaml": ex.WEB + ex.SERVICE + ex.HPA,
                "k8s/worker.yaml": ex.renamed(ex.WEB, "worker") + ex.renamed(ex.HPA, "worker"),
            },
        ),
    ],
    flagged=[
        Example(
            "Two serving workloads, an autoscaler for one of them",
            {
                "k8s/web.yaml": ex.WEB + ex.SERVICE + ex.HPA,
                "k8s/api.yaml": ex.renamed(ex.WEB + ex.SERVICE, "api"),
            },
        ),
        Example("Bounds of Nomad, and no policy to go by", {"shop.nomad.hcl": ex.NOMAD.replace(ex.NOMAD_POLICY, "")}),
        Example(
            "KEDA that is paused",
            {
                "k8s/web.yaml": ex.WEB
                + ex.SERVICE
                + "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:\n  name: web\n"
                "  annotations: {autoscaling.keda.sh/paused: 'true'}\nspec:\n  scaleTargetRef: {name: web}\n"
                "  triggers:\n  - type: cpu\n    metadata: {value: '70'}\n"
            },
        ),
        Example(
            "An autoscaler that never adds a pod",
            {
                "k8s/web.yaml": ex.WEB
                + ex.SERVICE
                + ex.HPA.replace("  minReplicas", "  behavior: {scaleUp: {selectPolicy: Disabled}}\n  minReplicas")
            },
        ),
        Example(
            "One of its name in another namespace scales",
            {
                "k8s/web.yaml": (ex.WEB + ex.SERVICE).replace("  name: web\n", "  name: web\n  namespace: shop\n")
                + "---\n"
                + (ex.WEB + ex.SERVICE + ex.HPA).replace("  name: web\n", "  name: web\n  namespace: desk\n"),
            },
        ),
        Example(
            "A fixed number of replicas", {"k8s/web.yaml": ex.WEB.replace("replicas: 3", "replicas: 1") + ex.SERVICE}
        ),
    ],
    silent=[
        Example(
            "No count and no autoscaler: it may live elsewhere",
            {"k8s/web.yaml": ex.WEB.replace("  replicas: 3\n", "") + ex.SERVICE},
        ),
        Example("A chart whose values choose the count", ex.CHART),
        Example(
            "Only a worker without a Service",
            {"k8s/w.yaml": ex.WEB.replace("          ports: [{containerPort: 80}]\n", "")},
        ),
        Example(
            "What serves scales, and a worker beside it does not",
            {"k8s/web.yaml": ex.WEB + ex.SERVICE + ex.HPA, "k8s/worker.yaml": ex.renamed(ex.WEB, "worker")},
        ),
        Example(
            "A worker that scales by the length of its queue alone",
            {
                "k8s/web.yaml": ex.WEB + ex.SERVICE + ex.HPA,
                "k8s/worker.yaml": ex.renamed(ex.WEB, "worker")
                + "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: worker}\nspec:\n"
                "  scaleTargetRef: {name: worker}\n  triggers:\n  - type: rabbitmq\n    metadata: {value: '20'}\n",
            },
        ),
    ],
)
def scaled_workloads(kubernetes: Kubernetes) -> Iterator[Draft]:
    """
    Every workload of the project's own is the target of an autoscaler that watches CPU or memory.

    What works through jobs takes no pass from nobody knowing whether it can be there twice; it fails nothing.
    """
    estate = Estate(kubernetes)
    serving = [w for w in estate.serving if w.copies[0].kind != "StatefulSet"]
    workers = [w for w in estate.workers if w.copies[0].kind != "StatefulSet"]
    if not serving:
        if workers:
            yield from _idle_workers(estate, workers)
        return
    lacking = [w for w in serving if estate.scaler(w) is None]
    fixed = [w for w in lacking if any(_is_fixed(c) for c in w.copies)]
    other = [s for s in (estate.scaler(w) for w in serving) if s is not None and not _on_load(s)]
    missed = lacking if len(lacking) < len(serving) else fixed
    measure = measured("serving workloads without an autoscaler", len(lacking), at_most=0)
    if missed:
        yield failed(
            titled(missed).say("{share:serving workload} cannot scale: no autoscaler targets {}", of=len(serving)),
            examined(len(serving), "workloads behind Services"),
            confidence="high" if len(lacking) < len(serving) else "medium",
            measure=measure,
        )
    elif lacking and (off := [s for s in kubernetes.switched_off if s.kind == "HorizontalPodAutoscaler"]):
        yield unsure(
            each(off, at=lambda scaler: scaler.source).say(
                "The values of {its chart|their charts} leave out the autoscaler of {lacking}; an installation may "
                "switch it on",
                lacking=titled(lacking),
            ),
            measure=measure,
        )
    elif lacking:
        yield unsure(
            titled(lacking).say("No autoscaler in this repository for {}; it may be applied from elsewhere"),
            measure=measure,
        )
    elif held := [s for s in (estate.scaler(w) for w in serving) if s is not None and is_held(s)]:
        yield failed(
            each(held, name=lambda s: s.resource, at=held_at).say("Autoscaler {} {is} held: {it} adds nothing"),
            examined(len(serving), "workloads behind Services"),
        )
    elif stuck := [s for s in (estate.scaler(w) for w in serving) if s is not None and _is_stuck(s)]:
        yield failed(
            each(stuck, name=lambda s: s.resource, at=lambda s: s.at("spec", "maxReplicas")).say(
                "Autoscaler {} cannot scale: {its} least and {its} most are the same"
            ),
            examined(len(serving), "workloads behind Services"),
        )
    elif other:
        yield unsure(f"Autoscaler {other[0].resource} watches neither CPU nor memory", other[0].at())
    elif idle := list(_idle_workers(estate, workers)):
        yield from idle
    else:
        every = [*serving, *workers]
        places = [s.at() for s in (estate.scaler(w) for w in every) if s is not None]
        yield passed(
            titled(every).say("{all:workload} {scales} on CPU or memory: {}"),
            *places,
            examined(len(every), "workloads"),
            measure=measure,
        )


def _idle_workers(estate: Estate, workers: list[Workload]) -> Iterator[Draft]:
    """Workers that nothing is seen to scale on CPU or memory."""
    lacking = [w for w in workers if (s := estate.scaler(w)) is None or not _on_load(s) or _is_stuck(s)]
    if lacking:
        yield unsure(
            titled(lacking).say(
                "No autoscaler on CPU or memory is seen for {}, which no Service selects",
            ),
            examined(len(workers), "workloads without a Service"),
        )


_HELD = frozenset({"Launch", "AlarmNotification"})
"""Without these no alarm makes a group larger."""


@check(
    "INF-1.1.1",
    shows=BOTH,
    clean=[
        Example("A scaling group with a target tracking policy", {"main.tf": ex.GROUP + ex.GROUP_POLICY}),
        Example(
            "A container app with a rule on CPU",
            {
                "main.bicep": "resource api 'Microsoft.App/containerApps@2024-03-01' = "
                "{\n  name: 'api'\n  properties: {\n"
                "    template: {\n      scale: {\n        minReplicas: 2\n        maxReplicas: 9\n"
                "        rules: [{name: 'cpu', custom: {type: 'cpu', metadata: {value: '60'}}}]\n      "
                "}\n    }\n  }\n}\n"
            },
        ),
    ],
    flagged=[
        Example("A scaling group that nothing scales", {"main.tf": ex.GROUP}),
        Example(
            "Two groups of one name, a policy for one", {"a/main.tf": ex.GROUP + ex.GROUP_POLICY, "b/main.tf": ex.GROUP}
        ),
        Example(
            "Two ECS services, a target for one",
            {
                "main.tf": 'resource "aws_ecs_service" "web" {\n}\nresource "aws_ecs_service" "api" {\n}\n'
                'resource "aws_appautoscaling_target" "web" {\n'
                '  resource_id = "service/shop/${aws_ecs_service.web.name}"\n}\n'
                'resource "aws_appautoscaling_policy" "cpu" {\n}\n'
            },
        ),
        Example(
            "An ECS service with a fixed count",
            {"main.tf": 'resource "aws_ecs_service" "web" {\n  name          = "web"\n  desired_count = 2\n}\n'},
        ),
    ],
    silent=[
        Example(
            "Cloud Run scales by itself, and nothing says by what",
            {"main.tf": 'resource "google_cloud_run_v2_service" "web" {\n  name = "web"\n}\n'},
        ),
        Example(
            "A machine beside the group that scales",
            {"main.tf": ex.GROUP + ex.GROUP_POLICY + 'resource "aws_instance" "worker" {\n  ami = "ami-1"\n}\n'},
        ),
        Example(
            "A task behind no balancer, beside a service that scales",
            {
                "main.tf": 'resource "aws_ecs_service" "web" {\n  load_balancer {\n    container_port = 80\n  }\n}\n'
                'resource "aws_ecs_service" "work" {\n  desired_count = 1\n}\n'
                'resource "aws_appautoscaling_target" "web" {\n'
                '  resource_id = "service/shop/${aws_ecs_service.web.name}"\n}\n'
                'resource "aws_appautoscaling_policy" "cpu" {\n}\n'
            },
        ),
        Example("No compute", {"main.tf": 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n'}),
    ],
)
def scaled_cloud_compute(infrastructure: Infrastructure, workloads: Workloads) -> Iterator[Draft]:
    """Scaling groups and ECS services in infrastructure code have a scaling policy, and no machine stands alone."""
    groups = _production(SCALED.among(infrastructure, "group"))
    every_service = _production(SCALED.among(infrastructure, "service"))
    services = [s for s in every_service if SCALED.says(s, "everywhere").value is not True]
    group_policies = SCALERS.among(infrastructure, "group")
    service_policies = SCALERS.among(infrastructure, "service")
    targets = SCALERS.among(infrastructure, "bounds") if service_policies else []
    whole = SCALERS.among(infrastructure, "whole")
    held = [g for g in groups if not _HELD.isdisjoint(map(str, SCALED.value(g, "suspended") or ()))]
    fixed = [g for g in groups if _is_one_number(g)]
    lone = _unscaled(services, targets)
    behind = [s for s in lone if any(_is_balanced(other) for other in services) and not _is_balanced(s)]
    unscaled = _unscaled(groups, [*group_policies, *whole]) + [s for s in lone if s not in behind]
    always = _production(SCALED.among(infrastructure, "always"))
    untold = [b for b in always if not _on_own_load(b)]
    own = [*always, *whole]
    every = [*groups, *services, *own]
    if held:
        yield failed(
            addressed(held, at=lambda b: SCALED.place(b, "suspended")).say(
                "{} cannot scale: {its} launches are suspended"
            ),
            examined(len(every), "scaling groups and services"),
            measure=measured("groups and services without a scaling policy", len(held), at_most=0),
        )
    elif fixed and not unscaled:
        yield failed(
            addressed(fixed, at=lambda b: SCALED.place(b, "most")).say(
                "{} cannot scale: {its} least and {its} most are the same"
            ),
            examined(len(every), "scaling groups and services"),
            measure=measured("groups and services without a scaling policy", len(fixed), at_most=0),
        )
    elif unscaled:
        yield failed(
            addressed(unscaled).say("{} {has} no scaling policy"),
            examined(len(every), "scaling groups and services"),
            measure=measured("groups and services without a scaling policy", len(unscaled), at_most=0),
        )
    elif untold:
        yield unsure(addressed(untold).say("{} {is} scaled by {its} provider; no trigger on CPU or memory is stated"))
    elif behind:
        yield unsure(
            addressed(behind).say(
                "Scaling policies cover what is balanced; {} {is} not, and nobody knows whether {it} may be there twice"
            )
        )
    elif every and (alone := [w for w in workloads.parts if w.kind == "machine" and w.production]):
        yield unsure(
            each(alone, name=lambda w: w.address, at=lambda w: w.at).say(
                "Scaling policies cover {every}; {} {is|are} of a fixed number", every=addressed(every)
            )
        )
    elif every:
        places = [b.at() for b in (*group_policies, *service_policies, *own)]
        measure = measured("groups and services without a scaling policy", 0, at_most=0)
        yield passed(f"Scaling policies cover {addressed(every)}", *places, measure=measure)


_DASHED = {"minScale": "autoscaling.knative.dev/min-scale", "maxScale": "autoscaling.knative.dev/max-scale"}
_ENDLESS = 10_000
"""Copies of one thing that nobody pays for; a largest count like that is no limit."""
_OF_COPIES = frozenset({"ecs", "ec2", "sagemaker", "appstream"})
"""What AWS scales by copies; throughput of tables and streams is counted in other sizes."""
_WIDE = 1_000
"""So many copies may be meant."""


_RUN = 'resource "google_cloud_run_v2_service" "web" {\n  template {\n    scaling {\n%s    }\n  }\n}\n'
_KNATIVE = (
    "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: web}\nspec:\n  template:\n    metadata:\n"
    "      annotations: {autoscaling.knative.dev/%s}\n    spec:\n      containers: [{image: 'shop/web:1'}]\n"
)


@check(
    "INF-1.1.2",
    shows=BOTH,
    clean=[
        Example("Both bounds of a group of Nomad", {"shop.nomad.hcl": ex.NOMAD}),
        Example("Both bounds stated", {"k8s/hpa.yaml": ex.WEB + ex.HPA}),
        Example(
            "Throughput of a table",
            {
                "main.tf": 'resource "aws_appautoscaling_target" "reads" {\n  service_namespace = "dynamodb"\n'
                "  min_capacity      = 5\n  max_capacity      = 40000\n}\n"
            },
        ),
        Example("A high ceiling", {"k8s/hpa.yaml": ex.WEB + ex.HPA.replace("Replicas: 10", "Replicas: 999")}),
        Example("A scaling group with both", {"main.tf": ex.GROUP}),
        Example(
            "Cloud Run with both", {"main.tf": _RUN % "      min_instance_count = 2\n      max_instance_count = 20\n"}
        ),
        Example(
            "A service of Knative with both",
            {"run.yaml": _KNATIVE % "minScale: '2', autoscaling.knative.dev/maxScale: '8'"},
        ),
    ],
    flagged=[
        Example("Cloud Run without a ceiling", {"main.tf": _RUN % "      min_instance_count = 2\n"}),
        Example("A service of Knative without a ceiling", {"run.yaml": _KNATIVE % "minScale: '2'"}),
        Example(
            "A container app without a ceiling",
            {
                "main.tf": 'resource "azurerm_container_app" "web" {\n  template {\n    min_replicas = 2\n  }\n}\n',
            },
        ),
        Example("No floor", {"k8s/hpa.yaml": ex.WEB + ex.HPA.replace("  minReplicas: 2\n", "")}),
        Example(
            "A ceiling in the sky", {"k8s/hpa.yaml": ex.WEB + ex.HPA.replace("maxReplicas: 10", "maxReplicas: 10000")}
        ),
        Example(
            "KEDA without a ceiling",
            {
                "k8s/web.yaml": ex.WEB,
                "k8s/keda.yaml": "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: web}\nspec:\n"
                "  scaleTargetRef: {name: web}\n  minReplicaCount: 2\n  triggers: [{type: cpu}]\n",
            },
        ),
    ],
    silent=[
        Example("No autoscaler", {"k8s/web.yaml": ex.WEB}),
        Example("A very high ceiling", {"k8s/hpa.yaml": ex.WEB + ex.HPA.replace("Replicas: 10", "Replicas: 1000")}),
        Example("A ceiling so high", {"k8s/hpa.yaml": ex.WEB + ex.HPA.replace("Replicas: 10", "Replicas: 9999")}),
        Example("A ceiling from a variable", {"main.tf": ex.GROUP.replace("= 10", "= var.most")}),
    ],
)
def bounded_scaling(kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Every autoscaler and scaling group states both its smallest and its largest count, and the largest is a limit."""
    seen: list[Source] = []
    lacking: list[tuple[str, Source]] = []
    counts: list[tuple[str, object, Source]] = []
    for scaler in Estate(kubernetes).scalers:
        keys = ("minReplicas", "maxReplicas") if scaler.kind[0] == "H" else ("minReplicaCount", "maxReplicaCount")
        seen.append(scaler.at())
        missing = [k for k in keys if scaler.get("spec", k) is None and not scaler.open("spec", k)]
        if missing:
            lacking.append((f"{scaler.kind} {scaler.resource} states no {' and no '.join(missing)}", scaler.at()))
        counts += [
            (f"{scaler.kind} {scaler.resource}", scaler.get("spec", key), scaler.at("spec", key))
            for key in keys
            if key not in missing
        ]
    for run in knative(kubernetes):
        seen.append(run.at())
        stated = {key: run.get(*KNATIVE, f"autoscaling.knative.dev/{key}") for key in ("minScale", "maxScale")}
        stated = {k: v if v is not None else run.get(*KNATIVE, _DASHED[k]) for k, v in stated.items()}
        missing = [k for k, v in stated.items() if v is None]
        if missing:
            lacking.append((f"{run.title} states no {' and no '.join(missing)}", run.at()))
        counts += [(run.title, as_number(v) or v, run.at(*KNATIVE)) for k, v in stated.items() if k not in missing]
    for typed in (SCALED, SCALERS, SERVED):
        for block in typed.among(infrastructure):
            if typed is SERVED and is_file_elsewhere(block.path):
                continue
            bounds = [
                what
                for what in ("least", "most")
                if typed.at(block, what) and (typed is not SERVED or typed.tells(block, "most"))
            ]
            missing = [str(typed.at(block, what)[-1]) for what in bounds if typed.value(block, what) is None]
            seen += [block.at()] if bounds else []
            if missing:
                lacking.append((f"{block.address} states no {' and no '.join(missing)}", block.at()))
            counts += [
                (block.address, value, typed.place(block, what))
                for what in bounds
                if str(block.get("service_namespace") or block.get("ServiceNamespace") or "ecs") in _OF_COPIES
                if (value := typed.value(block, what)) is not None
            ]
    endless = [(who, at) for who, value, at in counts if (as_number(value) or 0) >= _ENDLESS]
    wide = [(who, at) for who, value, at in counts if (as_number(value) or 0) >= _WIDE]
    computed = [(who, at) for who, value, at in counts if as_number(value) is None]
    measure = measured("scaling policies without both bounds", len(lacking), at_most=0)
    if lacking:
        yield failed(
            first_of(lacking),
            examined(len(seen), "scaling policies"),
            measure=measure,
        )
    elif endless:
        yield failed(
            each(endless, name=lambda one: one[0], at=lambda one: one[1]).say(
                f"{{}} may grow to {_ENDLESS:,} and more, which limits nothing"
            ),
            examined(len(seen), "scaling policies"),
        )
    elif wide or computed:
        said = f"may grow to {_WIDE:,} and more" if wide else "takes a count from elsewhere"
        yield unsure(
            f"{(wide or computed)[0][0]} {said}; whether that is a limit cannot be told", (wide or computed)[0][1]
        )
    elif seen:
        count = examined(len(seen), "scaling policies")
        yield passed("Every scaling policy states both bounds", *seen, count, measure=measure)


@check(
    "INF-1.1.6",
    shows=PASS,
    clean=[
        Example(
            "A schedule for a scaling group",
            {"main.tf": 'resource "aws_autoscaling_schedule" "morning" {\n  recurrence = "0 7 * * 1-5"\n}\n'},
        ),
        Example(
            "A KEDA cron trigger",
            {
                "k8s/web.yaml": ex.WEB,
                "k8s/keda.yaml": "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: web}\nspec:\n"
                "  scaleTargetRef: {name: web}\n  triggers:\n  - type: cron\n    metadata: {start: 0 7 * * *}\n",
            },
        ),
    ],
    silent=[
        Example(
            "A trigger that asks for no more than the least",
            {
                "k8s/web.yaml": ex.WEB,
                "k8s/keda.yaml": "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: web}\nspec:\n"
                "  scaleTargetRef: {name: web}\n  minReplicaCount: 3\n  triggers:\n  - type: cron\n"
                "    metadata: {start: 0 7 * * *, desiredReplicas: '3'}\n",
            },
        ),
        Example(
            "A schedule by a variable",
            {"main.tf": 'resource "aws_autoscaling_schedule" "morning" {\n  recurrence = var.morning\n}\n'},
        ),
    ],
    flagged=[
        Example("Reactive scaling only", {"k8s/hpa.yaml": ex.WEB + ex.HPA, "main.tf": ex.GROUP + ex.GROUP_POLICY})
    ],
)
def scheduled_scaling(kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """A schedule or a predictive policy scales ahead of known peaks."""
    scalers = Estate(kubernetes).scalers
    timed = [s for s in scalers if "cron" in _triggers(s) and _raises(s)]
    actions = list(SCALERS.among(infrastructure, "schedule"))
    places = [*(s.at() for s in timed), *(b.at() for b in actions)]
    for block in SCALERS.among(infrastructure, "group", "whole"):
        foretold = "ForecastOnly" not in str(block.body)
        places += [
            SCALERS.place(block, how)
            for how in ("predictive", "scheduled")
            if SCALERS.says(block, how).value and (foretold or how == "scheduled")
        ]
    reactive = [s for s in scalers if s not in timed] if timed else []
    open_ = [b for b in actions if _GIVEN.search(str(b.body.get("schedule", b.body.get("recurrence"))))]
    if reactive:
        names = each(reactive, name=lambda s: s.resource, at=lambda s: s.at())
        yield unsure(names.say("Scaling is scheduled for some, and {} {scales} by load alone"), *places[:1])
    elif open_:
        yield unsure("When scaling is scheduled is a variable without a value here", *(b.at() for b in open_))
    elif places:
        yield passed("Scaling is scheduled or predictive", *places)


_GIVEN = re.compile(r"\bvar\.")


def _raises(scaler: Resource) -> bool:
    """Whether a schedule of *scaler* asks for more than there are at least anyway."""
    least = as_number(scaler.get("spec", "minReplicaCount")) or 0
    wanted = [
        as_number(trigger.get("metadata", {}).get("desiredReplicas"))
        for trigger in scaler.items("spec", "triggers")
        if isinstance(trigger, dict) and trigger.get("type") == "cron" and isinstance(trigger.get("metadata"), dict)
    ]
    return any(count is None or count > least for count in wanted)


@check(
    "INF-1.1.9",
    shows=PASS,
    clean=[
        Example(
            "Notifications of a scaling group",
            {"main.tf": 'resource "aws_autoscaling_notification" "n" {\n  topic_arn = aws_sns_topic.ops.arn\n}\n'},
        ),
        Example(
            "An alert on an autoscaler at its ceiling",
            {
                "prometheus/rules.yaml": "groups:\n- name: scaling\n  rules:\n  - alert: AtCeiling\n    expr: "
                "kube_horizontalpodautoscaler_status_current_replicas >= "
                "kube_horizontalpodautoscaler_spec_max_replicas\n    for: 10m\n"
            },
        ),
    ],
    flagged=[Example("No notification", {"main.tf": ex.GROUP + ex.GROUP_POLICY})],
)
def scaling_notifications(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """An alert rule watches autoscalers, or a scaling group notifies a topic."""
    places = [b.at() for b in SCALERS.among(infrastructure, "notice")]
    for typed in (SCALED, SCALERS):
        places += [typed.place(b, "notice") for b in typed.among(infrastructure) if typed.says(b, "notice").value]
    places += [r.source for r in alerts.rules if "kube_horizontalpodautoscaler" in r.plain or "kube_hpa_" in r.plain]
    notices = " ".join(str(b.body) for b in SCALERS.among(infrastructure, "notice"))
    groups = list(SCALERS.among(infrastructure, "group"))
    silent = [b for b in groups if notices and len(groups) > 1 and f"{b.type}.{b.label}." not in notices]
    topics = [b for b in infrastructure.some if f"{b.address}.arn" in notices]
    read = " ".join(str(b.body) for b in infrastructure.some if "subscription" in b.type)
    if silent:
        yield unsure(f"Scale events raise a notification; those of {silent[0].address} are not seen to", silent[0].at())
    elif topics and not any(f"{b.address}." in read for b in topics):
        yield unsure(f"Scale events go to {topics[0].address}, which nothing here reads", topics[0].at())
    elif places:
        yield passed("Scale events raise a notification", *places)


def _is_fixed(resource: Resource) -> bool:
    """Whether its count stands there as a number; that of a chart comes from values, with an autoscaler or without."""
    return resource.origin != "helm" and isinstance(resource.get("spec", "replicas"), int)


def _is_stuck(scaler: Resource) -> bool:
    """Whether the bounds of *scaler* are one number."""
    keys = ("minReplicas", "maxReplicas") if scaler.kind[0] == "H" else ("minReplicaCount", "maxReplicaCount")
    low, high = (scaler.get("spec", key) for key in keys)
    return isinstance(low, int) and low == high


_PAUSED = ("autoscaling.keda.sh/paused-replicas", "autoscaling.keda.sh/paused", "autoscaling.keda.sh/paused-scale-out")


def _held_by(scaler: Resource) -> tuple[str, ...]:
    """The keys at which *scaler* says that it adds nothing; none where it does not."""
    for name in _PAUSED:
        said = scaler.get("metadata", "annotations", name)
        if said is not None and str(said).lower() != "false":
            return ("metadata", "annotations", name)
    keys = ("spec", "behavior", "scaleUp", "selectPolicy")
    under = ("spec", "advanced", "horizontalPodAutoscalerConfig", "behavior", "scaleUp", "selectPolicy")
    return next((way for way in (keys, under) if scaler.get(*way) == "Disabled"), ())


def is_held(scaler: Resource) -> bool:
    """Whether *scaler* is paused, or told never to add anything."""
    return bool(_held_by(scaler))


def held_at(scaler: Resource) -> Source:
    """Where it says so."""
    return scaler.at(*_held_by(scaler))


def _on_load(scaler: Resource) -> bool:
    """Whether *scaler* watches CPU or memory; an autoscaler without metrics watches CPU."""
    if scaler.kind == "ScaledObject":
        return bool({"cpu", "memory"} & set(_triggers(scaler)))
    metrics = [m for m in scaler.items("spec", "metrics") if isinstance(m, dict)]
    if not metrics:
        return not scaler.open("spec", "metrics")
    named = [m.get("resource") or m.get("containerResource") for m in metrics]
    return any(isinstance(r, dict) and r.get("name") in ("cpu", "memory") for r in named)


def _triggers(scaler: Resource) -> list[str]:
    return [str(t.get("type")) for t in scaler.items("spec", "triggers") if isinstance(t, dict)]


def _production(blocks: list[Block]) -> list[Block]:
    return [b for b in blocks if not is_file_elsewhere(b.path)]


def _on_own_load(block: Block) -> bool:
    """Whether *block*, which its provider scales, states a trigger on CPU or memory."""
    if SCALED.says(block, "trigger").value is True:
        return True
    return any(
        str(part.get("type", "")).lower() in ("cpu", "memory")
        for rule in SCALED.parts(block, "rules")
        for part in (rule.get("custom"),)
        if isinstance(part, dict)
    )


def _is_balanced(service: Block) -> bool:
    """Whether requests are handed to *service*; others work through jobs."""
    keys = (
        "load_balancer",
        "LoadBalancers",
        "service_registries",
        "ServiceRegistries",
        "service_connect_configuration",
    )
    return any(service.get(key) for key in keys)


def _is_one_number(group: Block) -> bool:
    """Whether the bounds of *group* are one number."""
    low, high = (as_number(SCALED.value(group, bound)) for bound in ("least", "most"))
    return low is not None and low == high


def _unscaled(blocks: list[Block], scalers: list[Block]) -> list[Block]:
    """
    The *blocks* that no scaler of their scope names; one whose reference is computed may mean any.

    A group that a cluster's own autoscaler drives carries its tag.
    """
    named = [str(SCALERS.value(scaler, "of") or "")[:_MOST] for scaler in scalers]
    ours = {_called(block) for block in blocks}
    meant = [_names(name) & ours for name in named]
    if any(name and not found and not _ONE_OTHER.fullmatch(name) for name, found in zip(named, meant, strict=True)):
        return []
    scaled = {(scaler.scope, name) for scaler, found in zip(scalers, meant, strict=True) for name in found}
    lone = [block for block in blocks if (block.scope, _called(block)) not in scaled]
    return [b for b in lone if "cluster-autoscaler" not in f"{b.get('tag')} {b.get('tags')} {b.get('Tags')}"]


_MOST = 2_000
"""Characters of a reference that are looked at."""
_ONE_OTHER = re.compile(r"(?:\$\{)?\s*[a-z][a-z0-9]*_\w+\.[\w-]+(?:\.\w+)*\s*\}?")
"""A reference to one resource of Terraform, and to nothing that is computed."""
_REFERENCE = re.compile(r"[a-z]\w*\.[\w-]+")


def _called(block: Block) -> str:
    """What a reference calls *block*: its type with its label in Terraform, its name alone in a template."""
    return f"{block.type}.{block.label}" if block.tool == "terraform" else block.label


def _names(reference: str) -> set[str]:
    """All that *reference* may call something by."""
    return {*_REFERENCE.findall(reference), *re.findall(r"[\w-]+", reference)}
