"""Reads Kubernetes manifests, Helm charts and Kustomize overlays."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...domain.fact import Fact, Source
from ...errors import FormatError
from ...formats.helm import OPEN, render
from ...formats.yaml import Parsed, load_all
from ...redaction import cut
from ..facts.files import Files
from ..facts.kubernetes import WORKLOADS, Chart, Kubernetes, Resource, SwitchedOff
from ..reader import Reader
from ..tree import FileEntry, SourceFile

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
        self._charts: dict[str, Chart] = {}
        self._app_versions: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._templates: list[tuple[str, str]] = []
        self._held = 0
        self._unparsed: list[str] = []
        self._switched_off: list[SwitchedOff] = []
        self._named: set[str] = set()
        self._patched: set[str] = set()
        self._patches: list[Resource] = []

    def wants(self, file: FileEntry) -> bool:
        if file.role not in _ROLES or _DOCS.search(file.path):
            return False
        return file.suffix in (".yaml", ".yml") or (file.suffix == ".json" and file.role == "infra")

    def read(self, source: SourceFile) -> None:
        folder, _, name = source.path.rpartition("/")
        if name == "Chart.yaml":
            self._chart(source, folder)
        elif name == "values.yaml" and folder in self._charts:
            self._values[folder] = next((parsed.body for parsed in source.yaml()), None)
        elif name in _KUSTOMIZATIONS:
            self._kustomization(source, folder)
        elif b"apiVersion" in source.data and b"kind" in source.data:
            self._manifest(source)

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
        return Kubernetes(
            resources=tuple(sorted(whole, key=lambda r: (r.path, r.line))),
            patches=tuple(sorted(self._patches, key=lambda r: (r.path, r.line))),
            charts=tuple(chart for _, chart in sorted(self._charts.items())),
            switched_off=tuple(sorted(self._switched_off, key=lambda s: (s.source.path, s.kind))),
            unparsed=tuple(sorted(self._unparsed)),
        )

    def _chart(self, source: SourceFile, folder: str) -> None:
        body = next((parsed.body for parsed in source.yaml()), None)
        if isinstance(body, dict) and "name" in body:
            title, version = str(body["name"]), str(body.get("version", ""))
            self._charts[folder] = Chart(
                path=source.path,
                title=title,
                version=version,
                source=Source(path=source.path, line=1),
                dependencies=_brought_along(body.get("dependencies")),
            )
            self._app_versions[folder] = str(body.get("appVersion", ""))

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
        if "/templates/" in f"/{source.path}" and "{{" in source.text:
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
        folder = path[: f"/{path}".rfind("/templates/")].rstrip("/") if "/templates/" in f"/{path}" else ""
        chart = self._charts.get(folder)
        values = self._values.get(folder)
        scope = {
            "Values": values if isinstance(values, dict) else {},
            "Release": {"Name": chart.title if chart else "release", "Namespace": "default"},
            "Chart": {"Name": chart.title, "AppVersion": self._app_versions[folder]} if chart else {},
        }
        for mark in (True, False):
            rendered = render(text, scope, mark=mark)
            try:
                documents = load_all(rendered.text.encode("utf-8", "replace"))
            except FormatError:
                continue
            found: list[Resource] = []
            for parsed in documents:
                lines = {key: _original(rendered.lines, line) for key, line in parsed.lines.items()}
                moved = Parsed(parsed.body, _original(rendered.lines, parsed.line), lines)
                found.extend(_unfolded(path, moved, "helm" if chart else "manifest"))
            if not found and chart and (kind := _KIND.search(text)) and len(self._switched_off) < _MAX_OFF:
                line = text.count("\n", 0, kind.start()) + 1
                self._switched_off.append(SwitchedOff(kind=kind[1], source=Source(path=path, line=line)))
            return found
        self._unparsed.append(path)
        return []


def _brought_along(listed: object) -> tuple[str, ...]:
    """Names of the charts of *listed* that do not lie in the tree."""
    every = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    far = [one for one in every[:_MOST_DEPENDENCIES] if not str(one.get("repository") or "file://").startswith("file:")]
    return tuple(str(one.get("name"))[:200] for one in far)


_MOST_DEPENDENCIES = 200


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
