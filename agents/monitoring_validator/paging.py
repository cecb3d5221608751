"""Follows alerts to people: rotations, escalation, routes by urgency, runbooks, and little noise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Any

from orchestrator import (
    BOTH,
    FAIL,
    HORIZON,
    AlertRule,
    Alerts,
    Block,
    Document,
    Documents,
    Draft,
    Example,
    Infrastructure,
    Source,
    Typed,
    as_number,
    check,
    days,
    each,
    examined,
    failed,
    many,
    measured,
    passed,
    unsure,
)

from . import _alarms
from .alerting import rule_file

_LAYER = """\
resource "pagerduty_schedule" "ops" {
  name = "ops"
  layer {
    name                         = "week"
    rotation_turn_length_seconds = 604800
    users                        = [%s]
  }
}
"""
_TWO = "pagerduty_user.ann.id, pagerduty_user.bob.id"


@check(
    "OBS-4.3.4",
    shows=BOTH,
    clean=[Example("two people in turn, around the clock", {"oncall.tf": _LAYER % _TWO})],
    flagged=[Example("one person for ever", {"oncall.tf": _LAYER % "pagerduty_user.ann.id"})],
    silent=[
        Example(
            "office hours only, in this layer",
            {
                "oncall.tf": _LAYER.replace(
                    "    users ", '    restriction {\n      type = "daily_restriction"\n    }\n    users '
                )
                % _TWO
            },
        )
    ],
)
def rotation(infrastructure: Infrastructure) -> Iterator[Draft]:
    """A rotation declared as code has two or more people and no gap."""
    schedules = _ON_CALL.among(infrastructure, "rotation")
    for block in schedules:
        layers = block.nested("layer") if block.type == "pagerduty_schedule" else [block.body]
        people = [_people(layer) for layer in layers if isinstance(layer, dict)]
        gaps = all(_restricted(layer) or _ends(layer) or _pauses(layer) for layer in layers if isinstance(layer, dict))
        known = [number for number in people if number is not None]
        count = measured("people in the rotation", max(known, default=None), at_least=2)
        if off := _switched_off(block, infrastructure):
            yield failed(f"{block.address} is of {off.address}, which is switched off", off.at("enabled"))
        elif (
            len(schedules) == 1
            and layers
            and all(_sometimes(layer) for layer in layers if isinstance(layer, dict))
            and not any(other.block == "data" for other in infrastructure.of("pagerduty_schedule"))
        ):
            yield failed(f"Nobody is on call at some hours of {block.address}, the only rotation", block.at())
        elif known and len(known) == len(people) and max(known) < 2:
            yield failed(f"{block.address} has one person, who is on call for ever", block.at("layer"), measure=count)
        elif known and max(known) >= 2 and not gaps:
            yield passed(f"{block.address} rotates {max(known)} people around the clock", block.at(), measure=count)
        else:
            yield unsure(f"Who is on call by {block.address}, and whether there are gaps, cannot be told", block.at())


_ON_CALL = Typed("resources/on-call")


def _people(layer: dict[str, Any]) -> int | None:
    """How many people or teams take turns; None where an expression says it."""
    for key in ("users", "participant", "rolling_users", "contact_ids", "ContactIds"):
        value = layer.get(key)
        if isinstance(value, list):
            return len({str(person) for person in value})
        if value is not None:
            return None
    return None


def _restricted(layer: dict[str, Any]) -> bool:
    return any(layer.get(key) for key in ("restriction", "time_restriction", "by_day")) or bool(_coverages(layer))


def _coverages(layer: dict[str, Any]) -> list[dict[str, Any]]:
    """The hours to which Incident Manager limits a rotation."""
    for key, inner in (("recurrence", "shift_coverages"), ("Recurrence", "ShiftCoverages")):
        value = layer.get(key)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and one.get(inner):
                found = one[inner]
                return [c for c in (found if isinstance(found, list) else [found]) if isinstance(c, dict)]
    return []


def _switched_off(block: Block, infrastructure: Infrastructure) -> Block | None:
    """The schedule that a rotation is of, if that is switched off."""
    of = str(block.get("schedule_id") or "")
    off = [b for b in infrastructure.of("opsgenie_schedule") if b.flag("enabled") is False]
    return next((b for b in off if f"opsgenie_schedule.{b.label}." in of), None)


_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800}


def _pauses(layer: dict[str, Any]) -> bool:
    """Whether a shift of Grafana OnCall may be shorter than the time until the next begins."""
    return "duration" in layer and _covered(layer) is not True


def _covered(layer: dict[str, Any]) -> bool | None:
    """Whether a shift lasts until the next begins; None where that cannot be told."""
    length = _product(layer.get("duration"))
    every = _PERIODS.get(str(layer.get("frequency")))
    times = as_number(layer.get("interval")) or 1
    return None if length is None or every is None else length >= every * times


def _product(value: Any) -> float | None:
    """A number, or a product of numbers that nobody has worked out."""
    if isinstance(value, str) and _FACTORS.fullmatch(value.strip(" ${}")):
        result = 1.0
        for factor in value.strip(" ${}").split("*"):
            result *= float(factor)
        return result
    return as_number(value)


_FACTORS = re.compile(r"\d{1,9}(\s*\*\s*\d{1,9}){0,5}")


def _sometimes(layer: dict[str, Any]) -> bool:
    """Whether a layer surely leaves hours of a week without anybody."""
    if "duration" in layer:
        return _covered(layer) is False and not layer.get("by_day")
    if days_ := _coverages(layer):
        return len({str(day.get("map_block_key") or day.get("Key") or number) for number, day in enumerate(days_)}) < 7
    limits = layer.get("restriction")
    limits = [limits] if isinstance(limits, dict) else limits
    if not isinstance(limits, list) or not limits or not all(isinstance(limit, dict) for limit in limits):
        return False
    lengths = [
        (as_number(limit.get("duration_seconds")), 86_400 if "daily" in str(limit.get("type")) else 604_800)
        for limit in limits
    ]
    return all(seconds is not None for seconds, _ in lengths) and (
        sum((seconds or 0) / whole for seconds, whole in lengths) < 1
    )


_LONGEST_TURN = 92 * 86_400


def _ends(layer: dict[str, Any]) -> bool:
    """Whether a layer is over some day or begins in years, or nobody is relieved for a quarter of a year."""
    turn = as_number(layer.get("rotation_turn_length_seconds"))
    begins = str(layer.get("start") or layer.get("start_date") or "")
    late = any(day > HORIZON for day in days(begins))
    return late or bool(layer.get("end")) or (turn is not None and turn > _LONGEST_TURN)


_POLICY = 'resource "pagerduty_escalation_policy" "ops" {\n  name = "ops"\n%s}\n'
_RULE = '  rule {\n    escalation_delay_in_minutes = 10\n    target {\n      id = "%s"\n    }\n  }\n'


@check(
    "OBS-4.3.5",
    shows=BOTH,
    clean=[Example("ten minutes, then the next", {"oncall.tf": _POLICY % (_RULE % "first" + _RULE % "second")})],
    flagged=[
        Example("nobody comes next", {"oncall.tf": _POLICY % (_RULE % "first")}),
        Example(
            "the next comes after a month",
            {"oncall.tf": (_POLICY % (_RULE % "first" + _RULE % "second")).replace("= 10", "= 43200")},
        ),
    ],
    silent=[
        Example(
            "nobody can tell after how long the next comes",
            {"oncall.tf": (_POLICY % (_RULE % "first" + _RULE % "second")).replace("= 10", "= var.patience")},
        ),
        Example(
            "the next comes after two hours",
            {"oncall.tf": (_POLICY % (_RULE % "first" + _RULE % "second")).replace("= 10", "= 120")},
        ),
    ],
)
def escalation(infrastructure: Infrastructure) -> Iterator[Draft]:
    """An escalation policy declared as code has a second level, and a delay after which it is reached."""
    for block in infrastructure.of("pagerduty_escalation_policy", "opsgenie_escalation"):
        key = "rule" if block.type == "pagerduty_escalation_policy" else "rules"
        levels = len(block.nested(key))
        count = measured("levels of escalation", levels, at_least=2)
        same = levels >= 2 and len({str(rule.get("target", rule.get("recipient"))) for rule in block.nested(key)}) == 1
        slow = max((delay for rule in block.nested(key) if (delay := _delay(rule)) is not None), default=0)
        if levels >= 2 and slow > _DAY:
            yield failed(f"{block.address} calls the next after {slow / _DAY:,.0f} days", block.at(key))
        elif levels >= 2 and slow > _HOUR:
            yield unsure(
                f"{block.address} escalates after {slow:,.0f} minutes, which is more than {_HOUR}", block.at(key)
            )
        elif levels >= 2 and any(_delay(rule) is None for rule in block.nested(key)[:-1]):
            yield unsure(f"After how many minutes {block.address} calls the next cannot be told", block.at(key))
        elif same:
            yield unsure(f"{block.address} calls the same again on each of its {levels} levels", block.at(key))
        elif levels >= 2:
            yield passed(f"{block.address} escalates over {levels} levels", block.at(key), measure=count)
        elif levels == 1 and not block.get("dynamic"):
            yield failed(f"{block.address} has one level: after it nobody is called", block.at(key), measure=count)


_HOUR, _DAY = 60, 1440


def _delay(rule: dict[str, Any]) -> float | None:
    """After how many minutes the next is called."""
    return as_number(next((rule[key] for key in ("escalation_delay_in_minutes", "delay") if key in rule), None))


_ALERTMANAGER = """\
route:
  receiver: chat
