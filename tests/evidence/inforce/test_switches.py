"""A resource that is switched off does nothing; one whose switch nobody can read may do nothing."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator import Infrastructure
from orchestrator.evidence.inforce.force import State
from orchestrator.evidence.inforce.switches import switched
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.infrastructure import InfrastructureReader
from orchestrator.evidence.tree import MemoryTree

ON, OFF, UNTOLD = State.IN_FORCE, State.VOID, State.UNKNOWN
FORCES: list[tuple[str, dict[str, Any], State]] = [
    ("aws_db_instance", {"enabled": False}, ON),
    ("aws_cloudfront_distribution", {}, ON),
    ("aws_cloudfront_distribution", {"enabled": True}, ON),
    ("aws_cloudfront_distribution", {"enabled": False}, OFF),
    ("aws_cloudfront_distribution", {"enabled": "false"}, OFF),
    ("aws_cloudfront_distribution", {"enabled": "0"}, OFF),
    ("aws_cloudfront_distribution", {"enabled": "True"}, ON),
    ("aws_cloudfront_distribution", {"enabled": "var.on"}, UNTOLD),
    ("aws_cloudfront_distribution", {"enabled": {"!Ref": "On"}}, UNTOLD),
    ("AWS::CloudFront::Distribution", {"DistributionConfig": {"Enabled": False}}, OFF),
    ("AWS::CloudFront::Distribution", {"DistributionConfig": {"Enabled": True}}, ON),
    ("AWS::CloudFront::Distribution", {"DistributionConfig": []}, ON),
    ("AWS::CloudWatch::Alarm", {"ActionsEnabled": "false"}, OFF),
    ("AWS::CloudWatch::CompositeAlarm", {"ActionsEnabled": False}, OFF),
    ("AWS::DLM::LifecyclePolicy", {"State": "DISABLED"}, OFF),
    ("AWS::DLM::LifecyclePolicy", {"State": "ENABLED"}, ON),
    ("AWS::Events::Rule", {"State": "DISABLED"}, OFF),
    ("AWS::Events::Rule", {"State": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"}, ON),
    ("AWS::Lambda::EventSourceMapping", {"Enabled": False}, OFF),
    ("AWS::Scheduler::Schedule", {"State": "DISABLED"}, OFF),
    ("aws_cloudwatch_composite_alarm", {"actions_enabled": False}, OFF),
    ("aws_cloudwatch_event_rule", {"is_enabled": False}, OFF),
    ("aws_cloudwatch_event_rule", {"is_enabled": True, "state": "DISABLED"}, OFF),
    ("aws_cloudwatch_event_rule", {"state": "ENABLED"}, ON),
    ("aws_cloudwatch_event_rule", {"state": "var.state"}, UNTOLD),
    ("aws_cloudwatch_metric_alarm", {"actions_enabled": False}, OFF),
    ("aws_config_configuration_recorder_status", {"is_enabled": False}, OFF),
    ("aws_dlm_lifecycle_policy", {"state": "DISABLED"}, OFF),
    ("aws_lambda_event_source_mapping", {"enabled": False}, OFF),
    ("aws_scheduler_schedule", {"state": "DISABLED"}, OFF),
    ("aws_synthetics_canary", {"start_canary": False}, OFF),
    ("azurerm_monitor_activity_log_alert", {"enabled": False}, OFF),
    ("azurerm_monitor_autoscale_setting", {"enabled": False}, OFF),
    ("azurerm_monitor_metric_alert", {"enabled": False}, OFF),
    ("azurerm_monitor_scheduled_query_rules_alert", {"enabled": False}, OFF),
    ("azurerm_monitor_scheduled_query_rules_alert_v2", {"enabled": False}, OFF),
    ("azurerm_web_application_firewall_policy", {"policy_settings": [{"enabled": False}]}, OFF),
    ("azurerm_web_application_firewall_policy", {"policy_settings": [{"enabled": True}]}, ON),
    ("azurerm_frontdoor_firewall_policy", {"enabled": False}, OFF),
    ("azurerm_cdn_frontdoor_firewall_policy", {"enabled": False}, OFF),
    ("digitalocean_monitor_alert", {"enabled": False}, OFF),
    ("digitalocean_uptime_alert", {"enabled": False}, OFF),
    ("google_cloud_scheduler_job", {"paused": True}, OFF),
    ("google_cloud_scheduler_job", {"paused": False}, ON),
    ("google_compute_firewall", {"disabled": True}, OFF),
    ("google_compute_firewall", {"disabled": "true"}, OFF),
    ("google_compute_firewall", {"disabled": False}, ON),
    ("google_logging_billing_account_exclusion", {"disabled": True}, OFF),
    ("google_logging_project_exclusion", {"disabled": True}, OFF),
    ("google_logging_project_sink", {"disabled": True}, OFF),
    ("google_monitoring_alert_policy", {"enabled": False}, OFF),
]


@pytest.mark.parametrize(("kind", "body", "state"), FORCES)
def test_switches(kind: str, body: dict[str, Any], state: State) -> None:
    """
    Off is off, however it is written; what is not set is on.
    """
    force = switched(kind, body)

    assert state is force.state
    assert bool(force.reason) is (state is not ON)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "a.tf",
            'variable "on" {\n  default = true\n}\nresource "google_compute_firewall" "a" {\n  disabled = var.on\n}\n',
        ),
        ("a.yaml", "Resources:\n  A:\n    Type: AWS::Events::Rule\n    Properties: {State: DISABLED}\n"),
    ],
)
def test_what_is_switched_off_is_left_out(path: str, text: str) -> None:
    """
    Of Terraform and CloudFormation alike.
    """
    fact = read_tree(MemoryTree({path: text}), [InfrastructureReader()])[Infrastructure]
    assert isinstance(fact, Infrastructure)

    assert [] == fact.resources
    assert [True] == [a.void for a in fact.aside]
