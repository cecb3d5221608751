"""Reads Kubernetes manifests, Helm charts and Kustomize overlays."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...domain.fact import MAX_PROBLEMS, Aside, Fact, Problem
from ...errors import FormatError
from ...formats import hcl
from ...formats.helm import OPEN
from ...formats.yaml import Parsed, load_all
from ...redaction import cut
from ..asides import Asides
from ..facts.files import Files
from ..facts.kubernetes import WORKLOADS, Kubernetes, Resource, of_nomad
from ..inforce.kubernetes import sift
from ..inforce.nomad import Nomad, has_job
from ..inforce.parts import idle_parts, without
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ._applied import may_mention, mentioned
from ._charts import Charts
from ._templates import Templates, set_aside

_ROLES = frozenset({"infra", "config", "other"})
_DOCS = re.compile(r"(^|/)(docs?|documentation|website|\.github)/")
_ASIDE = re.compile(r"(^|/)(extras?|contrib|optional[\w-]*)/")
_VERSION = re.compile(r"([a-z0-9.-]+/)?v\d+((alpha|beta)\d+)?$")
_ELSEWHERE = (
    "backstage.io/",
    "skaffold/",
    "kind.x-k8s.io/",
    "k3d.io/",
    "eksctl.io/",
    "kubeadm.",
    "kubelet.",
    "client.",
)
_A_VERSION = re.compile(r"^\s{0,40}[\"']?apiVersion\b", re.MULTILINE)
_A_KIND = re.compile(r"\bkind[\"']?[ \t]{0,9}:[ \t]{0,9}[\"']?([^\s\"',#}]{0,80})")
_KUSTOMIZATIONS = frozenset({"kustomization.yaml", "kustomization.yml"})
_OF_NOMAD = (".nomad", ".hcl", ".job")
_AT_WORK = re.compile(rb"\$\{((?:attr|meta|node|device|env)\.[^{}\"\n]{1,200})\}")
"""What Nomad fills in where a job runs, whose names may be such as HCL has none."""
_MAX_RESOURCES = 20_000
_MAX_TEXT = 4_000


class KubernetesReader(Reader):
    """Reads manifests as they come; templates wait for the values of their chart."""

    fact = Kubernetes

    def __init__(self) -> None:
        self._resources: list[Resource] = []
        self._charts = Charts()
        self._asides = Asides()
        self._templates = Templates(self._charts, self._asides)
        self._unread = False
        self._problems: list[Problem] = []
        self._named: set[str] = set()
        self._patched: set[str] = set()
        self._patches: list[Resource] = []
        self._mentioned: set[str] = set()
        self._nomad = Nomad()
        self._jobs: list[Resource] = []

    def wants(self, file: FileEntry) -> bool:
        if may_mention(file):
            return True
        if file.role not in _ROLES or _DOCS.search(file.path):
            return False
        return file.suffix in (".yaml", ".yml", *_OF_NOMAD) or (file.suffix == ".json" and file.role == "infra")

    def read(self, source: SourceFile) -> None:
        if may_mention(source.file):
            self._mentioned.update(mentioned(source))
            return
        folder, _, name = source.path.rpartition("/")
        if source.file.suffix in _OF_NOMAD:
            self._groups(source)
            return
        try:
            if name == "Chart.yaml":
                self._charts.add(source.path, next(iter(source.yaml()), Parsed(None, 1, {})))
            elif self._charts.is_values(source.path):
                self._charts.take(source.path, next((parsed.body for parsed in source.yaml()), None))
            elif name in _KUSTOMIZATIONS:
                self._kustomization(source, folder)
            elif b"apiVersion" in source.data and b"kind" in source.data:
                self._manifest(source)
        except FormatError as error:
            self._unread = True
            kinds = _kinds(source.text) if name not in _KUSTOMIZATIONS and b"apiVersion" in source.data else ()
            if not kinds or self._charts.is_values(source.path) or name == "Chart.yaml":
                raise
            self._problems.append(Problem(path=source.path, line=error.line, reason=error.reason, about=kinds))

    def finish(self, files: Files) -> Fact:
        for path, parsed, origin in self._templates.rendered():
            self._resources.extend(_unfolded(path, parsed, origin))
        whole: list[Resource] = []
        if any(r.kind in WORKLOADS and not _ASIDE.search(r.path) for r in self._resources):
            self._resources = [r for r in self._resources if not _ASIDE.search(r.path)]
            self._patches = [r for r in self._patches if not _ASIDE.search(r.path)]
        for resource in self._resources:
            if resource.path in self._patched:
                self._patches.append(resource)
            elif resource.origin == "manifest" and resource.path in self._named:
                whole.append(resource.model_copy(update={"origin": "kustomize"}))
            else:
                whole.append(resource)
        sifted = sift(
            sorted(whole, key=lambda r: (r.path, r.line)),
            self._patches,
            doubted=self._templates.doubted,
            settled=self._templates.settled,
            mentioned=self._mentioned,
            closed=not (self._unread or self._templates.unparsed),
        )
        for resource, force in sifted.aside:
            what = f"{resource.kind} {resource.resource}".strip()
            self._asides.add(set_aside(resource.at(), what, force, resource.kind))
        for resource, part in sifted.parts:
            what = f"the {part.name} of {resource.kind} {resource.resource}".strip()
            self._asides.add(set_aside(resource.at(*part.keys), what, part.force, resource.kind))
        return Kubernetes(
            resources=tuple(sifted.kept),
            idle=tuple(sifted.idle),
            jobs=tuple(self._jobs[:_MAX_RESOURCES]),
            patches=tuple(sorted(self._patches, key=lambda r: (r.path, r.line))),
            charts=self._charts.listed,
            switched_off=tuple(sorted(self._templates.switched_off, key=lambda s: (s.source.path, s.kind))),
            unparsed=tuple(sorted(self._templates.unparsed)),
            aside=self._asides.kept,
            problems=tuple(self._problems[:MAX_PROBLEMS]),
        )

    def _groups(self, source: SourceFile) -> None:
        """The groups of the jobs of Nomad in a file, which may be about something else."""
        if not has_job(source.data):
            return
        parsed = hcl.load(source.data)
        if parsed.mistakes:
            parsed = hcl.load(_AT_WORK.sub(rb"@{\1}", source.data))
        found = self._nomad.read(source.path, parsed)
        for mistake in parsed.mistakes:
            reason = mistake.error.reason.replace("Terraform", "HCL")
            about = tuple(map(of_nomad, (*sorted(WORKLOADS), "Service", "HorizontalPodAutoscaler")))
            self._problems.append(Problem(path=source.path, line=mistake.error.line, reason=reason, about=about))
        for aside in found.aside:
            self._asides.add(
                Aside(
                    path=source.path,
                    line=aside.line,
                    reason=aside.force.reason,
                    what=aside.what[:200],
                    about=tuple(map(of_nomad, aside.about)),
                    void=aside.force.is_void,
                )
            )
        for resource in found.resources:
            parts = idle_parts(resource)
            for part in parts:
                what = f"the {part.name} of {resource.title}"
                self._asides.add(set_aside(resource.at(*part.keys), what, part.force, of_nomad(resource.kind)))
            body = without(resource.body, parts) if parts else resource.body
            self._jobs.append(resource.model_copy(update={"body": body}))

    def _kustomization(self, source: SourceFile, folder: str) -> None:
        for parsed in source.yaml():
            if not isinstance(parsed.body, dict):
                continue
            body = {"kind": "Kustomization", **parsed.body}
            self._resources.append(_resource(source.path, parsed.line, body, parsed.lines, "kustomize"))
            self._named.update(_paths(folder, parsed.body.get("resources")))
            self._patched.update(_paths(folder, parsed.body.get("patchesStrategicMerge")))
            patches = parsed.body.get("patches")
            for number, patch in enumerate(patches if isinstance(patches, list) else []):
                if isinstance(patch, dict):
                    self._patched.update(_paths(folder, [patch.get("path")]))
                    line = parsed.lines.get(f"/patches/{number}", parsed.line)
                    self._patches.extend(_inline(source.path, line, patch.get("patch")))

    def _manifest(self, source: SourceFile) -> None:
        chart = self._charts.of_template(source.path)
        if chart is not None or ("/templates/" in f"/{source.path}" and "{{" in source.text):
            self._templates.hold(source)
            return
        try:
            documents = [source.json()] if source.file.suffix == ".json" else source.yaml()
        except FormatError:
            if "{{" not in source.text and "{%" not in source.text:
                raise
            self._templates.hold(source)
            return
        for parsed in documents:
            if len(self._resources) >= _MAX_RESOURCES:
                raise FormatError(f"more than {_MAX_RESOURCES:,} objects; the rest are not kept", parsed.line)
            self._resources.extend(_unfolded(source.path, parsed, "manifest"))


def _kinds(text: str) -> tuple[str, ...]:
    """The kinds of objects in a file that cannot be parsed; none where they could be of any."""
    versions, kinds = len(_A_VERSION.findall(text)), _A_KIND.findall(text)
    told = [kind for kind in kinds if kind.isalnum()]
    return tuple(sorted(set(told))) if len(told) == len(kinds) >= versions else ()


def _paths(folder: str, listed: object) -> Iterator[str]:
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, str) and "\n" not in item and len(item) < 500:
            yield posixpath.normpath(posixpath.join(folder, item))


def _inline(path: str, line: int, text: object) -> Iterator[Resource]:
    """The objects of a patch that stands inside a kustomization; each entry is placed at the patch."""
    try:
        documents = load_all(text.encode("utf-8", "replace")) if isinstance(text, str) else []
    except FormatError:
        return
    for parsed in documents:
        yield from _unfolded(path, Parsed(parsed.body, line, {}), "kustomize")


def _unfolded(path: str, parsed: Parsed, origin: str) -> Iterator[Resource]:
    """The objects of one document; a ``List`` gives its items, lists inside lists theirs."""
    waiting = [parsed]
    while waiting:
        document = waiting.pop()
        body = document.body
        if not isinstance(body, dict):
            continue
        kind, version = body.get("kind"), body.get("apiVersion")
        if not isinstance(kind, str) or not isinstance(version, str) or not kind:
            continue
        if kind.endswith("List") and isinstance(body.get("items"), list):
            waiting.extend(reversed(_items(body["items"], document)))
        elif (_VERSION.match(version) or OPEN in version) and not version.startswith(_ELSEWHERE) and kind != "Config":
            yield _resource(path, document.line, body, document.lines, origin)


def _items(items: Iterable[Any], document: Parsed) -> list[Parsed]:
    lines: dict[str, dict[str, int]] = {}
    for key, line in document.lines.items():
        if key.startswith("/items/"):
            number, slash, rest = key[7:].partition("/")
            lines.setdefault(number, {})[slash + rest] = line
    parts = [lines.get(str(number), {}) for number in range(len(list(items)))]
    return [Parsed(item, part.get("", document.line), part) for item, part in zip(items, parts, strict=True)]


def _resource(path: str, line: int, body: dict[str, Any], lines: dict[str, int], origin: str) -> Resource:
    metadata = body.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    kind = str(body["kind"])
    if kind in ("ConfigMap", "Secret"):
        body = {**body, **{key: _cut(body[key]) for key in ("data", "binaryData", "stringData") if key in body}}
    elif kind == "CustomResourceDefinition":
        body = {key: value for key, value in body.items() if key in ("apiVersion", "kind", "metadata")}
        lines = {key: at for key, at in lines.items() if not key.startswith("/spec")}
    return Resource(
        path=path,
        line=line,
        body=body,
        lines=lines,
        kind=kind,
        api_version=str(body.get("apiVersion") or ""),
        resource=str(named.get("name") or ""),
        namespace=str(named.get("namespace") or ""),
        origin=origin,
    )


def _cut(data: object) -> object:
    if not isinstance(data, dict):
        return data
    return {key: cut(value, _MAX_TEXT) if isinstance(value, str) else value for key, value in data.items()}
