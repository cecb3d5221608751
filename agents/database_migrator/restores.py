"""Judges section 6.1 as far as restores tell of it: they are tried, compared, in time, and made each week."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    Code,
    Documents,
    Draft,
    Example,
    History,
    Infrastructure,
    Kubernetes,
    Signal,
    Source,
    Typed,
    check,
    compared,
    failed,
    is_run,
    met_aims,
    passed,
    seldom,
    words,
)

from ._backup_examples import NO_DATABASE

_HEAD = "# Restoring\n\nAims: 60 minutes, 10 minutes lost.\n\n"
_DRILL = _HEAD + "| Date | What | Rows | Newest | Took |\n|---|---|---|---|---|\n"
_ROW = "| {} | newest snapshot, all steps | orders {} | 4 min lost | {} min |\n"
VERIFIES = Signal(
    id="data.backup-verified",
    pattern=(
        r"pg_restore\b.{0,60}\s(?:--list|-l)\b|pg_verifybackup|pgbackrest\b.{0,100}\bverify\b|restic\b.{0,80}\bcheck\b|"
        r"borg\b.{0,60}\bcheck\b|wal-verify|barman\b.{0,40}\bverify-backup\b|"
        r"mariabackup\b.{0,60}--prepare|kopia\b.{0,60}\bverify\b|" + words("resources/restored").pattern
    ),
    roles=("source", "infra", "config", "ci", "other"),
)


@check(
    "DAT-6.1.2",
    shows=PASS,
    clean=[
        Example("a restore of this week, row by row", {
            "docs/restore.md": _DRILL + _ROW.format("2026-11-26", "81 204 = 81 204", 41)
        }),
        Example("the same as prose", {
            "docs/backups.md": _HEAD + "On 26 November 2026 the dump of the night was restored into a scratch "
            "instance: 1,204,331 of 1,204,331 rows, 38 minutes.\n"
        }),
    ],
    flagged=[
        Example("rows are missing", {
            "docs/restore.md": _DRILL + _ROW.format("2026-11-26", "80 100 of 81 204, 1104 rows missing", 41)
        }),
        Example("one of two databases cannot be read", {
            "docs/restore.md": _DRILL + _ROW.format("2026-11-26", "81 204 = 81 204", 41)
            + "| 2026-11-26 | newest dump of the ledger | differs, ends early | - | - |\n"
        }),
        Example("a restore that is to come", {
            "docs/restore.md": _DRILL + _ROW.format("2199-03-04", "81 204 = 81 204", 41)
        }),
    ],
    silent=[NO_DATABASE],
    reads=[VERIFIES],
)  # fmt: skip
def proven_complete(documents: Documents, history: History, code: Code) -> Iterator[Draft]:
    """What was restored lately had as many rows as its source, and each backup is checked."""
    yield from compared(documents, history, 7, list(code[VERIFIES].places.under(is_run)[:1]), 92)


@check(
    "DAT-6.1.3",
    shows=PASS,
    clean=[
        Example("within its aims", {"docs/restore.md": _DRILL + _ROW.format("2026-11-26", "81 204 = 81 204", 41)}),
        Example("targets in a table of their own", {
            "docs/dr.md": "# Disaster recovery\n\n| Objective | Value |\n|---|---|\n"
            "| RTO | 2 hours |\n| RPO | 15 minutes |\n\n"
            "26 November 2026: restored from the copy in the other region in 1 h 20, "
            "all counts identical, newest row 3 min old.\n"
        }),
    ],
    flagged=[
        Example("too slow", {"docs/restore.md": _DRILL + _ROW.format("2026-11-26", "81 204 = 81 204", 90)}),
        Example("nobody says what it is to reach", {
            "docs/restore.md": "# Restore\n\n2026-11-26: restored in 41 min, 81 204 = 81 204 rows.\n"
        }),
        Example("it broke off", {"docs/restore.md": _DRILL + _ROW.format("2026-11-26", "aborted", 41)}),
    ],
    silent=[NO_DATABASE],
)  # fmt: skip
def restored_in_time(documents: Documents, history: History) -> Iterator[Draft]:
    """A restore of the last quarter was compared with its source and kept to the times that are aimed at."""
    yield from met_aims(documents, history, 92)


_WEEKLY = (
    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: restore}\nspec:\n  schedule: SCHEDULE\n  jobTemplate:\n"
    "    spec:\n      template:\n        spec:\n          containers:\n          - name: restore\n"
    "            image: postgres:17\n            command: [sh, -c, 'pg_restore -d tmp /latest && psql -f check.sql']\n"
)


@check(
    "DAT-6.1.9",
    shows=BOTH,
    clean=[
        Example("every Monday", {"k8s/restore.yaml": _WEEKLY.replace("SCHEDULE", "'0 4 * * 1'")}),
        Example("the provider's own tests", {
            "backup.tf": 'resource "aws_backup_restore_testing_plan" "w" {\n'
            '  schedule_expression = "cron(0 5 ? * SUN *)"\n}\n'
        }),
    ],
    flagged=[
        Example("once a month", {"k8s/restore.yaml": _WEEKLY.replace("SCHEDULE", "'0 4 1 * *'")}),
        Example("twice a year, by hand", {
            "docs/restore.md": _DRILL + _ROW.format("2026-05-20", "81 204 = 81 204", 41)
            + _ROW.format("2026-11-26", "91 204 = 91 204", 41)
        }),
    ],
    silent=[
        NO_DATABASE,
        Example("one restore, of which nobody knows whether it was the only one", {
            "docs/restore.md": _DRILL + _ROW.format("2026-11-26", "81 204 = 81 204", 41)
        }),
        Example("drills a quarter apart, beside a routine of Sundays", {
            "docs/restore.md": _DRILL + _ROW.format("2026-08-20", "81 204 = 81 204", 41)
            + _ROW.format("2026-11-19", "91 204 = 91 204", 41) + "\n## Sundays\n\n`check`: 11-22 ok, 11-29 ok.\n"
        }),
        Example("each week", {
            "docs/restore.md": _DRILL + _ROW.format("2026-11-26", "81 204 = 81 204", 41)
            + _ROW.format("2026-11-19", "91 204 = 91 204", 41)
        }),
    ],
)  # fmt: skip
def weekly_restore(
    kubernetes: Kubernetes, infrastructure: Infrastructure, documents: Documents, history: History
) -> Iterator[Draft]:
    """A job restores a backup and checks the data each week; the restores that are told of lie no further apart."""
    good: list[Draft] = []
    rare: list[tuple[str, Source]] = []
    seen = False
    for job in (*kubernetes.of("CronJob"), *(j for j in kubernetes.jobs if j.kind == "CronJob")):
        for keys, container in job.containers():
            words = f"{container.get('command', '')} {container.get('args', '')}"
            if not _RESTORES.search(f"{words} {job.resource}"):
                continue
            seen = True
            schedule = job.get("spec", "schedule")
            if not (_RESTORES.search(words) and _CHECKS.search(words)):
                continue
            if _weekly(schedule):
                good.append(passed(f"CronJob {job.resource} restores and checks a backup each week", job.at(*keys)))
            elif len(str(schedule).split()) == 5:
                rare.append(
                    (f"CronJob {job.resource} restores a backup less than once a week: {schedule}", job.at(*keys))
                )
    for plan in _TESTS.among(infrastructure):
        seen = True
        schedule, place = str(_TESTS.value(plan, "schedule")), _TESTS.place(plan, "schedule")
        if _weekly_plan(schedule):
            good.append(passed(f"{plan.address} restores backups each week", place))
        elif len(schedule.split()) in (5, 6):
            rare.append((f"{plan.address} restores backups less than once a week: {schedule}", place))
    if good:
        yield from good
    elif rare:
        yield failed(*rare[0])
    elif not seen:
        yield from seldom(documents, history)


_TESTS = Typed("resources/restore-tests")
_RESTORES = re.compile(r"pg_restore|mongorestore|backup-fetch|restore", re.IGNORECASE)
_CHECKS = re.compile(r"psql|select |count|verify|check|mysql |assert", re.IGNORECASE)


def _weekly(schedule: object) -> bool:
    """Whether a cron expression comes round at least once a week: any day of the month, any month."""
    if schedule in ("@daily", "@midnight", "@weekly", "@hourly"):
        return True
    fields = str(schedule).split()
    return len(fields) == 5 and fields[2] in ("*", "?") and fields[3] == "*"


def _weekly_plan(schedule: str) -> bool:
    """The same of an expression of a provider: ``cron(0 5 ? * SUN *)``, ``rate(7 days)``."""
    rate = re.fullmatch(r"rate\((\d{1,4}) (hours?|days?)\)", schedule)
    if rate:
        return int(rate[1]) <= (7 if rate[2].startswith("day") else 7 * 24)
    fields = schedule.removeprefix("cron(").rstrip(")").split()
    return len(fields) in (5, 6) and fields[2] in ("*", "?") and fields[3] == "*"
