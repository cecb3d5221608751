"""Who gives a variable of a root module its value: the files that Terraform loads, those it is told of, the default."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .stages import holds_stage, stage
from .values import PRODUCTION, UNKNOWN


@dataclass(frozen=True)
class ValuesFile:
    """A file of values: its path, and what it sets, expressions included."""

    path: str
    values: Mapping[str, Any]

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    @property
    def loads_itself(self) -> bool:
        """Whether Terraform reads it without being told, where its folder has blocks of its own."""
        name = posixpath.basename(self.path).removesuffix(".json")
        return name == "terraform.tfvars" or name.endswith(".auto.tfvars")


class Settings:
    """
    What the files of values of one tree say to each root module.

    Args:
        files: All of them.
        roots: The folders of the root modules.
        elsewhere: Names that somebody sets of whom nobody knows for which folder.
    """

    def __init__(self, files: list[ValuesFile], roots: set[str], elsewhere: Collection[str] = ()) -> None:
        self._elsewhere = frozenset(elsewhere)
        self._loaded: dict[str, dict[str, Any]] = {}
        self._told: dict[str, list[ValuesFile]] = {}
        self._for_all: list[ValuesFile] = []
        self._stages = {file.path: stage(file.path) for file in files}
        for file in sorted(files, key=_order):
            if file.loads_itself and file.folder in roots:
                self._loaded.setdefault(file.folder, {}).update(file.values)
                continue
            root = _above(file.folder, roots)
            (self._told.setdefault(root, []) if root is not None else self._for_all).append(file)

    def value(self, root: str, name: str, body: Mapping[str, Any]) -> Any:
        """
        What the variable *name*, declared with *body* in the folder *root*, has in production, as it is written.

        Files that Terraform is told of win over those that it loads, and those win over the default. Of the former
        those of production count; where none says that it is of production, nobody knows which will be used.
        """
        if name in self._elsewhere:
            return UNKNOWN
        files = [*self._told.get(root, ()), *self._for_all]
        setting = [file for file in files if name in file.values]
        ours = [file for file in setting if self._stages[file.path] is True]
        if any(self._stages[file.path] is None for file in setting):
            return UNKNOWN
        if setting and not any(self._stages[file.path] is True for file in files):
            return UNKNOWN
        said = [file.values[name] for file in ours]
        if said:
            return said[0] if all(repr(value) == repr(said[0]) for value in said) else UNKNOWN
        if name in self._loaded.get(root, {}):
            return self._loaded[root][name]
        default = body.get("default", UNKNOWN)
        if holds_stage(name) and isinstance(default, str) and stage(default) is False:
            return UNKNOWN  # production is given another name than that of a place to try things
        return default


def production_of(name: str) -> Any:
    """What the variable *name* has in production, of which no file says so: its name, if it is there to hold that."""
    return PRODUCTION if holds_stage(name) else UNKNOWN


def _order(file: ValuesFile) -> tuple[bool, bool, str]:
    """``terraform.tfvars``, its twin in JSON, then the others by name: the later wins."""
    name = posixpath.basename(file.path)
    first = name.removesuffix(".json") == "terraform.tfvars"
    return not first, first and name.endswith(".json"), file.path


def _above(folder: str, roots: set[str]) -> str | None:
    """The root module in whose folder, or in a folder of which, *folder* lies; None where there is none."""
    while folder not in roots:
        if not folder:
            return None
        folder = posixpath.dirname(folder)
    return folder
