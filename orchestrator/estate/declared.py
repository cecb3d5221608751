"""Sorts all that is declared by the nouns that it belongs to, and says what nobody has sorted."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from ..domain.derived import Derived
from ..domain.fact import MAX_PROBLEMS, Problem, Source
from ..domain.model import Model
from ..evidence.declaring import programs, unread
from ..evidence.facts.containers import Compose, ComposeFile, Dockerfile, Dockerfiles
from ..evidence.facts.files import Files
from ..evidence.facts.infrastructure import Block, Infrastructure
from ..evidence.facts.kubernetes import SERVERS, WORKLOADS, Kubernetes, Resource
from ..vocabulary import Said
from . import embedded, images, modules
from .builds import base, built_by
from .types import AZURE, CHART, MODULE, OBJECT, RESOURCE, known, of_a_type


class Thing(Model):
    """One thing that is declared and understood: as a block, as an object of a cluster, or as a service of compose."""

    kinds: dict[str, str]
    """The nouns that it belongs to, and which kind of each it is."""
    says: dict[str, Said] = {}
    """Where it says something of its settings, by their neutral names."""
    address: str
    at: Source
    block: Block | None = None
    resource: Resource | None = None
    service: dict[str, object] | None = None


class Unsorted(Model):
    """One thing that nobody has sorted."""

    problem: Problem
    form: str
    """What is not known, as it is counted: ``type``, ``module``, ``chart``, ``object``, ``template``, ``image``, …"""
    nouns: tuple[str, ...] = ()
    """What it could be; anything where empty."""


class Declared(Derived):
    """
    Everything that the tree declares: what is understood by noun, and what is not.

    Services of compose files are among it where nothing else runs programs: beside a cluster or a provider's services
    they are for those who develop.
    """

    name: ClassVar[str] = "declared"
    of = (Infrastructure, Kubernetes, Compose, Files, Dockerfiles)

    things: tuple[Thing, ...] = ()
    unsorted: tuple[Unsorted, ...] = ()

    @classmethod
    def derive(
        cls,
        infrastructure: Infrastructure,
        kubernetes: Kubernetes,
        compose: Compose,
        files: Files,
        dockerfiles: Dockerfiles,
    ) -> Declared:
        """What stands in Terraform, CloudFormation, Kubernetes and compose files, then what is not read at all."""
        things: list[Thing] = []
        unsorted: list[Unsorted] = []
        for found in (*_of_blocks(infrastructure), *_of_objects(kubernetes), *_of_jobs(kubernetes)):
            things.append(found) if isinstance(found, Thing) else unsorted.append(found)
        if not any(_runs(thing) for thing in things):
            for found in _of_services(compose, dockerfiles):
                things.append(found) if isinstance(found, Thing) else unsorted.append(found)
        told = {found.path for found in infrastructure.blocks} | {found.path for found in kubernetes.jobs}
        told |= {aside.path for fact in (infrastructure, kubernetes) for aside in fact.aside if aside.line}
        unsorted += [_unread(file.path, reason) for file, reason in programs(files)]
        unsorted += [_unread(file.path, reason) for file, reason in unread(files) if file.path not in told]
        return cls(things=tuple(things), unsorted=tuple(unsorted))

    def belonging(self, noun: str) -> Iterator[Thing]:
        """What is of *noun*."""
        return (thing for thing in self.things if noun in thing.kinds)

    def doubtful(self, noun: str) -> tuple[Problem, ...]:
        """What could be of *noun* and is not understood."""
        found = [u.problem for u in self.unsorted if not u.nouns or noun in u.nouns]
        if len(found) <= MAX_PROBLEMS:
            return tuple(found)
        rest = f"is the first of {len(found) - MAX_PROBLEMS:,} more that are not understood; they are not kept"
        return (*found[:MAX_PROBLEMS], found[MAX_PROBLEMS].model_copy(update={"reason": rest}))


_Found = Thing | Unsorted
_MACHINES = frozenset({"machine", "group", "cluster"})
"""Kinds of workloads on which a compose file may be what runs."""


def _runs(thing: Thing) -> bool:
    return "workloads" in thing.kinds and thing.kinds["workloads"] not in _MACHINES


def _of_blocks(infrastructure: Infrastructure) -> Iterator[_Found]:
    folders = {posixpath.dirname(block.path) for block in infrastructure.blocks}
    for block in infrastructure.blocks:
        if block.block == "resource":
            yield from _of_resource(block)
        elif block.block == "module" and block.tool == "azure":
            yield from _sorted(block.type, MODULE, f"module {block.type}", block)
        elif block.block == "module" and not modules.is_local(block.type):
            source = modules.registered(block.type)
            yield from _sorted(source, MODULE, f"module {source or 'without a source'}", block)
        elif block.block == "module" and modules.folder(block.path, block.type) not in folders:
            where = Problem(path=block.path, line=block.line, reason=f"module {block.type[:120]} is not in the tree")
            yield Unsorted(problem=where, form="module")


def _of_resource(block: Block) -> Iterator[_Found]:
    chart = block.get("chart") if block.type == "helm_release" else None
    if block.type in embedded.MANIFESTS and not block.type.startswith("helm"):
        for name in embedded.objects(block):
            yield from _sorted(
                name or block.type, OBJECT if name else RESOURCE, f"object {name or block.address}", block
            )
    elif chart is None:
        yield from _sorted(block.type, of_a_type(block.type), f"type {block.type}", block)
    elif not modules.is_local(str(chart)):
        name = str(chart).rpartition("/")[2]
        yield from _sorted(name, CHART, f"chart {name}", block)


def _sorted(name: str, form: str, called: str, block: Block) -> Iterator[_Found]:
    found = known(name, form)
    if found is None:
        reason = f"nobody has said what {called} is"
        where = Problem(
            path=block.path, line=block.line, reason=reason, about=(name,) if form in (RESOURCE, AZURE) else ()
        )
        yield Unsorted(problem=where, form=called.partition(" ")[0])
    elif found.kinds:
        yield Thing(kinds=found.kinds, says=found.says, address=block.address, at=block.at(), block=block)


def _of_objects(kubernetes: Kubernetes) -> Iterator[_Found]:
    offered = embedded.sources(kubernetes.resources)
    paths = {r.path for r in kubernetes.resources} | {whole.source.path for whole in kubernetes.charts}
    folders = {folder for path in paths for folder in _above(path)}
    for resource in kubernetes.resources:
        if resource.kind in ("Kustomization", "Component") and resource.origin == "kustomize":
            yield from _far(resource)
            continue
        if chart := embedded.chart(resource, offered):
            yield from _of_chart(chart, resource.at(), f"{resource.kind} {resource.resource}")
            continue
        if embedded.is_of_the_tree(resource, folders):
            continue
        name = f"{resource.api_version}, kind: {resource.kind}"
        found = known(name, OBJECT)
        address = f"{resource.kind} {resource.resource}"
        kinds = dict(found.kinds) if found is not None else {}
        held = _held(resource) if resource.kind in WORKLOADS else _Held({}, ())
        if found is None:
            where = Problem(path=resource.path, line=resource.line, reason=f"nobody has said what {name} is")
            yield Unsorted(problem=where, form="object")
        elif kinds or held.kinds:
            yield Thing(kinds=kinds | held.kinds, address=address, at=resource.at(), resource=resource)
        for image in held.unknown:
            reason = f"{address} keeps data, and nobody has said what image {image} is"
            where = Problem(path=resource.path, line=resource.line, reason=reason)
            yield Unsorted(problem=where, form="image", nouns=("data-stores",))
    for whole in kubernetes.charts:
        for name in whole.dependencies:
            yield from _of_chart(name, whole.source, f"chart {name}")
    for path in kubernetes.unparsed:
        where = Problem(path=path, reason="a template that could not be filled in")
        yield Unsorted(problem=where, form="template")


def _above(path: str) -> Iterator[str]:
    """Every folder that *path* lies in."""
    parts = path.split("/")[:-1]
    return ("/".join(parts[:n]) for n in range(1, len(parts) + 1))


def _of_jobs(kubernetes: Kubernetes) -> Iterator[_Found]:
    """What Nomad runs, and what its images say about it."""
    for resource in kubernetes.jobs:
        if resource.kind not in WORKLOADS:
            continue
        held = _held(resource)
        kinds = {"workloads": _RUN_AS.get(resource.kind, "job")} | held.kinds
        yield Thing(kinds=kinds, address=resource.title, at=resource.at(), resource=resource)
        for image in held.unknown:
            reason = f"{resource.title} keeps data, and nobody has said what image {image} is"
            where = Problem(path=resource.path, line=resource.line, reason=reason)
            yield Unsorted(problem=where, form="image", nouns=("data-stores",))


_RUN_AS = {"Deployment": "service", "DaemonSet": "daemon"}
"""Which kind of workload a group is of; anything else ends when it is done."""


def _of_chart(name: str, at: Source, address: str) -> Iterator[_Found]:
    found = known(name, CHART)
    if found is None:
        reason = f"nobody has said what chart {name} is"
        yield Unsorted(problem=Problem(path=at.path, line=at.line, reason=reason), form="chart")
    elif found.kinds:
        yield Thing(kinds=found.kinds, address=address, at=at)


def _far(kustomization: Resource) -> Iterator[Unsorted]:
    """The resources of *kustomization* that lie elsewhere."""
    for number, one in enumerate(kustomization.items("resources")):
        if isinstance(one, str) and ("://" in one or one.startswith(("github.com/", "git@"))):
            at = kustomization.at("resources", number)
            where = Problem(path=at.path, line=at.line, reason=f"nobody has said what lies at {one[:120]}")
            yield Unsorted(problem=where, form="remote")


def _unread(path: str, reason: str) -> Unsorted:
    return Unsorted(problem=Problem(path=path, reason=reason), form="language")


class _Held(NamedTuple):
    """What the images of a workload say about it."""

    kinds: dict[str, str]
    unknown: tuple[str, ...]
    """Images of which nobody knows whether they are databases, beside a volume that outlives them."""


def _held(resource: Resource) -> _Held:
    volumes = resource.items(*resource.pod, "volumes")
    claimed = any(isinstance(volume, dict) and "persistentVolumeClaim" in volume for volume in volumes)
    keeps = claimed or bool(resource.items("spec", "volumeClaimTemplates"))
    return _by_images([str(c.get("image", "")) for _, c in resource.containers()], resource.kind, keeps)


def _by_images(names: list[str], kind: str, keeps: bool) -> _Held:
    kinds: dict[str, str] = {}
    unknown = []
    serves = kind in (*SERVERS, "Pod", "service")
    for name in names:
        found = images.known(name)
        if found is None:
            unknown.append(name or "without a name")
        elif serves:
            kinds |= found.kinds
    return _Held(kinds, tuple(unknown) if keeps and serves and not kinds else ())


def _of_services(compose: Compose, dockerfiles: Dockerfiles) -> Iterator[_Found]:
    for file in compose.files:
        for name, service in file.section("services").items():
            if isinstance(service, dict):
                yield from _of_service(file, str(name), service, built_by(file, service, dockerfiles))


def _of_service(
    file: ComposeFile, name: str, service: dict[str, object], dockerfile: Dockerfile | None
) -> Iterator[_Found]:
    at = file.at("services", name)
    image = str(service.get("image") or "")
    upon = base(dockerfile) if dockerfile is not None else ""
    known = [upon] if upon and images.known(upon) is not None else []
    held = _by_images(known if "build" in service else [image], "service", _keeps(file, service))
    yield Thing(kinds={"workloads": "service"} | held.kinds, address=f"compose service {name}", at=at, service=service)
    for unknown in held.unknown:
        reason = f"compose service {name} keeps data, and nobody has said what image {unknown} is"
        yield Unsorted(problem=Problem(path=at.path, line=at.line, reason=reason), form="image", nouns=("data-stores",))


def _keeps(file: ComposeFile, service: dict[str, object]) -> bool:
    """Whether a service mounts a volume that the file names."""
    named = file.section("volumes")
    mounts = service.get("volumes")
    for mount in mounts if isinstance(mounts, list) else []:
        source = mount.get("source") if isinstance(mount, dict) else str(mount).partition(":")[0]
        if source in named:
            return True
    return False
