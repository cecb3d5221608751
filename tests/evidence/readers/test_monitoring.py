"""Alert rules and routing are found by their shape, and odd input is refused or passed over."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orchestrator.evidence.facts.monitoring import AlertRule, Alerts
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.monitoring import MAX_EXPRESSION, AlertsReader
from orchestrator.evidence.tree import MemoryTree

RULES = """\
groups:
  - name: shop
    rules:
      - record: job:requests:rate5m
        expr: sum(rate(http_requests_total[5m]))
      - alert: ShopDown
        expr: up{job="shop"} == 0
        for: 2m
        labels: {severity: critical}
        annotations:
          summary: Shop does not answer
          runbook_url: https://wiki.example.org/shop-down
"""


def alerts(files: Mapping[str, str | bytes]) -> Alerts:
    fact = read_tree(MemoryTree(files), [AlertsReader()])[Alerts]
    assert isinstance(fact, Alerts)
    return fact


class TestRules:
    def test_a_rule_file(self) -> None:
        """
        A rule is told from a recording rule and keeps what people need in order to judge it.
        """
        (rule,) = alerts({"prometheus/rules.yml": RULES}).rules

        assert ("ShopDown", 6, "prometheus", "2m") == (rule.title, rule.line, rule.system, rule.holds_for)
        assert ("critical", "https://wiki.example.org/shop-down") == (rule.severity, rule.runbook)
        assert 'up{job="shop"} == 0' == rule.expression

    def test_an_object_of_the_operator(self) -> None:
        """
        Rules below ``spec`` of a PrometheusRule are rules.
        """
        body = "kind: PrometheusRule\nspec:\n" + "".join(f"  {line}\n" for line in RULES.splitlines())

        assert [("ShopDown", 8)] == [(r.title, r.line) for r in alerts({"k8s/rules.yaml": body}).rules]

    @pytest.mark.parametrize(
        ("path", "key", "void"),
        [
            ("prometheus/rules.yml", "x-disabled", True),
            ("prometheus/rules.yml", "later", False),
            ("prometheus/rules.yml", "//", False),
            ("chart/values-production.yaml", "prometheusRules", None),
            ("group_vars/all.yml", "prometheus_alerts", None),
        ],
    )
    def test_under_a_key(self, path: str, key: str, void: bool | None) -> None:
        """
        Values of a chart and variables of a playbook reach Prometheus under any key; its own files do not.
        """
        found = alerts({path: f'"{key}":\n' + "".join(f"  {line}\n" for line in RULES.splitlines())})

        assert ["ShopDown"][: void is None] == [rule.title for rule in found.rules]
        assert [void][: void is not None] == [aside.void for aside in found.aside]

    def test_in_a_text_that_nobody_reads(self) -> None:
        found = alerts({"prometheus/rules.yml": "notes: |\n" + "".join(f"  {line}\n" for line in RULES.splitlines())})

        assert ((), [False]) == (found.rules, [aside.void for aside in found.aside])

    def test_an_unknown_key_without_alerts(self) -> None:
        found = alerts({"prometheus/rules.yml": RULES + "x-owner: {team: shop}\n"})

        assert ((1, ())) == (len(found.rules), found.aside)

    def test_rules_carried_by_a_config_map(self) -> None:
        """
        A rule in the text of a ConfigMap has the line that it has in the file.
        """
        body = "kind: ConfigMap\ndata:\n  shop.yml: |\n" + "".join(f"    {line}\n" for line in RULES.splitlines())

        assert [("ShopDown", 9)] == [(r.title, r.line) for r in alerts({"k8s/rules.yaml": body}).rules]

    def test_a_helm_template(self) -> None:
        """
        Expressions of Helm are blanked out, lines stay.
        """
        body = "{{- if .Values.alerts }}\n" + RULES.replace("2m", "{{ .Values.for }}") + "{{- end }}\n"
        body = body.replace("Shop does not answer", "{{`{{ $labels.job }}`}} does not answer")
        (rule,) = alerts({"chart/templates/rules.yaml": body}).rules

        assert ("ShopDown", 7, "x does not answer") == (rule.title, rule.line, rule.summary)

    def test_a_rule_over_logs(self) -> None:
        """
        A LogQL expression makes it a rule of Loki.
        """
        body = RULES.replace('up{job="shop"} == 0', '\'sum(rate({app="shop"} |= "panic" [5m])) > 0\'')

        assert ["loki"] == [r.system for r in alerts({"loki/rules.yml": body}).rules]

    def test_a_grafana_rule(self) -> None:
        """
        Query and threshold of a provisioned Grafana rule are joined into one expression.
        """
        body = """\
apiVersion: 1
groups:
  - name: shop
    rules:
      - title: Errors
        condition: C
        for: 5m
        data:
          - {refId: A, datasourceUid: prom, model: {expr: "sum(rate(errors_total[5m]))"}}
          - refId: C
            datasourceUid: __expr__
            model: {type: threshold, conditions: [{evaluator: {type: gt, params: [0.01]}}]}
"""
        (rule,) = alerts({"grafana/provisioning/alerting/demo/shop.yaml": body}).rules

        assert ("Errors", "grafana", "5m") == (rule.title, rule.system, rule.holds_for)
        assert "sum(rate(errors_total[5m])) ; > 0.01" == rule.expression

    def test_long_expressions_are_cut(self) -> None:
        """
        A fact never holds a whole file.
        """
        body = RULES.replace('up{job="shop"} == 0', f'up{{job=~"{"a|" * 5_000}b"}} == 0')

        assert [MAX_EXPRESSION] == [len(r.expression) for r in alerts({"rules.yml": body}).rules]

    def test_rules_of_tests_and_examples_do_not_count(self) -> None:
        """
        Only what runs in production is a rule.
        """
        files = {"tests/rules.yml": RULES, "examples/rules.yml": RULES, "vendor/x/rules.yml": RULES}

        assert () == alerts(files).rules

    @pytest.mark.parametrize(
        "body",
        [
            "- alert: [1, 2]\n  expr: {a: b}\n",
            "- alert:\n  expr:\n",
            "- alert: 5\n  expr: 7\n  labels: no\n  annotations: [no]\n",
            "alert: {alert: {alert: x}}\nexpr: y\n",
            "receivers: [1, {name: 2}]\nroute: {routes: [3]}\nx_configs: 4\npolicies: 5\n",
            "datasourceUid: x\ncondition: y\ntitle: [z]\ndata: [1, {model: {conditions: [{evaluator: 3}]}}]\n",
        ],
    )
    def test_other_shapes_are_passed_over(self, body: str) -> None:
        """
        What only resembles a rule neither crashes nor raises a problem.
        """
        assert () == alerts({"rules.yml": body}).problems

    def test_malformed_files_are_problems(self) -> None:
        """
        A rule file that cannot be parsed is not an empty rule file; nor is one inside a ConfigMap.
        """
        carried = "data:\n  a.yml: |\n    groups: [\n    - alert: aaaaaaaaaaaaaaaaaaaaaaaaaa\n      expr: b\n"
        problems = alerts({"a.yml": "- alert: a\n  expr: [b\n", "b.yml": carried}).problems

        assert ["a.yml", "b.yml"] == [p.path for p in problems]
        assert problems[1].line > 3


class TestRouting:
    CONFIG = """\
route:
  receiver: chat
  group_by: [alertname]
  routes:
    - matchers: [severity="critical"]
      receiver: pager
    - matchers: [team="shop"]
      receiver: pager
receivers:
  - name: chat
    slack_configs: [{channel: "#ops"}]
  - name: pager
    pagerduty_configs: [{routing_key_file: /etc/key}]
  - name: nowhere
inhibit_rules:
  - {source_matchers: [severity="critical"], target_matchers: [severity="warning"]}
