"""Judges what people have written of trials that they ran: scaling under load, failovers, drills each quarter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from orchestrator import (
    BOTH,
    HORIZON,
    PASS,
    DataStores,
    Document,
    Documents,
    Draft,
    Example,
    History,
    LoadTests,
    Measured,
    Source,
    check,
    days,
    failed,
    measured,
    passed,
    unsure,
)

_LOAD = (
    "# Load of 2026-11-12 on staging, v3.8, as large as production\n\nk6, `load/morning.js`, expected peak "
    "300 people.\n\n"
)
_TABLE = (
    "| | people | p95 | failed | pods |\n|---|---|---|---|---|\n| peak | 300 | 61 ms | 0 | 3 → 4 |\n"
    "| twice | 600 | 84 ms | 0 | 4 → 6 |\n\n"
)
_CROSSED = "CPU crossed 60 % at 6:10, the fourth pod was ready at 6:52.\n"
_BACK = "From 6 to 3 pods with 50 people left: 0 of 4 410 requests reset.\n"
_ABOUT_LOAD = re.compile(
    r"load|perf|capacit|stress|scal(?:e|ing)|soak|sizing|peak|charge|tirs\b|carga|last(?:test|probe)|kapazit",
    re.IGNORECASE,
)


def _today(history: History) -> date:
    """The day by which records are new or old: that of the commit, or else the earliest that it can be."""
    return history.latest if history.latest < HORIZON else HORIZON - timedelta(days=366)


def _is_recent(day: date, history: History, valid: int) -> bool:
    return _today(history) - timedelta(days=valid) <= day <= history.latest


def _of_load(documents: Documents, history: History, valid: int = 90) -> Iterator[tuple[Document, list[Measured]]]:
    """Documents, and what each tells below headings about load, of a run whose day has come and is not long ago."""
    for document in documents.every():
        titles = {heading.line: heading.text for heading in document.headings}
        named = _ABOUT_LOAD.search(f"{document.path.rpartition('/')[2]} {document.title}")
        told = [m for m in document.measured if named or _ABOUT_LOAD.search(titles.get(m.section, ""))]
        lines = {m.section for m in told}
        ran = days(f"{document.path.rpartition('/')[2]} {document.title}")
        ran += [day for d in document.dated if named or d.section in lines for day in days(d.text)]
        if told and any(_is_recent(day, history, valid) for day in ran):
            yield document, told


def _said(kinds: str, told: Sequence[Measured]) -> list[Measured]:
    return [one for one in told if one.kind == kinds]


def _place(document: Document, one: Measured) -> Source:
    return Source(path=document.path, line=one.line, text=one.text)


def _grew(told: Sequence[Measured]) -> list[Measured]:
    """Where instances became more: in one line, or from one row of a table to the next."""
    counts = _said("count", told)
    grown = [one for one in counts if one.counts[-1] > one.counts[0]]
    rows = [(a, b) for a, b in pairwise(counts) if a.section == b.section and b.line == a.line + 1]
    return grown or [b for a, b in rows if len(a.counts) == len(b.counts) == 1 and a.counts[0] < b.counts[0]]


@check(
    "INF-1.1.3",
    shows=PASS,
    clean=[
        Example("CPU crossed its target, and a pod came", {"docs/load.md": _LOAD + _TABLE + _CROSSED}),
        Example(
            "A count that rose in the next sentence",
            {
                "docs/load.md": _LOAD
                + "**Scaling.** CPU of web crossed 55 % at 14:12:10 in the run at twice; 3 → 5 tasks "
                "at 14:13:40.\n"
            },
        ),
        Example(
            "A task that followed, in AsciiDoc",
            {
                "doc/performance.adoc": "= Load test, 12 November 2026\n\nMemory passed 70 % four minutes in; "
                "the third task stood 50 s later.\n"
            },
        ),
        Example(
            "Replicas of a container app",
            {
                "docs/capacity.md": "# Capacity\n\n12 Nov 2026, staging: 60 % crossed at minute 3, third replica "
                "after 35 s.\n"
            },
        ),
    ],
    flagged=[
        Example(
            "It was crossed, and none came",
            {"docs/load.md": _LOAD + "CPU crossed 60 % at 14:12:10; 3 pods stood all the time until 14:40.\n"},
        ),
        Example("Pods came, and nothing says why", {"docs/load.md": _LOAD + _TABLE}),
        Example(
            "What is still to be tried",
            {"docs/load.md": _LOAD + "CPU will have crossed 60 % when the next pod is up after 40 s.\n"},
        ),
        Example("A run of years ago", {"docs/load.md": _LOAD.replace("2026", "2021") + _CROSSED}),
        Example("A run that is still to come", {"docs/load.md": _LOAD.replace("2026", "2099") + _CROSSED}),
    ],
)
def metric_that_triggered(documents: Documents, history: History) -> Iterator[Draft]:
    """The record of a load test of the last 90 days says that the metric crossed its target and instances followed."""
    for document, told in _of_load(documents, history):
        if crossed := _said("crossed", told):
            yield passed(
                f"{document.path} tells that the metric crossed its target and instances followed",
                *(_place(document, one) for one in crossed),
                confidence="medium",
            )
            return


@check(
    "INF-1.1.4",
    shows=BOTH,
    clean=[
        Example("From three pods to six", {"docs/load.md": _LOAD + _TABLE}),
        Example(
            "More instances from row to row",
            {
                "docs/load.md": _LOAD
                + _TABLE.replace("pods", "concurrent").replace("3 → 4", "31").replace("4 → 6", "64")
            },
        ),
        Example(
            "In a sentence",
            {
                "docs/performance.md": "# Load, 2026-11-01\n\nGatling, journeys with pauses: 200 users took it "
                "from 2 to 5 tasks, p95 180 ms.\n"
            },
        ),
    ],
    flagged=[
        Example(
            "Instances that stayed as many as they were",
            {"docs/load.md": _LOAD + _TABLE.replace("3 → 4", "4").replace("4 → 6", "4")},
        ),
    ],
    silent=[
        Example(
            "Nothing tells what traffic it was",
            {"docs/load.md": (_LOAD + _TABLE).replace("k6, `load/morning.js`, ", "")},
        ),
        Example("A run of years ago", {"docs/load.md": _LOAD.replace("2026", "2021") + _TABLE}),
        Example("A heading alone", {"docs/load.md": "# Load of 2026-11-12\n\n## Pods\n"}),
    ],
)
def growth_under_load(documents: Documents, history: History, tests: LoadTests) -> Iterator[Draft]:
    """The record of a load test of the last 90 days with traffic like people's counts more instances than before."""
    shaped = [s for s in tests.scripts if s.requests > 1 and not s.hammer and (s.think or s.data or s.stages)]
    for document, told in _of_load(documents, history):
        counts = _said("count", told)
        if (grown := _grew(told) or _said("crossed", told)) and (shaped or _said("shape", told)):
            yield passed(
                f"{document.path} counts more instances under load than before it",
                *(_place(document, one) for one in grown),
                confidence="medium",
            )
            return
        if len(counts) > 1 and not grown and {one.counts for one in counts} == {counts[0].counts}:
            count = counts[0].counts[-1]
            yield failed(
                f"{document.path} counts {count} instances in each run: under more load none was added",
                _place(document, counts[0]),
                _place(document, counts[-1]),
                measure=measured("instances added under load", 0, at_least=1),
            )


