"""Tells which manifests the kustomizations of a tree apply, and what those of production change in them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..facts.kubernetes import Resource
from ..stages import is_file_elsewhere, is_file_of_production
from .force import IN_FORCE, Force, void
from .workloads import of_count

_LISTS = ("resources", "bases", "components", "crds", "configurations", "transformers", "generators", "validators",
          "patchesStrategicMerge")  # fmt: skip
_WITH_PATH = ("patches", "patchesJson6902", "replacements")
_FOLLOWED = ("resources", "bases", "components")
_REMOTE = re.compile(r"://|^git@|^github\.com/|\?ref=")
_MAX_WALK = 50_000
NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


@dataclass(frozen=True)
class Kustomization:
    """One file of Kustomize: its folder, what it names, and what it changes."""

    path: str
    body: Mapping[str, Any]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def is_component(self) -> bool:
        return self.body.get("kind") == "Component"

    @property
    def builds(self) -> bool:
        """Whether it names anything of its own, so that what it does not name is left out."""
        return any(self.body.get(key) for key in _FOLLOWED)

    @cached_property
    def followed(self) -> tuple[str, ...]:
        """The files and folders that it applies."""
        return tuple(self._paths(_FOLLOWED))

    @cached_property
    def named(self) -> frozenset[str]:
        """Every file and folder that it names for whatever purpose."""
        named = set(self._paths(_LISTS))
        for key in _WITH_PATH:
            listed = self.body.get(key)
            for item in listed if isinstance(listed, list) else []:
                if isinstance(item, dict) and isinstance(item.get("path"), str):
                    named.add(_joined(self.folder, item["path"]))
        for key in ("configMapGenerator", "secretGenerator", "helmCharts", "openapi"):
            named.update(_joined(self.folder, text.rpartition("=")[2]) for text in _texts(self.body.get(key)))
        return frozenset(named)

    @property
    def remote(self) -> bool:
        """Whether it brings objects that stand in no file of the tree."""
        listed = [item for key in _FOLLOWED for item in _strings(self.body.get(key))]
        return bool(self.body.get("helmCharts")) or any(_REMOTE.search(item) for item in listed)

    def _paths(self, keys: Sequence[str]) -> Iterator[str]:
        for key in keys:
            for item in _strings(self.body.get(key)):
                if "\n" not in item and len(item) < 500 and not _REMOTE.search(item):
                    yield _joined(self.folder, item)


class Overlays:
    """
    The kustomizations of a tree and what each of them reaches.

    Args:
        kustomizations: All of them, whatever they are for.
        patches: What they lay over objects, by the path of the patch; several to a file.
        followers: Objects of Flux that apply folders of the tree.
    """

    def __init__(
        self, kustomizations: Iterable[Kustomization], patches: Iterable[Resource], followers: Iterable[Resource] = ()
    ) -> None:
        self._followed: dict[str, bool] = {}
        added: set[str] = set()
        for follower in followers:
            folder = _joined("", str(follower.get("spec", "path") or ".").lstrip("/"))
            active = follower.get("spec", "suspend") is not True
            self._followed[folder] = self._followed.get(folder, False) or active
            added.update(_joined(folder, path) for path in _strings(follower.get("spec", "components")))
        self._by_folder = {k.folder: k for k in sorted(kustomizations, key=lambda k: k.path)}
        self._patches: dict[str, list[Resource]] = {}
        for patch in patches:
            self._patches.setdefault(patch.path, []).append(patch)
        named = {path for k in self._by_folder.values() for path in k.followed}
        self._named = {path for k in self._by_folder.values() for path in k.named}
        tops = [
            k
            for folder, k in self._by_folder.items()
            if folder in added or (folder not in named and not k.is_component)
        ]
        self._reached = {k.folder: self._walk(k) for k in tops}
        self._by_file: dict[str, list[str]] = {}
        for folder, files in self._reached.items():
            for file in files:
                self._by_file.setdefault(file, []).append(folder)
        for_production = [folder for folder in self._reached if is_file_of_production(folder)]
        neutral = [folder for folder in self._reached if not is_file_elsewhere(folder)]
        self._deciding = frozenset(for_production or neutral or self._reached)
        self._with_production = bool(for_production)

    @property
    def remote(self) -> bool:
        """Whether one of them brings objects from elsewhere."""
        return any(k.remote for k in self._by_folder.values())

    def namespace(self, resource: Resource) -> str:
        """The namespace that *resource* ends up in, where one kustomization that is its own decides; else its own."""
        folder = resource.path.rpartition("/")[0]
        own = self._by_folder.get(folder)
        set_by = own.body.get("namespace") if own is not None and resource.path in own.named else None
        return str(set_by) if isinstance(set_by, str) and set_by else resource.namespace

    def applied(self, resource: Resource) -> Force:
        """Whether a kustomization that matters in production applies *resource*; in force where none is concerned."""
        path, folder = resource.path, resource.path.rpartition("/")[0]
        if self._suspended(folder):
            return void("is in a folder of which Flux is told to leave it alone")
        tops = self._by_file.get(path, ())
        own = self._by_folder.get(folder)
        if not tops:
            if own is not None and own.is_component and folder not in self._reachable:
                return void("is in a component that no kustomization names")
            if own is not None and own.builds and path not in self._named and path != own.path:
                return void("is listed by no kustomization, and its folder has one")
            return IN_FORCE
        if all(is_file_elsewhere(top) for top in tops) and (self._with_production or is_file_elsewhere(folder)):
            return void(f"is applied by {tops[0]} alone, which is not production")
        return IN_FORCE

    def _suspended(self, folder: str) -> bool:
        """Whether the innermost folder around *folder* that Flux follows is suspended."""
        while self._followed:
            if folder in self._followed:
                return not self._followed[folder]
            if not folder:
                break
            folder = folder.rpartition("/")[0]
        return False

    def count(self, resource: Resource) -> Force | None:
        """What is to be said of the replicas of *resource* after what production changes; None where nothing does."""
        said = self._changes(resource, "replicas")
        if not any(said) and None in said:
            return None
        return max((force for force in said if force is not None), key=lambda force: force.state, default=None)

    def deleted(self, resource: Resource) -> Force:
        """Whether production takes *resource* away or suspends it."""
        said = self._changes(resource, "deleted")
        if said and all(force is not None and force.is_void for force in said):
            return next(force for force in said if force is not None)
        return IN_FORCE

    @cached_property
    def _reachable(self) -> set[str]:
        """Folders whose kustomizations one that is applied leads to."""
        return {file for files in self._reached.values() for file in files} | set(self._reached)

    def _walk(self, top: Kustomization) -> dict[str, list[str]]:
        """Each file and folder that *top* applies, with the folders of the kustomizations that lead to it."""
        found: dict[str, list[str]] = {}
        waiting, steps = [(top, [top.folder])], 0
        while waiting:
            kustomization, chain = waiting.pop()
            for path in kustomization.followed:
                steps += 1
                if path in found or steps > _MAX_WALK or len(chain) > 30:
                    continue
                found[path] = chain
                if (inner := self._by_folder.get(path)) is not None:
                    waiting.append((inner, [*chain, path]))
        return found

    def _changes(self, resource: Resource, what: str) -> list[Force | None]:
        """For each kustomization that decides about *resource*, what becomes of it; None where it is left as it is."""
        tops = [top for top in self._by_file.get(resource.path, ()) if top in self._deciding]
        found: list[Force | None] = []
        for top in tops:
            said: Force | None = None
            for folder in reversed(self._reached[top][resource.path]):  # the innermost first, the outermost last
                kustomization = self._by_folder[folder]
                changes = _count_of if what == "replicas" else _end_of
                for force in changes(kustomization, list(self._laid_over(kustomization)), resource):
                    said = force
            found.append(said)
        return found

    def _laid_over(self, kustomization: Kustomization) -> Iterator[Resource]:
        yield from self._patches.get(kustomization.path, ())
        for path in sorted(kustomization.named):
            yield from self._patches.get(path, ())


def _count_of(kustomization: Kustomization, patches: Sequence[Resource], resource: Resource) -> Iterator[Force]:
    for patch in patches:
        if _same(patch, resource) and patch.get("spec", "replicas") is not None:
            yield _said(of_count(patch.get("spec", "replicas")), kustomization)
    for operation in _operations(kustomization, resource):
        if operation.get("path") == "/spec/replicas":
            gone = operation.get("op") == "remove"
            yield IN_FORCE if gone else _said(of_count(operation.get("value")), kustomization)
    for item in _dicts(kustomization.body.get("replicas")):
        if item.get("name") == resource.resource:
            yield _said(of_count(item.get("count")), kustomization)


def _end_of(kustomization: Kustomization, patches: Sequence[Resource], resource: Resource) -> Iterator[Force]:
    for patch in patches:
        if _same(patch, resource):
            if patch.get("$patch") == "delete":
                yield void(f"is deleted by {kustomization.path}")
            elif patch.get("spec", "suspend") is not None:
                yield (
                    void(f"is suspended by {kustomization.path}") if patch.get("spec", "suspend") is True else IN_FORCE
                )
    for operation in _operations(kustomization, resource):
        if operation.get("path") in ("/spec/suspend", "/spec/paused") and operation.get("op") != "remove":
            yield void(f"is suspended by {kustomization.path}") if operation.get("value") is True else IN_FORCE


def _said(force: Force, kustomization: Kustomization) -> Force:
    return void(f"runs no replica, by {kustomization.path}") if force.is_void else force


def _same(patch: Resource, resource: Resource) -> bool:
    return (patch.kind, patch.resource) == (resource.kind, resource.resource)


def _operations(kustomization: Kustomization, resource: Resource) -> Iterator[dict[str, Any]]:
    """The JSON patches that *kustomization* writes inside itself for *resource*."""
    from ...errors import FormatError
    from ...formats.yaml import load

    for key in ("patches", "patchesJson6902"):
        for item in _dicts(kustomization.body.get(key)):
            target, text = item.get("target"), item.get("patch")
            if not isinstance(target, dict) or not isinstance(text, str) or len(text) > 20_000:
                continue
            if target.get("kind", resource.kind) != resource.kind or target.get("name", resource.resource) not in (
                resource.resource,
                ".*",
            ):
                continue
            try:
                listed = load(text.encode("utf-8", "replace")).body
            except FormatError:
                continue
            yield from _dicts(listed)


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: object) -> Iterator[str]:
    """Every text inside *value*."""
    waiting, steps = [value], 0
    while waiting and steps < 5_000:
        item = waiting.pop()
        steps += 1
        if isinstance(item, str):
            if len(item) < 500 and "\n" not in item:
                yield item
        elif isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
