"""Brings alarms declared in infrastructure code and the alert rules of files into one shape."""

from __future__ import annotations

import re
from typing import Any

from orchestrator import AlertRule, Alerts, Block, Infrastructure, Typed, alarm_force, days

ALARMS = Typed("resources/alarms")
_LINK = re.compile(r"https?://[^\s\"'<>)\]]+")
_PAGE = re.compile(r"(?<![\w/.-])[\w./-]{1,200}\.(?:md|mdx|rst|adoc|asciidoc|txt)(?:#[\w-]{1,100})?", re.IGNORECASE)
"""A page of the tree, as notes name it."""
_SCALING = re.compile(r"autoscaling|appautoscaling|scaling_?policy", re.IGNORECASE)


def rules(alerts: Alerts, infrastructure: Infrastructure) -> list[AlertRule]:
    """Every alert in force that is meant for people: rules of files, then alarms in infrastructure code."""
    silenced = Silences(infrastructure)
    return [
        *alerts.rules,
        *(
            rule_of(block)
            for block in alarms(infrastructure)
            if alarm_force(block) and _runs(block) and not silenced.cover(block)
        ),
    ]


def heard(alerts: Alerts, infrastructure: Infrastructure) -> list[AlertRule]:
    """The same without those of which it is seen that nobody hears of them."""
    unheard = {(b.path, b.line) for b in alarms(infrastructure) if deaf(b, infrastructure)}
    return [rule for rule in rules(alerts, infrastructure) if (rule.path, rule.line) not in unheard]


def told(alerts: Alerts, infrastructure: Infrastructure) -> list[AlertRule]:
    """The alerts without those that have no receiver at all."""
    mute = {
        (b.path, b.line) for b in alarms(infrastructure) if notifies(b) is False and not _composed(b, infrastructure)
    }
    return [rule for rule in rules(alerts, infrastructure) if (rule.path, rule.line) not in mute]


def unheard(found: list[AlertRule], alerts: Alerts, infrastructure: Infrastructure) -> str:
    """Why it is in doubt that anybody hears of the alerts that were *found*; empty where one of them is in no doubt."""
    told_ = {(rule.path, rule.line) for rule in told(alerts, infrastructure)}
    addressed = {(b.path, b.line) for b in alarms(infrastructure) if not _names_nobody(b)}
    left = [rule for rule in found if (rule.path, rule.line) in told_]
    if not left:
        return "tells nobody"
    if all(rule.system == "datadog" and (rule.path, rule.line) not in addressed for rule in left):
        return "names nobody in its message"
    return "waits for a value that the tree does not hold" if all(map(unsettled, left)) else ""


def _names_nobody(block: Block) -> bool:
    message = ALARMS.value(block, "message") if ALARMS.tells(block, "message") else None
    return isinstance(message, str) and not re.search(r"@|\{\{|\$\{|\bvar\.", message)


def unsettled(rule: AlertRule) -> bool:
    """Whether an alarm's condition waits for a value that the tree does not hold."""
    return rule.system != "prometheus" and _VARIABLE.search(rule.expression) is not None


_VARIABLE = re.compile(r"\bvar\.\w")


def _composed(block: Block, infrastructure: Infrastructure) -> bool:
    """Whether an alarm is one of those that another one joins."""
    names = {block.label, _title(ALARMS.value(block, "name"))} - {""}
    joined = [str(other.body) for other in ALARMS.among(infrastructure) if joins(other)]
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) for name in names for text in joined)


def quiet(alerts: Alerts, infrastructure: Infrastructure) -> list[AlertRule]:
    """The alerts that are written and are seen never to come: switched off, muted, unable to fire."""
    silenced = Silences(infrastructure)
    mine = [b for b in alarms(infrastructure) if alarm_force(b).is_void or silenced.cover(b)]
    void = [a for a in alerts.idle if a.void and not _UNHEARD.search(a.reason) and not _OF_THE_STACK.search(a.what)]
    void += [
        a for a in infrastructure.aside if a.void and not _ALARM_TYPES.isdisjoint(a.about) and _OFF.search(a.reason)
    ]
    written = [AlertRule(title=a.what[:200], path=a.path, line=a.line, system="", summary=a.reason[:200]) for a in void]
    return [*(rule_of(block) for block in mine), *written]


_ALARM_TYPES = frozenset(row.word for row in ALARMS.words.rows)
_UNHEARD = re.compile(r"receiver|route|nobody|tells|inhibit|mute", re.IGNORECASE)
"""Who hears of an alert is asked by itself."""
_OF_THE_STACK = re.compile(
    r"\b(?:Kube|Node|Prometheus|Alertmanager|etcd|CoreDNS|Watchdog|TargetDown|Thanos|Loki|Config|AggregatedAPI)",
    re.IGNORECASE,
)
_OFF = re.compile(r"enabled|disabled|switched off|paused|is off\b", re.IGNORECASE)


def alarms(infrastructure: Infrastructure) -> list[Block]:
    """Alarms and monitors in infrastructure code; those that only drive autoscaling are left out."""
    return [b for b in ALARMS.among(infrastructure) if not _SCALING.search(_flat(ALARMS.value(b, "tells")))]


def joins(block: Block) -> bool:
    """Whether an alarm is one over other alarms."""
    return ALARMS.tells(block, "joined")


def rule_of(block: Block) -> AlertRule:
    notes = _flat(ALARMS.value(block, "notes"))
    link = _LINK.search(notes) or _PAGE.search(notes)
    runbook = ALARMS.value(block, "runbook")
    asked = _promql(block)
    return AlertRule(
        title=_title(ALARMS.value(block, "name")) or block.label[:200],
        path=block.path,
        line=block.line,
        system=ALARMS.kind(block),
        expression=_expression(block)[:500],
        runbook=str(runbook)[:300] if runbook else link[0][:300] if link else "",
        summary=notes[:200],
        notes=notes[:500],
        meaning=asked[:4_000],
    )


def _title(name: Any) -> str:
    """The name of an alarm as people read it, of one that is put together the text that it is put together of."""
    if isinstance(name, dict):
        inner = name.get("!Sub") or name.get("Fn::Sub")
        name = inner[0] if isinstance(inner, list) and inner else inner
    return name[:200] if isinstance(name, str) else ""


def deaf(block: Block, infrastructure: Infrastructure) -> bool:
    """Whether all that an alarm tells are topics of this tree, and nobody has subscribed to any of them."""
    topics = [b for b in infrastructure.some if WATCHING.kind(b) == "topic" and _folder(b) == _folder(block)]
    told = _flat(ALARMS.value(block, "tells")) if ALARMS.tells(block, "tells") else ""
    asked = [topic for topic in topics if re.search(rf"(?<![\w-]){re.escape(topic.label)}(?![\w-])", told)]
    names = ALARMS.value(block, "tells") if ALARMS.tells(block, "tells") else None
    if not asked or not isinstance(names, list) or len(names) > len(asked):
        return False
    return not any(_subscribed(topic, infrastructure) for topic in asked)


def mute(block: Block) -> bool:
    """Whether an alarm of a kind that names whom it tells names nobody."""
    return ALARMS.tells(block, "tells") and not ALARMS.value(block, "tells")


def _folder(block: Block) -> str:
    return block.path.rpartition("/")[0]


def _subscribed(topic: Block, infrastructure: Infrastructure) -> bool:
    if topic.get("Subscription") or topic.get("for_each") or topic.get("count"):
        return True
    named = re.compile(rf"(?<![\w-]){re.escape(topic.label)}(?![\w-])")
    return any(
        named.search(_flat(block.body)) or block.get("for_each") is not None
        for block in infrastructure.some
        if _SUBSCRIPTION.search(block.type)
    )


WATCHING = Typed("resources/watching")
"""What tells people, what keeps alarms quiet, and what asks from outside."""
_SUBSCRIPTION = re.compile(
    r"subscription|SNS::Subscription|chatbot|ssmincidents|alarm_router|^module$|Serverless::Function|Lambda::Permission",
    re.IGNORECASE,
)


class Silences:
    """What keeps alarms of the tree quiet for longer than an incident lasts: downtimes and mutes that are declared."""

    def __init__(self, infrastructure: Infrastructure) -> None:
        muting = [(b, kind) for b in infrastructure.some if (kind := WATCHING.kind(b)).startswith("mute-")]
        self._found = [(kind.removeprefix("mute-"), _flat(block.body)) for block, kind in muting if _lasts(block)]

    def cover(self, block: Block) -> bool:
        """Whether any of them is of *block*, or of all of its kind."""
        kind = ALARMS.kind(block)
        mine = [text for of, text in self._found if of == kind]
        named = re.compile(rf"(?<![\w-]){re.escape(block.label)}(?![\w-])")
        return any(named.search(text) or not _ONE_MONITOR.search(text) for text in mine)


def _lasts(block: Block) -> bool:
    """Whether a downtime is none that comes back for an hour: it has no end, or one after many days."""
    text = _flat(block.body)
    if re.search(r"recurr|rrule|schedule_type|duration", text, re.IGNORECASE) and "one_time" not in text:
        return False
    found = days(text)
    return len(found) < 2 or (max(found) - min(found)).days > _LONGEST_DOWNTIME


_LONGEST_DOWNTIME = 7
_ONE_MONITOR = re.compile(r"monitor_id|policies|condition_id|scopes|target_resource", re.IGNORECASE)


def notifies(block: Block) -> bool | None:
    """Whether an alarm tells anybody; None where that cannot be seen."""
    if block.get("dynamic"):
        return None
    if ALARMS.says(block, "heard").value is False:
        return False
    if ALARMS.tells(block, "message"):
        message = ALARMS.value(block, "message")
        return "@" in message or "{{" in message or None if isinstance(message, str) else None
    if not ALARMS.tells(block, "tells"):
        return None
    return ALARMS.value(block, "tells") not in (None, [])


def _runs(block: Block) -> bool:
    return not ALARMS.tells(block, "runs") or bool(ALARMS.says(block, "runs").value)


def _flat(value: Any, depth: int = 6) -> str:
    """All texts and numbers in *value*, down to a few levels, in their order."""
    if isinstance(value, dict) and depth:
        return " ".join(f"{key} {_flat(inner, depth - 1)}" for key, inner in value.items())
    if isinstance(value, list) and depth:
        return " ".join(_flat(inner, depth - 1) for inner in value)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _expression(block: Block) -> str:
    """What an alarm asks, in one line: all of it where nothing tells which part of it that is."""
    if ALARMS.tells(block, "metric"):
        return _compared(block)
    if ALARMS.tells(block, "conditions"):
        return _conditions(block)
    asked = [ALARMS.value(block, what) for what in ("joined", "sort", "query", "limit") if ALARMS.tells(block, what)]
    return " ".join(_flat(value) for value in asked if value is not None) if asked else _flat(block.body)


def _promql(block: Block) -> str:
    """The only condition of an alarm, where that is PromQL; empty else."""
    if not ALARMS.tells(block, "conditions"):
        return ""
    conditions = ALARMS.parts(block, "conditions")
    found = [inner for c in conditions for inner in _dicts(c.get("condition_prometheus_query_language"))]
    query = found[0].get("query") if len(conditions) == len(found) == 1 else None
    return query if isinstance(query, str) else ""


def _compared(block: Block) -> str:
    metric = [_flat(ALARMS.value(block, what)) for what in ("namespace", "metric", "statistic")]
    threshold = ALARMS.value(block, "threshold")
    sign = "<" if "Less" in str(ALARMS.value(block, "compared")) else ">"
    compared = f"{sign} {threshold}" if threshold is not None else ""
    return " ".join(part for part in [*metric, _flat(ALARMS.parts(block, "queries")), compared] if part)


def _conditions(block: Block) -> str:
    parts = []
    for condition in ALARMS.parts(block, "conditions"):
        for kind in (
            "condition_threshold",
            "condition_absent",
            "condition_monitoring_query_language",
            "condition_prometheus_query_language",
            "condition_matched_log",
        ):
            for inner in _dicts(condition.get(kind)):
                over = f"> {inner['threshold_value']}" if "threshold_value" in inner else ""
                parts.append(
                    f"{'absent(' if kind == 'condition_absent' else ''}"
                    f"{_flat(inner.get('filter') or inner.get('query'))} {over}"
                )
    return " ; ".join(parts)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]