%s
receivers:
  - name: chat
    slack_configs: [{channel: "#ops"}]
  - name: pager
    pagerduty_configs: [{routing_key_file: /etc/key}]
"""
_BRANCH = '  routes:\n    - matchers: [severity="critical"]\n      receiver: pager'
_ALARM = (
    'resource "aws_cloudwatch_metric_alarm" "errors" {\n  alarm_name = "errors"\n  metric_name = "Errors"\n'
    "  threshold = 1\n%s}\n"
)
_WARNING = (
    "        labels: {severity: warning}\n      - alert: B\n        expr: up == 0\n        "
    "labels: {severity: critical}\n"
)


@check(
    "OBS-4.3.6",
    shows=BOTH,
    clean=[Example("critical to the pager, the rest to chat", {"alertmanager.yml": _ALERTMANAGER % _BRANCH})],
    flagged=[
        Example(
            "receivers that send to nobody",
            {"alertmanager.yml": 'route:\n  receiver: "null"\nreceivers:\n  - name: "null"\nx_configs: []\n'},
        ),
        Example(
            "two severities, one channel",
            {
                "alertmanager.yml": "route:\n  receiver: chat\nreceivers:\n  - name: chat\n    slack_configs: "
                "[{channel: x}]\n",
                **rule_file("A", "up < 1", _WARNING),
            },
        ),
        Example("an alarm without actions", {"infra/alarms.tf": _ALARM % ""}),
    ],
    silent=[
        Example(
            "one that is urgent is sent to the mail before",
            {
                "alertmanager.yml": "route:\n  receiver: chat\n  routes:\n"
                "    - matchers: ['alertname=\"Down\"']\n      receiver: mail\n"
                '    - matchers: [severity="critical"]\n      receiver: pager\n'
                '    - matchers: [severity="warning"]\n      receiver: chat2\n'
                "receivers:\n  - name: chat\n    slack_configs: [{channel: x}]\n"
                "  - name: chat2\n    slack_configs: [{channel: y}]\n"
                "  - name: mail\n    email_configs: [{to: ops@shop.example}]\n"
                "  - name: pager\n    pagerduty_configs: [{routing_key_file: /etc/key}]\n",
                **rule_file("Down", "up < 1", _WARNING.replace("warning", "critical")),
            },
        ),
        Example("a single topic", {"infra/alarms.tf": _ALARM % "  alarm_actions = [aws_sns_topic.ops.arn]\n"}),
    ],
)
def routes_by_urgency(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Severities go to different channels, every alarm tells somebody, and no routing ends nowhere."""
    alarms = [b for b in _alarms.alarms(infrastructure) if not _alarms.joins(b)]
    composed = _composed(infrastructure)
    mute = [block for block in alarms if _alarms.notifies(block) is False]
    mute = [b for b in mute if not {b.label, str(_alarms.ALARMS.value(b, "name"))} & composed]
    severities = {rule.severity for rule in alerts.rules if rule.severity and rule.severity not in ("none", "info")}
    if mute:
        yield failed(
            each(mute, name=lambda b: b.address, at=lambda b: b.at()).say(
                "{share:alarm} {tells} nobody: {}", of=len(alarms)
            ),
            examined(len(alarms), "alarms"),
        )
    elif unheard := [b for b in alarms if _alarms.deaf(b, infrastructure)]:
        yield failed(
            each(unheard, name=lambda b: b.address, at=lambda b: b.at()).say(
                "{share:alarm} {tells} topics that nobody has subscribed to: {}", of=len(alarms)
            ),
            examined(len(alarms), "alarms"),
        )
    elif alerts.silent and not alerts.routes:
        silent = each(alerts.silent, name=lambda place: f"'{place.text}'")
        yield failed(silent.say("{share:receiver} {sends} to nobody: {}", of=len(alerts.silent)))
    elif alerts.by_urgency and (strays := [a for a in alerts.aside if _STRAY.search(a.reason)]):
        place = Source(path=strays[0].path, line=strays[0].line)
        yield unsure(f"Alerts are routed by urgency, and {strays[0].what} {strays[0].reason}", place)
    elif alerts.by_urgency and alerts.routes:
        yield passed(
            f"Alerts are routed by urgency to '{alerts.by_urgency[0].text}'", *alerts.by_urgency, alerts.routes[0]
        )
    elif (
        len(alerts.routes) == 1
        and len(severities) >= 2
        and not alerts.routes[0].text.startswith(("pagerduty_", "opsgenie_"))
    ):
        yield failed(
            f"Alerts of severity {each(sorted(severities))} all go to '{alerts.routes[0].text}'",
            alerts.routes[0],
        )


