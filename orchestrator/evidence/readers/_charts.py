"""Keeps the Helm charts of a tree: their values as production sets them, and which of them are installed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...domain.fact import Source
from ...formats.yaml import Parsed
from ..facts.kubernetes import Chart
from ..stages import is_file_of_production

_VALUES = re.compile(r"(^|/)([\w.-]*values[\w.-]*|(values|environments?|envs?|config)/[\w.-]+)\.ya?ml$")
_MAX_DEPTH = 30


class Charts:
    """
    The charts that have been read so far, by their folders.

    The values of a chart are its own, below those of the chart that it belongs to, below those of production.
    """

    def __init__(self) -> None:
        self._charts: dict[str, Chart] = {}
        self._bodies: dict[str, Mapping[str, Any]] = {}
        self._own: dict[str, Any] = {}
        self._production: dict[str, dict[str, Any]] = {}

    @property
    def listed(self) -> tuple[Chart, ...]:
        return tuple(chart for _, chart in sorted(self._charts.items()))

    def add(self, path: str, parsed: Parsed) -> None:
        """Take in a ``Chart.yaml``."""
        body = parsed.body
        if isinstance(body, dict) and "name" in body:
            title, version = str(body["name"]), str(body.get("version", ""))
            folder = path.rpartition("/")[0]
            self._charts[folder] = Chart(path=path, title=title, version=version, source=Source(path=path, line=1))
            self._bodies[folder] = body

    def is_values(self, path: str) -> bool:
        """Whether *path* holds the values of a chart: its own, or those of production."""
        folder, _, name = path.rpartition("/")
        if name == "values.yaml" and folder in self._charts:
            return True
        chart = self.around(path)
        return chart is not None and bool(_VALUES.search(path)) and is_file_of_production(path[len(chart) :])

    def take(self, path: str, body: object) -> None:
        """Take in what a file of values holds."""
        folder, _, name = path.rpartition("/")
        if name == "values.yaml" and folder in self._charts:
            self._own[folder] = body
        elif (chart := self.around(path)) is not None and isinstance(body, dict):
            self._production.setdefault(chart, {})[path] = body

    def around(self, path: str) -> str | None:
        """The folder of the innermost chart that *path* lies in."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self._charts:
                return folder
        return None

    def of_template(self, path: str) -> str | None:
        """The folder of the chart that *path* is a template of."""
        folder = path[: f"/{path}".rfind("/templates/")].rstrip("/") if "/templates/" in f"/{path}" else ""
        return folder if folder in self._charts else None

    def settled(self, folder: str) -> bool:
        """Whether values of production are known for the chart in *folder*, or for one that it belongs to."""
        within: str | None = folder
        while within is not None:
            if within in self._production:
                return True
            within = self._parent(within)
        return False

    def scope(self, folder: str | None) -> dict[str, Any]:
        """What the templates of the chart in *folder* may ask for."""
        chart = self._charts.get(folder) if folder is not None else None
        if folder is None or chart is None:
            return {"Values": {}, "Release": {"Name": "release", "Namespace": "default"}, "Chart": {}}
        return {
            "Values": self._values(folder, 0),
            "Release": {"Name": chart.title, "Namespace": "default", "Service": "Helm"},
            "Chart": {
                "Name": chart.title,
                "Version": chart.version,
                "AppVersion": str(self._bodies[folder].get("appVersion", "")),
            },
        }

    def left_out(self, folder: str | None) -> str:
        """Why the chart in *folder* is not installed; empty where it is, as far as can be told."""
        within, steps = folder, 0
        while within is not None and within in self._charts and steps < _MAX_DEPTH:
            if self._bodies[within].get("type") == "library":
                return "is part of a library of templates"
            parent = self._parent(within)
            if parent is not None and (reason := self._switched_off(within, parent)):
                return reason
            within, steps = parent, steps + 1
        return ""

    def _switched_off(self, folder: str, parent: str) -> str:
        entry = self._entry(folder, parent)
        if entry is None:
            return ""
        values = self._values(parent, 0)
        for path in str(entry.get("condition") or "").split(","):
            value = _under(values, path.strip().split("."))
            if isinstance(value, bool):
                return "" if value else f"belongs to a chart that {path.strip()}: false leaves out"
        said = values.get("tags")
        tags = entry.get("tags")
        named = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
        known = {tag: said[tag] for tag in named if isinstance(said, dict) and isinstance(said.get(tag), bool)}
        return f"belongs to a chart whose tag {next(iter(known))} is false" if known and not any(known.values()) else ""

    def _entry(self, folder: str, parent: str) -> Mapping[str, Any] | None:
        """What the chart in *parent* says of the one in *folder* that it depends on."""
        listed = self._bodies[parent].get("dependencies")
        title = self._charts[folder].title
        for entry in listed if isinstance(listed, list) else []:
            if isinstance(entry, dict) and entry.get("name") == title:
                return entry
        return None

    def _parent(self, folder: str) -> str | None:
        above, charts, _ = f"/{folder}".rpartition("/charts/")
        parent = above[1:]
        return parent if charts and parent in self._charts else None

    def _values(self, folder: str, depth: int) -> dict[str, Any]:
        own = self._own.get(folder)
        values: dict[str, Any] = own if isinstance(own, dict) else {}
        parent = self._parent(folder)
        if parent is not None and depth < _MAX_DEPTH:
            above = self._values(parent, depth + 1)
            entry = self._entry(folder, parent) or {}
            handed = above.get(str(entry.get("alias") or self._charts[folder].title))
            values = merged(values, handed if isinstance(handed, dict) else {}, 0)
            if isinstance(above.get("global"), dict):
                values = merged(values, {"global": above["global"]}, 0)
        for path in sorted(self._production.get(folder, {}), key=lambda path: (-len(path), path)):
            values = merged(values, self._production[folder][path], 0)  # the shortest name last: it says the most
        return values


def merged(values: Mapping[str, Any], over: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """*values* with *over* laid over them as Helm does it: mappings are merged, null takes away, all else replaces."""
    found = dict(values)
    for key, value in over.items():
        former = found.get(key)
        if value is None:
            found.pop(key, None)
        elif isinstance(value, dict) and isinstance(former, dict) and depth < _MAX_DEPTH:
            found[key] = merged(former, value, depth + 1)
        else:
            found[key] = value
    return found


def _under(values: Any, keys: list[str]) -> Any:
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values
