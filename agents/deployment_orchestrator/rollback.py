"""Judges the way back: written down, by itself, step by step, and with the schema in mind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orchestrator import (
    BOTH,
    PASS,
    Changes,
    Dated,
    Document,
    Documents,
    Draft,
    Example,
    Heading,
    History,
    Migration,
    Migrations,
    Operation,
    Source,
    check,
    each,
    examined,
    failed,
    measured,
    of_this_release,
    passed,
    unjudged,
    unsure,
)

from ._records import MOST, is_recent, last_failed, told_ways, trials, ways, who_tells_whom

_WORDS = (
    "Run the former version again with the command below, wait until it is healthy, then tell the team about it. " * 3
)
_RUNBOOK = f"# Rollback\n\n## Steps\n\n{_WORDS}\n"
_TABLE = "\n## Drills\n\n| Date | What | Result |\n|---|---|---|\n| 2 November 2026 | drill in staging | {result} |\n"
_EARLIER = "| 2026-10-07 | drill in production | healthy after 2 min 40 s |\n"
_OUTAGE = (
    "\n## Drills\n\n- 2026-11-04, production: 88 to 87 by Sara. Pods never became ready; 41 minutes of outage.\n"
    "- 2026-10-06, staging: 71 to 70 by Per, 3 min 55 s.\n"
)
_FILLER = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. " * 3
_TRIED = re.compile(
    r"\bdrill|\brehears|\bexercise|\btest(?:ed|s)?\b|\bperformed\b|\btried\b|\bdry.?run|game.?day", re.IGNORECASE
)
_BACK = re.compile(r"roll(?:s|ed|ing)?[ -]?back|revert", re.IGNORECASE)


@check(
    "DEP-5.2.1",
    shows=PASS,
    clean=[
        Example("A table of drills", {"docs/rollback.md": _RUNBOOK + _TABLE.format(result="healthy after 3 min 10 s")}),
        Example(
            "Rehearsed, as a sentence says",
            {
                "README.md": f"# Shop\n\n## Rollback\n\n{_WORDS}\n\n"
                "Last rehearsed in staging on 2026-11-02 (1 min 40 s).\n"
            },
        ),
        Example(
            "Written down, with the record of a drill",
            {
                "docs/rollback.md": _RUNBOOK
                + "\n- 2026-11-02: rollback drill in staging, 3 min 10 s from decision to healthy.\n"
            },
        ),
    ],
    flagged=[
        Example("Written down, never tried", {"docs/rollback.md": _RUNBOOK}),
        Example("A heading with nothing below", {"README.md": "# Shop\n\n## Rollback\n\nLater.\n"}),
        Example("A drill that is still to come", {"docs/rollback.md": _RUNBOOK + "\n- 2099-03-02: rollback drill.\n"}),
        Example("A drill that failed", {"docs/rollback.md": _RUNBOOK + _TABLE.format(result="failed")}),
        Example(
            "The last drill failed, and one before did not",
            {"docs/rollback.md": _RUNBOOK + _TABLE.format(result="failed: no image") + _EARLIER},
        ),
        Example("A drill that ended in an outage", {"docs/rollback.md": _RUNBOOK + _OUTAGE}),
        Example(
            "A procedure that nobody follows",
            {"docs/rollback.md": _RUNBOOK + "\n- 2026-11-02: rollback drill.\n\nWe do NOT do any of this.\n"},
        ),
        Example("Filler below the headings", {"docs/rollback.md": f"# Rollback\n\n{_FILLER}\n\nDrill: 2026-11-02\n"}),
    ],
)
def written_and_tried(documents: Documents, history: History) -> Iterator[Draft]:
    """A document says how to go back, and a line or a row of a table with a day that has come says it was tried."""
    told = [(way, list(trials(way, history))) for way in told_ways(documents)]
    gone = [(way, trial) for way, tried in told for trial in tried if not trial.failed]
    recent = [(way, trial) for way, trial in gone if is_recent(trial, history)]
    found = [(d, h) for d, h in documents.about("rollback", "roll back", "rolling back", "roll-back") if _is_runbook(d)]
    tried = list(_drills(documents, found))
    drills = [place for dated, place in tried if dated.day <= history.latest.isoformat()]
    if (last := last_failed(trial for _, every in told for trial in every)) is not None:
        yield unsure(f"The way back did not lead back on {last.day}, the last time that it was tried", last.at)
    elif recent:
        yield passed(
            "The way back is written down and has been tried", recent[0][0].at, *(trial.at for _, trial in recent)
        )
    elif gone:
        yield unsure(
            f"The way back was tried last on {max(t.day for _, t in gone)}, which is too long ago", gone[0][1].at
        )
    elif found and drills:
        yield passed("The way back is written down and has been tried", found[0][0].at(found[0][1]), *drills)
    elif found and tried:
        dated, place = tried[0]
        yield unsure(f"The way back is written down; the day of its trial has not come: {dated.day}", place)
    elif found:
        yield unsure(
            "The way back is written down; no dated record says that it was tried", found[0][0].at(found[0][1])
        )
    else:
        yield from unjudged(documents, "rollback", "roll back", "rolling back", "roll-back")


_TIMED = "# Operations\n\nBack: `kamal rollback <sha>`, or the button of the pipeline. %s\n"


@check(
    "DEP-5.2.2",
    shows=PASS,
    clean=[
        Example("A sentence", {"docs/ops.md": _TIMED % "2026-11-02 production, wrong prices: 2 min 40 s."}),
        Example(
            "A table", {"docs/rollback.md": _RUNBOOK + _TABLE.format(result="3 min 10 s from decision to healthy")}
        ),
        Example("In words", {"docs/ops.md": _TIMED % "Tried in staging on 2 November 2026, healthy after 95 seconds."}),
        Example(
            "AsciiDoc",
            {
                "docs/ops.adoc": "= Operations\n\n== Rolling back\n\n`helm rollback shop --wait`\n\n|===\n"
                "|2026-11-02 |staging |each release |1 min 48 s\n|2026-10-11 |production |wrong tax |2 min 5 s\n|===\n"
            },
        ),
    ],
    flagged=[
        Example("Longer", {"docs/ops.md": _TIMED % "2026-11-02 production, wrong prices: 12 min 40 s."}),
        Example("The last time it failed", {"docs/rollback.md": _RUNBOOK + _TABLE.format(result="failed") + _EARLIER}),
        Example("Without a time", {"docs/ops.md": _TIMED % "2026-11-02 production, wrong prices."}),
        Example("A promise", {"docs/ops.md": _TIMED % "It takes less than 3 min."}),
        Example("Long ago", {"docs/ops.md": _TIMED % "2024-03-02 production, wrong prices: 2 min 40 s."}),
        Example("Still to come", {"docs/ops.md": _TIMED % "2099-03-02 staging: 2 min."}),
        Example("Planned", {"docs/ops.md": _TIMED % "Planned: 2026-11-02 staging, 2 min."}),
        Example(
            "How long something else takes", {"docs/ops.md": "# Restore\n\n`pg_restore`. 2026-11-02: 2 min 40 s.\n"}
        ),
    ],
)
def in_five_minutes(documents: Documents, history: History) -> Iterator[Draft]:
    """A dated record tells how long going back took, and none that still counts tells of more than five minutes."""
    gone = [(way, trial) for way in told_ways(documents) for trial in trials(way, history)]
    back = [(way, trial) for way, trial in gone if not trial.failed and is_recent(trial, history)]
    timed = [(way, trial) for way, trial in back if trial.seconds is not None]
    slow = [trial for _, trial in timed if (trial.seconds or 0) >= MOST]
    if (last := last_failed(trial for _, trial in gone)) is not None:
        yield unsure(f"Going back did not lead back on {last.day}, the last time that it was tried", last.at)
    elif slow:
        yield unsure(f"Going back took {slow[0].seconds or 0:,.0f} seconds on {slow[0].day}", slow[0].at)
    elif timed:
        longest = max(trial.seconds or 0 for _, trial in timed)
        yield passed(
            f"Going back took at most {longest:,.0f} seconds",
            timed[0][0].at,
            *(trial.at for _, trial in timed),
            measure=measured("seconds until the former version is back", longest, at_most=MOST),
        )


def _drills(documents: Documents, found: Sequence[tuple[Document, Heading | None]]) -> Iterator[tuple[Dated, Source]]:
    """What is said of trials in the sections about going back, and elsewhere of trials of going back."""
    about = {id(dated) for document, heading in found for dated in documents.below(document, heading)}
    for document in documents.every():
        titles = {heading.line: heading.text for heading in document.headings}
        for dated in document.dated if _is_runbook(document) else ():
            text = f"{titles.get(dated.section, '')} {dated.text}"
            if _TRIED.search(text) and not dated.undone and (id(dated) in about or _BACK.search(text)):
                yield dated, Source(path=document.path, line=dated.line)


_SAYING = (
    'The engineer on call writes "We go back to the former version, five minutes." in #shop, and calls the support '
    "desk by phone before and after.\n"
)
_RST = (
    "Rollback\n========\n\nRun ``helm rollback shop``.\n\nThe release manager posts on the status page:\n"
    "'We are returning to the former version of the shop.'\n"
)


@check(
    "DEP-5.2.8",
    shows=PASS,
    clean=[
        Example("The runbook says whom to tell", {"docs/rollback.md": _RUNBOOK + f"\n## Communication\n\n{_SAYING}"}),
        Example(
            "A table",
            {
                "docs/rollback.md": _RUNBOOK
                + "\n## Who tells whom\n\n| Who | Whom | Channel | Words |\n|---|---|---|---|\n"
                '| on call | support | #support | "Going back, five minutes." |\n'
            },
        ),
        Example(
            "Behind the way itself", {"OPERATIONS.md": "# Operations\n\nBack: `kamal rollback <sha>`.\n\n" + _SAYING}
        ),
        Example("A message to copy", {"docs/rollback.rst": _RST}),
    ],
    flagged=[
        Example("It does not", {"docs/rollback.md": _RUNBOOK}),
        Example(
            "Told, and not in which words", {"docs/rollback.md": _RUNBOOK + "\nOn call tells #shop before and after.\n"}
        ),
        Example("About something else", {"docs/restore.md": "# Restore\n\n" + _SAYING}),
        Example(
            "The words stand in a file that is not there",
            {"docs/rollback.md": _RUNBOOK + "\n" + _SAYING.strip() + " Longer ones: `docs/mails.md`.\n"},
        ),
    ],
)
def communication(documents: Documents) -> Iterator[Draft]:
    """What is written about going back says who tells whom, over which channel, in which words."""
    told = [place for way in ways(documents) if (place := who_tells_whom(way, documents)) is not None]
    if told:
        yield passed("What is written about going back says who tells whom, where and in which words", *told)
        return
    for document in documents.every():
        if "rollback" not in f"{document.path} {document.title}".lower() or not _is_runbook(document):
            continue
        for heading in document.headings:
            if heading.words >= 15 and any(w in heading.text.lower() for w in _TELLING):
                text = "The rollback document has a section on who is told; who, where and the words were not all found"
                yield unsure(text, document.at(heading))
                return


_TELLING = ("communicat", "notif", "announce", "inform", "who to tell", "stakeholder", "escalat")


def _is_runbook(document: Document) -> bool:
    path = document.path.lower()
    return not any(
        word in path for word in ("changelog", "changes", "history", "release-notes", "releases/", "node_modules")
    )


_UP = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    operations = [\n"
_ADD = '        migrations.AddField("order", "note", models.TextField(null=True)),\n    ]\n'
_RUN = "        migrations.RunPython(fill),\n    ]\n"


@check(
    "DEP-5.2.3",
    shows=BOTH,
    clean=[Example("The newest migrations only add and can be undone", {"shop/migrations/0002_note.py": _UP + _ADD})],
    flagged=[
        Example("The newest cannot be undone", {"shop/migrations/0002_fill.py": _UP + _RUN}),
        Example(
            "A column has another name",
            {
                "shop/migrations/0002_name.py": _UP
                + '        migrations.RenameField("order", "note", "remark"),\n    ]\n'
            },
        ),
        Example(
            "A column must have a value that the former release does not write",
            {
                "db/migrate/20260301080000_add_channel.rb": "class AddChannel < ActiveRecord::Migration[8.0]\n"
                "  def change\n    add_column :orders, :channel, :string, null: false\n  end\nend\n"
            },
        ),
    ],
    silent=[
        Example(
            "A column goes: undone easily, and the former release misses it",
            {"shop/migrations/0003_drop.py": _UP + '        migrations.RemoveField("order", "note"),\n    ]\n'},
        ),
        Example(
            "One a little older has no way back, and may be part of the release",
            {
                "shop/migrations/0002_fill.py": _UP + _RUN,
                **{f"shop/migrations/000{n}_note.py": _UP + _ADD for n in (3, 4, 5)},
            },
        ),
        Example(
            "A column was named anew two migrations ago, and nothing tells which came with the release",
            {
                "shop/migrations/0002_name.py": _UP
                + '        migrations.RenameField("order", "note", "remark"),\n    ]\n',
                "shop/migrations/0003_note.py": _UP + _ADD,
            },
        ),
        Example(
            "A column was named anew in a folder of an older version",
            {
                "store/migration/mysql/0.9/01__rename.sql": "ALTER TABLE memo RENAME COLUMN a TO b;\n",
                "store/migration/mysql/0.10/01__add.sql": "ALTER TABLE memo ADD COLUMN c INT;\n",
            },
        ),
        Example(
            "Prisma keeps each migration in a folder of its own; the newest says no undo",
            {
                f"prisma/migrations/0{n}_step/migration.sql": f"ALTER TABLE a {change};\n"
                for n, change in enumerate(
                    ("DROP COLUMN b", "ADD COLUMN c int", "ADD COLUMN d int", "ADD COLUMN e int")
                )
            },
        ),
    ],
)
def newest_migrations(migrations: Migrations, changes: Changes) -> Iterator[Draft]:
    """The new migrations, or the newest of each folder, can be undone and take nothing from the former release."""
    released = [] if migrations.since(changes) is not None else _followed_by_others(migrations)
    yield from of_this_release(
        migrations, changes, lambda chosen: _undone(chosen, migrations.among(chosen, changes), released), _NEWEST
    )


def _followed_by_others(migrations: Migrations) -> list[Migration]:
    """All but the last of each history: where no base is known, they may have been released long ago."""
    last: dict[str, Migration] = {}
    for migration in migrations.files:
        history = _OF_A_VERSION.sub("", migration.group)
        former = last.get(history)
        if former is None or _order(former) <= _order(migration):
            last[history] = migration
    return [m for m in migrations.files if last[_OF_A_VERSION.sub("", m.group)] is not m]


_OF_A_VERSION = re.compile(r"/v?\d+(?:[._]\d+)+$")


def _order(migration: Migration) -> tuple[list[int], int]:
    version = _OF_A_VERSION.search(migration.group)
    return [int(n) for n in re.findall(r"\d+", version[0])] if version else [], migration.position


def _undone(newest: list[Migration], migrations: Migrations, released: list[Migration]) -> Iterator[Draft]:
    stuck = [m for m in newest if m.reversible is False or any(o.reversible is False for o in m.operations)]
    begun = set(_firsts(migrations))
    taking = [
        (m, o)
        for m in newest
        for o in m.operations
        if (o.kind in _TAKING and not o.detail.startswith("CREATE")) or _breaks(o.kind, o.nullable, o.default)
        if not (o.kind == "unknown" and m.path in begun)
    ]
    measure = measured("newest migrations that cannot be undone", len(stuck), at_most=0)
    if stuck:
        first = next((o for o in stuck[0].operations if o.reversible is False), None)
        yield failed(
            each(stuck, name=_title, at=lambda m: m.at(first) if m is stuck[0] else m.at()).say(
                "{share:newest migration} cannot be undone: {}", of=len(newest)
            ),
            examined(len(newest), "migrations"),
            measure=measure,
        )
    elif sure := [(m, o) for m, o in taking if _surely_breaks(o, m) and m not in released]:
        migration, operation = sure[0]
        yield failed(
            f"{_title(migration)} {_WHAT[operation.kind]} {operation.table or 'a table'}: the former release breaks",
            *(m.at(o) for m, o in sure),
        )
    elif taking:
        migration, operation = taking[0]
        yield unsure(
            f"{_title(migration)} {_WHAT.get(operation.kind, operation.kind.replace('_', ' '))} "
            f"{operation.table or 'a table'}, which may break the former release",
            migration.at(operation),
        )
    elif (
        newest
        and all(m.reversible and m.operations for m in newest)
        and (older := [m for m in migrations.newest() if m.reversible is False])
    ):
        yield unsure(
            each(newest)
            .say(
                "{the:newest migration} can be undone; {older} before {it} cannot, and whether it is part of this "
                "release cannot be told",
                older=_title(older[-1]),
            )
            .text,
            older[-1].at(),
        )
    elif newest and all(m.reversible and m.operations for m in newest):
        yield passed(
            each(newest, at=lambda m: m.at()).say(
                "{the:newest migration} can be undone and {takes} nothing from the former release"
            ),
            examined(len(newest), "migrations"),
            confidence="medium",
            measure=measure,
        )


def _firsts(migrations: Migrations) -> Iterator[str]:
    """The paths of the migrations with which each folder begins, before which no release knew its tables."""
    seen: set[str] = set()
    for path in sorted(m.path for m in migrations.files):
        folder = path.rpartition("/")[0]
        if folder not in seen:
            seen.add(folder)
            yield path


def _surely_breaks(operation: Operation, migration: Migration) -> bool:
    """Whether what the former release asks for by name goes, or what it writes is refused, of a table that it knows."""
    beside = migration.operations
    if any(o.kind == "create_table" and o.table == operation.table for o in beside):
        return False
    if operation.kind in ("rename_table", "rename_column"):
        named = (operation.table, operation.column)
        return not any(o.kind == "add_column" and (o.table, o.column) == named for o in beside)
    return _breaks(operation.kind, operation.nullable, operation.default)


_NEWEST = 3
_TAKING = frozenset(
    {"drop_table", "rename_table", "drop_column", "rename_column", "alter_type", "set_not_null", "alter_column"}
    | {"run_sql", "run_code", "other", "unknown"}
)


_WHAT = {
    "drop_table": "drops table",
    "rename_table": "renames table",
    "drop_column": "drops a column of",
    "rename_column": "renames a column of",
    "alter_type": "changes the type of a column of",
    "alter_column": "changes a column of",
    "set_not_null": "makes a column NOT NULL in",
    "add_column": "adds a column that must have a value to",
    "run_sql": "rewrites rows of",
    "run_code": "runs code over the rows of",
    "other": "runs a statement of unknown effect on",
    "unknown": "runs a statement of unknown effect on",
}


def _title(migration: Migration) -> str:
    """The file's name, or that of its folder where all files are called alike."""
    folder, _, name = migration.path.rpartition("/")
    return folder.rpartition("/")[2] if name == "migration.sql" else name


def _breaks(kind: str, nullable: bool | None, default: bool | None) -> bool:
    return kind == "add_column" and nullable is False and not default