"""

    def test_receivers_and_branches(self) -> None:
        """
        Receivers that reach people, those that reach nobody, and branches by severity are told apart.
        """
        fact = alerts({"alertmanager.yml": self.CONFIG})

        assert ["chat: slack", "pager: pagerduty"] == [r.text for r in fact.routes]
        assert ["nowhere"] == [r.text for r in fact.silent]
        assert ["pager"] == [r.text for r in fact.by_urgency]
        assert {"grouping", "inhibition"} == {r.text for r in fact.dampers}

    def test_receivers_of_a_collector_are_none(self) -> None:
        """
        The OpenTelemetry collector calls something else a receiver.
        """
        assert () == alerts({"otel.yaml": "receivers:\n  otlp:\n    x_configs: []\n"}).routes

    def test_on_call_tools_in_terraform(self) -> None:
        """
        Schedules and escalations are named with their place, services as routes.
        """
        body = (
            'resource "pagerduty_schedule" "ops" {\n}\n'
            'resource "pagerduty_service" "shop" {\n}\n'
            'resource "opsgenie_escalation" "ops" {\n}\n'
        )
        fact = alerts({"oncall.tf": body})

        assert [1, 5] == [e.line for e in fact.escalations]
        assert ["pagerduty_service.shop"] == [r.text for r in fact.routes]


def of(expression: str, more: str = "", files: Mapping[str, str] | None = None) -> Alerts:
    """The alerts of a rule file whose only rule has *expression*."""
    rule = f"groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: {expression}\n{more}"
    return alerts({"rules.yml": rule, **(files or {})})


class TestInForce:
    NULL = 'route:\n  receiver: "null"\n  routes:\n    - {match: {severity: page}, receiver: pager}\nreceivers:\n'
    NULL += '  - name: "null"\n  - name: pager\n    slack_configs: [{channel: x}]\n'

    def test_an_alert_that_cannot_fire_is_set_aside(self) -> None:
        """
        With its name, its place and the reason; it counts neither for nor against anything.
        """
        fact = of("up == 2")

        assert () == fact.rules
        assert ["rules.yml:4: alert Down is not counted: it cannot fire: up == 2 never comes true"] == [
            *map(str, fact.aside)
        ]
        assert [("alert rule",)] == [aside.about for aside in fact.aside]
        assert fact.aside[0].void
        assert 0 == fact.untold
        assert ["Down"] == [rule.title for rule in of("up == 0").rules]

    def test_what_is_no_promql_cannot_be_told(self) -> None:
        """
        It is set aside, and its absence proves nothing.
        """
        fact = of("up keep_metric_names == 0")

        assert () == fact.rules
        assert [False] == [aside.void for aside in fact.aside]
        assert 1 == fact.untold
        assert () == fact.broken

    @pytest.mark.parametrize("expression", ["up == == 0", "up{a='b' == 0", "up == 2"])
    def test_a_mistake_is_named(self, expression: str) -> None:
        """
        What no dialect reads, or what asks for the impossible, cannot fire, and whoever wrote it does not know.
        """
        fact = of(f'"{expression}"')

        assert () == fact.rules
        assert [True] == [aside.void for aside in fact.aside]
        assert ["Down"] == [rule.title for rule in fact.broken]

    def test_comments_are_no_expression(self) -> None:
        """
        What stands behind a sign of a comment is not what the alert asks, on one line or on several.
        """
        (one,) = of('"x > 1 # absent(up)"').rules
        (two,) = of("|\n          x > 1 # absent(up)\n          and y > 2").rules

        assert "x > 1" == one.plain
        assert "(x > 1) and (y > 2)" == two.plain

    def test_recordings_are_looked_up_in_all_files(self) -> None:
        """
        A recorded series means what it records, also where the record stands in a later file.
        """
        record = "groups: [{name: a, rules: [{record: 'a:b', expr: 'vector(0)'}]}]\n"

        assert ["a:b > 0"] == [rule.plain for rule in of("a:b > 0").rules]
        assert ["it cannot fire: vector(0) > 0 never comes true"] == [
            aside.reason.removeprefix("is not counted: ") for aside in of("a:b > 0", files={"z.yml": record}).aside
        ]
        (rule,) = of("a:b > 0", files={"z.yml": record.replace("vector(0)", "rate(x[5m])")}).rules
        assert ("a:b > 0", "rate(x[5m]) > 0", "rate(x[5m]) > 0") == (rule.expression, rule.meaning, rule.plain)

    def test_rules_over_logs_are_judged_as_well(self) -> None:
        """
        As far as they are like other expressions.
        """
        assert ["Down"] == [r.title for r in of('\'sum(rate({a="b"} |= "c" [5m])) > 0\'').rules]
        assert () == of('\'sum(rate({a="b"} |= "c" [5m])) > 0 and on() vector(0) > 1\'').rules
        assert ["Down"] == [r.title for r in of('\'{a="b"} |~ "c(" > ? 1\'').rules], (
            "of another dialect nothing is said"
        )

    @pytest.mark.parametrize(("waits", "counts"), [("7d", True), ("169h", False), ("87600h", False), ("x", True)])
    def test_an_alert_that_waits_too_long(self, waits: str, counts: bool) -> None:
        """
        After more than a week it tells nobody anything.
        """
        fact = of("up == 0", f"        for: {waits}\n")

        assert counts is bool(fact.rules)
        assert counts or f"is not counted: it fires only after {waits}" == fact.aside[0].reason

    def test_an_alert_of_which_nobody_hears(self) -> None:
        """
        The routes of the tree say so; with a label that leads somewhere it is heard of.
        """
        files = {"alertmanager.yml": self.NULL}
        page, low = "        labels: {severity: page}\n", "        labels: {severity: low}\n"

        assert ["Down"] == [r.title for r in of("up == 0", page, files).rules]
        assert () == of("up == 0", low, files).rules
        idle = [aside for aside in of("up == 0", low, files).aside if "alert rule" in aside.about]
        assert "which notifies nobody" in idle[0].reason
        assert ["Down"] == [r.title for r in of("up == 0", low, {**files, "b/alertmanager.yml": self.NULL}).rules], (
            "which of two it is cannot be told"
        )

    def test_an_alert_that_is_inhibited_for_ever(self) -> None:
        """
        By one that fires always, whatever file it stands in.
        """
        watchdog = "groups: [{name: b, rules: [{alert: Watchdog, expr: vector(1)}]}]\n"
        inhibits = TestRouting.CONFIG.replace(
            '{source_matchers: [severity="critical"], target_matchers: [severity="warning"]}',
            '{source_matchers: [alertname="Watchdog"]}',
        )

        assert ["Down"] == [r.title for r in of("up == 0", files={"am.yml": inhibits}).rules]
        assert () == of("up == 0", files={"am.yml": inhibits, "z.yml": watchdog}).rules

    def test_receivers_that_cannot_be_reached(self) -> None:
        """
        They are no routes, nor are branches to them by urgency.
        """
        fact = alerts(
            {
                "alertmanager.yml": TestRouting.CONFIG.replace(
                    "    - matchers", "    - receiver: chat\n    - matchers", 1
                )
            }
        )

        assert ["chat: slack"] == [r.text for r in fact.routes]
        assert () == fact.by_urgency
        assert {"route to pager", "pager"} == {aside.what for aside in fact.aside}
        assert {("way to people",)} == {aside.about for aside in fact.aside}

    def test_receivers_beside_which_no_route_is_written(self) -> None:
        """
        Whether anything leads to them cannot be told.
        """
        fact = alerts({"am.yml": "receivers:\n  - name: a\n    slack_configs: [{channel: b}]\n"})

        assert () == fact.routes
        assert [False] == [aside.void for aside in fact.aside]

    def test_hostile_rules_end_soon(self) -> None:
        """
        Ten thousand that record one another, and an expression of a megabyte.
        """
        sums = [" + ".join(f"r{n}" for n in range(first, first + 40)) for first in (0, 40, 80)]
        rules = "".join(
            f"      - record: r{n}\n        expr: {sums[n % 3]} + r{n * 7 % 9_999}\n" for n in range(10_000)
        )
        rules += "".join(f"      - alert: a{n}\n        expr: r{n} > 1\n" for n in range(500))
        fact = of("(" * 500_000 + ")" * 500_000, rules)

        assert 501 == len(fact.rules) + fact.untold
        assert any("more than is followed" in aside.reason for aside in fact.aside)


GRAFANA = """\
groups:
  - name: shop
    rules:
      - title: Errors
        condition: C
        data:
          - {refId: A, datasourceUid: prom, model: {expr: "sum(rate(errors_total[5m]))"}}
          - {refId: B, model: {type: reduce, expression: A, conditions: [{evaluator: {type: gt, params: [5]}}]}}
          - refId: C
            model: {type: threshold, conditions: [{evaluator: {type: gt, params: [0.01]}}]}
