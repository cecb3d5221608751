"""Judges how audit records are stored: unalterable, kept for a year, and looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    AlertRule,
    Alerts,
    Buckets,
    Code,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    LogStores,
    Places,
    Signal,
    Typed,
    check,
    each,
    examined,
    failed,
    measured,
    passed,
    unsure,
)

from . import _alarms
from ._audit_buckets import LOCKS, AuditBucket, audit_buckets, locked_elsewhere
from .audit_trails import TRAILS
from .log_watch import FILTERS

_DETECTORS = Typed("resources/detectors")
_REPORTS = Typed("resources/audit-reports")
_AUDIT = re.compile(r"audit|cloudtrail", re.IGNORECASE)
APPEND_ONLY = Signal(
    id="monitoring.audit-append-only",
    pattern=r"revoke\b.{0,60}(update|delete).{0,80}audit|before\s+(update|delete).{0,60}audit|on\s+(update|"
    r"delete)\s+to\s+\w*audit\w*\s+do\s+instead\s+nothing",
    roles=("source", "infra", "config"),
)
ALTERABLE = Signal(
    id="monitoring.audit-alterable",
    pattern=r"^\W{0,20}grant\b.{0,80}\b(?:update|delete|truncate|all)\b.{0,60}\bon\b.{0,40}audit|"
    r"alter\s+table\s+\S{0,40}audit\w*\s+disable\s+(?:trigger|rule)",
    roles=("source", "infra", "config"),
)
MOVED_ON = Signal(
    id="monitoring.audit-moved-on",
    pattern=r"archive[_-]?audit|audit\b.{0,100}\b(?:bucket|glacier|cold storage|object storage)\b|"
    r"audit (?:entries|records|logs?|trail)\b.{0,80}\barchiv",
    roles=("source", "infra", "config", "docs"),
)
"""Takes audit records, or says that they are taken, from their table to another store."""
_TRAIL = 'resource "aws_cloudtrail" "main" {\n  name           = "main"\n  s3_bucket_name = "audit"\n%s}\n'
_LOCK = """\
resource "aws_s3_bucket_object_lock_configuration" "audit" {
  bucket = aws_s3_bucket.audit.id
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 400
    }
  }
}
"""


@check(
    "DAT-6.4.2",
    shows=BOTH,
    clean=[
        Example("object lock", {"infra/audit.tf": _LOCK}),
        Example("digests that show a change", {"infra/trail.tf": _TRAIL % "  enable_log_file_validation = true\n"}),
        Example("an append-only table", {"db/grants.sql": "REVOKE UPDATE, DELETE ON audit_events FROM app;\n"}),
    ],
    flagged=[Example("changes would go unnoticed", {"infra/trail.tf": _TRAIL % ""})],
    silent=[
        Example(
            "an append-only table, whose records are taken to a bucket that is not here",
            {
                "db/grants.sql": "REVOKE UPDATE, DELETE ON audit_events FROM app;\n",
                "docs/privacy.md": "# Retention\n\n| audit entries | 2 years, then they go to the locked bucket |\n",
            },
        ),
    ],
    reads=[APPEND_ONLY, ALTERABLE, MOVED_ON],
)
def records_cannot_be_altered(infrastructure: Infrastructure, buckets: Buckets, code: Code) -> Iterator[Draft]:
    """Each bucket of audit records is write-once, their table append-only, or digests show a change."""
    stores = audit_buckets(buckets, infrastructure)
    far = locked_elsewhere(buckets, infrastructure)
    apart = [b for b, held, _ in far if held.value]
    others = [b for b in LOCKS.among(infrastructure) if LOCKS.kind(b) in ("account", "log")]
    apart += [b for b in others if _AUDIT.search(f"{b.label} {b.body}") and LOCKS.says(b, "locked").value is True]
    tables = _append_only(code)
    trails = [b for b in TRAILS.among(infrastructure, "trail") if TRAILS.tells(b, "digests")]
    loose = [b for b in trails if TRAILS.says(b, "digests").value is False]
    written = " ".join(str(b.body)[:20_000] for b in trails)
    bare = [s for s in stores if s.locked.value is False and not _of_a_trail(s, written)]
    open_ = [s for s in stores if s.locked.value is None and not _of_a_trail(s, written)]
    locked = [s for s in stores if s.locked.value]
    undone = _taken_back(code, tables)
    if loose and not locked and not apart:
        yield failed(
            each(loose, name=lambda b: b.address, at=lambda b: TRAILS.place(b, "digests")).say(
                "{} {has} no log file validation: altered records go unnoticed"
            ),
            remedy="Set enable_log_file_validation = true, and lock the bucket with Object Lock.",
        )
    elif bare:
        yield failed(
            each(bare, at=lambda s: s.locked.at).like(
                f"What lies in {bare[0].address} can be altered: {bare[0].locked.because}"
            ),
            examined(len(stores), "audit buckets"),
            confidence="medium",
        )
    elif undone:
        yield failed(f"Audit records may be changed: {undone[0].text}", undone, confidence="medium")
    elif open_:
        first = open_[0]
        text = f"Whether what lies in {first.address} can be altered is not told here: {first.locked.because}"
        yield unsure(text, first.locked.at)
    elif locked or apart:
        blocks = [(s.address, s.block.at()) for s in locked] + [(b.address, b.at()) for b in apart]
        yield passed(
            each(blocks, name=lambda b: b[0], at=lambda b: b[1]).say("{} {makes} audit records write-once"),
            examined(len(blocks), "audit stores"),
        )
    elif tables and (moved := code[MOVED_ON].places):
        text = (
            f"Audit records cannot be changed in their table; where they are taken from it is not here: {moved[0].text}"
        )
        yield unsure(text, tables, moved)
    elif tables:
        yield passed(f"Audit records cannot be changed: {tables[0].text}", tables)
    elif trails and all(TRAILS.says(b, "digests").value for b in trails):
        yield passed(
            f"Digests show each change of the records of {trails[0].address}",
            *(TRAILS.place(b, "digests") for b in trails),
            confidence="medium",
        )


def _of_a_trail(store: AuditBucket, written: str) -> bool:
    """Whether the provider's own trail, whose digests tell of changes, writes into *store*."""
    block = store.block
    return re.search(rf"\b{re.escape(block.label)}\b", written) is not None


