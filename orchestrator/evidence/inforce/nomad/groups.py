"""Says of a group of a job of Nomad what it would be in Kubernetes: a workload, its services and its autoscaler."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ....domain.located import pointer
from ...facts.infrastructure import as_flag, as_number
from ...facts.kubernetes import Resource

Keys = tuple[str | int, ...]
KINDS = ("Service", "HorizontalPodAutoscaler")
"""What may stand beside a workload."""
_VERSION = "nomad/v1"
_ZONES = re.compile(r"zone|datacenter|rack|region", re.IGNORECASE)
_DEFAULTS: Mapping[str, Any] = {"max_parallel": 1, "health_check": "checks", "auto_revert": False, "canary": 0}


@dataclass
class Group:
    """One group of a job, with what the job says of all of them."""

    job_name: str
    label: str
    keys: Keys
    job: dict[str, Any]
    body: dict[str, Any]
    lines: dict[str, int]
    alone: bool = False
    """It is a task without a group around it."""

    @property
    def name(self) -> str:
        return self.label if self.label == self.job_name else f"{self.job_name}/{self.label}"

    @property
    def title(self) -> str:
        return f"group {self.label} of job {self.job_name}"

    @property
    def line(self) -> int:
        return self.at(())

    def at(self, keys: Keys, *, of_job: bool = False) -> int:
        """The line of what stands at *keys* in the group, or in its job; else of what is around it."""
        inner = keys[3:] if self.alone and keys[:1] == ("task",) else () if self.alone else keys
        whole = keys if of_job else (*self.keys, *inner)
        for end in range(len(whole), 0, -1):
            if line := self.lines.get(pointer(whole[:end])):
                return line
        return self.lines.get("", 1)

    @property
    def kind(self) -> str:
        kind = self.job.get("type", "service")
        if kind in ("batch", "sysbatch"):
            return "CronJob" if self.of_job("periodic") else "Job"
        return "DaemonSet" if kind == "system" else "Deployment"

    @property
    def count(self) -> int | str:
        """How many run; as it is written where that cannot be told."""
        stated = self.body.get("count")
        if stated is None:
            low = next((as_number(s.get("min")) for _, s in self.blocks("scaling")), None)
            return int(low) if low is not None else 1
        number = as_number(stated)
        return int(number) if number is not None else str(stated)

    @cached_property
    def tasks(self) -> list[tuple[Keys, str, dict[str, Any]]]:
        """The tasks that run for as long as the group does: none that only goes before, or comes after."""
        found: list[tuple[Keys, str, dict[str, Any]]] = []
        for number, block in enumerate(_list(self.body.get("task"))):
            for label, task in block.items() if isinstance(block, dict) else ():
                if isinstance(task, dict):
                    hooks = [h for h in _list(task.get("lifecycle")) if isinstance(h, dict)]
                    if all(hook.get("sidecar") is True for hook in hooks):
                        found.append((("task", number, label), str(label), task))
        return found

    def of_job(self, name: str) -> list[dict[str, Any]]:
        return [block for block in _list(self.job.get(name)) if isinstance(block, dict)]

    def blocks(self, name: str) -> Iterator[tuple[Keys, dict[str, Any]]]:
        """The nested blocks of *name* in the group."""
        for number, block in enumerate(_list(self.body.get(name))):
            if isinstance(block, dict):
                yield (name, number), block

    @cached_property
    def ports(self) -> frozenset[str]:
        """The names that its ports have."""
        bodies = [self.body, *(task for _, _, task in self.tasks)]
        return frozenset(str(port["name"]) for body in bodies for port in _ports(body))

    @cached_property
    def services(self) -> list[tuple[Keys, str, dict[str, Any]]]:
        """Its services, each with the task that it is of; without one where it is of all of them."""
        found = [(keys, str(service.get("task") or ""), service) for keys, service in self.blocks("service")]
        for keys, label, task in self.tasks:
            for number, service in enumerate(_list(task.get("service"))):
                if isinstance(service, dict):
                    found.append(((*keys, "service", number), label, service))
        return found

    @cached_property
    def update(self) -> dict[str, Any]:
        """How a new version goes out: what the group says, over what its job says, over what Nomad does by itself."""
        found = dict(_DEFAULTS)
        for block in self.of_job("update"):
            found |= block
        for _, block in self.blocks("update"):
            found |= block
        return found


def made(path: str, group: Group) -> list[Resource]:
    """The workload that *group* is, and what stands beside it."""
    maker = _Maker(path, group)
    return [maker.workload(), *maker.services(), *maker.scalers()]


class _Maker:
    def __init__(self, path: str, group: Group) -> None:
        self._path = path
        self._group = group
        self._labels = {"nomad": group.name}

    def workload(self) -> Resource:
        group = self._group
        lines: dict[str, int] = {"/spec": group.line, "/kind": group.line, "/spec/replicas": group.at(("count",))}
        containers = []
        start: Keys = ("spec", "template", "spec", "containers")
        for number, (keys, label, task) in enumerate(group.tasks):
            here = pointer((*start, number))
            lines[here] = group.at(keys)
            lines[f"{here}/image"] = group.at((*keys, "config", 0, "image"))
            lines[f"{here}/resources"] = group.at((*keys, "resources"))
            lines[f"{here}/env"] = group.at((*keys, "env"))
            containers.append(self._container(label, task, first=number == 0))
        pod: dict[str, Any] = {"containers": containers}
        if claims := list(self._claims()):
            pod["volumes"] = claims
        if spread := list(self._spread()):
            pod["topologySpreadConstraints"] = spread
            lines[pointer(("spec", "template", "spec", "topologySpreadConstraints"))] = self._line_of("spread")
        template = {"metadata": {"labels": self._labels}, "spec": pod}
        spec: dict[str, Any] = {"template": template}
        if group.kind == "Deployment":
            spec |= {"replicas": group.count, "update": group.update, "strategy": _strategy(group.update)}
            lines["/spec/update"] = lines["/spec/strategy"] = self._line_of("update")
        if group.kind == "CronJob":
            spec = {"jobTemplate": {"spec": {"template": template}}}
        return self._resource(group.kind, group.name, spec, lines, group.line)

    def _line_of(self, name: str) -> int:
        """Where the group, or else its job, says something of *name*."""
        group = self._group
        if any(group.blocks(name)):
            return group.at((name,))
        return group.at((name,), of_job=True) if group.of_job(name) else group.line

    def _container(self, label: str, task: Mapping[str, Any], *, first: bool) -> dict[str, Any]:
        config = next((c for c in _list(task.get("config")) if isinstance(c, dict)), {})
        found: dict[str, Any] = {"name": label}
        if isinstance(config.get("image"), str):
            found["image"] = config["image"]
        env = next((e for e in _list(task.get("env")) if isinstance(e, dict)), {})
        if env:
            found["env"] = [{"name": str(name), "value": _text(value)} for name, value in env.items()]
        ports = [*(_ports(self._group.body) if first else ()), *_ports(task)]
        if ports:
            found["ports"] = ports
        found["resources"] = {"limits": _limits(task)}
        return found

    def _claims(self) -> Iterator[dict[str, Any]]:
        """What outlives the group, where a task mounts it."""
        mounted = any(_list(task.get("volume_mount")) for _, _, task in self._group.tasks)
        if mounted and isinstance(self._group.body.get("volume"), list):
            yield {"persistentVolumeClaim": {"claimName": self._group.name}}

    def _spread(self) -> Iterator[dict[str, Any]]:
        for block in (*self._group.of_job("spread"), *(block for _, block in self._group.blocks("spread"))):
            if _ZONES.search(str(block.get("attribute"))):
                yield {"topologyKey": "topology.kubernetes.io/zone", "maxSkew": 1}

    def services(self) -> Iterator[Resource]:
        for keys, _, service in self._group.services:
            name = service.get("name")
            line = self._group.at(keys)
            title = name if isinstance(name, str) else self._group.name
            spec = {"selector": self._labels, "ports": [{"port": service.get("port")}]}
            yield self._resource("Service", title, spec, {"/spec": line}, line)

    def scalers(self) -> Iterator[Resource]:
        """The autoscaler of the group; without a policy there is none, whatever its bounds are."""
        for keys, scaling in self._group.blocks("scaling"):
            policies = [policy for policy in _list(scaling.get("policy")) if isinstance(policy, dict)]
            line = self._group.at(keys)
            checks = [check for policy in policies for check in _list(policy.get("check"))]
            low = as_number(scaling.get("min"))
            spec: dict[str, Any] = {
                "scaleTargetRef": {"kind": "Deployment", "name": self._group.name},
                "minReplicas": int(low) if low is not None else scaling.get("min", self._group.count),
                "maxReplicas": scaling.get("max"),
                "metrics": [_metric(check) for check in checks],
            }
            if as_flag(scaling.get("enabled", True)) is not True or not checks:
                spec["off"] = True
            lines = {"/spec": line, "/spec/minReplicas": self._group.at((*keys, "min"))}
            lines["/spec/maxReplicas"] = self._group.at((*keys, "max"))
            yield self._resource("HorizontalPodAutoscaler", self._group.name, spec, lines, line)

    def _resource(self, kind: str, name: str, spec: dict[str, Any], lines: dict[str, int], line: int) -> Resource:
        space = self._group.job.get("namespace")
        namespace = space if isinstance(space, str) else ""
        metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
        body = {"apiVersion": _VERSION, "kind": kind, "metadata": metadata, "spec": spec}
        return Resource(
            path=self._path,
            line=line,
            body=body,
            lines={**lines, "": line, "/metadata/name": line},
            kind=kind,
            api_version=_VERSION,
            resource=name,
            namespace=namespace,
            origin="nomad",
        )


def _strategy(update: Mapping[str, Any]) -> dict[str, Any]:
    """With no more than nothing at a time all of the old ones stop at once."""
    return {"type": "Recreate" if as_number(update.get("max_parallel")) == 0 else "RollingUpdate"}


def _metric(check: Any) -> dict[str, Any]:
    """What a policy watches: CPU or memory where its query says so."""
    said = str(check)[:2_000].lower()
    name = next((name for name in ("cpu", "memory") if name in said), "")
    return {"resource": {"name": name}} if name else {"type": "External"}


def _limits(task: Mapping[str, Any]) -> dict[str, Any]:
    """What a task may take; Nomad bounds one that says nothing of it."""
    said = next((r for r in _list(task.get("resources")) if isinstance(r, dict)), {})
    cpu = str(_number(said, "cores", 0)) if "cores" in said else f"{_number(said, 'cpu', 100)}m"
    memory = _number(said, "memory_max" if "memory_max" in said else "memory", 300)
    return {"cpu": cpu, "memory": f"{memory}Mi"}


def _number(said: Mapping[str, Any], key: str, default: int) -> Any:
    value = as_number(said.get(key))
    return said.get(key, default) if value is None else int(value)


def _ports(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    networks = _list(body.get("network"))
    networks += [n for r in _list(body.get("resources")) if isinstance(r, dict) for n in _list(r.get("network"))]
    for network in networks:
        for block in _list(network.get("port")) if isinstance(network, dict) else ():
            for label, port in block.items() if isinstance(block, dict) else ():
                number = as_number(port.get("to", port.get("static"))) if isinstance(port, dict) else None
                yield {"name": str(label), **({"containerPort": int(number)} if number else {})}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []
