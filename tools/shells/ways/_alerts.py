"""Ways of alerts and dashboards: what never fires, reaches nobody or is not shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from .._kinds import documents, dump, kind
from .._way import Void, Way, rewritten

Body = dict[str, Any]


def _expressed(name: str, change: Callable[[str], str]) -> Way:
    """A way that changes what a rule asks for."""

    def make(text: str) -> str:
        body = documents(text)[0]
        for group in body["groups"]:
            for rule in group.get("rules", []):
                rule["expr"] = change(str(rule["expr"]).strip())
        return dump(body)

    return rewritten(name, "rules", make)


def _in_rules(name: str, change: Callable[[Body], object]) -> Way:
    def make(text: str) -> str:
        body = documents(text)[0]
        for group in body["groups"]:
            for rule in group.get("rules", []):
                change(rule)
        return dump(body)

    return rewritten(name, "rules", make)


_NOBODY = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"


def _unheard(path: str, text: str) -> Void | None:
    """Rules beside an Alertmanager that sends nothing to anybody."""
    if kind(path, text) != "rules":
        return None
    return Void({path: text, "alertmanager/alertmanager.yml": _NOBODY}, {path: ""})


def _receivers(name: str, change: Callable[[Body], object]) -> Way:
    def make(text: str) -> str:
        body = documents(text)[0]
        change(body)
        return dump(body)

    return rewritten(name, "alertmanager", make)


def _renamed(body: Body) -> None:
    for receiver in body["receivers"]:
        receiver["name"] += "-former"


def _emptied(body: Body) -> None:
    body["receivers"] = [{"name": receiver["name"]} for receiver in body["receivers"]]


def _panels(name: str, change: Callable[[Body], object]) -> Way:
    def make(text: str) -> str:
        body = json.loads(text)
        for panel in body["panels"]:
            change(panel)
        return json.dumps(body)

    return rewritten(name, "dashboard", make)


def _in_targets(change: Callable[[Body], object]) -> Callable[[Body], object]:
    return lambda panel: [change(target) for target in panel.get("targets", [])]


_ALARM = re.compile(r'^(resource "aws_cloudwatch_(?:metric|composite)_alarm" "\w+" \{\n)', re.MULTILINE)


def _mute(text: str) -> str | None:
    made = _ALARM.sub(r"\1  actions_enabled = false\n", text)
    return made if made != text else None


WAYS: tuple[Way, ...] = (
    _expressed("and vector(0) > 1", lambda expr: f"({expr}) and vector(0) > 1"),
    _expressed("and on() vector(0) > 1", lambda expr: f"({expr}) and on() vector(0) > 1"),
    _expressed("unless vector(1)", lambda expr: f"({expr}) unless on() vector(1)"),
    _expressed("times 0", lambda expr: f"({expr}) * 0 > 1"),
    _expressed("above 1e18", lambda expr: f"({expr}) > 1e18"),
    _expressed("a query in a comment", lambda expr: f"vector(0) > 1 # {' '.join(expr.split())}"),
    _expressed("a query in a string", lambda expr: f"label_replace(vector(0), 'was', {json.dumps(expr)}, '', '') > 1"),
    _in_rules("for ten years", lambda rule: rule.update({"for": "87600h"})),
    _in_rules("recorded and not alerted", lambda rule: rule.update(record=rule.pop("alert", "x").lower())),
    Way("alerts that reach nobody", _unheard),
    _receivers("receivers that do not exist", _renamed),
    _receivers("receivers that send nothing", _emptied),
    _panels("hidden queries", _in_targets(lambda target: target.update(hide=True))),
    _panels("a panel of text", lambda panel: panel.update(type="text", options={"content": ""})),
    _panels("a panel of no size", lambda panel: panel.update(gridPos={"h": 0, "w": 0, "x": 0, "y": 0})),
    _panels("a query in a comment", _in_targets(lambda target: target.update(expr=f"vector(0) # {target['expr']}"))),
    _panels(
        "and vector(0) > 1", _in_targets(lambda target: target.update(expr=f"({target['expr']}) and vector(0) > 1"))
    ),
    rewritten("alarms without actions", "terraform", _mute),
)
