"""Tells dashboards by their shape, whichever system they are for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...domain.fact import Aside, Fact
from ...domain.located import Located
from ...errors import FormatError
from ...formats.json import json_value
from ...redaction import cut
from ..asides import Asides
from ..facts.dashboards import Dashboard, Dashboards
from ..facts.files import Files
from ..inforce import dashboards as inforce
from ..inforce.force import Force, unknown
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ._provisioned import documents, in_production, texts

MAX_EXPRESSION = 500
MAX_KEPT = 1_000
"""How many expressions and panel titles are kept of one dashboard."""


class DashboardsReader(Reader):
    """Finds dashboards in JSON files, in ConfigMaps and custom resources that carry JSON, and in Terraform."""

    fact = Dashboards

    def __init__(self) -> None:
        self._found: list[Dashboard] = []
        self._asides = Asides()

    def wants(self, file: FileEntry) -> bool:
        return (file.suffix in _SUFFIXES or _TEMPLATE.search(file.name) is not None) and in_production(file)

    def read(self, source: SourceFile) -> None:
        data, suffix = source.data, source.file.suffix
        if suffix == ".json" or suffix not in _SUFFIXES:
            if any(all(cue in data for cue in cues) for cues in _CUES):
                self._json(source, suffix == ".json")
        elif suffix == ".ndjson":
            self._saved_objects(source)
        elif suffix == ".tf":
            if b"dashboard" in data:
                self._terraform(source)
        elif b'"panels"' in data or (b'"widgets"' in data and b'"properties"' in data):
            for parsed in documents(source):
                self._carried(Located(path=source.path, line=parsed.line, body=parsed.body, lines=parsed.lines))

    def finish(self, files: Files) -> Fact:
        return Dashboards(files=tuple(self._found), aside=self._asides.kept)

    def _json(self, source: SourceFile, plain: bool) -> None:
        """Take in a file of JSON, or a template that is JSON as it stands."""
        try:
            self._add(source.path, 1, json_value(source.data))
        except FormatError as error:
            if plain:
                raise
            force = unknown(f"the template cannot be read: {error.reason}")
            self._asides.add(
                Aside(
                    path=source.path,
                    line=1,
                    what="the dashboard",
                    reason=f"is not counted: {force.reason}",
                    about=("panel",),
                )
            )

    def _add(self, path: str, line: int, body: Any) -> None:
        if isinstance(body, dict) and isinstance(body.get("dashboard"), dict):
            body = body["dashboard"]
        made = _dashboard(path, line, body, self._asides) if isinstance(body, dict) else None
        if made is not None:
            self._found.append(made)

    def _carried(self, document: Located) -> None:
        for line, text in texts(document):
            if ('"panels"' in text or '"widgets"' in text) and text.lstrip().startswith("{"):
                try:
                    body = json_value(text)
                except FormatError as error:
                    raise FormatError(error.reason, line + error.line, error.column) from None
                self._add(document.path, line, body)

    def _saved_objects(self, source: SourceFile) -> None:
        """Kibana exports one JSON object per line."""
        for number, line in enumerate(source.lines, 1):
            if '"type":"dashboard"' in line or '"type": "dashboard"' in line:
                body = json_value(line)
                kept = body.get("attributes") if isinstance(body, dict) else None
                if isinstance(kept, dict) and isinstance(kept.get("panelsJSON"), str):
                    panels = json_value(kept["panelsJSON"])
                    self._found.append(
                        Dashboard(
                            title=_text(kept.get("title"))[:200],
                            path=source.path,
                            line=number,
                            system="kibana",
                            panels=len(panels) if isinstance(panels, list) else 0,
                            stores=("elasticsearch",),
                        )
                    )

    def _terraform(self, source: SourceFile) -> None:
        for number, line in enumerate(source.lines, 1):
            match = _RESOURCE.match(line[:300])
            if match and match[1] in _TERRAFORM:
                body = _until_brace(source.lines, number)
                asked = [query for part in body for query in _written(part[:_LONGEST])]
                self._found.append(
                    Dashboard(
                        title=match[2],
                        path=source.path,
                        line=number,
                        system=_TERRAFORM[match[1]],
                        panels=sum(1 for part in body if _WIDGET.search(part[:1000])),
                        expressions=tuple(asked[:MAX_KEPT]),
                    )
                )


_TEMPLATE = re.compile(r"\.json\.(eex|tpl|tmpl|tftpl|j2|erb)$")
"""Templates of JSON, which are read where nothing in them has to be filled in for that."""
_SUFFIXES = frozenset({".json", ".yaml", ".yml", ".ndjson", ".tf"})
_CUES = (
    (b'"panels"', b'"schemaVersion"'),
    (b'"rows"', b'"schemaVersion"'),
    (b'"panels"', b'"targets"', b'"title"'),
    (b'"widgets"', b'"properties"', b'"metrics"'),
    (b'"widgets"', b'"properties"', b'"query"'),
    (b'"widgets"', b'"definition"', b'"layout_type"'),
    (b'"displayName"', b'"mosaicLayout"'),
    (b'"displayName"', b'"gridLayout"'),
)
_RESOURCE = re.compile(r'\s*resource\s+"(\w+)"\s+"([\w-]+)"')
_TERRAFORM = {
    "aws_cloudwatch_dashboard": "cloudwatch",
    "azurerm_portal_dashboard": "azure",
    "datadog_dashboard": "datadog",
    "datadog_dashboard_json": "datadog",
    "google_monitoring_dashboard": "gcp",
    "newrelic_one_dashboard": "newrelic",
}
_WIDGET = re.compile(r'"?type"?\s*[=:]\s*"(metric|log|text|alarm|number)"|\b(xyChart|scorecard|widget_\w+|widget)\b')
_ASKS = re.compile(r"\b(query|metrics|expression|filter|nrql_query|q)\b\"?\s*[=:]")


def _set_aside(path: str, line: int, panel: dict[str, Any], force: Force) -> Aside:
    what = f"panel '{_text(panel.get('title') or panel.get('name') or panel.get('id'))[:60]}'"
    reason = f"is not counted: {force.reason}"
    return Aside(path=path, line=line, what=what, reason=reason, about=("panel",), void=force.is_void)


def _dashboard(path: str, line: int, body: dict[str, Any], asides: Asides) -> Dashboard | None:
    system, found = _panels(body)
    if not system:
        return None
    panels = [panel for panel in found if inforce.panel(system, panel)]
    for panel in found:
        if not (force := inforce.panel(system, panel)):
            asides.add(_set_aside(path, line, panel, force))
    asked: dict[str, None] = {}
    titles: dict[str, None] = {}
    stores: set[str] = set()
    for panel in panels:
        title = _text(panel.get("title") or panel.get("name"))[:100]
        if title:
            titles[title] = None
        stores.update(_stores(panel))
        for query in _queries(panel):
            if query := inforce.query(query):
                asked[query[:MAX_EXPRESSION]] = None
    return Dashboard(
        title=_text(body.get("title") or body.get("displayName") or path.rpartition("/")[2])[:200],
        path=path,
        line=line,
        system=system,
        panels=len(panels),
        expressions=tuple(asked)[:MAX_KEPT],
        panel_titles=tuple(titles)[:MAX_KEPT],
        stores=tuple(sorted(stores)),
        refresh=body["refresh"][:20] if isinstance(body.get("refresh"), str) else "",
    )


def _panels(body: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The system whose dashboard *body* is, and its panels without rows and headings; empty where it is none."""
    if isinstance(body.get("panels"), list) or isinstance(body.get("rows"), list):
        marked = any(key in body for key in ("schemaVersion", "templating", "timepicker", "time"))
        if not marked and not (isinstance(body.get("title"), str) and any(map(_asks, _dicts(body.get("panels"))))):
            return "", []
        found: list[dict[str, Any]] = []
        todo = [*_dicts(body.get("rows")), *_dicts(body.get("panels"))][::-1]
        while todo:
            panel = todo.pop()
            todo.extend(_dicts(panel.get("panels"))[::-1])
            if panel.get("type") not in (None, "row", "text") or (panel.get("type") is None and _asks(panel)):
                found.append(panel)
        return "grafana", found
    widgets = _dicts(body.get("widgets"))
    if widgets and all(isinstance(w.get("properties"), dict) for w in widgets):
        kept = [w["properties"] | {"type": w.get("type")} for w in widgets if w.get("type") != "text"]
        return "cloudwatch", kept
    if widgets and "layout_type" in body:
        return "datadog", [w["definition"] for w in widgets if isinstance(w.get("definition"), dict)]
    mosaic, grid = body.get("mosaicLayout"), body.get("gridLayout")
    if isinstance(mosaic, dict):
        return "gcp", [t["widget"] for t in _dicts(mosaic.get("tiles")) if isinstance(t.get("widget"), dict)]
    if isinstance(grid, dict):
        return "gcp", _dicts(grid.get("widgets"))
    return "", []


