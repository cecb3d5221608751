"""Reads alert rules, and the ways on which alerts reach people."""

from __future__ import annotations

import re
from typing import Any

from ...domain.fact import Fact, Source
from ...domain.located import Located
from ...errors import FormatError
from ...formats.yaml import Parsed, load_all
from ...redaction import cut
from ..facts.files import Files
from ..facts.monitoring import AlertRule, Alerts
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ._provisioned import documents, in_production, texts

MAX_EXPRESSION = 500
MAX_RULES = 5_000


class AlertsReader(Reader):
    """Finds rules and routing by their shape, wherever they stand: rule files, operator objects, values, ConfigMaps."""

    fact = Alerts

    def __init__(self) -> None:
        self._rules: list[AlertRule] = []
        self._found: dict[str, list[Source]] = {}
        self._left_out = 0
        """The line of the first in the file at hand that there was no room for."""

    def wants(self, file: FileEntry) -> bool:
        return file.suffix in _SUFFIXES and in_production(file)

    def read(self, source: SourceFile) -> None:
        self._left_out = 0
        if source.file.suffix == ".tf":
            if any(cue in source.data for cue in _TERRAFORM_CUES):
                self._terraform(source)
        elif _cued(source.data):
            for parsed in documents(source):
                self._document(source.path, parsed, 0)
        if self._left_out:
            raise FormatError(f"more than {MAX_RULES:,} alert rules or routes; the rest are not kept", self._left_out)

    def finish(self, files: Files) -> Fact:
        found = {kind: tuple(places) for kind, places in self._found.items()}
        return Alerts(rules=tuple(self._rules)).model_copy(update=found)

    def _document(self, path: str, parsed: Parsed, before: int, *, embedded: bool = False) -> None:
        document = Located(path=path, line=parsed.line, body=parsed.body, lines=parsed.lines)
        for keys, value in document.walk():
            if isinstance(value, dict) and not value.keys().isdisjoint(_KEYS):
                at = document.at(*keys).line + before
                self._rule(path, at, value)
                self._routing(path, at, value)
        if embedded:
            return
        for line, text in texts(document):
            data = text.encode()
            if _cued(data):
                try:
                    inner = load_all(data)
                except FormatError as error:
                    raise FormatError(error.reason, line + error.line, error.column) from None
                for part in inner:
                    self._document(path, part, line, embedded=True)

    def _rule(self, path: str, line: int, value: dict[str, Any]) -> None:
        if "alert" in value and "expr" in value and isinstance(value["alert"], str):
            expression = _text(value["expr"])
            system = "loki" if _LOGQL.search(expression) else "prometheus"
            self._keep(_rule_of(path, line, value["alert"], system, expression, value))
        elif "title" in value and "condition" in value and isinstance(value.get("data"), list):
            expression = " ; ".join(part for query in value["data"] for part in _grafana_query(query))
            self._keep(_rule_of(path, line, _text(value["title"]), "grafana", expression, value))

    def _keep(self, rule: AlertRule) -> None:
        if len(self._rules) < MAX_RULES:
            self._rules.append(rule)
        else:
            self._left_out = self._left_out or rule.line or 1

    def _routing(self, path: str, line: int, value: dict[str, Any]) -> None:
        for key in ("receivers", "contactPoints"):
            for receiver in _dicts(value.get(key)):
                channels = _channels(receiver)
                title = _text(receiver.get("name") or receiver.get("type"))
                if channels:
                    self._add("routes", path, line, f"{title}: {', '.join(channels)}")
                elif key == "receivers" and "name" in receiver and "route" in value:
                    self._add("silent", path, line, title)
        trees = [value["route"]] if isinstance(value.get("route"), dict) and "receivers" in value else []
        for root in [*trees, *_dicts(value.get("policies"))]:
            self._tree(path, line, root)
        if _dicts(value.get("inhibit_rules")) or _dicts(value.get("inhibitRules")):
            self._add("dampers", path, line, "inhibition")

    def _tree(self, path: str, line: int, root: dict[str, Any]) -> None:
        if root.get("group_by") or root.get("groupBy"):
            self._add("dampers", path, line, "grouping")
        branches = _dicts(root.get("routes"))
        while branches:
            branch = branches.pop()
            branches.extend(_dicts(branch.get("routes")))
            chosen = _text(branch.get("receiver"))
            matchers = " ".join(
                _text(branch.get(key)) for key in ("match", "match_re", "matchers", "object_matchers", "matchRE")
            )
            if chosen and chosen != _text(root.get("receiver")) and _URGENCY.search(matchers):
                self._add("by_urgency", path, line, chosen)

    def _terraform(self, source: SourceFile) -> None:
        for number, line in enumerate(source.lines, 1):
            found = _RESOURCE.match(line[:300])
            if not found:
                continue
            if _ESCALATION.match(found[1]):
                self._add("escalations", source.path, number, f"{found[1]}.{found[2]}")
            elif _ROUTE.match(found[1]):
                self._add("routes", source.path, number, f"{found[1]}.{found[2]}")

    def _add(self, kind: str, path: str, line: int, text: str) -> None:
        kept = self._found.setdefault(kind, [])
        if len(kept) < MAX_RULES:
            kept.append(Source(path=path, line=line, text=cut(text, 200)))
        else:
            self._left_out = self._left_out or line or 1


