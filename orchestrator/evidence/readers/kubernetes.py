"""Reads Kubernetes manifests, Helm charts and Kustomize overlays."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...domain.fact import Aside, Fact, Source
from ...errors import FormatError
from ...formats.helm import OPEN, render
from ...formats.yaml import Parsed, load_all
from ...redaction import cut
from ..asides import Asides
from ..facts.files import Files
from ..facts.kubernetes import WORKLOADS, Kubernetes, Resource, SwitchedOff
from ..inforce.force import Force, unknown, void
from ..inforce.kubernetes import sift
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ._charts import Charts

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
_KUSTOMIZATIONS = frozenset({"kustomization.yaml", "kustomization.yml"})
_KIND = re.compile(r"^kind: {0,9}(\w{1,80})[ \t\r]{0,9}$", re.MULTILINE)
_MAX_OFF = 1_000
_MAX_RESOURCES = 20_000
_MAX_TEMPLATE = 300_000
_MAX_HELD = 30_000_000
_MAX_TEXT = 4_000


class KubernetesReader(Reader):
    """Reads manifests as they come; templates wait for the values of their chart."""

    fact = Kubernetes

    def __init__(self) -> None:
        self._resources: list[Resource] = []
        self._charts = Charts()
        self._templates: list[tuple[str, str]] = []
        self._held = 0
        self._unparsed: list[str] = []
        self._unread = False
        self._switched_off: list[SwitchedOff] = []
        self._doubted: set[tuple[str, int]] = set()
        self._settled: set[str] = set()
        self._named: set[str] = set()
        self._patched: set[str] = set()
        self._patches: list[Resource] = []
        self._asides = Asides()

    def wants(self, file: FileEntry) -> bool:
        if file.role not in _ROLES or _DOCS.search(file.path):
            return False
        return file.suffix in (".yaml", ".yml") or (file.suffix == ".json" and file.role == "infra")

    def read(self, source: SourceFile) -> None:
        folder, _, name = source.path.rpartition("/")
        try:
            if name == "Chart.yaml":
                self._charts.add(source.path, next(iter(source.yaml()), Parsed(None, 1, {})))
            elif self._charts.is_values(source.path):
                self._charts.take(source.path, next((parsed.body for parsed in source.yaml()), None))
            elif name in _KUSTOMIZATIONS:
                self._kustomization(source, folder)
            elif b"apiVersion" in source.data and b"kind" in source.data:
                self._manifest(source)
        except FormatError:
            self._unread = True
            raise

    def finish(self, files: Files) -> Fact:
        for path, text in self._templates:
            self._resources.extend(self._rendered(path, text))
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
            doubted=self._doubted,
            settled=self._settled,
            closed=not (self._unread or self._unparsed),
        )
        for resource, force in sifted.aside:
            self._set_aside(resource.at(), f"{resource.kind} {resource.resource}", force, resource.kind)
        for resource, part in sifted.parts:
            what = f"the {part.name} of {resource.kind} {resource.resource}"
            self._set_aside(resource.at(*part.keys), what, part.force, resource.kind)
        return Kubernetes(
            resources=tuple(sifted.kept),
            idle=tuple(sifted.idle),
            patches=tuple(sorted(self._patches, key=lambda r: (r.path, r.line))),
            charts=self._charts.listed,
            switched_off=tuple(sorted(self._switched_off, key=lambda s: (s.source.path, s.kind))),
            unparsed=tuple(sorted(self._unparsed)),
            aside=self._asides.kept,
        )

    def _set_aside(self, place: Source, what: str, force: Force, *about: str) -> None:
        self._asides.add(
            Aside(
                path=place.path,
                line=place.line,
                reason=force.reason,
                what=what.strip(),
                about=about,
                void=force.is_void,
            )
        )

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
            self._hold(source)
            return
        try:
            documents = [source.json()] if source.file.suffix == ".json" else source.yaml()
        except FormatError:
            if "{{" not in source.text and "{%" not in source.text:
                raise
            self._hold(source)
            return
        for parsed in documents:
            if len(self._resources) >= _MAX_RESOURCES:
                raise FormatError(f"more than {_MAX_RESOURCES:,} objects; the rest are not kept", parsed.line)
            self._resources.extend(_unfolded(source.path, parsed, "manifest"))

    def _hold(self, source: SourceFile) -> None:
        self._held += len(source.data)
        if len(source.data) > _MAX_TEMPLATE or self._held > _MAX_HELD:
            self._unparsed.append(source.path)
        else:
            self._templates.append((source.path, source.text))

    def _rendered(self, path: str, text: str) -> list[Resource]:
        """The objects of a template; tried with marks first, then without what stands on lines of its own."""
        chart = self._charts.of_template(path)
        origin = "helm" if chart is not None and "{{" in text else "manifest"
        kinds = _kinds(text)
        if reason := self._left_out(path, chart):
            for kind, line in kinds.items():
                self._set_aside(Source(path=path, line=line), f"the {kind}", void(reason), kind)
            return []
        if chart is not None and self._charts.settled(chart):
            self._settled.add(path)
        for mark in (True, False):
            rendered = render(text, self._charts.scope(chart), mark=mark)
            try:
                documents = load_all(rendered.text.encode("utf-8", "replace"))
            except FormatError:
                continue
            found: list[Resource] = []
            for parsed in documents:
                lines = {key: _original(rendered.lines, line) for key, line in parsed.lines.items()}
                moved = Parsed(parsed.body, _original(rendered.lines, parsed.line), lines)
                found.extend(_unfolded(path, moved, origin))
            self._doubted.update((path, r.line) for r in found if r.lines.get("/kind") in rendered.doubted)
            missing = [kind for kind in kinds if all(r.kind != kind for r in found)]
            for kind in missing if chart is not None else ():
                place = Source(path=path, line=kinds[kind])
                self._set_aside(place, f"the {kind}", void("is switched off by its chart's values"), kind)
                if not found and len(self._switched_off) < _MAX_OFF:
                    self._switched_off.append(SwitchedOff(kind=kind, source=place))
            return found
        self._unparsed.append(path)
        self._set_aside(Source(path=path, line=1), "the template", unknown("cannot be filled in"), *kinds)
        return []

    def _left_out(self, path: str, chart: str | None) -> str:
        """Why nothing is made of the template at *path*, whatever it says; empty where something may be."""
        if chart is not None and path.rpartition("/")[2].startswith("_"):
            return "is in a file of partial templates, which makes nothing of its own"
        return self._charts.left_out(chart)


def _kinds(text: str) -> dict[str, int]:
    """The kinds of objects that a template may make, each with the line that it first stands on."""
    found: dict[str, int] = {}
    line, counted = 1, 0
    for kind in _KIND.finditer(text):
        line, counted = line + text.count("\n", counted, kind.start()), kind.start()
        found.setdefault(kind[1], line)
    return found


def _original(lines: list[int], line: int) -> int:
    return lines[min(line, len(lines)) - 1] if lines else 1


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
