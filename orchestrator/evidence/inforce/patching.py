"""Tells what a kustomization changes in an object that decides whether it is in force: its count, its suspension."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...errors import FormatError
from ...formats.yaml import load
from ..facts.kubernetes import Resource
from .force import IN_FORCE, Force, void
from .kustomizations import Kustomization, dicts
from .workloads import of_count

_PLAIN = re.compile(r"[\w.-]+")
_MAX_TEXT = 20_000
_Named = tuple[str, str]


class Patching:
    """
    What one kustomization lays over objects, by their kinds and names.

    Args:
        kustomization: The file.
        patches: The fragments of objects that it lays over others, wherever they are written.
    """

    def __init__(self, kustomization: Kustomization, patches: Iterable[Resource]) -> None:
        self._path = kustomization.path
        self._counts: dict[_Named, list[Force]] = {}
        self._ends: dict[_Named, list[Force]] = {}
        for patch in patches:
            self._take(patch)
        for target, operations in _operations(kustomization):
            self._operate(target, operations)
        for item in dicts(kustomization.body.get("replicas")):
            self._counts.setdefault(("", str(item.get("name"))), []).append(self._count(item.get("count")))

    def count(self, resource: Resource) -> Force | None:
        """What is to be said of the replicas of *resource*; None where they are left as they are."""
        return self._last(self._counts, resource)

    def end(self, resource: Resource) -> Force | None:
        """Whether *resource* is deleted, suspended or woken; None where neither."""
        return self._last(self._ends, resource)

    def _last(self, changes: dict[_Named, list[Force]], resource: Resource) -> Force | None:
        name, kind = resource.resource, resource.kind
        found = [changes[key] for key in ((kind, name), (kind, ""), ("", ""), ("", name)) if key in changes]
        return found[-1][-1] if found else None

    def _take(self, patch: Resource) -> None:
        named = (patch.kind, patch.resource)
        replicas, suspend = patch.get("spec", "replicas"), patch.get("spec", "suspend")
        if replicas is not None:
            self._counts.setdefault(named, []).append(self._count(replicas))
        if patch.get("$patch") == "delete":
            self._ends.setdefault(named, []).append(void(f"is deleted by {self._path}"))
        elif suspend is not None:
            self._ends.setdefault(named, []).append(self._suspension(suspend))

    def _operate(self, target: dict[str, Any], operations: list[dict[str, Any]]) -> None:
        name = str(target.get("name") or "")
        named = (str(target.get("kind") or ""), name if _PLAIN.fullmatch(name) and name != "." else "")
        for operation in operations:
            gone = operation.get("op") == "remove"
            if operation.get("path") == "/spec/replicas":
                said = IN_FORCE if gone else self._count(operation.get("value"))
                self._counts.setdefault(named, []).append(said)
            elif operation.get("path") in ("/spec/suspend", "/spec/paused"):
                said = IN_FORCE if gone else self._suspension(operation.get("value"))
                self._ends.setdefault(named, []).append(said)

    def _count(self, value: object) -> Force:
        return void(f"runs no replica, by {self._path}") if of_count(value).is_void else IN_FORCE

    def _suspension(self, value: object) -> Force:
        return void(f"is suspended by {self._path}") if value is True else IN_FORCE


def _operations(kustomization: Kustomization) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The JSON patches that *kustomization* writes inside itself, each with its target."""
    for key in ("patches", "patchesJson6902"):
        for item in dicts(kustomization.body.get(key)):
            target, text = item.get("target"), item.get("patch")
            if isinstance(target, dict) and isinstance(text, str) and len(text) <= _MAX_TEXT:
                try:
                    yield target, dicts(load(text.encode("utf-8", "replace")).body)
                except FormatError:
                    continue
