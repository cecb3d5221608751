"""Judges trails and threat alerts of a cloud account by what they leave out (6.4)."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import FAIL, Block, Draft, Example, Infrastructure, Source, check, each, examined, failed, first_of

_TRAIL = 'resource "aws_cloudtrail" "main" {\n  s3_bucket_name = "audit"\n%s}\n'
_SELECTOR = '  event_selector {\n    read_write_type = "%s"\n  }\n'
_POLICY = (
    'resource "azurerm_mssql_server_security_alert_policy" "shop" {\n  state = "%s"\n  disabled_alerts = [%s]\n}\n'
)


@check(
    "DAT-6.4.1",
    shows=FAIL,
    clean=[Example("reading and changing", {"trail.tf": _TRAIL % (_SELECTOR % "All")})],
    flagged=[
        Example("only reading is recorded", {"trail.tf": _TRAIL % (_SELECTOR % "ReadOnly")}),
        Example("the trail is off", {"trail.tf": _TRAIL % "  enable_logging = false\n"}),
    ],
    silent=[
        Example("one trail for each kind", {"trail.tf": _TRAIL % (_SELECTOR % "ReadOnly" + _SELECTOR % "WriteOnly")})
    ],
)
def trails_record_changes(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Trails of an account, if it has any, run and record changes, not reading alone."""
    trails = infrastructure.of("aws_cloudtrail", "AWS::CloudTrail::Trail", "alicloud_actiontrail_trail")
    blind = [hit for t in trails if (hit := _blind(t))]
    if blind and len(blind) == len(trails):
        yield failed(first_of(blind), examined(len(trails), "trails"))


def _blind(trail: Block) -> tuple[str, Source] | None:
    """What a trail misses of changes."""
    for key in ("enable_logging", "IsLogging"):
        if trail.flag(key) is False:
            return f"{trail.address} is switched off", trail.at(key)
    if trail.get("event_rw") == "Read":
        return f"{trail.address} records reading only, so no change leaves a record", trail.at("event_rw")
    kinds = [s.get("read_write_type") for s in trail.nested("event_selector")]
    kinds += [s.get("ReadWriteType") for s in trail.nested("EventSelectors")]
    if kinds and set(kinds) == {"ReadOnly"}:
        place = trail.at("event_selector" if trail.get("event_selector") else "EventSelectors")
        return f"{trail.address} records reading only, so no change leaves a record", place
    return None


@check(
    "DAT-6.4.5",
    shows=FAIL,
    clean=[Example("every alert", {"sql.tf": _POLICY % ("Enabled", "")})],
    flagged=[
        Example("attacks go unreported", {"sql.tf": _POLICY % ("Enabled", '"Sql_Injection", "Data_Exfiltration"')}),
        Example("switched off", {"sql.tf": _POLICY % ("Disabled", "")}),
    ],
)
def threats_raise_alerts(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Threat detection of databases is on, and none of its alerts is left out."""
    policies = infrastructure.of(*_POLICIES)
    deaf = [b for b in policies if b.get("state") == "Disabled" or b.items("disabled_alerts")]
    if deaf:
        first = deaf[0]
        off = first.items("disabled_alerts")
        yield failed(
            each(deaf, at=lambda b: b.at("disabled_alerts" if b.items("disabled_alerts") else "state")).like(
                f"{first.address} leaves out the alerts {each(off)}" if off else f"{first.address} is switched off"
            ),
            examined(len(policies), "threat detection policies"),
            remedy="Enable the policy with an empty disabled_alerts list, and send its alerts to people who act.",
        )


_POLICIES = ("azurerm_mssql_server_security_alert_policy", "azurerm_mssql_managed_instance_security_alert_policy")
