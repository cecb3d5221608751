"""The objects of Kubernetes manifests, Helm charts and Kustomize overlays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar

from ...domain.fact import EVERYTHING, Fact, Problem, Source
from ...domain.located import Located
from ...domain.model import AddedLater, Model
from ...domain.signal import Signal
from ...formats.helm import OPEN


class Resource(Located):
    """One Kubernetes object as written; ``body`` is the whole object."""

    kind: str
    api_version: str = ""
    resource: str = ""
    """``metadata.name``."""
    namespace: str = ""
    origin: str = "manifest"
    """
    manifest, helm (a template filled in with the chart's own values), kustomize (named by a kustomization) or nomad: a
    group of a job, as Kubernetes would have it.
    """

    @property
    def title(self) -> str:
        """What people call it: ``Deployment web``, ``group web of job shop``."""
        if self.origin != "nomad" or self.kind not in WORKLOADS:
            return f"{self.kind} {self.resource}"
        job, _, group = self.resource.rpartition("/")
        return f"group {group} of job {job or group}"

    @property
    def pod(self) -> tuple[str | int, ...]:
        """The keys that lead to the pod template's spec."""
        if self.kind == "Pod":
            return ("spec",)
        if self.kind == "CronJob":
            return ("spec", "jobTemplate", "spec", "template", "spec")
        return ("spec", "template", "spec")

    def containers(self) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
        """Each container of a workload as (keys, container); init containers are left out."""
        for number, container in enumerate(self.items(*self.pod, "containers")):
            if isinstance(container, dict):
                yield (*self.pod, "containers", number), container

    def open(self, *keys: str | int) -> bool:
        """
        Whether a template decides about *keys* by something that the chart's own values do not tell.

        What is missing where this is true may still be there after ``helm install``: say nothing, or ``unsure``.
        """
        value: Any = self.body
        for key in keys:
            if isinstance(value, dict):
                if key not in value:
                    return OPEN in value
                value = value[key]
            elif isinstance(value, list):
                if not isinstance(key, int) or not -len(value) <= key < len(value):
                    return False
                value = value[key]
            else:
                break
        return OPEN in value if isinstance(value, (dict, str)) else False


class Chart(Model):
    """A Helm chart."""

    path: str
    title: str = ""
    version: str = ""
    source: Source
    dependencies: tuple[str, ...] = ()
    """Charts that it brings along from elsewhere, by their names."""


class SwitchedOff(Model):
    """A kind of object that a template holds, and none of it once the chart's own values are filled in."""

    kind: str
    source: Source


NOMAD = "nomad:"
"""Stands before the kind of what Nomad runs, where somebody asks for it or nobody can tell."""


def of_nomad(kind: str) -> str:
    """What it is called by who asks for it that Nomad has something for *kind*."""
    return f"{NOMAD}{kind}"


_NOTHING = ""
"""What is asked for by who does not depend on what is in force."""
WORKLOADS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "Rollout", "Pod", "Job", "CronJob", "ReplicaSet", "DeploymentConfig"}
)
SERVERS = frozenset({"Deployment", "StatefulSet", "Rollout", "ReplicaSet", "DeploymentConfig"})


class Kubernetes(Fact):
    """
    Every Kubernetes object and chart of the tree, outside tests, examples and docs.

    Where the tree has workloads elsewhere, what lies in a folder such as ``extras`` is an offer and is left out.

    An object that stands in the tree more than once (plain, in a chart, rendered) is here as often. Lists are unfolded;
    kustomizations are resources of kind ``Kustomization``.
    """

    name: ClassVar[str] = "kubernetes"
    by_name: ClassVar[bool] = True

    resources: tuple[Resource, ...] = ()
    idle: Annotated[tuple[Resource, ...], AddedLater()] = ()
    """Written and not in force, or not known to be; what does harm by standing there does so in them, too."""
    jobs: Annotated[tuple[Resource, ...], AddedLater()] = ()
    """What Nomad runs, in the shape of what Kubernetes would run it as; asked for by :meth:`running` alone."""
    patches: tuple[Resource, ...] = ()
    """What a kustomization lays over other objects: fragments that say nothing by what they leave out."""
    charts: tuple[Chart, ...] = ()
    switched_off: tuple[SwitchedOff, ...] = ()
    """What charts offer and their own values leave out."""
    unparsed: tuple[str, ...] = ()
    """Templates that did not become YAML; what they hold is not known."""

    def of(self, *kinds: str) -> list[Resource]:
        self.sought.update(kinds)
        return [r for r in self.resources if r.kind in kinds]

    def running(self, *kinds: str) -> list[Resource]:
        """The objects of *kinds*, and what Nomad has for them: for who asks how something runs, and not where."""
        self.sought.update(kinds, map(of_nomad, kinds))
        return [r for r in (*self.resources, *self.jobs) if r.kind in kinds]

    def lacking(self, signals: Iterable[Signal]) -> tuple[Problem, ...]:
        """The manifests that could not be read; of no matter to who came to an answer without asking for any."""
        return super().lacking(signals) if self.sought else ()

    def has(self, kind: str) -> bool:
        if kind.startswith(NOMAD):
            return any(of_nomad(r.kind) == kind for r in self.jobs)
        return any(r.kind == kind for r in self.resources)

    @property
    def every(self) -> tuple[Resource, ...]:
        """All objects, of whatever kind."""
        self.sought.add(EVERYTHING)
        return self.resources

    def written(self, *kinds: str) -> list[Resource]:
        """The objects of *kinds* (of any, if none are given) that are in force, and those that only stand there."""
        self.sought.add(_NOTHING)  # none is left out of the answer, so that no doubt about any matters to who asks
        return [r for r in (*self.resources, *self.idle) if not kinds or r.kind in kinds]

    @property
    def there(self) -> bool:
        """Whether anything is written at all, in force or not."""
        self.sought.add(_NOTHING)
        return bool(self.resources or self.idle)

    @property
    def running_servers(self) -> list[Resource]:
        """Workloads that answer requests, wherever they run."""
        return self.running(*SERVERS)

    @property
    def running_workloads(self) -> list[Resource]:
        """Workloads, wherever they run."""
        return self.running(*WORKLOADS)

    @property
    def workloads(self) -> list[Resource]:
        return self.of(*WORKLOADS)

    @property
    def servers(self) -> list[Resource]:
        """Workloads that answer requests for as long as they live: no jobs, no daemons."""
        return self.of(*SERVERS)