_STRAY = re.compile(r"alert '.*', which has what it asks for, is sent elsewhere")


def _composed(infrastructure: Infrastructure) -> frozenset[str]:
    """Every word in the rules of composite alarms: labels and names of the alarms that they join."""
    composites = [b for b in _alarms.ALARMS.among(infrastructure) if _alarms.joins(b)]
    return frozenset(word for composite in composites for word in re.findall(r"[\w-]+", str(composite.body)))


_NOTED = "        annotations: {runbook_url: https://wiki.example.org/shop-down}\n"
_PAGE_TEXT = "# Shop down\n\nLook at the last release first, and go back to the one before it.\n"
_NOTED_HERE = "        annotations: {runbook: docs/runbooks/shop-down.md}\n"


@check(
    "OBS-4.3.7",
    shows=BOTH,
    clean=[
        Example(
            "each rule links its runbook",
            {
                **rule_file("ShopDown", "up == 0", _NOTED),
                "handbook/alarms.md": "# Alarms\n\n## ShopDown\n\n" + _PAGE_TEXT[13:],
            },
        ),
        Example(
            "a page of the repository",
            {**rule_file("ShopDown", "up == 0", _NOTED_HERE), "docs/runbooks/shop-down.md": _PAGE_TEXT},
        ),
    ],
    flagged=[
        Example("a rule without", rule_file("ShopDown", "up == 0", "        annotations: {summary: down}\n")),
        Example(
            "a page that is still to be written",
            {**rule_file("ShopDown", "up == 0", _NOTED_HERE), "docs/runbooks/shop-down.md": "# Shop down\n\nTODO\n"},
        ),
        Example("a page that is not there", rule_file("ShopDown", "up == 0", _NOTED_HERE)),
        Example(
            "an address of a page that is not there",
            rule_file(
                "ShopDown",
                "up == 0",
                "        annotations: {runbook_url: https://git.example.org/shop/blob/main/docs/shop-down.md}\n",
            ),
        ),
    ],
    silent=[
        Example(
            "what it says is put together from a table",
            {
                "watch.tf": 'locals { book = "https://wiki.example.org/bells" }\n'
                'resource "datadog_monitor" "this" {\n  for_each = local.rules\n  name = each.value.name\n'
                '  type = "metric alert"\n  query = each.value.query\n'
                '  message = "@pagerduty ${local.book}#${each.key}"\n}\n'
            },
        ),
        Example(
            "a rule that nobody can read",
            rule_file("ShopDown", "up == 0", _NOTED + "      - alert: Other\n        expr: up = 0\n" + _NOTED),
        ),
        Example("a page outside of the tree", rule_file("ShopDown", "up == 0", _NOTED)),
        Example(
            "a section that is not there",
            {
                **rule_file("ShopDown", "up == 0", "        annotations: {runbook: docs/alarms.md#shop-down}\n"),
                "docs/alarms.md": "# Alarms\n\n## Disk\n\n" + _PAGE_TEXT[13:],
            },
        ),
    ],
)
def runbooks(alerts: Alerts, infrastructure: Infrastructure, documents: Documents) -> Iterator[Draft]:
    """Each alert rule links a runbook; one that is a page of the repository is there, says something and holds."""
    rules = [rule for rule in _alarms.rules(alerts, infrastructure) if not _HEARTBEAT.search(rule.title)]
    pages = {"/" + page.path.lower() for page in documents.every() if page.words >= _LEAST_WORDS}
    open_ = [rule for rule in rules if not rule.runbook and _PUT_TOGETHER.search(f"{rule.title} {rule.notes}")]
    bare = [rule for rule in rules if rule not in open_ and (not rule.runbook or _astray(rule.runbook, pages))]
    thin = [
        rule
        for rule in rules
        if (page := _page_of(rule, documents)) and page.words < (_TOLD if page.headings else _SHORT)
    ]
    lost = [rule for rule in rules if (page := _page_of(rule, documents)) and page.headings and not _has(page, rule)]
    outside = [rule for rule in rules if _ADDRESS.match(rule.runbook) and not _page_of(rule, documents)]
    away = [rule for rule in outside if not any(_is_of(page, rule) for page in documents.every())]
    measure = measured("alert rules without a runbook", len(bare), at_most=0)
    if bare:
        yield failed(
            each(bare, name=lambda rule: rule.title, at=lambda rule: rule.source).say(
                "{share:alert rule} {has} no runbook: {}", of=len(rules)
            ),
            examined(len(rules), "alert rules"),
            measure=measure,
        )
    elif thin:
        yield failed(
            each(thin, name=lambda rule: rule.title, at=lambda rule: rule.source).say(
                "{share:alert rule} {links} a page that does not tell what to do: {}", of=len(rules)
            ),
            examined(len(rules), "alert rules"),
            confidence="medium",
        )
    elif lost:
        yield unsure(f"The page that alert '{lost[0].title}' links has no section of it", lost[0].source)
    elif away and len(away) == len(rules):
        yield unsure(
            f"What the runbook of alert '{away[0].title}' says stands outside of the tree: {away[0].runbook}",
            away[0].source,
        )
    elif open_:
        yield unsure(f"What alert '{open_[0].title}' says is put together, and so may be its runbook", open_[0].source)
    elif rules and alerts.untold:
        yield unsure(
            f"Each alert rule that can be read links a runbook; of {many(alerts.untold, 'other')} it cannot be told "
            "whether they fire",
            rules[0].source,
        )
    elif rules:
        yield passed(
            each(rules, at=lambda rule: rule.source).say("{all:alert rule} {links} a runbook"),
            examined(len(rules), "alert rules"),
            measure=measure,
        )