def _asks(panel: dict[str, Any]) -> bool:
    """Whether a panel has something to ask, as those of Grafana have: older ones and hand-written ones say no more."""
    return any(not _QUERY_KEYS.isdisjoint(target) for target in _dicts(panel.get("targets")))


def _queries(panel: dict[str, Any]) -> Iterator[str]:
    """What a panel asks its store: the texts under the keys that systems use for queries, wherever they stand."""
    metrics = panel.get("metrics")
    if isinstance(metrics, list):
        yield from (_text(metric) for metric in metrics if isinstance(metric, list))
    todo: list[Any] = [panel.get(key) for key in ("scorecard", "xyChart", "query", "requests", "targets")]
    if isinstance(panel.get("query"), str):
        yield _text(panel["query"])
    left = 2_000
    while todo and left:
        left -= 1
        value = todo.pop()
        if isinstance(value, list):
            todo.extend(reversed(value))
        elif isinstance(value, dict) and value.get("hide") is not True:
            for key, inner in value.items():
                if isinstance(inner, str) and key in _QUERY_KEYS and inner.strip():
                    yield _text(inner)
                elif isinstance(inner, dict | list):
                    todo.append(inner)


_QUERY_KEYS = frozenset(
    {"expr", "query", "rawSql", "q", "filter", "timeSeriesQueryLanguage", "prometheusQuery", "target"}
)