@check(
    "INF-1.1.5",
    shows=PASS,
    clean=[
        Example("From six pods to three, and nothing was reset", {"docs/load.md": _LOAD + _BACK}),
        Example(
            "Scaled in",
            {
                "docs/load.md": _LOAD
                + "Scaled in from 5 to 2 instances while 80 users went on: no connection was dropped.\n"
            },
        ),
        Example(
            "Back to as many, told after they came",
            {
                "docs/load.md": _LOAD
                + "CPU crossed 55 % at 10:07:05; fourth task in service 10:08:31. Back to three by "
                "11:20: zero reset, zero refused of 96,300.\n"
            },
        ),
        Example(
            "Fewer, where it was said of what",
            {
                "docs/load.md": _LOAD
                + "CPU crossed 55 % at 14:12:10; 3 → 5 tasks at 14:13:40. After the run 5 → 3 between "
                "14:51 and 15:03 while 20 users went on: 0 refused, 0 reset, 0 5xx.\n"
            },
        ),
        Example("Back again", {"docs/load.md": _LOAD + "Back from 7 to 2 tasks: none of 3 120 requests failed.\n"}),
    ],
    flagged=[
        Example("Some were lost", {"docs/load.md": _LOAD + _BACK.replace("0 of 4 410", "12 of 4 410")}),
        Example(
            "Back to as many, and some were cut",
            {
                "docs/load.md": _LOAD
                + "CPU crossed 55 % at 10:07:05; fourth task in service 10:08:31. Back to three by "
                "11:20: 3 connections reset of 96,300, 0 refused.\n"
            },
        ),
        Example("Nobody counted", {"docs/load.md": _LOAD + "From 6 to 3 pods with 50 people left.\n"}),
        Example(
            "More instances, none lost", {"docs/load.md": _LOAD + "From 3 to 6 pods: 0 of 4 410 requests reset.\n"}
        ),
    ],
)
def removal_without_loss(documents: Documents, history: History) -> Iterator[Draft]:
    """The record of a load test of the last 90 days counts no lost request while instances were removed."""
    for document, told in _of_load(documents, history):
        if intact := _said("intact", told):
            yield passed(
                f"{document.path} tells that instances were removed and no request was lost",
                *(_place(document, one) for one in intact),
                confidence="medium",
            )
            return