_SUFFIXES = frozenset({".yaml", ".yml", ".json", ".rules", ".tf"})
_KEYS = frozenset({"alert", "condition", "receivers", "contactPoints", "policies", "inhibit_rules", "inhibitRules"})
_CUES = (
    (b"alert:", b"expr:"),
    (b'"alert"', b'"expr"'),
    (b"receivers:", b"onfigs:"),
    (b'"receivers"', b'onfigs"'),
    (b"datasourceUid", b"condition"),
    (b"contactPoints", b"receivers"),
    (b"policies", b"group_by"),
)
_TERRAFORM_CUES = (b'"pagerduty_', b'"opsgenie_', b'"grafana_', b'"squadcast_', b'"victorops_', b'"aws_ssmcontacts_')
_RESOURCE = re.compile(r'\s*resource\s+"(\w+)"\s+"([\w-]+)"')
_ESCALATION = re.compile(
    r"pagerduty_(escalation_policy|schedule)|opsgenie_(escalation|schedule)|grafana_oncall_(escalation|schedule|on_call)"
    r"|squadcast_(escalation_policy|schedule)|victorops_(escalation|rotation)|aws_ssmcontacts_(plan|rotation)"
)
_ROUTE = re.compile(
    r"pagerduty_service$|pagerduty_service_integration|opsgenie_\w*integration|grafana_contact_point|"
    r"grafana_oncall_integration|squadcast_service|victorops_routing_key|aws_ssmcontacts_contact_channel"
)
_LOGQL = re.compile(r"\|[=~]|!=\s*`|\|\s*(json|logfmt|pattern|line_format)\b")
_URGENCY = re.compile(r"severity|priority|urgency|criticality|\bpage\b", re.IGNORECASE)
_CHANNELS = re.compile(r"(\w+?)_?[cC]onfigs")


def _cued(data: bytes) -> bool:
    return any(first in data and second in data for first, second in _CUES)


def _rule_of(path: str, line: int, title: str, system: str, expression: str, value: dict[str, Any]) -> AlertRule:
    labels = value["labels"] if isinstance(value.get("labels"), dict) else {}
    notes = value["annotations"] if isinstance(value.get("annotations"), dict) else {}
    return AlertRule(
        title=cut(title, 200),
        path=path,
        line=line,
        system=system,
        expression=cut(expression, MAX_EXPRESSION),
        holds_for=_text(value.get("for"))[:20],
        severity=_text(labels.get("severity") or labels.get("priority"))[:40],
        runbook=next((_text(notes[key])[:300] for key in notes if "runbook" in key.lower() and notes[key]), ""),
        summary=_text(notes.get("summary") or notes.get("message") or notes.get("description"))[:200],
    )


def _grafana_query(query: Any) -> list[str]:
    """What one query of a Grafana rule asks, or the threshold that it sets."""
    model = query.get("model") if isinstance(query, dict) else None
    if not isinstance(model, dict):
        return []
    asked = next((_text(model[key]) for key in ("expr", "query", "rawSql") if isinstance(model.get(key), str)), "")
    if model.get("type") == "math":
        asked = _text(model.get("expression"))
    parts = [asked] if asked else []
    for condition in _dicts(model.get("conditions")):
        evaluator = condition.get("evaluator")
        sign = _SIGNS.get(_text(evaluator.get("type"))) if isinstance(evaluator, dict) else None
        limits = evaluator.get("params") if isinstance(evaluator, dict) else None
        if sign and isinstance(limits, list) and limits and model.get("type") != "reduce":
            parts.append(f"{sign} {_text(limits[0])}")
    return parts


_SIGNS = {"gt": ">", "lt": "<", "gte": ">=", "lte": "<=", "eq": "=="}


def _channels(receiver: dict[str, Any]) -> list[str]:
    """The ways on which a receiver of Alertmanager or a contact point of Grafana reaches people."""
    found = [
        match[1].lower()
        for key, value in receiver.items()
        if isinstance(value, list) and value and (match := _CHANNELS.fullmatch(key))
    ]
    kind = receiver.get("type")
    if isinstance(kind, str) and isinstance(receiver.get("settings"), dict):
        found.append(kind)
    return found


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    """A scalar as text with its whitespace folded; of a collection, the start of what it holds."""
    return " ".join(cut(str(value), 4_000).split()) if value is not None else ""