def _astray(runbook: str, pages: Set[str]) -> bool:
    """Whether *runbook* is no address at all, or names a page of the repository that is none of *pages*."""
    if _NOWHERE.fullmatch(runbook.strip()):
        return True
    path = _in_the_tree(runbook)
    return _PAGE.fullmatch(path) is not None and not any(page.endswith(f"/{path}") for page in pages)


def _in_the_tree(runbook: str) -> str:
    """The page of the repository that *runbook* is, if it is one: by its path, or by the address of a file in git."""
    path = runbook.partition("#")[0].strip()
    found = _OF_A_FORGE.match(path)
    return (found[1] if found else path).removeprefix("./").lstrip("/").lower()


def _page_of(rule: AlertRule, documents: Documents) -> Document | None:
    path = _in_the_tree(rule.runbook)
    pages = (page for page in documents.every() if f"/{page.path.lower()}".endswith(f"/{path}"))
    return next(pages, None) if path and _PAGE.fullmatch(path) else None


def _has(page: Document, rule: AlertRule) -> bool:
    """Whether *page* has the section that *rule* links, if it links one, or one that is called as the alert is."""
    anchor = rule.runbook.partition("#")[2]
    return not anchor or _is_of(page, rule)


def _is_of(page: Document, rule: AlertRule) -> bool:
    """Whether *page*, or a section of it, is called as *rule* is or as what it links."""
    address, _, anchor = rule.runbook.partition("#")
    names = {_slug(name) for name in (rule.title, anchor, address.rstrip("/").rpartition("/")[2])} - {""}
    stem = page.path.rpartition("/")[2].rpartition(".")[0]
    headings = [_slug(heading.text) for heading in page.headings]
    return any(name in said for name in names for said in headings) or _slug(stem) in names


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


