"""Judges section 1.3 as far as people see to backups: alerts, restore checks and a runbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from orchestrator import (
    HORIZON,
    PASS,
    Alerts,
    Document,
    Documents,
    Draft,
    Example,
    History,
    Infrastructure,
    Kubernetes,
    Source,
    Typed,
    check,
    days,
    met_aims,
    passed,
    unjudged,
    walked,
)

from ._examples import NO_CLOUD

_FAILED_BACKUP = Example(
    "an alert on the age of the newest backup",
    {
        "monitoring/rules.yaml": (
            "groups:\n- name: backups\n  rules:\n  - alert: BackupTooOld\n"
            "    expr: time() - backup_last_success_timestamp_seconds > 26 * 3600\n"
        )
    },
)
_OTHER_ALERT = Example(
    "alerts, none of which is about backups",
    {"monitoring/rules.yaml": "groups:\n- name: web\n  rules:\n  - alert: Down\n    expr: up == 0\n"},
)
_NOTICES = Typed("resources/backup-notices")
_ABOUT_BACKUPS = re.compile(r"backup|velero|barman|pgbackrest|wal.?g\b", re.IGNORECASE)
_FAILING = re.compile(r"fail|error|missing|absent|stale|late|old|age|last|partial|success|time|status", re.IGNORECASE)


@check("INF-1.3.6", shows=PASS, clean=[_FAILED_BACKUP], flagged=[_OTHER_ALERT], silent=[NO_CLOUD])
def backup_alerts(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """An alert rule on failed or overdue backups, or notifications of a backup vault about failed jobs."""
    rules = []
    for rule in alerts.rules:
        text = f"{rule.title} {rule.plain}"
        if _ABOUT_BACKUPS.search(text) and _FAILING.search(text.lower().replace("backup", "")):
            rules.append(rule)
    if rules:
        yield passed(f"Alert {rules[0].title} goes off when a backup fails or is overdue", *(r.source for r in rules))
    for block in _NOTICES.among(infrastructure):
        if "BACKUP_JOB_FAILED" in str(_NOTICES.value(block, "events")):
            yield passed(f"{block.address} reports failed backup jobs", _NOTICES.place(block, "events"))


@check(
    "INF-1.3.9",
    shows=PASS,
    clean=[
        Example(
            "a nightly job restores the newest dump",
            {
                "k8s/restore.yaml": (
                    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: restore-check}\nspec:\n"
                    "  schedule: 0 4 * * 1\n  jobTemplate:\n    spec:\n      template:\n        spec:\n"
                    "          containers:\n          - name: check\n            image: postgres:17\n"
                    "            command: [sh, -c, 'pg_restore -d scratch /latest && psql -f checks.sql scratch']\n"
                )
            },
        )
    ],
    flagged=[
        Example(
            "a nightly job that only dumps",
            {
                "k8s/dump.yaml": (
                    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: dump}\nspec:\n  schedule: 0 4 * * *\n"
                    "  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n"
                    "          - {name: dump, image: 'postgres:17', command: [pg_dump, shop]}\n"
                )
            },
        )
    ],
    silent=[NO_CLOUD],
)
def restore_checks(kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """A schedule that restores backups: a CronJob with a restore command and a check, or a restore testing plan."""
    for job in kubernetes.of("CronJob"):
        for keys, container in job.containers():
            words = f"{container.get('command', '')} {container.get('args', '')}"
            if _RESTORES.search(words) and _CHECKS.search(words):
                yield passed(f"CronJob {job.resource} restores a backup and checks it", job.at(*keys))
    for plan in _TESTS.among(infrastructure):
        yield passed(f"{plan.address} restores backups on a schedule", _TESTS.place(plan, "schedule"))


_TESTS = Typed("resources/restore-tests")
_RESTORES = re.compile(r"restore|backup-fetch", re.IGNORECASE)
_CHECKS = re.compile(r"psql|select |count|verify|check|mysql |assert", re.IGNORECASE)


_BREATH = (
    "# Recovery on 2026-10-27\n\nElm, Ash. Copies of the night before.\n\n| | |\n|---|---|\n| 09:00 | gone |\n"
    "| 10:14 | journeys green |\n\n**74 of 120 minutes; 6 min 37 s of 15 lost.** user 48,210 of 48,210.\n"
    "To do: a key (done 2026-10-29).\n"
)
_SIDE_BY_SIDE = (
    "# Restore drill of {}\n\n| | Target | Measured |\n| --- | --- | --- |\n| Recovery time (RTO) | 2 h | 91 min |\n"
    "| Recovery point (RPO) | 15 min | {} min |\n\nguest 1,204,331 rows of 1,204,331.\n"
)
_TOLD = (
    "# Restoring\n\nAims: 60 minutes, 10 minutes lost.\n\n"
    "| Date | What | Rows | Newest | Took |\n|---|---|---|---|---|\n"
    "| {} | from the other region, all steps | orders 81 204 = 81 204 | 4 min lost | {} min |\n"
)


@check(
    "INF-1.3.3",
    shows=PASS,
    clean=[
        Example("within its aims", {"docs/restore.md": _TOLD.format("2026-11-04", 41)}),
        Example("in a section of its own, told in one breath", {"ops/drill.md": _BREATH}),
        Example(
            "as prose, with its objectives",
            {
                "docs/dr.adoc": "= Disaster recovery\n\nRTO 2 hours, RPO 15 minutes.\n\n"
                "On 4 November 2026 the copy in the other region was restored: 1 h 20, counts identical, 3 min lost.\n"
            },
        ),
    ],
    flagged=[
        Example(
            "targets and measures side by side, of which a later one missed",
            {
                "docs/drills/a.md": _SIDE_BY_SIDE.format("2026-10-22", 4),
                "docs/drills/b.md": _SIDE_BY_SIDE.format("2026-11-19", 50),
            },
        ),
        Example("longer than it may, told in one breath", {"ops/drill.md": _BREATH.replace("74 of", "174 of")}),
        Example("too slow", {"docs/restore.md": _TOLD.format("2026-11-04", 90)}),
        Example("still to come", {"docs/restore.md": _TOLD.format("2199-03-04", 41)}),
    ],
    silent=[NO_CLOUD],
)
def restored_in_time(documents: Documents, history: History) -> Iterator[Draft]:
    """A restore of the last quarter was compared with its source and kept to the times that are aimed at."""
    yield from met_aims(documents, history, 92)


@check(
    "INF-1.3.10",
    shows=PASS,
    clean=[
        Example(
            "a recovery runbook with the date of its last drill",
            {
                "docs/runbooks/disaster-recovery.md": (
                    "# Disaster recovery\n\n## Restore the database\n\n"
                    + "Find the newest snapshot and restore it. " * 12
                    + "\n\n## Drill of 2025-03-04\n\nRestored in 41 minutes, all row counts as expected.\n"
                )
            },
        )
    ],
    flagged=[
        Example(
            "a drill that is still to come",
            {
                "docs/runbooks/disaster-recovery.md": "# Disaster recovery\n\n"
                + "Find the newest snapshot and restore it by hand. " * 12
                + "\n\n## Drill of 2099-03-04\n\nRestored in 41 minutes.\n"
            },
        ),
        Example(
            "a runbook that was walked through at a table",
            {
                "docs/runbooks/disaster-recovery.md": "# Disaster recovery\n\n"
                + "Find the newest snapshot and restore it by hand. " * 12
                + "\n\n## Walk-through of 2025-03-04\n\nAll agreed.\n"
                + "\n\n## Table-top exercise of 2025-06-04\n\nAll agreed.\n"
            },
        ),
        Example(
            "a recovery runbook that nobody has tried",
            {
                "docs/runbooks/disaster-recovery.md": "# Disaster recovery\n\n"
                + "Restore the newest snapshot by hand. " * 12
            },
        ),
    ],
    silent=[NO_CLOUD],
)
def recovery_runbook(documents: Documents, history: History) -> Iterator[Draft]:
    """A recovery runbook with a dated heading, line or row of a table of a test or drill that has come."""
    followed = list(walked(documents, history, 180))
    if followed:
        yield from followed
        return
    for document, _ in documents.about("disaster-recovery", "disaster recovery", "disaster_recovery", minimum=60):
        titles = {heading.line: heading.text for heading in document.headings}
        tried = [
            Source(path=document.path, line=line) for line, day in _tried(document, titles) if day <= history.latest
        ]
        if tried:
            yield passed(f"{document.path} tells how to recover and when it was tried", document.at(), tried[0])
            return
    yield from unjudged(documents, "disaster-recovery", "disaster recovery", "disaster_recovery")


_STEPS = (
    "1. Tell #ops.\n2. Restore: `pg_restore -j4 -d shop newest.dump`.\n3. Point DATABASE_URL at it and "
    "compare counts.\n"
)
_RECORD = (
    "\n| Date | What | Rows | Took |\n|---|---|---|---|\n| 2026-11-03 | dump of the night, all steps above "
    "| 812 = 812 | 31 min |\n"
)


@check(
    "INF-1.3.10",
    shows=PASS,
    clean=[
        Example(
            "few steps, and a row that says that all of them were taken",
            {"docs/restore.md": "# Restore\n\n" + _STEPS + _RECORD},
        ),
        Example(
            "a section of a longer page",
            {
                "docs/ops.md": "# Ops\n\nLook at the board each morning.\n\n## Recovery\n\n`aws rds "
                "restore-db-instance-to-point-in-time "
                "--target shop`, change the secret, roll.\n\n9 September 2026, staging, whole page by Ida: 27 "
                "min, 812 = 812.\n"
            },
        ),
        Example(
            "steps, and below them a drill with its times and rows",
            {
                "ops/recovery.md": "# When the database is gone\n\n"
                + _STEPS
                + "\n## Drill of 2026-11-05\nDeleted 10:00.\n\n"
                "| what | when |\n|---|---|\n| restored | 10:34 |\n\n34 minutes, rows 1 204 of 1 204.\n"
            },
        ),
        Example(
            "steps that name the day of the record of them",
            {
                "ops/recovery.md": "# The region is gone\n\n"
                + _STEPS
                + "\nTried: [2026-10-27](drill.md), 2026-07-21.\n",
                "ops/drill.md": "# Recovery, 27 October 2026\n\nBegun 09:00, back 10:14. order 133 904 of 133 904.\n",
            },
        ),
        Example(
            "AsciiDoc",
            {
                "doc/recovery.adoc": "= Recovery\n\n. Declare it.\n. `gcloud sql instances clone a "
                "b`.\n\n|===\n|Date |What |Took\n"
                "|2026-11-17 |from the other region, following this runbook |55 min\n|===\n"
            },
        ),
    ],
    flagged=[
        Example("steps that nobody has taken", {"docs/restore.md": "# Restore\n\n" + _STEPS}),
        Example(
            "steps that name a day of which nothing is told",
            {"ops/recovery.md": "# The region is gone\n\n" + _STEPS + "\nTried: 2026-10-27.\n"},
        ),
        Example(
            "a drill that is long ago below the steps",
            {
                "ops/recovery.md": "# Recovery\n\n"
                + _STEPS
                + "\n## Drill of 2026-02-05\nRestored in 34 minutes, rows 1 204 of 1 204.\n"
            },
        ),
        Example("a record without steps", {"docs/restore.md": "# Restore\n\nThe provider helps us.\n" + _RECORD}),
        Example(
            "steps that were talked through",
            {"docs/restore.md": "# Restore\n\n" + _STEPS + _RECORD.replace("all steps above", "all steps, table-top")},
        ),
        Example(
            "a record of years ago", {"docs/restore.md": "# Restore\n\n" + _STEPS + _RECORD.replace("2026", "2021")}
        ),
        Example(
            "a day that is still to come",
            {"docs/restore.md": "# Restore\n\n" + _STEPS + _RECORD.replace("2026", "2099")},
        ),
        Example("a record of something else", {"docs/release.md": "# Releasing\n\n" + _STEPS + _RECORD}),
    ],
    silent=[NO_CLOUD],
)
def runbook_followed(documents: Documents, history: History) -> Iterator[Draft]:
    """
    Steps of recovery stand in a document, and a record of the last 180 days says that they were taken.

    A record says so by its words (*all steps*), by standing below the steps with what it compared and how long it
    took, or where the document of the steps names its day.
    """
    today = history.latest if history.latest < HORIZON else HORIZON - timedelta(days=366)
    late = (today - timedelta(days=180)).isoformat()
    about = [document for document in documents.every() if _is_of_recovery(document)]
    compared = {one.day: (d.path, one) for d in about for one in d.measured if one.kind == "compared"}
    for document in documents.every():
        titles = {heading.line: heading.text for heading in document.headings}
        whole = _is_of_recovery(document)
        told = [m for m in document.measured if whole or _OF_RECOVERY.search(titles.get(m.section, ""))]
        steps = [one for one in told if one.kind == "step"]
        recent = [one for one in told if late <= one.day <= history.latest.isoformat()]
        taken = [(document.path, one) for one in recent if one.kind == "whole"]
        if not whole:  # one section of many: it has its own steps
            steps = [one for one in steps if any(one.section == other.section for _, other in taken)]
        elif sum(max(1, len(_NUMBERS.findall(one.text))) for one in steps) >= _FEW and any(
            "`" in s.text for s in steps
        ):
            taken += [(document.path, one) for one in recent if one.kind == "compared"]
            taken += [compared[one.day] for one in recent if one.kind == "named" and one.day in compared]
        if steps and taken:
            path, last = max(taken, key=lambda one: one[1].day)
            yield passed(
                f"{document.path} has the steps of recovery, and on {last.day} all of them were taken",
                Source(path=document.path, line=steps[0].line, text=steps[0].text),
                Source(path=path, line=last.line, text=last.text),
            )
            return


_FEW = 3
"""So many steps at least make a procedure, where no record says that all of it was gone through."""


_NUMBERS = re.compile(r"(?:^|\s)\d{1,2}\.\s\w")
"""Where each step of several on one line begins."""


def _is_of_recovery(document: Document) -> bool:
    return _OF_RECOVERY.search(f"{document.path.rpartition('/')[2]} {document.title}") is not None


_OF_RECOVERY = re.compile(
    r"recover|restor|disaster|backup|fail-?over|(?<![a-z])dr(?![a-z])|continuity|bring\w* back|wiederherstell|reprise|"
    r"restaur|recupera|desastre|from nothing|(?:is|are|all|everything) gone",
    re.IGNORECASE,
)


def _tried(document: Document, titles: Mapping[int, str]) -> Iterator[tuple[int, date]]:
    """The line and the day of what *document* says of drills; of a year alone its first day."""
    for line, title in titles.items():
        year = _DATE.search(title)
        if _DRILL.search(title) and year and not _TALK.search(title):
            yield line, (days(title) or [date(int(year[0]), 1, 1)])[0]
    for dated in document.dated:
        text = f"{titles.get(dated.section, '')} {dated.text}"
        if _DRILL.search(text) and not _TALK.search(text) and not dated.undone:
            yield dated.line, date.fromisoformat(dated.day)


_DRILL = re.compile(r"drill|exercise|rehears|game.?day|tested", re.IGNORECASE)
_TALK = re.compile(r"table.?top|walk(ed)?.?through|on paper|discuss|dry.?run", re.IGNORECASE)
"""Goes through the steps in words alone, and brings nothing back."""
_DATE = re.compile(r"\b20\d\d\b")
