"""Judges what is kept for auditors, and whether rules are checked by machines (8.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    FAIL,
    PASS,
    Block,
    CiStep,
    Code,
    Draft,
    Example,
    Files,
    Hits,
    Infrastructure,
    LogStores,
    Pipelines,
    Signal,
    Source,
    Typed,
    check,
    each,
    examined,
    failed,
    first_of,
    measured,
    passed,
    unsure,
    words,
)

CONFIG_SCAN = Signal(
    id="compliance.config-scan",
    pattern=r"scan-type:\s*[\"']?config|scanners:\s*[\"']?\S{0,60}(misconfig|config)",
    roles=("ci",),
    kept=ALL,
)
SOFT = Signal(
    id="compliance.soft-fail",
    pattern=r"(soft[_-]fail|continue-on-error|allow_failure):\s*[\"']?true|--soft-fail",
    roles=("ci",),
    kept=ALL,
)
_RULES = re.compile(rf"\b(?:{words('commands/policy-checks').pattern}|cloud-nuke-audit)\b")
_RULES_ACTION = re.compile(
    rf"{words('actions/policy-checks').pattern}|open-policy-agent/|cfn-guard|cfn-nag|scorecard-compliance",
    re.IGNORECASE,
)
_TALK = re.compile(r"^(echo|printf|pip3?|brew|apt|apt-get|curl|wget|npm|go|docker pull)\b.{0,200}$")
_STORE = re.compile(
    r"upload-artifact|upload-sarif|upload-cloud-storage|PublishBuildArtifacts|PublishPipelineArtifact", re.IGNORECASE
)
_STORE_COMMAND = re.compile(r"\baws s3 (cp|sync)\b|\bgsutil cp\b|\bgcloud storage cp\b|\baz storage blob upload")
_AUDITED = Typed("resources/audited")
_COLLECTORS = Typed("resources/evidence-collectors")
_AUDIT_NAME = re.compile(r"audit|cloud-?trail|trail", re.IGNORECASE)
MIN_DAYS, PCI_DAYS = 90, 365
_CI = "on: %s\njobs:\n  rules:\n    runs-on: ubuntu-latest\n    steps:\n"
_TRAIL = 'resource "aws_cloudtrail" "main" {\n  name           = "main"\n  enable_logging = %s\n}\n'
_LOGS = (
    'resource "aws_cloudwatch_log_group" "audit" {\n  name              = "/shop/audit"\n  retention_in_days = %d\n}\n'
)
_EKS = 'resource "aws_eks_cluster" "main" {\n  enabled_cluster_log_types = [%s]\n}\n'


@check(
    "CMP-8.4.1",
    shows=FAIL,
    clean=[
        Example("A trail that records", {"audit.tf": _TRAIL % "true"}),
        Example("A cluster that logs who did what", {"eks.tf": _EKS % '"api", "audit"'}),
    ],
    flagged=[
        Example("A trail that is switched off", {"audit.tf": _TRAIL % "false"}),
        Example("A cluster that logs everything but its audit", {"eks.tf": _EKS % '"api", "scheduler"'}),
    ],
    silent=[Example("A cluster whose logs a variable names", {"eks.tf": _EKS.replace("[%s]", "var.logs")})],
)
def audit_trails_are_on(infrastructure: Infrastructure) -> Iterator[Draft]:
    """No audit trail that the infrastructure code declares is switched off or left out."""
    off = [(b, said) for b in _AUDITED.among(infrastructure) if (said := _silenced(b))]
    if off:
        yield failed(
            first_of((f"{b.address} {said}", b.at()) for b, said in off),
            examined(len(off), "audit trails without records"),
        )


def _silenced(block: Block) -> str:
    kinds = _AUDITED.value(block, "kinds")
    if isinstance(kinds, list) and kinds:
        named = [k.get("Type") if isinstance(k, dict) else k for k in kinds]
        told = [k for k in named if isinstance(k, str) and "$" not in k]
        return "" if "audit" in told or len(told) < len(named) else f"logs {', '.join(told)[:60]} and no audit"
    on = _AUDITED.says(block, "on")
    what = "records nothing" if _AUDITED.kind(block) == "trail" else "is switched off"
    return f"{what} ({on.because.replace('=', 'is')})" if on.value is False else ""


@check(
    "CMP-8.4.2",
    shows=FAIL,
    clean=[Example("Six years", {"logs.tf": _LOGS % 2192}), Example("For ever", {"logs.tf": _LOGS % 0})],
    flagged=[
        Example("A week", {"logs.tf": _LOGS % 7}),
        Example(
            "A store of another provider",
            {
                "logs.tf": 'resource "google_logging_project_bucket_config" "main" {\n'
                '  bucket_id = "audit"\n  retention_days = 30\n}\n'
            },
        ),
    ],
    silent=[
        Example("Half a year: enough for some rules", {"logs.tf": _LOGS % 180}),
        Example("Other logs", {"logs.tf": (_LOGS % 7).replace("audit", "web")}),
    ],
)
def audit_logs_are_kept(logs: LogStores) -> Iterator[Draft]:
    """No store of audit logs drops them within weeks."""
    kept = [(part, told, told.value) for part in logs.of_audit for told in (part.says("retention"),) if told.value]
    short = sorted((k for k in kept if k[2] < MIN_DAYS), key=lambda k: k[2])
    doubtful = sorted((k for k in kept if MIN_DAYS <= k[2] < PCI_DAYS), key=lambda k: k[2])
    if short:
        part, _, days = short[0]
        yield failed(
            each(short, at=lambda found: found[1].at).like(
                f"{part.address} keeps audit logs for {days:g} days; PCI-DSS asks for a year, HIPAA for six"
            ),
            confidence="medium",
            measure=measured("audit log retention", days, "days", at_least=PCI_DAYS),
        )
    elif doubtful:
        part, told, days = doubtful[0]
        yield unsure(
            f"{part.address} keeps audit logs for {days:g} days; whether that is enough depends on the rules",
            told.at,
            measure=measured("audit log retention", days, "days", at_least=PCI_DAYS),
        )


RECEIPTS = Signal(
    id="compliance.receipts-of-evidence",
    pattern=r"[\"']?\bstatus[\"']?\s{0,3}[:=]\s{0,3}[\"']?\w",
    roles=("config", "other", "docs", "infra", "asset"),
    kept=ALL,
)
_OF_EVIDENCE = re.compile(r"complian|evidence|receipt|audit", re.IGNORECASE)
_NOT_COLLECTED = re.compile(r"fail|error|incomplete|inactive|aborted|missing", re.IGNORECASE)


@check(
    "CMP-8.4.3",
    shows=PASS,
    reads=[RECEIPTS],
    clean=[
        Example(
            "Every night, and the report is kept",
            {
                ".github/workflows/audit.yml": _CI % "{schedule: [{cron: 0 3 * * *}]}"
                + "      - run: prowler aws -M json\n      - uses: actions/upload-artifact@v4\n"
            },
        ),
        Example(
            "An assessment that collects by itself",
            {"audit.tf": 'resource "aws_auditmanager_assessment" "soc2" {\n  name = "soc2"\n}\n'},
        ),
    ],
    flagged=[
        Example(
            "Looked at, and not kept",
            {".github/workflows/audit.yml": _CI % "{schedule: [{cron: 0 3 * * *}]}" + "      - run: prowler aws\n"},
        ),
        Example(
            "The newest report has failed",
            {
                "audit.tf": 'resource "aws_auditmanager_assessment" "soc2" {\n  name = "soc2"\n}\n',
                "compliance/receipts/2026-10-01.json": '{\n  "status": "COMPLETE"\n}\n',
                "compliance/receipts/2026-11-01.json": '{\n  "status": "FAILED: assessment is INACTIVE"\n}\n',
            },
        ),
        Example(
            "Started by hand",
            {
                ".github/workflows/audit.yml": _CI % "workflow_dispatch"
                + "      - run: prowler aws\n      - uses: actions/upload-artifact@v4\n"
            },
        ),
    ],
)
def evidence_is_collected(pipelines: Pipelines, infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """A scheduled job checks the rules and keeps its report, or the cloud's own audit tool collects evidence."""
    receipts = code[RECEIPTS].places.under(lambda path: _OF_EVIDENCE.search(path))
    if receipts and _NOT_COLLECTED.search(sorted(receipts, key=lambda hit: hit.path)[-1].text):
        newest = sorted(receipts, key=lambda hit: hit.path)[-1]
        yield unsure(f"The newest receipt of collected evidence tells of none: {newest.text[:100]}", newest)
        return
    places = [b.at() for b in _COLLECTORS.among(infrastructure)]
    for pipeline in pipelines.files:
        for job in (j for j in pipeline.jobs if "schedule" in pipeline.triggers_of(j)):
            checks = [s for s in job.steps if _checks_rules(s)]
            stores = [s for s in job.steps if _STORE.search(s.uses) or _STORE_COMMAND.search(s.said)]
            if checks and stores and stores[-1].line >= checks[0].line:
                places += [pipeline.at(checks[0]), pipeline.at(stores[-1])]
    if places:
        yield passed("Compliance evidence is collected and kept by itself", *places)


