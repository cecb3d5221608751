"""Alert rules and routing are found by their shape, and odd input is refused or passed over."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orchestrator.evidence.facts.monitoring import Alerts
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
        body = RULES.replace('up{job="shop"} == 0', "up" + " + up" * 5_000)

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