"""
MATH = GRAFANA.replace(
    "{type: threshold, conditions: [{evaluator: {type: gt, params: [0.01]}}]}", "{type: math, expression: $A < 0}"
)


class TestGrafana:
    def test_query_and_threshold_are_one_expression(self) -> None:
        """
        So it is judged like any other, and can be asked what it asks.
        """
        (rule,) = alerts({"a.yaml": GRAFANA}).rules

        assert "sum (rate(errors_total[5m])) > 0.01" == rule.plain
        assert "sum(rate(errors_total[5m])) ; > 0.01" == rule.expression

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("condition: C", "condition: C\n        isPaused: true", "it is paused"),
            ("condition: C", "condition: D", "its condition 'D' is none of its queries"),
            ("params: [0.01]", "params: [-1]", ""),
            (
                "type: gt, params: [0.01]",
                "type: lt, params: [0]",
                "it cannot fire: sum (rate(errors_total[5m])) < 0 never comes true",
            ),
            ("sum(rate(errors_total[5m]))", "vector(0) # sum(x)", "it cannot fire: vector(0) > 0.01 never comes true"),
            ("datasourceUid: prom, model: {expr", "datasourceUid: sql, model: {rawSql", ""),
        ],
    )
    def test_what_is_void(self, old: str, new: str, reason: str) -> None:
        """
        Paused, pointing nowhere, or never true.
        """
        fact = alerts({"a.yaml": GRAFANA.replace(old, new)})

        assert GRAFANA != GRAFANA.replace(old, new)
        assert [reason] * bool(reason) == [aside.reason.removeprefix("is not counted: ") for aside in fact.aside]
        assert ("" == reason) is (1 == len(fact.rules))

    def test_arithmetic(self) -> None:
        """
        An expression over a query is judged with the query in it.
        """
        assert () == alerts({"a.yaml": MATH}).rules
        assert ["Errors"] == [rule.title for rule in alerts({"a.yaml": MATH.replace("< 0", "> 0")}).rules]

    def test_contact_points(self) -> None:
        """
        One without settings is none, and a policy cannot choose one that is not there.
        """
        points = "contactPoints: [{name: ops, receivers: [{type: slack, settings: {url: x}}]}]\n"
        policies = "policies: [{receiver: chat, routes: [{receiver: ops, object_matchers: [[severity, '=', page]]}]}]\n"
        empty = alerts({"a.yaml": points.replace("{url: x}", "{}")})

        assert ["slack: slack"] == [route.text for route in alerts({"a.yaml": points}).routes]
        assert () == empty.routes
        assert ["is not counted: it has no settings"] == [aside.reason for aside in empty.aside]
        assert ["ops"] == [place.text for place in alerts({"a.yaml": points + policies}).by_urgency]
        assert ["ops"] == [
            place.text for place in alerts({"a.yaml": "x: {receivers: [], group_by: 5}\n" + policies}).by_urgency
        ]
        assert (
            ()
            == alerts({"a.yaml": points.replace("ops", "dev"), "b.yaml": "group_by: receivers\n" + policies}).by_urgency
        )


class TestWaits:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("", 0),
            ("5m", 300),
            ("1h30m", 5_400),
            ("2d", 172_800),
            ("500ms", 0.5),
            ("1w", 604_800),
            ("x", None),
            ("5", None),
        ],
    )
    def test_how_long(self, written: str, expected: float | None) -> None:
        """
        As Prometheus writes lengths of time; anything else cannot be told.
        """
        assert expected == AlertRule(title="a", path="a", line=1, system="prometheus", holds_for=written).waits