_FAILOVER = (
    "# Recovery\n\n## Failover\n\n2026-11-03, staging: primary gone 10:02:11, standby promoted 10:02:58, "
    "first write 10:03:05.\n"
)
_DRILLS = (
    "# Disaster recovery\n\n| Date | What | Rows | Took |\n|---|---|---|---|\n"
    "| 2026-08-19 | point in time, to scratch | 9 211 = 9 211 | 29 min |\n"
    "| 2026-11-17 | from the other region, all steps | 9 340 = 9 340 | 55 min |\n"
)


@check(
    "INF-1.2.2",
    shows=PASS,
    clean=[
        Example("A failover with its times", {"docs/dr.md": _FAILOVER}),
        Example(
            "In a row of a table",
            {
                "docs/dr.md": "# Drills\n\n| when | what | took |\n|---|---|---|\n| 14 Nov 2026 | standby "
                "promoted, by hand | gone 07:00:02, writing 07:00:29 |\n"
            },
        ),
        Example(
            "How long it took",
            {"docs/dr.md": "# Drills\n\n2026-11-03 forced failover of the Aurora writer: promoted in 31 s.\n"},
        ),
        Example(
            "The heading names the day, and the text the times",
            {
                "records/failover.md": "# Failover of the database, 14 October 2026, 05:30 (Tom)\n`aws rds "
                "reboot-db-instance --force-failover`. Primary lost 05:31:02, standby promoted 05:31:38.\nNext: "
                "April 2027.\n"
            },
        ),
        Example(
            "In German",
            {
                "betrieb/Wiederherstellung.md": "# Wiederherstellung\n\n## Umschalten der Datenbank, 19. Oktober "
                "2026\n`db-1` ausgeschaltet 05:30:00; Patroni befördert `db-2` 05:30:34.\n"
            },
        ),
    ],
    flagged=[
        Example(
            "A failover that is planned",
            {"docs/dr.md": _FAILOVER.replace("2026-11-03, staging", "Planned for 2026-11-03")},
        ),
        Example(
            "Without a time", {"docs/dr.md": "# Failover\n\nOn 2026-11-03 we spoke about failover of the database.\n"}
        ),
        Example("Years ago", {"docs/dr.md": _FAILOVER.replace("2026", "2022")}),
        Example(
            "A database in one zone is declared beside it",
            {"docs/dr.md": _FAILOVER, "main.tf": 'resource "aws_db_instance" "main" {\n  engine = "postgres"\n}\n'},
        ),
        Example(
            "A database of another kind beside it, of which nothing is told",
            {
                "docs/dr.md": _FAILOVER,
                "main.tf": 'resource "aws_db_instance" "main" {\n  engine = "postgres"\n  multi_az = true\n}\n'
                'resource "google_sql_database_instance" "ledger" {\n  database_version = "POSTGRES_17"\n'
                '  settings {\n    availability_type = "REGIONAL"\n  }\n}\n',
            },
        ),
        Example(
            "A heading of what is still to come",
            {
                "docs/dr.md": "# Recovery\n\n## Planned for 2026-11-03\n`rds failover`: primary lost 10:02:11, "
                "standby promoted 10:02:58.\n"
            },
        ),
        Example(
            "The day of the next one alone",
            {
                "docs/dr.md": "# Failover\n\n`rds failover`: primary lost 10:02:11, standby promoted 10:02:58. Next: "
                "2026-11-03.\n"
            },
        ),
    ],
)
def failover_tried(documents: Documents, history: History, stores: DataStores) -> Iterator[Draft]:
    """A record of the last 180 days says when a primary was lost and when its standby took over."""
    if any(store.says("standby").value is False for store in stores.databases):
        return
    told = list(_trials(documents, history, "failover", 180))
    kinds = {re.split(r"[ .]", store.address)[0] for store in stores.databases if store.production}
    if told and len({(document.path, one.line) for document, one in told}) < len(kinds):
        yield unsure(
            f"There are {len(kinds)} kinds of databases, and not of each it is told that its standby took over",
            _place(*told[0]),
        )
    elif told:
        document, one = told[0]
        yield passed(
            f"{document.path} tells of a failover on {one.day}, with its times",
            _place(document, one),
            confidence="medium",
        )


