"""Judges alert rules by what they notice: outages, errors, latency, exhaustion."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    AlertRule,
    Alerts,
    Block,
    Code,
    DataStores,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Manifests,
    Service,
    Source,
    Typed,
    check,
    each,
    examined,
    failed,
    many,
    measured,
    passed,
    unsure,
    words,
)
from orchestrator import Services as Estate

from . import _alarms
from ._expressions import (
    about_database_down,
    about_down,
    about_errors,
    about_latency,
    against_baseline,
    at_high_quantile,
    below,
    combines,
    is_share,
    means_down,
    other_codes,
    scope,
    threshold,
    times_baseline,
    times_stated,
    unrecorded,
)
from ._watched import unwatched
from .metrics import REQUEST_COUNT


def rule_file(title: str, expression: str, extra: str = "", waits: str = "5m") -> dict[str, str]:
    """A rule file with one rule, for examples."""
    rule = f"      - alert: {title}\n        expr: {expression}\n        for: {waits}\n{extra}"
    return {"prometheus/rules.yml": f"groups:\n  - name: shop\n    rules:\n{rule}"}


_DRIVERS = words("packages/database-drivers")


def _has_database(manifests: Manifests, stores: DataStores) -> bool:
    return bool(manifests.uses(_DRIVERS, development=False) or stores.databases)


_DATABASES = Typed("resources/sql-databases")


def _with_database(estate: Estate, manifests: Manifests, infrastructure: Infrastructure) -> set[str]:
    """The folders of the services that have a database, by what they depend on or what lies with them."""
    paths = [manifest.path for manifest, _ in manifests.uses(_DRIVERS, development=False)]
    paths += [block.path for block in _DATABASES.among(infrastructure)]
    return {service.folder for path in paths if (service := estate.of_file(path))}


def _server(name: str) -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  template:\n    spec:\n     "
        f" containers:\n"
        f"      - {{name: web, image: registry.example/{name}:2, ports: [{{containerPort: 80}}]}}\n---\n"
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: "
        f"{{selector: {{app: {name}}}, ports: [{{port: 80}}]}}\n"
    )


def _application(folder: str) -> dict[str, str]:
    """One application in *folder*."""
    name = folder.strip("/") or "shop"
    return {
        f"{folder}package.json": f'{{"name": "{name}", "private": true, "dependencies": {{"express": "5"}}}}\n',
        f"{folder}server.js": "const app = express()\napp.get('/', (q, s) => s.send(''))\napp.listen(3000)\n",
    }


_CNPG = (
    "      - alert: ShopDatabase\n        expr: cnpg_collector_up == 0 or absent(cnpg_collector_up)\n        for: 1m\n"
)
_DATABASE = "      - alert: DatabaseDown\n        expr: pg_up == 0\n        for: 1m\n"


@check(
    "OBS-4.3.1",
    shows=BOTH,
    clean=[
        Example("a service without a database", rule_file("ShopDown", 'up{job="shop"} == 0')),
        Example(
            "no healthy target behind the load balancer",
            {
                "infra/alarms.tf": 'resource "aws_cloudwatch_metric_alarm" "down" {\n  metric_name = '
                '"UnHealthyHostCount"\n  threshold = 0\n}\n'
            },
        ),
    ],
    flagged=[
        Example("an alert that can never fire", rule_file("ShopDown", 'up{job="shop"} == 2')),
        Example("an alert that nobody can read", rule_file("ShopDown", "'up{job=\"shop\" == 0'")),
        Example("an alert that compares twice", rule_file("DatabaseDown", "pg_up == == 0")),
        Example("only the processor is watched", rule_file("HighCpu", "node_cpu_busy > 0.9")),
        Example(
            "nobody watches the database",
            {**rule_file("ShopDown", 'up{job="shop"} == 0'), "requirements.txt": "psycopg==3.2\n"},
        ),
        Example(
            "an alarm whose actions are switched off",
            {
                "infra/alarms.tf": 'resource "aws_cloudwatch_metric_alarm" "down" {\n  metric_name = '
                '"UnHealthyHostCount"\n  threshold = 0\n  actions_enabled = false\n}\n'
            },
        ),
        Example("an alert that was switched off", rule_file("ShopDown", 'up{job="shop"} == 0 and on() vector(0) > 1')),
    ],
    silent=[
        Example(
            "a page is asked that may answer for the database",
            {**rule_file("ShopDown", 'probe_success{job="shop-ready"} == 0'), "requirements.txt": "psycopg==3.2\n"},
        ),
        Example(
            "a balancer that asks such a page",
            {
                "infra/alarms.tf": 'resource "aws_lb_target_group" "web" {\n'
                '  health_check {\n    path = "/ready"\n  }\n}\n\n'
                'resource "aws_cloudwatch_metric_alarm" "down" {\n  metric_name = '
                '"UnHealthyHostCount"\n  threshold = 0\n}\n',
                "requirements.txt": "psycopg==3.2\n",
            },
        ),
        Example("only the monitoring is watched", rule_file("PrometheusDown", 'up{job="prometheus"} == 0')),
        Example("the monitoring is to be watched, and never is", rule_file("Down", 'up{job="prometheus"} == 2')),
        Example(
            "a second application with alerts of its own, none of which is about this",
            {
                **rule_file("ShopDown", 'up{job="shop"} == 0'),
                **_application(""),
                **_application("office/"),
                **{f"office/{path}": text for path, text in rule_file("Cpu", "node_cpu_busy > 0.9").items()},
            },
        ),
        Example("an alert that fires while all is well", rule_file("ShopDown", 'up{job="shop"} == 1')),
        Example("an alert that waits for a day", rule_file("ShopDown", 'up{job="shop"} == 0', waits="24h")),
        Example(
            "a second server that nobody watches",
            {
                **rule_file("ShopDown", 'absent(up{job="shop"} == 1)'),
                "k8s/shop.yaml": _server("shop"),
                "k8s/checkout.yaml": _server("checkout"),
            },
        ),
    ],
)
def outage_alert(
    alerts: Alerts,
    infrastructure: Infrastructure,
    manifests: Manifests,
    data: DataStores,
    kubernetes: Kubernetes,
    estate: Estate,
) -> Iterator[Draft]:
    """An alert fires when the service does not answer, and one when its database does not."""
    rules = _alarms.heard(alerts, infrastructure)
    stores = [rule for rule in rules if about_database_down(rule)]
    down = [rule for rule in rules if about_down(rule) and not about_database_down(rule)]
    silent = [rule for rule in _alarms.quiet(alerts, infrastructure) if not _of_monitoring(rule)]
    off = [rule for rule in silent if (about_down(rule) or _DOWN.search(rule.title)) and not _STORE.search(rule.title)]
    no_store = [
        rule for rule in silent if about_database_down(rule) or (_STORE.search(rule.title) and _DOWN.search(rule.title))
    ]
    if down and stores == [] and no_store:
        yield _off(no_store, "its database")
    elif not down and off:
        yield _off(off, "the service")
    elif down and (unseen := _unwatched(kubernetes, down)):
        yield unsure(
            each(unseen).say("Alert {title} fires on an outage; none is about {}", title=down[0].title), down[0].source
        )
    elif down and (others := unwatched(estate, down, _written(alerts, infrastructure))):
        yield _of_others(f"Alert {down[0].title} fires on an outage", others, down[0])
    elif down and stores:
        return
    elif down and not _has_database(manifests, data):
        yield passed(
            f"Alert {down[0].title} fires on an outage",
            *(rule.source for rule in down),
            examined(len(rules), "alert rules"),
        )
    elif (
        down
        and not _asks_more(down, infrastructure)
        and _silent_about([r for r in rules if r not in down], alerts, infrastructure, _STORES)
    ):
        yield failed(
            f"Alert {down[0].title} fires on an outage; none of {many(len(rules), 'alert rule')} is about the database",
            *(rule.source for rule in rules),
            examined(len(rules), "alert rules"),
            confidence="medium",
        )
    elif down:
        yield unsure(f"Alert {down[0].title} fires on an outage; none is about the database", down[0].source)
    elif broken := list(filter(means_down, alerts.broken)):
        yield _broken(broken, "an outage", len(rules))
    elif watched := _uptime_checks(infrastructure):
        told = [block for block in watched if _tells(block, infrastructure)]
        if told and (stores or not _has_database(manifests, data) or _asks_for_readiness(told)):
            yield passed(
                f"{told[0].address} asks from outside whether the service answers, and tells of it", told[0].at()
            )
        else:
            yield unsure(f"{watched[0].address} asks from outside whether the service answers", watched[0].at())
    elif rules and _silent_about(rules, alerts, infrastructure, _OUTAGE):
        yield failed(
            each(rules, at=lambda rule: rule.source).say("{none:alert rule} is about an outage of the service"),
            examined(len(rules), "alert rules"),
            confidence="medium",
        )
    elif rules:
        yield unsure(
            each(rules, at=lambda rule: rule.source).say("{none:alert rule} is about an outage of the service")
        )
    else:
        yield from _idle(alerts)


@check(
    "OBS-4.3.1",
    shows=PASS,
    clean=[
        Example(
            "service and database",
            {**rule_file("ShopDown", 'up{job="shop"} == 0', _DATABASE), "requirements.txt": "psycopg==3.2\n"},
        ),
        Example("by its name", rule_file("ShopDown", "absent(up{job='shop'} == 1)", _CNPG)),
    ],
    flagged=[Example("the service alone", rule_file("ShopDown", 'up{job="shop"} == 0'))],
    silent=[
        Example(
            "a second server that nobody watches",
            {
                **rule_file("ShopDown", 'absent(up{job="shop"} == 1)', _DATABASE),
                "k8s/shop.yaml": _server("shop"),
                "k8s/checkout.yaml": _server("checkout"),
            },
        ),
    ],
)
def outage_alerts(
    alerts: Alerts,
    infrastructure: Infrastructure,
    kubernetes: Kubernetes,
    estate: Estate,
    manifests: Manifests,
) -> Iterator[Draft]:
    """One alert fires when the service does not answer, and another when its database does not."""
    rules = _alarms.heard(alerts, infrastructure)
    stores = [rule for rule in rules if about_database_down(rule)]
    down = [rule for rule in rules if about_down(rule) and rule not in stores]
    every = _written(alerts, infrastructure)
    needing = _with_database(estate, manifests, infrastructure)
    others = unwatched(estate, down, every) or [s for s in unwatched(estate, stores, every) if s.folder in needing]
    if down and stores and not others and not _unwatched(kubernetes, down):
        yield passed(
            f"Alert {down[0].title} fires on an outage, {stores[0].title} on that of the database",
            *(rule.source for rule in [*down, *stores]),
            examined(len(rules), "alert rules"),
        )


_DOWN = re.compile(
    r"down|unavailab|outage|unreach|out of reach|not? (?:reachable|ready|answer|healthy)|no healthy|\bup\b|"
    r"uptime|alive|absent",
    re.IGNORECASE,
)
_STORE = re.compile(
    r"database|postgres|mysql|maria|mongo|\bdb\b|\brds\b|cloudsql|\bsql\b|[a-z](?:Database|Db|DB)\b|^(?:pg|db)",
    re.IGNORECASE,
)
_STORES = re.compile(
    r"database|postgres|pg_|mysql|maria|mongo|\bdb\b|db_|_db|rds|sql|dynamo|cosmos|firestore|spanner|aurora|connection|pool|store|depend|"
    r"ready|unreach|out of reach|query|replica|redis",
    re.IGNORECASE,
)
_PROBED = re.compile(r"probe_|_probe|ready|readi|blackbox|synthetic|uptime|http_check|availab", re.IGNORECASE)
"""What asks a page that may answer for what lies behind it, too."""


def _asks_more(down: list[AlertRule], infrastructure: Infrastructure) -> bool:
    """Whether an alert on an outage asks a page that may answer for the database, or a balancer asks such a page."""
    if any(_PROBED.search(f"{rule.title} {rule.expression}") for rule in down):
        return True
    groups = _GROUPS.among(infrastructure)
    return any("healthy" in rule.expression.lower() for rule in down) and _asks_for_readiness(groups)


_GROUPS = Typed("resources/target-groups")


_MONITORING = re.compile(r"prometheus|alertmanager|grafana|\bloki\b|exporter|watchdog", re.IGNORECASE)


def _of_monitoring(rule: AlertRule) -> bool:
    return bool(_MONITORING.search(f"{rule.title} {rule.expression} {rule.summary}"))


def _off(rules: list[AlertRule], of: str) -> Draft:
    """That the only alerts on an outage never come."""
    return failed(
        each(rules, name=lambda rule: rule.title, at=lambda rule: rule.source).say(
            "{} {is|are} to tell of an outage of {what}, and never {comes|come}", what=of
        )
    )


def _written(alerts: Alerts, infrastructure: Infrastructure) -> list[AlertRule]:
    """All alerts, those that never come among them."""
    return [*_alarms.rules(alerts, infrastructure), *_alarms.quiet(alerts, infrastructure), *alerts.broken]


def _of_others(what: str, others: list[Service], rule: AlertRule) -> Draft:
    """That an alert does what is asked for, and is about one service among several."""
    named = each(others, name=lambda service: service.address, at=lambda service: service.at)
    return unsure(named.say("{what}; none is seen to be about {}", what=what), rule.source)


def _unwatched(kubernetes: Kubernetes, down: list[AlertRule]) -> list[str]:
    """The servers of a cluster that no alert on an outage names, where alerts name others of them."""
    if any(rule.asked and not scope(rule) and not _NAMED_PODS.search(rule.expression) for rule in down):
        return []
    asked = {
        str(name).lower()
        for service in kubernetes.written("Service")
        for name in (service.resource, *(service.get("spec", "selector", default={}) or {}).values())
    }
    servers = [
        workload.resource
        for workload in kubernetes.written(*_SERVERS)
        if workload.resource.lower() in asked
        and any(container.get("ports") for _, container in workload.containers())
        and not any(_OTHERS.search(str(container.get("image") or "")) for _, container in workload.containers())
    ]
    text = " ".join(f"{rule.title} {rule.expression}" for rule in down).lower()
    named = [name for name in servers if name.lower() in text]
    return [name for name in dict.fromkeys(servers) if name not in named] if named else []


_SERVERS = ("Deployment", "StatefulSet", "Rollout")
_NAMED_PODS = re.compile(r"(?:pod|deployment|instance|name)\s*=~?\s*\"")
_OTHERS = re.compile(
    r"exporter|prometheus|grafana|loki|tempo|jaeger|otel|collector|postgres|pgbouncer|mysql|mariadb|redis|valkey|rabbitmq|kafka|nats|"
    r"mongo|elastic|opensearch|minio|fluent|vector|alertmanager|traefik|nginx|envoy|vault|keycloak|memcached|mailpit|mailhog|adminer",
    re.IGNORECASE,
)


def _uptime_checks(infrastructure: Infrastructure) -> list[Block]:
    """What asks from outside whether the service answers."""
    return [block for block in infrastructure.some if _alarms.WATCHING.kind(block).startswith("uptime")]


def _tells(block: Block, infrastructure: Infrastructure) -> bool:
    """Whether a check from outside tells somebody, by itself or by a policy that names it."""
    named = f"{block.type}.{block.label}."
    policies = [b for b in infrastructure.some if _POLICY.search(b.type) and named in str(b.body)]
    if any(policy.flag("enabled") is not False and _MECHANISM.search(str(policy.body)) for policy in policies):
        return block.flag("suspended") is not True
    if _alarms.WATCHING.kind(block) != "uptime-telling" or block.flag("suspended") or block.flag("paused"):
        return False
    return any(block.get(key) for key in _TOLD)


_POLICY = re.compile(r"notification_policy|notification_rule|alert_policy")
_MECHANISM = re.compile(r"pagerduty|email|webhook|opsgenie|slack", re.IGNORECASE)
_TOLD = (
    "notification_email_addresses", "contact_groups", "alert_contact", "alert_channel_subscription",
    "integration_ids", "userids",
    "policy_id", "on_call", "notification_policy", "call", "email", "teamids",
)  # fmt: skip


def _asks_for_readiness(blocks: list[Block]) -> bool:
    """Whether a page is asked for that answers for what lies behind it, too."""
    return any(re.search(r"ready|deep|full|health/db|database", str(block.body)) for block in blocks)


_OUTAGE = re.compile(
    r"\bup\b|up\{|down|absent|probe|alive|health|avail|ready|replica|reach|running|synthetic|uptime|burn|slo|heartbeat|missing|"
    r"no.?data|outage|respond|answer|restart|crash|target|connect",
    re.IGNORECASE,
)
_FAILING = re.compile(
    r"err|fail|5xx|5\.\.|\b5\d\d\b|burn|slo\b|success|status|code|outcome|result|exception|budget|avail|reject|drop|fault|bad",
    re.IGNORECASE,
)
_SLOWNESS = re.compile(
    r"latenc|duration|slow|second|respon|p9\d|quantile|percentile|time|burn|slo\b|apdex|delay|age|lag", re.IGNORECASE
)


def _silent_about(
    rules: list[AlertRule], alerts: Alerts, infrastructure: Infrastructure, words_: re.Pattern[str]
) -> bool:
    """Whether every rule is understood, and none has any word about something."""
    if alerts.untold or any(rule.asked is None for rule in rules if rule.system in ("prometheus", "grafana", "loki")):
        return False
    if any(b.block == "module" for b in infrastructure.some) or _alarms.quiet(alerts, infrastructure):
        return False
    return not any(words_.search(f"{rule.title} {rule.expression} {rule.summary} {rule.notes}") for rule in rules)


def _broken(rules: list[AlertRule], what: str, others: int) -> Draft:
    """That what was to tell of *what* never does."""
    return failed(
        f"Alert {rules[0].title} cannot fire by a mistake in what it asks: {rules[0].expression[:120]}; no other is "
        f"about {what}",
        rules[0].source,
        *(rule.source for rule in rules[1:]),
        examined(len(rules) + others, "alert rules"),
    )


def _idle(alerts: Alerts) -> Iterator[Draft]:
    """Why there is no alert, where there are some that are not counted."""
    for aside in alerts.idle[:1]:
        others = f"; {many(len(alerts.idle) - 1, 'other')} likewise" if len(alerts.idle) > 1 else ""
        yield unsure(
            f"{aside.what[:1].upper()}{aside.what[1:]} {aside.reason}{others}", Source(path=aside.path, line=aside.line)
        )


_SHARE = 0.01
_RATIO = 'sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > %s'


_OF = 'sum(rate(http_requests_total{job="%s",code=~"5.."}[5m])) / sum(rate(http_requests_total{job="%s"}[5m])) > %s'
_MORE = "      - alert: OtherErrorRate\n        expr: %s\n        for: 5m\n"


@check(
    "OBS-4.3.2",
    shows=BOTH,
    clean=[
        Example("one in a hundred", rule_file("HighErrorRate", _RATIO % "0.01")),
        Example("in per cent", rule_file("HighErrorRate", f"100 * {_RATIO % '1'}")),
        Example(
            "in Azure's logs",
            {
                "main.bicep": "resource errors 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {\n  name: "
                "'errors'\n"
                "  properties: { enabled: true, criteria: { allOf: [{ query: 'requests | summarize bad = 100.0 * "
                "countif(toint(resultCode) >= 500) / count(), n = count() | where n > 50 and bad > 1' }] } }\n}\n"
            },
        ),
        Example("burn rate of an objective", rule_file("ErrorBudgetBurn", _RATIO % "(6 * 0.001)")),
    ],
    flagged=[
        Example("one in twenty", rule_file("HighErrorRate", _RATIO % "0.05")),
        Example(
            "while hardly anything fails",
            rule_file("HighErrorRate", (_RATIO % "0.01").replace(" > ", " < ")),
        ),
        Example("answers to mistakes of others", rule_file("HighErrorRate", (_RATIO % "0.01").replace("5..", "404"))),
        Example("a share of more than all", rule_file("HighErrorRate", _RATIO % "1")),
        Example("an alert that nobody can read", rule_file("HighErrorRate", f"({_RATIO % '0.01'}")),
        Example("an alert that never fires", rule_file("HighErrorRate", f"{_RATIO % '0.01'} and on() vector(0) > 1")),
        Example(
            "the figure stands in a comment",
            rule_file("HighErrorRate", f"'vector(0) > 1 # {_RATIO % '0.01'}'"),
        ),
        Example(
            "a second service, one in ten",
            rule_file("ErrorRate", _OF % ("shop", "shop", "0.01"), _MORE % (_OF % ("cart", "cart", "0.1"))),
        ),
        Example(
            "a series that the program calls otherwise",
            {
                **rule_file("HighErrorRate", _RATIO % "0.01"),
                "obs.go": "package obs\n\nvar c = promauto.NewCounterVec(prometheus.CounterOpts{"
                'Name: "slots_http_requests_total"}, []string{"code"})\n',
            },
        ),
    ],
    silent=[
        Example(
            "the errors of one application of two",
            {
                **rule_file("ErrorRate", _OF % ("shop", "shop", "0.01")),
                **_application(""),
                **_application("office/"),
            },
        ),
        Example(
            "a count of errors is not a share",
            {
                "infra/alarms.tf": 'resource "aws_cloudwatch_metric_alarm" "errors" {\n'
                '  namespace = "AWS/ApplicationELB"\n  metric_name = "HTTPCode_Target_5XX_Count"\n  threshold = 10\n}\n'
            },
        ),
        Example(
            "a number per second says nothing about a share", rule_file("Errors", "rate(http_errors_total[5m]) > 5")
        ),
    ],
    reads=[REQUEST_COUNT],
)
def error_rate_alert(alerts: Alerts, infrastructure: Infrastructure, code: Code, estate: Estate) -> Iterator[Draft]:
    """An alert fires when the share of failed requests exceeds one per cent, or less."""
    every = _alarms.heard(alerts, infrastructure)
    rules = [rule for rule in every if about_errors(rule)]
    shares = [(rule, limit) for rule in rules if is_share(rule) and (limit := threshold(rule)) is not None]
    shares.sort(key=lambda share: share[1])
    low = [(rule, limit) for rule, limit in shares if limit <= _SHARE]
    soonest = measured(
        "error rate that alerts", round(shares[0][1] * 100, 4) if shares else None, "%", at_most=_SHARE * 100
    )
    looked = examined(len(rules), "alert rules on errors")
    seen = {(rule.system, scope(rule)) for rule, _ in low}
    late = [
        (rule, limit) for rule, limit in shares if limit > _SHARE and scope(rule) and low and not _covers(seen, rule)
    ]
    foreign = [(rule, name) for rule, _ in low if (name := _exported_otherwise(rule, code))]
    recorded = [rule for rule, _ in low if unrecorded(rule)]
    if late:
        rule, limit = late[0]
        yield failed(
            f"Alert {rule.title} fires only above {limit:.2%} of errors, and no other is of what it is of",
            rule.source,
            looked,
        )
    elif foreign and len(foreign) == len(low):
        rule, name = foreign[0]
        yield failed(
            f"Alert {rule.title} asks for a series that nothing exports: the program counts its requests as {name}",
            rule.source,
            looked,
        )
    elif recorded and len(recorded) == len(low):
        rule = recorded[0]
        yield unsure(f"Alert {rule.title} asks for {unrecorded(rule)}, which no rule here records", rule.source)
    elif low and (others := unwatched(estate, [rule for rule, _ in low], _written(alerts, infrastructure))):
        rule, limit = low[0]
        yield _of_others(f"Alert {rule.title} fires above {limit:.2%} of errors", others, rule)
    elif low:
        rule, limit = low[0]
        yield passed(
            f"Alert {rule.title} fires above {limit:.2%} of errors", *(r.source for r, _ in low), measure=soonest
        )
    elif shares:
        rule, limit = shares[0]
        yield failed(
            f"Alert {rule.title} fires only above {limit:.2%} of errors, and no other fires sooner",
            rule.source,
            looked,
            measure=soonest,
        )
    elif rules and all(below(rule) is not None for rule in rules):
        rule = rules[0]
        yield failed(
            f"Alert {rule.title} fires below {below(rule):.2%} of errors, and never above", rule.source, looked
        )
    elif rules:
        yield unsure(f"Alert {rules[0].title} is about errors; at which share it fires cannot be told", rules[0].source)
    elif astray := [(rule, codes) for rule in every if is_share(rule) and (codes := _client_errors(rule))]:
        rule, codes = astray[0]
        yield failed(
            f"Alert {rule.title} watches {codes}, which is no error of the server, and no other watches those",
            rule.source,
            examined(len(every), "alert rules"),
        )
    elif off := [r for r in _alarms.quiet(alerts, infrastructure) if about_errors(r) or _ERRORS.search(r.title)]:
        yield failed(
            each(off, name=lambda rule: rule.title, at=lambda rule: rule.source).say(
                "{} {is|are} to tell of errors, and never {comes|come}"
            ),
            examined(len(every) + len(off), "alert rules"),
        )
    elif broken := [rule for rule in alerts.broken if about_errors(rule)]:
        yield _broken(broken, "the share of errors", len(every))
    elif every and _silent_about(every, alerts, infrastructure, _FAILING):
        yield failed(
            each(every, at=lambda rule: rule.source).say("{none:alert rule} is about errors"),
            examined(len(every), "alert rules"),
            confidence="medium",
        )
    elif not every:
        yield from _idle(alerts)


_ERRORS = re.compile(
    r"\berrors?\b|\d%? of requests fail|requests? fail|5xx|[a-z]Errors?\b|ErrorRate|error.?rate", re.IGNORECASE
)


def _covers(seen: set[tuple[str, frozenset[str]]], rule: AlertRule) -> bool:
    """Whether any of *seen* shares a name with what *rule* is of, or is of all that the same system knows."""
    return any(not known.isdisjoint(scope(rule)) or (not known and system == rule.system) for system, known in seen)


def _exported_otherwise(rule: AlertRule, code: Code) -> str:
    """The series of requests that the program has, where *rule* asks for another that ends in the same way."""
    own = {name for hit in code[REQUEST_COUNT].places for name in _SERIES.findall(hit.text)}
    asked = [m for m in rule.asked.metrics if m.endswith("requests_total")] if rule.asked else []
    others = [name for name in sorted(own) for m in asked if name != m and name.endswith(f"_{m}")]
    return others[0] if others and not own.intersection(asked) and len(asked) else ""


_SERIES = re.compile(r"[\"'`](\w{1,60}requests?_total)[\"'`]")


def _client_errors(rule: AlertRule) -> str:
    return other_codes(rule.asked) if rule.asked and re.search("err|fail", rule.title, re.IGNORECASE) else ""


_TIMES = 2
_ROUNDING = 0.05
_LEAST_TIMES = 1.0
_BAND = """\
resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name          = "slow p95 latency"
  comparison_operator = "GreaterThanUpperThreshold"
  threshold_metric_id = "band"
  metric_query {
    id         = "band"
    expression = "ANOMALY_DETECTION_BAND(m1, 9)"
  }
  metric_query {
    id = "m1"
    metric {
      metric_name = "TargetResponseTime"
      stat        = "p95"
    }
  }
}
"""
_P95 = "histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket[5m])) by (le))"
_LAST_WEEK = _P95.replace("[5m]", "[5m] offset 1w")


_RECORDED = "      - record: latency:baseline\n        expr: quantile_over_time(0.5, http_request_seconds[7d])\n"
_USUAL = '        annotations: {summary: "p95 above 0.36 s, twice the baseline of 0.18 s"}\n'
_P95_OF = (
    'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{job="%s"}[5m]))) > %d * '
    'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{job="%s"}[5m] offset 1w)))'
)


@check(
    "OBS-4.3.3",
    shows=BOTH,
    clean=[
        Example(
            "by as much as last week's again",
            rule_file("SlowRequests", f"({_P95} - {_LAST_WEEK}) / {_LAST_WEEK} > 1"),
        ),
        Example(
            "one and a half of a recorded baseline",
            rule_file("SlowRequests", f"{_P95} / latency:baseline > 1.5", _RECORDED),
        ),
        Example("twice what is usual, as it says", rule_file("SlowRequests", f"{_P95} > 0.36", _USUAL)),
        Example(
            "twice what is usual, in CloudWatch",
            {
                "infra/alarms.tf": 'resource "aws_cloudwatch_metric_alarm" "slow" {\n  alarm_name = "slow"\n'
                '  alarm_description = "p95 over 360 ms, twice the usual 180"\n  metric_name = "Latency"\n'
                '  extended_statistic = "p95"\n  comparison_operator = "GreaterThanThreshold"\n  threshold = 360\n}\n'
            },
        ),
        Example(
            "doubled in a week, in Datadog",
            {
                "monitors.tf": 'resource "datadog_monitor" "slow" {\n  name = "slow"\n  type = "query alert"\n  '
                "query = "
                '"pct_change(avg(last_5m),last_1w):p95:trace.http.request.duration{service:shop} > 100"\n'
                '  message = "@pagerduty"\n}\n'
            },
        ),
        Example(
            "twice last week's", rule_file("SlowRequests", f"{_P95} > 2 * ({_P95.replace('[5m]', '[5m] offset 1w')})")
        ),
    ],
    flagged=[
        Example(
            "ten times last week's",
            rule_file("SlowRequests", f"{_P95} > 10 * ({_P95.replace('[5m]', '[5m] offset 1w')})"),
        ),
        Example("three times by a share", rule_file("SlowRequests", f"{_P95} / ({_LAST_WEEK}) > 3")),
        Example(
            "three times by a difference",
            rule_file("SlowRequests", f"({_P95} - {_LAST_WEEK}) / {_LAST_WEEK} > 2"),
        ),
        Example("six times in two steps", rule_file("SlowRequests", f"{_P95} > 2 * (3 * ({_LAST_WEEK}))")),
        Example("ten times on the left", rule_file("SlowRequests", f"0.1 * ({_P95}) / ({_LAST_WEEK}) > 1")),
        Example("ten times below", rule_file("SlowRequests", f"{_P95} / (5 * ({_LAST_WEEK})) > 2")),
        Example(
            "twice, and ten times as well",
            rule_file("SlowRequests", f"{_P95} > 2 * ({_LAST_WEEK}) and {_P95} > 10 * ({_LAST_WEEK})"),
        ),
        Example("five times what is usual, as it says", rule_file("SlowRequests", f"{_P95} > 0.9", _USUAL)),
        Example(
            "twice for one service, ten times for another",
            rule_file(
                "Slow",
                _P95_OF % ("shop", 2, "shop"),
                f"      - alert: CartSlow\n        expr: {_P95_OF % ('cart', 10, 'cart')}\n",
            ),
        ),
    ],
    silent=[
        Example(
            "more than last week's by a quarter of a second",
            rule_file("SlowRequests", f"{_P95} > 0.25 + ({_P95.replace('[5m]', '[5m] offset 1w')})"),
        ),
        Example(
            "outside of a band whose width is no factor",
            {"infra/alarms.tf": _BAND},
        ),
        Example(
            "one application of two",
            {
                **rule_file("Slow", _P95_OF % ("shop", 2, "shop")),
                **_application(""),
                **_application("office/"),
            },
        ),
        Example("a fixed figure, of which nobody knows the baseline", rule_file("SlowRequests", f"{_P95} > 0.5")),
        Example(
            "the mean", rule_file("SlowRequests", "rate(request_seconds_sum[5m]) / rate(request_seconds_count[5m]) > 1")
        ),
        Example("a baseline that nothing records", rule_file("SlowRequests", f"{_P95} / latency:baseline > 1.5")),
    ],
)
def latency_alert(alerts: Alerts, infrastructure: Infrastructure, estate: Estate) -> Iterator[Draft]:
    """An alert fires when the 95th percentile of latency is twice its baseline, or before."""
    rules = [rule for rule in _alarms.heard(alerts, infrastructure) if about_latency(rule)]
    high = [rule for rule in rules if at_high_quantile(rule)]
    compared = [rule for rule in high if against_baseline(rule)]
    soon = [rule for rule in compared if (times := times_baseline(rule)) is not None and 0 < times <= _TIMES]
    open_ = [rule for rule in compared if times_baseline(rule) is None]
    stated = [(rule, times) for rule in high if rule not in compared and (times := times_stated(rule)) is not None]
    near = [(rule, times) for rule, times in stated if _LEAST_TIMES < times <= _TIMES + _ROUNDING]
    seen = {(rule.system, scope(rule)) for rule in soon}
    late = [r for r in compared if soon and scope(r) and (times_baseline(r) or 0) > _TIMES and not _covers(seen, r)]
    void = [rule for rule in soon if unrecorded(rule)]
    good = [rule for rule in soon if rule not in void] or [rule for rule, _ in near]
    others = unwatched(estate, good, _written(alerts, infrastructure))
    if late:
        yield failed(
            f"Alert {late[0].title} fires at {times_baseline(late[0]):g} times the baseline of p95, and no other is of "
            "what it is of",
            late[0].source,
        )
    elif void and len(void) == len(soon):
        yield unsure(
            f"Alert {void[0].title} asks for {unrecorded(void[0])}, which no rule here records", void[0].source
        )
    elif others:
        yield _of_others(f"Alert {good[0].title} compares p95 with its baseline", others, good[0])
    elif soon:
        text = f"Alert {soon[0].title} fires at {times_baseline(soon[0]):g} times the baseline of p95"
        yield passed(text, *(r.source for r in soon))
    elif near:
        rule, times = near[0]
        yield passed(
            f"Alert {rule.title} fires at {times:g} times the baseline of p95 that its notes state",
            rule.source,
            confidence="medium",
        )
    elif open_:
        yield unsure(
            f"Alert {open_[0].title} compares p95 with its baseline; at how many times of it that fires cannot be told",
            open_[0].source,
        )
    elif compared:
        yield failed(
            f"Alert {compared[0].title} fires at {times_baseline(compared[0]):g} times the baseline of p95, and not "
            f"at {_TIMES:g} or less",
            compared[0].source,
        )
    elif far := [(rule, times) for rule, times in stated if times > _TIMES + _ROUNDING]:
        rule, times = far[0]
        yield failed(
            f"Alert {rule.title} fires at {times:g} times the baseline of p95 that its notes state", rule.source
        )
    elif high:
        yield unsure(
            f"Alert {high[0].title} compares p95 with a fixed figure; whether that is twice the baseline cannot "
            f"be told",
            high[0].source,
        )
    elif rules:
        yield unsure(f"Alert {rules[0].title} is about latency, and not about its 95th percentile", rules[0].source)
    elif off := [r for r in _alarms.quiet(alerts, infrastructure) if about_latency(r) or _SLOW.search(r.title)]:
        yield failed(
            each(off, name=lambda rule: rule.title, at=lambda rule: rule.source).say(
                "{} {is|are} to tell of latency, and never {comes|come}"
            )
        )
    elif (every := _alarms.heard(alerts, infrastructure)) and _silent_about(every, alerts, infrastructure, _SLOWNESS):
        yield failed(
            each(every, at=lambda rule: rule.source).say("{none:alert rule} is about latency"),
            examined(len(every), "alert rules"),
            confidence="medium",
        )
    elif not alerts.rules:
        yield from _idle(alerts)


_SLOW = re.compile(r"slow|latency|response.?time|p95|p99", re.IGNORECASE)


def _looks_ahead(rule: AlertRule) -> bool:
    """Whether a forecast is about some time from now, as far as that is written as a number."""
    return not (rule.asked and "predict_linear" in rule.asked.functions and rule.asked.ahead < _LEAST_AHEAD)


_LEAST_AHEAD = 600
"""Seconds; who looks less far ahead sees what is."""
_SOON = re.compile(r"soon|predict|forecast|will_?(?:fill|run)|within(?:_?a)?_?(?:day|week)", re.IGNORECASE)
_OF_SPACE = re.compile(r"avail|free|used|usage|capacity|connections|_bytes", re.IGNORECASE)
_AHEAD = re.compile(r"predict_linear\(|double_exponential_smoothing\(|holt_winters\(|\bforecast\(|\bderiv\(")


@check(
    "OBS-4.3.9",
    shows=PASS,
    clean=[
        Example(
            "full in four days", rule_file("DiskFull", "predict_linear(node_filesystem_avail_bytes[6h], 4 * 86400) < 0")
        )
    ],
    flagged=[
        Example("full now", rule_file("DiskFull", "node_filesystem_avail_bytes < 1e9")),
        Example(
            "one that is called so and looks at now",
            rule_file(
                "DiskFull",
                "predict_linear(node_filesystem_avail_bytes[6h], 4 * 86400) < 0",
                "      - alert: VolumeFullSoon\n        expr: kubelet_volume_stats_available_bytes < 1e9\n",
            ),
        ),
    ],
)
def predictive_alert(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """An alert forecasts when a resource runs out."""
    found = [rule for rule in _alarms.rules(alerts, infrastructure) if _AHEAD.search(rule.plain) and _looks_ahead(rule)]
    rules = _alarms.rules(alerts, infrastructure)
    named = [rule for rule in rules if rule not in found and _SOON.search(rule.title) and _OF_SPACE.search(rule.plain)]
    if found and (why := _alarms.unheard(found, alerts, infrastructure)):
        yield unsure(f"Alert {found[0].title} looks ahead, and {why}", found[0].source)
    elif found and named:
        yield unsure(f"Alert {found[0].title} looks ahead, and {named[0].title} does not", named[0].source)
    elif found:
        yield passed(f"Alert {found[0].title} looks ahead", *(rule.source for rule in found))


@check(
    "OBS-4.3.10",
    shows=PASS,
    clean=[
        Example("slow, and with traffic", rule_file("Slow", f"{_P95} > 1 and sum(rate(http_requests_total[5m])) > 5")),
        Example(
            "a composite alarm",
            {
                "infra/alarms.tf": 'resource "aws_cloudwatch_composite_alarm" "shop" {\n  alarm_rule = '
                '"ALARM(a) AND ALARM(b)"\n}\n'
            },
        ),
    ],
    flagged=[Example("and in a text is not a condition", rule_file("Slow", 'up{team="search and find"} == 0'))],
)
def composite_alert(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """An alert joins several conditions."""
    found: list[AlertRule] = [rule for rule in _alarms.rules(alerts, infrastructure) if combines(rule)]
    if found:
        yield passed(f"Alert {found[0].title} combines conditions", *(rule.source for rule in found))