def _append_only(code: Code) -> Places:
    """Where statements keep an audit table from being changed; what guards some of its columns guards no record."""
    return (
        code[APPEND_ONLY]
        .places.saying(lambda hit: not _SOME_COLUMNS.search(hit.text))
        .under(lambda path: not _BACK.search(path))
    )


def _taken_back(code: Code, kept: Places) -> Places:
    """Where a statement lets an audit table be changed; a way back beside what it takes back is none."""
    beside = {hit.path for hit in kept}
    return (
        code[ALTERABLE]
        .places.under(lambda path: not _BACK.search(path) and (path not in beside or path.endswith(".sql")))
        .saying(lambda hit: "revoke" not in hit.text.lower())
    )


_SOME_COLUMNS = re.compile(r"\bupdate\s+of\b", re.IGNORECASE)
_BACK = re.compile(
    r"\.down\.sql$|(^|/)down\.sql$|(^|/)U\d[\w.]*__|(^|/)(drop|rollback|undo)[^/]*(\.sql$|/)", re.IGNORECASE
)


_WANTED = 365
_GROUP = 'resource "aws_cloudwatch_log_group" "audit" {\n  name = "/shop/audit"\n%s}\n'


@check(
    "DAT-6.4.4",
    shows=BOTH,
    clean=[
        Example("four hundred days", {"infra/audit.tf": _GROUP % "  retention_in_days = 400\n"}),
        Example("never deleted", {"infra/audit.tf": _GROUP % ""}),
    ],
    flagged=[
        Example("ninety days", {"infra/audit.tf": _GROUP % "  retention_in_days = 90\n"}),
        Example(
            "a second store with thirty",
            {
                "infra/audit.tf": _GROUP % "  retention_in_days = 400\n",
                "infra/azure.tf": 'resource "azurerm_monitor_log_profile" "main" {\n  retention_policy {\n'
                "    enabled = true\n    days    = 30\n  }\n}\n",
            },
        ),
    ],
    silent=[
        Example(
            "a log of something else", {"infra/logs.tf": _GROUP.replace("audit", "web") % "  retention_in_days = 90\n"}
        )
    ],
)
def records_kept_a_year(infrastructure: Infrastructure, buckets: Buckets, logs: LogStores) -> Iterator[Draft]:
    """Each store of audit records keeps them for a year or more."""
    boxes = audit_buckets(buckets, infrastructure)
    own = {id(box.block) for box in boxes}
    stores = [(box.address, box.kept) for box in boxes]
    stores += [(block.address, kept) for block, _, kept in locked_elsewhere(buckets, infrastructure)]
    stores += [(part.address, part.says("retention")) for part in logs.of_audit if id(part.thing.block) not in own]
    known = sorted(((name, kept, kept.value) for name, kept in stores if kept.value is not None), key=lambda s: s[2])
    short = [(name, kept) for name, kept, days in known if days < _WANTED]
    open_ = [(name, kept) for name, kept in stores if kept.value is None]
    measure = measured("audit log retention", known[0][2] if known else None, "days", at_least=_WANTED)
    if short:
        yield failed(
            each(short, at=lambda found: found[1].at).like(
                f"{short[0][0]} keeps audit records for {known[0][2]:g} days", "{keeps} them for less than a year"
            ),
            examined(len(stores), "audit stores"),
            measure=measure,
        )
    elif stores and not open_:
        yield passed(
            each(stores, name=lambda store: store[0], at=lambda store: store[1].at).say(
                "{} {keeps} audit records for a year or more"
            ),
            examined(len(stores), "audit stores"),
            measure=measure,
        )
    elif stores:
        yield unsure(f"The retention of {open_[0][0]} comes from outside", open_[0][1].at)


