"""What the examples of monitoring-validator cannot show: arithmetic of thresholds, names in log calls, the map."""

from __future__ import annotations

import pytest
from orchestrator.agents.monitoring_validator._expressions import threshold
from orchestrator.agents.monitoring_validator._map import observability_map
from orchestrator.agents.monitoring_validator._services import offstage
from orchestrator.agents.monitoring_validator.agent import MonitoringValidator
from orchestrator.agents.monitoring_validator.log_secrets import logged_secret

from orchestrator import AlertRule
from orchestrator.contract.testing import facts_of


class TestThreshold:
    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("errors / all > 0.01", 0.01),
            ("100 * errors / all > 1", 0.01),
            ("errors / all > (14.4 * 0.001)", 0.0144),
            ("errors / all > 6 * (1 - 0.999)", 0.006),
            ("errors / all > 0.05 and rate(all[5m]) > 0.001", 0.05),
            ("errors / all ; > 0.02", 0.02),
            ("errors / all > limit", None),
            ("errors / all > 9**9**9", None),
            ("errors / all > 1 / 0", None),
        ],
    )
    def test_share(self, expression: str, expected: float | None) -> None:
        """
        The share at which an alert fires is read from per cent, products and guards alike.
        """
        rule = AlertRule(title="Errors", path="rules.yml", line=1, system="prometheus", expression=expression)

        assert expected == (threshold(rule) if expected is None else pytest.approx(threshold(rule)))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tools/import.ts", True),
        ("packages/shop/tools/import.ts", True),
        ("server/tools/attachments.ts", False),
        ("server/scripts/import.ts", True),
    ],
)
def test_tools_of_a_server_answer_requests(path: str, expected: bool) -> None:
    """
    A folder of tools is beside what answers requests, unless it is part of the server.
    """
    assert expected == offstage(path)


class TestLoggedSecret:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ('logger.info("login of %s with %s", name, password)', "password"),
            ("console.log(`key ${config.apiKey}`)", "config.apiKey"),
            ('log.debug(f"token {access_token}")', "access_token"),
            ('Rails.logger.info("pw #{params[:password]}")', "params[:password]"),
            ('logger.info("password changed")', ""),
            ('logger.info("password is %s", mask(password))', ""),
            ('logger.debug("%d tokens", token_count)', ""),
            ("password = read()", ""),
        ],
    )
    def test_name(self, line: str, expected: str) -> None:
        """
        A variable that holds a secret is found, a word in prose and a masked value are not.
        """
        assert expected == logged_secret(line)


class TestMap:
    def test_each_kind_has_a_row(self) -> None:
        """
        What was not found is said as well, and each alert says how long it waits and whether it has a runbook.
        """
        rules = "groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: up == 0\n        for: 2m\n"
        signals = tuple(signal for check in MonitoringValidator.checks for signal in check.reads)
        shown = observability_map(facts_of({"rules.yml": rules}, signals))

        assert ("alerts", "Down, after 2m, no runbook", "rules.yml:4") in shown.rows
        assert {"logs", "metrics", "traces", "dashboards", "alerts", "people", "audit"} == {
            row[0] for row in shown.rows
        }