SCANNED = Signal(id="compliance.scanned-folder", pattern=r"\bdirectory:\s*[\"']?[\w./-]", roles=("ci",))


@check(
    "CMP-8.4.7",
    shows=BOTH,
    reads=[CONFIG_SCAN, SCANNED, SOFT],
    clean=[
        Example(
            "Checkov on each proposal",
            {".github/workflows/ci.yml": _CI % "pull_request" + "      - uses: bridgecrewio/checkov-action@v12\n"},
        ),
        Example("Rules of its own", {".gitlab-ci.yml": "policy:\n  script: [conftest test k8s/]\n"}),
        Example(
            "Trivy over the configuration",
            {
                ".github/workflows/ci.yml": _CI % "push"
                + "      - uses: aquasecurity/trivy-action@v1\n        with:\n          scan-type: config\n"
            },
        ),
    ],
    flagged=[
        Example(
            "Findings that stop nothing",
            {".github/workflows/ci.yml": _CI % "push" + "      - run: checkov -d infra || true\n"},
        ),
    ],
    silent=[
        Example("Only installed", {".github/workflows/ci.yml": _CI % "push" + "      - run: pip install checkov\n"}),
        Example(
            "Images alone",
            {
                ".github/workflows/ci.yml": _CI % "push"
                + "      - uses: aquasecurity/trivy-action@v1\n        with:\n          scan-type: image\n"
            },
        ),
    ],
)
def rules_checked_in_ci(pipelines: Pipelines, code: Code, files: Files) -> Iterator[Draft]:
    """A pipeline that commits start checks configuration against rules, and its failure counts."""
    soft: list[Source] = []
    heeded: list[Source] = []
    for pipeline, job, step in pipelines.steps():
        if job.manual or step.after_failure or not pipeline.triggers_of(job) & {"push", "pull_request", "call"}:
            continue
        scanned = "trivy-action" in step.uses and _near(pipeline.path, step, code[CONFIG_SCAN])
        if not scanned and not _checks_rules(step):
            continue
        counts = job.heeded and (_RULES_ACTION.search(step.enforced) or any(map(_holds, step.enforced.split("\n"))))
        astray = [hit for hit in _hits_near(pipeline.path, step, code[SCANNED]) if _is_not_there(hit.text, files)]
        ignored = (
            bool(astray)
            or _near(pipeline.path, step, code[SOFT])
            or not (counts or (scanned and step.heeded and job.heeded))
        )
        (soft if ignored else heeded).append(pipeline.at(step))
    if heeded:
        yield passed("CI checks configuration against rules", *heeded)
    elif soft:
        yield failed(each(soft).say("{all:check} of compliance rules in CI {is} told to stop nothing"))


def _checks_rules(step: CiStep) -> bool:
    if _RULES_ACTION.search(step.uses):
        return True
    return any(_RULES.search(command.plain) and not _TALK.match(command.plain) for command in step.commands)


def _holds(line: str) -> bool:
    """Whether a command checks rules and fails where they are broken."""
    return bool(_RULES.search(line)) and not re.search(r"--soft-fail|\bcheckov\b.* -s\b", line)


def _hits_near(path: str, step: CiStep, hits: Hits) -> tuple[Source, ...]:
    return hits.within(path, step.line, step.line + 10)


def _is_not_there(setting: str, files: Files) -> bool:
    """Whether a folder that a step is told to look through is none of the tree."""
    found = _FOLDER.search(setting)
    folder = found[1].strip("/").removeprefix("./").strip("/") if found else ""
    return bool(folder) and folder != "." and not any(f"{f.path}/".startswith(f"{folder}/") for f in files.entries)


_FOLDER = re.compile(r"\bdirectory:\s*[\"']?([\w./-]{1,200})")


def _near(path: str, step: CiStep, hits: Hits) -> bool:
    """Whether one of *hits* stands within the ten lines that a step's settings take."""
    return bool(hits.within(path, step.line - 3, step.line + 10))
