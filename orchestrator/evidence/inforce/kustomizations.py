"""Reads what a kustomization of Kustomize names: what it applies, what it patches, what it only uses."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_LISTS = ("resources", "bases", "components", "crds", "configurations", "transformers", "generators", "validators",
          "patchesStrategicMerge")  # fmt: skip
_WITH_PATH = ("patches", "patchesJson6902", "replacements")
_FOLLOWED = ("resources", "bases", "components")
_REMOTE = re.compile(r"://|^git@|^github\.com/|\?ref=")


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
        return any(strings(self.body.get(key)) for key in _FOLLOWED)

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
                    named.add(joined(self.folder, item["path"]))
        for key in ("configMapGenerator", "secretGenerator", "helmCharts", "openapi"):
            named.update(joined(self.folder, text.rpartition("=")[2]) for text in _texts(self.body.get(key)))
        return frozenset(named)

    @property
    def remote(self) -> bool:
        """Whether it brings objects that stand in no file of the tree."""
        listed = [item for key in _FOLLOWED for item in strings(self.body.get(key))]
        return bool(self.body.get("helmCharts")) or any(_REMOTE.search(item) for item in listed)

    def _paths(self, keys: Sequence[str]) -> Iterator[str]:
        for key in keys:
            for item in strings(self.body.get(key)):
                if "\n" not in item and len(item) < 500 and not _REMOTE.search(item):
                    yield joined(self.folder, item)


def joined(folder: str, path: str) -> str:
    """*path* as seen from *folder*."""
    return posixpath.normpath(posixpath.join(folder, path))


def strings(value: object) -> list[str]:
    """The texts in a list; none where it is no list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def dicts(value: object) -> list[dict[str, Any]]:
    """The mappings in a list; none where it is no list."""
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