def _stores(panel: dict[str, Any]) -> Iterator[str]:
    for owner in [panel, *_dicts(panel.get("targets"))]:
        store = owner.get("datasource")
        kind = store.get("type") if isinstance(store, dict) else store
        if isinstance(kind, str) and not kind.startswith(("-", "$")):
            yield kind.lower()[:60]
    if panel.get("type") in ("log", "logs"):
        yield "logs"


def _written(line: str) -> Iterator[str]:
    """The queries and metrics that a line of Terraform hands to a dashboard, one by one; else all of it."""
    found = [m[1].replace('\\"', '"') for m in _QUERY.finditer(line)] + [m[0] for m in _METRIC.finditer(line)]
    if found:
        yield from (query[:MAX_EXPRESSION] for query in found)
    elif _ASKS.search(line[:1000]):
        yield line.strip()[:MAX_EXPRESSION]


_LONGEST = 20_000
_QUERY = re.compile(
    r"\b(?:query|prometheusQuery|timeSeriesQueryLanguage|expression|expr|filter|nrql_query|q|rawSql)\"?\s*[=:]\s*"
    r'"((?:[^"\\]|\\.){1,2000})"'
)
_METRIC = re.compile(r'(?<=\[)\s*"[^"\n]{1,120}",\s*"[^"\n]{1,120}"[^\]\n]{0,300}')
"""A metric of CloudWatch: namespace, name and dimensions."""


def _until_brace(lines: list[str], number: int) -> list[str]:
    """The lines of the block that begins on line *number*, up to its closing brace in the first column."""
    body: list[str] = []
    for line in lines[number : number + 2_000]:
        if line.startswith("}"):
            break
        body.append(line)
    return body


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return " ".join(cut(str(value), 4_000).split()) if value is not None else ""
