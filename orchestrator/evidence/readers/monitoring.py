"""Reads alert rules, and the ways on which alerts reach people."""

from __future__ import annotations

import re
from typing import Any

from ...domain.fact import Aside, Fact, Source
from ...domain.located import Located
from ...errors import FormatError
from ...formats.promql import MAX_LENGTH, Matcher
from ...formats.yaml import Parsed, load_all
from ...redaction import cut
from ..asides import Asides
from ..facts.files import Files
from ..facts.monitoring import ROUTE, AlertRule, Alerts
from ..inforce.force import Force, unknown, void
from ..inforce.receivers import Routing, routing
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from . import _grafana_rules as grafana
from ._alert_rules import RuleBook, Written
from ._provisioned import documents, hands_on, in_production, texts

MAX_EXPRESSION = 500
MAX_RULES = 5_000


class AlertsReader(Reader):
    """Finds rules and routing by their shape, wherever they stand: rule files, operator objects, values, ConfigMaps."""

    fact = Alerts

    def __init__(self) -> None:
        self._book = RuleBook()
        self._found: dict[str, list[Source]] = {}
        self._asides = Asides()
        self._contacts: set[str] = set()
        self._chosen: list[tuple[Source, str]] = []
        """Branches of Grafana's policies; whom they name may stand in another file."""
        self._urged: list[tuple[Source, list[tuple[Matcher, ...]]]] = []
        """Branches of Alertmanager, each with what leads to it; the alerts may stand in files that come later."""
        self._operated = False
        """Whether what is being read is an object of an operator, which needs no file of settings to be loaded."""
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
        for place, receiver in self._chosen:
            if self._contacts and receiver not in self._contacts:
                self._set_aside(place.path, place.line, receiver, void(f"contact point '{receiver}' is not there"))
            else:
                self._found.setdefault("by_urgency", []).append(place)
        for place, asked in self._urged:
            stray = next((title for m in asked if (title := self._book.stray(m, place.text))), "")
            if stray:
                force = unknown(f"alert '{cut(stray, 100)}', which has what it asks for, is sent elsewhere")
                self._set_aside(place.path, place.line, f"route to {place.text}", force)
            elif any(self._book.carries(matchers) for matchers in asked):
                self._add("by_urgency", place.path, place.line, place.text)
            else:
                self._set_aside(place.path, place.line, f"route to {place.text}", void("no alert has what it asks for"))
        rules = tuple(self._book.settle(self._asides))
        found = {kind: tuple(places) for kind, places in self._found.items()}
        aside = tuple(sorted(self._asides.kept, key=lambda a: (a.path, a.line, a.what, a.reason)))
        return Alerts(rules=rules, broken=tuple(self._book.broken), aside=aside).model_copy(update=found)

    def _document(self, path: str, parsed: Parsed, before: int, *, embedded: bool = False) -> None:
        document = Located(path=path, line=parsed.line, body=parsed.body, lines=parsed.lines)
        if "scrape_configs" in document.body:
            self._book.loading.append(bool(document.body.get("rule_files", True)))
        if not embedded and not hands_on(path, parsed.body):
            document = self._read_by_somebody(document)
        self._operated = "kind" in document.body and document.body.get("kind") != "ConfigMap"
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

    def _read_by_somebody(self, document: Located) -> Located:
        """*document* without what stands under keys that neither Prometheus nor Alertmanager nor Grafana reads."""
        for key, value in document.body.items():
            if key not in _TOPS and _speaks_of_alerts(Located(path=document.path, body=value)):
                force = (void if str(key).startswith("x-") else unknown)(
                    f"nobody is known to read '{cut(str(key), 80)}'"
                )
                self._set_aside(document.path, document.at(key).line, "what stands there", force)
        body = {key: value for key, value in document.body.items() if key in _TOPS}
        return document.model_copy(update={"body": body})

    def _rule(self, path: str, line: int, value: dict[str, Any]) -> None:
        if "alert" in value and "expr" in value and isinstance(value["alert"], str):
            expression = _text(value["expr"])
            system = "loki" if _LOGQL.search(expression) else "prometheus"
            rule = _rule_of(path, line, value["alert"], system, expression, value)
            loaded = system == "prometheus" and not self._operated
            self._keep(Written(rule, _whole(value["expr"]), _labels(value), from_file=loaded))
        elif "record" in value and "expr" in value and isinstance(value["record"], str):
            self._book.record(value["record"], _whole(value["expr"]))
        elif "title" in value and "condition" in value and isinstance(value.get("data"), list):
            expression = " ; ".join(part for query in value["data"] for part in grafana.asked(query))
            rule = _rule_of(path, line, _text(value["title"]), "grafana", expression, value)
            self._keep(Written(rule, grafana.expression(value), _labels(value), grafana.force(value)))

    def _keep(self, written: Written) -> None:
        if len(self._book.rules) < MAX_RULES:
            self._book.rules.append(written)
        else:
            self._left_out = self._left_out or written.rule.line or 1

    def _routing(self, path: str, line: int, value: dict[str, Any]) -> None:
        self._contact_points(path, line, value)
        if isinstance(value.get("route"), dict) and "receivers" in value:
            self._alertmanager(path, line, value)
        for root in _dicts(value.get("policies")):
            self._damped(path, line, root)
            for place, receiver in self._urgent(path, line, routing({"route": root}), _text(root.get("receiver"))):
                self._chosen.append((place, receiver))
        inhibitions = _dicts(value.get("inhibit_rules")) or _dicts(value.get("inhibitRules"))
        if inhibitions:
            self._add("dampers", path, line, "inhibition")
            self._book.inhibitions.extend(inhibitions[:MAX_RULES])

    def _contact_points(self, path: str, line: int, value: dict[str, Any]) -> None:
        """Contact points of Grafana, and receivers beside which no route is written."""
        self._contacts.update(_text(point.get("name")) for point in _dicts(value.get("contactPoints")))
        if "route" in value:
            return
        alone = routing({"receivers": value["receivers"]}) if "receivers" in value else Routing()
        for receiver in alone.receivers:
            if receiver.channels:
                self._set_aside(path, line, receiver.title, receiver.force)
        for point in [*_dicts(value.get("receivers")), *_dicts(value.get("contactPoints"))]:
            kind = point.get("type")
            if isinstance(kind, str) and isinstance(point.get("settings"), dict):
                title = _text(point.get("name") or kind)
                if point["settings"]:
                    self._add("routes", path, line, f"{title}: {kind}")
                else:
                    self._set_aside(path, line, title, void("it has no settings"))

    def _alertmanager(self, path: str, line: int, value: dict[str, Any]) -> None:
        found = routing(value)
        if found.receivers:
            self._book.routings.append(found)
        for receiver in found.receivers:
            if receiver.force:
                self._add("routes", path, line, f"{receiver.title}: {', '.join(receiver.channels)}")
            elif receiver.channels:
                self._set_aside(path, line, receiver.title, receiver.force)
            else:
                self._add("silent", path, line, receiver.title)
        self._damped(path, line, value["route"])
        for place, receiver_title in self._urgent(path, line, found, _text(value["route"].get("receiver"))):
            told = found.receiver(receiver_title)
            if told is not None and told.channels:
                asked = [b.matchers for b in found.branches if b.receiver == receiver_title and not b.root and b.force]
                self._urged.append((place, asked))

    def _damped(self, path: str, line: int, root: dict[str, Any]) -> None:
        if root.get("group_by") or root.get("groupBy"):
            self._add("dampers", path, line, "grouping")

    def _urgent(self, path: str, line: int, found: Routing, default: str) -> list[tuple[Source, str]]:
        """The branches in force that choose another receiver than the default by severity or priority."""
        chosen = []
        for branch in found.branches:
            asked = " ".join(f"{m.label}{m.sign}{m.value}" for m in branch.matchers)
            if not branch.root and branch.receiver and branch.receiver != default and _URGENCY.search(asked):
                if branch.force:
                    place = Source(path=path, line=line, text=cut(branch.receiver, 200))
                    chosen.append((place, branch.receiver))
                else:
                    self._set_aside(path, line, f"route to {branch.receiver}", branch.force)
        return chosen

    def _set_aside(self, path: str, line: int, title: str, force: Force) -> None:
        reason = cut(f"is not counted: {force.reason}", 300)
        what = cut(title, 200)
        self._asides.add(Aside(path=path, line=line, what=what, reason=reason, about=(ROUTE,), void=force.is_void))

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
_KEYS = frozenset(
    {"alert", "record", "condition", "receivers", "contactPoints", "policies", "inhibit_rules", "inhibitRules"}
)
_TOPS = frozenset(
    {"groups", "rules", "alert", "record", "route", "receivers", "inhibit_rules", "inhibitRules", "contactPoints"}
    | {"policies", "apiVersion", "namespace", "data", "title", "condition", "expr", "labels", "annotations", "for"}
    | {"global", "templates", "time_intervals", "mute_time_intervals", "muteTimes", "name", "settings", "type"}
)
"""Keys at the top of a file of rules or of routing, and of a rule that has a file for itself."""
_CUES = (
    (b"alert:", b"expr:"),
    (b'"alert"', b'"expr"'),
    (b"record:", b"expr:"),
    (b'"record"', b'"expr"'),
    (b"receivers:", b"onfigs:"),
    (b"receivers:", b"route:"),
    (b'"receivers"', b'onfigs"'),
    (b'"receivers"', b'"route"'),
    (b"datasourceUid", b"condition"),
    (b"contactPoints", b"receivers"),
    (b"policies", b"group_by"),
    (b"scrape_configs:", b"rule_files:"),
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


def _speaks_of_alerts(part: Located) -> bool:
    """Whether anything in *part* looks like a rule or a way to somebody."""
    mappings = any(isinstance(v, dict) and not v.keys().isdisjoint(_KEYS) for _, v in part.walk())
    return mappings or any(_cued(text.encode()) for _, text in texts(part))


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
        notes="; ".join(f"{_text(key)}: {_text(text)}" for key, text in list(notes.items())[:20])[:500],
        summary=_text(notes.get("summary") or notes.get("message") or notes.get("description"))[:200],
    )


def _labels(value: dict[str, Any]) -> dict[str, str]:
    """The first of the labels that a rule gives its alerts."""
    labels = value.get("labels")
    if not isinstance(labels, dict):
        return {}
    return {str(key)[:100]: str(text)[:200] for key, text in list(labels.items())[:20]}


def _whole(value: Any) -> str:
    """An expression with its lines, in which comments end; more of it is not read."""
    return str(value)[: MAX_LENGTH + 1] if value is not None else ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    """A scalar as text with its whitespace folded; of a collection, the start of what it holds."""
    return " ".join(cut(str(value), 4_000).split()) if value is not None else ""