_SHORT, _TOLD = 15, 6
"""Words of a page without headings, and of one with them, that tell nobody what to do."""
_OF_A_FORGE = re.compile(
    r"https?://[^/]+/(?:[\w.~-]+/){1,6}?(?:-/)?(?:blob|src/branch|tree|raw)/[\w.~-]+/(.+)", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_PUT_TOGETHER = re.compile(r"\$\{|\beach\.(?:key|value)\b|\b(?:var|local)\.\w|\bformat\(")
_NOWHERE = re.compile(r"todo|tbd|tba|none|n/?a|fixme|xxx+|-+|\?+|soon|missing|unknown|placeholder", re.IGNORECASE)
_LEAST_WORDS = 5
_PAGE = re.compile(r"/?[\w.-]+(/[\w.-]+)*\.(md|mdx|rst|adoc|txt)", re.IGNORECASE)
_HEARTBEAT = re.compile(r"watchdog|dead.?man|heartbeat", re.IGNORECASE)
_SLOW = re.compile(r"time\(\)|_ttl_|expir|certificate|not_after", re.IGNORECASE)
"""Figures that move in one direction and make no noise."""
_WINDOW = re.compile(r"\[\s*[\w$]+\s*(:[\w$]*)?\]|absent_over_time|predict_linear")


@check(
    "OBS-4.3.8",
    shows=FAIL,
    clean=[Example("five minutes", rule_file("Busy", "node_load1 > 8"))],
    flagged=[
        Example(
            "one sample is enough",
            {"rules.yml": "groups:\n  - name: a\n    rules:\n      - alert: Busy\n        expr: node_load1 > 8\n"},
        )
    ],
    silent=[
        Example(
            "a window smooths as well",
            {
                "rules.yml": "groups:\n  - name: a\n    rules:\n      - alert: Busy\n        expr: "
                "increase(oom_total[1h]) > 0\n"
            },
        )
    ],
)
def brief_noise(alerts: Alerts) -> Iterator[Draft]:
    """Hardly a rule fires on a single sample: it waits with ``for`` or looks at a window."""
    rules = [rule for rule in alerts.rules if not _HEARTBEAT.search(rule.title)]
    hasty = [rule for rule in rules if on_one_sample(rule)]
    if len(hasty) * 10 > len(rules):
        yield failed(
            each(hasty, name=lambda rule: rule.title, at=lambda rule: rule.source).say(
                "{share:alert rule} {fires} on a single sample: {}", of=len(rules)
            ),
            examined(len(rules), "alert rules"),
            confidence="medium",
            measure=measured(
                "alert rules that fire on a single sample", round(len(hasty) * 100 / len(rules), 1), "%", at_most=10
            ),
        )


def on_one_sample(rule: AlertRule) -> bool:
    """Whether *rule* fires on a single sample."""
    if rule.severity == "none" or _SLOW.search(rule.plain):
        return False
    waits = rule.holds_for and rule.holds_for.strip("0smhd ")
    windowed = rule.asked.windowed if rule.asked else _WINDOW.search(rule.expression)
    return not waits and not windowed