@check(
    "INF-1.2.10",
    shows=PASS,
    clean=[
        Example("Two within a quarter", {"docs/dr.md": _DRILLS}),
        Example(
            "In sentences",
            {
                "docs/dr.md": "# Restore\n\n2026-09-15 clone to 09:55: 17 min, rows equal. 2026-11-08 from the "
                "backup of the night: 31 min, equal.\n"
            },
        ),
        Example(
            "Two in headings of their own, the last in two parts",
            {
                "docs/dr.md": "# Recovery\n\n## Drill of 2026-11-05\nDeleted 10:00.\n\n| what | when |\n|---|---|\n| "
                "restored | 10:34 |\n\n**34 minutes** of 60, rows 1 204 of 1 204. To do: a script (done 2026-11-09).\n"
                "\n## Drill of 2026-08-13\nAda, Bo. Restored in 58 minutes, counts equal.\n"
            },
        ),
        Example(
            "One with its figures, and the days of those before it",
            {
                "docs/dr.md": "# Recovery\n\n## Drill of 2026-11-05\nRestored in 46 minutes, 231 870 of 231 870.\n\n"
                "Before: 2026-08-13, 2026-05-07. Next: 2027-02-04.\n"
            },
        ),
        Example("Three in a row", {"docs/dr.md": _DRILLS + "| 2026-11-20 | standby in the other hall | – | 4 min |\n"}),
    ],
    flagged=[
        Example("Half a year apart", {"docs/dr.md": _DRILLS.replace("2026-08-19", "2026-05-19")}),
        Example(
            "One with its figures, and the day of the next",
            {
                "docs/dr.md": "# Recovery\n\n## Drill of 2026-08-13\nRestored in 46 minutes, 231 870 of 231 870.\n\n"
                "Before: none. Next: 2026-11-05.\n"
            },
        ),
        Example(
            "Backups of two nights, and no drill in the quarter before",
            {
                "docs/dr.md": "# Backups\n\n| Date | What | Took |\n|---|---|---|\n| 2026-11-16 | backup | 31 min |\n"
                "| 2026-11-17 | backup | 32 min |\n"
            },
        ),
        Example(
            "One alone",
            {
                "docs/dr.md": _DRILLS.replace(
                    "| 2026-08-19 | point in time, to scratch | 9 211 = 9 211 | 29 min |\n", ""
                )
            },
        ),
        Example(
            "The last one too long ago",
            {"docs/dr.md": _DRILLS.replace("2026-08-19", "2026-01-19").replace("2026-11-17", "2026-03-17")},
        ),
        Example(
            "What a job does by itself",
            {
                "docs/dr.md": _DRILLS.replace("point in time, to scratch", "weekly restore test").replace(
                    "from the other region, all steps", "weekly restore test"
                )
            },
        ),
        Example(
            "Nothing was measured", {"docs/dr.md": "# Drills\n\n2026-08-19 drill. 2026-11-17 drill of the recovery.\n"}
        ),
    ],
)
def drills_each_quarter(documents: Documents, history: History) -> Iterator[Draft]:
    """Records tell of a recovery drill in the last quarter, and of one in the quarter before that."""
    told = {one.day: (document, one) for document, one in _trials(documents, history, "drill", 366)}
    told |= {one.day: (document, one) for document, one in _trials(documents, history, "compared", 366)}
    newest = max(told, default="")
    if not newest or not _is_recent(date.fromisoformat(newest), history, _QUARTER):
        return
    named = {one.day: (document, one) for document, one in _trials(documents, history, "named", 366)}
    for before, (document, one) in sorted((named | told).items(), reverse=True):
        apart = date.fromisoformat(newest) - date.fromisoformat(before)
        if timedelta(days=_OF_ONE_QUARTER) <= apart <= timedelta(days=_QUARTER + 8):
            yield passed(
                f"Recovery was rehearsed on {before} and on {newest}",
                _place(document, one),
                _place(*told[newest]),
                confidence="medium",
            )
            return


_QUARTER = 92
_OF_ONE_QUARTER = 28
"""Two that lie nearer to one another are two parts of one rehearsal, or what a job does by itself."""


def _trials(documents: Documents, history: History, kind: str, valid: int) -> Iterator[tuple[Document, Measured]]:
    """The trials of *kind*, in prose about recovery, whose day has come and is not long ago."""
    for document in documents.every():
        titles = {heading.line: heading.text for heading in document.headings}
        for one in _said(kind, document.measured):
            about = f"{document.path.rpartition('/')[2]} {document.title} {titles.get(one.section, '')}"
            if _ABOUT_RECOVERY.search(about) and _is_recent(date.fromisoformat(one.day), history, valid):
                yield document, one


_ABOUT_RECOVERY = re.compile(
    r"recover|restor|disaster|backup|fail-?over|\bdr\b|drill|resilien|continuity|game-?day|exercise|rehears|"
    r"operat|runbook|\bops\b|availab|wiederherstell|umschalt|sicherung|übung|ausfall|reprise|bascul|sauvegarde|"
    r"desastre|restaur|recupera|conmuta|ejercicio|simulacro",
    re.IGNORECASE,
)
