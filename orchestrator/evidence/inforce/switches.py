"""Tells of a resource that has a switch of its own whether it is switched off, and does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .force import IN_FORCE, Force, unknown, void

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Switch:
    """
    One setting, and what it says where it is off.

    Args:
        keys: The names that lead to it.
        off: The text that means off, in lower case.
        on: The texts that mean anything else, where there are more than true and false.
    """

    keys: tuple[str, ...]
    off: str = "false"
    on: frozenset[str] = frozenset()

    def force(self, body: Mapping[str, Any]) -> Force:
        """How far a resource with *body* counts by this switch; fully where it is not set."""
        value: Any = body
        for key in self.keys:
            value = value[0] if isinstance(value, list) and value else value
            value = value.get(key) if isinstance(value, dict) else None
        if value is None:
            return IN_FORCE
        text = str(value).lower() if isinstance(value, bool | str) else ""
        said = f"has {'.'.join(self.keys)} = {str(value)[:60]}"
        if text == self.off or (not self.on and _FLAGS.get(text) is _FLAGS[self.off]):
            return void(said)
        return IN_FORCE if text in (self.on or _FLAGS) else unknown(f"{said}, which cannot be told")


_ENABLED = Switch(("enabled",))
_DISABLED = Switch(("disabled",), "true")
_STATE = Switch(("state",), "disabled", frozenset({"enabled", "enabled_with_all_cloudtrail_management_events"}))
_SWITCHES: dict[str, tuple[Switch, ...]] = {
    "AWS::CloudFront::Distribution": (Switch(("DistributionConfig", "Enabled")),),
    "AWS::CloudWatch::Alarm": (Switch(("ActionsEnabled",)),),
    "AWS::CloudWatch::CompositeAlarm": (Switch(("ActionsEnabled",)),),
    "AWS::DLM::LifecyclePolicy": (Switch(("State",), "disabled", frozenset({"enabled"})),),
    "AWS::Events::Rule": (Switch(("State",), _STATE.off, _STATE.on),),
    "AWS::Lambda::EventSourceMapping": (Switch(("Enabled",)),),
    "AWS::Scheduler::Schedule": (Switch(("State",), _STATE.off, _STATE.on),),
    "aws_cloudfront_distribution": (_ENABLED,),
    "aws_autoscaling_policy": (_ENABLED,),
    "aws_cloudwatch_composite_alarm": (Switch(("actions_enabled",)),),
    "aws_cloudwatch_event_rule": (Switch(("is_enabled",)), _STATE),
    "aws_cloudwatch_metric_alarm": (Switch(("actions_enabled",)),),
    "aws_config_configuration_recorder_status": (Switch(("is_enabled",)),),
    "aws_dlm_lifecycle_policy": (_STATE,),
    "aws_lambda_event_source_mapping": (_ENABLED,),
    "aws_scheduler_schedule": (_STATE,),
    "aws_synthetics_canary": (Switch(("start_canary",)),),
    "azurerm_monitor_activity_log_alert": (_ENABLED,),
    "azurerm_monitor_autoscale_setting": (_ENABLED,),
    "azurerm_monitor_metric_alert": (_ENABLED,),
    "azurerm_monitor_scheduled_query_rules_alert": (_ENABLED,),
    "azurerm_monitor_scheduled_query_rules_alert_v2": (_ENABLED,),
    "azurerm_web_application_firewall_policy": (Switch(("policy_settings", "enabled")),),
    "azurerm_frontdoor_firewall_policy": (_ENABLED,),
    "azurerm_cdn_frontdoor_firewall_policy": (_ENABLED,),
    "digitalocean_monitor_alert": (_ENABLED,),
    "digitalocean_uptime_alert": (_ENABLED,),
    "google_cloud_scheduler_job": (Switch(("paused",), "true"),),
    "google_compute_firewall": (_DISABLED,),
    "google_logging_billing_account_exclusion": (_DISABLED,),
    "google_logging_project_exclusion": (_DISABLED,),
    "google_logging_project_sink": (_DISABLED,),
    "google_monitoring_alert_policy": (_ENABLED,),
}
"""By the type of the resource; of others a setting that is off may be the harm itself."""


def switched(kind: str, body: Mapping[str, Any]) -> Force:
    """How far a resource of type *kind* counts with the switches that it has."""
    forces = [switch.force(body) for switch in _SWITCHES.get(kind, ())]
    return min(forces, key=lambda force: force.state, default=IN_FORCE)
