"""Tells from a Kubernetes object alone whether it runs, is applied and is not suspended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...formats.helm import OPEN
from ..facts.kubernetes import Resource
from .calendars import of_schedule
from .force import IN_FORCE, Force, all_of, unknown, void
from .idling import does_nothing
from .quantities import MOST_CPU, MOST_MEMORY, quantity, whole

COUNTED = frozenset(
    {"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout", "DeploymentConfig", "CloneSet"}
)
"""Kinds that run as many pods as ``spec.replicas`` says."""
_JOBS = frozenset({"Job", "CronJob"})
_MATCHING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout"})
_SUSPENDED = ("suspend", "suspended", "paused")
_NOT_APPLIED = {
    ("argocd.argoproj.io/hook", "Skip"): "is skipped by Argo CD",
    ("config.kubernetes.io/local-config", "true"): "is for tools on one's own machine and not applied",
    ("autoscaling.keda.sh/paused", "true"): "is paused",
    ("autoscaling.keda.sh/paused-replicas", "0"): "is paused at no replica",
}
_NOBODY = re.compile(r"(^|[./_-])(non-?exist(ing|ent)|does-?not-?exist|no-?such|never|nowhere|disabled?)([._-]|$)")
_TEST_HOOK = re.compile(r"\s*test(-success|-failure)?\s*")


def of_itself(resource: Resource, *, replicas: Force | None = None, settled: bool = True) -> Force:
    """
    Whether *resource* does anything, by what it says itself.

    Args:
        resource: The object.
        replicas: What is to be said of its number of replicas instead of what it says, where something overrides it.
        settled: Its chart was filled in with the values of production, so that no installation changes them.
    """
    counted = resource.kind in COUNTED
    said = [_applied(resource), _suspended(resource)]
    if counted:
        said.append(_replicas(resource, settled) if replicas is None else replicas)
    if resource.kind in _JOBS:
        said.append(_job(resource))
    if counted or resource.kind in _MATCHING or resource.kind in (*_JOBS, "Pod"):
        said += [_selecting_itself(resource), _placed(resource), _working(resource)]
    return all_of(said)


def of_count(value: object) -> Force:
    """What is to be said of a workload that is told to run *value* replicas."""
    count = whole(value)
    return IN_FORCE if count is None or count > 0 else void("runs no replica")


def _replicas(resource: Resource, settled: bool) -> Force:
    stated = resource.get("spec", "replicas")
    if resource.open("spec", "replicas"):
        return IN_FORCE  # the checks see that it is open, and say so
    said = of_count(stated)
    if said.is_void and resource.origin == "helm" and not settled:
        return unknown("runs no replica by its chart's own values, which an installation changes")
    return said


def _applied(resource: Resource) -> Force:
    annotations = resource.section("metadata", "annotations")
    for (key, value), reason in _NOT_APPLIED.items():
        if str(annotations.get(key, "")).lower() == value.lower():
            return void(reason)
    if str(annotations.get("kustomize.toolkit.fluxcd.io/reconcile", "")).lower() == "disabled":
        return unknown("is not reconciled by Flux")
    hook = annotations.get("helm.sh/hook")
    if isinstance(hook, str) and all(_TEST_HOOK.fullmatch(part) for part in hook.split(",")):
        return void("is made by `helm test` alone")
    return IN_FORCE


def _suspended(resource: Resource) -> Force:
    for key in _SUSPENDED:
        if resource.get("spec", key) in (True, "true"):
            return void("is suspended" if key != "paused" else "is paused")
    return IN_FORCE


def _job(resource: Resource) -> Force:
    keys = ("spec",) if resource.kind == "Job" else ("spec", "jobTemplate", "spec")
    for key in ("parallelism", "completions"):
        if whole(resource.get(*keys, key)) == 0:
            return void(f"runs no pod: {key} is 0")
    if resource.get(*keys, "suspend") in (True, "true"):
        return void("is suspended")
    return of_schedule(resource.get("spec", "schedule")) if resource.kind == "CronJob" else IN_FORCE


def _selecting_itself(resource: Resource) -> Force:
    """Whether the object would be taken: its selector must select its own pods, and it must have containers."""
    if resource.get(*resource.pod, "containers") == []:
        return void("has no container")
    if resource.kind not in _MATCHING:
        return IN_FORCE
    if not resource.section("spec", "template") or resource.origin == "kustomize":
        return IN_FORCE  # its pods are described elsewhere, or labelled by what applies it
    selected = resource.section("spec", "selector", "matchLabels")
    labels = resource.section("spec", "template", "metadata", "labels")
    open_ = OPEN in labels or OPEN in selected or any(OPEN in str(v) for v in (*labels.values(), *selected.values()))
    if open_ or (not labels and resource.open("spec", "template", "metadata", "labels")):
        return IN_FORCE
    if any(str(labels.get(key)) != str(value) for key, value in selected.items()):
        return void("selects other pods than its own, so that nobody makes it")
    return IN_FORCE


def _placed(resource: Resource) -> Force:
    """Whether some node could take its pods."""
    for key, value in resource.section(*resource.pod, "nodeSelector").items():
        if _NOBODY.search(str(key).lower()):
            return void(f"runs on no node: its node selector asks for {key}={str(value).lower()}")
    for amount, name, most in _asked(resource):
        if (number := quantity(amount)) is not None and number > most:
            return void(f"runs on no node: it asks for {amount} of {name}")
    return IN_FORCE


def _working(resource: Resource) -> Force:
    """Whether one of its containers is told to do something."""
    started: list[bool] = []
    for _, container in resource.containers():
        command, arguments = container.get("command"), container.get("args")
        words = [*command, *(arguments if isinstance(arguments, list) else [])] if isinstance(command, list) else []
        started.append(not does_nothing(words))
    return IN_FORCE if any(started) or not started else void("is told to run nothing but a command without work")


def _asked(resource: Resource) -> Iterator[tuple[Any, str, float]]:
    for keys, _ in resource.containers():
        requests = resource.section(*keys, "resources", "requests")
        for name, most in (("cpu", MOST_CPU), ("memory", MOST_MEMORY)):
            yield requests.get(name), name, most