RULER = Signal(
    id="monitoring.ruler-of-logs",
    pattern=r"^[\s\"'-]*ruler:\s*(?:#.*)?$|\balertmanager_url\s*:\s*[\"']?[^\s\"'#]",
    roles=("source", "infra", "config"),
    kept=ALL,
)
"""What asks Loki's rules, and whom it tells."""
_ANALYSES = re.compile(
    r"audit|ConsoleLogin|userIdentity|UnauthorizedOperation|AccessDenied|errorCode|eventName", re.IGNORECASE
)


_ASKED_OF_LOGS = {
    "rules.yml": "groups:\n  - name: audit\n    rules:\n      - alert: MassRead\n"
    "        expr: 'sum(count_over_time({stream=\"audit\"} | json [10m])) > 200'\n"
}


@check(
    "DAT-6.4.5",
    shows=BOTH,
    clean=[
        Example(
            "an alert on mass export",
            {
                "rules.yml": "groups:\n  - name: audit\n    rules:\n      - alert: MassExport\n        expr: "
                'increase(audit_events_total{action="export"}[1h]) > 100\n'
            },
        ),
    ],
    flagged=[
        Example(
            "a detector switched off",
            {"infra/guard.tf": 'resource "aws_guardduty_detector" "main" {\n  enable = false\n}\n'},
        )
    ],
    silent=[
        Example(
            "the cloud's own events only",
            {"infra/guard.tf": 'resource "aws_guardduty_detector" "main" {\n  enable = true\n}\n'},
        ),
        Example(
            "an alarm that tells nobody",
            {
                "infra/audit.tf": 'resource "aws_cloudwatch_metric_alarm" "deleted" {\n  alarm_name = "audit-deleted"\n'
                '  metric_name = "Deleted"\n  namespace = "Audit"\n  threshold = 20\n'
                '  comparison_operator = "GreaterThanThreshold"\n}\n'
            },
        ),
        Example("a ruler that tells nobody", {**_ASKED_OF_LOGS, "loki.yml": "ruler:\n  rule_path: /tmp/rules\n"}),
    ],
    reads=[RULER],
)
def records_are_analysed(alerts: Alerts, infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """Alerts or detectors look at audit records, and tell somebody."""
    detectors = _DETECTORS.among(infrastructure, "detector")
    off = [b for b in detectors if _DETECTORS.says(b, "runs").value is False]
    rules = [
        rule
        for rule in _alarms.heard(alerts, infrastructure)
        if re.search("audit", f"{rule.title} {rule.plain}", re.IGNORECASE)
    ]
    unheard = _unheard(rules, infrastructure, code)
    filters = [b for b in FILTERS.among(infrastructure) if _ANALYSES.search(str(FILTERS.value(b, "pattern") or ""))]
    if off:
        yield failed(f"{off[0].address} is switched off", _DETECTORS.place(off[0], "runs"))
    elif unheard:
        yield unsure(
            f"Alert {unheard[0].title} looks at audit records, and nobody is seen to hear of it",
            *(rule.source for rule in unheard),
        )
    elif rules:
        yield passed(f"Alert {rules[0].title} looks at audit records", *(rule.source for rule in rules))
    elif detectors or filters:
        place = (detectors or filters)[0]
        yield unsure(
            f"{place.address} analyses the cloud's audit events; of the application's it cannot be told", place.at()
        )


def _unheard(rules: list[AlertRule], infrastructure: Infrastructure, code: Code) -> list[AlertRule]:
    """Those of *rules* that tell nobody: alarms without an action, and rules for a ruler without an Alertmanager."""
    mute = {(block.path, block.line) for block in _alarms.alarms(infrastructure) if _alarms.mute(block)}
    rulers = code[RULER].places
    told = rulers.saying(lambda hit: "alertmanager_url" in hit.text)
    lost = bool(rulers) and not told
    return [r for r in rules if (r.path, r.line) in mute or (lost and _OF_LOGS.search(r.plain))]


_OF_LOGS = re.compile(r"\{[^{}]{0,200}\}\s*(?:\||\[)")
"""An expression of Loki's, which counts lines."""


_JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: %s}
spec:
  schedule: "0 3 1 * *"
"""


@check(
    "DAT-6.4.6",
    shows=PASS,
    clean=[Example("a monthly job", {"k8s/report.yaml": _JOB % "audit-report"})],
    flagged=[Example("a job about something else", {"k8s/report.yaml": _JOB % "sales-report"})],
)
def scheduled_reports(kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """A scheduled job renders a report from audit records."""
    jobs = [
        job
        for job in kubernetes.of("CronJob")
        if re.search(r"(audit|compliance).*report|report.*(audit|compliance)", job.resource)
    ]
    managed = _REPORTS.among(infrastructure)
    if jobs or managed:
        places = [*(job.at("metadata", "name") for job in jobs), *(b.at() for b in managed)]
        yield passed(
            f"An audit report is made on schedule: {jobs[0].resource if jobs else managed[0].address}", *places
        )
