"""Judges trails and threat alerts of a cloud account by what they leave out (6.4)."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import (
    FAIL,
    Block,
    Draft,
    Example,
    Infrastructure,
    Source,
    Typed,
    check,
    each,
    examined,
    failed,
    first_of,
)

TRAILS = Typed("resources/audit-trails")
_DETECTORS = Typed("resources/detectors")
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
    trails = TRAILS.among(infrastructure, "trail")
    blind = [hit for t in trails if (hit := _blind(t))]
    if blind and len(blind) == len(trails):
        yield failed(first_of(blind), examined(len(trails), "trails"))


def _blind(trail: Block) -> tuple[str, Source] | None:
    """What a trail misses of changes."""
    if TRAILS.says(trail, "runs").value is False:
        return f"{trail.address} is switched off", TRAILS.place(trail, "runs")
    kinds = {TRAILS.within(trail, selector, "selects") for selector in TRAILS.parts(trail, "selectors")}
    reading = "changes" if TRAILS.says(trail, "changes").value is False else "selectors"
    if reading == "changes" or kinds == {"ReadOnly"}:
        return f"{trail.address} records reading only, so no change leaves a record", TRAILS.place(trail, reading)
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
    policies = _DETECTORS.among(infrastructure, "policy")
    deaf = [b for b in policies if _DETECTORS.says(b, "runs").value is False or _left_out(b)]
    if deaf:
        first = deaf[0]
        off = _left_out(first)
        yield failed(
            each(deaf, at=lambda b: _DETECTORS.place(b, "left_out" if _left_out(b) else "runs")).like(
                f"{first.address} leaves out the alerts {each(off)}" if off else f"{first.address} is switched off"
            ),
            examined(len(policies), "threat detection policies"),
            remedy="Enable the policy with an empty disabled_alerts list, and send its alerts to people who act.",
        )


def _left_out(policy: Block) -> list[str]:
    """The alerts that a policy of threat detection leaves out."""
    named = _DETECTORS.value(policy, "left_out")
    return [str(one) for one in named] if isinstance(named, list) else []
