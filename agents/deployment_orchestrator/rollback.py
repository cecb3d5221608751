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

_WORDS = (
    "Run the former version again with the command below, wait until it is healthy, then tell the team about it. " * 3
)
_RUNBOOK = f"# Rollback\n\n## Steps\n\n{_WORDS}\n"
_TABLE = "\n## Drills\n\n| Date | What | Result |\n|---|---|---|\n| 2 March 2026 | drill in staging | {result} |\n"
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
                "Last rehearsed in staging on 2026-03-02 (1 min 40 s).\n"
            },
        ),
        Example(
            "Written down, with the record of a drill",
            {
                "docs/rollback.md": _RUNBOOK
                + "\n- 2026-03-02: rollback drill in staging, 3 min 10 s from decision to healthy.\n"
            },
        ),
    ],
    flagged=[
        Example("Written down, never tried", {"docs/rollback.md": _RUNBOOK}),
        Example("A heading with nothing below", {"README.md": "# Shop\n\n## Rollback\n\nLater.\n"}),
        Example("A drill that is still to come", {"docs/rollback.md": _RUNBOOK + "\n- 2099-03-02: rollback drill.\n"}),
        Example("A drill that failed", {"docs/rollback.md": _RUNBOOK + _TABLE.format(result="failed")}),
        Example(
            "A procedure that nobody follows",
            {"docs/rollback.md": _RUNBOOK + "\n- 2026-03-02: rollback drill.\n\nWe do NOT do any of this.\n"},
        ),
        Example("Filler below the headings", {"docs/rollback.md": f"# Rollback\n\n{_FILLER}\n\nDrill: 2026-03-02\n"}),
    ],
)
def written_and_tried(documents: Documents, history: History) -> Iterator[Draft]:
    """A document says how to go back, and a line or a row of a table with a day that has come says it was tried."""
    found = [(d, h) for d, h in documents.about("rollback", "roll back", "rolling back", "roll-back") if _is_runbook(d)]
    tried = list(_drills(documents, found))
    drills = [place for dated, place in tried if dated.day <= history.latest.isoformat()]
    if found and drills:
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


def _drills(documents: Documents, found: Sequence[tuple[Document, Heading | None]]) -> Iterator[tuple[Dated, Source]]:
    """What is said of trials in the sections about going back, and elsewhere of trials of going back."""
    about = {id(dated) for document, heading in found for dated in documents.below(document, heading)}
    for document in documents.every():
        titles = {heading.line: heading.text for heading in document.headings}
        for dated in document.dated if _is_runbook(document) else ():
            text = f"{titles.get(dated.section, '')} {dated.text}"
            if _TRIED.search(text) and not dated.undone and (id(dated) in about or _BACK.search(text)):
                yield dated, Source(path=document.path, line=dated.line)


@check(
    "DEP-5.2.8",
    shows=PASS,
    clean=[
        Example("The runbook says whom to tell", {"docs/rollback.md": _RUNBOOK + f"\n## Communication\n\n{_WORDS}\n"})
    ],
    flagged=[Example("It does not", {"docs/rollback.md": _RUNBOOK})],
)
def communication(documents: Documents) -> Iterator[Draft]:
    """The document about rollback has a section about who is told, when and where."""
    for document in documents.every():
        if "rollback" not in f"{document.path} {document.title}".lower() or not _is_runbook(document):
            continue
        for heading in document.headings:
            if heading.words >= 15 and any(w in heading.text.lower() for w in _TELLING):
                yield passed("The rollback document says who is told", document.at(heading), confidence="medium")
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
    flagged=[Example("The newest cannot be undone", {"shop/migrations/0002_fill.py": _UP + _RUN})],
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
    yield from of_this_release(
        migrations, changes, lambda chosen: _undone(chosen, migrations.among(chosen, changes)), _NEWEST
    )


def _undone(newest: list[Migration], migrations: Migrations) -> Iterator[Draft]:
    stuck = [m for m in newest if m.reversible is False or any(o.reversible is False for o in m.operations)]
    taking = [
        (m, o)
        for m in newest
        for o in m.operations
        if (o.kind in _TAKING and not o.detail.startswith("CREATE")) or _breaks(o.kind, o.nullable, o.default)
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


_NEWEST = 3
_TAKING = frozenset(
    {"drop_table", "rename_table", "drop_column", "rename_column", "alter_type", "set_not_null", "alter_column"}
    | {"run_sql", "run_code", "other"}
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
}


def _title(migration: Migration) -> str:
    """The file's name, or that of its folder where all files are called alike."""
    folder, _, name = migration.path.rpartition("/")
    return folder.rpartition("/")[2] if name == "migration.sql" else name


def _breaks(kind: str, nullable: bool | None, default: bool | None) -> bool:
    return kind == "add_column" and nullable is False and not default
